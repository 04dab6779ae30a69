"""The client's words: how a status, a document and an answer are said to people who never asked for software."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.core.lists import Filter, Listing
from crm.core.ring import Dial
from crm.core.twelve import Scope
from crm.core.words import cell, in_words, listed, moment, plural, short_day, worded
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope
from crm.engagements.states import MODEL_WORDS, EngagementModel

OURS = {
    Scope.LEAD: "We lead this for you",
    Scope.ADVISE: "We advise, your people decide and do",
    Scope.OVERSEE: "We check, your people do",
    Scope.OUT: "Not part of what we agreed",
}
DONE = {
    "submit": "sent it to you", "withdraw": "took it back", "accept": "signed it off", "send_back": "asked for changes",
    "record": "recorded a sign-off on your behalf", "supersede": "put the new version in its place",
}  # fmt: skip


def headline(dial: Dial) -> str:
    """Are we all right? In one breath."""
    red, amber, green = (dial.number_of(rag) for rag in "rag")
    if not dial.in_scope:
        return "No work is running at the moment."
    if not red + amber + green:
        return "We are getting to know your business."
    if not red and not amber:
        return "Everything we looked at is on track."
    if not red:
        return f"On track, with {in_words(amber).lower()} to watch."
    needs = f"{in_words(red)} {'area needs' if red == 1 else 'areas need'} action"
    if 2 * green >= dial.in_scope:
        return f"Mostly on track. {needs}."
    return f"{needs}, {in_words(amber).lower()} to watch." if amber else f"{needs}."


def summary(dial: Dial) -> str:
    """The same in figures, after the headline."""
    red, amber, green = (dial.number_of(rag) for rag in "rag")
    if not dial.in_scope:
        return "What we did for you before stays here for you to read."
    said = [
        f"{in_words(number).lower()} {words}"
        for number, words in (
            (green, "on track"),
            (amber, "to watch"),
            (red, "in need of action"),
            (dial.unseen, "not looked at yet"),
        )
        if number
    ]
    return f"Of the {in_words(dial.in_scope).lower()} areas in our care: {listed(said)}."


def who_we_are(engagements: Sequence[Engagement], on: date) -> list[str]:
    """Ruth Kettering, your part-time CIO"""
    return [
        f"{lead.person.name}, your {'mentor' if one.model is EngagementModel.MENTORING else _spoken(one)}"
        for one in engagements
        if (lead := one.who_leads(on))
    ]


def _spoken(engagement: Engagement) -> str:
    words = MODEL_WORDS[engagement.model]
    return words[0].lower() + words[1:]


def ours(scope: AreaScope | None) -> str:
    return OURS[scope.scope if scope else Scope.OUT]


@dataclass(frozen=True)
class Standing:
    """How a document stands, for the client: words, an icon, and whether it waits for them."""

    words: str
    icon: str
    group: str  # yours, ours or done


def standing_of(owed: Deliverable) -> Standing:
    """By what the client was given: a text that is being written again is not told before it is sent."""
    latest = owed.current
    if owed.state is State.CANCELLED:
        return Standing("No longer wanted", "x", "done")
    if latest is None:
        waits = owed.state is State.PROPOSED
        return Standing("Asked for, not agreed yet" if waits else "Agreed, in our hands", "circle-dashed", "ours")
    return {
        State.SUBMITTED: Standing("Waits for an answer", "pencil", "yours"),
        State.CHANGES_REQUESTED: Standing("We are making the changes", "refresh-cw", "ours"),
    }.get(latest.state, Standing("Signed off (deemed)" if latest.deemed else "Signed off", "circle-check", "done"))


def title_of(owed: Deliverable) -> str:
    """As it was called when the client was given it; what is being changed since is not theirs to read yet."""
    return owed.current.title if owed.current and owed.current.title else owed.title


def decision_of(version: DeliverableVersion) -> str:
    """Who answered, what and when; empty as long as nobody did."""
    if version.decided_at is None:
        return ""
    if version.deemed:
        return (
            f"It counts as signed off since {moment(version.decided_at)}: no answer came in the time agreed (deemed)."
        )
    if version.decided_by is None:
        return ""
    who, when = version.decided_by.name, moment(version.decided_at)
    if version.state is State.CHANGES_REQUESTED:
        return f"{who} asked for changes on {when}."
    if version.on_behalf and version.recorded_by:
        return f"{version.recorded_by.name} recorded on {when} that {who} had said yes."
    return f"{who} signed it off on {when}."


TAKEN_BACK = "It was taken back, so there is nothing to answer. If it is sent again, you get a new mail."
NOT_YOURS = "This answer is not yours to give any more."


def answered_since(version: DeliverableVersion) -> str:
    """Why a link that was never used leads nowhere: somebody else answered, or it was for another text."""
    said = decision_of(version)
    return (
        f"It was answered since. {said}"
        if said
        else "It was for an earlier sending. The newest mail has a link of its own."
    )


def overtaken(owed: Deliverable, version: DeliverableVersion | None) -> str:
    """Why an answer came too late, for whoever pressed second."""
    if version is None:
        return "It was taken back while you were reading, so there is nothing to answer now. Nothing was recorded."
    if said := decision_of(version):
        return f"Your answer was not recorded. {said} That was before you pressed."
    return f"Your answer was not recorded: {owed.stops('accept') or 'something changed since you opened this page. Read it again, then answer.'}"


def promise_of(one: Commitment, on: date) -> tuple[str, str]:
    """How a promise stands, in a few words, and the kind of tag that says it."""
    if one.status is CommitmentStatus.OPEN:
        late = (on - one.due).days
        return (
            (f"{plural(late, 'day')} late", "late")
            if late > 0
            else (f"By {short_day(one.due)}", "soon" if late > -8 else "")
        )
    done = f" on {short_day(one.done_on)}" if one.done_on else ""
    words = {"kept": f"Kept{done}", "late": f"Done late{done}", "broken": "Not kept", "withdrawn": "Agreed to drop it"}
    return words[one.status.value], "ok" if one.status is CommitmentStatus.KEPT else ""


# --- What stands in a row of a register ---

SAID = {
    "shadow": "Bought by a department itself", "brokered": "Found and looked after for you", "managed_service": "A provider’s service",
    "saas": "As a service on the web", "on_premises": "In your own house", "business_app": "For one kind of work",
    "productivity": "For everybody’s desk", "undecided": "Not decided yet", "unverified": "Made, never tried", "verified": "Made and tried",
    "not_assessed": "Not looked at yet", "not_met": "Not kept", "partly": "Kept in part", "met": "Kept", "off_track": "Behind", "at_risk": "In doubt",
    "cost_out": "Spent no more", "cost_avoided": "Never spent", "realised": "Saved", "run": "Keeps things running",
    "grow": "Helps the business grow", "transform": "Changes the business", "commodity": "One of many", "in_notice": "Notice is given",
    "vacant": "Nobody yet", "screened": "Looked at", "pilot": "Tried in real work", "scaled": "Taken up everywhere", "rejected": "Not taken up",
    "mapped": "Written down as it is", "candidate": "To be looked at", "benefit_confirmed": "Worth is proved", "live": "In use",
    "pass": "Passed", "partial": "In part", "fail": "Failed", "cis_ig1": "The basic list of the Center for Internet Security", "byod": "People’s own devices", "ai": "Artificial intelligence",
    "mitigating": "Being dealt with", "accepted_risk": "Lived with knowingly", "assumption": "Taken for granted", "dependency": "Waits for something else",
    "issue": "Problem", "needed": "To be decided", "revised": "Asked anew",
}  # fmt: skip
OF_A_GOAL = {"met": "Reached"}  # the same word, of another thing


def told(register: str, value: Any, write_day: Callable[[date], str] = short_day) -> str:
    """The value of a row as the client reads it."""
    return phrase(register, value.value) if isinstance(value, Enum) else cell(value, write_day)


def phrase(register: str, word: str) -> str:
    """A word of a fixed list, of this register, as the client reads it."""
    return (OF_A_GOAL if register == "objectives" else {}).get(word) or SAID.get(word) or worded(word)


def in_plain_words(register: str, listing: Listing) -> Listing:
    """A list whose choices are said to the client."""

    def said(one: Filter) -> Filter:
        choices = [(word, phrase(register, word)) for word, _ in one.choices]
        return replace(one, choices=choices, blank=f"{one.label}: any")

    return replace(listing, filters=[said(one) for one in listing.filters])
