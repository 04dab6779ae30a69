"""What touches the departments of a client: rows of every register that names one, found by the types of their columns."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Enum,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    inspect,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from crm.areas.catalogue import registers
from crm.areas.data.models import Signal
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.areas.strategy.models import Initiative
from crm.areas.transformation.models import ImprovementStage, ProcessImprovement
from crm.clients.models import DepartmentKind
from crm.core.db import db
from crm.registers.models import DepartmentsType, RegisterEntry
from crm.registers.register import Area, Register

AT_MOST = 8  # rows of one register on the page of a department; the register itself shows all
LIVE = ("approved", "active")
OVER = (ImprovementStage.BENEFIT_CONFIRMED, ImprovementStage.DROPPED)
SHOWN = {
    Initiative: "Live initiatives",
    Commitment: "Open promises",
    ProcessImprovement: "Processes under way",
    Signal: "Signals",
}
TOLD = {Initiative: ("status", "baseline_due"), Commitment: ("status", "due"), ProcessImprovement: ("stage", "go_live_due"),
        Signal: ("", "latest_on")}  # fmt: skip


@cache
def departmental() -> tuple[tuple[Area, Register, tuple[str, ...]], ...]:
    """The registers whose rows name departments, and in which columns. One more register needs no line here."""
    found = ((area, register, _columns(register.entry)) for area, register in registers() if not register.across)
    return tuple(one for one in found if one[2])


def _columns(entry: Any) -> tuple[str, ...]:
    return tuple(column.key for column in inspect(entry).columns if _names_departments(column.type))


def _names_departments(kind: Any) -> bool:
    return isinstance(kind, DepartmentsType) or (isinstance(kind, Enum) and kind.enum_class is DepartmentKind)


def shown() -> list[tuple[str, str]]:
    """The registers that have a column of their own, by slug, each with its heading."""
    slugs = {register.entry: register.slug for _, register, _ in departmental()}
    return [(slugs[entry], heading) for entry, heading in SHOWN.items()]


@dataclass
class Touched:
    """How much touches one department: rows in use by register, of all and of those that are under way."""

    all: dict[str, int] = field(default_factory=dict)
    live: dict[str, int] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)


def touched(client_id: int) -> dict[DepartmentKind, Touched]:
    """For every department that anything touches, in one statement."""
    kinds = _kinds()
    arms = (_counted(area, register, names, kinds, client_id) for area, register, names in departmental())
    found: dict[DepartmentKind, Touched] = defaultdict(Touched)
    for area, slug, kind, number, live in db.session.execute(union_all(*arms)):
        one = found[DepartmentKind(kind)]
        one.all[slug], one.live[slug] = int(number), int(live)
        one.areas.add(area)
    return found


def _counted(area: Area, register: Register, names: tuple[str, ...], kinds: Subquery, client_id: int) -> Select[Any]:
    entry: Any = register.entry
    live = func.sum(case((is_live(entry), 1), else_=0))
    return (
        select(literal(area.slug), literal(register.slug), kinds.c.kind, func.count(entry.id), live)
        .select_from(entry)
        .join(kinds, _names(entry, names, kinds.c.kind))
        .where(entry.client_id == client_id, entry.archived_at.is_(None))
        .group_by(kinds.c.kind)
    )


@dataclass(frozen=True)
class Row:
    """A row that touches a department, as its page tells it."""

    id: int
    label: str
    state: str | None
    due: date | None
    live: bool


@dataclass
class Part:
    """The rows of one register that touch a department: the first of them, and how many there are."""

    area: Area
    register: Register
    filtered: str  # the filter of its list that shows them all
    number: int = 0
    rows: list[Row] = field(default_factory=list)


def touching(client_id: int, kind: DepartmentKind) -> list[Part]:
    """What touches one department, register by register in the order of the dial, in one statement."""
    arms = union_all(*(_found(register, names, client_id, kind) for _, register, names in departmental())).subquery()
    parts = {register.slug: Part(area, register, _filter(register, names)) for area, register, names in departmental()}
    shown = select(arms).where(arms.c.place <= AT_MOST).order_by(arms.c.slug, arms.c.place)
    for slug, key, label, state, due, live, _, number in db.session.execute(shown):
        parts[slug].number = number
        parts[slug].rows.append(Row(key, label or "–", state, due, bool(live)))
    return [part for part in parts.values() if part.rows]


def _found(register: Register, names: tuple[str, ...], client_id: int, kind: DepartmentKind) -> Select[Any]:
    entry: Any = register.entry
    state, due = (getattr(entry, name) if name else None for name in TOLD.get(entry, ("", "")))
    live = case((is_live(entry), 1), else_=0)
    day = cast(null(), Date) if due is None else due
    order = (live.desc(), day, entry.id)
    label = register.listing.sorts[next(iter(register.columns.values()))][0]
    return select(
        literal(register.slug).label("slug"), entry.id.label("key"), type_coerce(cast(label, String), String).label("label"),
        (cast(null(), String) if state is None else type_coerce(state, String)).label("state"), day.label("due"), live.label("live"),
        func.row_number().over(order_by=order).label("place"), func.count().over().label("number"),
    ).where(entry.client_id == client_id, entry.archived_at.is_(None), _names(entry, names, literal(kind.value)))  # fmt: skip


def _filter(register: Register, names: tuple[str, ...]) -> str:
    return next((name for name in names if name in register.columns.values()), "")


def is_live(entry: type[RegisterEntry]) -> ColumnElement[bool]:
    """Under way: what a department waits for. Rows that have no end count as long as they are in use."""
    if entry is Initiative:
        return Initiative.status.in_(LIVE)
    if entry is Commitment:
        return Commitment.status == CommitmentStatus.OPEN
    if entry is ProcessImprovement:
        return ProcessImprovement.stage.not_in(OVER)
    return entry.archived_at.is_(None)


def _names(entry: Any, names: tuple[str, ...], kind: Any) -> ColumnElement[bool]:
    return or_(*(_one_names(getattr(entry, name), kind) for name in names))


def _one_names(column: Any, kind: Any) -> Any:
    words = type_coerce(column, String)
    if isinstance(column.type, DepartmentsType):
        return words.contains(literal(",") + kind + literal(","))
    return words == kind


def _kinds() -> Subquery:
    return union_all(*(select(literal(one.value).label("kind")) for one in DepartmentKind)).subquery("kinds")


def by_kind(rows: Iterator[Any]) -> dict[DepartmentKind, list[Any]]:
    """Departments with their heads, by the kind that registers name them with; a client may have two of one kind."""
    found: dict[DepartmentKind, list[Any]] = defaultdict(list)
    for row in rows:
        if row.Department.archived_at is None:
            found[row.Department.kind].append(row)
    return found
