"""The steps of a deliverable's life as pages: each a small resource with a form, a sentence and one button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g

from crm.audit.models import AuditEntry
from crm.core.clock import today
from crm.core.db import writing
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.words import short_day
from crm.deliverables import answers, forms, operations
from crm.deliverables.models import Deliverable
from crm.deliverables.operations import Agreement
from crm.deliverables.queries import for_deed, reviewers_for
from crm.deliverables.rounds import operations as rounds
from crm.deliverables.rounds.operations import Findings
from crm.deliverables.versions import Behalf, DeliverableVersion
from crm.files.keeping import brought
from crm.library.queries import template_of

Deed = Callable[[Deliverable, Any, Press], None]


@dataclass(frozen=True)
class Step:
    """One verb of the policy: its address, what its page and its button say, its form, its deed."""

    verb: str
    slug: str
    title: str
    says: str
    button: str
    form: Callable[[Deliverable], Form]
    deed: Deed
    kind: str = ""
    icon: str = ""
    is_slow: bool = False  # it looks at files before it writes
    of_version: bool = False  # the version, not the deliverable, is what must not have changed meanwhile

    @property
    def rule(self) -> str:
        return f"deliverable.{self.verb}"

    def subject(self, owed: Deliverable) -> Any:
        return owed.current if self.of_version else owed

    def made(self, owed: Deliverable) -> Form:
        """Its form, with the version of what stands now."""
        form = self.form(owed)
        if not form.is_submitted() and (subject := self.subject(owed)):
            form.version.data = str(subject.version)
        return form


def region_of(owed: Deliverable) -> str:
    """Whose public holidays count for the client's answer."""
    return owed.client.region or str(g.practice.region)


def _sponsors(owed: Deliverable) -> list[tuple[int, str]]:
    return [(one.contact_id, one.contact.name) for one in owed.engagement.sponsors]


def _agreed(owed: Deliverable, form: Any) -> Any:
    """A form that asks who of the client agreed; where only one can, it is said already."""
    form.agreed_by_id.of(_sponsors(owed))
    if len(owed.engagement.sponsors) == 1 and not form.is_submitted() and not isinstance(form, forms.PlanForm):
        form.agreed_by_id.data = str(owed.engagement.sponsors[0].contact_id)
    return form


def _review(owed: Deliverable) -> Form:
    form = forms.AskReviewForm()
    form.reviewer_id.of(reviewers_for(owed))
    if not form.is_submitted() and owed.reviewer_id:
        form.reviewer_id.data = str(owed.reviewer_id)
    return form


def _findings(owed: Deliverable) -> Form:
    form = forms.ReviewForm()
    form.offer(owed)
    return form


def _found(operation: Callable[..., None]) -> Deed:
    """A deed of the reviewer, with what they found."""
    return lambda owed, form, press: operation(
        owed, viewer=g.viewer, press=press, found=Findings(form.held, form.points.data, form.remark.data)
    )


def _submission(owed: Deliverable) -> Form:
    form = forms.SubmitForm()
    sponsors = _sponsors(owed)
    form.asked_id.of(sponsors)
    if not form.is_submitted():
        form.review_days.data = g.practice.review_days
        form.asked_id.data = str(sponsors[0][0]) if len(sponsors) == 1 else None
    return form


def _record(owed: Deliverable) -> Form:
    form = forms.RecordForm()
    form.given_by_id.of(_sponsors(owed))
    if not form.is_submitted():
        form.given_on.data = today()
        asked = owed.current.asked_id if owed.current else None
        form.given_by_id.data = str(asked) if asked else None
    return form


def _text(owed: Deliverable) -> Form:
    """An empty version begins with the outline of its template."""
    form = forms.TextForm(obj=owed.current)
    template = None if form.is_submitted() or form.text.data else template_of(owed.type)
    if template:
        form.text.data = template.headings
    return form


def _agreement(form: Any) -> Agreement:
    return Agreement(form.agreed_by_id.data, form.agreed_on.data)


def _plan(owed: Deliverable, form: Any, press: Press) -> None:
    outside = _agreement(form) if form.outside.data else None
    operations.plan_deliverable(owed, viewer=g.viewer, press=press, outside=outside)


def _version(owed: Deliverable) -> DeliverableVersion:
    if owed.current is None:
        raise Refused(f"{owed.code} has no version yet.")
    return owed.current


