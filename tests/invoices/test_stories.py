"""From an expense and a closed month to money that came in: Ada the partner, Ben the lead, Cora who pays."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from crm.closing.models import Statement
from crm.core.calendar import month_after, month_of
from crm.core.viewer import SYSTEM
from crm.engagements.models import Terms
from crm.engagements.people import Assignment
from crm.engagements.retained import FrozenMonth
from crm.engagements.states import Overage, PriceKind
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.expenses.models import Expense, ExpenseState
from crm.invoices.models import Invoice, InvoiceLine, InvoiceState, LineKind, Payment
from crm.outbox.kinds import Kind
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from crm.people.models import Period, PeriodState
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry
from tests.cast import TODAY, looking
from tests.files.samples import picture
from tests.invoices.parties import larkmoor
from tests.routes import an_address, an_expense

LAST = month_after(month_of(TODAY), -1)
HOSTILE = "=2+5 & <b>Sons</b> “Ünï” {{ 7*7 }}"


@pytest.fixture
def closed(stage, cast):
    """The month before this one is locked; who issues and who pays is said."""
    stage.add(Period(id=9, month=LAST, state=PeriodState.LOCKED))
    stage.add(larkmoor())
    stage.add(Billing(id=1, client_id=1, legal_name=HOSTILE, line1="2 High St", city="York", purchase_order="PO 7"))
    stage.commit()
    return cast


def drafted(ada, **fields):
    answer = ada.send("/invoices/new", engagement_id="1", **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.location.rsplit("/", 1)[1])


def issued(ada, number=None, *, version=1):
    number = number or drafted(ada, month=f"{LAST:%Y-%m}")
    assert ada.send(f"/invoices/{number}/issue", version=version).status_code == 303
    return number


def sums(stage, number):
    invoice = stage.get(Invoice, number)
    stage.refresh(invoice)
    return invoice


# Expenses


def test_an_expense_with_its_receipt_and_a_yes(sign_in, cast, stage):
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    receipt = {"uploads": (BytesIO(picture()), "ticket.png")}
    made = ben.send("/expenses/new", engagement_id="1", **an_expense(), **receipt)
    expense = stage.scalars(select(Expense)).one()
    assert (made.status_code, expense.amount, expense.person_id, expense.state) == (303, 4550, 2, ExpenseState.WAITING)
    assert ben.get(f"/expenses/{expense.id}/files/receipt").mimetype == "image/png"
    here = f"/expenses/{expense.id}"
    assert ben.send(f"{here}/approval").status_code == 409  # one's own
    assert sign_in(cast.tess).send(f"{here}/approval").status_code == 403
    assert sign_in(cast.eve).get(here).status_code == 404
    assert sign_in(cast.cora).get(here).status_code == 403
    assert [ada.send(f"{here}/approval", once="one").status_code for _ in range(2)] == [303, 303]
    stage.refresh(expense)
    assert expense.state is ExpenseState.APPROVED
    assert ben.send(f"{here}/edit", version=2, engagement_id="1", **an_expense()).status_code == 409


def test_whoever_left_still_reads_what_they_paid(sign_in, cast, stage):
    """It waits, and its engagement is out of their sight: the page asks who may say yes all the same."""
    for one in stage.scalars(select(Assignment).where(Assignment.person_id == 2)):
        one.begins, one.ends = TODAY - timedelta(90), TODAY - timedelta(40)
    stage.add(Expense(id=5, person_id=2, engagement_id=1, client_id=1, spent_on=LAST, category="travel", amount=6000, tax=0, made_at=cast.ada.created_at))  # fmt: skip
    stage.commit()
    ben = sign_in(cast.ben)
    assert [ben.get(there).status_code for there in ("/expenses", "/expenses/5", "/expenses/5/edit")] == [200] * 3
    assert [ben.send(f"/expenses/5/{deed}", remark="No").status_code for deed in ("approval", "refusal")] == [403] * 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("amount", "0", "what was paid"), ("tax", "99", "less than it"), ("spent_on", (TODAY + timedelta(1)).isoformat(), "still to come"),
     ("amount", "1e9", "at most two decimals"), ("engagement_id", "2", "Choose one of the list")],
)  # fmt: skip
def test_what_is_wrong_with_an_expense_stands_beside_it(field, value, said, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).send("/expenses/new", **{"engagement_id": "1", **an_expense(), field: value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert stage.scalars(select(Expense)).all() == []


# Drafts


def test_a_draft_of_a_retainer(sign_in, closed, stage):
    """Its fee, the next in advance, the overage that is agreed to be billed, and what was spent."""
    stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    stage.add(Expense(id=5, person_id=2, engagement_id=1, client_id=1, spent_on=LAST, category="travel", amount=6000, tax=1000, state="approved", made_at=closed.ada.created_at))  # fmt: skip
    stage.commit()
    ada = sign_in(closed.ada)
    number = drafted(ada, month=f"{LAST:%Y-%m}")
    lines = stage.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).all()
    assert [(one.kind, one.month, one.net) for one in lines] == [
        (LineKind.FEE, LAST, 420_000), (LineKind.FEE, month_of(TODAY), 420_000), (LineKind.EXPENSE, LAST, 5000)
    ]  # fmt: skip
    invoice = sums(stage, number)
    assert (invoice.net, invoice.tax, invoice.total, invoice.purchase_order) == (845_000, 169_000, 1_014_000, "PO 7")
    again = ada.send("/invoices/new", engagement_id="1", month=f"{LAST:%Y-%m}")
    assert again.status_code == 422  # nothing is left to bill
    assert ada.send(f"/invoices/{number}/removal").status_code == 303
    stage.expire_all()
    assert stage.get(Expense, 5).billed_on_id is None
    assert drafted(ada, month=f"{LAST:%Y-%m}")


def test_all_drafts_of_a_month_by_one_button(sign_in, closed, stage, words):
    ada, said = sign_in(closed.ada), {"month": f"{LAST:%Y-%m}"}
    assert [ada.send("/invoices/month", once="m", **said).status_code for _ in range(2)] == [303, 303]
    found = stage.execute(select(Invoice.engagement_id, Invoice.total).order_by(Invoice.engagement_id)).all()
    assert found == [(1, 1_008_000), (2, 1_008_000)]
    assert ada.send("/invoices/month", **said).status_code == 303  # nothing is left
    assert len(stage.scalars(select(Invoice)).all()) == 2
    assert ada.send("/invoices/month", month=f"{TODAY:%Y-%m}").status_code == 422


def test_days_worked_beside_the_retainer(sign_in, closed, stage):
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    terms.price_kind, terms.day_rate, terms.monthly_fee, terms.overage = PriceKind.DAY_RATE, 105_000, None, Overage.BILL
    for key, (person, minutes) in enumerate(((2, 450), (5, 100)), 50):
        stage.add(TimeEntry(id=key, person_id=person, engagement_id=1, client_id=1, area="SEC", worked_on=LAST, minutes=minutes, logged_at=closed.ada.created_at))  # fmt: skip
    stage.commit()
    drafted(sign_in(closed.ada), month=f"{LAST:%Y-%m}")
    lines = stage.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).all()
    assert [(one.worked_by_id, str(one.quantity), one.net) for one in lines] == [(2, "1", 105_000), (5, "0.22", 23_100)]


def test_a_month_that_is_open_is_not_billed(sign_in, cast, words):
    answer = sign_in(cast.ada).send("/invoices/new", engagement_id="1", month=f"{LAST:%Y-%m}")
    assert (answer.status_code, "not closed yet" in words(answer)) == (422, True)


def test_parts_of_a_fixed_price_are_never_more_than_it(sign_in, closed, stage, words):
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    terms.price_kind, terms.amount, terms.monthly_fee = PriceKind.FIXED_PRICE, 840_000, None
    stage.commit()
    ada = sign_in(closed.ada)
    number = drafted(ada)
    for version, (part, status) in enumerate((("30", 303), ("40", 303), ("31", 422), ("0", 422)), 1):
        said = ada.send(f"/invoices/{number}/milestones", percent=part, version=min(version, 3))
        assert said.status_code == status, words(said)
    assert sums(stage, number).net == 588_000
    line = stage.scalars(select(InvoiceLine.id).order_by(InvoiceLine.position)).first()
    again = {"text": "30 % on signing", "quantity": "1", "unit": "one", "category": "S", "tax_rate": "20"}
    for price, status in (("5040.01", 422), ("5040", 303)):  # nor by changing one of them
        said = ada.send(f"/invoices/{number}/lines/{line}", price=price, **again)
        assert said.status_code == status, words(said)
    assert sums(stage, number).net == 840_000


def test_lines_are_added_changed_and_removed(sign_in, closed, stage):
    ada = sign_in(closed.ada)
    number = drafted(ada)
    line = {"text": HOSTILE, "quantity": "1.37", "unit": "day", "price": "1100", "category": "S", "tax_rate": "20"}
    assert ada.send(f"/invoices/{number}/lines", **line).status_code == 303
    made = stage.scalars(select(InvoiceLine)).one()
    assert (made.net, sums(stage, number).total) == (150_700, 180_840)
    zero = line | {"category": "Z", "tax_rate": "0", "quantity": "1"}
    assert ada.send(f"/invoices/{number}/lines/{made.id}", **zero | {"tax_rate": "20"}).status_code == 422
    assert ada.send(f"/invoices/{number}/lines/{made.id}", **zero).status_code == 303
    assert sums(stage, number).total == 110_000
    assert ada.send(f"/invoices/{number}/lines", version=1, **line).status_code == 409  # it changed since
    assert ada.send(f"/invoices/{number}/lines/{made.id}/removal", version=3).status_code == 303
    assert sums(stage, number).total == 0


# Issuing


def test_what_is_missing_is_said_before_it_is_issued(sign_in, closed, stage, words):
    stage.delete(stage.get(Billing, 1))
    stage.get(Issuer, 1).tax_number = ""
    stage.commit()
    ada = sign_in(closed.ada)
    number = drafted(ada, month=f"{LAST:%Y-%m}")
    page = ada.get(f"/invoices/{number}").get_data(as_text=True)
    assert "/clients/1/billing#line1" in page
    assert "/invoices/settings#tax_number" in page
    refused = ada.send(f"/invoices/{number}/issue")
    assert refused.status_code in {409, 422}
    assert sums(stage, number).number is None
    assert stage.get(Issuer, 1).number_last == 0
    said = ada.send(
        "/clients/1/billing",
        **an_address() | {"category": "AE", "tax_rate": "0", "tax_number": "", "file_format": "cii"},
    )
    assert (said.status_code, "their VAT number must stand on the invoice" in words(said)) == (422, True)


def test_issued_it_has_a_number_and_never_changes(app, sign_in, closed, stage, words):
    ada, cora = sign_in(closed.ada), sign_in(closed.cora)
    number = drafted(ada, month=f"{LAST:%Y-%m}")
    assert cora.get(f"/portal/invoices/{number}").status_code == 404  # a draft is ours
    issued(ada, number)
    invoice = sums(stage, number)
    assert (invoice.number, invoice.state, invoice.due_on) == (
        f"{TODAY.year}-0001",
        InvoiceState.ISSUED,
        TODAY + timedelta(30),
    )
    assert (
        ada.send(
            f"/invoices/{number}/lines",
            version=2,
            text="More",
            quantity="1",
            unit="one",
            price="1",
            category="S",
            tax_rate="20",
        ).status_code
        == 409
    )
    stage.get(Billing, 1).legal_name = "Another name"
    stage.commit()
    page = cora.get(f"/portal/invoices/{number}")
    assert (page.status_code, f"{TODAY.year}-0001" in words(page)) == (200, True)
    assert cora.get(f"/portal/invoices/{number}/invoice.pdf").data.startswith(b"%PDF")
    xml = cora.get(f"/portal/invoices/{number}/invoice.xml").get_data(as_text=True)
    assert "=2+5 &amp; &lt;b&gt;Sons" in xml
    assert "Another name" not in xml
    for who, status in (("vic", 403), ("uma", 404), ("tess", 403), ("eve", 403)):
        assert sign_in(getattr(closed, who)).get(f"/portal/invoices/{number}").status_code == status
    for who, status in (("ben", 200), ("tess", 404), ("eve", 404), ("abe", 403)):
        assert sign_in(getattr(closed, who)).get(f"/invoices/{number}").status_code == status
    assert stage.scalars(select(Outbox.topic)).all() == ["invoice.issued"]
    with looking(app, SYSTEM):
        (letter,) = letters_of("invoice.issued", {"invoice_id": number})
    assert (letter.to.name, letter.kind, letter.path) == ("Cora", Kind.INVOICE, f"/portal/invoices/{number}")
    assert stage.scalars(select(FrozenMonth.month).order_by(FrozenMonth.month.desc())).first() == LAST  # invariant 19


def test_overage_that_the_statement_bills_closes_the_month(sign_in, closed, stage, words):
    """F5: overage of 1.0 at 1,100 a day. The invoice of a statement ends the month of its engagement (invariant 19)."""
    stage.add(Statement(id=9, engagement_id=1, client_id=1, month=LAST, price_kind=PriceKind.RETAINER, minutes=3150, used=7, granted=4, rolled_in=2, available=6,
                        overage=1, billed=1, absorbed=0, rolled_out=0, lapsed=0, lines=[], digest="0" * 64, frozen_at=closed.ada.created_at))  # fmt: skip
    stage.commit()
    ada = sign_in(closed.ada)
    page = f"/time/periods/{LAST:%Y-%m}"
    first = drafted(ada, month=f"{LAST:%Y-%m}")
    assert f'href="/invoices/{first}">Draft<' in ada.get(page).text
    assert ada.send(f"/invoices/{first}/removal").status_code == 303
    number = issued(ada)
    over = stage.scalars(select(InvoiceLine).where(InvoiceLine.kind == LineKind.OVERAGE)).one()
    assert (str(over.quantity), over.net, over.month) == ("1", 110_000, LAST)
    month = stage.scalars(select(EngagementMonth).where(EngagementMonth.month == LAST)).one()
    assert (month.state, month.invoice_number) == (MonthState.INVOICED, f"{TODAY.year}-0001")
    assert ada.send(f"/invoices/{number}/void", version=2, reason="Wrong order number").status_code == 303
    name, voided = (
        f"{LAST:%B %Y}",
        f'href="/invoices/{number}">{TODAY.year}-0001</a>',
    )
    there = f'href="/invoices/new?engagement=1&amp;month={LAST:%Y-%m}"'
    for path, said in (
        ("/statements/9", f"Invoice {TODAY.year}-0001 was voided: it is to be invoiced again."),
        (page, "voided, to be invoiced again"),
        (page, "1 engagement is to be invoiced again."),
        (f"/invoices/{number}", f"{name} is to be invoiced again."),
    ):
        shown = ada.get(path)
        assert (said in words(shown), there in shown.text) == (True, True), (path, words(shown))
    assert voided in ada.get(page).text
    assert voided in ada.get("/statements/9").text
    lead = sign_in(closed.ben).get("/statements/9").text
    assert ("it is to be invoiced again" in lead, there in lead) == (True, False)
    assert f'value="{LAST:%Y-%m}"' in ada.get(f"/invoices/new?engagement=1&month={LAST:%Y-%m}").text
    again = drafted(ada, month=f"{LAST:%Y-%m}")
    assert f'href="/invoices/{again}">Look at its draft' in ada.get(page).text
    assert ada.send(f"/invoices/{again}/issue").status_code == 303  # anew, for the month that is closed already
    assert month.invoice_number == f"{TODAY.year}-0001"
    stage.expire_all()
    assert month.invoice_number == f"{TODAY.year}-0003"
    assert f"Invoiced by {TODAY.year}-0003" in words(ada.get("/statements/9"))
    assert "to be invoiced again" not in words(ada.get(page))
    assert f"{name} is invoiced by {TODAY.year}-0003 now." in words(ada.get(f"/invoices/{number}"))
    stage.get(Statement, 9).replaced_at = closed.ada.created_at  # and of one that a later month closed
    stage.add(Statement(id=10, engagement_id=1, client_id=1, month=month_after(LAST, -1), price_kind=PriceKind.RETAINER, minutes=0, used=0, granted=4,
                        rolled_in=0, available=4, overage=0, billed=0, absorbed=0, rolled_out=2, lapsed=2, lines=[], digest="0" * 64, frozen_at=closed.ada.created_at))  # fmt: skip
    stage.commit()
    assert "the invoice of a later month that was voided since" in words(ada.get("/statements/10"))


def test_a_draft_older_than_its_statement_is_not_issued(sign_in, closed, stage, words):
    """The month was opened, corrected and locked again: what the draft says may be true no more."""
    ada, said = sign_in(closed.ada), {"client_id": 1, "engagement_id": 1, "month": LAST}
    number = drafted(ada, month=f"{LAST:%Y-%m}")
    later = sums(stage, number).made_at + timedelta(minutes=1)
    stage.add(Statement(price_kind=PriceKind.RETAINER, minutes=0, used=0, granted=4, rolled_in=0, available=4, overage=0, billed=0, absorbed=0,
                        rolled_out=2, lapsed=2, lines=[], digest="0" * 64, frozen_at=later, number=2, **said))  # fmt: skip
    stage.commit()
    answer = ada.send(f"/invoices/{number}/issue")
    assert (answer.status_code, "newer than this draft" in words(answer)) == (409, True)
    assert sums(stage, number).state is InvoiceState.DRAFT


def test_months_frozen_with_an_invoice_take_no_more_time(sign_in, closed, stage, words):
    """What rolls in comes from the month before: it must be locked, and stays closed there when it is opened again."""
    before = month_after(LAST, -1)
    stage.add(
        TimeEntry(
            person_id=2,
            client_id=1,
            engagement_id=1,
            worked_on=before,
            minutes=450,
            area="STR",
            logged_at=closed.ada.created_at,
        )
    )
    stage.commit()
    ada = sign_in(closed.ada)
    number = drafted(ada, month=f"{LAST:%Y-%m}")
    answer = ada.send(f"/invoices/{number}/issue")
    assert (answer.status_code, f"{before:%B %Y} is not locked yet" in words(answer)) == (409, True)
    period = Period(id=10, month=before, state=PeriodState.LOCKED)
    stage.add(period)
    stage.commit()
    issued(ada, number)
    for one in (period, stage.get(Period, 9)):
        one.state = PeriodState.OPEN
    stage.commit()
    ben, time = sign_in(closed.ben), {"work": "1", "duration": "1", "area": "STR", "reason": "Forgotten that day"}
    for day in (before, LAST):
        refused = ben.send("/time", worked_on=day.isoformat(), **time)
        assert (refused.status_code, "was invoiced at this engagement" in words(refused)) == (422, True)


def test_voided_by_a_credit_note_with_a_number_of_its_own(app, sign_in, closed, stage):
    ada = sign_in(closed.ada)
    number = issued(ada)
    refused = ada.send(f"/invoices/{number}/void", version=2, reason="")
    assert (refused.status_code, '<details class="section" open>' in refused.text) == (422, True)
    assert [
        ada.send(f"/invoices/{number}/void", version=2, reason="Wrong", once="v").status_code for _ in range(2)
    ] == [303, 303]
    note = stage.scalars(select(Invoice).where(Invoice.credits_id == number)).one()
    assert (sums(stage, number).state, note.number, note.total) == (
        InvoiceState.VOIDED,
        f"{TODAY.year}-0002",
        1_008_000,
    )
    assert sign_in(closed.cora).get(f"/portal/invoices/{note.id}/invoice.xml").status_code == 200
    with looking(app, SYSTEM):
        assert letters_of("invoice.issued", {"invoice_id": number}) == []
        assert [one.to.name for one in letters_of("invoice.issued", {"invoice_id": note.id})] == ["Cora"]
    assert sums(stage, drafted(ada, month=f"{LAST:%Y-%m}")).total == 1_008_000  # billed anew


def test_payments_in_part_too_much_and_taken_back(sign_in, closed, stage, words):
    ada = sign_in(closed.ada)
    here = f"/invoices/{issued(ada)}"
    number = int(here.rsplit("/", 1)[1])

    def pay(amount):
        return ada.send(f"{here}/payments", paid_on=TODAY.isoformat(), amount=amount, reference=HOSTILE).status_code

    assert pay("80.00") == 303
    assert (sums(stage, number).paid, sums(stage, number).state) == (8_000, InvoiceState.ISSUED)
    assert pay("10000.01") == 303
    assert (sums(stage, number).state, sums(stage, number).over) == (InvoiceState.PAID, 1)
    assert "£0.01 too much came in" in words(ada.get(here))
    last = stage.scalars(select(Payment).order_by(Payment.id.desc())).first()
    assert ada.send(f"{here}/payments/{last.id}/removal").status_code == 303
    assert (sums(stage, number).state, sums(stage, number).owed) == (InvoiceState.ISSUED, 1_000_000)
    assert ada.send(f"{here}/payments", paid_on=(TODAY + timedelta(1)).isoformat(), amount="1").status_code == 422
    assert sign_in(closed.ben).send(f"{here}/payments", paid_on=TODAY.isoformat(), amount="1").status_code == 403


def test_a_series_that_comes_back_goes_on_behind_itself(sign_in, closed, stage):
    """With the year, without it, and with it again: no number is given twice, and none blocks the next."""
    ada, found = sign_in(closed.ada), []
    for yearly in (True, False, True):
        stage.get(Issuer, 1).yearly = yearly
        stage.commit()
        number = drafted(ada)
        assert ada.send(f"/invoices/{number}/lines", text="Work", quantity="1", unit="one", price="10", category="S", tax_rate="20").status_code == 303  # fmt: skip
        found.append(sums(stage, issued(ada, number, version=2)).number)
    assert found == [f"{TODAY.year}-0001", "0001", f"{TODAY.year}-0002"]


def test_for_the_bookkeeping(sign_in, closed, stage):
    ada = sign_in(closed.ada)
    number = issued(ada)
    ada.send(f"/invoices/{number}/void", version=2, reason="Wrong")
    xero = ada.get("/invoices/books/xero.csv").get_data(as_text=True).splitlines()
    assert xero[0].startswith("\ufeff*ContactName,EmailAddress")
    assert len(xero) == 5
    assert "'=2+5" in xero[1]  # no spreadsheet takes it for a formula
    assert "20% (VAT on Income)" in xero[1]
    assert ",-1," in xero[4]  # the credit note
    quick = ada.get("/invoices/books/quickbooks.csv").get_data(as_text=True).splitlines()
    assert (len(quick), quick[1].split(",")[0]) == (3, f"{TODAY.year}-0001")
    assert re.search(r"voided", ada.get("/invoices/list.csv").get_data(as_text=True), re.IGNORECASE)


def test_the_pages_ask_no_more_for_many_than_for_few(sign_in, closed, stage, statements):
    ada = sign_in(closed.ada)
    number = issued(ada)
    for address in ("/invoices", f"/invoices/{number}", "/expenses", "/invoices/settings", "/clients/1/billing"):
        with statements() as seen:
            assert ada.get(address).status_code == 200
        assert len(seen) <= 12, (address, seen)
    cora = sign_in(closed.cora)
    for address in ("/portal/invoices", f"/portal/invoices/{number}"):
        with statements() as seen:
            assert cora.get(address).status_code == 200
        assert len(seen) <= 12, (address, seen)
