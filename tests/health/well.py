"""Engagements that are well looked after: for stories that begin where nothing is wrong."""

from sqlalchemy import delete, select

from crm.clients.models import Activity, ActivityKind, Attendee
from crm.core import clock
from crm.core.ownership import Visibility
from crm.engagements.models import Terms
from crm.engagements.retained import RetainerFee, RetainerTerms
from crm.engagements.scopes import AreaScope
from crm.engagements.states import PriceKind
from tests.cast import TODAY


def make_well(stage, cast, *, met_on=TODAY, reviewed_on=TODAY, engagements=(1, 2)):
    """All areas reviewed, the sponsor spoken to, a price by the day, which nothing is judged of: 95 of 100."""
    for kind in (RetainerFee, RetainerTerms):
        stage.execute(delete(kind).where(kind.engagement_id.in_(engagements)))
    for terms in stage.scalars(select(Terms).where(Terms.engagement_id.in_(engagements))):
        terms.price_kind, terms.day_rate = PriceKind.DAY_RATE, 110_000
    for row in stage.scalars(select(AreaScope).where(AreaScope.engagement_id.in_(engagements))):
        row.reviewed_on = reviewed_on
    for client_id, sponsor in ((1, cast.contacts.cora), (2, cast.contacts.uma)):
        if client_id in engagements:
            met(stage, client_id, sponsor.id, met_on)
    stage.commit()


def met(stage, client_id, contact_id, on, *, kind=ActivityKind.CALL, visibility=Visibility.CLIENT):
    """Somebody of ours spoke with a contact."""
    activity = Activity(client_id=client_id, kind=kind, happened_on=on, title="Spoke", person_id=1, written_at=clock.now(), visibility=visibility)  # fmt: skip
    stage.add(activity)
    stage.flush()
    stage.add(Attendee(activity_id=activity.id, client_id=client_id, contact_id=contact_id, visibility=visibility))
    stage.commit()
