"""What lists and tabs ask of the judgements that are kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from crm.core.db import db
from crm.core.twelve import OF, Area
from crm.core.words import day_month, listed, plural
from crm.engagements.models import Engagement
from crm.engagements.scopes import Rag
from crm.evidence.judging import judge
from crm.evidence.models import AreaSummary
from crm.evidence.why import is_worse

SAYS = {Rag.RED: "red", Rag.AMBER: "amber", None: "nothing"}  # worst first
NAMED_AT_MOST = 2


@dataclass(frozen=True)
class Apart:
    """An area whose evidence does not say what was published."""

    area: Area
    confirmed: Rag | None
    suggested: Rag | None
    computed_on: date

    @property
    def is_worse(self) -> bool:
        return is_worse(self.suggested, self.confirmed)


def in_words(rows: Iterable[Apart], on: date) -> str:
    """Evidence says red in Vendors, amber in 4 areas, nothing in 2, better in 3. With the day where it is not of this one."""
    rows = list(rows)
    worse: dict[Rag | None, list[str]] = defaultdict(list)
    for one in rows:
        if one.is_worse:
            worse[one.suggested].append(OF[one.area].short)
    told = [f"{SAYS[colour]} in {_some(worse[colour])}" for colour in SAYS if worse[colour]]
    better = sum(not one.is_worse for one in rows)
    if better:
        told.append(f"better in {plural(better, 'area')}")
    oldest = min((one.computed_on for one in rows), default=on)
    return f"Evidence says {', '.join(told)}{'' if oldest == on else f' (on {day_month(oldest)})'}" if told else ""


def _some(names: list[str]) -> str:
    return listed(names) if len(names) <= NAMED_AT_MOST else plural(len(names), "area")


@dataclass(frozen=True)
class Suggestion:
    """What the evidence says of one area, and since when where that is known."""

    suggested: Rag | None
    since: date | None


def suggestions(engagement: Engagement, on: date, kept: Sequence[Any] | None = None) -> dict[Area, Suggestion]:
    """Of all areas of an engagement that is open: what is kept, where it was judged today, else judged now. `kept`: where
    that was read before."""
    if kept is None:
        kept = db.session.scalars(select(AreaSummary).where(AreaSummary.engagement_id == engagement.id)).all()
    if len(kept) == len(engagement.scopes) and all(one.computed_on == on for one in kept):
        return {one.area: Suggestion(one.suggested, one.since) for one in kept}
    return {area: Suggestion(one.suggested, None) for area, one in judge(engagement.scopes, on).items()}
