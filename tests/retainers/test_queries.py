"""Months out of the database: through each viewer's eyes, in two statements, frozen when invoiced."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.core.calendar import month_after, month_of
from crm.core.clock import now
from crm.core.db import db, transaction
from crm.core.errors import Refused
from crm.core.viewer import SYSTEM
from crm.engagements.models import Engagement, Pause
from crm.engagements.retained import FrozenMonth, RetainerTerms, Unit
from crm.engagements.states import EngagementState
from crm.retainers.operations import freeze_month
from crm.retainers.queries import books_and_minutes, books_of, fees_of, months_of
from crm.timelog.models import TimeEntry, TimeKind
from tests.cast import TODAY, looking

D = Decimal
THIS = month_of(TODAY)


def back(months):
    return month_after(THIS, -months)


@pytest.fixture
def terms(cast, stage):
    """Northwind's: four days, two of which may roll over, from the first month on."""
    found = stage.scalars(select(RetainerTerms).where(RetainerTerms.engagement_id == 1)).one()
    found.cap = D(2)
    stage.commit()
    return found


@pytest.fixture
def log(cast, stage):
    def work(month, days, *, kind=TimeKind.BILLABLE, voided=False, engagement=1, day=1):
        stage.add(
            TimeEntry(
                person_id=2, client_id=engagement, engagement_id=engagement, area="STR", worked_on=month.replace(day=day), kind=kind,
                minutes=int(D(days) * 450), logged_at=now(), voided_at=now() if voided else None, client_note="Worked",
            )
        )  # fmt: skip
        stage.commit()

    return work


def table(months):
    return [(one.rolled_in, one.used, one.overage, one.rolled_out, one.lapsed) for one in months]


def test_the_table_of_the_book_through_every_eye(app, cast, terms, log):
    """Month 0 stands for all before: unused, so that two days roll in; goodwill and deleted work count for nothing."""
    for month, days in ((4, "3"), (4, "1"), (3, "2.5"), (2, "1"), (1, "3"), (1, "3"), (1, "1")):
        log(back(month), days, day=1 + len(days))
    log(back(3), 2, kind=TimeKind.GOODWILL)
    log(back(3), 2, voided=True)
    for who, sees in ((cast.ada, True), (cast.ben, True), (cast.tess, True), (cast.cora, True), (SYSTEM, True),
                      (cast.vic, False), (cast.uma, False), (cast.eve, False), (cast.abe, False)):  # fmt: skip
        with looking(app, who):
            months = months_of([1], TODAY).get(1)
            assert (months is not None) is sees
            if months:
                assert table(months[-4:-1]) == [
                    (2, D("2.5"), 0, 2, D("1.5")), (2, 1, 0, 2, 3), (2, 7, 1, 0, 0),
                ]  # fmt: skip
                assert (months[-1].month, months[-1].available, months[-1].frozen) == (THIS, 4, False)
            assert bool(fees_of([1])) is (sees and who is not cast.tess)


def test_however_many_they_are(app, cast, terms, log, statements):
    log(back(1), 1)
    log(back(1), 1, engagement=2)
    for asked in ([1], [1, 2]):
        with looking(app, SYSTEM), statements() as seen:
            assert set(months_of(asked, TODAY)) == set(asked)
        assert len(seen) == 2


def test_drafts_have_no_months(app, cast, stage):
    stage.get(Engagement, 1).state = EngagementState.DRAFT
    stage.commit()
    with looking(app, SYSTEM):
        assert set(months_of([1, 2], TODAY)) == {2}


def test_a_pause_grants_less_and_keeps_the_balance(app, cast, stage, terms):
    first = back(2)
    stage.add(Pause(client_id=1, engagement_id=1, begins=first, until=back(1) - timedelta(1), ended_on=None))
    stage.commit()
    with looking(app, SYSTEM):
        paused = months_of([1], TODAY)[1][-3]
    assert (paused.grant, paused.rolled_in, paused.rolled_out, paused.lapsed, paused.paused) == (0, 2, 2, 0, True)


def test_hours_are_days_of_seven_and_a_half(app, cast, stage, terms):
    terms.unit, terms.quantity, terms.cap = Unit.HOURS, D(10), D(5)
    stage.commit()
    with looking(app, SYSTEM):
        month = months_of([1], TODAY)[1][-1]
        agreed = books_of([1], TODAY)[1].agreed(TODAY)
    assert (agreed.days, agreed.cap, month.grant) == (D("1.33"), D("0.67"), D("1.33"))


def test_what_was_frozen_stays(app, cast, stage, terms, log):
    log(back(2), 2)
    log(back(2), "2.5", day=3)
    with looking(app, SYSTEM), transaction():
        before = freeze_month(db.session.get(Engagement, 1), back(2))
    log(back(2), 1, day=2)  # as only a hand in the database could
    with looking(app, SYSTEM), transaction():
        months = months_of([1], TODAY)[1]
        assert freeze_month(db.session.get(Engagement, 1), back(2)) == months[-3]
        for day, month in ((TODAY, months[-1]), (back(2), months[-3])):
            books, minutes = books_and_minutes([1, 2], day, last_only=True)
            assert books[1].month(day) == month, "from the last month that is frozen, and no other"
            assert min(minutes[1], default=back(2)) == back(2)
    assert (before.used, months[-3].used, months[-3].frozen, months[-2].rolled_in) == (
        D("4.5"),
        D("4.5"),
        True,
        D("1.5"),
    )
    kept = stage.scalars(select(FrozenMonth).where(FrozenMonth.engagement_id == 1).order_by(FrozenMonth.month)).all()
    assert [one.month for one in kept] == [one.month for one in months[:-2]]
    assert kept[-1].batches == ((D("1.5"), 1),)


def test_a_month_in_which_it_did_not_run_is_not_frozen(app, cast):
    with looking(app, SYSTEM), pytest.raises(Refused, match="no retainer month"), transaction():
        freeze_month(db.session.get(Engagement, 1), date(2001, 1, 1))
