"""What the rows of this area say of it, as rules."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from crm.areas.data.forecast import months_to_threshold as months_to
from crm.areas.data.models import CHECK_EVERY, DataAsset, Signal, SignalReading
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, avg, count, count_distinct, months_to_threshold, over, overdue, pct, under

READ_WITHIN = timedelta(days=45)


def readings_of(client_id: int) -> Any:
    """What was read of the signals that nothing is planned for."""
    return (
        select(Signal.id, Signal.threshold, Signal.bad_direction, SignalReading.month, SignalReading.value)
        .join(SignalReading, SignalReading.signal_id == Signal.id)
        .where(Signal.client_id == client_id, Signal.is_evidence(), Signal.plan_in_place.is_(False))
    )


def nearest(readings: Iterable[Any]) -> Fraction | None:
    """F13 of the signal that is nearest to its threshold."""
    signals = defaultdict(list)
    for key, threshold, direction, month, value in readings:
        signals[key, threshold, direction].append((month, value))
    found = (months_to(said, threshold, direction) for (_, threshold, direction), said in signals.items())
    return min((one for one in found if one is not None), default=None)


RULES = (
    Rule(
        "DAT-R1", DataAsset, "{value} % of critical data sets have no owner",
        pct(lambda row, today: (~row.names_an_owner(),), over=lambda row, today: (row.critical.is_(True),)),
        amber=over(10), red=over(30), empty=Rag.RED, critical=True,
    ),
    Rule(
        "DAT-R2", DataAsset, "Average quality of critical data is {value} of 100",
        avg("quality_score", lambda row, today: (row.critical.is_(True),)),
        amber=under(85), red=under(70), empty=Rag.AMBER,
    ),
    Rule(
        "DAT-R3", DataAsset, "{value} personal data sets have no retention rule",
        count(lambda row, today: (row.personal_data.is_(True), row.retention_rule.is_(False))),
        amber=over(0), red=over(3), empty=Rag.GREEN, critical=True, one="1 personal data set has no retention rule",
    ),
    Rule(
        "DAT-R4", DataAsset, "{value} % of critical data sets were not checked for 120 days",
        pct(lambda row, today: (overdue(row.last_quality_check, today - CHECK_EVERY),),
            over=lambda row, today: (row.critical.is_(True),)),
        amber=over(20), red=over(50), empty=None,
    ),
    Rule(
        "DAT-R5", Signal, "Nearest forecast threshold is {value} months away",
        months_to_threshold(lambda row, today: (row.plan_in_place.is_(False),), rows=readings_of, fold=nearest),
        amber=under(6), red=under(3), empty=None, one="Nearest forecast threshold is 1 month away",
    ),
    Rule(
        "DAT-R6", Signal, "Signals come from {value} departments that were read in the last 45 days",
        count_distinct("department", lambda row, today: (row.latest_on >= today - READ_WITHIN,)),
        amber=under(3), red=under(1), empty=Rag.AMBER, one="Signals come from 1 department that was read in the last 45 days",
    ),
)  # fmt: skip
