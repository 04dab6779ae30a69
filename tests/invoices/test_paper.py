"""Sums of money: to the penny, through lines, taxes, shares, credit and payments."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.errors import Refused
from crm.core.inputs import MINUTES_A_DAY
from crm.invoices.drafting import (
    Worked,
    fee_line,
    hundredths,
    in_hundredths,
    milestone_line,
    overage_line,
    shared_out,
    time_lines,
)
from crm.invoices.expenses.models import Expense, ExpenseState
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineKind
from crm.invoices.paper import TaxCategory, Unit, line_sum, tax_of, taxes_of
from crm.invoices.printed import _taxes_shared

pytestmark = pytest.mark.engine_free
MONTH = date(2026, 10, 1)


def a_line(net, rate="20", key=1):
    category = TaxCategory.STANDARD if Decimal(rate) else TaxCategory.ZERO
    return InvoiceLine(
        id=key, net=net, price=net, quantity=Decimal(1), unit=Unit.ONE, category=category, tax_rate=Decimal(rate)
    )


def an_invoice(**more):
    said = {
        "kind": InvoiceKind.INVOICE,
        "state": InvoiceState.DRAFT,
        "payment_days": 30,
        "net": 0,
        "tax": 0,
        "total": 0,
        "paid": 0,
    }
    return Invoice(**said | more)


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [("1.00", 110_000, 110_000), ("0.67", 110_000, 73_700), ("0.33", 55_555, 18_333), ("0.5", 1, 1), ("1.5", 3, 5)],
)
def test_a_line_is_rounded_half_up_once(quantity, price, net):
    assert line_sum(Decimal(quantity), price) == net


def test_overage_of_the_book_is_1100():
    """F5: overage of 1.0 at 1,100 a day."""
    line = overage_line(MONTH, Decimal("1.0"), 110_000)
    assert (line.kind, line_sum(line.quantity, line.price)) == (LineKind.OVERAGE, 110_000)
    assert overage_line(MONTH, Decimal(0), 110_000) is None


@pytest.mark.parametrize(("granted", "price"), [("4", 420_000), ("2.0", 210_000), ("1.5", 157_500), ("3.0", 315_000)])
def test_the_fee_follows_the_days_that_are_granted(granted, price):
    """F5, part months: 2.0, 1.5 and 3.0 of 4 days."""
    assert fee_line(MONTH, 420_000, granted=Decimal(granted), agreed=Decimal(4)).price == price


def test_a_wholly_paused_month_costs_nothing():
    assert fee_line(MONTH, 420_000, granted=Decimal(0), agreed=Decimal(4), paused=True) is None


def test_thirty_forty_thirty():
    parts = [milestone_line(840_000, Decimal(one), "").price for one in (30, 40, 30)]
    assert parts == [252_000, 336_000, 252_000]


def test_days_by_person_are_the_days_of_the_statement():
    """Three people, 100 minutes each: 0.67 days in all, and not three times 0.22."""
    worked = [Worked(n, f"P{n}", 100, ("Security",)) for n in (1, 2, 3)]
    lines = list(time_lines(MONTH, worked, 105_000))
    assert [one.quantity for one in lines] == [Decimal("0.23"), Decimal("0.22"), Decimal("0.22")]
    assert lines[0].text == "P1, October 2026: Security"


def test_a_correction_takes_off_what_it_is_worth():
    """Ben's two hours of September were none: they come off at the price that they had, also where he did nothing else."""
    september = Worked(2, "Ben", -120, ("Security",), date(2026, 9, 1), 90_000)
    lines = list(time_lines(MONTH, [Worked(1, "Ada", 900), september], 100_000))
    assert [(one.quantity, one.price, one.text) for one in lines] == [
        (Decimal("2.00"), 100_000, "Ada, October 2026"),
        (Decimal("0.27"), -90_000, "Ben, correction of September 2026: Security"),
    ]
    more = replace(september, minutes=120)
    assert [(one.price, one.text) for one in time_lines(MONTH, [more], 100_000)] == [(90_000, lines[1].text)]
    less = list(time_lines(MONTH, [Worked(1, "Ada", 60), september], 100_000))
    assert [(one.quantity, one.price) for one in less] == [(Decimal("0.13"), 100_000), (Decimal("0.26"), -90_000)]


