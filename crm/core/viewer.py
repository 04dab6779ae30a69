"""Whoever is looking, and the one session they look through."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from crm.core.clock import keep_time_of
from crm.core.db import db


class Audience(StrEnum):
    CLIENT = "client"
    PRACTICE = "practice"
    SYSTEM = "system"


class Role(StrEnum):
    SPONSOR = "sponsor"
    VIEWER = "viewer"
    CONSULTANT = "consultant"
    PARTNER = "partner"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True)
class Grant:
    """A way in for a while: break-glass for an admin, cover for a colleague."""

    kind: str
    client_id: int


@dataclass(frozen=True)
class Viewer:
    """Whoever is looking, as they stood at the door: a value, never a row, never changed."""

    role: Role
    account_id: int | None = None
    person_id: int | None = None
    contact_id: int | None = None
    client_id: int | None = None
    grants: tuple[Grant, ...] = ()
    only: tuple[str, int] | None = None  # by a link from a mail: this one thing, by table and key, and nothing else
    fresh: bool = True  # whether they proved lately enough who they are for an act of weight

    @property
    def audience(self) -> Audience:
        if self.role is Role.SYSTEM:
            return Audience.SYSTEM
        return Audience.CLIENT if self.role in {Role.SPONSOR, Role.VIEWER} else Audience.PRACTICE

    @property
    def granted(self) -> list[int]:
        return [grant.client_id for grant in self.grants]


SYSTEM = Viewer(Role.SYSTEM)


class AlreadyLooking(RuntimeError):
    """One session, one viewer: what another one loaded is still in it."""


def look_as(viewer: Viewer, *, via: str = "web", request_id: str = "") -> None:
    info = db.session.info
    if "viewer" in info:
        raise AlreadyLooking(f"{info['viewer'].role} is looking")
    info.update(viewer=viewer, via=via, request_id=request_id)


@contextmanager
def viewing_as(viewer: Viewer, *, via: str = "job", zone: str | None = None) -> Iterator[None]:
    """For jobs, commands and tests, in an app context of their own."""
    look_as(viewer, via=via)
    if zone:
        keep_time_of(zone)
    try:
        yield
    finally:
        db.session.remove()
