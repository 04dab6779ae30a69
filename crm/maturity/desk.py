"""One assessment on the desk: its questions area by area, what they come to, and another run beside it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.audit.trail import history_of
from crm.core.db import db, only_read
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press
from crm.core.lists import csv_of
from crm.core.twelve import BY_SLUG, TWELVE
from crm.core.web import answer, is_part
from crm.core.words import amount, iso
from crm.maturity import operations as do
from crm.maturity import told
from crm.maturity.compare import compared, total, wedges
from crm.maturity.forms import PURPOSE_WORDS, AnswersForm, AsideForm, RunForm, answers_form, seen_of
from crm.maturity.models import Answer, Assessment, Result, results_of
from crm.maturity.queries import (
    answers_of,
    engagements_to_choose,
    finished_of,
    levels_of,
    one_assessment,
    people_of,
    targets_of,
)
from crm.maturity.questions import Chapter, Question, by_id, chapters

pages = Pages("maturity", __name__, roles=DESK, url_prefix="/assessments/<id:assessment_id>")


def the_run(assessment_id: int) -> Assessment:
    """The assessment of the address, held when the request may write in it, or 404."""
    found = db.session.scalar(one_assessment(assessment_id, hold=request.method != "GET"))
    if found is None:
        raise NotFound
    return found


def the_chapter(slug: str) -> Chapter:
    if slug not in BY_SLUG:
        raise NotFound
    return chapters()[BY_SLUG[slug].code]


# What it comes to


@pages.get("")
def show(assessment_id: int) -> ResponseReturnValue:
    return _run_page(the_run(assessment_id), Form())


def _run_page(run: Assessment, form: Form) -> str:
    run = _again(run)
    results = _results(run)
    targets = targets_of(run)
    return render_template(
        "maturity/run.html", run=run, form=form, results=results, targets=targets, score=total(results),
        wedges=wedges(results, targets, href=lambda slug: url_for("maturity.ask", assessment_id=run.id, slug=slug)),
        press=Form(None, data={"version": run.version}), others=_others(run) if run.is_finished else [],
        sentence=told.of_run(run, results), lowest=told.lowest(results), left=told.what_is_left(results),
        next_area=next((one.area for one in results if one.done < one.asked), results[0].area),
        answered=sum(one.done for one in results), begun=any(one.done for one in results), PURPOSE_WORDS=PURPOSE_WORDS,
        history_rows=db.session.scalars(history_of(run, newest=40)).all(),
    )  # fmt: skip


def _results(run: Assessment) -> list[Result]:
    return results_of(db.session.scalars(answers_of(run.id)), levels_of(run))


def _others(run: Assessment) -> list[Assessment]:
    """The other finished runs of this client, oldest first."""
    return [one for one in db.session.scalars(finished_of(run.client_id)) if one.id != run.id]


@pages.get("/answers.csv")
def export(assessment_id: int) -> Response:
    """Every question with what was said to it, for a spreadsheet."""
    run = the_run(assessment_id)
    return csv_of(
        ("Area", "Level", "Provisional", "Question", "Asked", "Answer", "Score", "Comment", "Said by", "Written by", "Written on"),
        (_cells(result, question) for result in _results(run) for question in result.chapter.questions),
        f"{run.client.code}-maturity-{iso(run.on)}",
    )  # fmt: skip


def _cells(result: Result, question: Question) -> list[Any]:
    said = result.answer_to(question)
    about = [
        result.area.name, "" if result.level is None else amount(result.level, 1), "yes" if result.is_provisional else "no",
        question.id, question.ask,
    ]  # fmt: skip
    if said is None:
        return [*about, "", "", "", "", "", ""]
    score = "" if said.score is None else said.score
    return [*about, said.says, score, said.comment, said.speaker, said.written_by.name, iso(said.written_at.date())]


# The talk: one page an area


@pages.get("/areas/<slug>")
def ask(assessment_id: int, slug: str) -> ResponseReturnValue:
    run, chapter = the_run(assessment_id), the_chapter(slug)
    answers = db.session.scalars(answers_of(run.id)).all()
    form = answers_form(chapter.questions)
    form.fill({one.question: one for one in answers})
    mine = [one for one in answers if one.written_by_id == g.viewer.person_id]
    form.speaker.data = max(mine, key=lambda one: one.written_at).speaker if mine else ""
    return _ask_page(run, chapter, form, list(answers))


def _ask_page(run: Assessment, chapter: Chapter, form: AnswersForm, answers: list[Answer] | None = None) -> str:
    if inspect(run).expired:
        run, answers = the_run(run.id), None
    if answers is None:
        answers = list(db.session.scalars(answers_of(run.id)))
    results = results_of(answers, levels_of(run))
    n = chapter.area.number
    return render_template(
        "maturity/ask.html", run=run, chapter=chapter, form=form, results=results, here=results[n - 1],
        people=db.session.scalars(people_of(run.client_id)).all(), run_id=run.id, can_answer=run.is_open and may(g.viewer, "assessment.answer", run),
        before=TWELVE[n - 2] if n > 1 else None, after=TWELVE[n] if n < len(TWELVE) else None, seen_of=seen_of,
    )  # fmt: skip


@pages.post("/areas/<slug>")
def write(assessment_id: int, slug: str) -> ResponseReturnValue:
    """The whole page at once, and on to wherever the button leads: nothing typed is left behind."""
    run, chapter = the_run(assessment_id), the_chapter(slug)
    form = answers_form(chapter.questions)
    return _written(run, form, lambda form: _ask_page(run, chapter, form), leads_to=_onward(run, chapter))


@pages.post("/answers/<question_id>")
def write_one(assessment_id: int, question_id: str) -> ResponseReturnValue:
    """One answer, as soon as it is given: htmx gets its line of status back, a browser the page it stands on."""
    question = by_id().get(question_id)
    if question is None:
        raise NotFound
    run, chapter, form = the_run(assessment_id), chapters()[question.area], answers_form([question])

    def page(form: AnswersForm) -> str:
        return _state(assessment_id, question, form) if is_part() else _ask_page(run, chapter, _whole(chapter, form))

    shown = _written(run, form, page, leads_to=_page_of(run, chapter, question_id))
    if not is_part() or isinstance(shown, tuple):
        return shown
    only_read()
    return _state(assessment_id, question, form)


def _written(
    run: Assessment, form: AnswersForm, page: Callable[[AnswersForm], str], *, leads_to: str
) -> ResponseReturnValue:
    if not may(g.viewer, "assessment.answer", run):
        raise NotPermitted("assessment.answer")
    named = db.session.scalars(people_of(run.client_id)) if form.names_somebody else ()
    people = {one.name.casefold(): one.id for one in named}
    asked = answers_of(run.id, questions=[one.id for one in form.asked])
    stands = {one.question: one for one in db.session.scalars(asked)}
    deed = partial(do.write_answers, run, form, stands, people, viewer=g.viewer)
    return answer(form, lambda _: deed(), page, leads_to=leads_to)


def _whole(chapter: Chapter, part: AnswersForm) -> AnswersForm:
    """The page's form, with what was wrong with one of its questions."""
    whole = answers_form(chapter.questions)
    whole.validate()
    whole.clash, whole.trouble = part.clash, part.trouble
    return whole


