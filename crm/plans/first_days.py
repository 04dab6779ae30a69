"""The first 100 days of an engagement: what is usually owed then, with days (docs/domain.md, a typical life of each model)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from crm.core.calendar import working_day_until
from crm.engagements.models import Engagement
from crm.engagements.states import EngagementModel
from crm.library.typical import Template, typical

WORDS = Path(__file__).parent / "first_days.toml"


@dataclass(frozen=True)
class Step:
    """One deliverable of the set, by when, and whether it is there already."""

    number: int
    template: Template
    due: date
    is_there: bool


@dataclass(frozen=True)
class Picked:
    """What was chosen of the set, as it was agreed."""

    template: Template
    due: date
    days: Decimal


@cache
def sets() -> Mapping[EngagementModel, Mapping[str, int]]:
    written = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {model: written[model.value] for model in EngagementModel}


def steps_for(engagement: Engagement, there: Iterable[str], region: str, on: date) -> list[Step]:
    """The set of its model, without areas that are out of scope. Days count from the start, or from now if it is past
    those 100 days; a day off moves to the working day before, and none lies behind us."""
    begins = engagement.starts if on - engagement.starts < timedelta(days=100) else on
    kept = set(there)
    inside = {one.area for one in engagement.scopes if one.is_in}
    chosen = ((typical()[key], days) for key, days in sets()[engagement.model].items())
    return [
        Step(number, template, max(working_day_until(begins + timedelta(days=days), region), on), template.key in kept)
        for number, (template, days) in enumerate(chosen, 1)
        if template.area in inside
    ]
