"""The twelve areas as packages, in the order of the dial."""

from collections.abc import Iterator

from crm.areas.across import area as across
from crm.areas.budget import area as budget
from crm.areas.compliance import area as compliance
from crm.areas.continuity import area as continuity
from crm.areas.data import area as data
from crm.areas.innovation import area as innovation
from crm.areas.security import area as security
from crm.areas.services import area as services
from crm.areas.stakeholders import area as stakeholders
from crm.areas.strategy import area as strategy
from crm.areas.talent import area as talent
from crm.areas.transformation import area as transformation
from crm.areas.vendors import area as vendors
from crm.registers.models import RegisterEntry
from crm.registers.register import Area, Register

TWELVE: tuple[Area, ...] = (
    strategy.AREA,
    services.AREA,
    transformation.AREA,
    security.AREA,
    budget.AREA,
    vendors.AREA,
    talent.AREA,
    innovation.AREA,
    data.AREA,
    compliance.AREA,
    stakeholders.AREA,
    continuity.AREA,
)


ACROSS: tuple[Register, ...] = across.REGISTERS  # kept in each of the twelve


def area_of(slug: str) -> Area | None:
    return next((one for one in TWELVE if one.slug == slug), None)


def entry_of(kind: str) -> type[RegisterEntry]:
    """What the rows of a kind are."""
    return next(register.entry for _, register in registers() if register.kind == kind)


def registers_of(area: Area) -> tuple[Register, ...]:
    """What an area keeps: its own registers, then those that all keep."""
    return area.registers + ACROSS


def register_of(area: Area, slug: str) -> Register | None:
    return next((one for one in registers_of(area) if one.slug == slug), None)


def registers() -> Iterator[tuple[Area, Register]]:
    """Every register of the house once, with an area where it is kept: its own, or the first of the twelve."""
    yield from ((area, register) for area in TWELVE for register in area.registers)
    yield from ((TWELVE[0], register) for register in ACROSS)
