"""F11 and F12 with the book's worked figures, and the answer date. No database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.words import percent
from crm.deliverables.measures import answer_day, answer_due, on_time, on_time_window, sign_off_days, sign_off_time
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Pause

TODAY = date(2026, 6, 30)  # a Tuesday
DUE = date(2026, 6, 10)


def sent(state, on, decided=None, number=1):
    at = datetime.combine(on, datetime.min.time(), UTC).replace(hour=12)
    until = decided and datetime.combine(decided, datetime.min.time(), UTC).replace(hour=12)
    return DeliverableVersion(
        number=number, state=state, submitted_at=at, answer_by=None, decided_at=until, engagement_id=1
    )


def owed(state, *versions, due=DUE):
    return Deliverable(number=1, title="Roadmap", state=state, baseline_due=due, versions=list(versions))


def in_time():
    return owed(State.ACCEPTED, sent(State.ACCEPTED, DUE))


def late(by=1):
    return owed(State.ACCEPTED, sent(State.ACCEPTED, DUE + timedelta(by)))


def rate(*rows, pauses=()):
    return on_time(rows, *on_time_window(TODAY, pauses), pauses)


def test_f11_the_worked_figure():
    """12 due, 1 cancelled, 8 accepted in time, 1 in time and pending, 2 late: 9/11 = 81.8 %."""
    pending = owed(State.SUBMITTED, sent(State.SUBMITTED, DUE))
    found = rate(*(in_time() for _ in range(8)), pending, late(), late(20), owed(State.CANCELLED))
    assert (found.kept, found.due) == (9, 11)
    assert percent(found.rate) == "81.8 %"


@pytest.mark.parametrize(("row", "kept"), [
    (in_time(), 1),
    (late(), 0),
    (owed(State.PLANNED), 0),
    (owed(State.IN_PROGRESS, DeliverableVersion(number=1, state=State.IN_PROGRESS)), 0),
    (owed(State.CHANGES_REQUESTED, sent(State.CHANGES_REQUESTED, DUE - timedelta(5))), 0),
    # sent back and sent again: the one that was accepted counts, and so does the one that waits
    (owed(State.ACCEPTED, sent(State.CHANGES_REQUESTED, DUE - timedelta(5)), sent(State.ACCEPTED, DUE + timedelta(1), number=2)), 0),
    (owed(State.SUBMITTED, sent(State.CHANGES_REQUESTED, DUE - timedelta(5)), sent(State.SUBMITTED, DUE, number=2)), 1),
    # the first yes counts, however late its correction comes
    (owed(State.ACCEPTED, sent(State.SUPERSEDED, DUE), sent(State.ACCEPTED, DUE + timedelta(9), number=2)), 1),
])  # fmt: skip
def test_f11_what_counts_as_in_time(row, kept):
    found = rate(row)
    assert (found.kept, found.due) == (kept, 1)


@pytest.mark.parametrize("row", [
    owed(State.CANCELLED),
    owed(State.PROPOSED),
    owed(State.PLANNED, due=None),
    owed(State.PLANNED, due=TODAY),
    owed(State.PLANNED, due=TODAY - timedelta(91)),
])  # fmt: skip
def test_f11_what_was_not_due(row):
    assert rate(row).rate is None
    assert percent(rate(row).rate) == "–", "no value is a dash, never 0 %"


def test_f11_the_window_is_ninety_dates_that_were_not_paused():
    assert on_time_window(TODAY) == (TODAY - timedelta(90), TODAY - timedelta(1))
    paused = [Pause(begins=date(2026, 6, 1), until=date(2026, 6, 30), ended_on=date(2026, 6, 10))]
    assert on_time_window(TODAY, paused) == (TODAY - timedelta(100), TODAY - timedelta(1))
    assert rate(owed(State.PLANNED, due=DUE), pauses=paused).due == 0, "a date in a pause is nobody's"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60), st.integers(0, 80))
def test_f11_a_window_holds_ninety_open_dates(today, ago, long):
    begins = today - timedelta(ago + long)
    pauses = [Pause(begins=begins, until=begins + timedelta(long), ended_on=None)]
    first, last = on_time_window(today, pauses)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert sum(not begins <= day <= begins + timedelta(long) for day in days) == 90


def test_f12_the_worked_figure():
    """2, 3 and 9 working days: the median is 3."""
    monday = date(2026, 6, 1)
    answered = [
        sent(State.ACCEPTED, monday, monday + timedelta(2)),
        sent(State.CHANGES_REQUESTED, monday, monday + timedelta(3)),
        sent(State.SUPERSEDED, monday, monday + timedelta(11)),  # over a weekend
    ]
    assert [sign_off_days(one, "GB-ENG") for one in answered] == [2, 3, 9]
    assert sign_off_time([*answered, sent(State.SUBMITTED, monday)], "GB-ENG") == Decimal(3)
    assert sign_off_time([sent(State.SUBMITTED, monday)], "GB-ENG") is None


def test_f12_pauses_and_holidays_do_not_count():
    friday, thursday = date(2026, 5, 22), date(2026, 5, 28)  # the Monday between is a holiday in England
    paused = [Pause(begins=date(2026, 5, 26), until=date(2026, 5, 26), ended_on=None)]
    answered = sent(State.ACCEPTED, friday, thursday)
    assert sign_off_days(answered, "GB-ENG") == 3
    assert sign_off_days(answered, "GB-ENG", paused) == 2
    answered.given_on = date(2026, 5, 27)  # on paper, written down a day later
    assert sign_off_days(answered, "GB-ENG") == 2


def test_only_what_was_answered_took_its_time():
    with pytest.raises(ValueError, match="answered"):
        sign_off_days(sent(State.SUBMITTED, DUE), "GB-ENG")


def test_ten_working_days_to_answer():
    friday = date(2026, 5, 22)
    assert answer_day(friday, 10, "GB-ENG") == date(2026, 6, 8), "the holiday on the 25th is no working day"
    paused = [Pause(begins=date(2026, 5, 27), until=date(2026, 5, 28), ended_on=None)]
    assert answer_day(friday, 10, "GB-ENG", paused) == date(2026, 6, 10)


def test_a_pause_agreed_later_moves_the_answer_date_on():
    waiting = sent(State.SUBMITTED, date(2026, 5, 22))
    waiting.answer_by = date(2026, 6, 8)
    assert answer_due(waiting, "GB-ENG") == date(2026, 6, 8)
    later = [Pause(begins=date(2026, 6, 4), until=date(2026, 6, 5), ended_on=None)]
    assert answer_due(waiting, "GB-ENG", later) == date(2026, 6, 10)
    known = [Pause(begins=date(2026, 5, 20), until=date(2026, 5, 29), ended_on=None)]
    assert answer_due(waiting, "GB-ENG", known) == date(2026, 6, 8), "it was counted when it was sent"
