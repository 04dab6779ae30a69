"""The week as a table: every cell is typed into, and one save keeps all that is right."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import DESK, Pages
from crm.core import words
from crm.core.calendar import DAY, WEEK, monday_of, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import DoneBefore, Refused
from crm.core.forms import Press
from crm.core.twelve import OF
from crm.core.web import answer
from crm.deliverables.models import Deliverable
from crm.desk.log import name_of
from crm.desk.week import chosen_day, planned_minutes, why_off
from crm.timelog.bulk import offers
from crm.timelog.forms import KINDS
from crm.timelog.many import ground_of, make_changes, weigh
from crm.timelog.models import A_LONG_DAY, TimeEntry
from crm.timelog.queries import Shut, Work, own_entries, shut_among, work_of
from crm.timelog.sheet import DAYS, MOST_ROWS, Cell, Key, NewRow, Row, SheetForm, changes_in, keys_of, named
from crm.workload.queries import Member, load_team

pages = Pages("sheet", __name__, roles=DESK, url_prefix="/time/grid")
BACK = 4 * WEEK  # how far the last week with time is looked for


@dataclass(frozen=True)
class Head:
    """One day's column."""

    date: date
    is_locked: bool
    off: str
    is_worked: bool
    planned: int
    minutes: int

    @property
    def is_missing(self) -> bool:
        return self.is_worked and not self.minutes and self.date < today()

    @property
    def is_long(self) -> bool:
        return self.minutes > A_LONG_DAY


@dataclass(frozen=True)
class Sheet:
    """Everything on the page."""

    monday: date
    days: tuple[Head, ...]
    rows: tuple[Row, ...]
    new: Sequence[NewRow]
    offers: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    planned: int
    source: date | None  # Monday of the week that the rows come from, where it has time to copy
    picked: date  # the day that a phone shows
    is_copied: bool

    @property
    def ends(self) -> date:
        return self.monday + 6 * DAY

    @property
    def before(self) -> date:
        return self.monday - WEEK

    @property
    def after(self) -> date | None:
        """The next week, where there is one to log in."""
        return self.monday + WEEK if self.monday + WEEK <= today() else None

    @property
    def source_ends(self) -> date:
        return (self.source or self.monday) + 6 * DAY

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def client_minutes(self) -> int:
        return sum(row.minutes for row in self.rows if row.key.engagement_id)

    @property
    def day(self) -> Head:
        """The one that is picked."""
        return self.days[self.picked.weekday()]

    @property
    def first(self) -> str:
        """The field to begin with: the first empty cell of the day that is picked, or the row for work that has none."""
        cells = (row.cells[self.picked.weekday()] for row in self.rows)
        empty = next((f"c.{cell.name}" for cell in cells if cell.is_open and cell.is_one and not cell.value), "")
        return empty or f"n.{self.new[-1].place}.what"

    @property
    def is_locked(self) -> bool:
        return all(one.is_locked for one in self.days)

    @property
    def missing(self) -> list[date]:
        return [one.date for one in self.days if one.is_missing]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """For the summary on top: the field, and what is wrong in it."""
        wrong = [
            (f"c.{cell.name}", f"{row.name}, {row.beside}, {words.short_day(cell.day)}: {cell.fault}")
            for row in self.rows
            for cell in row.cells
            if cell.fault
        ]
        return wrong + [(f"n.{row.place}.what", row.fault) for row in self.new if row.fault]

    @property
    def asks_reason(self) -> bool:
        return any("outside your dates" in text for _, text in self.faults)

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        return KINDS


@dataclass
class Loaded:
    """The rows that a sheet is made of: three statements."""

    monday: date
    works: Sequence[Work]
    entries: Sequence[TimeEntry]  # of this week
    before: Sequence[TimeEntry]  # of the last week with time before it
    shut: Shut

    @property
    def source(self) -> date | None:
        return monday_of(self.before[0].worked_on) if self.before else None

    def standing(self) -> dict[tuple[Key, date], list[TimeEntry]]:
        found: dict[tuple[Key, date], list[TimeEntry]] = {}
        for entry in self.entries:
            found.setdefault((Key.of(entry), entry.worked_on), []).append(entry)
        return found


