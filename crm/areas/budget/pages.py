"""The budget of a client by category: agreed, spent and expected, and what was saved."""

from collections.abc import Iterator

from flask import Response, request, url_for

from crm.access.pages import DESK, Pages
from crm.areas.budget import queries
from crm.areas.budget.area import AREA, LINES
from crm.areas.budget.sums import Budget, Savings, Sums, share
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import plain_sum
from crm.core.lists import csv_of
from crm.core.words import amount, worded
from crm.registers.place import Place

pages = Pages("budget", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/budget/lines")
HEADINGS = ("Year", "Category", "Lines", "Budget", "Of it approved", "Spent so far", "Expected", "Over", "Over by, %")


def years_of(client_id: int) -> dict[str, int]:
    return {year: int(spent) for year, spent in db.session.execute(queries.years_of(client_id))}


def chosen(years: dict[str, int]) -> str:
    """The year of the address; else the newest that something was spent in; else the newest."""
    spent = (year for year, sum_of_year in years.items() if sum_of_year)
    asked = request.args.get("year", "")
    return asked if asked in years else next(spent, next(iter(years), ""))


def the_budget(client_id: int, year: str) -> Budget:
    return Budget.of(year, db.session.execute(queries.sums_of(client_id, year)))


@pages.get("/by-category")
def show(client_id: int) -> str:
    place, years = Place.of(client_id, AREA, LINES), years_of(client_id)
    year = chosen(years)
    return place.show(
        "areas/budget/by_category.html",
        view="By category",
        has_rows=bool(years),
        export=url_for(".export", client_id=client_id, year=year),
        years=years,
        budget=the_budget(client_id, year),
        over_lines=db.session.scalars(queries.over_of(client_id, year)).all(),
        savings=Savings(*map(int, db.session.execute(queries.savings_of(client_id, today())).one())),
        share=share,
    )


@pages.get("/by-category.csv")
def export(client_id: int) -> Response:
    place = Place.of(client_id, AREA, LINES)
    found = the_budget(client_id, chosen(years_of(client_id)))
    return csv_of(HEADINGS, _lines(found), f"{place.client.code}-budget")


def _lines(budget: Budget) -> Iterator[list[str]]:
    for category, sums in budget.categories:
        yield [budget.year, worded(category), *_cells(sums)]
    yield [budget.year, "All", *_cells(budget.total)]


def _cells(sums: Sums) -> list[str]:
    over = "" if sums.over is None else _signed(sums.over)
    money = (plain_sum(one) for one in (sums.budget, sums.approved))
    return [str(sums.lines), *money, _signed(sums.spent), _signed(sums.expected), over,
            "" if sums.over_by is None else amount(sums.over_by)]  # fmt: skip


def _signed(minor: int) -> str:
    return plain_sum(minor) if minor >= 0 else f"-{plain_sum(-minor)}"
