"""Time in one line of text: read while one types, shown back by the parser that saves, and kept; and the page that
explains it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect

from crm.access.pages import DESK, Pages
from crm.areas.across.area import ACTIONS, DECISIONS, RISKS
from crm.areas.across.models import RaidType
from crm.areas.stakeholders.area import COMMITMENTS
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.twelve import OF, Area
from crm.core.web import answer, is_part
from crm.core.words import spoken
from crm.timelog import examples
from crm.timelog.forms import TypedForm
from crm.timelog.grammar import read
from crm.timelog.models import REASON, TimeEntry, TimeKind
from crm.timelog.operations import Stint, log_several
from crm.timelog.pages import BACK
from crm.timelog.queries import Work, latest_entries, work_of
from crm.timelog.reading import Entry, Form, Known, Opening, Problem, Reading, each_problem
from crm.timelog.writing import written

pages = Pages("typed", __name__, roles=DESK, url_prefix="/time")
LATEST, REPEATED = 60, 10  # entries that are looked at, lines that are offered
ADDRESS = 1000  # letters of an address that a press may lead to
SMALL = {Form.DECISION: DECISIONS, Form.RISK: RISKS, Form.ACTION: ACTIONS, Form.PROMISE: COMMITMENTS}

Page = Callable[[TypedForm, Sequence[Work], "Shown"], str]
Deed = Callable[[Sequence[Stint], Press], Sequence[TimeEntry]]


def known(works: Sequence[Work]) -> Known:
    """What a line may name; the practice's region says whether 12/11 is a day of November."""
    return Known(works, today(), day_first=not g.practice.region.startswith("US"))


def own_works(*, hold: bool = False) -> list[Work]:
    return work_of(g.viewer.person_id, today(), hold=hold)


@dataclass(frozen=True)
class Shown:
    """A line on a page: as it is understood so far, or why it is none."""

    reading: Reading | None = None
    trouble: str = ""

    @property
    def is_sure(self) -> bool:
        return self.reading is not None and self.reading.is_sure

    @property
    def is_outside(self) -> bool:
        return self.reading is not None and any(one.is_outside for one in self.reading.entries)


def shown(text: str, works: Sequence[Work]) -> Shown:
    try:
        return Shown(read(text, known(works)) if text.strip() else None)
    except Refused as error:
        return Shown(trouble=str(error))


@pages.get("/line")
def show() -> ResponseReturnValue:
    """The line alone: filled from the address, with the lines of before to choose from."""
    works, line = own_works(), request.args.get("line", "")
    return page(TypedForm(formdata=None, data={"line": line}), works, shown(line, works))


def page(form: TypedForm, works: Sequence[Work], read_as: Shown) -> str:
    return render_template(
        "timelog/line.html",
        typed=form,
        form=form,
        reading=read_as,
        works=works,
        lines=lines_before(works),
        back=back(),
    )


def back() -> str:
    asked = request.form.get("back", request.args.get("back", ""))
    return asked if asked in BACK else "today"


@pages.get("/line/reading")
def reading() -> ResponseReturnValue:
    """For htmx: how the line is understood so far. Without script the page of the line says the same."""
    line = request.args.get("line", "")
    if not is_part():
        return redirect(url_for(".show", line=line), 303)
    return render_template("timelog/_reading.html", reading=shown(line, own_works()), back=back())


@pages.get("/line/before")
def before() -> ResponseReturnValue:
    """For htmx: the lines of before, which arrow up repeats."""
    if not is_part():
        return redirect(url_for(".show"), 303)
    return render_template("timelog/_before.html", lines=lines_before(own_works()), back=back())


def lines_before(works: Sequence[Work]) -> Sequence[str]:
    """What one logged last, as lines that log the same today; each once, the newest first."""
    about = known(works)
    entries = db.session.scalars(latest_entries(g.viewer.person_id, LATEST)).unique()
    lines = (line_of(entry, about) for entry in entries)
    return list(dict.fromkeys(line for line in lines if line))[:REPEATED]


def line_of(entry: TimeEntry, about: Known) -> str:
    """An entry as a line; empty where one serves no more, or what it was is no longer in scope."""
    work = next((one for one in about.works if one.engagement_id == entry.engagement_id), None)
    if entry.engagement_id and (work is None or entry.area not in work.areas):
        return ""
    owed = next((one for one in (work.owed if work else ()) if one.id == entry.deliverable_id), None)
    inside = " ".join((entry.note.body if entry.note else "").split())
    to_client, note = (entry.client_note, inside) if work else (inside, "")
    said = Entry(entry.minutes, about.today, work, entry.kind, entry.area if work else None, owed, to_client, note)
    return written(said, about)


