"""What the office reads of the files: sums by client, no name of a file."""

from dataclasses import dataclass

from sqlalchemy import func, select

from crm.clients.models import Client
from crm.core.db import db
from crm.core.viewer import Viewer
from crm.files.kinds import MEGABYTE
from crm.files.models import ClientQuota, StoredFile
from crm.practice.models import Practice
from crm.settings.queries import for_the_office

FILES = {"named": "settings.files"}


@dataclass(frozen=True)
class ClientRoom:
    """What the files of one client take up: a name and sums."""

    client_id: int
    client: str
    files: int
    used: int
    missing: int
    own: int | None  # MB, where the client has a limit of its own
    everybody: int  # MB

    @property
    def allowed(self) -> int:
        return (self.own or self.everybody) * MEGABYTE

    @property
    def share(self) -> int:
        return min(100, self.used * 100 // self.allowed)


def rooms(viewer: Viewer, client_id: int | None = None) -> list[ClientRoom]:
    """Each client by name with the sums of its files, or one of them."""
    for_the_office(viewer)
    asked = (
        select(
            Client.id, Client.name, func.count(StoredFile.id), func.coalesce(func.sum(StoredFile.size), 0),
            func.count(StoredFile.missing_since), func.max(ClientQuota.megabytes), func.max(Practice.file_quota),
        )
        .select_from(Client)
        .join(Practice, Practice.id == 1)
        .outerjoin(StoredFile, StoredFile.client_id == Client.id)
        .outerjoin(ClientQuota, ClientQuota.client_id == Client.id)
        .group_by(Client.id, Client.name)
        .order_by(Client.name, Client.id)
    )  # fmt: skip
    if client_id is not None:
        asked = asked.where(Client.id == client_id)
    found = db.session.execute(asked, execution_options=FILES)
    return [ClientRoom(row[0], row[1], row[2], int(row[3]), *row[4:]) for row in found]


def quota_of(viewer: Viewer, client_id: int) -> ClientQuota | None:
    for_the_office(viewer)
    asked = select(ClientQuota).where(ClientQuota.client_id == client_id)
    return db.session.scalars(asked, execution_options=FILES).one_or_none()
