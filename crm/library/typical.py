"""The typical deliverables of the twelve areas, as the book has them: effort, cadence, and where a version begins."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from crm.core.twelve import OF, Area, Responsibility

WORDS = Path(__file__).parent / "typical.toml"


class Cadence(StrEnum):
    ONCE = "once"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    ON_EVENT = "on_event"

    @property
    def months(self) -> int:
        """From one to the next; 0 for what does not come again by itself."""
        return MONTHS.get(self, 0)


MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.HALF_YEARLY: 6, Cadence.YEARLY: 12}
SAID = {
    Cadence.ONCE: "once",
    Cadence.MONTHLY: "every month",
    Cadence.QUARTERLY: "every quarter",
    Cadence.HALF_YEARLY: "twice a year",
    Cadence.YEARLY: "every year",
    Cadence.ON_EVENT: "when it is needed",
}


@dataclass(frozen=True)
class Template:
    """A deliverable as it usually is. `key` is what a deliverable made from it keeps as its type."""

    key: str
    area: Area
    name: str
    days: Decimal
    cadence: Cadence
    what: str
    outline: tuple[str, ...]
    criteria: tuple[str, ...]

    @property
    def responsibility(self) -> Responsibility:
        return OF[self.area]

    @property
    def rhythm(self) -> str:
        return SAID[self.cadence]

    @property
    def headings(self) -> str:
        """The outline as the Markdown that an empty version begins with."""
        return "".join(f"## {heading}\n\n\n" for heading in self.outline).rstrip("\n") + "\n" if self.outline else ""


@cache
def typical() -> Mapping[str, Template]:
    """All of them by key, in the order of the dial."""
    written = tomllib.loads(WORDS.read_text(encoding="utf-8"))["template"]
    return {one["key"]: _read(one) for one in written}


def _read(one: dict[str, str | list[str]]) -> Template:
    key = str(one["key"])
    return Template(
        key, Area(key[:3]), str(one["name"]), Decimal(str(one["days"])), Cadence(str(one["cadence"])), str(one["what"]),
        tuple(one["outline"]), tuple(one["criteria"]),
    )  # fmt: skip
