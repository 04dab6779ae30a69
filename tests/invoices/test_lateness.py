"""F10: what a late invoice does to the health of an engagement, and who hears of it."""

from datetime import timedelta

import pytest

from crm.figures import days_late
from crm.invoices.lateness import lateness_of
from crm.invoices.models import Invoice
from tests.cast import TODAY


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("days", "at_most", "is_red"),
    [(60, 50, True), (59, 50, False), (31, 50, False), (30, None, False), (0, None, False)],
)
def test_red_first_then_capped_then_nothing(days, at_most, is_red):
    found = lateness_of(days)
    assert (found.at_most, found.is_red) == (at_most, is_red)
    assert bool(found.says) == bool(days)


def test_whoever_sees_the_engagement_knows_the_days_and_no_sum(see, cast, stage):
    """Tess may not read the invoice; that it is 36 days late is in the health she sees. What is paid is not late."""
    on = {
        "client_id": 1,
        "engagement_id": 1,
        "made_at": cast.ada.created_at,
        "issued_on": TODAY - timedelta(90),
        "net": 1,
        "total": 1,
    }
    for key, (ago, state) in enumerate(((36, "issued"), (12, "issued"), (70, "paid"), (80, "voided")), 1):
        stage.add(Invoice(id=key, number=str(key), state=state, due_on=TODAY - timedelta(ago), **on))
    stage.commit()
    for who, found in (("tess", {1: 36}), ("ada", {1: 36}), ("eve", {}), ("finn", {})):
        with see(getattr(cast, who)):
            assert days_late([1, 2]) == found
