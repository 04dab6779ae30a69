"""The figures of the areas are written down: once a night for every client, and when a review is published."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from crm.areas.catalogue import TWELVE, area_of
from crm.core.calendar import month_of
from crm.core.clock import today
from crm.core.db import db, reading, transaction
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import half_up
from crm.engagements.scopes import AreaScope
from crm.evidence.judging import reads_rows
from crm.kpis.models import KpiReading
from crm.kpis.queries import Figures, figures_by_client, figures_of
from crm.practice.models import practice_of_a_chore
from crm.registers.register import Area as Kept

AT_ONCE = 20  # clients of one transaction: nobody waits long for it


def note_figures(on: date | None = None) -> int:
    """What every figure of every client is today stands for this month. Tells of how many clients."""
    on = on or today()
    with reading():
        found = figures_by_client([kpi for area in TWELVE for kpi in area.kpis], on)
        known = db.session.scalars(select(KpiReading.client_id).where(KpiReading.month == month_of(on)).distinct())
        clients = sorted({*found, *known})
        db.session.rollback()
    for first in range(0, len(clients), AT_ONCE):
        with transaction():
            for client_id in clients[first : first + AT_ONCE]:
                _note(client_id, TWELVE, found.get(client_id, {}), on)
        db.session.expunge_all()
    return len(clients)


def note_areas(scopes: Iterable[AreaScope]) -> None:
    """The same for areas of one engagement, inside the deed that makes it worth noting: a review that is published."""
    read = [(scope.client_id, area_of(scope.responsibility.slug)) for scope in scopes if reads_rows(scope)]
    areas, on = [area for _, area in read if area], today()
    for client_id in {client_id for client_id, _ in read}:
        _note(client_id, areas, figures_of([kpi for area in areas for kpi in area.kpis], client_id, on), on)


def _note(client_id: int, areas: Iterable[Kept], figures: Figures, on: date) -> None:
    month = month_of(on)
    of: dict[str, Area] = {kpi.key: area.code for area in areas for kpi in area.kpis}
    known = select(KpiReading).where(
        KpiReading.client_id == client_id, KpiReading.month == month, KpiReading.key.in_(of)
    )
    stands = {one.key: one for one in db.session.scalars(known)}
    for key, area in of.items():
        if key not in stands and key in figures:
            stands[key] = KpiReading(client_id=client_id, area=area, key=key, month=month)
            db.session.add(stands[key])
    for key, row in stands.items():
        value = figures.get(key)
        row.value, row.noted_on = None if value is None else half_up(value, 2), on


def each_night() -> None:
    """The worker's chore: the first hour of a day writes them down."""
    with viewing_as(SYSTEM):
        with reading():
            practice = practice_of_a_chore()
            is_done = _is_done(today())
            db.session.rollback()
        if practice and not is_done:
            note_figures()


def _is_done(on: date) -> bool:
    """All that this month knows was noted on this day: a review that is published notes no more than its own areas."""
    oldest = select(func.min(KpiReading.noted_on)).where(KpiReading.month == month_of(on))
    return bool(db.session.scalar(oldest) == on)