def _state(assessment_id: int, question: Question, form: AnswersForm) -> str:
    """What became of one answer, and how far its area is."""
    chapter = chapters()[question.area]
    answers = db.session.scalars(answers_of(assessment_id, questions=[one.id for one in chapter.questions])).all()
    here = Result(chapter, tuple(answers))
    return render_template(
        "maturity/_state.html", run_id=assessment_id, question=question, form=form, said=here.answer_to(question), here=here,
        seen_of=seen_of, is_new=not (form.clash or form.problems or form.trouble), is_part=True,
    )  # fmt: skip


def _onward(run: Assessment, chapter: Chapter) -> str:
    then = request.form.get("then", "")
    if then == "result":
        return url_for("maturity.show", assessment_id=run.id)
    return _page_of(run, chapters()[BY_SLUG[then].code] if then in BY_SLUG else chapter)


def _page_of(run: Assessment, chapter: Chapter, question_id: str | None = None) -> str:
    return url_for("maturity.ask", assessment_id=run.id, slug=chapter.area.slug, _anchor=question_id)


# Its name, its end


@pages.route("/edit", methods=["GET", "POST"])
def edit(assessment_id: int) -> ResponseReturnValue:
    run = the_run(assessment_id)
    form = RunForm(obj=run)
    form.offer(db.session.scalars(engagements_to_choose(run.client_id, run.engagement_id)))

    def page(form: Form) -> str:
        if not may(g.viewer, "assessment.revise", _again(run)):
            raise NotPermitted("assessment.revise")
        return render_template("maturity/edit.html", run=run, form=form)

    def deed(press: Press) -> Assessment:
        changes = form.changes(run)
        return do.revise_assessment(run, viewer=g.viewer, press=press, changes=changes, **form.fields())

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=_result_of(run))


@pages.post("/finish")
def finish(assessment_id: int) -> ResponseReturnValue:
    run = the_run(assessment_id)

    def deed(press: Press) -> Assessment:
        do.finish_assessment(run, viewer=g.viewer, press=press)
        flash(f"{run.title} is finished. The client reads the levels from now on.", "g")
        return run

    return answer(Form(), deed, lambda form: _run_page(run, form), leads_to=_result_of(run))


@pages.route("/aside", methods=["GET", "POST"])
def set_aside(assessment_id: int) -> ResponseReturnValue:
    run, form = the_run(assessment_id), AsideForm()

    def page(form: Form) -> str:
        if not may(g.viewer, "assessment.set_aside", _again(run)):
            raise NotPermitted("assessment.set_aside")
        if request.method == "GET":
            form.version.data = str(run.version)
        return render_template("maturity/aside.html", run=run, form=form)

    def deed(press: Press) -> Assessment:
        return do.set_aside_assessment(run, viewer=g.viewer, press=press, reason=form.reason.data)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=_result_of(run))


def _again(run: Assessment) -> Assessment:
    """A refused press leaves it unread."""
    return the_run(run.id) if inspect(run).expired else run


def _result_of(run: Assessment) -> str:
    return url_for("maturity.show", assessment_id=run.id)


# Beside another one


@pages.get("/comparison")
def compare(assessment_id: int) -> ResponseReturnValue:
    """This run against an earlier one of the same client: the one in the address, else the first there was."""
    run = the_run(assessment_id)
    others = _others(run)
    chosen = next((one for one in others if str(one.id) == request.args.get("with", "")), None)
    if not run.is_finished or ("with" in request.args and chosen is None):
        raise NotFound
    other = chosen or next(iter(others), None)
    if other is None:
        return render_template("maturity/compare.html", run=run, others=others, other=None)
    then, now = sorted((run, other), key=lambda one: (one.on, one.id))
    answers = db.session.scalars(answers_of(then.id, now.id)).all()
    before, after = (
        results_of([one for one in answers if one.assessment_id == which.id], levels_of(which)) for which in (then, now)
    )
    targets, both = targets_of(now), compared(before, after)
    return render_template(
        "maturity/compare.html", run=run, others=others, other=other, then=then, now=now, targets=targets,
        both=both, wedges=wedges(after, targets, before=before), sentence=told.of_both(both),
    )  # fmt: skip
