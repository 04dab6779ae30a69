"""What is left, where it leads and what lapses: on the Time tab, after logging, and for the client in plain words."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from crm.core import clock
from crm.core.calendar import month_after, month_of
from crm.core.clock import now
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.desk.burn import BurnChart, _height
from crm.engagements.models import Engagement, Terms
from crm.engagements.retained import RetainerFee, RetainerTerms
from crm.engagements.states import Overage, PriceKind
from crm.retainers.formulas import Agreed, Span, months_in_order
from crm.retainers.queries import Book, ahead_of
from crm.timelog.models import TimeEntry
from tests.cast import TODAY

THIS = month_of(TODAY)
D = Decimal


@pytest.fixture
def rolled(cast, stage):
    """Two days of last month came over, and half a day is used today."""
    stage.scalars(select(RetainerTerms).where(RetainerTerms.engagement_id == 1)).one().cap = D(2)
    stage.add(
        TimeEntry(person_id=2, client_id=1, engagement_id=1, area="STR", worked_on=TODAY, minutes=225, logged_at=now(), client_note="Met")
    )  # fmt: skip
    stage.commit()


def test_the_same_days_left_everywhere(sign_in, cast, rolled, words):
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    assert "5.5 days left 0.5 of 6 days used, 2 of them rolled in" in words(ben.get("/engagements/1/time"))
    assert "0.5 of 6 days used 5.5 left, 2 rolled in" in words(ben.get("/engagements/1"))
    assert "0.5 of 6 d" in words(ben.get("/engagements"))
    assert "5.5 of 6 days left this month" in words(ben.get("/today"))
    for page in ("/portal", "/portal/time"):
        text = words(cora.get(page))
        assert "5.5 days left 0.5 of 6 days used" in text, page
        assert "2 days came over from before. 1.5 days of them lapse at the end of" in text, page
        for ours in ("Green", "Amber", "burn", "grant"):
            assert ours not in text.partition("Days in")[0][-400:], ours
    assert f"{THIS:%B %Y} so far 4.00 2.00 0.50 5.50 –" in words(cora.get("/portal/time"))
    logged = ben.send("/today", work="1", pick="30", worked_on=TODAY.isoformat())
    assert logged.status_code == 303
    assert "5.4 days left" in words(ben.get(logged.location))


@pytest.mark.parametrize(
    ("agreed", "says"),
    [
        (Overage.ASK, "We ask you before any day beyond is charged."),
        (Overage.BILL, "Days beyond are charged at the rate agreed."),
        (Overage.ABSORB, "Days beyond are not charged."),
    ],
)
def test_a_sponsor_reads_what_was_agreed_on_days_beyond(agreed, says, sign_in, cast, stage, rolled, words):
    cora = sign_in(cast.cora)
    assert says not in words(cora.get("/portal/time")), "while days are left"
    stage.scalars(select(RetainerTerms).where(RetainerTerms.engagement_id == 1)).one().overage = agreed
    stage.scalars(select(TimeEntry)).one().minutes = 1440
    stage.add_all(
        TimeEntry(person_id=2, client_id=1, engagement_id=1, area="STR", worked_on=TODAY, minutes=1440, logged_at=now())
        for _ in range(2)
    )
    stage.commit()
    assert says in words(cora.get("/portal/time"))


def test_the_months_and_the_picture(sign_in, cast, rolled, words):
    page = sign_in(cast.ben).get("/engagements/1/time")
    text = words(page)
    assert f"{THIS:%B %Y} if it ended now 4.00 2.00 6.00 0.50 0.00 2.00 3.50" in text
    assert f"{month_after(THIS, -1):%B %Y} 4.00 2.00 6.00 0.00 0.00 2.00 4.00" in text
    assert '<desc id="burn-text">0.5 of 6 days used on working day' in page.text
    assert "at most 2 days roll over and keep for 1 month" in text


def test_a_fixed_price_says_where_it_leads(sign_in, cast, stage, rolled, words):
    """Half a day worked, a deliverable of two days not begun: 2.5 of 2 days."""
    for kind in (RetainerFee, RetainerTerms):
        stage.delete(stage.scalars(select(kind).where(kind.engagement_id == 1)).one())
        stage.flush()
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    terms.price_kind, terms.amount, terms.budget_days = PriceKind.FIXED_PRICE, 840_000, D(2)
    stage.get(Engagement, 1).days_a_month = None
    part = next(one for one in cast.north.assignments if one.person_id == 2)
    stage.add(
        Deliverable(client_id=1, engagement_id=1, number=231, title="Exit plan", area="VEN", state=State.PLANNED, assignment_id=part.id,
                    estimate=2, baseline_due=TODAY, due=TODAY)
    )  # fmt: skip
    stage.commit()
    text = words(sign_in(cast.ben).get("/engagements/1/time"))
    assert "Forecast when all is done 2.5 of 2 days 0.5 worked, 2 still to do" in text
    assert "Red 25.0 % above it" in text
    assert "Forecast" not in words(sign_in(cast.tess).get("/engagements/1/time")), (
        "a budget is for those who know the price"
    )


def test_the_time_tab_in_few_statements(sign_in, cast, rolled, stage, statements):
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    for browser, page in (
        (ben, "/engagements/1/time"),
        (ben, "/engagements/1/team"),
        (ada, "/engagements/1/retainer"),
        (ada, "/engagements"),
    ):
        with statements() as seen:
            assert browser.get(page).status_code == 200
        assert len(seen) <= 12, (page, len(seen))


FOUR = Agreed(date(2000, 1, 1), D(4), D(2))
APRIL = date(2026, 4, 1)


def book_of(minutes, on, **span):
    found = Book(Span(date(2026, 3, 1), date(2026, 12, 31), **span), (FOUR,))
    return found.reckoned(minutes, on, {})


@pytest.mark.engine_free
def test_where_the_book_s_month_leads():
    """Used 4.0 on day 12 of 21: 7.0 at the end, as in the book; a day of April is paused, so that 3.75 + 1.5 are there."""
    on = date(2026, 4, 16)  # the twelfth working day without holidays; April has 22
    book = book_of(
        {date(2026, 3, 1): int(D("2.5") * 450), APRIL: 1800},
        on,
        region="",
        pauses=((date(2026, 4, 30), date(2026, 4, 30)),),
    )
    month, burn, ahead = book.month(on), book.burn(on), ahead_of(book, on)
    assert (month.rolled_in, burn.elapsed, burn.days) == (D("1.5"), 12, 21)
    assert (burn.verdict, ahead.projected, ahead.over, ahead.at_end.rolled_out) == ("amber", 7, D("1.75"), 0)


@pytest.mark.engine_free
def test_nothing_is_said_before_the_fifth_working_day():
    assert ahead_of(book_of({APRIL: 450}, date(2026, 4, 6)), date(2026, 4, 6)) is None


@pytest.mark.engine_free
def test_the_picture_stays_inside_its_frame():
    for used in (0, 450, 4500):
        on = date(2026, 4, 20)
        book = book_of({APRIL: used}, on)
        chart = BurnChart(book.month(on), book.span, on, {date(2026, 4, 8): used})
        points = [*chart.actual, *chart.plan, chart.today, chart.end]
        assert all(40 <= one.x <= 1120 and 20 <= one.y <= 236 for one in points)
        assert chart.actual[-1] == chart.today
        assert chart.plan[-1].y == chart.cap
        assert 20 <= chart.cap <= 236
        assert len(chart.marks) <= 6


@pytest.mark.engine_free
@pytest.mark.parametrize("day", [9, 14, 20, 27, 29])
@pytest.mark.parametrize("used", [225, 900, 1800, 4500])
def test_the_words_of_the_picture_stand_beside_its_line(day, used):
    on = date(2026, 4, day)
    chart = BurnChart((book := book_of({APRIL: used}, on)).month(on), book.span, on, {date(2026, 4, 8): used})
    words = [(chart.today_words, chart.actual)] + [(chart.end_words, [chart.today, chart.end])] * chart.is_running
    for at, drawn in words:
        left = at.x - 90 if at.anchor == "end" else at.x
        assert 0 <= left <= 1050
        assert 12 <= at.y <= 236
        for x in range(int(left), int(left) + 90, 5):
            if drawn[0].x <= x <= drawn[-1].x - 5:
                assert not at.y - 9 < _height(drawn, x) < at.y + 2, (at, x)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London", "America/St_Johns", "Australia/Lord_Howe"]
)
def test_a_month_is_the_month_of_the_practice_in_every_zone(zone):
    """Days are dates: an hour that a clock change takes or gives moves no day into another month."""
    clock.keep_time_of(zone)
    try:
        on = clock.today()
        minutes = {month_of(on + timedelta(n)): 45 for n in range(-200, 1)}
        months = months_in_order(Span(on - timedelta(200), on + timedelta(200)), [FOUR], minutes, on)
        assert [one.month for one in months] == sorted(minutes)
        assert Fraction(sum(one.used for one in months)) == Fraction(len(minutes), 10)
    finally:
        clock.keep_time_of("UTC")
