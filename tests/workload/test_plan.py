"""Weeks of people: what the formulas make of a team, and what they say about it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from crm.core.words import half_up
from crm.people.models import PersonKind
from crm.workload.formulas import Away, Band, CannotBePlaced, Pattern, Work, capacity_of, planned_days
from crm.workload.heat import by_room
from crm.workload.plan import goes_over, rows_of, weeks_from, weeks_of
from crm.workload.queries import Member

DAY = timedelta(1)
MONDAY = date(2028, 5, 1)
FIRST, LAST = date(2028, 4, 1), date(2028, 9, 30)
LONG_AGO, FAR = date(2000, 1, 1), date(2100, 1, 1)
FIVE = (100, 100, 100, 100, 100, 0, 0)


def works(*days, begins=LONG_AGO, ends=FAR, **more):
    return tuple(Work(begins, ends, Decimal(str(one)), assignment_id=n, **more) for n, one in enumerate(days, 1))


def member(planned=(), leaves=(), name="Dev", region="", shares=FIVE, share=80, **more):
    pattern = (Pattern(LONG_AGO, shares, region, share),)
    capacity = capacity_of(pattern, leaves, FIRST, LAST, **more)
    return Member(
        1,
        name,
        PersonKind.CONSULTANT,
        more.get("joined"),
        more.get("left"),
        pattern,
        tuple(leaves),
        tuple(planned),
        capacity,
    )


def weeks(of, number=6):
    return weeks_of(of, weeks_from(MONDAY, number))


def test_a_week_shows_what_the_book_works_out():
    """F3 and F4: 3.15 days planned in a week of 3.5 net days, of which 2.8 are for clients."""
    halves = [Away(day, day, 50) for day in (date(2028, 5, 5), date(2028, 5, 10))]
    week = weeks(member(works(4, 8, 6), halves, region="GB-ENG"))[0]
    assert (week.net, week.delivery, week.planned) == (Fraction("3.5"), Fraction("2.8"), Fraction("3.15"))
    assert half_up(week.allocation) == Decimal("90.0")
    assert half_up(week.load) == Decimal("112.5")
    assert half_up(week.free, 2) == Decimal("-0.35")
    assert week.band is Band.OVER


def test_tentative_work_is_kept_apart():
    week = weeks(member((*works(4), *works(8, tentative=True))))[0]
    assert (week.planned, week.tentative) == (Fraction(4 * 5, 23), Fraction(8 * 5, 23))
    assert week.load == Fraction(4 * 5, 23) * 100 / 4


def test_a_week_without_capacity_says_why():
    away, holidays = [Away(MONDAY, MONDAY + 6 * DAY)], (100, 0, 0, 0, 0, 0, 0)
    assert weeks(member(leaves=away))[0].closed == "Leave"
    assert weeks(member(region="GB-ENG", shares=holidays))[0].closed == "Holiday"
    assert weeks(member(shares=(0,) * 7))[0].closed == "Off"
    assert [week.closed for week in weeks(member(left=MONDAY + 8 * DAY))[:3]] == ["", "", "Not here"]
    assert weeks(member(joined=MONDAY + 9 * DAY))[0].closed == "Not here"
    week = weeks(member(works(4), away))[0]
    assert (week.load, week.band, week.planned) == (None, None, 0)


def test_what_cannot_be_placed_is_named_in_its_weeks():
    row = rows_of(
        [member(works(4, ends=date(2028, 5, 10)), [Away(date(2028, 5, 1), date(2028, 5, 31))])], weeks_from(MONDAY)
    )[0]
    assert [bool(week.unplaced) for week in row.weeks[:4]] == [True, True, False, False]
    assert [work.days_a_month for work in row.unplaced] == [4]


def test_the_worst_week_comes_first_and_nobody_is_lost():
    calm, busy, idle = (
        member(works(4), name="Amara"),
        member(works(24), name="Dev"),
        member((), name="Zoe", shares=(0,) * 7),
    )
    rows = rows_of([idle, calm, busy], weeks_from(MONDAY))
    assert [row.name for row in rows] == ["Dev", "Amara", "Zoe"]
    assert [row.is_overloaded for row in rows] == [True, False, False]
    assert [row.has_room for row in rows] == [False, True, False]


def test_room_is_a_day_a_week_over_the_six():
    assert rows_of([member(works(Decimal("13.0")))], weeks_from(MONDAY))[0].has_room
    assert not rows_of([member(works(Decimal("13.9")))], weeks_from(MONDAY))[0].has_room


def test_free_days_of_one_week_do_not_make_up_for_another():
    busy_then_free = member(works(40, ends=date(2028, 5, 14)))
    row = rows_of([busy_then_free], weeks_from(MONDAY))[0]
    assert row.free == 4 * 4
    assert row.is_overloaded
    assert not row.has_room


def test_leave_pushes_weeks_over():
    """19 days a month against four days a week for clients: over in most weeks, more so with leave."""
    before = member(works(17))
    after = before.with_leave(Away(date(2028, 5, 8), date(2028, 5, 10)))
    pushed = goes_over(weeks(before), weeks(after))
    assert [week.begins for week in pushed] == [MONDAY + n * 7 * DAY for n in range(4)]
    assert not any(week.is_over for week in weeks(before))
    assert goes_over(weeks(after), weeks(after)) == []


DAYS = st.dates(date(2028, 4, 1), date(2028, 8, 31))
SPANS = st.tuples(DAYS, st.integers(0, 40)).map(lambda one: (one[0], one[0] + one[1] * DAY))
WORKS = st.lists(
    st.tuples(DAYS, st.integers(0, 120), st.integers(0, 2000), st.lists(SPANS, max_size=2), st.booleans()).map(
        lambda one: Work(one[0], one[0] + one[1] * DAY, Decimal(one[2]) / 100, tuple(one[3]), one[4])
    ),
    max_size=4,
)
LEAVES = st.lists(st.tuples(SPANS, st.integers(1, 100)).map(lambda one: Away(*one[0], one[1])), max_size=3)


@given(WORKS, LEAVES)
def test_the_fold_says_what_the_formula_says(planned, leaves):
    """Adding up before dividing gives, to the last fraction, what F3 gives one assignment at a time."""
    somebody = member(planned, leaves, region="GB-ENG")
    for week in weeks(somebody, 13):
        for tentative, found in ((False, week.planned), (True, week.tentative)):
            each = [planned_days(one, somebody.capacity, week.begins, week.ends) for one in planned
                    if one.tentative is tentative and one not in week.unplaced]  # fmt: skip
            assert week.unplaced or found == sum(each)
        for one in planned:
            try:
                planned_days(one, somebody.capacity, week.begins, week.ends)
                assert one not in week.unplaced
            except CannotBePlaced:
                assert one in week.unplaced


def test_the_most_room_is_the_most_room_whoever_has_it():
    some = SimpleNamespace(name="Cy", is_partner=False, has_room=True, free=9)
    more = SimpleNamespace(name="Al", is_partner=True, has_room=True, free=11)
    none = SimpleNamespace(name="Bo", is_partner=False, has_room=False, free=1)
    assert by_room([some, none, more]) == [more, some]
