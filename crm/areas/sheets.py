"""Registers as sheets: what a list shows and every field as CSV and XLSX, a template, and rows that somebody brings."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages, slow
from crm.access.policy import may
from crm.areas.offers import everything_of, offer_to
from crm.areas.views import the_place
from crm.core.db import db
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Form, Press, plain_sum
from crm.core.lists import AT_MOST, all_rows, csv_of, download
from crm.core.ownership import Visibility
from crm.core.tables import Unreadable
from crm.core.web import answer
from crm.core.words import plural
from crm.core.workbook import XLSX_TYPE, Money, Sheet, xlsx_of
from crm.registers.cells import Teller, told
from crm.registers.columns import Column, columns_of
from crm.registers.forms import EntryForm
from crm.registers.imports import operations as do
from crm.registers.imports.checking import Checked, check
from crm.registers.imports.files import BYTES, ROWS, Table, table_of
from crm.registers.imports.forms import TakeForm, UploadForm
from crm.registers.imports.models import RowImport
from crm.registers.models import RegisterEntry
from crm.registers.place import Place
from crm.registers.register import Register

pages = Pages("sheets", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/<slug>/<register>")
KINDS = ("csv", "xlsx")
SHOWN = 50  # bad rows on the page of an import


def the_kind(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound
    return kind


def blank(place: Place) -> EntryForm:
    """A form of the register that nothing was typed into, to read lines with."""
    return place.register.form(formdata=None, meta={"csrf": False})


# What stands in a register.


@pages.get("/rows.<kind>")
def rows(client_id: int, slug: str, register: str, kind: str) -> ResponseReturnValue:
    """What the list shows, all its pages."""
    the_kind(kind)
    place = the_place(client_id, slug, register)
    headings = [*place.register.columns, "Shared with the client", "To be confirmed", "Archived"]
    lines = [_cells(place.register, row) for row in _listed(place)]
    return _sheet(place, kind, Sheet(place.register.title, headings, lines))


@pages.get("/fields.<kind>")
def fields(client_id: int, slug: str, register: str, kind: str) -> ResponseReturnValue:
    """Every field under its heading, as the import reads it back."""
    the_kind(kind)
    place = the_place(client_id, slug, register)
    form, found = blank(place), _listed(place)
    offer = everything_of(form, place.client)
    offer.fill(form)
    teller, columns = Teller(form, offer), columns_of(form, offer)
    headings = [one.heading for one in columns]
    sheet = Sheet(place.register.title, headings, [teller.line(row) for row in found], _offered(columns))
    return _sheet(place, kind, sheet, "-all-fields")


def _listed(place: Place) -> Sequence[RegisterEntry]:
    return all_rows(place.rows(), place.listing)


def _cells(register: Register, row: RegisterEntry) -> list[Any]:
    cells = [told(getattr(row, name), is_sum=name in register.sums) for name in register.columns.values()]
    flags = (row.visibility is Visibility.CLIENT, row.to_be_confirmed, row.archived_at is not None)
    return [*cells, *map(told, flags)]


def _sheet(place: Place, kind: str, sheet: Sheet, what: str = "") -> ResponseReturnValue:
    name = f"{place.client.code}-{place.register.slug}{what}"
    if kind == "csv":
        return csv_of(sheet.headings, ([_plainly(cell) for cell in line] for line in sheet.rows), name)
    return download(xlsx_of(sheet), f"{name}.xlsx", XLSX_TYPE)


def _plainly(cell: Any) -> Any:
    return plain_sum(cell.minor) if isinstance(cell, Money) else cell


def _offered(columns: Sequence[Column]) -> dict[int, Sequence[str]]:
    return {place: one.words for place, one in enumerate(columns) if one.words}


# The template.


@pages.get("/template.<kind>")
def template(client_id: int, slug: str, register: str, kind: str) -> ResponseReturnValue:
    """The headings alone; as a workbook with lists to choose from, and a sheet that says what each column takes."""
    the_kind(kind)
    place = the_place(client_id, slug, register)
    columns = _columns(place)
    headings = [f"{one.heading} *" if one.is_required else one.heading for one in columns]
    name = f"{place.register.slug}-template"
    if kind == "csv":
        return csv_of(headings, (), name)
    notes = Sheet("Notes", ["Column", "Needed", "What it takes", "Example"], list(_notes(columns)), wide=40)
    sheet = Sheet(place.register.title, headings, (), _offered(columns))
    return download(xlsx_of(sheet, notes), f"{name}.xlsx", XLSX_TYPE)


def _columns(place: Place) -> list[Column]:
    form = blank(place)
    offer = offer_to(form, place.client)
    offer.fill(form)
    return columns_of(form, offer)


def _notes(columns: Sequence[Column]) -> Iterator[Sequence[str]]:
    for one in columns:
        yield one.heading, "yes" if one.is_required else "", one.allowed, one.example


# Bringing rows.


def mine(place: Place, batch_id: int) -> RowImport:
    """One's own import into this register, or a 404."""
    found: RowImport = db.one_or_404(
        select(RowImport).where(
            RowImport.id == batch_id, RowImport.person_id == g.viewer.person_id, RowImport.client_id == place.client.id,
            RowImport.kind == place.register.kind, RowImport.area == place.area.code,
        )
    )  # fmt: skip
    return found


