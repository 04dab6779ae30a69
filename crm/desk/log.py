"""The log line, wherever it stands: on Today and above one's week."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect

from crm.core.calendar import month_end, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.inputs import MINUTES_A_DAY
from crm.core.web import answer
from crm.deliverables.models import Deliverable
from crm.figures import minutes_used
from crm.timelog.forms import USUAL, LogForm
from crm.timelog.models import A_LONG_DAY, TimeEntry
from crm.timelog.operations import log_time
from crm.timelog.pages import BACK, stint_of
from crm.timelog.queries import RECENT, Work, day_before, open_deliverables, own_entry, work_of


@dataclass(frozen=True)
class Said:
    """What the line says after saving or deleting: which entry, what is left of the month, whether the day is long."""

    entry: TimeEntry
    name: str
    used: Mapping[int, int] | None  # minutes of this month by engagement, where days are left of one
    day_minutes: int
    again: Form

    @property
    def left(self) -> Decimal | None:
        """Days of this month's grant that are not used; none without a retainer, or in another month."""
        if self.used is None or self.grant is None:
            return None
        return self.grant - Decimal(self.used.get(self.entry.engagement_id or 0, 0)) / MINUTES_A_DAY

    @property
    def grant(self) -> Decimal | None:
        return self.entry.engagement.days_a_month if self.entry.engagement else None

    @property
    def is_long(self) -> bool:
        return self.entry.voided_at is None and self.day_minutes > A_LONG_DAY


@dataclass(frozen=True)
class Line:
    """What the log line shows."""

    form: LogForm
    works: Sequence[Work]
    deliverables: Sequence[Deliverable]
    said: Said | None
    back: str

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
    form = form or _blank(works)
    engagements = [work.engagement_id for work in works]
    open_ones = db.session.scalars(open_deliverables(engagements)).unique().all() if engagements else []
    return Line(form, works, open_ones, _said(works), back)


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
    entry = db.session.scalars(own_entry(int(asked), g.viewer.person_id)).unique().one_or_none()
    if entry is None:
        return None
    again = Form(formdata=None, version=str(entry.version))
    return Said(
        entry, name_of(entry, works), _used(entry, works), day_before(entry.person_id, entry.worked_on).minutes, again
    )


def name_of(entry: TimeEntry, works: Sequence[Work]) -> str:
    """Whom an entry was for, as the log line calls them."""
    if entry.engagement_id is None:
        return "Practice"
    known = next((work.name for work in works if work.engagement_id == entry.engagement_id), "")
    return known or (entry.engagement.client.name if entry.engagement else "An engagement you left")


def _used(entry: TimeEntry, works: Sequence[Work]) -> dict[int, int] | None:
    """Of whoever has a retainer, and of what else one works on: the page asks for that once."""
    engagement, month = entry.engagement, month_of(today())
    if engagement is None or engagement.days_a_month is None or month_of(entry.worked_on) != month:
        return None
    return minutes_used({engagement.id, *(work.engagement_id for work in works)}, month, month_end(month))
