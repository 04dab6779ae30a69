"""The log line, wherever it stands: on Today and above one's week."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect

from crm.core.calendar import month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.web import answer
from crm.desk.timers import Clock, clock
from crm.retainers.queries import Balance, balances_of
from crm.timelog.forms import USUAL, LogForm, TypedForm
from crm.timelog.models import A_LONG_DAY, TimeEntry
from crm.timelog.operations import log_time
from crm.timelog.pages import BACK, stint_of
from crm.timelog.queries import RECENT, Owed, Work, entry_in_its_day, work_of


@dataclass(frozen=True)
class Said:
    """What the line says after saving or deleting: which entry, what is left of the month, whether the day is long."""

    entry: TimeEntry
    name: str
    balances: Mapping[int, Balance] | None  # of this month by engagement, where days are left of one
    day_minutes: int
    again: Form
    more: int = 0  # entries of the same line

    @property
    def left(self) -> Decimal | None:
        """Days of this month that are not used, those that rolled in too (F5); none without a retainer."""
        return None if self.balance is None else self.balance.left

    @property
    def balance(self) -> Balance | None:
        return None if self.balances is None else self.balances.get(self.entry.engagement_id or 0)

    @property
    def is_long(self) -> bool:
        return self.entry.voided_at is None and self.day_minutes > A_LONG_DAY


@dataclass(frozen=True)
class Line:
    """What the log line shows."""

    form: LogForm
    works: Sequence[Work]
    said: Said | None
    back: str
    timer: Clock | None = None  # where one wants one

    @cached_property
    def typed(self) -> TypedForm:
        """The same in one line of text."""
        return TypedForm(formdata=None)

    @property
    def deliverables(self) -> Sequence[Owed]:
        return [one for work in self.works for one in work.owed]

    @property
    def recent(self) -> Sequence[Work]:
        """The five used last; and the one that was chosen, where the page is shown again."""
        first = list(self.works[:RECENT])
        chosen = [work for work in self.works[RECENT:] if str(work.engagement_id) == str(self.form.work.data)]
        return [*first[: RECENT - len(chosen)], *chosen]

    @property
    def chosen(self) -> Work | None:
        """Where there is one engagement alone, its areas are the only choice; with several it is yet to be made."""
        return self.works[0] if len(self.works) == 1 else None

    @property
    def is_open(self) -> bool:
        """Whether what is rarely needed is in sight: something is in it, or wrong in it."""
        form = self.form
        rare = (form.other, form.area, form.deliverable, form.kind, form.note, form.reason)
        return bool(form.worked_on.errors) or any(
            field.errors or (field.raw_data and field.raw_data[0]) for field in rare
        )


def line(form: LogForm | None, works: Sequence[Work] | None, *, back: str) -> Line:
    """The line with what it offers; `form` and `works` are there already where something was posted."""
    works = work_of(g.viewer.person_id, today()) if works is None else works
    return Line(form or _blank(works), works, _said(works), back, clock())


def _blank(works: Sequence[Work]) -> LogForm:
    """Today, the engagement used last, half an hour."""
    usual = str(works[0].engagement_id) if works else None
    form = LogForm(formdata=None, worked_on=today(), pick=str(USUAL), work=usual)
    form.offer([(str(work.engagement_id), work.name) for work in works])
    return form


def logged(page: Callable[[LogForm, Sequence[Work]], ResponseReturnValue], *, back: str) -> ResponseReturnValue:
    """The answer to a posted log line: one entry, and back to the page with a line that says so."""
    works = work_of(g.viewer.person_id, today(), hold=True)
    form = LogForm(request.form)
    form.offer([(str(work.engagement_id), work.name) for work in works])
    return answer(
        form,
        lambda press: log_time(stint_of(form, works), viewer=g.viewer, press=press),
        lambda refused: page(refused, works),
        leads_to=lambda entry: url_for(BACK[back], logged=inspect(entry).identity[0]),  # known without reading it again
    )


def _said(works: Sequence[Work]) -> Said | None:
    """The entry that this page was sent back with, in the address: nobody else's is shown."""
    asked = request.args.get("logged", request.args.get("deleted", ""))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    found = db.session.execute(entry_in_its_day(int(asked), g.viewer.person_id)).unique().one_or_none()
    if found is None:
        return None
    entry, minutes = found
    again, more = Form(formdata=None, version=str(entry.version)), request.args.get("more", "")
    return Said(
        entry, name_of(entry, works), _balances(entry, works), int(minutes), again,
        int(more) if more.isascii() and more.isdigit() and len(more) < 3 else 0,
    )  # fmt: skip


def name_of(entry: TimeEntry, works: Sequence[Work]) -> str:
    """Whom an entry was for, as the log line calls them."""
    if entry.engagement_id is None:
        return "Practice"
    known = next((work.name for work in works if work.engagement_id == entry.engagement_id), "")
    return known or (entry.engagement.client.name if entry.engagement else "An engagement you left")


def _balances(entry: TimeEntry, works: Sequence[Work]) -> Mapping[int, Balance] | None:
    """Of whoever has a retainer, and of what else one works on: the page asks for that once."""
    engagement, on = entry.engagement, today()
    if engagement is None or engagement.days_a_month is None or month_of(entry.worked_on) != month_of(on):
        return None
    return balances_of({engagement.id, *(work.engagement_id for work in works)}, on)
