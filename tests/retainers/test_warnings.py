"""At 75, 90 and 100 per cent of what is there the lead is told, and the sponsors where that was agreed: once each."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from crm.core.calendar import month_of
from crm.core.clock import now
from crm.core.viewer import SYSTEM
from crm.engagements.retained import RetainerTerms
from crm.outbox.kinds import Kind
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from crm.retainers.notices import crossed
from crm.retainers.operations import warn_of_burn
from crm.timelog.models import TimeEntry
from tests.cast import TODAY, looking


@pytest.mark.parametrize(
    ("share", "threshold"), [("0.7499", None), ("0.75", 75), ("0.8999", 75), ("0.9", 90), ("0.9999", 90), ("1", 100), ("2", 100)]
)  # fmt: skip
def test_a_threshold_is_reached_when_it_is_met(share, threshold):
    assert crossed(Fraction(share), used=True) == threshold


def test_nothing_of_nothing_warns_nobody():
    assert (crossed(None, used=False), crossed(None, used=True)) == (None, 100)


@pytest.fixture
def used(app, cast, stage):
    """Log days of this month, let the hour pass, and say what was queued."""

    def work(days):
        stage.rollback()
        stage.add(
            TimeEntry(person_id=2, client_id=1, engagement_id=1, area="STR", worked_on=TODAY, minutes=int(Decimal(days) * 450), logged_at=now())
        )  # fmt: skip
        stage.commit()
        for _ in range(2):
            with app.app_context():
                warn_of_burn()
        stage.rollback()
        return [
            one.payload["threshold"]
            for one in stage.scalars(select(Outbox).where(Outbox.topic == "retainer.used").order_by(Outbox.id))
        ]

    return work


def test_each_threshold_is_told_once_and_the_highest_alone(used, stage):
    """Of four days: 2.9, 3.0, 3.2; then at once to 4.1."""
    assert [used(days) for days in ("2.9", "0.1", "0.2", "0.9")] == [[], [75], [75], [75, 100]]
    taken_back = stage.scalars(select(TimeEntry).where(TimeEntry.minutes == 405)).one()
    taken_back.voided_at = now()
    stage.commit()
    assert used("0.5") == [75, 100], "ninety per cent are no news after all of it"


def test_who_is_told_and_in_which_words(app, used, stage):
    used("3.2")
    stage.scalars(select(RetainerTerms).where(RetainerTerms.engagement_id == 1)).one().warns_sponsor = True
    stage.commit()
    payload = stage.scalars(select(Outbox.payload).where(Outbox.topic == "retainer.used")).one()
    with looking(app, SYSTEM):
        lead, sponsor = letters_of("retainer.used", payload)
    assert (lead.to.name, lead.path, sponsor.to.name, sponsor.path) == (
        "Ben",
        "/engagements/1/time",
        "Cora",
        "/portal/time",
    )
    assert (lead.kind, sponsor.kind) == (Kind.TIME, Kind.OTHER), "each can choose how often it comes"
    month = f"{month_of(TODAY):%B %Y}"
    assert lead.subject == f"Northwind: 75 % of {month}’s days used"
    assert f"3.2 of 4 days of {month} are used, 0.8 days left. Work beyond needs the sponsor’s yes." in lead.text
    assert sponsor.text == f"Northwind CIO: 3.2 of 4 days of {month} are used, 0.8 days left."


def test_sponsors_are_not_told_unless_that_was_agreed_and_nobody_of_what_was_taken_back(app, used, stage):
    used("3.2")
    payload = stage.scalars(select(Outbox.payload).where(Outbox.topic == "retainer.used")).one()
    with looking(app, SYSTEM):
        assert [one.to.name for one in letters_of("retainer.used", payload)] == ["Ben"]
    stage.scalars(select(TimeEntry).where(TimeEntry.engagement_id == 1)).one().voided_at = now()
    stage.commit()
    with looking(app, SYSTEM):
        assert letters_of("retainer.used", payload) == []
