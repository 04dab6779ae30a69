"""The invoices of one engagement, for its lead and for partners."""

from flask import g
from flask.typing import ResponseReturnValue

from crm.access.act import allow
from crm.access.pages import DESK, Pages
from crm.core.clock import today
from crm.core.db import db
from crm.desk.engagement import tab
from crm.engagements.desk import the_engagement
from crm.figures import days_late
from crm.invoices import queries as ask
from crm.invoices.lateness import lateness_of
from crm.invoices.models import Invoice

pages = Pages("engagement_invoices", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>/invoices")
NEWEST = 100


@pages.get("")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    allow(g.viewer, "invoice.read", engagement)
    newest = ask.invoices_of_engagements([engagement_id]).order_by(Invoice.issued_on.desc(), Invoice.id.desc())
    return tab(
        engagement, "invoices", rows=db.session.scalars(newest.limit(NEWEST)).unique().all(),
        sums=ask.sums(today(), Invoice.engagement_id == engagement_id), STANDING_WORDS=ask.STANDING_WORDS,
        late=lateness_of(days_late([engagement_id]).get(engagement_id, 0)),
    )  # fmt: skip
