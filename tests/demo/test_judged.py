"""What is kept of the demo's judgements is true from its first minute: for every engagement that runs, and no other."""

from collections import Counter

from sqlalchemy import select

from crm.core.viewer import SYSTEM, viewing_as
from crm.engagements.models import Engagement
from crm.engagements.states import LIVE
from crm.evidence import keeping
from crm.evidence.models import AreaSummary


def test_the_demo_is_judged_as_it_is_loaded(demo, app):
    kept = demo.scalars(select(AreaSummary)).all()
    live = demo.scalars(select(Engagement.id).where(Engagement.state.in_(LIVE))).all()
    assert Counter(one.engagement_id for one in kept) == dict.fromkeys(live, 12)
    with app.app_context(), viewing_as(SYSTEM, zone="Europe/London"):
        assert [str(one) for one in keeping.prove(kept[0].computed_on)] == []
