"""Importing time by page: bring a file, say what its names mean, see what would happen, take it or put it away."""

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import CombinedMultiDict

from crm.access.pages import DESK, Pages, slow
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import csv_of
from crm.core.web import answer
from crm.timelog.imports import checking, operations
from crm.timelog.imports.files import BYTES, NAMES, SHEET_BYTES
from crm.timelog.imports.forms import NamesForm, OrderForm, UndoForm, UploadForm
from crm.timelog.imports.models import BatchState, ImportBatch, NotesFor
from crm.timelog.imports.names import Meanings, meanings_of
from crm.timelog.imports.report import HEADINGS, cells_of
from crm.timelog.imports.undoing import can_be_undone, preview, undo_import

pages = Pages("imports", __name__, roles=DESK, url_prefix="/time/import")
MB = 1024 * 1024
HISTORY, SHOWN = 50, 50  # imports on the first page; bad rows on the page of one


def mine(batch_id: int) -> ImportBatch:
    """One's own import, or a 404: a partner sees in the history that others imported, and not their rows."""
    batch: ImportBatch = db.one_or_404(
        select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.person_id == g.viewer.person_id)
    )
    return batch


@pages.get("")
def show() -> ResponseReturnValue:
    return page(UploadForm(formdata=None))


def page(form: UploadForm) -> str:
    history = (
        select(ImportBatch).options(joinedload(ImportBatch.person)).order_by(ImportBatch.made_at.desc(), ImportBatch.id.desc())
    )  # fmt: skip
    batches = db.session.scalars(history.limit(HISTORY)).unique().all()
    return render_template(
        "timelog/imports/list.html",
        form=form,
        batches=batches,
        tools=NAMES,
        at_most=BYTES // MB,
        of_sheets=SHEET_BYTES // MB,
    )


@pages.post("")
@slow
def bring() -> ResponseReturnValue:
    form = UploadForm(CombinedMultiDict([request.files, request.form]))

    def deed(press: Press) -> ImportBatch:
        file, name = operations.opened(form.file.data.stream), form.file.data.filename or ""
        layout, found = operations.look_into(file, form.source.data)
        return operations.bring_file(file, name, layout, found, order=None, viewer=g.viewer, press=press)

    return answer(form, deed, page, leads_to=here)


def here(batch: ImportBatch) -> str:
    return url_for("imports.one", batch_id=batch.id)


@pages.get("/<id:batch_id>")
def one(batch_id: int) -> ResponseReturnValue:
    return page_of(mine(batch_id))


def page_of(batch: ImportBatch, form: Any = None) -> str:
    """One import as far as it got: what is asked next, or what would happen, or what was done."""
    version = str(batch.version)
    shown: dict[str, Any] = {
        "batch": batch,
        "press": Form(formdata=None, version=version),
        "tools": NAMES,
        "waits": _waits(batch),
    }
    if batch.state is BatchState.ASKING:
        shown["form"] = form if isinstance(form, OrderForm) else OrderForm(formdata=None, version=version)
        shown["form"].tell(batch.example)
    elif batch.state in {BatchState.NAMING, BatchState.CHECKED}:
        shown |= _worked_out(batch, form)
    return render_template("timelog/imports/show.html", refused=form, **shown)


def _worked_out(batch: ImportBatch, form: Any) -> dict[str, Any]:
    """The names with what is known of them; and once they are known, what would be taken and what cannot be."""
    meanings, names = meanings_of(g.viewer), operations.names_of(batch)
    shown: dict[str, Any] = {"meanings": meanings, "rows_of": {name.id: name.rows for name in names}}
    shown["form"] = form if isinstance(form, NamesForm) else _filled(batch, names, meanings)
    if batch.state is BatchState.CHECKED:
        shown["who"] = {person.id: person.name for person in meanings.people.values()}
        shown["engagements"] = {place.id: place for place in meanings.places.values()}
        shown["groups"] = db.session.execute(checking.summary(batch)).all()
        shown["reasons"] = db.session.execute(checking.bad_reasons(batch)).all() if batch.bad else []
        shown["wants_reason"] = any(one.reason == checking.OUTSIDE for one in shown["reasons"])
        shown["bad"] = db.session.execute(checking.bad_rows(batch).limit(SHOWN)).all() if batch.bad else []
    return shown


