"""Days that are taken off: carried on until there is something to take them off from, and no hundredth lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.closing.models import Statement
from crm.core.calendar import month_after, month_of
from crm.core.clock import now
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment
from crm.engagements.retained import DayRate, RetainerFee, RetainerTerms
from crm.engagements.retaining import rate_in
from crm.engagements.states import EngagementState, PriceKind
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.drafting import Worked, billed_together, still_to_bill, time_lines, worth
from crm.invoices.expenses.models import Expense
from crm.invoices.models import Invoice, InvoiceLine, InvoiceState, LineKind
from crm.people.models import Person
from crm.retainers.formulas import in_days
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry
from tests.cast import TODAY
from tests.cast import engagement as an_engagement

FIRST, SECOND, THIRD = (month_after(month_of(TODAY), -n) for n in (3, 2, 1))
RATE = 105_000
JAN = date(2026, 1, 1)


# What is carried, in hundredths of a day


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("balances", "asked", "together"),
    [
        ([500], 0, [0]),
        ([-200, 300], 0, []),  # more is taken off than was worked: nothing is billed
        ([-200, 300], 1, [0, 1]),  # it comes off the next month
        ([-500, 300, 300], 1, []),
        ([-500, 300, 300], 2, [0, 1, 2]),  # as long as it takes
        ([-500, 700, 300], 2, [2]),  # what the month before takes up is its own
        ([-200, 200, 100], 1, []),  # an invoice of nothing is none
        ([300, -200], 0, [0, 1]),  # nothing later takes it: off an earlier one that is drafted (anew)
        ([300, -200, -200], 0, [0, 1]),
        ([300, -300], 0, [0]),
    ],
)
def test_months_are_billed_together_until_something_is_to_be_paid(balances, asked, together):
    months = [month_after(JAN, n) for n in range(len(balances))]
    found = billed_together(months[asked], dict(zip(months, balances, strict=True)))
    assert found == [months[n] for n in together]


prices = st.sampled_from([None, None, 90_000, 120_050])  # of what a line corrects, where it is not that of the month
worked = st.lists(st.tuples(st.integers(-900, 900), prices), min_size=1, max_size=3)
deeds = st.lists(st.tuples(st.sampled_from(["draft", "draft", "void"]), st.integers(0, 5)), max_size=14)


@pytest.mark.engine_free
@given(st.lists(worked, min_size=1, max_size=6), deeds)
def test_worked_is_billed_less_credited_and_what_is_still_open(minutes, done):
    """Months in any order, drafted, voided and drafted again: each hundredth and each penny is on one invoice or waits, and
    no invoice is below nothing."""
    months = [month_after(JAN, n) for n in range(len(minutes))]
    team = {
        month: [Worked(n, f"P{n}", one, price=price) for n, (one, price) in enumerate(of_month)]
        for month, of_month in zip(months, minutes, strict=True)
    }
    every = {month: list(time_lines(month, people, RATE)) for month, people in team.items()}
    for month, people in team.items():
        days = sum(one.quantity * (1 if one.price > 0 else -1) for one in every[month])
        assert days == in_days(sum(one.minutes for one in people))
    invoices: list[list] = []
    for deed, number in done:
        billed = {(one.kind, one.month) for lines in invoices for one in lines}
        if deed == "void" and invoices:
            invoices.pop(number % len(invoices))
        elif deed == "draft":
            waits = {at: worth(own) for at, own in every.items() if (LineKind.TIME, at) not in billed}
            together = billed_together(months[number % len(months)], waits)
            lines = still_to_bill([line for at in together for line in every[at]], billed)
            if lines:
                assert worth(lines) > 0
                invoices.append(lines)
    billed = [one for lines in invoices for one in lines]
    done_months = {one.month for one in billed}
    waits = [one for at, own in every.items() if at not in done_months for one in own]
    assert worth(billed) + worth(waits) == worth(one for own in every.values() for one in own)
    assert len(billed) == len(set(map(id, billed)))


# As a partner meets it


@pytest.fixture
def by_the_day(stage, cast):
    """Ben works by the day; three months are there to be locked, who issues and who pays is said."""
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    terms.price_kind, terms.day_rate, terms.monthly_fee = PriceKind.DAY_RATE, RATE, None
    cast.north.starts = FIRST
    for one in stage.scalars(select(Assignment).where(Assignment.person_id == 2)):
        one.begins = FIRST
    stage.add(Issuer(id=1, legal_name="Larkmoor Ltd", line1="1 Mill Lane", city="Leeds", tax_number="GB123456789", iban="GB33BUKB20201555555555"))  # fmt: skip
    stage.add(Billing(id=1, client_id=1, legal_name="Northwind", line1="2 High St", city="York"))
    stage.commit()
    return cast


def logged(stage, day, minutes, **more):
    entry = TimeEntry(person_id=2, engagement_id=1, client_id=1, area="SEC", worked_on=day, minutes=minutes, logged_at=now(), **more)  # fmt: skip
    stage.add(entry)
    stage.commit()
    return entry


def lock(ada, month, version=1):
    assert ada.send(f"/time/periods/{month:%Y-%m}/lock", version=version).status_code == 303


def drafted(ada, month, status=303):
    answer = ada.send("/invoices/new", engagement_id="1", month=f"{month:%Y-%m}")
    assert answer.status_code == status, answer.text
    return int(answer.location.rsplit("/", 1)[1]) if status == 303 else answer


def carried(ada, stage, minutes, less, worked=0):
    """A draft of the third month with what takes off of the second: the first is invoiced and corrected."""
    entry = logged(stage, FIRST, minutes)
    stage.add(EngagementMonth(engagement_id=1, client_id=1, month=FIRST, state=MonthState.INVOICED, invoice_number="x"))
    logged(stage, SECOND, less, adjusts_id=entry.id)
    if worked:
        logged(stage, SECOND, worked)
    logged(stage, THIRD, minutes)
    lock(ada, SECOND)
    lock(ada, THIRD)
    return drafted(ada, THIRD)


def issued(ada, number, version=1):
    answer = ada.send(f"/invoices/{number}/issue", version=version)
    assert answer.status_code == 303, answer.text


def lines(stage, number):
    stage.expire_all()
    rows = stage.scalars(select(InvoiceLine).where(InvoiceLine.invoice_id == number).order_by(InvoiceLine.position))
    return [(one.month, str(one.quantity), one.net) for one in rows]


def test_a_credit_larger_than_the_work_comes_off_the_next_invoice(by_the_day, sign_in, stage, words):
    """Two days were invoiced, and one and a half of them had not been: half a day of the next month is all there is."""
    ada, ben = sign_in(by_the_day.ada), sign_in(by_the_day.ben)
    entry = logged(stage, FIRST, 900)
    lock(ada, FIRST)
    first = drafted(ada, FIRST)
    issued(ada, first)
    right = {"duration": "3:45", "worked_on": SECOND.isoformat(), "reason": "The day was another client's"}
    assert ben.send(f"/time/entries/{entry.id}/adjustment", **right).status_code == 303
    logged(stage, SECOND, 225)
    lock(ada, SECOND)
    refused = drafted(ada, SECOND, 422)
    assert "the rest comes off the next month that is billed" in words(refused)
    logged(stage, THIRD, 1350)
    lock(ada, THIRD)
    last = drafted(ada, THIRD)
    assert lines(stage, last) == [(SECOND, "0.5", 52_500), (SECOND, "1.5", -157_500), (THIRD, "3", 315_000)]
    issued(ada, last)
    assert stage.get(Invoice, last).net + stage.get(Invoice, first).net == 4 * RATE  # 2 + 3 days less one
    shut = stage.scalars(select(EngagementMonth.month).where(EngagementMonth.state == MonthState.INVOICED)).all()
    assert sorted(shut) == [FIRST, SECOND, THIRD]  # what was carried on is invoiced with it
    assert drafted(ada, SECOND, 422)


def test_what_nothing_later_takes_up_comes_off_an_invoice_made_anew(by_the_day, sign_in, stage):
    """The last month of all takes off a day: its invoice before is voided and drafted anew, a day less."""
    ada = sign_in(by_the_day.ada)
    entry = logged(stage, FIRST, 900)
    lock(ada, FIRST)
    first = drafted(ada, FIRST)
    issued(ada, first)
    logged(stage, SECOND, -450, adjusts_id=entry.id)
    lock(ada, SECOND)
    assert ada.send(f"/invoices/{first}/void", version=2, reason="A day was another client's").status_code == 303
    again = drafted(ada, FIRST)
    assert lines(stage, again) == [(FIRST, "2", 210_000), (SECOND, "1", -105_000)]
    issued(ada, again)


def test_expenses_are_billed_while_days_are_carried_on(by_the_day, sign_in, stage):
    ada = sign_in(by_the_day.ada)
    entry = logged(stage, FIRST, 450)
    stage.add(EngagementMonth(engagement_id=1, client_id=1, month=FIRST, state=MonthState.INVOICED, invoice_number="x"))
    stage.add(Expense(id=5, person_id=2, engagement_id=1, client_id=1, spent_on=SECOND, category="travel", amount=6000, tax=1000, state="approved", made_at=now()))  # fmt: skip
    logged(stage, SECOND, -225, adjusts_id=entry.id)
    lock(ada, SECOND)
    assert ada.send("/invoices/month", month=f"{SECOND:%Y-%m}").status_code == 303
    (invoice,) = stage.scalars(select(Invoice).where(Invoice.engagement_id == 1)).all()
    assert (invoice.net, lines(stage, invoice.id)) == (5_000, [(SECOND, "1", 5_000)])
    assert stage.get(Expense, 5).billed_on_id == invoice.id
    issued(ada, invoice.id)
    logged(stage, THIRD, 450)
    lock(ada, THIRD)
    assert lines(stage, drafted(ada, THIRD)) == [(SECOND, "0.5", -52_500), (THIRD, "1", 105_000)]


# A draft and what it was made from


def test_a_draft_of_the_same_instant_as_its_statement_is_caught(by_the_day, sign_in, stage, words):
    """Not by the clock: by the statement itself. Also that of a month whose days were carried on."""
    ada = sign_in(by_the_day.ada)
    number = carried(ada, stage, 450, -225)
    standing = {one.month: one.id for one in stage.scalars(select(Statement).where(Statement.engagement_id == 1))}
    assert stage.get(Invoice, number).basis == {month.isoformat(): standing[month] for month in (SECOND, THIRD)}
    assert (
        ada.send(f"/time/periods/{SECOND:%Y-%m}/reopen", version=1, reason="Half an hour was missing").status_code
        == 303
    )
    logged(stage, SECOND + timedelta(1), 30)
    lock(ada, SECOND, 2)
    invoice = stage.get(Invoice, number)
    invoice.made_at = now() + timedelta(1)  # whatever the clock says
    stage.commit()
    assert f"The statement of {SECOND:%B %Y} is newer than this draft" in words(ada.get(f"/invoices/{number}"))
    refused = ada.send(f"/invoices/{number}/issue", version=invoice.version)
    assert (refused.status_code, "newer than this draft" in words(refused)) == (409, True)
    assert ada.send(f"/invoices/{number}/removal", version=invoice.version).status_code == 303
    again = drafted(ada, THIRD)
    assert lines(stage, again) == [(SECOND, "0.07", 7_350), (SECOND, "0.5", -52_500), (THIRD, "1", 105_000)]
    issued(ada, again)


# What takes off, by hand


LINE = {"text": "Ben, corrections", "unit": "day", "category": "S", "tax_rate": "20"}


def test_a_partner_edits_what_is_taken_off_within_limits(by_the_day, sign_in, stage, words):
    ada = sign_in(by_the_day.ada)
    number = carried(ada, stage, 900, -450)
    credit, work = stage.scalars(select(InvoiceLine.id).order_by(InvoiceLine.position)).all()
    there = f"/invoices/{number}/lines/{credit}"
    assert 'value="-1050"' in ada.get(there).text
    for typed, said in (
        ({"quantity": "1", "price": "1050"}, "takes off: write a price below nothing"),
        ({"quantity": "2.01", "price": "-1050"}, "Take off less"),
        ({"quantity": "1", "price": "-1050", "category": "Z", "tax_rate": "0"}, "with the same tax"),
    ):
        refused = ada.send(there, **LINE | typed)
        assert (refused.status_code, said in words(refused)) == (422, True), words(refused)
    assert ada.send(there, **LINE, quantity="0.5", price="\N{MINUS SIGN}1000.50").status_code == 303
    assert lines(stage, number) == [(SECOND, "0.5", -50_025), (THIRD, "2", 210_000)]
    assert stage.get(Invoice, number).total == 191_970
    worked = {"text": "Ben", "unit": "day", "category": "S", "tax_rate": "20", "quantity": "1", "price": "-5"}
    assert ada.send(f"/invoices/{number}/lines/{work}", **worked).status_code == 422
    by_hand = LINE | {"text": "As a goodwill", "quantity": "1", "price": "-100"}
    assert ada.send(f"/invoices/{number}/lines", version=2, **by_hand).status_code == 303
    assert stage.get(Invoice, number, populate_existing=True).net == 149_975


def test_only_days_and_lines_by_hand_take_off(by_the_day, sign_in, stage):
    stage.add(Invoice(id=7, client_id=1, engagement_id=1, made_at=now(), net=100_000, total=120_000, tax=20_000))
    stage.flush()
    stage.add(InvoiceLine(id=7, invoice_id=7, client_id=1, engagement_id=1, position=1, kind=LineKind.FEE, text="Fee", price=100_000, net=100_000))  # fmt: skip
    stage.commit()
    fee = {"text": "Fee", "quantity": "1", "unit": "month", "price": "-5", "category": "S", "tax_rate": "20"}
    assert sign_in(by_the_day.ada).send("/invoices/7/lines/7", **fee).status_code == 422


# What was issued, in the database itself

SAME = "invoice_id, engagement_id, client_id, position, kind, text, quantity, unit, price, net, category, tax_rate, visibility"
ONE_MORE = f"INSERT INTO invoice_line ({SAME}, version) SELECT {SAME}, 1 FROM invoice_line WHERE id = 2"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoice SET total = 1, net = 1, tax = 0 WHERE id = 2",
        "UPDATE invoice SET seller = NULL WHERE id = 2",
        "UPDATE invoice SET basis = '{}' WHERE id = 2",
        "UPDATE invoice SET state = 'draft', number = NULL WHERE id = 2",
        "DELETE FROM invoice WHERE id = 2",
        "UPDATE invoice_line SET text = 'Else' WHERE id = 2",
        "UPDATE invoice_line SET invoice_id = 1 WHERE id = 2",
        "UPDATE invoice_line SET invoice_id = 2 WHERE id = 1",
        "DELETE FROM invoice_line WHERE id = 2",
        ONE_MORE,
    ],
)
def test_the_database_keeps_what_was_issued(change, world, stage):
    before = stage.execute(text("SELECT number, net, total, state FROM invoice WHERE id = 2")).one()
    with pytest.raises(DBAPIError, match="an issued invoice never changes"):
        stage.execute(text(change))
    stage.rollback()
    assert stage.execute(text("SELECT number, net, total, state FROM invoice WHERE id = 2")).one() == before
    assert stage.scalar(text("SELECT count(*) FROM invoice_line WHERE invoice_id = 2")) == 1


def test_payment_and_voiding_are_no_change_of_what_was_issued(world, stage):
    for state in ("paid", "issued", "voided"):
        stage.execute(text(f"UPDATE invoice SET state = '{state}', paid = 5, version = version + 1 WHERE id = 2"))
    with pytest.raises(DBAPIError, match="never changes"):
        stage.execute(text("UPDATE invoice SET state = 'issued' WHERE id = 2"))
    stage.rollback()
    assert stage.get(Invoice, 2).state is InvoiceState.VOIDED
    assert Decimal(stage.get(Invoice, 2).net) == 420_000


# All drafts of a month


def test_the_drafts_of_many_cost_what_those_of_few_do(by_the_day, sign_in, stage, statements):
    """Fees, days, corrections carried on and expenses of ten engagements, in as many statements as of two."""
    ada, counts = sign_in(by_the_day.ada), []
    for round_, number in enumerate((1, 9)):
        lead, sponsor = stage.get(Person, 2), stage.get(Contact, 1)
        for n in range(number):
            made = an_engagement(stage, 50 + 10 * round_ + n, 1, lead=lead, sponsor=sponsor, title=f"Number {n}")
            on = {"client_id": 1, "engagement_id": made.id}
            if n % 2 == 0:
                terms = stage.scalars(select(Terms).where(Terms.engagement_id == made.id)).one()
                terms.price_kind, terms.day_rate, terms.monthly_fee = PriceKind.DAY_RATE, RATE, None
            for day, minutes in ((SECOND, -60), (THIRD, 450)):
                adjusted = TimeEntry(person_id=2, area="SEC", worked_on=FIRST, minutes=60, logged_at=now(), **on)
                stage.add(adjusted)
                stage.flush()
                fixes = adjusted.id if minutes < 0 else None
                stage.add(TimeEntry(person_id=2, area="SEC", worked_on=day, minutes=minutes, adjusts_id=fixes, logged_at=now(), **on))  # fmt: skip
            for _ in range(2):
                stage.add(Expense(person_id=2, spent_on=SECOND, category="travel", amount=6000, tax=1000, state="approved", made_at=now(), **on))  # fmt: skip
        stage.commit()
        version = 1 + 2 * round_
        for month in (SECOND, THIRD):
            if round_:
                again = {"version": 1, "reason": "More engagements"}
                assert ada.send(f"/time/periods/{month:%Y-%m}/reopen", **again).status_code == 303
                lock(ada, month, 2)
            else:
                lock(ada, month)
        with statements() as seen:
            assert ada.send("/invoices/month", month=f"{THIRD:%Y-%m}", version=version).status_code == 303
        counts.append(len(seen))
    drafts = stage.scalars(select(Invoice).where(Invoice.engagement_id >= 50)).all()
    assert len(drafts) == 10
    assert counts[1] <= counts[0], counts
    days = [lines(stage, one.id) for one in drafts if one.engagement_id in {50, 60, 62}]
    assert days == [[(SECOND, "0.13", -13_650), (THIRD, "1", 105_000), (SECOND, "1", 5_000), (SECOND, "1", 5_000)]] * 3
    assert {one.billed_on_id for one in stage.scalars(select(Expense))} == {one.id for one in drafts}
    told = stage.scalars(select(AuditEntry.verb).where(AuditEntry.verb.like("invoice.%"))).all()
    assert sorted(set(told)) == ["invoice.draft", "invoice.draft_month"]
    assert told.count("invoice.draft_month") == 2


# What a day cost


def test_a_day_costs_what_it_cost_in_its_month(by_the_day, sign_in, stage, words):
    """A price that changes holds from this month on: what is still to be billed of an earlier one keeps its own."""
    for kind in (RetainerFee, RetainerTerms):
        stage.execute(delete(kind).where(kind.engagement_id == 1))
    stage.add(DayRate(engagement_id=1, client_id=1, begins=FIRST, rate=RATE))
    stage.commit()
    logged(stage, THIRD, 450)
    ada, north = sign_in(by_the_day.ada), stage.get(Engagement, 1)
    lock(ada, THIRD)
    term = {
        "starts": f"{FIRST}",
        "ends": f"{north.ends}",
        "signed_on": f"{north.signed_on}",
        "notice_days": "30",
        "overage": "ask",
    }
    for rate in ("1,200", "1,250"):
        stage.expire_all()
        sent = ada.send("/engagements/1/terms", version=north.version, price_kind="day_rate", day_rate=rate, **term)
        assert sent.status_code == 303, sent.text
    stage.expire_all()
    kept = stage.execute(select(DayRate.begins, DayRate.rate).order_by(DayRate.begins)).all()
    assert [tuple(one) for one in kept] == [(FIRST, RATE), (month_of(TODAY), 125_000)]
    assert "£1,050 from" in (page := words(ada.get("/engagements/1/team")))
    assert "£1,250 from" in page
    assert lines(stage, drafted(ada, THIRD)) == [(THIRD, "1", RATE)]


NEW = 120_000  # what a day costs from the second month on


def priced_anew(stage):
    """A day cost less in the first month than it costs since."""
    stage.add_all(
        DayRate(engagement_id=1, client_id=1, begins=at, rate=rate) for at, rate in ((FIRST, RATE), (SECOND, NEW))
    )
    stage.commit()


@pytest.mark.parametrize("by_hand", [0, 97_550])
def test_a_correction_returns_what_was_paid(by_the_day, sign_in, stage, by_hand):
    """At the price of the month that it corrects, or at the one that the partner wrote on its invoice."""
    priced_anew(stage)
    ada, ben = sign_in(by_the_day.ada), sign_in(by_the_day.ben)
    entry = logged(stage, FIRST, 900)
    lock(ada, FIRST)
    first = drafted(ada, FIRST)
    if by_hand:
        line = stage.scalars(select(InvoiceLine.id).where(InvoiceLine.invoice_id == first)).one()
        said = LINE | {"text": "Ben", "quantity": "2", "price": f"{by_hand / 100:.2f}"}
        assert ada.send(f"/invoices/{first}/lines/{line}", **said).status_code == 303
    issued(ada, first, 2 if by_hand else 1)
    right = {"duration": "0", "worked_on": SECOND.isoformat(), "reason": "All of it was another client's"}
    assert ben.send(f"/time/entries/{entry.id}/adjustment", **right).status_code == 303
    logged(stage, SECOND, 1350)
    lock(ada, SECOND)
    last = drafted(ada, SECOND)
    assert lines(stage, last) == [(SECOND, "3", 3 * NEW), (SECOND, "2", -2 * (by_hand or RATE))]
    texts = stage.scalars(
        select(InvoiceLine.text).where(InvoiceLine.invoice_id == last).order_by(InvoiceLine.position)
    ).all()
    assert texts == [f"Ben, {SECOND:%B %Y}: Security", f"Ben, correction of {FIRST:%B %Y}: Security"]


def test_days_that_come_to_less_than_nothing_by_their_prices_are_carried_on(by_the_day, sign_in, stage):
    """As many days are worked as are taken off, but those cost more: what is left is owed, and comes off the next month."""
    stage.add_all(
        DayRate(engagement_id=1, client_id=1, begins=at, rate=rate) for at, rate in ((FIRST, NEW), (SECOND, RATE))
    )
    stage.commit()
    ada = sign_in(by_the_day.ada)
    number = carried(ada, stage, 450, -450, worked=450)
    assert lines(stage, number) == [(SECOND, "1", RATE), (SECOND, "1", -NEW), (THIRD, "1", RATE)]


def test_days_that_come_to_nothing_are_billed_where_their_prices_do_not(by_the_day, sign_in, stage):
    """A day worked at what it costs now against one taken off at what it cost: the difference is to be paid."""
    priced_anew(stage)
    ada = sign_in(by_the_day.ada)
    entry = logged(stage, FIRST, 450)
    stage.add(EngagementMonth(engagement_id=1, client_id=1, month=FIRST, state=MonthState.INVOICED, invoice_number="x"))
    logged(stage, SECOND, -450, adjusts_id=entry.id)
    logged(stage, SECOND, 450)
    lock(ada, SECOND)
    assert lines(stage, drafted(ada, SECOND)) == [(SECOND, "1", NEW), (SECOND, "1", -RATE)]


def test_a_draft_engagement_keeps_one_price_of_a_day(by_the_day, sign_in, stage):
    north = stage.get(Engagement, 1)
    stage.add(DayRate(engagement_id=1, client_id=1, begins=THIRD, rate=1))
    north.state = EngagementState.DRAFT
    stage.commit()
    term = {
        "starts": f"{FIRST}",
        "ends": f"{north.ends}",
        "signed_on": f"{north.signed_on}",
        "notice_days": "30",
        "overage": "ask",
    }
    sent = sign_in(by_the_day.ada).send(
        "/engagements/1/terms", version=north.version, price_kind="day_rate", day_rate="900", **term
    )
    assert sent.status_code == 303, sent.text
    assert [tuple(one) for one in stage.execute(select(DayRate.begins, DayRate.rate))] == [(FIRST, 90_000)]


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("month", "rate"), [(FIRST, 1), (SECOND, 1), (THIRD, 3), (month_after(THIRD, 5), 3), (month_after(FIRST, -4), 1)]
)
def test_the_newest_price_that_began(month, rate):
    rates = [DayRate(begins=FIRST, rate=1), DayRate(begins=THIRD, rate=3)]
    assert rate_in(rates, month) == rate
    assert rate_in([], month) is None
