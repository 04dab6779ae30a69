"""Meetings: what was to be talked about, who was there, what was said, and what was agreed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Client, Contact
from crm.core.columns import LineType, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, InternalOnly, Shareable, Visibility, under
from crm.people.models import Person


class MeetingKind(StrEnum):
    MANAGEMENT = "management"
    KICK_OFF = "kick_off"
    QUARTERLY = "quarterly"
    VISIT = "visit"
    OTHER = "other"


AGENDAS: dict[MeetingKind, tuple[str, ...]] = {
    MeetingKind.MANAGEMENT: (
        "What was agreed last time", "Where the twelve areas stand", "Decisions that we need", "Money and days",
        "Risks that changed", "Any other business",
    ),
    MeetingKind.KICK_OFF: (
        "Who we are and how we work", "What you want to reach", "What hurts most today", "Access, people and documents",
        "The first hundred days", "Dates of our meetings",
    ),
    MeetingKind.QUARTERLY: (
        "What we promised for the quarter, and what came of it", "The roadmap: what moves", "Contracts that come up",
        "Budget against plan", "What the next quarter needs", "Are we worth it?",
    ),
    MeetingKind.VISIT: (
        "What we come for", "Whom we meet", "What we look at on site", "What needs a decision on the day",
    ),
    MeetingKind.OTHER: (),
}  # fmt: skip


class MeetingState(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    SHARED = "shared"
    CANCELLED = "cancelled"


STATE_WORDS = {
    MeetingState.DRAFT: "Planned", MeetingState.HELD: "Held, minutes not shared", MeetingState.SHARED: "Minutes shared",
    MeetingState.CANCELLED: "Cancelled",
}  # fmt: skip
KIND_WORDS = {
    MeetingKind.MANAGEMENT: "Management meeting", MeetingKind.KICK_OFF: "Kick-off", MeetingKind.QUARTERLY: "Quarterly review",
    MeetingKind.VISIT: "Visit", MeetingKind.OTHER: "Another meeting",
}  # fmt: skip


class ShownTo(StrEnum):
    """Whether the client reads the appointment before there are minutes: its day, hour, title, place, and who comes."""

    ASKED = "asked"
    ALWAYS = "always"
    NEVER = "never"


SHOWN_WORDS = {
    ShownTo.ASKED: "Once somebody of theirs is asked to come", ShownTo.ALWAYS: "Yes, also when nobody of theirs is asked",
    ShownTo.NEVER: "No, only the team until the minutes are shared",
}  # fmt: skip


class Meeting(ClientOwned, Shareable, Model):
    """A meeting with a client, or about them. The client reads the appointment where it is shown to them, and what was
    to be talked about and what was said from the moment at which the minutes are shared."""

    follows_engagement = False

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        under("engagement"),
        under("activity"),
        under("meeting", by="follows_id"),
        CheckConstraint("state <> 'shared' OR visibility = 'client'", name="client_reads_shared"),
        CheckConstraint("(state = 'shared') = (shared_at IS NOT NULL)", name="shared_has_a_moment"),
        CheckConstraint("state <> 'cancelled' OR cancelled_because <> ''", name="cancelled_says_why"),
        Index("ix_meeting_client_id_on", "client_id", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    kind: Mapped[MeetingKind]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.DRAFT)
    on: Mapped[date]
    begins: Mapped[str] = mapped_column(LineType(5), default="")  # 14:30 on the practice's clock, where it is known
    place: Mapped[str] = mapped_column(default="")
    follows_id: Mapped[int | None] = mapped_column(index=True)  # the one whose open points it carries on
    activity_id: Mapped[int | None] = mapped_column(index=True)  # what the timeline says of it
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    cancelled_because: Mapped[str] = mapped_column(default="")  # whoever reads the appointment reads it
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise_on_sql", viewonly=True)
    made_by: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    agenda: Mapped[list["AgendaItem"]] = relationship(order_by="AgendaItem.position", lazy="raise", viewonly=True)
    attendees: Mapped[list["MeetingAttendee"]] = relationship(
        order_by="MeetingAttendee.id", lazy="raise", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Minutes and lines are still written."""
        return self.state not in {MeetingState.SHARED, MeetingState.CANCELLED}

    @property
    def is_cancelled(self) -> bool:
        return self.state is MeetingState.CANCELLED

    def must_be_open(self) -> None:
        if self.is_cancelled:
            raise Refused("This meeting is cancelled: plan it again first.")
        if not self.is_open:
            raise Refused("The client has these minutes: what they say stays. Say what is to be corrected in the next.")

    @property
    def has_minutes(self) -> bool:
        """The client may read them."""
        return self.state is MeetingState.SHARED

    @property
    def is_shown(self) -> bool:
        """The client reads the appointment at least."""
        return self.visibility is Visibility.CLIENT

    def show(self, to: ShownTo, *, asks_them: bool) -> None:
        """Open the appointment, and nothing beyond it, to the client or keep it from them."""
        shown = to is ShownTo.ALWAYS or (to is ShownTo.ASKED and asks_them)
        self.visibility = Visibility.CLIENT if shown else Visibility.TEAM

    def shown_to(self, *, asks_them: bool) -> ShownTo:
        """What was chosen, by what came of it."""
        if self.is_shown:
            return ShownTo.ASKED if asks_them else ShownTo.ALWAYS
        return ShownTo.NEVER if asks_them else ShownTo.ASKED

    def revise(self, at: datetime) -> None:
        self.must_be_open()
        self.changed_at = at

    def hold(self, on: date, at: datetime) -> None:
        """It took place."""
        self.must_be_open()
        if self.state is not MeetingState.DRAFT:
            raise Refused("This meeting was held already.")
        if self.on > on:
            raise Refused("This meeting is still to come: change its day first if it was held earlier.")
        self.state, self.changed_at = MeetingState.HELD, at

    def cancel(self, reason: str, at: datetime) -> None:
        """It does not take place, or did not: the row stays and says why."""
        self.must_be_open()
        if self.state is not MeetingState.DRAFT:
            raise Refused("This meeting was held: what took place is not cancelled.")
        self.state, self.cancelled_because, self.changed_at = MeetingState.CANCELLED, reason, at

    def can_be_revived(self, on: date) -> bool:
        return self.is_cancelled and self.on >= on

    def revive(self, on: date, at: datetime) -> None:
        """It takes place after all, at the day and hour that it had."""
        if not self.is_cancelled:
            raise Refused("This meeting is not cancelled.")
        if not self.can_be_revived(on):
            raise Refused("Its day has passed: plan another one.")
        self.state, self.cancelled_because, self.changed_at = MeetingState.DRAFT, "", at

    def share(self, at: datetime, *, says_something: bool) -> None:
        """The client reads the minutes from now on, and they change no more."""
        self.must_be_open()
        if self.state is MeetingState.DRAFT:
            raise Refused("Say first that it was held: minutes are of what took place.")
        if not says_something:
            raise Refused("There are no minutes yet: write at least one sentence, or capture what was agreed.")
        self.state, self.shared_at, self.changed_at, self.visibility = MeetingState.SHARED, at, at, Visibility.CLIENT


class AgendaItem(ClientOwned, Shareable, Model):
    """One point of the agenda, and what was said about it. The client reads it with the minutes."""

    __tablename__ = "agenda_item"
    __table_args__ = (under("meeting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[str]
    minutes: Mapped[Prose] = mapped_column(default="")  # Markdown


class MeetingAttendee(ClientOwned, Shareable, Model):
    """Who was asked to come, and whether they did: of the client, of ours, or anybody else by name. Read as its meeting."""

    __tablename__ = "meeting_attendee"
    __table_args__ = (
        under("meeting"),
        under("contact"),
        UniqueConstraint("meeting_id", "contact_id"),
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint(
            "CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END + CASE WHEN person_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN name = '' THEN 0 ELSE 1 END = 1",
            name="one_party",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    present: Mapped[bool] = mapped_column(default=True)
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)

    @property
    def who(self) -> str:
        there = self.contact or self.person
        return there.name if there else self.name


class MeetingNote(ClientOwned, InternalOnly, Model):
    """What the team notes for itself about a meeting. No client ever reads it."""

    __tablename__ = "meeting_note"
    __table_args__ = (under("meeting"), UniqueConstraint("meeting_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int]
    body: Mapped[Prose] = mapped_column(default="")
