"""An assessment is begun, answered, finished or set aside; and an engagement takes its levels over."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from crm.access.act import act
from crm.clients.models import Client
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused, Stale
from crm.core.forms import Press
from crm.core.twelve import OF, Area
from crm.core.viewer import Viewer
from crm.core.words import amount, clock_time
from crm.engagements.models import Engagement
from crm.engagements.queries import hold
from crm.maturity.forms import AnswersForm, Clash, seen_of
from crm.maturity.models import Answer, Assessment, Given, Purpose, results_of
from crm.maturity.queries import answers_of, open_run
from crm.maturity.questions import Question


def begin_assessment(
    client: Client,
    *,
    title: str,
    purpose: Purpose,
    engagement_id: int | None,
    began_on: date,
    viewer: Viewer,
    press: Press,
) -> Assessment:
    """One run at a time: two of them side by side would have half of the answers each."""
    begun = Assessment(
        client_id=client.id, engagement_id=engagement_id, title=title, purpose=purpose, began_on=began_on,
        begun_by_id=viewer.person_id,
    )  # fmt: skip
    set_committed_value(begun, "client", client)
    with act(viewer, "assessment.begin", begun, press=press):
        hold(client.id)
        if other := db.session.scalar(open_run(client.id)):
            raise Refused(f"{other.title} is still open. Finish it or set it aside, then begin another.")
        db.session.add(begun)
    return begun


def revise_assessment(
    assessment: Assessment, *, title: str, purpose: Purpose, engagement_id: int | None, began_on: date, viewer: Viewer,
    press: Press, changes: str,
) -> Assessment:  # fmt: skip
    with act(viewer, "assessment.revise", assessment, press=press, reason=changes):
        assessment.must_be_open()
        assessment.title, assessment.purpose = title, purpose
        assessment.engagement_id, assessment.began_on = engagement_id, began_on
    return assessment


def write_answers(
    assessment: Assessment,
    form: AnswersForm,
    answers: Mapping[str, Answer],
    contacts: Mapping[str, int],
    *,
    viewer: Viewer,
) -> list[str]:
    """Write down what was typed and is new; gives the questions that it was about. `answers` are what stands, `contacts`
    the client's people by name.

    Saying the same twice says it once, so no key is asked; and each answer has its own version: where a colleague was
    faster on one of them nothing is written, and both are shown.
    """
    changed: dict[Question, Given] = {}
    clashes: list[Clash] = []
    for question in form.asked:
        stands = answers.get(question.id)
        given = form.given(question, stands, contacts)
        if given == (stands.given if stands else Given()) or not form.has_touched(question, given):
            continue
        if stands is None and given.is_empty:
            continue
        if stands and stands.written_by_id != viewer.person_id and form.version_seen(question) != stands.version:
            clashes.append(_clash(stands))
        changed[question] = given
    if not changed:
        return []
    with act(viewer, "assessment.answer", assessment, reason=_said(changed, answers)):
        assessment.must_be_open()
        if clashes:
            raise Stale(clashes)
        for question, given in changed.items():
            row = answers.get(question.id) or Answer(
                client_id=assessment.client_id, assessment_id=assessment.id, question=question.id
            )
            row.take(given, by=viewer.person_id, at=now())
            db.session.add(row)
    return [one.id for one in changed]


def _clash(stands: Answer) -> Clash:
    more = f", “{stands.comment}”" if stands.comment else ""
    told = f"{stands.says}{more} ({stands.written_by.name}, {clock_time(stands.written_at)})"
    return Clash(stands.question, told, seen_of(stands))


def _said(changed: Mapping[Question, Given], answers: Mapping[str, Answer]) -> str:
    """What the history keeps of answers that were given otherwise before: the figures, not the notes."""
    figures = {
        question.id: (_figure(answers[question.id].given), _figure(given))
        for question, given in changed.items()
        if question.id in answers
    }
    return "\n".join(f"{key}: {before}, now {after}" for key, (before, after) in figures.items() if before != after)


def _figure(given: Given) -> str:
    return "not applicable" if given.not_applicable else "not answered" if given.score is None else str(given.score)


def finish_assessment(assessment: Assessment, *, viewer: Viewer, press: Press) -> Assessment:
    """The levels are worked out and kept; the client reads them from now on."""
    with act(viewer, "assessment.finish", assessment, press=press):
        answers = db.session.scalars(answers_of(assessment.id)).all()
        db.session.add_all(assessment.finish(results_of(answers), today()))
    return assessment


def set_aside_assessment(assessment: Assessment, *, viewer: Viewer, press: Press, reason: str) -> Assessment:
    with act(viewer, "assessment.set_aside", assessment, press=press, reason=reason):
        assessment.set_aside()
    return assessment


def adopt_levels(
    engagement: Engagement, levels: Mapping[Area, Decimal], *, viewer: Viewer, press: Press, source: str
) -> Engagement:
    """What was assessed is the maturity now of these areas, until a review or another assessment says otherwise.
    `source` names the assessment."""
    rows = [row for row in engagement.scopes if row.is_in and row.area in levels]
    told = [f"{OF[row.area].short}: {amount(row.maturity)}, now {amount(levels[row.area])}" for row in rows]
    with act(viewer, "scope.adopt", engagement, press=press, reason="\n".join([f"From {source}", *told])):
        engagement.must_be_live()
        if not rows:
            raise Refused("Choose at least one area whose level is taken over.", "areas")
        for row in rows:
            row.maturity = levels[row.area]
        flag_modified(engagement, "scope_note")  # so that a colleague who had the twelve open is told
    return engagement