def _write(owed: Deliverable, form: Any, press: Press) -> None:
    operations.write_version(_version(owed), viewer=g.viewer, press=press, **form.fields())


def _record_it(owed: Deliverable, form: Any, press: Press) -> None:
    behalf = Behalf(
        recorded_by=g.viewer.person_id or 0, given_on=form.given_on.data, proof=form.proof.data,
        proof_link=form.proof_link.data or "",
    )  # fmt: skip
    with brought(form.uploads.data) as files, writing():
        answers.record_acceptance(
            _version(for_deed(owed.id)), viewer=g.viewer, press=press, given_by_id=form.given_by_id.data, behalf=behalf,
            remark=form.remark.data, files=files,
        )  # fmt: skip


def _cancel(owed: Deliverable, form: Any, press: Press) -> None:
    operations.cancel_deliverable(owed, viewer=g.viewer, press=press, agreed=_agreement(form), reason=form.reason.data)


def _rebaseline(owed: Deliverable, form: Any, press: Press) -> None:
    operations.change_baseline(
        owed, viewer=g.viewer, press=press, becomes=form.becomes.data, agreed=_agreement(form), reason=form.reason.data
    )


def _plainly(operation: Callable[..., None]) -> Deed:
    """A deed whose form asks exactly what the operation takes."""
    return lambda owed, form, press: operation(owed, viewer=g.viewer, press=press, **form.fields())


def _with_region(owed: Deliverable, form: Any, press: Press) -> None:
    operations.submit_deliverable(owed, viewer=g.viewer, press=press, region=region_of(owed), **form.fields())


STEPS = {
    step.verb: step
    for step in (
        Step("plan", "plan", "Plan it", "From here on the agreed date moves by an agreed change only.",
             "Plan it", lambda owed: _agreed(owed, forms.PlanForm()), _plan, icon="circle-check"),
        Step("begin", "work", "Begin", "A version is opened, for you to write.", "Begin", lambda owed: Form(),  # noqa: ARG005
             _plainly(operations.begin_deliverable), icon="pencil"),
        Step("write", "text", "Write the text", "Nobody of the client reads it before it is sent.", "Save the text", _text, _write,
             icon="pencil", of_version=True),
        Step("ask_review", "review", "Ask for a review",
             "A colleague who did not write it reads it first. Until then nobody changes the text.", "Ask for a review", _review,
             _plainly(rounds.ask_for_review), icon="users"),
        Step("pass_review", "review/pass", "Pass the review", "Say of each criterion that it holds, or what you remark; then it is ready to go out.",
             "Pass it", _findings, _found(rounds.pass_review), icon="check"),
        Step("return", "review/return", "Return it", "It goes back to the author with what is missing.", "Return it",
             _findings, _found(rounds.return_from_review), icon="refresh-cw"),
        Step("submit", "submission", "Send it to the client",
             "This text and these criteria are frozen, and the sponsor is asked by mail.", "Send it", _submission, _with_region,
             icon="send"),
        Step("withdraw", "withdrawal", "Take it back",
             "It can no longer be signed and goes back into work. The sponsor is told, with your reason.", "Take it back",
             lambda owed: forms.WithdrawForm(), _plainly(operations.withdraw_deliverable), kind="danger"),  # noqa: ARG005
        Step("record", "acceptance", "Record a sign-off given elsewhere",
             "For a yes on paper or by phone. It is marked for ever as recorded by you, and the sponsor is told.",
             "Record it", _record, _record_it, icon="file-text", of_version=True, is_slow=True),
        Step("correct", "correction", "Correct it", "What was signed off stays valid until the client signs the new version.",
             "Begin a correction", lambda owed: forms.ReasonForm(), _plainly(operations.correct_deliverable),  # noqa: ARG005
             icon="pencil"),
        Step("drop_correction", "correction/end", "Give up the correction",
             "The text begun since is left, and the version that was signed off goes on to hold.", "Give it up",
             lambda owed: forms.ReasonForm(), _plainly(operations.drop_correction), kind="danger"),  # noqa: ARG005
        Step("rebaseline", "baseline", "Change the agreed date",
             "Both dates stay on record, with who of the client agreed, when and why.", "Change the agreed date",
             lambda owed: _agreed(owed, forms.BaselineForm()), _rebaseline),
        Step("cancel", "cancellation", "Cancel it", "For good. The sponsor must have agreed.", "Cancel the deliverable",
             lambda owed: _agreed(owed, forms.AgreedForm()), _cancel, kind="danger"),
    )
}  # fmt: skip