def _filled(batch: ImportBatch, names: Any, meanings: Meanings) -> NamesForm:
    """The form with what was said before, and with what the names say themselves."""
    known = operations.suggest(batch, meanings, viewer=g.viewer, likely=batch.state is BatchState.NAMING)
    form = NamesForm(
        formdata=None, version=str(batch.version), people=known, projects=known, tasks=known, reason=batch.reason,
        notes_for=(batch.notes_for or NotesFor.INTERNAL).value,
    )  # fmt: skip
    form.ask_of(names, meanings)
    return form


@pages.get("/<id:batch_id>/progress")
def progress(batch_id: int) -> ResponseReturnValue:
    """How far it got, for the page that watches; when it is through, that page is opened anew."""
    batch = mine(batch_id)
    shown = Response(render_template("timelog/imports/_progress.html", batch=batch, waits=_waits(batch)))
    if not batch.is_at_work:
        shown.headers["HX-Redirect"] = here(batch)
    return shown


def _waits(batch: ImportBatch) -> bool:
    """Whether no worker is at it: none runs, or it has others to do first."""
    return batch.is_at_work and (batch.lease_until is None or batch.lease_until < now())


@pages.post("/<id:batch_id>/order")
@slow
def order(batch_id: int) -> ResponseReturnValue:
    batch, form = mine(batch_id), OrderForm(request.form)
    return answer(
        form,
        lambda press: operations.order_days(batch, form.order.data, viewer=g.viewer, press=press),
        lambda _: page_of(mine(batch_id), form),
        leads_to=url_for("imports.one", batch_id=batch_id),
    )


@pages.post("/<id:batch_id>/names")
def name(batch_id: int) -> ResponseReturnValue:
    batch, form = mine(batch_id), NamesForm(request.form)
    meanings = meanings_of(g.viewer)
    form.ask_of(operations.names_of(batch), meanings)

    def deed(press: Press) -> ImportBatch:
        try:
            return operations.name_names(
                batch, form.said, meanings, notes_for=form.notes_for.data, reason=form.reason.data or "", viewer=g.viewer,
                press=press,
            )  # fmt: skip
        except operations.StillOpen as still:
            form.leave_open(still.names)
            raise

    return answer(
        form, deed, lambda _: page_of(mine(batch_id), form), leads_to=url_for("imports.one", batch_id=batch_id)
    )


@pages.post("/<id:batch_id>/take")
@slow
def take(batch_id: int) -> ResponseReturnValue:
    batch, form = mine(batch_id), Form(request.form)
    return answer(
        form,
        lambda press: operations.take_import(batch, viewer=g.viewer, press=press),
        lambda _: page_of(mine(batch_id), form),
        leads_to=url_for("imports.one", batch_id=batch_id),
    )


@pages.post("/<id:batch_id>/drop")
def drop(batch_id: int) -> ResponseReturnValue:
    batch, form = mine(batch_id), Form(request.form)
    return answer(
        form,
        lambda press: operations.drop_import(batch, viewer=g.viewer, press=press),
        lambda _: page_of(mine(batch_id), form),
        leads_to=url_for("imports.show"),
    )


def taken(batch_id: int) -> ImportBatch:
    """An import that stands in the time: one's own, or to a partner anybody's."""
    batch: ImportBatch = db.one_or_404(
        select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.taken_at.is_not(None))
    )
    return batch


@pages.get("/<id:batch_id>/undo")
def undoing(batch_id: int) -> ResponseReturnValue:
    return undo_page(taken(batch_id))


@pages.post("/<id:batch_id>/undo")
@slow
def undo(batch_id: int) -> ResponseReturnValue:
    batch, form = taken(batch_id), UndoForm(request.form)
    return answer(
        form,
        lambda press: undo_import(batch, form.reason.data or "", viewer=g.viewer, press=press),
        lambda form: undo_page(taken(batch_id), form),
        leads_to=url_for("imports.show"),
    )


def undo_page(batch: ImportBatch, form: Any = None) -> str:
    """What would be voided, and what keeps it from being so."""
    form = form or UndoForm(formdata=None, version=str(batch.version))
    found = preview(batch) if can_be_undone(batch) else None
    return render_template(
        "timelog/imports/undo.html", batch=batch, form=form, found=found, own=batch.person_id == g.viewer.person_id
    )


@pages.get("/<id:batch_id>/bad.csv")
def bad(batch_id: int) -> ResponseReturnValue:
    """Every row that cannot be taken, by line and reason."""
    batch = mine(batch_id)
    rows = db.session.execute(checking.bad_rows(batch))
    stem = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in batch.file_name.rpartition(".")[0]
    )
    return csv_of(HEADINGS, map(cells_of, rows), f"{stem.strip('-') or 'time'}-bad-rows")
