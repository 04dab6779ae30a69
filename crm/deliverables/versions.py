"""The versions of a deliverable: frozen when submitted, answered by the client, kept once accepted."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import LineType, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, LeadsOnly, Shareable, SponsorsOnly, Visibility, under, within
from crm.deliverables.states import SAID, State
from crm.files.models import StoredFile
from crm.people.models import Person

if TYPE_CHECKING:
    from crm.deliverables.models import Deliverable


@dataclass(frozen=True)
class Behalf:
    """A yes given on paper or by phone: who of ours writes it down, when it was given, and the proof (invariant 7)."""

    recorded_by: int
    given_on: date
    proof: str
    proof_link: str = ""


class DeliverableVersion(EngagementOwned, Shareable, Model):
    """One text of a deliverable: what is submitted, answered and, once accepted, never changed."""

    __tablename__ = "deliverable_version"
    __table_args__ = (
        within("deliverable"),
        under("contact", by="asked_id"),
        under("contact", by="decided_by_id"),
        UniqueConstraint("deliverable_id", "number"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint(
            "state IN ('in_progress', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled')",
            name="state_of_a_version",
        ),
        CheckConstraint("(state = 'in_progress') = (submitted_at IS NULL)", name="submitted_when"),
        CheckConstraint(
            "state NOT IN ('accepted', 'superseded', 'changes_requested') OR decided_at IS NOT NULL",
            name="decided_when",
        ),
        CheckConstraint(
            "on_behalf = (recorded_by_id IS NOT NULL) AND on_behalf = (given_on IS NOT NULL)"
            " AND (NOT on_behalf OR proof != '' OR proof_link != '')",
            name="behalf_has_proof",
        ),
        Index("ix_deliverable_version_state", "state", "answer_by"),
        Index("ix_deliverable_version_client_id_state", "client_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    state: Mapped[State] = mapped_column(default=State.IN_PROGRESS)
    title: Mapped[str] = mapped_column(default="")  # as it was called when submitted
    text: Mapped[Prose] = mapped_column(default="")
    link: Mapped[str] = mapped_column(LineType(1000), default="")
    changes: Mapped[str] = mapped_column(LineType(500), default="")  # against the version before, for the client
    digest: Mapped[str] = mapped_column(default="")  # SHA-256 of what was submitted
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    asked_id: Mapped[int | None]  # the sponsor who was asked
    answer_by: Mapped[date | None]
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    on_behalf: Mapped[bool] = mapped_column(default=False)  # recorded by the lead, with proof (invariant 7)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(LineType(2000), default="")
    proof_link: Mapped[str] = mapped_column(LineType(1000), default="")
    deemed: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(LineType(2000), default="")
    version: Mapped[int] = mapped_column(default=1)
    deliverable: Mapped["Deliverable"] = relationship(back_populates="versions")
    submitted_by: Mapped[Person | None] = relationship(foreign_keys="[DeliverableVersion.submitted_by_id]", lazy="raise", viewonly=True)  # fmt: skip
    recorded_by: Mapped[Person | None] = relationship(foreign_keys="[DeliverableVersion.recorded_by_id]", lazy="raise", viewonly=True)  # fmt: skip
    asked: Mapped[Contact | None] = relationship(foreign_keys="[DeliverableVersion.asked_id, DeliverableVersion.client_id]", lazy="raise", viewonly=True)  # fmt: skip
    decided_by: Mapped[Contact | None] = relationship(foreign_keys="[DeliverableVersion.decided_by_id, DeliverableVersion.client_id]", lazy="raise", viewonly=True)  # fmt: skip
    criteria: Mapped[list["FrozenCriterion"]] = relationship(
        back_populates="of_version", order_by="FrozenCriterion.position", cascade="all, delete-orphan"
    )
    comments: Mapped[list["VersionComment"]] = relationship(back_populates="of_version", order_by="VersionComment.id")
    sign_offs: Mapped[list["SignOff"]] = relationship(back_populates="of_version", order_by="SignOff.id")
    attached: Mapped[list["VersionFile"]] = relationship(
        back_populates="of_version", order_by="VersionFile.position, VersionFile.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """DEL-231 v2: what the trail calls it."""
        return f"{self.deliverable.code} v{self.number}"

    def is_written_by(self, person_id: int | None) -> bool:
        return self.deliverable.is_written_by(person_id)

    @property
    def has_content(self) -> bool:
        return bool(self.text or self.link or self.files)

    @property
    def files(self) -> list["VersionFile"]:
        """What the client reads and answers."""
        return [one for one in self.attached if not one.is_proof]

    @property
    def proofs(self) -> list["VersionFile"]:
        """What shows that somebody said yes elsewhere."""
        return [one for one in self.attached if one.is_proof]

    @property
    def is_waiting(self) -> bool:
        return self.state is State.SUBMITTED

    def answers_to(self, asked_at: datetime | None) -> list["SignOff"]:
        """What each sponsor said when they were asked then."""
        return [one for one in self.sign_offs if one.asked_at == asked_at]

    def said_yes(self) -> set[int]:
        """Whose yes is there already, of this asking."""
        return {one.sponsor_id for one in self.answers_to(self.submitted_at) if one.said is Said.YES}

    def fingerprint(self) -> str:
        """SHA-256 of all that the client is asked to accept (docs/files.md). A version without files has none in it, so
        that what was sealed before there were files keeps its fingerprint."""
        sealed = [self.number, self.title, self.text, self.link, self.changes, [one.text for one in self.criteria]]
        if self.files:
            sealed.append([[one.name, one.digest] for one in self.files])
        return hashlib.sha256(json.dumps(sealed, ensure_ascii=False).encode()).hexdigest()

    def freeze(self, title: str, criteria: Sequence[str]) -> None:
        whose = {"client_id": self.client_id, "engagement_id": self.engagement_id, "visibility": Visibility.CLIENT}
        self.criteria = [FrozenCriterion(position=n, text=text, **whose) for n, text in enumerate(criteria, 1)]
        for file in self.files:
            file.show(Visibility.CLIENT)
        self.title = title
        self.digest = self.fingerprint()

    def thaw(self, before: Sequence["DeliverableVersion"]) -> None:
        """Taken back. `before`: the versions before it, some of which the client goes on reading."""
        if self.state is not State.SUBMITTED:
            raise Refused(f"Version {self.number} is {SAID[self.state]}; only a submitted one can be withdrawn.")
        self.criteria = []  # first, for it may have to be loaded
        read = {file.file_id for one in before if one.visibility is Visibility.CLIENT for file in one.attached}
        for file in self.attached:
            file.show(Visibility.TEAM, alone=file.file_id not in read)
        self.state, self.visibility = State.IN_PROGRESS, Visibility.TEAM
        self.submitted_at = self.submitted_by_id = self.asked_id = self.answer_by = None
        self.title = self.digest = ""

    def note(self, behalf: Behalf) -> None:
        if not (behalf.proof or behalf.proof_link):
            raise Refused("Say what proves it, bring the file, or give the link to it.", "proof")
        self.on_behalf, self.recorded_by_id, self.given_on = True, behalf.recorded_by, behalf.given_on
        self.proof, self.proof_link = behalf.proof, behalf.proof_link

    def prove(self, files: Sequence[StoredFile]) -> None:
        """Attach what shows the yes; the sponsor in whose name it was said reads it."""
        whose = {"client_id": self.client_id, "engagement_id": self.engagement_id, "visibility": Visibility.CLIENT}
        for n, file in enumerate(files, len(self.attached) + 1):
            file.visibility = Visibility.CLIENT
            self.attached.append(
                VersionFile(file_id=file.id, position=n, name=file.name, digest=file.digest, is_proof=True, **whose)
            )


@dataclass(frozen=True)
class Given:
    """By which way an answer came: from the portal or a mail, under which name, from where."""

    how: "How"
    name: str = ""
    address: str = ""
    basis: str = ""


FINAL = {State.ACCEPTED, State.SUPERSEDED}
FROZEN = {"number", "title", "text", "link", "changes", "digest", "submitted_at", "submitted_by_id"}


@event.listens_for(DeliverableVersion, "before_update")
def submitted_is_frozen(mapper: Mapper[Any], connection: Connection, version: DeliverableVersion) -> None:  # noqa: ARG001
    """Invariant 6. What was accepted may only be superseded; what was submitted keeps its text, unless withdrawn."""
    seen = inspect(version)
    stood = (seen.attrs.state.history.deleted or [version.state])[0]
    changed = {name for name, attribute in seen.attrs.items() if attribute.history.has_changes()}
    changed -= {"version", "comments", "sign_offs", "attached"}
    if stood in FINAL and (changed - {"state"} or (changed and version.state is not State.SUPERSEDED)):
        raise Refused("An accepted version never changes. Correct it by a new version.")
    if stood not in {State.IN_PROGRESS, *FINAL} and version.state is not State.IN_PROGRESS and changed & FROZEN:
        raise Refused("What the client was asked to accept does not change under their eyes. Withdraw it first.")


@event.listens_for(DeliverableVersion, "before_delete")
def accepted_is_kept(mapper: Mapper[Any], connection: Connection, version: DeliverableVersion) -> None:  # noqa: ARG001
    if version.submitted_at:
        raise Refused("A version that was submitted is never deleted.")


class Said(StrEnum):
    """What somebody answered."""

    YES = "yes"
    CHANGES = "changes"


class How(StrEnum):
    """By which way an answer came."""

    PORTAL = "portal"
    MAIL = "mail"
    BEHALF = "behalf"
    DEEMED = "deemed"


class SignOff(EngagementOwned, Shareable, Model):
    """One sponsor's answer to one version, as the receipt says it: what, who, when, from where, by which way."""

    __tablename__ = "sign_off"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        under("contact", by="sponsor_id"),
        under("contact", by="by_id"),
        UniqueConstraint("version_id", "sponsor_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    asked_at: Mapped[datetime]  # of which asking: what was taken back and sent again is answered anew
    sponsor_id: Mapped[int]  # whose answer it is
    by_id: Mapped[int | None]  # who gave it: the sponsor, or their delegate; nobody where it is deemed
    said: Mapped[Said]
    how: Mapped[How]
    name: Mapped[str] = mapped_column(default="")  # as it was written under the answer
    digest: Mapped[str] = mapped_column(default="")  # of the version, then
    at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")  # of origin
    basis: Mapped[str] = mapped_column(LineType(500), default="")  # of a deemed yes: which reminders were sent
    of_version: Mapped[DeliverableVersion] = relationship(back_populates="sign_offs")
    sponsor: Mapped[Contact] = relationship(foreign_keys="[SignOff.sponsor_id, SignOff.client_id]", lazy="raise", viewonly=True)  # fmt: skip
    by: Mapped[Contact | None] = relationship(foreign_keys="[SignOff.by_id, SignOff.client_id]", lazy="raise", viewonly=True)  # fmt: skip


@event.listens_for(SignOff, "before_update")
@event.listens_for(SignOff, "before_delete")
def answered_is_answered(mapper: Mapper[Any], connection: Connection, answer: SignOff) -> None:  # noqa: ARG001
    raise Refused("An answer stays as it was given.")


class Rating(EngagementOwned, SponsorsOnly, LeadsOnly, Model):
    """What a sponsor thinks of what they accepted: one to five, and a sentence. For them, the lead and the partners."""

    __tablename__ = "rating"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        under("contact"),
        UniqueConstraint("version_id", "contact_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    contact_id: Mapped[int]
    score: Mapped[int]
    sentence: Mapped[str] = mapped_column(LineType(500), default="")
    at: Mapped[datetime]
    contact: Mapped[Contact] = relationship(lazy="raise", viewonly=True)
    of_version: Mapped[DeliverableVersion] = relationship(lazy="raise", viewonly=True)


class FrozenCriterion(EngagementOwned, Shareable, Model):
    """A criterion as it stood when a version was submitted."""

    __tablename__ = "frozen_criterion"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("id", "engagement_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(LineType(500))
    of_version: Mapped[DeliverableVersion] = relationship(back_populates="criteria")


@event.listens_for(FrozenCriterion, "before_update")
def criterion_is_frozen(mapper: Mapper[Any], connection: Connection, criterion: FrozenCriterion) -> None:  # noqa: ARG001
    raise Refused("A criterion that was submitted never changes.")


class VersionFile(EngagementOwned, Shareable, Model):
    """A file as it stands in a version, or as proof of a yes. The same file may stand in several versions."""

    __tablename__ = "version_file"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        within("stored_file", by="file_id"),
        UniqueConstraint("version_id", "file_id"),
        Index("ix_version_file_digest", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    file_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    name: Mapped[str]  # name and SHA-256 stand here again: they are part of what was signed
    digest: Mapped[str] = mapped_column(LineType(64))
    is_proof: Mapped[bool] = mapped_column(default=False)
    of_version: Mapped[DeliverableVersion] = relationship(back_populates="attached")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    def show(self, to: Visibility, *, alone: bool = True) -> None:
        """Who reads it; the file itself too, unless another version shows it."""
        self.visibility = to
        if alone and self.file is not None:
            self.file.visibility = to


@event.listens_for(VersionFile, "before_update")
def file_of_a_version_stays(mapper: Mapper[Any], connection: Connection, file: VersionFile) -> None:  # noqa: ARG001
    changed = {name for name, attribute in inspect(file).attrs.items() if attribute.history.has_changes()}
    if changed - {"visibility"}:
        raise Refused("A file of a version never changes. Take it out and bring another.")


@event.listens_for(VersionFile, "before_insert")
@event.listens_for(VersionFile, "before_delete")
def files_are_frozen(mapper: Mapper[Any], connection: Connection, file: VersionFile) -> None:  # noqa: ARG001
    """Invariant 6. Files come and go while a version is written, and a proof comes with the yes that it proves."""
    version = file.of_version or next(iter(inspect(file).attrs.of_version.history.deleted or ()), None)
    if version is None or inspect(version).pending:  # both come at once: nothing stood before
        return
    if file.is_proof and version.submitted_at and inspect(file).pending:
        return
    stood = (inspect(version).attrs.state.history.deleted or [version.state])[0]
    if stood is not State.IN_PROGRESS:
        raise Refused(f"Version {version.number} is {SAID[stood]}: its files do not change any more.")


class VersionComment(EngagementOwned, Shareable, Model):
    """What the client says about a version, against a criterion or about the whole."""

    __tablename__ = "version_comment"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        within("frozen_criterion", by="criterion_id"),
        under("contact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    criterion_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    body: Mapped[str] = mapped_column(LineType(2000))
    at: Mapped[datetime]
    of_version: Mapped[DeliverableVersion] = relationship(back_populates="comments")
    criterion: Mapped[FrozenCriterion | None] = relationship(lazy="raise", viewonly=True)
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)


@event.listens_for(VersionComment, "before_update")
@event.listens_for(VersionComment, "before_delete")
def said_is_said(mapper: Mapper[Any], connection: Connection, comment: VersionComment) -> None:  # noqa: ARG001
    raise Refused("What the client said about a version stays as it was said.")
