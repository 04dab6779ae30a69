"""Margin over twelve months by engagement, model, consultant and month; and what a day of each of us costs. Partners only."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask import Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, Pages
from crm.core import inputs
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import csv_of, download
from crm.core.web import answer, from_address
from crm.core.words import half_up, month
from crm.core.workbook import XLSX_TYPE, Money, Sheet, xlsx_of
from crm.engagements.states import MODEL_WORDS, EngagementModel
from crm.margin import queries as ask
from crm.margin.forms import RateForm
from crm.margin.formulas import Cell, Line, cost_of, lines_by, summed
from crm.margin.operations import drop_rate, set_rate
from crm.people.models import CostRate

pages = Pages("margin", __name__, roles=PARTNERS, url_prefix="/margin")
MONTHS = 12
BY = {"engagement": "Engagement", "model": "Model", "person": "Consultant", "month": "Month"}
NOBODY = "Nobody: no billable time in that month"


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    by: str
    until: date
    engagement: int | None
    model: str
    person: int | None
    month: date | None

    @property
    def first(self) -> date:
        return self.month or month_after(self.until, 1 - MONTHS)

    @property
    def last(self) -> date:
        return self.month or self.until

    def state(self, **changes: Any) -> dict[str, Any]:
        """For an address: what is chosen, with something changed."""
        said = {
            "by": self.by, "until": f"{self.until:%Y-%m}", "engagement": self.engagement, "model": self.model or None, "person": self.person,
            "month": self.month and f"{self.month:%Y-%m}",
        }  # fmt: skip
        return {name: value for name, value in (said | changes).items() if value is not None}


def asked() -> Asked:
    """Unknown names and values count as not given."""
    given = request.args
    by, model = given.get("by", ""), given.get("model", "")
    return Asked(
        by if by in BY else "engagement", from_address("until", inputs.month) or month_of(today()), _key(given.get("engagement", "")),
        model if model in set(EngagementModel) else "", _key(given.get("person", "")), from_address("month", inputs.month),
    )  # fmt: skip


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True)
class Found:
    """The figures of the page."""

    asked: Asked
    engagements: dict[int, ask.Known]
    people: dict[int, str]
    cells: Sequence[Cell]

    @property
    def lines(self) -> list[tuple[str, dict[str, Any], Line]]:
        """Each line by name, with the address of the rows behind it; the largest revenue first, months in order."""
        made = [
            (self.name_of(line.key), self._state_of(line.key), line) for line in lines_by(self.cells, self._key_of())
        ]
        if self.asked.by == "month":
            return sorted(made, key=lambda one: str(one[2].key))
        return sorted(made, key=lambda one: (-one[2].revenue, one[0]))

    @property
    def total(self) -> Line:
        return summed("all", self.cells)

    def _key_of(self) -> Callable[[Cell], Hashable]:
        return {
            "engagement": lambda one: one.engagement_id, "model": lambda one: self.engagements[one.engagement_id].model.value,
            "person": lambda one: one.person_id, "month": lambda one: one.month,
        }[self.asked.by]  # fmt: skip

    def name_of(self, key: Any) -> str:
        match self.asked.by:
            case "engagement":
                return self.engagements[key].name
            case "model":
                return MODEL_WORDS[EngagementModel(key)]
            case "person":
                return self.people.get(key, NOBODY) if key else NOBODY
            case _:
                return month(key)

    def _state_of(self, key: Any) -> dict[str, Any]:
        """What of the address names these rows: 0 is nobody."""
        said = f"{key:%Y-%m}" if isinstance(key, date) else key or 0
        return self.asked.state(**{self.asked.by: said})


def found() -> Found:
    """Four statements, however much was worked."""
    wanted, engagements, people = asked(), ask.engagements(), ask.people()
    cells = [
        one
        for one in ask.cells_between(wanted.first, wanted.last)
        if one.engagement_id in engagements
        and wanted.engagement in {None, one.engagement_id}
        and wanted.model in {"", engagements[one.engagement_id].model.value}
        and wanted.person in {None, one.person_id or 0}
    ]
    return Found(wanted, engagements, people, cells)


@pages.get("")
def show() -> ResponseReturnValue:
    figures = found()
    return render_template(
        "margin/show.html", found=figures, asked=figures.asked, BY=BY, MODELS=MODEL_WORDS, percent_of=_percent
    )


def _percent(line: Line) -> Fraction | None:
    return line.percent


@pages.get("/rows")
def rows() -> ResponseReturnValue:
    """What stands behind a figure: the lines that were issued, and the time with what it cost that day."""
    figures = found()
    wanted = figures.asked
    ids = sorted(
        one.id
        for one in figures.engagements.values()
        if wanted.engagement in {None, one.id} and wanted.model in {"", one.model.value}
    )
    time = ask.time_behind(wanted.first, wanted.last, ids, wanted.person)
    return render_template(
        "margin/rows.html", found=figures, asked=wanted, total=figures.total, MODELS=MODEL_WORDS, most=ask.ROWS,
        lines=db.session.scalars(ask.lines_behind(wanted.first, wanted.last, ids)).unique().all(), time=time,
        cost=lambda row: None if row.rate is None else cost_of(row.minutes * row.rate),
    )  # fmt: skip


HEADS = ("Engagement", "Model", "Consultant", "Month", "Revenue", "Cost", "Margin", "Minutes", "Minutes without a cost")


def _cells(figures: Found) -> Iterator[tuple[Any, ...]]:
    for one in sorted(figures.cells, key=lambda one: (one.month, one.engagement_id, one.person_id or 0)):
        known = figures.engagements[one.engagement_id]
        who = figures.people.get(one.person_id, NOBODY) if one.person_id else NOBODY
        yield (
            known.name,
            MODEL_WORDS[known.model],
            who,
            f"{one.month:%Y-%m}",
            one.revenue,
            one.cost,
            one.revenue - one.cost,
            one.minutes,
            one.unrated,
        )


def _units(minor: int) -> str:
    return f"{half_up(Fraction(minor, 100), 2)}"


@pages.get("/margin.csv")
def as_csv() -> Response:
    lines = ((*row[:4], *(_units(sum_of) for sum_of in row[4:7]), *row[7:]) for row in _cells(found()))
    return csv_of(HEADS, lines, "margin")


@pages.get("/margin.xlsx")
def as_xlsx() -> Response:
    lines = [(*row[:4], *(Money(sum_of) for sum_of in row[4:7]), *row[7:]) for row in _cells(found())]
    return download(xlsx_of(Sheet("Margin", HEADS, lines)), "margin.xlsx", XLSX_TYPE)


# What a day costs


@pages.route("/rates", methods=["GET", "POST"])
def rates() -> ResponseReturnValue:
    form = RateForm(data={"begins": month_of(today())})
    form.person_id.of(ask.people().items())

    def page(form: Form) -> str:
        return render_template(
            "margin/rates.html", form=form, rates=ask.rates(), missing=ask.without_a_rate(), press=lambda: Form(None)
        )

    def deed(press: Press) -> CostRate:
        made = set_rate(**form.fields(), viewer=g.viewer, press=press)
        flash("Kept. Days before it keep the rate that they had.", "g")
        return made

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=url_for(".rates"))


@pages.post("/rates/<id:rate_id>/removal")
def drop(rate_id: int) -> ResponseReturnValue:
    rate = db.get_or_404(CostRate, rate_id)

    def page(_: Form) -> str:
        return render_template(
            "margin/rates.html",
            form=RateForm(None),
            rates=ask.rates(),
            missing=ask.without_a_rate(),
            press=lambda: Form(None),
        )

    return answer(Form(), lambda press: drop_rate(rate, viewer=g.viewer, press=press), page, leads_to=url_for(".rates"))
