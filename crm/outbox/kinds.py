"""What a letter is about, as whoever reads it would say: by this they choose how often it comes."""

from collections.abc import Mapping
from enum import StrEnum

from crm.core.viewer import Audience


class Kind(StrEnum):
    """One line of the choice that a person has. Four of them have none: they ask something of one, or guard one's door."""

    SIGN_OFF = "sign_off"  # a text to sign off, its reminders, its answer, taking it back
    DECISION = "decision"  # a question to decide, a risk to live with, and what was said
    SECURITY = "security"  # invitation, password, address, second factor, access
    INVOICE = "invoice"  # what is to be paid, and what was credited
    DELIVERABLE = "deliverable"  # what was wished for, planned, reviewed inside the house
    REVIEW = "review"  # an area that was looked at
    COMMENT = "comment"
    MENTION = "mention"
    MEETING = "meeting"
    ACTION = "action"  # something to do, a promise
    TIME = "time"  # leave, months, hours
    OTHER = "other"
    DIGEST = "digest"  # what gathers others, or says what is due


class Pace(StrEnum):
    """How often mail of a kind comes."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


ALWAYS = frozenset({Kind.SIGN_OFF, Kind.DECISION, Kind.SECURITY, Kind.INVOICE})  # at once, whatever somebody chose

CALLED = {
    Kind.SIGN_OFF: "Sign-offs", Kind.DECISION: "Decisions", Kind.SECURITY: "Your account", Kind.INVOICE: "Invoices", Kind.DELIVERABLE: "Deliverables",
    Kind.REVIEW: "Reviews of areas", Kind.COMMENT: "Comments", Kind.MENTION: "Mentions of you", Kind.MEETING: "Meetings",
    Kind.ACTION: "Actions and promises", Kind.TIME: "Time and leave", Kind.OTHER: "Other news", Kind.DIGEST: "Gathered letters",
}  # fmt: skip


def called(kind: str) -> str:
    """A kind in words; one that a later version wrote is said as it stands."""
    return CALLED[Kind(kind)] if kind in set(Kind) else kind.replace("_", " ").capitalize()


# What comes of itself. People of a client get one letter a week at most, whatever is in it.
OURS = {Kind.COMMENT: Pace.DAILY, Kind.ACTION: Pace.DAILY, Kind.DIGEST: Pace.WEEKLY}
MAY_CHOOSE = {
    Audience.PRACTICE: (Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY, Pace.NEVER),
    Audience.CLIENT: (Pace.WEEKLY, Pace.NEVER),
}


def usual(kind: Kind, audience: Audience) -> Pace:
    """How often mail of a kind comes to whoever has not chosen."""
    return Pace.WEEKLY if audience is Audience.CLIENT else OURS.get(kind, Pace.AT_ONCE)


def pace_of(kind: Kind, audience: Audience, chosen: Mapping[str, str]) -> Pace:
    """How often it comes to this reader. A choice that their side does not have counts for nothing."""
    if kind in ALWAYS:
        return Pace.AT_ONCE
    said = chosen.get(kind)
    return Pace(said) if said in MAY_CHOOSE[audience] else usual(kind, audience)
