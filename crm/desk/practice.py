"""The practice: what a partner must know on Monday morning. Answers first, in one look."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, Pages
from crm.core import words
from crm.core.calendar import DAY, monday_of, month_after
from crm.core.clock import today
from crm.core.db import db
from crm.core.ring import Dial
from crm.core.twelve import OF
from crm.deliverables.states import State
from crm.desk import practice_queries as queries
from crm.engagements.models import EngagementState, Rag
from crm.engagements.queries import dials_of_engagements
from crm.evidence.queries import apart, in_words
from crm.workload import heat
from crm.workload.formulas import WEEKS_AHEAD
from crm.workload.plan import Row, rows_of, weeks_from
from crm.workload.queries import load_team

pages = Pages("practice", __name__, roles=PARTNERS, url_prefix="/practice")
AHEAD = timedelta(days=60)
PEOPLE, ENGAGEMENTS, LINES = 12, 12, 8  # of one look; the rest is a link away


@dataclass(frozen=True)
class Reason:
    """Why an engagement needs a look, and where it is seen."""

    kind: str  # red, evidence, lead, late, waiting or review: the gravest first
    text: str
    href: str


RANK = ("red", "evidence", "lead", "late", "waiting", "review")
TAGS = {
    "red": "Red",
    "evidence": "Evidence says red",
    "lead": "No lead",
    "late": "Late",
    "waiting": "No answer",
    "review": "Review due",
}


@dataclass(frozen=True)
class Trouble:
    """An engagement that needs a look."""

    engagement: Any
    reasons: tuple[Reason, ...]

    @property
    def code(self) -> str:
        return f"ENG-{self.engagement.number:03}"

    @property
    def worst(self) -> str:
        return self.reasons[0].kind

    @property
    def tag(self) -> str:
        counted = [
            f"{number} {TAGS[kind].lower()}"
            for kind in ("red", "late")
            if (number := sum(one.kind == kind for one in self.reasons))
        ]
        return ", ".join(counted if self.worst in {"red", "late"} else [TAGS[self.worst], *counted])


@dataclass(frozen=True)
class Coming:
    """Something with a day that a partner must not miss."""

    day: date
    title: str
    what: str
    href: str
    is_late: bool = False


@dataclass(frozen=True)
class Practice:
    """Everything on the page."""

    rows: Sequence[Row]
    weeks: Sequence[date]
    troubles: Sequence[Trouble]
    dials: dict[int, Dial]
    coming: Sequence[Coming]
    outside: Sequence[Any]
    live: int
    today: date

    @property
    def lines(self) -> list[heat.Line]:
        return [heat.full_line(row) for row in self.rows[:PEOPLE]]

    @property
    def headline(self) -> str:
        return f"{heat.answer_of(self.rows)} {self._of_engagements()}"

    def _of_engagements(self) -> str:
        red = sum(one.worst == "red" for one in self.troubles)
        late = sum(any(reason.kind == "late" for reason in one.reasons) for one in self.troubles)
        if not self.live:
            return "No engagement is running."
        all_of_them = f"{words.in_words(self.live).lower()} engagement{'' if self.live == 1 else 's'}"
        if not red and not late:
            return f"None of {all_of_them} is red or late."
        told = []
        if red:
            told.append(f"{words.in_words(red)} of {all_of_them} {'is' if red == 1 else 'are'} red")
        if late:
            number = words.in_words(late) if not red else words.in_words(late).lower()
            told.append(
                f"{number}{'' if red else f' of {all_of_them}'} {'has' if late == 1 else 'have'} late deliverables"
            )
        return f"{', '.join(told)}."


def practice() -> Practice:
    """Twelve statements, however large the practice is."""
    day = today()
    weeks = weeks_from(monday_of(day), WEEKS_AHEAD)
    rows = rows_of(load_team(weeks[0], weeks[-1] + 6 * DAY), weeks)
    engagements = {row.id: row for row in db.session.execute(queries.portfolio(day))}
    troubles = _troubles(engagements, day)
    return Practice(
        rows=rows,
        weeks=weeks,
        troubles=troubles,
        dials=dials_of_engagements([one.engagement.id for one in troubles[:ENGAGEMENTS]]),
        coming=_coming(engagements.values(), day),
        outside=db.session.execute(queries.logged_outside(month_after(day, -1))).all(),
        live=sum(row.state is not EngagementState.DRAFT for row in engagements.values()),
        today=day,
    )


def _troubles(engagements: dict[int, Any], day: date) -> list[Trouble]:
    found: dict[int, list[Reason]] = defaultdict(list)
    for row in engagements.values():
        if row.lead is None and row.state in queries.RUNNING and row.starts <= day <= row.ends:
            found[row.id].append(Reason("lead", "Nobody leads it today", f"/engagements/{row.id}"))
    reviews: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(queries.areas_in_trouble(day)):
        if row.confirmed is Rag.RED:
            found[row.engagement_id].append(_red(row))
        if row.review_due and row.review_due < day and engagements[row.engagement_id].state in queries.RUNNING:
            reviews[row.engagement_id].append(row)
    for engagement_id, apart_ones in apart().items():
        if engagement_id in engagements and any(one.is_worse and one.suggested is Rag.RED for one in apart_ones):
            text = in_words((one for one in apart_ones if one.is_worse), day)
            found[engagement_id].append(Reason("evidence", text, f"/engagements/{engagement_id}"))
    for row in db.session.execute(queries.deliverables_in_trouble(day)):
        found[row.engagement_id].append(_late(row, day))
    for engagement_id, rows in reviews.items():
        found[engagement_id].append(_review(engagement_id, rows, day))
    troubles = [
        Trouble(engagements[one], tuple(sorted(reasons, key=lambda reason: RANK.index(reason.kind))))
        for one, reasons in found.items()
    ]
    return sorted(troubles, key=lambda one: (RANK.index(one.worst), -len(one.reasons), one.engagement.client))


def _red(row: Any) -> Reason:
    area = OF[row.area]
    asks = f": {row.ask}" if row.ask else ""
    by = f", by {words.day_month(row.ask_by)}" if row.ask_by else ""
    return Reason("red", f"{area.short} is red{asks}{by}", f"/engagements/{row.engagement_id}/areas/{area.slug}")


def _late(row: Any, day: date) -> Reason:
    name, href = f"DEL-{row.number:03} {row.title}", f"/deliverables/{row.id}"
    if row.state is State.SUBMITTED:
        return Reason("waiting", f"{name}: the client’s answer is {words.distance(row.answer_by, day)}", href)
    return Reason("late", f"{name}: {words.distance(row.baseline_due, day)}", href)


def _review(engagement_id: int, rows: Sequence[Any], day: date) -> Reason:
    oldest = min(rows, key=lambda row: row.review_due)
    area = OF[oldest.area]
    if len(rows) == 1:
        text = f"{area.short} is due for review, {words.distance(oldest.review_due, day)}"
    else:
        text = f"{len(rows)} areas are due for review, {area.short} {words.distance(oldest.review_due, day)}"
    return Reason("review", text, f"/engagements/{engagement_id}/areas/{area.slug}")


def _coming(engagements: Any, day: date) -> list[Coming]:
    """Drafts to activate, notice days and ends within sixty days, and leave that waits for a yes."""
    found = []
    for row in engagements:
        href = f"/engagements/{row.id}"
        if row.state is EngagementState.DRAFT:
            what = "should have begun; activate it or cancel it" if row.starts < day else "begins; activate it before"
            found.append(Coming(row.starts, row.client, what, href, row.starts < day))
            continue
        notice = row.ends - timedelta(days=row.notice_days)
        if row.ends < day:
            found.append(Coming(row.ends, row.client, "has ended; close it or extend it", href, is_late=True))
        elif row.ends <= day + AHEAD:
            found.append(Coming(row.ends, row.client, f"ends{_closing(row)}", href))
        elif day <= notice <= day + AHEAD and not row.notice_given_on:
            found.append(
                Coming(notice, row.client, f"is the last day for notice; it ends on {words.day_month(row.ends)}", href)
            )
    for row in db.session.execute(queries.leave_asked()):
        until = f" to {words.day_month(row.ends)}" if row.ends != row.begins else ""
        found.append(
            Coming(row.begins, row.name, f"asks for leave{until}", f"/people/leave/{row.id}", row.begins < day)
        )
    return sorted(found, key=lambda one: (one.day, one.title))


def _closing(row: Any) -> str:
    return "; it is closing" if row.state is EngagementState.CLOSING else "; extend it or begin to close it"


@pages.get("")
def show() -> ResponseReturnValue:
    return render_template(
        "desk/practice.html", practice=practice(), people=PEOPLE, engagements=ENGAGEMENTS, at_most=LINES
    )
