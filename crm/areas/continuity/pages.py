"""Recovery: how fast the critical services of a client came back, against what was agreed and what is bearable."""

from flask import Response, url_for

from crm.access.pages import DESK, Pages
from crm.areas.continuity.area import AREA, CRITICAL
from crm.areas.continuity.models import CriticalService
from crm.areas.continuity.queries import services_of
from crm.areas.continuity.recovery import Recovery, scale, shortfalls
from crm.core.clock import today
from crm.core.db import db
from crm.core.lists import csv_of
from crm.core.words import cell, iso
from crm.registers.place import Place

pages = Pages("recovery", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/continuity/critical-services")
HEADINGS = ("Service", "Business owner", "Bearable, h", "Back within, h", "Back after, h", "Lost at most, h", "Lost, h", "Missed",
            "Last exercise", "Result", "Next exercise", "Last restored")  # fmt: skip


def the_recovery(client_id: int) -> Recovery:
    return Recovery(db.session.scalars(services_of(client_id)).all(), today())


@pages.get("/recovery")
def show(client_id: int) -> str:
    place, found = Place.of(client_id, AREA, CRITICAL), the_recovery(client_id)
    return place.show(
        "areas/continuity/recovery.html",
        view="Recovery",
        has_rows=bool(found.rows),
        export=url_for(".export", client_id=client_id),
        found=found,
        scale=scale,
        shortfalls=shortfalls,
        today=found.today,
    )


@pages.get("/recovery.csv")
def export(client_id: int) -> Response:
    place = Place.of(client_id, AREA, CRITICAL)
    return csv_of(HEADINGS, (_cells(one) for one in the_recovery(client_id).rows), f"{place.client.code}-recovery")


def _cells(one: CriticalService) -> list[str]:
    hours = (one.mtpd_hours, one.rto_hours, one.rto_reached_hours, one.rpo_hours, one.rpo_reached_hours)
    return [one.name, one.business_owner_name, *("" if value is None else cell(value) for value in hours),
            "; ".join(shortfalls(one)), iso(one.last_exercise), cell(one.exercise_result), iso(one.next_exercise_due),
            iso(one.last_restore_test)]  # fmt: skip
