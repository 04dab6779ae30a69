"""The funnel: how many ideas are how far, what they may cost and did, and what was stopped."""

from crm.access.pages import DESK, Pages
from crm.areas.innovation.area import AREA, IDEAS
from crm.areas.innovation.funnel import OUT, THROUGH, Funnel
from crm.areas.innovation.models import RUNNING
from crm.areas.innovation.queries import newest_of, stages_of
from crm.core.clock import today
from crm.core.db import db
from crm.registers.place import Place

pages = Pages("ideas", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/innovation/ideas")


@pages.get("/funnel")
def show(client_id: int) -> str:
    place, on = Place.of(client_id, AREA, IDEAS), today()
    found = Funnel.of(db.session.execute(stages_of(client_id, on)), db.session.scalars(newest_of(client_id)).all())
    return place.show(
        "areas/innovation/funnel.html",
        view="Funnel",
        has_rows=bool(found.sums),
        export="",
        found=found,
        today=on,
        THROUGH=THROUGH,
        OUT=OUT,
        RUNNING=RUNNING,
    )
