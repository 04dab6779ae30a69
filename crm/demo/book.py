"""What stands in data/, and what its dates mean today."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from crm.core.calendar import month_after, month_end, month_of

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=8)
def book(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Almanac:
    """The days around today, and the chances of this seed. The same seed and the same today give the same practice."""

    today: date
    zone: ZoneInfo
    seed: int

    def day(self, text: str) -> date:
        """T-40 and T+40 are days around today; BOM-3 and EOM+2 begin and end a month around this one."""
        found = re.fullmatch(r"(T|BOM|EOM)([+-]\d+)?", text)
        if not found:
            raise ValueError(f"a date of the demo is T-40, BOM-3 or EOM+2, not “{text}”")
        away = int(found[2] or 0)
        if found[1] == "T":
            return self.today + timedelta(days=away)
        first = month_after(month_of(self.today), away)
        return first if found[1] == "BOM" else month_end(first)

    def ago(self, days: float) -> date:
        return self.today - timedelta(days=round(days))

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An instant of that day on the practice's clock."""
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def dice(self, what: str) -> Random:
        """Chances for one part of the practice, so that a change elsewhere does not throw them anew."""
        return Random(f"{self.seed} {what}")  # noqa: S311  believable, not secret
