"""The contracts of one client by the day to speak by. Across all clients: /renewals."""

from crm.access.pages import DESK, Pages
from crm.areas.vendors.area import AREA, CONTRACTS
from crm.areas.vendors.calendar import Calendar
from crm.areas.vendors.queries import SOON, contracts_of
from crm.core.clock import today
from crm.core.db import db
from crm.registers.place import Place

pages = Pages("contracts", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/vendors/contracts")


@pages.get("/calendar")
def show(client_id: int) -> str:
    place, on = Place.of(client_id, AREA, CONTRACTS), today()
    found = Calendar(db.session.scalars(contracts_of(client_id)).all(), on)
    return place.show(
        "areas/vendors/calendar.html",
        view="Renewals",
        has_rows=bool(found.rows),
        export=place.sheet("rows", kind="csv", sort="notice_by"),
        found=found,
        today=on,
        until=on + SOON,
    )
