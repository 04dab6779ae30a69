"""Bringing a sheet, taking all of it or putting it away."""

from collections.abc import Callable
from typing import Any, BinaryIO

from sqlalchemy import Select, select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.clients.models import Client
from crm.core.clock import now
from crm.core.db import db, writing
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.tables import digest_of, name_of
from crm.core.twelve import Area
from crm.core.viewer import Viewer
from crm.core.words import plural
from crm.registers.imports.checking import Checked
from crm.registers.imports.files import Table
from crm.registers.imports.models import ImportState, RowImport
from crm.registers.register import Register

SHOWN = 2_000  # remarks and problems that are kept with an import


def bring_rows(
    register: Register, client: Client, area: Area, table: Table, checked: Checked, *, file: BinaryIO, file_name: str,
    viewer: Viewer, press: Press,
) -> RowImport:  # fmt: skip
    """Put the lines by with what the dry run says of them. An earlier file of the same list that waits is put away."""
    client_id = client.id
    batch = RowImport(
        client_id=client_id, person_id=viewer.person_id, kind=register.kind, area=area, file_name=name_of(file_name),
        digest=digest_of(file), made_at=now(), rows=len(table.lines), bad=checked.bad_lines, known=checked.known,
    )  # fmt: skip
    batch.keep({
        "places": table.places, "headings": table.headings, "unread": table.unread, "lines": table.lines,
        "bad": checked.bad[:SHOWN], "remarks": checked.remarks[:SHOWN],
    })  # fmt: skip
    with writing():
        _belongs_to(batch, client_id)
        with act(viewer, "register.bring_rows", batch, press=press):
            for earlier in db.session.scalars(_waiting(batch)):
                earlier.drop()
            db.session.add(batch)
    return batch


def take_rows(
    batch: RowImport, check: Callable[[Table], Checked], *, leave_out_known: bool, viewer: Viewer, press: Press
) -> RowImport:
    """All or nothing. Every line is read again by what stands now; the rows are written in one transaction."""
    key, client_id, kept = batch.id, batch.client_id, batch.kept
    checked = check(Table(kept["places"], kept["headings"], kept["unread"], kept["lines"])) if kept else Checked()
    entries = [entry for entry, is_known in checked.entries if not (is_known and (leave_out_known or entry.once_for))]
    with writing():
        batch = db.session.get_one(RowImport, key)
        _belongs_to(batch, client_id)
        said = f"{batch.file_name}: {plural(len(entries), 'row')}"
        with act(viewer, "register.take_rows", batch, press=press, reason=said):
            if checked.bad:
                bad = plural(checked.bad_lines, "row")
                raise Refused(f"Nothing was imported: {bad} cannot be taken, and an import takes all or nothing.")
            batch.take(now(), len(entries))
            db.session.add_all(entries)
    return batch


def drop_rows(batch: RowImport, *, viewer: Viewer, press: Press) -> RowImport:
    """Put it away: its lines are forgotten."""
    _belongs_to(batch, batch.client_id)
    with act(viewer, "register.drop_rows", batch, press=press):
        batch.drop()
    return batch


def _belongs_to(batch: RowImport, client_id: int) -> None:
    """The client, for whoever asks what may be done; found by the viewer's own eyes."""
    set_committed_value(batch, "client", db.session.get_one(Client, client_id))


def _waiting(batch: RowImport) -> Select[Any]:
    return select(RowImport).where(
        RowImport.client_id == batch.client_id, RowImport.person_id == batch.person_id, RowImport.kind == batch.kind, RowImport.area == batch.area,
        RowImport.state == ImportState.CHECKED,
    )  # fmt: skip