def load(person_id: int, monday: date, works: Sequence[Work]) -> Loaded:
    every = db.session.scalars(own_entries(person_id, monday - BACK, monday + 6 * DAY)).unique().all()
    earlier = [entry for entry in every if entry.worked_on < monday and not entry.adjusts_id]
    last = monday_of(max(entry.worked_on for entry in earlier)) if earlier else monday
    ids = [work.engagement_id for work in works]
    shut = shut_among((engagement_id, day) for engagement_id in [None, *ids] for day in (monday, monday + 6 * DAY))
    return Loaded(
        monday,
        works,
        [entry for entry in every if entry.worked_on >= monday],
        [entry for entry in earlier if entry.worked_on >= last],
        shut,
    )


def sheet_of(
    found: Loaded,
    member: Member | None,
    *,
    typed: SheetForm | None = None,
    faults: Mapping[tuple[Key, int], str] | None = None,
    picked: date,
    copied: bool = False,
) -> Sheet:
    """The table as it is shown: what stands, and over it what was typed and could not be kept."""
    days = [found.monday + DAY * n for n in range(DAYS)]
    known = {work.engagement_id for work in found.works}
    faults = faults or {}
    posted = [key for key, _ in faults if not key.engagement_id or key.engagement_id in known]
    keys = keys_of(
        [*found.entries, *(one for one in found.before if Key.of(one)[0] in {0, *known})], posted, found.works
    )
    standing, texts = found.standing(), typed.cells.cells if typed else {}
    proposals = _proposals(found, days, member) if copied else {}
    plan = planned_minutes(member, days[0], days[-1])
    codes = _called(found, keys)
    elsewhere = {one.engagement_id: name_of(one, found.works) for one in found.entries if one.engagement_id}
    rows, seen = [], set()
    for key in keys[:MOST_ROWS]:
        may = not key.engagement_id or key.engagement_id in known
        cells = tuple(
            Cell(
                key, day, tuple(standing.get((key, day), ())),
                is_open=may and day <= today() and not any(found.shut.of(key.engagement_id, day)),
                typed=texts.get((key, n)), proposed=proposals.get((key, day), 0), fault=faults.get((key, n), ""),
            )
            for n, day in enumerate(days)
        )  # fmt: skip
        name, beside = named(key, found.works, codes, elsewhere)
        first = key.engagement_id not in seen
        seen.add(key.engagement_id)
        number = OF[key.area].number if key.area else 0
        rows.append(Row(key, name, beside, number, cells, plan.get(key.engagement_id) if first else None))
    new = list(typed.cells.new) if typed else []
    free = next(place for place in range(len(new) + 1) if place not in {row.place for row in new})
    return Sheet(
        found.monday, _heads(found, days, member), tuple(rows), [*new, NewRow(free)], offers(found.works), sum(plan.values()), found.source,
        picked, copied,
    )  # fmt: skip


def _heads(found: Loaded, days: Sequence[date], member: Member | None) -> tuple[Head, ...]:
    return tuple(
        Head(
            day, month_of(day) in found.shut.locked, why_off(member, day), bool(member and member.capacity.net(day, day)),
            sum(planned_minutes(member, day, day).values()),
            sum(entry.minutes for entry in found.entries if entry.worked_on == day),
        )
        for day in days
    )  # fmt: skip


def _called(found: Loaded, keys: Sequence[Key]) -> dict[int, str]:
    """The code of each deliverable in the table, by its id: one statement for those that no entry brought."""
    known = {one.deliverable.id: one.deliverable.code for one in (*found.entries, *found.before) if one.deliverable}
    return known | _codes([key for key in keys if key.deliverable_id and key.deliverable_id not in known])


def _proposals(found: Loaded, days: Sequence[date], member: Member | None) -> dict[tuple[Key, date], int]:
    """The hours of the last week with time, on the same days of this one; none on leave or a holiday."""
    source = found.source
    if source is None:
        return {}
    minutes: dict[tuple[Key, date], int] = {}
    for entry in found.before:
        day = days[(entry.worked_on - source).days]
        if not why_off(member, day):
            at = (Key.of(entry), day)
            minutes[at] = minutes.get(at, 0) + entry.minutes
    return minutes


