"""Exports that no spreadsheet runs, and lists whose address nobody can break."""

import csv
import io
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.clients.models import Client
from crm.core import lists
from crm.core.lists import Filter, Listing, arranged, csv_of, folded, page_of, safe_cell

LISTING = Listing(
    sorts={"name": [Client.name], "code": [Client.code]},
    key=Client.id,
    search=[Client.name],
    filters=[Filter("sector", "Sector", [("food", "Food")], lambda value: Client.sector == value)],
)


def test_dangerous_cells_are_disarmed():
    for text in ("=1+1", "+1", "@x", "-x", " =x", "\t=x", '"=x', "\u200b=x", "|x", "%x", "\uff1dx", "'=x"):
        assert safe_cell(text).startswith("'"), text
    assert [safe_cell(text) for text in ("-1.5", "-12", "plain", "12:30", None, 7)] == [
        "-1.5",
        "-12",
        "plain",
        "12:30",
        "",
        "7",
    ]


@settings(max_examples=500)
@given(rows=st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_a_csv_comes_back_and_holds_no_formula(rows):
    text = csv_of(["a", "b"], rows, "x").get_data(as_text=True).removeprefix("\ufeff")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[1:] == [[safe_cell(cell) for cell in row] for row in rows]
    assert all(safe_cell(cell) in {cell, f"'{cell}"} for row in rows for cell in row)
    assert not any(cell.lstrip('\t\r\n "')[:1] in {"=", "+", "@", "|", "%"} for row in found for cell in row)


@settings(max_examples=300)
@given(q=st.text(), sort=st.text(), sector=st.text())
def test_any_address_is_a_list(q, sort, sector):
    query, name, _, words, chosen = arranged(
        select(Client), LISTING, MultiDict({"q": q, "sort": sort, "sector": sector})
    )
    assert name in LISTING.sorts
    assert chosen["sector"] in {"", "food"}
    assert len(words) <= 200
    assert str(query)


def test_search_takes_its_wild_cards_as_letters(see, cast, stage):
    stage.add(Client(code="WILD", name="100% of_it"))
    stage.commit()
    with see(cast.ada) as session:
        for q, number in (("100%", 1), ("of_it", 1), ("0%_", 0), ("north", 1), ("%", 1)):
            query = arranged(select(Client), LISTING, MultiDict({"q": q}))[0]
            assert len(session.scalars(query).all()) == number, q


def test_folding():
    assert folded("Müller Ångström ÉTÉ") == "muller angstrom ete"


def test_a_list_may_begin_with_the_newest():
    newest = replace(LISTING, newest_first=True)
    for asked, first in (
        ("", ("name", True)),
        ("name", ("name", False)),
        ("-code", ("code", True)),
        ("x", ("name", True)),
    ):
        assert arranged(select(Client), newest, MultiDict({"sort": asked}))[1:3] == first, asked
    assert (LISTING.default, newest.default) == ("name", "-name")


def test_nobody_counts_further_than_one_can_page(app, see, cast, stage, monkeypatch):
    monkeypatch.setattr(lists, "LAST_PAGE", 2)
    few = replace(LISTING, per_page=3)
    stage.add_all(Client(id=n, code=f"C{n}", name=f"Client {n}") for n in range(3, 8))
    stage.commit()
    for more, (total, last, capped) in ((0, (7, 2, True)), (1, (6, 2, False)), (4, (3, 1, False))):
        query = select(Client).where(Client.id > more)
        with app.test_request_context("/"), see(cast.ada):
            page = page_of(query, few)
            assert (page.total, page.last, page.is_capped) == (total, last, capped), more


def test_a_folded_filter_stands_open_only_when_it_is_set():
    """Its default counts as not set."""
    kept = Filter(
        "kept",
        "In use",
        [("kept", "In use"), ("gone", "Archived")],
        lambda value: Client.sector == value,
        default="kept",
        rare=True,
    )

    def page(**chosen):
        return lists.Page(
            replace(LISTING, filters=[*LISTING.filters, kept]),
            [],
            1,
            0,
            "name",
            False,
            "",
            {"sector": "", "kept": "kept"} | chosen,
        )

    assert not page().has_rare
    assert not page().is_filtered
    assert not page(sector="food").has_rare
    assert page(sector="food").is_filtered
    assert page(kept="gone").has_rare
    assert page(kept="gone").is_filtered
