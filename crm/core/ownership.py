"""Who a row belongs to. Every table says so by taking one or two of these; sight.py turns them into limits."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship, validates

if TYPE_CHECKING:
    from crm.engagements.models import Engagement


class Visibility(StrEnum):
    TEAM = "team"
    CLIENT = "client"


def under(parent: str, *, by: str = "") -> ForeignKeyConstraint:
    """A child's key names its parent and the parent's client: no row hangs under another client's."""
    return ForeignKeyConstraint([by or f"{parent}_id", "client_id"], [f"{parent}.id", f"{parent}.client_id"])


def within(parent: str, *, by: str = "") -> ForeignKeyConstraint:
    """As `under`, and the parent's engagement too: no row hangs under another engagement's."""
    return ForeignKeyConstraint(
        [by or f"{parent}_id", "engagement_id", "client_id"],
        [f"{parent}.id", f"{parent}.engagement_id", f"{parent}.client_id"],
    )


def _by_engagement(cls: Any) -> str:
    """The key may run through a parent (deliverable, version), so the join is said, not found."""
    return f"foreign({cls.__name__}.engagement_id) == Engagement.id"


class OfOneClient:
    """Belongs to one client for ever. The next three say who of the others sees it."""

    follows_engagement: ClassVar[bool] = (
        True  # where it names an engagement, that one's team writes it and has its history
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)

    @validates("client_id")
    def stays_where_it_is(self, key: str, value: int) -> int:  # noqa: ARG002
        if self.client_id is not None and self.client_id != value:
            raise ValueError("a row never moves to another client")
        return value


class ClientOwned(OfOneClient):
    """Seen by whoever sees the client."""


class EngagementOwned(OfOneClient):
    """Seen by whoever sees the engagement."""

    engagement_id: Mapped[int] = mapped_column(index=True)

    @declared_attr
    def engagement(cls) -> Mapped["Engagement"]:  # noqa: N805
        return relationship("Engagement", primaryjoin=_by_engagement(cls), viewonly=True)


class OwnWork:
    """Seen by whoever sees the engagement, and for ever by the person who did it.

    Work for no client (internal, training, presales) has neither engagement nor client; partners see it.
    """

    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    engagement_id: Mapped[int | None] = mapped_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    @validates("client_id")
    def stays_where_it_is(self, key: str, value: int | None) -> int | None:  # noqa: ARG002
        if self.client_id is not None and self.client_id != value:
            raise ValueError("a row never moves to another client")
        return value

    @declared_attr
    def engagement(cls) -> Mapped["Engagement | None"]:  # noqa: N805
        return relationship("Engagement", primaryjoin=_by_engagement(cls), viewonly=True)


class AccountOwned:
    """Seen by the account itself."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


class Addressed:
    """Seen by the one reader whom it was written to: a person of ours, or a contact of a client."""

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))


class PersonOwned:
    """Seen by the person of the practice whom it concerns, and by partners."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Shareable:
    """Seen by the client only when its visibility says so."""

    visibility: Mapped[Visibility] = mapped_column(default=Visibility.TEAM)


class Proposable:
    """As Shareable; and whoever of the client proposed it sees it from the first day."""

    visibility: Mapped[Visibility] = mapped_column(default=Visibility.TEAM)
    proposed_by_id: Mapped[int | None] = mapped_column(index=True)


class SponsorsOnly:
    """Of the client's people, seen by sponsors and not by viewers."""


class InternalOnly:
    """Never seen by a client."""


class LeadsOnly:
    """Of the consultants, seen by the lead of the engagement only: fees and rates."""

    engagement_id: Mapped[int] = mapped_column(index=True)


class PartnersOnly:
    """Seen by nobody but partners."""


class PairOnly:
    """Seen by the two of a mentoring pair, by no partner and no sponsor."""

    pair_id: Mapped[int] = mapped_column(index=True)


class OpenTo(StrEnum):
    """How far a line of the trail is shown on the thing it concerns."""

    PARTNERS = "partners"
    TEAM = "team"
    CLIENT = "client"


class Audited:
    """The trail: admins and partners read it; team and client read the lines opened to them."""

    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    open_to: Mapped[OpenTo] = mapped_column(default=OpenTo.PARTNERS)


class Indexed:
    """A line of the search index: seen as the thing that it stands for is seen."""

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.TEAM)


class Watched:
    """What was opened, by whom: a sponsor reads it of the own company, whoever only reads their own, the practice that of
    the engagements it sees."""

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column()


class Sealed:
    """Seen by nobody through the viewer's session: accounts, the outbox, counters."""
