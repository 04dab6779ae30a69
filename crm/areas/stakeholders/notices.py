"""Whoever was promised something hears when it is dropped in their name, or will not be kept."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.words import day
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice


def announce(row: Commitment) -> None:
    """Queued where whoever it was made to reads the row: a promise that only the team reads is told by nobody."""
    if row.visibility is Visibility.CLIENT:
        post(f"commitment.{row.status}", key=f"entry:{row.id}:{row.status}:{row.version}", entry_id=row.id)


def _found(entry_id: int, status: CommitmentStatus) -> Commitment | None:
    asked = select(Commitment).where(Commitment.id == entry_id, Commitment.status == status)
    return db.session.scalars(asked.options(joinedload(Commitment.to_contact))).one_or_none()


def _letter(row: Commitment, subject: str, text: str) -> Letter:
    return Letter(
        to=row.to_contact, about=row, subject=f"{subject}: {row.what}", text=f"{text}\n\n{row.closing}",
        path=f"/portal/areas/stakeholders/commitments/{row.id}", link="Look at the promise", kind=Kind.ACTION,
    )  # fmt: skip


@notice("commitment.broken")
def tell_what_is_not_kept(entry_id: int) -> Iterator[Letter]:
    if row := _found(entry_id, CommitmentStatus.BROKEN):
        said = f"We promised you this by {day(row.due)}, and we will not keep it. We say so rather than let it lie."
        yield _letter(row, "A promise that we cannot keep", said)


@notice("commitment.withdrawn")
def tell_what_was_agreed(entry_id: int) -> Iterator[Letter]:
    if row := _found(entry_id, CommitmentStatus.WITHDRAWN):
        said = (
            f"We wrote down that you agreed on {day(row.agreed_on)} to drop this. If that is not so, tell us at once."
        )
        yield _letter(row, "Dropped, as agreed with you", said)
