"""Geometry of the ring: area n (1 to 12) sits at n o'clock, 30 degrees wide and centred on its hour."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import cos, degrees, radians, sin


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


EXAMPLE = tuple(
    Spoke(n, "", "", rag, Decimal(now), Decimal(target))
    for n, (rag, now, target) in enumerate(
        (("g", "4", "5"), ("g", "3.5", "4"), ("a", "2", "4"), ("g", "3", "4"), ("g", "4.5", "5"), ("a", "3", "4.5"),
         ("g", "3", "4"), ("g", "2.5", "4"), ("r", "1.5", "4"), ("g", "4", "4.5"), ("g", "4", "4"), ("a", "3.5", "4")), 1
    )
)  # fmt: skip
