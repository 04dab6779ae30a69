"""The practice while it is being made: who and what there is so far, and what will be told of it in the trail."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crm.accounts.models import Account
from crm.audit.models import AuditEntry, AuditText
from crm.audit.trail import whose_is
from crm.clients.models import Client, Contact
from crm.core.db import db
from crm.core.ownership import OpenTo
from crm.core.twelve import Area
from crm.core.viewer import Audience
from crm.demo.book import Almanac
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.people.models import Person
from crm.reviews.models import Review


@dataclass(frozen=True)
class Deed:
    """One line of the trail to be: who did what to which thing, and when."""

    at: datetime
    verb: str
    subject: Any
    by: Person | Contact | None
    before: str | None = None
    after: str | None = None
    reason: str = ""
    open_to: OpenTo = OpenTo.TEAM


@dataclass(frozen=True)
class Work:
    """Days that somebody spent on one deliverable, between two dates."""

    deliverable: Any
    assignment: Assignment
    first: date
    last: date
    minutes: int


@dataclass
class Scene:
    """Everything that later parts of the making look up by the key that the book gives it."""

    almanac: Almanac
    people: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)  # by client's code and name
    by_department: dict[tuple[str, str], Contact] = field(default_factory=dict)  # heads
    accounts: dict[str, Account] = field(default_factory=dict)
    engagements: dict[str, Engagement] = field(default_factory=dict)
    teams: dict[str, list[Assignment]] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    verdicts: dict[tuple[int, Area], Review] = field(default_factory=dict)  # the latest of a client's area
    deeds: list[Deed] = field(default_factory=list)

    def tell(self, at: datetime, verb: str, subject: Any, by: Person | Contact | None, **more: Any) -> None:
        self.deeds.append(Deed(at, verb, subject, by, **more))

    def keyed(self, person_id: int) -> str:
        return next(key for key, person in self.people.items() if person.id == person_id)

    def head_of(self, code: str, *kinds: str) -> Contact:
        """Who heads the first of these departments that the client has; the sponsor where there is none."""
        return next(
            self.by_department[code, kind] for kind in (*kinds, "executive") if (code, kind) in self.by_department
        )


def write_trail(scene: Scene) -> None:
    """Oldest first: the trail is read by its running number."""
    deeds = sorted(scene.deeds, key=lambda one: one.at)
    texts = {
        n: AuditText(body=deed.reason, open_to=deed.open_to, **whose_is(deed.subject))
        for n, deed in enumerate(deeds)
        if deed.reason
    }
    db.session.add_all(texts.values())
    db.session.flush()
    for n, deed in enumerate(deeds):
        ours, theirs = (deed.by, None) if isinstance(deed.by, Person) else (None, deed.by)
        account = scene.accounts.get(deed.by.email) if deed.by else None
        audience = Audience.PRACTICE if ours else Audience.CLIENT if theirs else Audience.SYSTEM
        db.session.add(
            AuditEntry(
                at=deed.at, verb=deed.verb, audience=audience.value, account_id=account and account.id,
                person_id=ours and ours.id, contact_id=theirs and theirs.id, subject_kind=deed.subject.__tablename__,
                subject_id=deed.subject.id, code=getattr(deed.subject, "code", ""), from_state=deed.before,
                to_state=deed.after, reason_id=texts[n].id if n in texts else None, open_to=deed.open_to, via="web",
                request_id="", **whose_is(deed.subject),
            )
        )  # fmt: skip