def _codes(keys: Sequence[Key]) -> dict[int, str]:
    """The codes of deliverables that stand in no entry shown: of rows whose hours were refused."""
    if not keys:
        return {}
    asked = select(Deliverable).where(Deliverable.id.in_({key.deliverable_id for key in keys}))
    return {one.id: one.code for one in db.session.scalars(asked).unique()}


@pages.get("")
def show() -> ResponseReturnValue:
    works = work_of(g.viewer.person_id, today())
    return page(works, copied=request.args.get("copy") == "hours")


def page(
    works: Sequence[Work],
    form: SheetForm | None = None,
    faults: Mapping[tuple[Key, int], str] | None = None,
    *,
    copied: bool = False,
) -> str:
    """At most ten statements, however many rows."""
    chosen = chosen_day()
    monday = monday_of(chosen)
    me = load_team(monday, monday + 6 * DAY, [g.viewer.person_id])
    picked = min((monday + DAY * n for _, n in faults), default=chosen) if faults else chosen
    sheet = sheet_of(
        load(g.viewer.person_id, monday, works),
        me[0] if me else None,
        typed=form,
        faults=faults,
        picked=picked,
        copied=copied,
    )
    saved = request.args.get("saved", "")
    return render_template(
        "desk/sheet.html", sheet=sheet, form=form or SheetForm(formdata=None), today=today(),
        saved=int(saved) if saved.isascii() and saved.isdigit() and len(saved) < 4 else 0,
    )  # fmt: skip


@pages.post("")
def save() -> ResponseReturnValue:
    """The cells that are right are kept together; those that are not stay as they were typed, each with its reason."""
    me, chosen = g.viewer.person_id, chosen_day()
    works, form = work_of(me, today(), hold=True), SheetForm(request.form)
    found = load(me, monday_of(chosen), works)
    changes, faults = changes_in(form.cells.cells, found.monday, found.standing(), works, form.reason.data or "")
    places = list(changes)
    verdicts = weigh(list(changes.values()), ground_of(me, changes.values(), found.shut))
    faults |= {at: str(said) for at, said in zip(places, verdicts, strict=True) if isinstance(said, Refused)}
    good = len(places) - sum(isinstance(said, Refused) for said in verdicts)
    is_wrong = bool(faults or form.cells.new or form.cells.left_out)
    told = _told(good, len(faults) + len(form.cells.new), left_out=form.cells.left_out)

    unsaved = dict.fromkeys(changes, "Not saved yet. Save again.") | faults

    def deed(press: Press) -> None:
        try:
            if good or not is_wrong:
                make_changes(
                    list(changes.values()), verdicts, viewer=g.viewer, press=press, why_void="Emptied in the week."
                )
        except DoneBefore:
            if not is_wrong:
                raise
        unsaved.clear()
        if is_wrong:
            raise Refused(told, "cells")

    def again(refused: SheetForm) -> str:
        if refused.cells.errors:  # it is about all cells: what is wrong in each stands beside it
            refused.trouble, refused.cells.errors = told, []
        refused.once.data = secrets.token_urlsafe(16)
        refused.once.raw_data = [refused.once.data]
        return page(works, refused, unsaved or faults)

    return answer(form, deed, again, leads_to=url_for("sheet.show", day=_picked(chosen), saved=good))


def _picked(chosen: date) -> date:
    """The day that was in sight on a phone."""
    asked = request.form.get("picked", "")
    return monday_of(chosen) + DAY * int(asked) if asked in set("0123456") else chosen


def _told(good: int, wrong: int, *, left_out: bool) -> str:
    kept = f"{words.plural(good, 'cell')} {'is' if good == 1 else 'are'} saved" if good else "Nothing was saved"
    if left_out:
        return f"{kept}. A part of what was sent could not be read: open the week again and repeat it."
    return f"{kept}. {words.plural(wrong, 'cell')} {'needs' if wrong == 1 else 'need'} another look."
