"""Who is told what: how a feature says so, and how its letters are found again when they are sent.

A feature writes the event inside `act`, in the transaction of the deed (the key names the thing, so that it is told once):

    post("deliverable.submitted", key=f"version:{version.id}:submitted", version_id=version.id)

and in its own notices.py says who hears of it, and in which words. The function gets the payload by name:

    @notice("deliverable.submitted")
    def ask_the_sponsor(version_id: int) -> Iterator[Letter]:
        version = db.session.get(DeliverableVersion, version_id, options=[...])
        if version and version.state is State.SUBMITTED:
            yield Letter(
                to=version.asked, about=version, subject=f"{version.deliverable.code} is ready for your sign-off",
                text="...", path=f"/portal/deliverables/{version.deliverable_id}", link="Read it and answer",
                kind=Kind.SIGN_OFF,
            )

The worker calls it twice, as the system: once to make a mail of its own for each reader (so that one refused address
does not hold back the others), and once more when that mail is sent. The words are those of the second call. Whoever is
no longer among the readers then, has no working account any more where they had one, or may no longer see `about`, is
not told. So the function only reads, and answers by what is true now. `to` is a Person or a Contact with name and mail.
Greeting, button and signature are added by the letterhead, as plain text and as HTML; the text is plain, its paragraphs
parted by an empty line, and lines that begin with "- " are a list. `kind` says which choice of the reader holds for it:
sign-off, decision and security always come at once (crm.outbox.kinds).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Standing
from crm.core.db import db
from crm.core.viewer import Role, Viewer
from crm.outbox.kinds import Kind

MAIL = "mail"  # the topic of one letter to one reader


@dataclass(frozen=True)
class Item:
    """One of several things that a letter gathers: what, more of it, and where. Those under one heading stand together."""

    title: str
    text: str
    path: str
    under: str = ""


@dataclass(frozen=True)
class Letter:
    """What one reader is told about one thing, and where they find it.

    `path` may hold a secret of the mail alone (a link that needs no password); then `inside` says where the same thing
    stands behind the door, for the list of notices there. Where a letter of security leads is never kept there.
    """

    to: Any  # a Person of the practice or a Contact of a client
    about: Any  # the row that they must still be able to see
    subject: str
    text: str
    path: str
    link: str = "Open it"
    kind: Kind = Kind.OTHER
    items: tuple[Item, ...] = ()
    inside: str = ""
    address: str = ""  # where it goes instead of to their newest account: one to be confirmed, or whose key it is

    @property
    def mark(self) -> str:
        """Names the reader, the same at every call: contact:3."""
        return mark_of(self.to)

    @property
    def holds_a_key(self) -> bool:
        """Whoever has the mail may answer by it."""
        return self.path.startswith("/sign/")

    @property
    def behind_the_door(self) -> str:
        """Where the list of notices leads: an address that may hold a secret stays in the mail."""
        if self.kind is Kind.SECURITY:
            return self.inside or "/me"
        return self.inside or self.path


def mark_of(reader: Any) -> str:
    return f"{reader.__tablename__}:{reader.id}"


Tells = Callable[..., Iterable[Letter]]
NOTICES: dict[str, Tells] = {}


def notice(topic: str) -> Callable[[Tells], Tells]:
    """This function says who hears of an event of this topic. One topic, one function."""

    def keep(tells: Tells) -> Tells:
        if topic in NOTICES and NOTICES[topic] is not tells:
            raise ValueError(f"{topic} has a notice already")
        NOTICES[topic] = tells
        return tells

    return keep


def letters_of(topic: str, payload: dict[str, Any]) -> list[Letter]:
    """One letter for each reader of this event, as things stand now."""
    found = {letter.mark: letter for letter in NOTICES[topic](**payload)}
    return list(found.values())


@dataclass(frozen=True)
class Addressee:
    """Where a reader is written to, and with whose eyes what they are told is looked at."""

    address: str
    viewer: Viewer
    proven: bool = True  # somebody stands for the address: they themselves by their account, or a partner


def addressee_of(letter: Letter) -> Addressee | None:
    return whoever_is(letter.to, address=letter.address)


def whoever_is(reader: Any, *, address: str = "") -> Addressee | None:
    """By their account, where they have one that works; else by the address they gave. None: not to be written to."""
    of_whom = Standing.person_id if reader.__tablename__ == "person" else Standing.contact_id
    standings = db.session.scalars(
        select(Standing).where(of_whom == reader.id).options(joinedload(Standing.account)).order_by(Standing.id.desc())
    ).all()
    works = [one for one in standings if one.ended_at is None and one.account.active]
    if works:
        return Addressee(address or works[0].account.email, works[0].viewer())
    if standings or not reader.email or getattr(reader, "is_placeholder", False):
        return None
    return Addressee(address or reader.email, _without_account(reader), proven=getattr(reader, "is_vouched", True))


def _without_account(reader: Any) -> Viewer:
    """The least that somebody of their kind may see."""
    if reader.__tablename__ == "person":
        return Viewer(Role(reader.kind), person_id=reader.id)
    return Viewer(Role.VIEWER, contact_id=reader.id, client_id=reader.client_id)
