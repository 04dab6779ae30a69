"""What pages ask about clients: selects with all that is needed loaded."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.clients.models import Activity, Attendee, FollowUp
from crm.core.ownership import Visibility


def follow_ups_of(person_id: int) -> Select[FollowUp]:
    """What this person still means to do, the most urgent first, each with its client."""
    open_ones = select(FollowUp).where(FollowUp.person_id == person_id, FollowUp.done_at.is_(None))
    return open_ones.options(joinedload(FollowUp.client)).order_by(FollowUp.due, FollowUp.id)


def what_we_did(newest: int = 20) -> Select[Activity]:
    """The activities that were written for the client to read, newest first: the portal's "what we did"."""
    return timeline().where(Activity.visibility == Visibility.CLIENT).limit(newest)


def timeline(*criteria: Any) -> Select[Activity]:
    """Activities with who wrote them and who of the client was there, newest first."""
    people = (joinedload(Activity.person), selectinload(Activity.attendees).joinedload(Attendee.contact))
    return select(Activity).where(*criteria).options(*people).order_by(Activity.happened_on.desc(), Activity.id.desc())
