"""No hundredth of a day is lost between entries, statement and corrections."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.closing.content import Worked, apportion, digest_of, lines_of
from crm.closing.models import OverageDecision, Settled, settled_by
from crm.core.errors import Refused
from crm.core.twelve import Area
from crm.engagements.states import Overage
from crm.retainers.formulas import in_days
from crm.timelog.models import TimeKind

pytestmark = pytest.mark.engine_free
MINUTES = st.integers(-1440, 1440).filter(bool)


@given(st.lists(MINUTES, max_size=60))
def test_the_lines_add_up_to_the_month(minutes):
    days = apportion(minutes)
    assert sum(days, Decimal(0)) == in_days(sum(minutes))
    assert all(abs(one - Decimal(each) / 450) <= Decimal("0.01") for one, each in zip(days, minutes, strict=True))


def worked(number, minutes, kind=TimeKind.BILLABLE, **more):
    return Worked(number, 1, date(2026, 10, 1 + number % 28), "Ben", Area.STR, minutes, kind, "Said", **more)


@given(st.lists(st.tuples(MINUTES, st.sampled_from(TimeKind)), max_size=40), st.randoms())
def test_a_statement_is_the_same_in_whatever_order_its_entries_come(rows, chance):
    entries = [worked(n, minutes, kind) for n, (minutes, kind) in enumerate(rows)]
    lines = lines_of(entries)
    mixed = list(entries)
    chance.shuffle(mixed)
    assert lines_of(mixed) == lines
    counted = sum((Decimal(one["days"]) for one in lines if one["counts"]), Decimal(0))
    assert counted == in_days(sum(one.minutes for one in entries if one.counts))
    assert sum(one["minutes"] for one in lines) == sum(one.minutes for one in entries)


@given(st.lists(st.integers(1, 1440), min_size=1, max_size=20), st.data())
def test_what_is_corrected_later_is_taken_off_once(minutes, data):
    """An invoiced month and the corrections of it in the open one say together what was right."""
    right = [data.draw(st.integers(0, 1440)) for _ in minutes]
    corrections = [good - said for good, said in zip(right, minutes, strict=True)]
    invoiced, later = sum(minutes), sum(corrections)
    assert invoiced + later == sum(right)
    both = sum(apportion(minutes), Decimal(0)) + sum(apportion(corrections), Decimal(0))
    assert abs(both - in_days(sum(right))) <= Decimal("0.01")  # each month is rounded once, and never again


def test_the_digest_changes_with_any_figure():
    values = {"used": Decimal("1.50"), "lines": lines_of([worked(1, 60)])}
    assert digest_of(values) == digest_of({"lines": values["lines"], "used": Decimal("1.5")})
    assert digest_of(values) != digest_of(values | {"used": Decimal("1.51")})


@pytest.mark.parametrize(
    ("agreed", "decided", "settled"),
    [
        (Overage.ASK, None, Settled.ABSORB),  # without a yes
        (Overage.BILL, None, Settled.BILL),
        (Overage.ABSORB, None, Settled.ABSORB),
        (Overage.ASK, Settled.BILL, Settled.BILL),
        (Overage.BILL, Settled.ABSORB, Settled.ABSORB),
    ],
)
def test_what_happens_to_overage(agreed, decided, settled):
    decision = OverageDecision(choice=decided) if decided else None
    assert settled_by(agreed, decision) is settled


DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("agreed", "choice", "who", "on", "reason", "field"),
    [
        (Overage.ASK, Settled.BILL, None, None, "", "agreed_by_id"),
        (Overage.ASK, Settled.BILL, 1, None, "", "agreed_on"),
        (Overage.ASK, Settled.BILL, 1, date(2026, 11, 3), "", "agreed_on"),
        (Overage.ABSORB, Settled.BILL, None, DAY, "", "agreed_by_id"),
        (Overage.BILL, Settled.ABSORB, None, None, "short", "reason"),
    ],
)
def test_what_is_no_decision(agreed, choice, who, on, reason, field):
    with pytest.raises(Refused) as refused:
        OverageDecision().settle(choice, agreed=agreed, contact_id=who, on=on, reason=reason, today=DAY)
    assert refused.value.field == field


def test_a_yes_is_kept_with_who_and_when():
    decision = OverageDecision()
    decision.settle(Settled.BILL, agreed=Overage.ASK, contact_id=1, on=DAY, reason="", today=DAY)
    assert (decision.agreed_by_id, decision.agreed_on) == (1, DAY)
    decision.settle(Settled.ABSORB, agreed=Overage.ASK, contact_id=1, on=DAY, reason="", today=DAY)
    assert (decision.agreed_by_id, decision.agreed_on) == (None, None)