@pages.post("/line")
def add() -> ResponseReturnValue:
    return logged_by(page, lambda stints, press: log_several(stints, viewer=g.viewer, press=press))


def logged_by(page: Page, deed: Deed) -> ResponseReturnValue:
    """Logged when all of the line is clear; else shown with what is not. What opens a form leads there."""
    works, form = own_works(hold=True), TypedForm()
    found = Shown()
    if form.validate():
        found = shown(form.line.data, works)
        blame(form, found)
    if found.reading is None or form.problems or "preview" in request.form:
        return page(form, works, found), 422 if form.problems else 200
    return kept(form, found.reading, works, page, deed)


def blame(form: TypedForm, found: Shown) -> None:
    """What is wrong with the line, beside it; and the reason that time outside the agreed dates needs."""
    for sentence in [found.trouble] if found.trouble else each_problem(found.reading) if found.reading else ():
        form.blame(Refused(sentence, "line"))
    if found.is_outside and len(form.reason.data) < REASON:
        form.blame(Refused(_outside(found), "reason"))


def _outside(found: Shown) -> str:
    outside = next(one for one in found.reading.entries if one.is_outside) if found.reading else None
    name = outside.work.name if outside and outside.work else ""
    return f"It lies outside your dates at {name}. Say why, in {REASON} characters or more; a partner reads it."


def kept(form: TypedForm, found: Reading, works: Sequence[Work], page: Page, log: Deed) -> ResponseReturnValue:
    """All entries of the line, or none; then the page that the line stood on, or the form that the line opens."""
    opens = opened(found.opening) if found.opening else ""
    if not found.entries:
        return redirect(opens, 303)
    stints = [stint_of_line(one, form.reason.data) for one in found.entries]

    def deed(press: Press) -> TimeEntry:
        try:
            return log(stints, press)[0]
        except Refused as error:
            error.field = error.field and ("reason" if error.field == "reason" else "line")
            raise

    leads_to = opens or _back_to(len(found.entries))
    answered = make_response(answer(form, deed, lambda _: page(form, works, Shown(found)), leads_to=leads_to))
    if opens and answered.status_code == 303:
        flash(f"{spoken(sum(one.minutes or 0 for one in found.entries))} logged. Send this form to keep it, too.", "g")
    return answered


def _back_to(many: int) -> Callable[[TimeEntry], str]:
    """The page that the line stood on, which says what was logged."""
    to = BACK[back()]

    def leads(entry: TimeEntry) -> str:
        known_as = inspect(entry).identity  # without reading it again
        return url_for(to, logged=known_as[0] if known_as else entry.id, more=many - 1 or None)

    return leads


def stint_of_line(entry: Entry, reason: str) -> Stint:
    """An entry as it was shown. Practice time has no client, so nothing of it is for one to read."""
    notes = (entry.client_note, entry.note)
    to_client, note = notes if entry.work else ("", "\n".join(filter(None, notes)))
    return Stint(
        entry.work, entry.minutes or 0, entry.day, kind=entry.kind or TimeKind.BILLABLE, area=entry.area,
        deliverable_id=entry.owed.id if entry.owed else None, client_note=to_client, note=note,
        reason=reason if entry.is_outside else "",
    )  # fmt: skip


def opened(opening: Opening) -> str:
    """The address of the form that the line opens, with what was said in it; nothing is kept before it is sent."""
    register, work = SMALL[opening.form], opening.work
    assert work is not None  # noqa: S101  (what is not clear was refused)
    area = Area.STK if opening.form is Form.PROMISE else opening.area or Area.STR
    more: dict[str, Any] = {"client_id": work.client_id, "slug": OF[area].slug, "register": register.slug}
    if opening.form is Form.RISK:
        more["type"] = RaidType.RISK.value
    if hasattr(register.form, "engagement_id"):
        more["engagement_id"] = work.engagement_id
    text, name = opening.text, next(iter(register.columns.values()))
    while len(there := url_for("registers.new", **(more | {name: text}))) > ADDRESS:
        text = text[:-10]
    return there


@pages.get("/grammar")
def grammar() -> str:
    """The line explained in ten examples, each read by the parser itself."""
    own = own_works()
    about = replace(known(examples.WORKS), today=today())
    return render_template(
        "timelog/grammar.html",
        examples=[(one, Shown(read(one.line, about))) for one in examples.TEN],
        works=own,
        refused=[(line, _first(read(line, about).problems)) for line in examples.REFUSED],
        form=None,
    )


def _first(problems: Sequence[tuple[int, Problem]]) -> str:
    return problems[0][1].says
