"""The practice: what a partner must know on Monday morning. Answers first, in one look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, Pages
from crm.core import words
from crm.core.calendar import DAY, monday_of, month_after
from crm.core.clock import today
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.core.ring import Dial, dial
from crm.core.twelve import OF, Scope
from crm.desk import practice_queries as queries
from crm.engagements.scopes import Rag
from crm.engagements.states import EngagementState
from crm.evidence.queries import in_words
from crm.figures import standings
from crm.health.formulas import Health
from crm.health.queries import Due, Judged, healths
from crm.health.reasons import reasons
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

    kind: str  # forced, red, evidence, late, health, waiting or review: the gravest first
    text: str
    href: str


RANK = ("forced", "red", "evidence", "late", "health", "waiting", "review")
ORDER = (Rag.RED, Rag.AMBER, Rag.GREEN)


@dataclass(frozen=True)
class Trouble:
    """An engagement that needs a look."""

    judged: Judged
    on: date

    @cached_property
    def reasons(self) -> Sequence[Reason]:
        """Read of the few that are shown, and of those whose health alone says nothing."""
        return _reasons(self.judged, self.on)

    @property
    def engagement(self) -> Any:
        return self.judged.engagement

    @property
    def code(self) -> str:
        return engagement_code(self.engagement.number)

    @property
    def health(self) -> Health:
        return self.judged.health

    @property
    def dial(self) -> Dial:
        return dial(self.judged.areas)

    @property
    def tag(self) -> str:
        numbers = {
            "red": sum(one.scope is not Scope.OUT and one.confirmed is Rag.RED for one in self.judged.areas),
            "late": len(self.judged.late),
        }
        said = {"red": words.plural(numbers["red"], "red area"), "late": f"{numbers['late']} late"}
        return ", ".join(said[kind] for kind, number in numbers.items() if number)


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
        """Red and amber are the health of our work (F10), not the colours of the client's areas."""
        if not self.live:
            return "No engagement is running."
        every = f"{words.in_words(self.live).lower()} engagement{'' if self.live == 1 else 's'}"
        red, amber = (sum(one.health.verdict is colour for one in self.troubles) for colour in (Rag.RED, Rag.AMBER))
        late = sum(bool(one.judged.late) for one in self.troubles)
        counted = [(red, "is red", "are red"), (amber, "is amber", "are amber")]
        counted.append((late, "has late deliverables", "have late deliverables"))
        told = [(number, one if number == 1 else many) for number, one, many in counted if number]
        if not told:
            return f"None of {every} is red, amber or late."
        (first, does), *others = told
        rest = [f"{words.in_words(number).lower()} {says}" for number, says in others]
        return f"{', '.join([f'{words.in_words(first)} of {every} {does}', *rest])}."


def practice() -> Practice:
    """Twelve statements, however large the practice is."""
    day = today()
    weeks = weeks_from(monday_of(day), WEEKS_AHEAD)
    rows = rows_of(load_team(weeks[0], weeks[-1] + 6 * DAY), weeks)
    engagements = standings(day)
    return Practice(
        rows=rows,
        weeks=weeks,
        troubles=_troubles(healths(day, known=engagements).values(), day),
        coming=_coming(engagements.values(), day),
        outside=db.session.execute(queries.logged_outside(month_after(day, -1))).all(),
        live=sum(row.state is not EngagementState.DRAFT for row in engagements.values()),
        today=day,
    )


def _troubles(every: Iterable[Judged], day: date) -> list[Trouble]:
    """Whose health is not green, and who needs a look for another reason: the worst health first."""
    found = [Trouble(one, day) for one in every]
    return sorted(
        (
            one
            for one in found
            if one.health.verdict is not Rag.GREEN or any(why.kind != "health" for why in one.reasons)
        ),
        key=lambda one: (
            ORDER.index(one.health.verdict),
            one.health.score,
            one.engagement.client,
            one.engagement.number,
        ),
    )


def _reasons(judged: Judged, day: date) -> list[Reason]:
    """The gravest first; one for each place where something is to be done."""
    found = [Reason("forced" if one.forces else "health", one.text, one.href) for one in reasons(judged)]
    row, overdue = judged.engagement, []
    for area in (one for one in judged.areas if one.scope is not Scope.OUT):
        if area.confirmed is Rag.RED:
            found.append(_red(row.id, area))
        if judged.runs and area.review_due and area.review_due < day:
            overdue.append(area)
    if any(one.is_worse and one.suggested is Rag.RED for one in judged.apart):
        text = in_words((one for one in judged.apart if one.is_worse), day)
        found.append(Reason("evidence", text, f"/engagements/{row.id}"))
    found += [_late(one, day) for one in judged.late] + [_waiting(one, day) for one in judged.unanswered]
    if overdue and all(one.is_fresh for one in judged.work.areas):
        found.append(_review(row.id, overdue, day))
    gravest: dict[str, Reason] = {}
    for one in sorted(found, key=lambda one: RANK.index(one.kind)):
        gravest.setdefault(one.href, one)
    return list(gravest.values())


def _red(engagement_id: int, row: Any) -> Reason:
    area = OF[row.area]
    asks = f": {row.ask}" if row.ask else ""
    by = f", by {words.day_month(row.ask_by)}" if row.ask_by else ""
    return Reason("red", f"{area.short} is red{asks}{by}", f"/engagements/{engagement_id}/areas/{area.slug}")


def _late(one: Due, day: date) -> Reason:
    return Reason("late", f"{one.code} {one.title}: {words.distance(one.baseline_due, day)}", f"/deliverables/{one.id}")


def _waiting(one: Due, day: date) -> Reason:
    text = f"{one.code} {one.title}: the client’s answer is {words.distance(one.answer_by, day)}"
    return Reason("waiting", text, f"/deliverables/{one.id}")


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
