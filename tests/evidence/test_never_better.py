"""A rule's verdict never improves when a row is added that is bad by the rule: over all rules, with rows at random."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Date, Enum, Integer, case, create_engine, func, inspect, select
from sqlalchemy.orm import Session

from crm.areas.catalogue import TWELVE
from crm.clients.models import DepartmentKind
from crm.core.clock import now, today
from crm.core.columns import HundredthsType
from crm.engagements.scopes import Rag
from crm.registers.models import SeveralType
from crm.registers.rules import Counted, Fn, Limits
from tests.evidence.written import columns

pytestmark = pytest.mark.engine_free
READ = [(area, entity) for area in TWELVE for entity in dict.fromkeys(rule.entity for rule in area.rules)]
WORSE = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}
KEPT_OUT = {"id", "client_id", "area", "kind", "made_at", "changed_at", "archived_at", "to_be_confirmed", "version", "source", "visibility",
            "start", "happened_on"}  # fmt: skip


@st.composite
def rows_of(draw, entity):
    """Values that every CHECK of the house takes, around the limits that the conditions of rules ask for."""
    made = {}
    for name, column in inspect(entity).columns.items():
        if name in KEPT_OUT or column.foreign_keys or column.info.get("derived") or name.endswith("_id"):
            continue
        kind = column.type
        if isinstance(kind, SeveralType):
            made[name] = [DepartmentKind.IT]
        elif isinstance(kind, Enum):
            made[name] = draw(st.sampled_from(kind.enums))
        elif isinstance(kind, Boolean):
            made[name] = draw(st.booleans())
        elif isinstance(kind, Date):
            made[name] = today() + timedelta(
                days=draw(st.sampled_from((-400, -200, -100, -50, -31, -1, 0, 1, 40, 200)))
            )
        elif isinstance(kind, HundredthsType):
            made[name] = Decimal(draw(st.integers(100, 400))) / 100
        elif isinstance(kind, BigInteger | Integer):
            made[name] = draw(st.integers(1, 4))
        else:
            made[name] = (
                draw(st.sampled_from(("x", ""))) if name in {"owner_name", "next_step", "evidence_url"} else "x"
            )
        if column.nullable and draw(st.integers(0, 5)) == 0:
            made[name] = None
    return made


@pytest.fixture
def tried(cast, storage):
    """A session whose rows are never committed."""
    engine = create_engine(storage.url)
    with Session(engine) as session:
        yield session
        session.rollback()
    engine.dispose()


def measured(session, rule):
    numbers = rule.value.numbers(rule.entity, today())
    day = rule.value.day(rule.entity, today())
    asked = select(func.count(rule.entity.id), *numbers, *([] if day is None else [day])).where(
        rule.entity.client_id == 1
    )
    count, *found = session.execute(asked).one()
    counted = Counted(count, tuple(found)) if day is None else Counted(count, day=found[0])
    return rule.value.value(counted, rule.entity, today())


def is_bad(session, rule, row, value):
    """Whether a row is bad by the rule, measured against what the rows before it came to."""
    if rule.value.fn in {Fn.COUNT, Fn.PCT, Fn.COUNT_DISTINCT}:
        return (
            session.scalar(select(case((rule.worsened_by(today()), 1), else_=0)).where(rule.entity.id == row.id)) == 1
        )
    if rule.value.fn is Fn.DAYS_SINCE:
        return (today() - getattr(row, rule.value.field)).days >= value
    own = getattr(row, rule.value.field)
    if rule.value.fn is Fn.RATIO:
        share = getattr(row, rule.value.field2)
        own = None if own is None or not share else Decimal(own) * 100 / share
    return own is not None and (own >= value if rule.amber.is_over else own <= value)


def test_a_bad_row_never_makes_it_better(tried):
    seen = set()

    @settings(max_examples=80, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def holds(data):
        area, entity = data.draw(st.sampled_from(READ))
        rules = [rule for rule in area.rules if rule.entity is entity and not rule.value.rows]
        with tried.begin_nested() as scene:
            for _ in range(data.draw(st.integers(1, 3))):
                put(tried, area, entity, data.draw(rows_of(entity)))
            before = {rule.id: measured(tried, rule) for rule in rules}
            row = put(tried, area, entity, data.draw(rows_of(entity)))
            for rule in rules:
                was, limits = before[rule.id], Limits(rule.amber, rule.red)
                if was is not None and is_bad(tried, rule, row, was):
                    seen.add(rule.id)
                    value = measured(tried, rule)
                    assert WORSE[limits.verdict(value)] >= WORSE[limits.verdict(was)], (rule.id, was, value)
            scene.rollback()
        tried.expunge_all()

    holds()
    assert len(seen) > 20, "that many rules met a row that is bad by them"


def put(session, area, entity, values):
    needed = columns(entity, area, {}, today(), 1)
    if "happened_on" in needed:
        needed["happened_on"] = today() - timedelta(days=500)
    row = entity(**needed | values | {"made_at": now() - timedelta(days=30)})
    session.add(row)
    session.flush()
    return row
