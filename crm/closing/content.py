"""What stands on a statement: days by entry that add up to the hundredth, and the digest that says it never changed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.core.twelve import Area
from crm.core.words import decimals, iso
from crm.retainers.formulas import in_days
from crm.timelog.models import TimeKind

NONE = Decimal(0)


@dataclass(frozen=True)
class Worked:
    """One entry, as a plain value: what the sponsor may read of it."""

    entry_id: int
    engagement_id: int
    day: date
    person: str
    area: Area | None
    minutes: int
    kind: TimeKind
    note: str
    corrects: date | None = None  # the day of the entry that this one corrects

    @property
    def counts(self) -> bool:
        return self.kind is TimeKind.BILLABLE


def apportion(minutes: Iterable[int]) -> list[Decimal]:
    """Days of each, so that they add up to the days of all: no hundredth is lost between an entry and its month (F5)."""
    found, so_far, days = [], 0, NONE
    for one in minutes:
        so_far += one
        found.append(in_days(so_far) - days)
        days = in_days(so_far)
    return found


def lines_of(entries: Sequence[Worked]) -> list[dict[str, Any]]:
    """By date. What counts adds up to the days used; what does not is said in days of its own."""
    ordered = sorted(entries, key=lambda one: (one.day, one.entry_id))
    days = iter(apportion(one.minutes for one in ordered if one.counts))
    return [
        {
            "entry": one.entry_id, "day": iso(one.day), "who": one.person, "area": one.area.value if one.area else "",
            "days": decimals(next(days) if one.counts else in_days(one.minutes)), "minutes": one.minutes,
            "counts": one.counts, "note": one.note, "corrects": iso(one.corrects) if one.corrects else "",
        }
        for one in ordered
    ]  # fmt: skip


def digest_of(values: Mapping[str, Any]) -> str:
    """SHA-256 over the figures and lines, written in one way only."""
    plain = {key: decimals(value) if isinstance(value, Decimal) else value for key, value in values.items()}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
