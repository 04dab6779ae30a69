"""What is done with the row of any register."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.clients.models import Client
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.twelve import Area as Code
from crm.core.viewer import Viewer
from crm.core.words import plural
from crm.registers.models import RegisterEntry
from crm.registers.register import Register

Write = Callable[[RegisterEntry], None]  # puts the answers of the register's form into a row


def add_entry(
    register: Register, client: Client, area: Code, write: Write, *, viewer: Viewer, press: Press
) -> RegisterEntry:
    moment = now()
    entry = register.entry(
        client_id=client.id, area=area, made_at=moment, made_by_id=viewer.person_id, changed_at=moment,
        changed_by_id=viewer.person_id,
    )  # fmt: skip
    set_committed_value(entry, "client", client)
    with act(viewer, "register.add", entry, press=press):
        write(entry)
        _stands_once(entry)
        db.session.add(entry)
    return entry


def start_rows(client: Client, entries: Sequence[RegisterEntry], of_what: str, *, viewer: Viewer, press: Press) -> None:
    """Begin with the usual rows: each waits to be confirmed."""
    with act(viewer, "register.start", client, press=press, reason=f"{of_what}: {plural(len(entries), 'usual row')}"):
        if not entries:
            raise Refused("The usual rows are here already, some of them perhaps archived.")
        db.session.add_all(entries)


def revise_entry(entry: RegisterEntry, write: Write, *, viewer: Viewer, press: Press, changes: str) -> RegisterEntry:
    # what changed names columns that the client is not told, also of a row that they read
    with act(viewer, "register.revise", entry, press=press, reason=changes, open_to=OpenTo.TEAM):
        entry.must_be_changeable()
        write(entry)
        _stands_once(entry)
        entry.touch(now(), viewer.person_id)
    return entry


def confirm_entry(entry: RegisterEntry, *, viewer: Viewer, press: Press) -> None:
    """It holds as it stands: from now on it is evidence."""
    with act(viewer, "register.confirm", entry, press=press):
        entry.confirm(now(), viewer.person_id)


def archive_entry(entry: RegisterEntry, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "register.archive", entry, press=press):
        entry.archive(now())


def restore_entry(entry: RegisterEntry, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "register.restore", entry, press=press):
        entry.restore()
        _stands_once(entry)


def share_entry(entry: RegisterEntry, *, viewer: Viewer, press: Press) -> None:
    """The client reads it from now on."""
    with act(viewer, "register.share", entry, press=press):
        entry.share()


def take_back_entry(entry: RegisterEntry, *, viewer: Viewer, press: Press) -> None:
    """It is the team's alone again; the client's history of it stays with the client's side of the trail."""
    with act(viewer, "register.take_back", entry, press=press):
        entry.take_back()


def _stands_once(entry: RegisterEntry) -> None:
    """Two rows of one stakeholder would tell two stories of them. Whoever else adds one at this moment waits."""
    if not entry.once_for:
        return
    kind, column = type(entry), getattr(type(entry), entry.once_for)
    others = select(kind.id).where(
        kind.client_id == entry.client_id, kind.archived_at.is_(None), column == getattr(entry, entry.once_for),
        kind.id != (entry.id or 0),
    )  # fmt: skip
    with db.session.no_autoflush:
        db.session.execute(select(Client.id).where(Client.id == entry.client_id).with_for_update(key_share=True))
        if db.session.scalars(others).first() is not None:
            raise Refused("They stand in this list already: change that row instead", entry.once_for)
