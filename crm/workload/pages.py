"""The workload: people by week, what is behind a cell, logged against planned, utilisation, and their exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.core import inputs, words
from crm.core.calendar import DAY, WEEK, monday_of, month_after, month_end, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.lists import PER_PAGE, csv_of
from crm.core.viewer import Role
from crm.core.web import from_address, page_or_part
from crm.people.models import Person
from crm.workload import billing, effort, heat
from crm.workload.behind import behind
from crm.workload.formulas import NONE, band, load
from crm.workload.plan import WEEKS_SHOWN, Row, Week, rows_of, weeks_from
from crm.workload.queries import FOR_CLIENTS, bounds_of, load_team, logged

pages = Pages("workload", __name__, roles=DESK, url_prefix="/workload")
LONGEST = 36  # months of one utilisation report


def in_full() -> bool:
    """Partners see everybody's figures; a consultant their own (docs/domain.md, who sees what)."""
    return bool(g.viewer.role is Role.PARTNER)


def whose() -> list[int] | None:
    """For figures that a consultant sees of nobody else: the only person, or None for everybody."""
    return None if in_full() else [g.viewer.person_id or 0]


def asked_week(name: str, otherwise: date) -> date:
    """The Monday of the day in the address; what is no day counts as not given."""
    day = from_address(name, inputs.day)
    return monday_of(day) if day else otherwise


@dataclass(frozen=True)
class Shown:
    """Which of the people are on this page of a long list."""

    number: int
    last: int

    def cut(self, lines: Sequence[heat.Line]) -> Sequence[heat.Line]:
        return lines[(self.number - 1) * PER_PAGE : self.number * PER_PAGE]