def dry_run(place: Place, table: Table) -> Checked:
    form = blank(place)
    offer = offer_to(form, place.client, at_most=AT_MOST)
    return check(place.register, table, form, offer, viewer=g.viewer, area=place.area.code)


@pages.get("/import")
def show(client_id: int, slug: str, register: str) -> ResponseReturnValue:
    return _asks(the_place(client_id, slug, register), UploadForm(formdata=None))


def _asks(place: Place, form: Form) -> str:
    if not may(g.viewer, "register.add", place.client):
        raise NotPermitted("register.add")
    at_most = f"{BYTES // (1024 * 1024)} MB and {ROWS:,} rows"
    return place.render("imports/bring", form=form, columns=_columns(place), at_most=at_most)


@pages.post("/import")
@slow
def bring(client_id: int, slug: str, register: str) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    form = UploadForm(CombinedMultiDict([request.files, request.form]))
    if not may(g.viewer, "register.add", place.client):
        raise NotPermitted("register.add")

    def deed(press: Press) -> RowImport:
        file, name = form.file.data.stream, form.file.data.filename or ""
        try:
            table = table_of(file, _columns(place))
        except Unreadable as error:
            raise Refused(str(error), "file") from None
        return do.bring_rows(
            place.register, place.client, place.area.code, table, dry_run(place, table), file=file, file_name=name,
            viewer=g.viewer, press=press,
        )  # fmt: skip

    return answer(
        form,
        deed,
        lambda form: _asks(the_place(client_id, slug, register), form),
        leads_to=lambda batch: place.sheet("one", batch_id=batch.id),
    )


@pages.get("/import/<id:batch_id>")
def one(client_id: int, slug: str, register: str, batch_id: int) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    return _dry(place, mine(place, batch_id), None)


def _dry(place: Place, batch: RowImport, refused: Form | None) -> str:
    kept = batch.kept
    press = Form(formdata=None, version=str(batch.version))
    form = refused or TakeForm(formdata=None, version=str(batch.version), leave_out_known=True)
    shown = {name: kept.get(name, [])[:SHOWN] for name in ("bad", "remarks")}
    return place.render(
        "imports/dry", batch=batch, press=press, form=form, refused=refused, unread=kept.get("unread", ()), **shown
    )


@pages.post("/import/<id:batch_id>/taking")
@slow
def take(client_id: int, slug: str, register: str, batch_id: int) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    batch, form = mine(place, batch_id), TakeForm(request.form)

    def deed(press: Press) -> RowImport:
        taken = do.take_rows(
            batch, lambda table: dry_run(place, table), leave_out_known=form.leave_out_known.data, viewer=g.viewer, press=press
        )  # fmt: skip
        flash(f"{plural(taken.taken, 'row')} imported. Only the team reads them until you share them.", "g")
        return taken

    return answer(form, deed, lambda form: _once_more(client_id, slug, register, batch_id, form), leads_to=place.url())


def _once_more(client_id: int, slug: str, register: str, batch_id: int, form: Form) -> str:
    place = the_place(client_id, slug, register)
    return _dry(place, mine(place, batch_id), form)


@pages.post("/import/<id:batch_id>/dropping")
def drop(client_id: int, slug: str, register: str, batch_id: int) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    batch, form = mine(place, batch_id), Form(request.form)
    return answer(
        form,
        lambda press: do.drop_rows(batch, viewer=g.viewer, press=press),
        lambda form: _once_more(client_id, slug, register, batch_id, form),
        leads_to=place.url(),
    )


@pages.get("/import/<id:batch_id>/bad.csv")
def bad(client_id: int, slug: str, register: str, batch_id: int) -> ResponseReturnValue:
    """Every row that cannot be taken, by line, column and reason."""
    place = the_place(client_id, slug, register)
    found = mine(place, batch_id).kept.get("bad", ())
    return csv_of(["Line", "Column", "It says", "What is wrong"], found, f"{place.register.slug}-bad-rows")
