"""My week: what was logged day by day, engagement by engagement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import DESK, Pages
from crm.core import inputs, words
from crm.core.calendar import DAY, WEEK, monday_of, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.inputs import MINUTES_A_DAY
from crm.core.web import from_address
from crm.desk.log import line, logged, name_of
from crm.people.models import Period, PeriodState
from crm.timelog.forms import LogForm
from crm.timelog.models import TimeEntry, TimeKind
from crm.timelog.queries import Work, own_entries
from crm.workload.formulas import NONE, days_in, parts_of, placed
from crm.workload.missing import days_without_time
from crm.workload.queries import Member, load_team

pages = Pages("week", __name__, roles=DESK)


@dataclass(frozen=True)
class OneDay:
    """One day of the week, with what was logged on it."""

    date: date
    is_locked: bool
    entries: tuple[TimeEntry, ...]
    is_worked: bool = False  # by one's pattern, holidays and leave taken off
    off: str = ""  # why it is not: a holiday's name, or leave

    @property
    def is_missing(self) -> bool:
        return self.is_worked and not self.entries and self.date < today()

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def client_minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries if entry.engagement_id)


@dataclass(frozen=True)
class Row:
    """One line of the week's table: an engagement, or a kind of practice time, and its minutes day by day."""

    name: str
    beside: str
    href: str
    by_day: tuple[int, ...]
    planned: int | None = None

    @property
    def total(self) -> int:
        return sum(self.by_day)


@dataclass(frozen=True)
class Week:
    """Seven days of one person."""

    days: tuple[OneDay, ...]
    chosen: date
    rows: tuple[Row, ...]
    works: Sequence[Work]
    planned: int = 0  # minutes of client work (F3)

    @property
    def missing(self) -> int:
        return sum(one.is_missing for one in self.days)

    @property
    def begins(self) -> date:
        return self.days[0].date

    @property
    def ends(self) -> date:
        return self.days[-1].date

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.days)

    @property
    def billable(self) -> int:
        return sum(entry.minutes for one in self.days for entry in one.entries if entry.kind is TimeKind.BILLABLE)

    def name_of(self, entry: TimeEntry) -> str:
        """Whom it was for, as the log line calls them."""
        return name_of(entry, self.works)

    def press_of(self, entry: TimeEntry) -> Form:
        """The key of the button that deletes it."""
        return Form(formdata=None, version=str(entry.version))

    @property
    def before(self) -> date:
        return self.begins - WEEK

    @property
    def after(self) -> date | None:
        """The next week, where there is one to log in."""
        return self.begins + WEEK if self.begins + WEEK <= today() else None


def week_of(person_id: int, chosen: date, works: Sequence[Work], member: Member | None = None) -> Week:
    """Two statements: the entries, and the months that are locked. `member` says what was planned."""
    days = [monday_of(chosen) + DAY * n for n in range(7)]
    entries = db.session.scalars(own_entries(person_id, days[0], days[-1])).unique().all()
    locked = select(Period.month).where(
        Period.month.in_({month_of(day) for day in days}), Period.state == PeriodState.LOCKED
    )
    months = set(db.session.scalars(locked))
    planned = planned_minutes(member, days[0], days[-1])
    return Week(
        tuple(
            OneDay(
                day,
                month_of(day) in months,
                tuple(entry for entry in entries if entry.worked_on == day),
                is_worked=bool(member and member.capacity.net(day, day)),
                off=why_off(member, day),
            )
            for day in days
        ),
        chosen,
        tuple(_rows(entries, days, works, planned)),
        works,
        sum(planned.values()),
    )


def planned_minutes(member: Member | None, first: date, last: date) -> dict[int, int]:
    """F3 between two dates, by engagement: confirmed work only, and none where it cannot be placed."""
    if member is None:
        return {}
    found: dict[int, Fraction] = {}
    for work in member.works:
        if not work.tentative:
            parts = parts_of(member.capacity, first, last)
            numerators = [numerator or 0 for numerator in placed(work, member.capacity, parts)]
            planned = days_in(numerators, member.capacity, parts) * MINUTES_A_DAY
            found[work.engagement_id] = found.get(work.engagement_id, NONE) + planned
    return {engagement_id: int(words.half_up(minutes, 0)) for engagement_id, minutes in found.items() if minutes}


def why_off(member: Member | None, day: date) -> str:
    if member is None:
        return ""
    return member.capacity.holidays.get(day, "Leave" if day in member.capacity.away else "")


def _rows(
    entries: Sequence[TimeEntry], days: Sequence[date], works: Sequence[Work], planned: Mapping[int, int]
) -> list[Row]:
    """What was logged or planned: engagements in the order of the log line, then practice time by its kind."""
    known = {work.engagement_id: work for work in works}
    found: dict[int | str, list[TimeEntry]] = {key: [] for key in known if key in planned}
    for entry in entries:
        found.setdefault(entry.engagement_id or entry.kind.value, []).append(entry)
    order = {key: n for n, key in enumerate(known)}
    rows = []
    for key in sorted(found, key=lambda key: (order.get(key, len(order)) if isinstance(key, int) else 10**6, str(key))):
        own = found[key]
        by_day = tuple(sum(entry.minutes for entry in own if entry.worked_on == day) for day in days)
        if isinstance(key, str):
            rows.append(Row("Practice", key.capitalize(), "", by_day))
        elif work := known.get(key):
            rows.append(Row(work.name, work.code, f"/engagements/{key}", by_day, planned.get(key, 0)))
        else:
            rows.append(Row(name_of(own[0], works), "", "", by_day))
    return rows


def chosen_day() -> date:
    """The day that the address asks for, or today; a day that cannot be read counts as not given."""
    return from_address("day", inputs.day) or today()


@pages.get("/time")
def show() -> ResponseReturnValue:
    return page()


def page(form: LogForm | None = None, works: Sequence[Work] | None = None) -> str:
    log = line(form, works, back="week")
    chosen = chosen_day()
    me = load_team(monday_of(chosen), monday_of(chosen) + 6 * DAY, [g.viewer.person_id])
    week = week_of(g.viewer.person_id, chosen, log.works, me[0] if me else None)
    missing = [] if log.said else days_without_time(g.viewer.person_id)
    return render_template(
        "desk/week.html",
        week=week,
        log=log,
        form=log.form,
        today=today(),
        missing=missing,
    )


@pages.post("/time")
def log() -> ResponseReturnValue:
    return logged(page, back="week")
