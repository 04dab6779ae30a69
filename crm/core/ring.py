"""The ring of the twelve: area n (1 to 12) sits at n o'clock, 30 degrees wide and centred on its hour.

Geometry for the templates, and `dial`, which turns what is known of a client's areas into what the ring draws.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import cos, degrees, radians, sin
from typing import Any, Protocol

from crm.core.twelve import TWELVE, Scope


def _point(centre: float, radius: float, angle: float) -> str:
    t = radians(angle - 90)
    return f"{centre + radius * cos(t):.2f} {centre + radius * sin(t):.2f}"


def _trim(gap: float, radius: float) -> float:
    """Degrees to take off each side so that neighbours stay `gap` px apart at this radius."""
    return min(13.0, degrees((gap / 2) / radius))


@lru_cache(maxsize=4096)
def wedge(centre: float, n: int, inner: float, outer: float, gap: float = 1.0) -> str:
    """Path of the annular sector of area n between two radii, in px."""
    begins, ends = n * 30 - 15, n * 30 + 15
    near, far = _trim(gap, inner), _trim(gap, outer)
    return (
        f"M{_point(centre, inner, begins + near)}L{_point(centre, outer, begins + far)}"
        f"A{outer:g} {outer:g} 0 0 1 {_point(centre, outer, ends - far)}"
        f"L{_point(centre, inner, ends - near)}A{inner:g} {inner:g} 0 0 0 {_point(centre, inner, begins + near)}Z"
    )


@lru_cache(maxsize=1024)
def arc(centre: float, n: int, radius: float, gap: float = 1.0) -> str:
    """Path of the target arc of area n."""
    trim = degrees((gap / 2) / radius)
    begins, ends = _point(centre, radius, n * 30 - 15 + trim), _point(centre, radius, n * 30 + 15 - trim)
    return f"M{begins}A{radius:g} {radius:g} 0 0 1 {ends}"


def at(centre: float, n: int, radius: float) -> dict[str, float]:
    """The point on the spoke of area n, for rim marks and numerals."""
    t = radians(n * 30 - 90)
    return {"x": round(centre + radius * cos(t), 2), "y": round(centre + radius * sin(t), 2)}


@dataclass(frozen=True)
class Spoke:
    """One of the twelve as the ring draws it. `rag` is g, a, r or n; levels run from 0 to 5 in halves."""

    n: int
    name: str
    word: str
    rag: str
    now: Decimal | None
    target: Decimal | None
    href: str = ""
    is_in: bool = True


class Judged(Protocol):
    """An area as an engagement judges it: a row of area scopes, whole or its columns alone."""

    @property
    def number(self) -> int: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def confirmed(self) -> Any: ...
    @property
    def maturity(self) -> Decimal | None: ...
    @property
    def target(self) -> Decimal | None: ...


SAID = {"r": "Red", "a": "Amber", "g": "Green"}
PLAIN = {"r": "Needs action", "a": "Watch", "g": "On track"}  # to clients, who read no colours' names


@dataclass(frozen=True)
class Dial:
    """The twelve in one picture, and the same in words."""

    spokes: tuple[Spoke, ...]

    @property
    def score(self) -> Decimal:
        """The sum of the levels, of 60."""
        return sum((spoke.now or Decimal(0) for spoke in self.spokes), Decimal(0))

    @property
    def target(self) -> Decimal:
        return sum((spoke.target or Decimal(0) for spoke in self.spokes), Decimal(0))

    @property
    def counts(self) -> tuple[tuple[int, str], ...]:
        """What is not as it should be, worst first: (2, "red"), (3, "amber")."""
        found = ((self.number_of("r"), "red"), (self.number_of("a"), "amber"), (self.unseen, "not reviewed"))
        return tuple((number, word) for number, word in found if number)

    @property
    def words(self) -> str:
        """2 red, 3 amber"""
        if not self.in_scope:
            return "nothing in scope"
        if self.unseen == self.in_scope:
            return "not reviewed yet"
        return ", ".join(f"{number} {word}" for number, word in self.counts) or "all green"

    @property
    def plain_words(self) -> str:
        """The same for clients: 2 need action, 3 to watch"""
        red, amber = self.number_of("r"), self.number_of("a")
        if not red and not amber:
            return "on track" if self.number_of("g") else "not looked at yet"
        said = ((red, "needs action" if red == 1 else "need action"), (amber, "to watch"))
        return ", ".join(f"{number} {word}" for number, word in said if number)

    @property
    def in_scope(self) -> int:
        return sum(spoke.is_in for spoke in self.spokes)

    @property
    def unseen(self) -> int:
        return sum(spoke.is_in and spoke.rag == "n" for spoke in self.spokes)

    def number_of(self, rag: str) -> int:
        return sum(spoke.rag == rag for spoke in self.spokes)


def dial(judged: Iterable[Judged], href: Callable[[str], str] | None = None, *, plain: bool = False) -> Dial:
    """The twelve spokes of what is known. `href` makes the address of an area from its slug; `plain`: the client's words.

    An area that nobody has in scope, or that was never reviewed, is grey and counts nothing (docs/domain.md, terms).
    """
    known = {row.number: row for row in judged}
    return Dial(tuple(_spoke(area, known.get(area.number), href, plain) for area in TWELVE))


def _spoke(area: Any, row: Judged | None, href: Callable[[str], str] | None, plain: bool) -> Spoke:
    name = area.plain if plain else area.name
    address = href(area.slug) if href else ""
    if row is None or row.scope is Scope.OUT:
        word = "Not part of what we agreed" if plain else "Out of scope"
        return Spoke(area.number, name, word, "n", None, None, address, is_in=False)
    rag = str(row.confirmed.value)[:1] if row.confirmed else "n"
    word = (PLAIN if plain else SAID).get(rag, "Not looked at yet" if plain else "Not reviewed")
    return Spoke(area.number, name, word, rag, row.maturity, row.target, address)


EXAMPLE = tuple(
    Spoke(n, "", "", rag, Decimal(now), Decimal(target))
    for n, (rag, now, target) in enumerate(
        (("g", "4", "5"), ("g", "3.5", "4"), ("a", "2", "4"), ("g", "3", "4"), ("g", "4.5", "5"), ("a", "3", "4.5"),
         ("g", "3", "4"), ("g", "2.5", "4"), ("r", "1.5", "4"), ("g", "4", "4.5"), ("g", "4", "4"), ("a", "3.5", "4")), 1
    )
)  # fmt: skip