@given(st.lists(st.integers(-1440, 1440), min_size=1, max_size=12))
def test_days_are_rounded_together(minutes):
    """No hundredth is lost, none is further than one from its own, and what is turned around is turned around."""
    found = in_hundredths(minutes)
    assert sum(found) == hundredths(sum(minutes))
    assert all(
        abs(one * MINUTES_A_DAY - own * 100) < MINUTES_A_DAY * 1.01 for one, own in zip(found, minutes, strict=True)
    )
    if hundredths(sum(minutes)):
        assert in_hundredths([-one for one in minutes]) == [-one for one in found]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_nothing_is_lost_when_a_whole_is_shared_out(whole, parts):
    found = shared_out(whole, parts)
    assert sum(found) == (whole if sum(parts) else 0)
    assert all(one >= 0 for one in found)


rates = st.sampled_from(["20", "5", "0", "17.5"])
nets = st.lists(st.tuples(st.integers(0, 10**7), rates), min_size=1, max_size=15)


@given(nets)
def test_the_total_is_the_lines_and_the_taxes_that_are_shown(found):
    lines = [a_line(net, rate, key) for key, (net, rate) in enumerate(found, 1)]
    invoice = an_invoice()
    invoice.reckon(lines)
    taxes = taxes_of(lines)
    assert invoice.total == sum(one.net for one in lines) + sum(one.tax for one in taxes)
    assert sum(one.net for one in taxes) == invoice.net
    assert all(one.tax == tax_of(one.net, one.rate) for one in taxes)
    assert sum(_taxes_shared(lines).values()) == invoice.tax  # what the bookkeeping gets line by line


@given(st.integers(1, 10**8), st.lists(st.integers(1, 10**7), max_size=8))
def test_what_is_owed_and_what_is_over_are_what_is_left(total, payments):
    invoice = an_invoice(state=InvoiceState.ISSUED, total=total, net=total)
    for n in range(len(payments) + 1):
        paid = sum(payments[:n])
        invoice.settle(paid, MONTH)
        assert invoice.owed - invoice.over == total - paid
        assert (invoice.state is InvoiceState.PAID) == (paid >= total)


def test_late_from_the_day_after():
    invoice = an_invoice(state=InvoiceState.ISSUED, total=100, due_on=date(2026, 11, 20))
    assert [invoice.standing(date(2026, 11, day)) for day in (20, 21)] == ["issued", "late"]
    invoice.settle(40, date(2026, 11, 1))
    assert invoice.standing(date(2026, 11, 20)) == "part_paid"
    assert invoice.days_late(date(2026, 12, 25)) == 35
    invoice.settle(100, date(2026, 11, 2))
    assert (invoice.standing(date(2026, 12, 25)), invoice.days_late(date(2026, 12, 25))) == ("paid", 0)


def test_a_voided_invoice_owes_nothing_and_gives_back_what_came():
    invoice = an_invoice(state=InvoiceState.ISSUED, total=100, paid=40)
    invoice.void()
    assert (invoice.owed, invoice.over) == (0, 40)
    with pytest.raises(Refused):
        invoice.void()


def an_expense(**more):
    return Expense(
        person_id=2,
        state=ExpenseState.WAITING,
        **{"amount": 6000, "tax": 1000, "note": "Train", "receipt_id": 1} | more,
    )


def test_an_expense_needs_anothers_yes():
    with pytest.raises(Refused, match="Somebody else"):
        an_expense().approve(2, None, is_partner=False)
    own = an_expense()
    own.approve(2, None, is_partner=True)
    assert (own.state, own.net) == (ExpenseState.APPROVED, 5000)
    with pytest.raises(Refused, match="neither a receipt nor a note"):
        an_expense(note="", receipt_id=None).approve(1, None, is_partner=True)
