"""Who decides for the client on an engagement: its sponsors, and whom they let answer in their place."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from crm.access.act import act
from crm.clients.models import Contact
from crm.core.clock import now, today
from crm.core.db import db, transaction
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.engagements.models import Engagement
from crm.engagements.notices import announce
from crm.engagements.people import MOST_SPONSORS, Delegation, Sponsorship
from crm.engagements.states import EngagementState

LONGEST_DELEGATION = timedelta(days=184)


def add_sponsor(engagement: Engagement, contact: Contact, *, viewer: Viewer, press: Press) -> Sponsorship:
    made = Sponsorship(engagement_id=engagement.id, client_id=engagement.client_id, contact_id=contact.id)
    with act(viewer, "sponsorship.add", made, press=press, reason=contact.name):
        engagement.must_be_open()
        others = sponsors_now(engagement)
        if contact.id in others:
            raise Refused(f"{contact.name} is a sponsor already.", "contact_id")
        if len(others) >= MOST_SPONSORS:
            raise Refused("An engagement has two sponsors at most: remove one first.", "contact_id")
        if not contact.decides:
            raise Refused(f"{contact.name} is not marked as somebody who decides.", "contact_id")
        db.session.add(made)
    return made


def remove_sponsor(sponsorship: Sponsorship, *, viewer: Viewer, press: Press) -> None:
    engagement = sponsorship.engagement
    with act(viewer, "sponsorship.end", sponsorship, press=press, reason=sponsorship.contact.name):
        engagement.must_be_open()
        if engagement.state is not EngagementState.DRAFT and len(sponsors_now(engagement)) == 1:
            raise Refused("A running engagement has a sponsor: add the next one first.")
        db.session.delete(sponsorship)


def sponsors_now(engagement: Engagement) -> list[int]:
    """Read again: another may have come or gone before the client's row was held."""
    return list(db.session.scalars(select(Sponsorship.contact_id).where(Sponsorship.engagement_id == engagement.id)))


def name_delegate(
    engagements: Sequence[Engagement], delegate: Contact, *, begins: date, until: date, viewer: Viewer, press: Press
) -> list[Delegation]:
    """A sponsor lets a colleague answer, on each engagement that they sponsor; both are told."""
    named = [
        Delegation(client_id=one.client_id, engagement_id=one.id, contact_id=viewer.contact_id, delegate_id=delegate.id,
                   begins=begins, until=until)
        for one in engagements
    ]  # fmt: skip
    if not named:
        raise Refused("There is nothing that you sign off at the moment.", "delegate_id")
    with transaction():
        for number, one in enumerate(named):
            with act(viewer, "delegation.name", one, press=None if number else press, open_to=OpenTo.CLIENT):
                if until < max(begins, today()):
                    raise Refused("The last day lies before the first, or in the past.", "until")
                if until - begins > LONGEST_DELEGATION:
                    raise Refused("At most half a year at a time; name them again then.", "until")
                db.session.add(one)
                delegate.vouch()  # the sponsor read the address beside the name
                db.session.flush()
                announce("named", one)
    return named


def end_delegation(delegation: Delegation, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "delegation.end", delegation, press=press, open_to=OpenTo.CLIENT):
        delegation.end(now())
        announce("ended", delegation)
