"""Money of the demo: who is billed how, what was spent, invoices by the book, and what came in for them."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pypdfium2 import PdfDocument
from sqlalchemy import select
from sqlalchemy.orm import defer

from crm.closing.models import Statement
from crm.core.calendar import month_after, month_end, month_of
from crm.core.db import db
from crm.core.ownership import OpenTo, Visibility
from crm.core.pdf import pdf_of
from crm.core.words import day as full_day
from crm.core.words import money
from crm.demo.scene import Scene
from crm.engagements.models import Engagement, Terms
from crm.engagements.states import EngagementState, PriceKind
from crm.files.kinds import FileKind
from crm.files.models import StoredFile
from crm.files.store import place_of, store
from crm.invoices.basis import fee_in
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.drafting import Proposed, expense_line, fee_line, milestone_line, overage_line
from crm.invoices.expenses.models import Expense, ExpenseCategory, ExpenseState
from crm.invoices.models import Invoice, InvoiceLine, InvoiceState, LineKind, Payment
from crm.invoices.paper import TaxCategory, Unit, kept
from crm.retainers.formulas import grant_of, is_wholly_paused
from crm.retainers.queries import Fee, books_of, fees_of

TAX = Decimal(20)
TOLD = timedelta(days=60)  # of what was issued since, the trail tells
LATE = 62  # days: the one that nobody paid, which forces the health of its engagement to red
INVOICED = {"E06": "BOM-1"}  # up to which month, where that is not the month before last
TRIPS = (  # engagement, who, days ago, category, pounds, tax, what, state
    ("E02", "dev", 52, ExpenseCategory.TRAVEL, 86, 0, "Train to Burnham and back", ExpenseState.APPROVED),
    ("E02", "amara", 38, ExpenseCategory.LODGING, 132, 22, "One night before the board day", ExpenseState.APPROVED),
    ("E01", "ruth", 33, ExpenseCategory.TRAVEL, 41, 0, "Parking and mileage, two visits", ExpenseState.APPROVED),
    ("E05", "ingrid", 30, ExpenseCategory.EVENT, 180, 30, "Room for the recovery exercise", ExpenseState.APPROVED),
    ("E01", "tomasz", 9, ExpenseCategory.TRAVEL, 38, 0, "Train to Church Stretton", ExpenseState.WAITING),
    ("E02", "callum", 6, ExpenseCategory.SOFTWARE, 96, 16, "Diagram tool for the network map", ExpenseState.WAITING),
    ("E02", "dev", 4, ExpenseCategory.MEALS, 64, 0, "Supper with the trustees", ExpenseState.REFUSED),
)


@dataclass(frozen=True)
class Due:
    """An invoice to be, before it has a number."""

    on: date
    engagement: Engagement
    lines: tuple[Proposed, ...]
    month: date | None = None  # the closed month that it bills
    statement_id: int = 0  # what it was reckoned from
    is_late: bool = False
    note: str = ""


def invoice(scene: Scene) -> None:
    issuer = _issuer()
    billing = _billing(scene)
    spent = list(_spend(scene))
    dues = sorted(_dues(scene), key=lambda one: (one.on, one.engagement.number))
    sequence, year = 0, 0
    for due in dues:
        sequence, year = (sequence + 1, year) if due.on.year == year else (1, due.on.year)
        _issue(scene, due, issuer.number_of(year, sequence), issuer, billing[due.engagement.client_id])
    issuer.number_year, issuer.number_last = year, sequence
    _draft(scene, spent, billing)
    db.session.flush()


def _issuer() -> Issuer:
    issuer = Issuer(
        id=1, legal_name="Larkmoor CIO Partners Ltd", line1="4 Abbey Yard", city="Shrewsbury", postcode="SY2 6AQ", country="GB", tax_number="GB999000111",
        company_number="09990001", email="accounts@larkmoor.example", holder="Larkmoor CIO Partners Ltd", iban="GB33BUKB20201555555555",
        bic="BUKBGB22", sort_code="20-20-15", account="55555555", footer="Questions about this invoice: accounts@larkmoor.example",
    )  # fmt: skip
    db.session.add(issuer)
    return issuer


def _billing(scene: Scene) -> dict[int, Billing]:
    found = {}
    for n, client in enumerate(scene.clients.values(), 1):
        found[client.id] = Billing(
            client_id=client.id, legal_name=client.name, line1=f"{3 * n} Market Street", city=client.town or "Shrewsbury",
            postcode=f"SY{n} {n}AA", country="GB", tax_number=f"GB{888000100 + n}", email=f"accounts@{client.code.lower()}.example",
            purchase_order=f"PO-{4100 + n}" if n % 3 == 0 else "",
        )  # fmt: skip
    db.session.add_all(found.values())
    return found


# What was spent


def _spend(scene: Scene) -> Iterator[Expense]:
    almanac, helen = scene.almanac, scene.people["helen"]
    for key, who, ago, category, pounds, tax, what, state in TRIPS:
        engagement, person, on = scene.engagements[key], scene.people[who], almanac.ago(ago)
        expense = Expense(
            person_id=person.id, client_id=engagement.client_id, engagement_id=engagement.id, spent_on=on, category=category,
            amount=pounds * 100, tax=tax * 100, note=what, rebillable=state is not ExpenseState.REFUSED, state=state, made_at=almanac.at(on, 18),
        )  # fmt: skip
        if state is not ExpenseState.WAITING:
            expense.decided_by_id, expense.decided_at = helen.id, almanac.at(min(on + timedelta(2), almanac.today), 9)
        if state is ExpenseState.REFUSED:
            expense.remark = "Agreed with the trustees: each pays their own"
        if tax:
            expense.receipt_id = _receipt(engagement, expense, person.id).id
        db.session.add(expense)
        db.session.flush()
        scene.tell(expense.made_at, "expense.add", expense, person, after=ExpenseState.WAITING.value)
        yield expense


def _receipt(engagement: Engagement, expense: Expense, by: int) -> StoredFile:
    said = {"head": "Receipt", "lines": [expense.note, money(expense.amount, "GBP"), full_day(expense.spent_on)]}
    body = pdf_of("paper", {"title": "Receipt", "client": "Larkmoor", "number": 1, "parts": [said]})
    digest = hashlib.sha256(body).hexdigest()
    key = hashlib.sha256(f"receipt {expense.note}".encode()).hexdigest()[:40]
    store().put(place_of(key), io.BytesIO(body))
    file = StoredFile(
        name=f"receipt-{expense.spent_on:%Y-%m-%d}.pdf", kind=FileKind.PDF, size=len(body), digest=digest, source_digest=digest, key=key,
        pages=len(PdfDocument(body)), client_id=engagement.client_id, engagement_id=engagement.id, added_by_id=by, added_at=expense.made_at,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    return file


# What is invoiced (the book: the fee on the first, a fixed price half at the start and half at the end)


def _dues(scene: Scene) -> Iterator[Due]:
    almanac, today = scene.almanac, scene.almanac.today
    engagements = {
        one.id: one for one in scene.engagements.values() if one.state not in {EngagementState.DRAFT, EngagementState.CANCELLED}
    }  # fmt: skip
    books, fees, until = books_of(engagements, today), fees_of(engagements), closed_until(scene)
    beyond = list(_beyond(engagements, fees))
    closed_by = {(one.engagement.id, one.month) for one in beyond}
    for key, book in books.items():
        month = month_of(book.span.starts)
        while month <= min(month_of(today), month_of(book.span.ends)):
            fee, agreed = fee_in(fees.get(key, ()), month), book.agreed(month)
            line = fee and fee_line(
                month, fee.monthly, granted=grant_of(month, agreed, book.span), agreed=agreed.days, paused=is_wholly_paused(month, book.span)
            )  # fmt: skip
            if line:
                closes = month <= until[key] and (key, month) not in closed_by
                yield Due(max(month, book.span.starts), engagements[key], (line,), month if closes else None)
            month = month_after(month)
    yield from beyond
    for terms in _terms(engagements):
        one = engagements[terms.engagement_id]
        if terms.price_kind is PriceKind.FIXED_PRICE and terms.amount:
            for on, what in ((one.starts, "at the start"), (one.ends, "at the end")):
                if on <= today:
                    yield Due(on, one, (milestone_line(terms.amount, Decimal(50), what),))
    north = scene.engagements["E05"]
    extra = Proposed(
        LineKind.OTHER, "Two days on the incident, agreed by phone", Decimal(2), Unit.DAY, 105_000, almanac.day("BOM-2")
    )
    yield Due(
        almanac.ago(LATE + 30), north, (extra,), is_late=True, note="As agreed with you on the day of the incident."
    )


def closed_until(scene: Scene) -> dict[int, date]:
    """The last month of each engagement that is invoiced for good (the book: up to the month before last)."""
    return {one.id: scene.almanac.day(INVOICED.get(key, "BOM-2")) for key, one in scene.engagements.items()}


def _beyond(engagements: dict[int, Engagement], fees: Mapping[int, Sequence[Fee]]) -> Iterator[Due]:
    """Days beyond the retainer that the sponsor agreed to, the day after the lock."""
    for one in db.session.scalars(select(Statement).where(Statement.billed > 0).options(defer(Statement.lines))):
        fee = fee_in(fees.get(one.engagement_id, ()), one.month)
        line = overage_line(one.month, one.billed or Decimal(0), fee.overage_rate if fee else 0)
        if line:
            issued_on = one.frozen_at.date() + timedelta(1)
            yield Due(issued_on, engagements[one.engagement_id], (line,), one.month, one.id)


def _terms(engagements: dict[int, Engagement]) -> Sequence[Terms]:
    return db.session.scalars(select(Terms).where(Terms.engagement_id.in_(engagements)).order_by(Terms.id)).all()


def _row(due: Due, billing: Billing, made: Any) -> Invoice:
    row = Invoice(
        client_id=due.engagement.client_id, engagement_id=due.engagement.id, made_at=made, payment_days=30, purchase_order=billing.purchase_order,
        note=due.note, currency="GBP", state=InvoiceState.DRAFT, month=due.month,
    )  # fmt: skip
    if due.month:
        row.rest_on({due.month: due.statement_id})
    return row


def _lines(row: Invoice, lines: Sequence[Proposed]) -> list[InvoiceLine]:
    made = []
    for n, one in enumerate(lines, 1):
        line = InvoiceLine(
            client_id=row.client_id, engagement_id=row.engagement_id, position=n, kind=one.kind, month=one.month, worked_by_id=one.worked_by_id,
            expense_id=one.expense_id, receipt_id=one.receipt_id,
        )  # fmt: skip
        line.say(
            text=one.text,
            quantity=one.quantity,
            unit=one.unit,
            price=one.price,
            category=TaxCategory.STANDARD,
            tax_rate=TAX,
        )
        made.append(line)
    row.reckon(made)
    db.session.add(row)
    db.session.flush()
    for line in made:
        line.invoice_id = row.id
    db.session.add_all(made)
    return made


def _issue(scene: Scene, due: Due, number: str, issuer: Issuer, billing: Billing) -> None:
    almanac, helen = scene.almanac, scene.people["helen"]
    row = _row(due, billing, almanac.at(due.on, 9))
    for line in _lines(row, due.lines):
        line.visibility, line.month = Visibility.CLIENT, line.month or month_of(due.on)
    db.session.flush()  # lines of what is issued never change
    row.issue(
        number,
        due.on,
        seller=kept(issuer.party) | {"footer": issuer.footer},
        buyer=kept(billing.party),
        bank=kept(issuer.bank),
    )
    if due.on > almanac.today - TOLD:
        scene.tell(
            almanac.at(due.on, 9, 30),
            "invoice.issue",
            row,
            helen,
            before="draft",
            after="issued",
            open_to=OpenTo.PARTNERS,
        )
    paid_on = due.on + timedelta(days=almanac.dice(f"paid {number}").randint(20, 33))
    if not due.is_late and paid_on <= almanac.today:
        db.session.add(
            Payment(
                client_id=row.client_id, engagement_id=row.engagement_id, invoice_id=row.id, paid_on=paid_on, amount=row.total, reference=number,
                recorded_by_id=helen.id, recorded_at=almanac.at(paid_on, 10), visibility=Visibility.CLIENT,
            )
        )  # fmt: skip
        row.settle(row.total, paid_on)


def _draft(scene: Scene, spent: Sequence[Expense], billing: dict[int, Billing]) -> None:
    """What was spent for Saltmarsh waits to be issued."""
    engagement, almanac = scene.engagements["E02"], scene.almanac
    own = [one for one in spent if one.engagement_id == engagement.id and one.state is ExpenseState.APPROVED]
    last = month_end(almanac.day("BOM-1"))
    lines = tuple(expense_line(one, takes_tax_back=True) for one in own if one.spent_on <= last)
    if lines:
        due = Due(almanac.today, engagement, lines, almanac.day("BOM-1"))
        row = _row(due, billing[engagement.client_id], almanac.at(almanac.ago(1), 16))
        _lines(row, lines)
        for one in own:
            if one.spent_on <= last:
                one.billed_on_id = row.id
