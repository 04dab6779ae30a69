"""My week: what was logged day by day, engagement by engagement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import DESK, Pages
from crm.core import inputs
from crm.core.calendar import DAY, WEEK, monday_of, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.desk.log import line, logged, name_of
from crm.people.models import Period, PeriodState
from crm.timelog.forms import LogForm
from crm.timelog.models import TimeEntry, TimeKind
from crm.timelog.queries import Work, own_entries

pages = Pages("week", __name__, roles=DESK)


@dataclass(frozen=True)
class OneDay:
    """One day of the week, with what was logged on it."""

    date: date
    is_locked: bool
    entries: tuple[TimeEntry, ...]

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


def week_of(person_id: int, chosen: date, works: Sequence[Work]) -> Week:
    """Two statements: the entries, and the months that are locked."""
    days = [monday_of(chosen) + DAY * n for n in range(7)]
    entries = db.session.scalars(own_entries(person_id, days[0], days[-1])).unique().all()
    locked = select(Period.month).where(
        Period.month.in_({month_of(day) for day in days}), Period.state == PeriodState.LOCKED
    )
    months = set(db.session.scalars(locked))
    return Week(
        tuple(
            OneDay(day, month_of(day) in months, tuple(entry for entry in entries if entry.worked_on == day))
            for day in days
        ),
        chosen,
        tuple(_rows(entries, days, works)),
        works,
    )


def _rows(entries: Sequence[TimeEntry], days: Sequence[date], works: Sequence[Work]) -> list[Row]:
    """Engagements in the order of the log line, then practice time by its kind."""
    names = {work.engagement_id: work for work in works}
    found: dict[int | str, list[TimeEntry]] = {}
    for entry in entries:
        found.setdefault(entry.engagement_id or entry.kind.value, []).append(entry)
    order = [*names, *(key for key in found if key not in names)]
    rows = []
    for key in order:
        own = found.get(key, [])
        if not own:
            continue
        work = names.get(key) if isinstance(key, int) else None
        rows.append(
            Row(
                name_of(own[0], works),
                work.code if work else "" if isinstance(key, int) else str(key).capitalize(),
                f"/engagements/{key}" if work else "",
                tuple(sum(entry.minutes for entry in own if entry.worked_on == day) for day in days),
            )
        )
    return rows


def chosen_day() -> date:
    """The day that the address asks for, or today; a day that cannot be read counts as not given."""
    try:
        return inputs.day(request.args.get("day", ""))
    except ValueError:
        return today()


@pages.get("/time")
def show() -> ResponseReturnValue:
    return page()


def page(form: LogForm | None = None, works: Sequence[Work] | None = None) -> str:
    log = line(form, works, back="week")
    week = week_of(g.viewer.person_id, chosen_day(), log.works)
    return render_template("desk/week.html", week=week, log=log, form=log.form, today=today())


@pages.post("/time")
def log() -> ResponseReturnValue:
    return logged(page, back="week")