# What is offered first in each state; the rest stands among the other steps.
NEXT = {
    "proposed": ("plan",),
    "planned": ("begin",),
    "in_progress": ("write", "ask_review", "submit"),
    "internal_review": ("pass_review", "return"),
    "ready": ("submit",),
    "submitted": ("withdraw", "record"),
    "changes_requested": ("begin",),
    "accepted": ("correct",),
    "superseded": (),
    "cancelled": (),
}


@dataclass(frozen=True)
class Offer:
    """A step as this viewer meets it: they may take it, but something may still stand in the way."""

    step: Step
    stopped: str


def offers_for(owed: Deliverable, allowed: Callable[[str, Any], bool]) -> tuple[list[Offer], list[Offer]]:
    """The steps that this viewer may take: those that come next, and the others that are possible now."""
    mine = [Offer(step, owed.stops(step.verb)) for step in STEPS.values() if allowed(step.rule, owed)]
    first = [one for one in mine if one.step.verb in NEXT[owed.state.value]]
    return first, [one for one in mine if one not in first and not one.stopped]


def who_does_next(owed: Deliverable) -> str:
    """Whose turn it is, in a sentence for those whose turn it is not."""
    leading = owed.engagement.who_leads(today())
    lead = leading.person.name if leading else "The lead"
    owner = owed.assignment.person.name if owed.assignment else lead
    reviewer = owed.reviewer.name if owed.reviewer else "The reviewer"
    asked = owed.current.asked.name if owed.current and owed.current.asked else "The sponsor"
    return {
        "proposed": f"{lead} plans it.", "planned": f"{owner} begins.", "in_progress": f"{owner} writes it.",
        "internal_review": f"{reviewer} reviews it.", "ready": f"{owner} or {lead} sends it to the client." if owner != lead else f"{lead} sends it to the client.",
        "submitted": f"{asked} answers.", "changes_requested": f"{owner} begins the next version.",
    }.get(owed.state.value, "")  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One place on the way from proposal to sign-off."""

    label: str
    icon: str
    state: str  # done, now or nothing
    meta: str


ON_THE_WAY = (
    ("Planned", "circle-dashed"), ("In progress", "circle"), ("In review", "circle-dot"), ("With client", "send"),
    ("Signed off", "circle-check"),
)  # fmt: skip
PLACE = {
    "proposed": 0, "planned": 0, "in_progress": 1, "changes_requested": 1, "internal_review": 2, "ready": 2,
    "submitted": 3, "accepted": 4, "superseded": 4,
}  # fmt: skip
OTHERWISE = {"proposed": "Proposed", "ready": "Ready to go out", "changes_requested": "Changes asked for", "superseded": "Superseded"}  # fmt: skip


def way_of(owed: Deliverable, history: Sequence[AuditEntry]) -> list[Stage]:
    """The stepper: where it stands, and when it came to each place last. Empty for what was cancelled."""
    here = PLACE.get(owed.state.value)
    if here is None:
        return []
    came: dict[int, AuditEntry] = {}
    for entry in reversed(history):
        if entry.to_state in PLACE and entry.from_state != entry.to_state:
            came[PLACE[entry.to_state]] = entry
    found = []
    for place, (label, icon) in enumerate(ON_THE_WAY):
        state = "done" if place < here or (place == here == len(ON_THE_WAY) - 1) else "now" if place == here else ""
        said = OTHERWISE.get(owed.state.value, label) if place == here else label
        meta = f"{short_day(came[place].at)}, {came[place].who}" if place <= here and place in came else ""
        found.append(Stage(said, "check" if state == "done" else icon, state, meta))
    return found


DONE = {
    "propose": "proposed it", "plan": "planned it", "revise": "edited it", "begin": "began to write", "write": "saved the text", "attach": "changed the files",
    "ask_review": "asked for a review", "pass_review": "passed the review", "return": "returned it to the author",
    "submit": "sent it to the client", "withdraw": "took it back", "accept": "signed it off", "send_back": "asked for changes",
    "record": "recorded a sign-off on behalf of the client", "correct": "began a correction", "supersede": "put the new version in its place",
    "add": "made it wait for something", "end": "let it wait no more", "receive": "received what it waited for",
    "drop_correction": "gave up the correction", "rebaseline": "changed the agreed date", "cancel": "cancelled it",
}  # fmt: skip
