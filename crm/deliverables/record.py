"""Comparing a file with the record: which version it is, or that it is none. What was brought is not kept."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.deliverables.versions import DeliverableVersion, VersionFile
from crm.files.models import StoredFile

AT_MOST = 50


@dataclass(frozen=True)
class Match:
    """A place of the record in which the compared file stands."""

    version: DeliverableVersion
    file: VersionFile | None = None  # None: it is the fingerprint of the version as a whole
    as_brought: bool = False  # the picture before what was hidden in it was taken out


def matches(digests: Collection[str]) -> list[Match]:
    """Where these fingerprints stand, as far as this viewer sees it; the newest first."""
    whole = (joinedload(DeliverableVersion.deliverable), joinedload(DeliverableVersion.decided_by))
    of_files = (
        select(VersionFile)
        .join(StoredFile, StoredFile.id == VersionFile.file_id)
        .where(or_(VersionFile.digest.in_(digests), StoredFile.source_digest.in_(digests)))
        .options(joinedload(VersionFile.of_version).options(*whole))
        .order_by(VersionFile.id.desc())
        .limit(AT_MOST)
    )
    of_versions = (
        select(DeliverableVersion)
        .where(DeliverableVersion.digest.in_(digests))
        .options(*whole)
        .order_by(DeliverableVersion.id.desc())
        .limit(AT_MOST)
    )
    return [
        *(Match(one.of_version, one, one.digest not in digests) for one in db.session.scalars(of_files)),
        *(Match(one) for one in db.session.scalars(of_versions)),
    ]
