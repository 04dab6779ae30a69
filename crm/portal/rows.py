"""The working lists of an area as the client reads them: the rows shared with them, in their words, to read only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import Response, abort, g, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from crm.access.pages import PORTAL, Pages
from crm.areas.catalogue import area_of, register_of, registers_of
from crm.core.db import db
from crm.core.forms import plain_sum
from crm.core.lists import Filter, Listing, all_rows, arranged, csv_of, page_of
from crm.core.twelve import BY_SLUG, OF, TWELVE, Area, Responsibility
from crm.core.words import iso, money
from crm.people.models import Person
from crm.portal import plain
from crm.portal.shell import page
from crm.registers.models import RegisterEntry
from crm.registers.queries import counts_of, one_row, rows_of
from crm.registers.register import Register

pages = Pages("portal_registers", __name__, roles=PORTAL, url_prefix="/portal/areas/<string:slug>/<string:register>")
GLANCE = 4  # rows of a list on the page of its area


@dataclass(frozen=True)
class Shelf:
    """One list as the client sees it: of an area, or, of those that all areas keep, of all of them."""

    area: Responsibility | None
    register: Register
    number: int = 0  # rows that this reader may read

    @property
    def title(self) -> str:
        return self.told.title

    @property
    def told(self) -> Register:
        return self.register.for_the_client

    @cached_property
    def listing(self) -> Listing:
        listing = plain.in_plain_words(self.register.slug, self.register.client_listing)
        return listing if self.area else replace(listing, filters=[*listing.filters, self._by_area()])

    def _by_area(self) -> Filter:
        column, offered = self.register.entry.area, [(one.code.value, one.plain) for one in TWELVE]
        return Filter("area", "Area", offered, lambda word: column == Area(word), blank="Area: any")

    def url(self, page: str = "index", **more: Any) -> str:
        if self.area:
            return url_for(f"portal_registers.{page}", slug=self.area.slug, register=self.register.slug, **more)
        return url_for(f"portal_questions.{page}", register=self.register.slug, **more)

    def row_url(self, row: RegisterEntry) -> str:
        """A row is read in the area that it belongs to."""
        area, register = OF[row.area].slug, self.register.slug
        return url_for("portal_registers.show", slug=area, register=register, entry_id=row.id)

    def area_of(self, row: RegisterEntry) -> str:
        return OF[row.area].plain

    def say(self, row: RegisterEntry, name: str) -> str:
        """A column of a row, in the client's words."""
        value = getattr(row, name)
        if name in self.told.sums and value is not None:
            return money(value, g.practice.currency)
        return plain.told(self.register.slug, value)

    def rows(self) -> Select[Any]:
        """What is shared and in use. Whether this reader may read it is not asked here: other rows never arrive."""
        area = self.area.code if self.area else None
        kept = self.register.entry.archived_at.is_(None)
        return rows_of(self.register, g.viewer.client_id or 0, area).where(kept)


def shelf_of(slug: str, register: str) -> Shelf:
    """404 where there is no such area or list."""
    area = area_of(slug)
    found = area and register_of(area, register)
    if not area or not found:
        abort(404)
    return Shelf(BY_SLUG[slug], found)


def shelves_of(slug: str) -> list[Shelf]:
    """The lists of an area in which this reader may read anything, in one statement."""
    area = area_of(slug)
    numbers = counts_of(g.viewer.client_id or 0, BY_SLUG[slug].code)
    registers = registers_of(area) if area else ()
    return [Shelf(BY_SLUG[slug], one, numbers[one.kind][0]) for one in registers if one.kind in numbers]


def at_a_glance(shelf: Shelf) -> Sequence[Any]:
    """The first rows of a list, in its own order."""
    first = arranged(shelf.rows(), shelf.listing, MultiDict())[0].limit(GLANCE)
    return db.session.scalars(first).unique().all()


@pages.get("/")
def index(slug: str, register: str) -> ResponseReturnValue:
    return list_page(shelf_of(slug, register))


def list_page(shelf: Shelf) -> str:
    listed = page_of(shelf.rows(), shelf.listing)
    return page("portal/rows/list.html", "portal/rows/_list.html", shelf=shelf, page=listed)


@pages.get("/rows.csv")
def export(slug: str, register: str) -> ResponseReturnValue:
    return list_file(shelf_of(slug, register))


def list_file(shelf: Shelf) -> Response:
    rows = all_rows(shelf.rows(), shelf.listing)
    names, where = shelf.told.columns, [] if shelf.area else ["Area"]
    cells = (
        [*(_cell(shelf, row, one) for one in names.values()), *(shelf.area_of(row) for _ in where)] for row in rows
    )
    return csv_of([*names, *where], cells, shelf.register.slug)


def _cell(shelf: Shelf, row: RegisterEntry, name: str) -> str:
    """As a spreadsheet wants it: nothing is an empty cell, a sum is a plain number, a day is ISO."""
    value = getattr(row, name)
    if value in (None, "", []):
        return ""
    return plain_sum(value) if name in shelf.told.sums else plain.told(shelf.register.slug, value, iso)


@pages.get("/<id:entry_id>")
def show(slug: str, register: str, entry_id: int) -> ResponseReturnValue:
    shelf = shelf_of(slug, register)
    wanted = one_row(shelf.register, g.viewer.client_id or 0, entry_id, BY_SLUG[slug].code)
    row = db.session.scalar(wanted.where(shelf.register.entry.archived_at.is_(None)))
    if row is None:
        abort(404)
    writer = db.session.get(Person, row.changed_by_id) if row.changed_by_id else None
    return page("portal/rows/row.html", shelf=shelf, row=row, writer=writer)
