"""The figures of the areas: what they are now and what they were, in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Date, Select, cast, literal, null, select, true, type_coerce, union_all

from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.twelve import Area
from crm.kpis.lines import MONTHS, Line
from crm.kpis.models import KpiReading
from crm.registers.kpis import Kpi, Which
from crm.registers.register import Area as Kept

Figures = dict[str, Fraction | None]  # by the key of the figure


def figures_of(kpis: Iterable[Kpi], client_id: int, on: date) -> Figures:
    """What these figures of one client are on a day: one statement, however many they are."""
    return figures_by_client(kpis, on, lambda column: column == client_id).get(client_id, {})


def figures_by_client(kpis: Iterable[Kpi], on: date, which: Which = lambda column: true()) -> dict[int, Figures]:  # noqa: ARG005
    """The same of every client that one sees. A figure that has no rows to read is left out."""
    found: dict[int, Figures] = {}
    for key, client_id, _, value in _told(_arms(kpis, on, which)):
        found.setdefault(client_id, {})[key] = value
    return found


def lines_of(area: Kept, client_id: int) -> list[Line]:
    """Each figure of an area with what it was in the months before, in one statement."""
    on = today()
    month = month_of(on)
    lines = {kpi.key: Line(kpi, None, month, {}) for kpi in area.kpis}
    arms = _arms(area.kpis, on, lambda column: column == client_id)
    for key, _, noted, value in _told([*arms, _readings_of(client_id, area.code, month)]):
        if noted is None:
            lines[key] = replace(lines[key], value=value)
        elif key in lines:
            lines[key].before[noted] = value
    return list(lines.values())


def _arms(kpis: Iterable[Kpi], on: date, which: Which) -> list[Select[Any]]:
    return [_arm(kpi.key, kpi.measure(on, which)) for kpi in kpis if kpi.measure]


def _arm(key: str, measured: Select[Any]) -> Select[Any]:
    columns = measured.selected_columns
    return measured.with_only_columns(literal(key), cast(null(), Date), *columns, maintain_column_froms=True)


def _readings_of(client_id: int, area: Area, month: date) -> Any:
    """What was noted in the months before this one, as an arm beside the figures."""
    kept = type_coerce(KpiReading.value, BigInteger)
    noted: Any = select(KpiReading.key, KpiReading.month, KpiReading.client_id, kept, literal(100))
    since = month_after(month, 1 - MONTHS)
    return noted.where(
        KpiReading.client_id == client_id, KpiReading.area == area, KpiReading.month >= since, KpiReading.month < month
    )


def _told(arms: Sequence[Select[Any]]) -> Iterator[tuple[str, int, date | None, Fraction | None]]:
    """The figure, the client, the month if it was noted in one, and the value."""
    if arms:
        for key, month, client_id, above, below in db.session.execute(union_all(*arms) if len(arms) > 1 else arms[0]):
            yield key, client_id, month, None if above is None or not below else Fraction(int(above), int(below))
