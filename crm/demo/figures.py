"""What the figures of the demo's clients were in the months before: on their way to what they are today."""

from datetime import date
from fractions import Fraction

from crm.areas.catalogue import TWELVE
from crm.core.calendar import month_after, month_of
from crm.core.db import db
from crm.core.words import half_up
from crm.demo.scene import Scene
from crm.kpis.lines import MONTHS
from crm.kpis.models import KpiReading
from crm.kpis.queries import figures_by_client
from crm.registers.kpis import Kpi, Unit

FAR = {Unit.PCT: 24, Unit.SCORE_5: 1, Unit.SCORE_100: 14, Unit.COUNT: 2, Unit.DAYS: 40, Unit.LEVELS: 1, Unit.POINTS: 1}
MOST = {Unit.PCT: 100, Unit.SCORE_5: 5, Unit.SCORE_100: 100}


def remember(scene: Scene) -> None:
    """One reading a month since the client's first engagement, as the worker would have written them down."""
    db.session.flush()
    today, dice = scene.almanac.today, scene.almanac.dice("figures")
    began: dict[int, date] = {}
    for one in scene.engagements.values():
        began[one.client_id] = min(one.starts, began.get(one.client_id, one.starts))
    found = figures_by_client([kpi for area in TWELVE for kpi in area.kpis], today)
    for client_id, figures in sorted(found.items()):
        for area in TWELVE:
            for kpi in area.kpis:
                value, step = figures.get(kpi.key), Fraction(dice.randint(2, 9), 100)
                for back in range(1, MONTHS):
                    month = month_after(month_of(today), -back)
                    if value is None or month < month_of(began[client_id]):
                        break
                    noted = month_after(month, 1)
                    was = _before(kpi, value, back * step + Fraction(dice.randint(-3, 3), 100))
                    db.session.add(
                        KpiReading(client_id=client_id, area=area.code, key=kpi.key, month=month, value=was, noted_on=noted)
                    )  # fmt: skip


def _before(kpi: Kpi, value: Fraction, way: Fraction) -> object:
    """A little worse than today, the more the longer ago."""
    wants_less = kpi.target is not None and kpi.target.sign == "<="
    far = FAR.get(kpi.unit, value / 2)
    was = value + far * way * (1 if wants_less else -1)
    was = min(max(was, Fraction(0)), Fraction(MOST.get(kpi.unit, was)))
    return half_up(was, 0 if kpi.unit in {Unit.COUNT, Unit.MONEY, Unit.DAYS, Unit.HOURS, Unit.KWH} else 2)
