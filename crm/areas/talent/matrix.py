"""People by skill: who can do what how well, what is missing, and what hangs on one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from crm.areas.talent.models import Employment, FlightRisk, SkillRecord

COLUMNS = 12  # skills that the drawing shows; the others stand in the table
WIDE_GAP = 2  # levels: TAL-R2


@dataclass(frozen=True)
class Skill:
    """A skill, and the roles that need it."""

    name: str
    rows: Sequence[SkillRecord]

    @property
    def people(self) -> list[str]:
        """Whoever has it, named once; a role that is filled by nobody named counts by its own name."""
        return list(dict.fromkeys(_who(one) for one in self.rows if one.employment != Employment.VACANT))

    @property
    def is_vacant(self) -> bool:
        """It is needed, and nobody has it."""
        return not self.people

    @property
    def hangs_on(self) -> str:
        """The one person that it hangs on, where nobody is named to cover; else nobody."""
        covered = any(one.covered for one in self.rows)
        return self.people[0] if len(self.people) == 1 and not covered else ""

    @property
    def gap(self) -> int:
        return max((one.skill_gap or 0 for one in self.rows), default=0)


@dataclass(frozen=True)
class Person:
    """Somebody of the client's, or a role that nobody fills, with their record for each skill."""

    name: str
    records: Sequence[SkillRecord]

    def at(self, skill: Skill) -> SkillRecord | None:
        """The weakest record, where they have the skill in two roles."""
        found = [one for one in self.records if folded(one.main_skill) == folded(skill.name)]
        return max(found, key=lambda one: one.skill_gap or 0, default=None)


@dataclass(frozen=True)
class Matrix:
    """The technology people of a client."""

    rows: Sequence[SkillRecord]

    @cached_property
    def skills(self) -> list[Skill]:
        """What needs a look first: nobody has it, it hangs on one, it has a gap; then by name."""
        by_name: dict[str, list[SkillRecord]] = {}
        for one in self.rows:
            by_name.setdefault(folded(one.main_skill), []).append(one)
        found = [Skill(rows[0].main_skill, rows) for rows in by_name.values()]
        return sorted(found, key=lambda one: (not one.is_vacant, not one.hangs_on, -one.gap, folded(one.name)))

    @property
    def columns(self) -> list[Skill]:
        return self.skills[:COLUMNS]

    @cached_property
    def people(self) -> list[Person]:
        by_name: dict[str, list[SkillRecord]] = {}
        for one in self.rows:
            key = f"vacant {one.id}" if one.employment == Employment.VACANT else folded(_who(one))
            by_name.setdefault(key, []).append(one)
        return [Person(_who(rows[0]), rows) for rows in by_name.values()]

    @cached_property
    def uncovered(self) -> list[SkillRecord]:
        """Critical roles that are vacant, or that nobody is named to cover (TAL-R1)."""
        return [one for one in self.rows if one.critical_role and not one.covered]

    @cached_property
    def vacant(self) -> list[SkillRecord]:
        return [one for one in self.rows if one.employment == Employment.VACANT]

    @cached_property
    def alone(self) -> list[Skill]:
        """Skills that hang on one person."""
        return [one for one in self.skills if one.hangs_on]

    @cached_property
    def filled(self) -> list[SkillRecord]:
        return [one for one in self.rows if one.employment != Employment.VACANT]

    @cached_property
    def short(self) -> list[SkillRecord]:
        """People below the level that their role needs, the widest gap first."""
        return sorted((one for one in self.filled if one.skill_gap), key=lambda one: -(one.skill_gap or 0))

    @cached_property
    def leaving(self) -> list[SkillRecord]:
        """People in critical roles who are likely to leave (TAL-R5)."""
        return [one for one in self.filled if one.critical_role and one.flight_risk == FlightRisk.HIGH]

    @property
    def covered_share(self) -> Decimal | None:
        """TAL-K1, in per cent."""
        critical = sum(bool(one.critical_role) for one in self.rows)
        return Decimal(critical - len(self.uncovered)) * 100 / critical if critical else None

    @property
    def wide_share(self) -> Decimal | None:
        """TAL-K2: people with a gap of two levels or more, in per cent."""
        wide = sum((one.skill_gap or 0) >= WIDE_GAP for one in self.filled)
        return Decimal(wide) * 100 / len(self.filled) if self.filled else None


def folded(text: str) -> str:
    """One skill, however it was typed."""
    return " ".join(text.casefold().split())


def _who(one: SkillRecord) -> str:
    return one.person or one.role
