"""Who of the clients looked in over the last weeks, and at what: so that “since you were here” and “Seen by” have a past."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from crm.audit.models import Opened, Opening
from crm.core.db import db
from crm.core.twelve import OF, Area
from crm.deliverables.versions import DeliverableVersion
from crm.demo.scene import Scene


class Visit(NamedTuple):
    """Somebody of a client, so many days ago, and the areas that they read; and whether the newest paper too."""

    client: str
    name: str
    ago: int
    hour: int
    minute: int
    areas: tuple[Area, ...] = ()
    paper: bool = False


VISITS = (
    Visit("BRK", "Carys Brackenhill", 33, 7, 50, (Area.ITM, Area.BCD)),
    Visit("BRK", "Gwen Parry", 24, 12, 35, (Area.ITM, Area.SEC)),
    Visit("BRK", "Carys Brackenhill", 18, 18, 5, (Area.STR,), paper=True),
    Visit("BRK", "Carys Brackenhill", 11, 7, 40, (Area.VEN, Area.STK), paper=True),
    Visit("BRK", "Gwen Parry", 9, 9, 15, (Area.DAT,)),
    Visit("SAL", "Rosalind Thackeray", 8, 16, 20, paper=True),
)


def look_in(scene: Scene) -> None:
    db.session.flush()
    for visit in VISITS:
        at = scene.almanac.at(scene.almanac.ago(visit.ago), visit.hour, visit.minute)
        _open(scene, visit, at)


def _open(scene: Scene, visit: Visit, at: datetime) -> None:
    """The first page, then what they read from there: of that which was there by then."""
    contact = scene.contacts[visit.client, visit.name]

    def opened(kind: Opened, title: str, subject_id: int | None = None, engagement_id: int | None = None) -> None:
        db.session.add(
            Opening(at=at, kind=kind, title=title, subject_id=subject_id, engagement_id=engagement_id,
                    client_id=contact.client_id, contact_id=contact.id)
        )  # fmt: skip

    opened(Opened.HOME, "First page")
    for area in visit.areas:
        review = scene.verdicts.get((contact.client_id, area))
        if review and review.published_at and review.published_at < at:
            opened(Opened.REVIEW, OF[area].plain, review.id, review.engagement_id)
    if visit.paper and (version := _newest(contact.client_id, at)):
        opened(Opened.VERSION, f"{version.title}, version {version.number}", version.id, version.engagement_id)


def _newest(client_id: int, before: datetime) -> DeliverableVersion | None:
    sent = select(DeliverableVersion).where(
        DeliverableVersion.client_id == client_id, DeliverableVersion.submitted_at < before
    )
    return db.session.scalar(sent.order_by(DeliverableVersion.submitted_at.desc()).limit(1))