def page_of_people(total: int) -> Shown:
    asked, last = request.args.get("page", "1"), max(1, -(-total // PER_PAGE))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    return Shown(max(1, min(number, last)), last)


def team_rows(weeks: Sequence[date], people: Sequence[int] | None = None) -> list[Row]:
    return rows_of(load_team(weeks[0], weeks[-1] + 6 * DAY, people), weeks)


@pages.get("")
def show() -> ResponseReturnValue:
    running = monday_of(today())
    weeks = weeks_from(asked_week("from", running))
    rows = team_rows(weeks)
    ahead = rows if weeks[0] == running else team_rows(weeks_from(running, 6))
    lines = heat.lines_for(rows, me=g.viewer.person_id, in_full=in_full())
    page = page_of_people(len(lines))
    own = next((row for row in ahead if row.member.id == g.viewer.person_id), None)
    return render_template(
        "workload/show.html",
        answer=heat.answer_of(ahead) if in_full() else heat.own_answer(own),
        weeks=weeks,
        last_day=weeks[-1] + 6 * DAY,
        running=running,
        lines=page.cut(lines),
        page=page,
        totals=heat.totals_of(rows, weeks) if in_full() else None,
        unplaced=[row for row in rows if row.unplaced] if in_full() else [],
        over=heat.by_excess(ahead) if in_full() else [],
        room=heat.by_room(ahead) if in_full() else [],
        earlier=weeks[0] - WEEKS_SHOWN * WEEK,
        later=weeks[0] + WEEKS_SHOWN * WEEK,
    )


@pages.get("/allocated.csv")
def export_allocated() -> Response:
    weeks = weeks_from(asked_week("from", monday_of(today())))
    lines = heat.lines_for(team_rows(weeks), me=g.viewer.person_id, in_full=in_full())
    headings = [
        "Person",
        "Role",
        "Most delivery days a week",
        *(f"Week of {words.iso(week)}, load %" for week in weeks),
        "13 weeks, load %",
    ]
    return csv_of(headings, map(_exported, lines), f"workload-{weeks[0]}")


def _exported(line: heat.Line) -> list[str]:
    figures = [
        words.decimals(found, places) if found is not None else ""
        for found, places in ((line.capacity, 2), (line.total, 1))
    ]
    return [line.name, line.kind.value, figures[0], *(cell.text for cell in line.cells), figures[1]]


@pages.get("/logged")
def show_logged() -> ResponseReturnValue:
    """Past weeks and the running one: what was logged against what was planned."""
    running = monday_of(today())
    weeks = weeks_from(min(asked_week("from", running - (WEEKS_SHOWN - 1) * WEEK), running))
    lines, practice, finished = _logged(weeks, running)
    page = page_of_people(len(lines))
    return render_template(
        "workload/logged.html",
        answer=heat.logged_answer(lines, practice, finished),
        weeks=weeks,
        last_day=weeks[-1] + 6 * DAY,
        running=running,
        lines=page.cut(lines),
        page=page,
        practice_total=practice if in_full() else None,
        earlier=weeks[0] - WEEKS_SHOWN * WEEK,
        later=weeks[0] + WEEKS_SHOWN * WEEK,
    )


def _logged(weeks: Sequence[date], running: date) -> tuple[list[heat.Line], Fraction | None, int]:
    rows, minutes = team_rows(weeks, whose()), logged(bounds_of(weeks), FOR_CLIENTS, whose())
    finished = sum(week < running for week in weeks)
    lines = [heat.logged_line(row, minutes[row.member.id], finished) for row in sorted(rows, key=lambda row: row.name)]
    planned = sum((line.capacity or NONE for line in lines), NONE)
    done = sum(minutes[row.member.id].get(n, 0) for row in rows for n in range(finished))
    return lines, heat.kept(done, planned), finished


@pages.get("/logged.csv")
def export_logged() -> Response:
    running = monday_of(today())
    weeks = weeks_from(min(asked_week("from", running - (WEEKS_SHOWN - 1) * WEEK), running))
    lines, _, _ = _logged(weeks, running)
    headings = [
        "Person",
        "Role",
        "Planned days in finished weeks",
        *(f"Week of {words.iso(week)}, % of plan" for week in weeks),
        "Finished weeks, % of plan",
    ]
    return csv_of(headings, map(_exported, lines), f"logged-{weeks[0]}")


def _range() -> tuple[date, date]:
    """The months asked for: the last three complete ones unless the address says otherwise."""
    this = month_of(today())
    last = min(from_address("to", inputs.month) or month_after(this, -1), this)
    first = min(from_address("from", inputs.month) or month_after(last, -2), last)
    return max(first, month_after(last, 1 - LONGEST)), last


@pages.get("/utilisation")
def show_utilisation() -> ResponseReturnValue:
    first, last = _range()
    until = billing.counted_until(last, today())
    billed = billing.billed_between(first, until, whose())
    return render_template(
        "workload/utilisation.html",
        answer=billing.answer_of(billed),
        billed=billed,
        practice_share=billing.share_of_all(billed) if in_full() else None,
        first=first,
        last=last,
        until=until,
        is_running=until < month_end(last),
        this=month_of(today()),
        month_after=month_after,
    )


@pages.get("/utilisation.csv")
def export_utilisation() -> Response:
    first, last = _range()
    billed = billing.billed_between(first, billing.counted_until(last, today()), whose())
    headings = ["Person", "Role", "Net capacity, days", "Billable, days", "Utilisation %", "Target %", "Against target"]
    return csv_of(headings, ([one.name, one.member.kind.value, words.decimals(one.net), words.decimals(one.days),
                              "" if one.share is None else words.decimals(one.share, 1), one.target, one.said]
                             for one in billed), f"utilisation-{first:%Y-%m}-to-{last:%Y-%m}")  # fmt: skip


@pages.get("/effort")
def show_effort() -> ResponseReturnValue:
    """What is left to do on deliverables, by person and week; for partners and for leads."""
    weeks = effort.weeks_ahead(today())
    rows = effort.rows_of(effort.parts(g.viewer, today(), g.practice.region), weeks)
    page = page_of_people(len(rows))
    known = {row.member.id: row.weeks for row in team_rows(weeks, whose())}
    return render_template(
        "workload/effort.html", rows=rows[(page.number - 1) * PER_PAGE : page.number * PER_PAGE], weeks=weeks, page=page,
        running=weeks[0], last_day=weeks[-1] + 6 * DAY, total=sum((row.total for row in rows), NONE),
        overdue=sum((row.overdue for row in rows), NONE),
        shades={row.person_id: _shades(row, known[row.person_id]) for row in rows if row.person_id in known},
    )  # fmt: skip


def _shades(row: effort.Row, weeks: Sequence[Week]) -> list[str]:
    """How full each week is with this work alone, as the heat map colours it."""
    loads = [load(row.weeks[week.begins], week.delivery) for week in weeks]
    return [heat.shade_of(found, band(found)) for found in loads]


@pages.get("/effort/<id:person_id>")
def show_effort_of(person_id: int) -> ResponseReturnValue:
    """The deliverables behind a cell: of one week, or of all."""
    found = effort.parts(g.viewer, today(), g.practice.region, person_id)
    if not found and not in_full() and person_id != g.viewer.person_id:
        abort(404)  # of colleagues one knows what one leads
    person = db.get_or_404(Person, person_id)
    week = asked_week("week", date.min) if "week" in request.args else date.min
    if week != date.min:
        found = [one for one in found if one.weeks.get(week)]
    return render_template(
        "workload/effort_of.html", person=person, parts=found, week=week if week != date.min else None,
        total=sum((one.weeks.get(week, NONE) if week != date.min else one.days for one in found), NONE),
    )  # fmt: skip


@pages.get("/<id:person_id>")
def show_week(person_id: int) -> ResponseReturnValue:
    """What is behind a cell: alone when htmx asks, else as a page of its own."""
    if not in_full() and person_id != g.viewer.person_id:
        abort(404)  # of colleagues one knows how full their weeks are, not what fills them
    person = db.get_or_404(Person, person_id)
    monday = asked_week("week", monday_of(today()))
    return page_or_part(
        "workload/week.html",
        "workload/_week.html",
        person=person,
        monday=monday,
        before=monday - WEEK,
        after=monday + WEEK,
        running=monday_of(today()),
        behind=behind(person, monday, with_room=in_full()),
    )
