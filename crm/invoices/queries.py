"""What pages ask about invoices and who is billed how."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload

from crm.clients.models import Client
from crm.closing.models import Statement
from crm.core.calendar import month_end
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.twelve import OF
from crm.engagements.models import Engagement
from crm.engagements.queries import engagements_named, named
from crm.engagements.states import LIVE, EngagementState, PriceKind
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.drafting import Worked
from crm.invoices.electronic import FileFormat
from crm.invoices.expenses.models import Expense, ExpenseState
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineKind
from crm.invoices.paper import TaxCategory, Unit
from crm.people.models import Period, PeriodState, Person
from crm.timelog.models import TimeEntry, TimeKind

STANDING_WORDS = {
    "draft": "Draft",
    "issued": "Issued",
    "part_paid": "Part paid",
    "late": "Late",
    "paid": "Paid",
    "voided": "Voided",
}


def the_issuer() -> Issuer:
    """The practice on its invoices; before anybody said how, with what is usual."""
    return db.session.get(Issuer, 1) or Issuer(
        id=None,
        country="GB",
        payment_days=30,
        category=TaxCategory.STANDARD,
        tax_rate=Decimal(20),
        yearly=True,
        sales_account="200",
        version=0,  # nobody said anything yet: whoever saves second is told
    )


def billing_of(client_id: int) -> Billing:
    """How a client is billed; before anybody said how, as the practice usually does."""
    return billings_of([client_id])[client_id]


def billings_of(client_ids: Collection[int]) -> dict[int, Billing]:
    """The same of several: two statements at most, beside the practice's own."""
    said = db.session.scalars(select(Billing).where(Billing.client_id.in_(client_ids)))
    found = {one.client_id: one for one in said}
    if missing := set(client_ids) - set(found):
        usual = the_issuer()
        for client in db.session.scalars(select(Client).where(Client.id.in_(missing))):
            found[client.id] = _as_usual(client, usual)
    return found


def _as_usual(client: Client, usual: Issuer) -> Billing:
    return Billing(
        client_id=client.id, legal_name=client.name, country=usual.country, category=usual.category, tax_rate=usual.tax_rate,
        payment_days=usual.payment_days, file_format=FileFormat.UBL, version=0, line1="", line2="", city="", postcode="", tax_number="",
        company_number="", email="", purchase_order="", reference="",
    )  # fmt: skip


def invoices() -> Select[Invoice]:
    return select(Invoice).options(joinedload(Invoice.client), joinedload(Invoice.engagement).lazyload("*"))


def one_invoice(invoice_id: int) -> Select[Invoice]:
    """With all that its page shows."""
    return (
        select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(
            joinedload(Invoice.client), joinedload(Invoice.engagement), selectinload(Invoice.lines).joinedload(InvoiceLine.receipt),
            selectinload(Invoice.payments), joinedload(Invoice.credits), joinedload(Invoice.credited_by),
        )
    )  # fmt: skip


PLAIN_WORDS = {
    "issued": "To be paid", "part_paid": "Paid in part", "late": "Past its day", "paid": "Paid", "voided": "Taken back",
}  # fmt: skip


def one_issued(invoice_id: int) -> Select[Invoice]:
    """As its client reads it."""
    return (
        select(Invoice)
        .where(Invoice.id == invoice_id, Invoice.state != InvoiceState.DRAFT)
        .options(
            joinedload(Invoice.client), joinedload(Invoice.engagement).lazyload("*"), selectinload(Invoice.lines).joinedload(InvoiceLine.receipt),
            selectinload(Invoice.payments), joinedload(Invoice.credits), joinedload(Invoice.credited_by),
        )
    )  # fmt: skip


def issued_invoices() -> Select[Invoice]:
    return invoices().where(Invoice.state != InvoiceState.DRAFT)


def issued_listing() -> Listing:
    """Of the company's own page: newest first, nothing to choose."""
    return Listing(
        sorts={"issued": (Invoice.issued_on, Invoice.number)}, key=Invoice.id, newest_first=True, per_page=25
    )


def invoices_listing(on: date) -> Listing:
    owed = and_(Invoice.state == InvoiceState.ISSUED, Invoice.kind == InvoiceKind.INVOICE)
    stands = {
        "draft": Invoice.state == InvoiceState.DRAFT,
        "open": owed,
        "late": and_(owed, Invoice.due_on < on),
        "part_paid": and_(owed, Invoice.paid > 0),
        "paid": Invoice.state == InvoiceState.PAID,
        "voided": Invoice.state == InvoiceState.VOIDED,
    }
    words = {"open": "Open"} | STANDING_WORDS
    return Listing(
        sorts={
            "issued": (func.coalesce(Invoice.issued_on, date.max), Invoice.number), "number": (func.coalesce(Invoice.number, ""),),
            "client": (func.lower(Client.name),), "due": (Invoice.due_on,), "total": (Invoice.total,),
        },
        key=Invoice.id,
        search=[Invoice.number, Client.name, Client.code, Invoice.purchase_order],
        filters=[
            Filter("state", "State", [(name, words[name]) for name in stands], lambda value: stands[value], blank="Any state"),
            Filter("kind", "Kind", [("invoice", "Invoices"), ("credit_note", "Credit notes")], lambda value: Invoice.kind == InvoiceKind(value), blank="Invoices and credit notes"),
            Filter("year", "Year", [(str(year), str(year)) for year in range(on.year, on.year - 6, -1)],
                   lambda value: Invoice.issued_on.between(date(int(value), 1, 1), date(int(value), 12, 31)), blank="Any year"),
        ],
        newest_first=True,
    )  # fmt: skip


def listed_invoices() -> Select[Invoice]:
    return invoices().join(Client, Client.id == Invoice.client_id)


@dataclass(frozen=True)
class Sums:
    """What all invoices come to that somebody sees."""

    drafts: int
    open: int
    owed: int
    late: int
    late_sum: int


def sums(on: date, *where: object) -> Sums:
    """How many drafts, and how many invoices are open and late with what is left to pay on them, in minor units; `where` narrows
    them. One statement."""
    owed = and_(Invoice.state == InvoiceState.ISSUED, Invoice.kind == InvoiceKind.INVOICE)
    late = and_(owed, Invoice.due_on < on)
    left = Invoice.total - Invoice.paid
    found = db.session.execute(
        select(
            func.count(case((Invoice.state == InvoiceState.DRAFT, 1))), func.count(case((owed, 1))),
            func.coalesce(func.sum(case((owed, left), else_=0)), 0), func.count(case((late, 1))),
            func.coalesce(func.sum(case((late, left), else_=0)), 0),
        ).where(true(), *where)  # type: ignore[arg-type]
    ).one()  # fmt: skip
    return Sums(*(int(one) for one in found))


def months_closed(at_most: int = 24) -> list[date]:
    """The months that are locked, newest first."""
    locked = select(Period.month).where(Period.state == PeriodState.LOCKED).order_by(Period.month.desc()).limit(at_most)
    return list(db.session.scalars(locked))


def the_period(month: date) -> Period | None:
    """A month that is locked."""
    return db.session.scalars(
        select(Period).where(Period.month == month, Period.state == PeriodState.LOCKED)
    ).one_or_none()


def engagements_in(month: date) -> Sequence[Engagement]:
    """Of which a closed month may be billed: they ran then or had begun, and were agreed."""
    asked = (
        select(Engagement)
        .where(Engagement.state.in_([*LIVE, EngagementState.CLOSED]), Engagement.starts <= month_end(month))
        .options(lazyload("*"), joinedload(Engagement.terms))
        .order_by(Engagement.number)
    )
    return db.session.scalars(asked).unique().all()


def worked_among(wanted: Mapping[int, Collection[date]]) -> dict[int, dict[date, list[Worked]]]:
    """Billable minutes of some months of some engagements, by person with the areas they went into, most first, what corrects
    another month apart: one statement."""
    months = {month for own in wanted.values() for month in own}
    if not months:
        return {}
    corrected = aliased(TimeEntry)
    year, number = extract("year", TimeEntry.worked_on), extract("month", TimeEntry.worked_on)
    whose = (
        TimeEntry.engagement_id,
        year,
        number,
        Person.id,
        extract("year", corrected.worked_on),
        extract("month", corrected.worked_on),
    )
    asked: Any = (
        select(*whose, Person.name, TimeEntry.area, func.sum(TimeEntry.minutes))
        .join(Person, Person.id == TimeEntry.person_id)
        .outerjoin(corrected, corrected.id == TimeEntry.adjusts_id)
        .where(
            TimeEntry.engagement_id.in_(wanted), TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None),
            TimeEntry.worked_on.between(min(months), month_end(max(months))),
        )
        .group_by(*whose, Person.name, TimeEntry.area)
    )  # fmt: skip
    people: dict[tuple[int, date], dict[Whose, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for engagement_id, in_year, in_month, person_id, of_year, of_month, name, *row in db.session.execute(asked):
        month = date(int(in_year), int(in_month), 1)
        corrects = date(int(of_year), int(of_month), 1) if of_year else date.min
        if month in wanted[engagement_id]:
            people[engagement_id, month][name, person_id, corrects].append(row)
    of: dict[int, dict[date, list[Worked]]] = defaultdict(dict)
    for (engagement_id, month), rows in people.items():
        of[engagement_id][month] = [_worked(whose, rows[whose]) for whose in sorted(rows)]
    return of


Whose = tuple[str, int, date]  # name and number of a person, and the month that is corrected; none: `date.min`


def _worked(whose: Whose, rows: Sequence[Any]) -> Worked:
    """One person out of their rows, one for each area, the largest first."""
    name, key, corrects = whose
    areas = sorted((-abs(int(minutes)), OF[area].short) for area, minutes in rows if area)
    minutes = sum(int(minutes) for _, minutes in rows)
    return Worked(key, name, minutes, tuple(short for _, short in areas), None if corrects == date.min else corrects)


def prices_paid(engagement_ids: Collection[int]) -> dict[tuple[int, date, int], int]:
    """What was charged for a day of somebody in a month, by engagement, month and person: where an invoice that stands says
    one price. One statement."""
    price: Any = func.min(InvoiceLine.price)
    asked = (
        _with_invoice(select(InvoiceLine.engagement_id, InvoiceLine.month, InvoiceLine.worked_by_id, price.label("price")))
        .where(
            InvoiceLine.engagement_id.in_(engagement_ids), InvoiceLine.kind == LineKind.TIME, InvoiceLine.unit == Unit.DAY,
            InvoiceLine.price > 0, Invoice.state != InvoiceState.DRAFT, _counts(),
        )
        .group_by(InvoiceLine.engagement_id, InvoiceLine.month, InvoiceLine.worked_by_id)
        .having(func.count(InvoiceLine.price.distinct()) == 1)
    )  # fmt: skip
    return {(row.engagement_id, row.month, row.worked_by_id): row.price for row in db.session.execute(asked)}


def _counts() -> ColumnElement[bool]:
    """A line that stands on a draft or on an invoice that was not voided."""
    return and_(Invoice.state != InvoiceState.VOIDED, Invoice.kind == InvoiceKind.INVOICE)


def _with_invoice(query: Select[Any]) -> Select[Any]:
    return query.join(Invoice, and_(Invoice.id == InvoiceLine.invoice_id, Invoice.client_id == InvoiceLine.client_id))


@dataclass(frozen=True)
class BilledBy:
    """Which invoice bills a month of an engagement, and whether it still stands."""

    number: str = ""  # none: there is only a draft
    invoice_id: int | None = None  # none: it has no row here
    is_voided: bool = False
    is_own: bool = True  # else it bills a later month, and closed this one with it
    draft_id: int | None = None  # where no invoice stands

    @property
    def is_open_again(self) -> bool:
        return self.is_own and self.is_voided


def billed_in(month: date, closed: Mapping[int, str]) -> dict[int, BilledBy]:
    """By engagement, what became of the invoice of a month; `closed` names the one that closed it, or none. One statement."""
    if not closed:
        return {}
    numbers = {one for one in closed.values() if one}
    of_days = (
        select(InvoiceLine.id)
        .where(InvoiceLine.invoice_id == Invoice.id, InvoiceLine.month == month, InvoiceLine.kind == LineKind.TIME)
        .correlate(Invoice)
    )
    own = or_(func.coalesce(Invoice.month == month, False), of_days.exists())
    asked = (
        select(Invoice.engagement_id, Invoice.id, Invoice.number, Invoice.state, own.label("own"))
        .where(Invoice.engagement_id.in_(closed), Invoice.kind == InvoiceKind.INVOICE, or_(own, Invoice.number.in_(numbers)))
        .order_by(Invoice.id)
    )  # fmt: skip
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(asked):
        rows[row.engagement_id].append(row)
    return {key: _billed_by(number, rows.get(key, ())) for key, number in closed.items() if number or key in rows}


def _billed_by(number: str, rows: Sequence[Any]) -> BilledBy:
    """The newest that stands, else the newest that was voided, else the one of a later month."""

    def newest(*states: InvoiceState, own: bool = True) -> Any:
        return next((one for one in reversed(rows) if one.state in states and bool(one.own) is own), None)

    given = (InvoiceState.ISSUED, InvoiceState.PAID)
    found = newest(*given) or newest(InvoiceState.VOIDED) or newest(*given, InvoiceState.VOIDED, own=False)
    draft = newest(InvoiceState.DRAFT)
    if found is None:
        return BilledBy(number, draft_id=draft.id if draft else None)
    return BilledBy(
        found.number, found.id, found.state is InvoiceState.VOIDED, bool(found.own), draft.id if draft else None
    )


def billed_of(engagement_ids: Collection[int]) -> dict[int, set[tuple[LineKind, date | None]]]:
    """What is billed already, by engagement: kind and month. One statement."""
    of_lines: Any = select(InvoiceLine.engagement_id, InvoiceLine.kind, InvoiceLine.month).distinct()
    asked = _with_invoice(of_lines)
    found: dict[int, set[tuple[LineKind, date | None]]] = defaultdict(set)
    for row in db.session.execute(asked.where(InvoiceLine.engagement_id.in_(engagement_ids), _counts())):
        found[row.engagement_id].add((row.kind, row.month))
    return found


def unbilled_days(engagement_ids: Collection[int]) -> dict[int, dict[date, Any]]:
    """The statements of closed months by the day whose days stand on no draft or invoice yet: id and minutes, by month.
    One statement."""
    billed = (
        _with_invoice(select(InvoiceLine.id))
        .where(
            InvoiceLine.engagement_id == Statement.engagement_id, InvoiceLine.month == Statement.month,
            InvoiceLine.kind == LineKind.TIME, _counts(),
        )
        .correlate(Statement)
    )  # fmt: skip
    asked = (
        select(Statement.engagement_id, Statement.month, Statement.id, Statement.minutes)
        .join(Period, and_(Period.month == Statement.month, Period.state == PeriodState.LOCKED))
        .where(
            Statement.engagement_id.in_(engagement_ids), Statement.replaced_at.is_(None),
            Statement.price_kind == PriceKind.DAY_RATE, ~billed.exists(),
        )
    )  # fmt: skip
    found: dict[int, dict[date, Any]] = defaultdict(dict)
    for row in db.session.execute(asked):
        found[row.engagement_id][row.month] = row
    return found


def statement_ids(engagement_id: int, months: Iterable[date]) -> dict[date, int]:
    """Which statement stands for each of these months of an engagement."""
    asked = select(Statement.month, Statement.id).where(
        Statement.engagement_id == engagement_id, Statement.month.in_(list(months)), Statement.replaced_at.is_(None)
    )
    return {row.month: row.id for row in db.session.execute(asked)}


def spent_of(engagement_ids: Collection[int], until: date) -> dict[int, list[Expense]]:
    """Approved, paid by the client, and on no invoice yet: by engagement, in one statement."""
    asked = (
        select(Expense)
        .where(
            Expense.engagement_id.in_(engagement_ids), Expense.state == ExpenseState.APPROVED, Expense.rebillable,
            Expense.billed_on_id.is_(None), Expense.spent_on <= until,
        )
        .order_by(Expense.spent_on, Expense.id)
        .options(lazyload("*"))
    )  # fmt: skip
    found: dict[int, list[Expense]] = defaultdict(list)
    for one in db.session.scalars(asked):
        found[one.engagement_id or 0].append(one)
    return found


def milestones_of(engagement_id: int) -> int:
    """How much of a fixed price is on invoices already."""
    asked = _with_invoice(select(func.coalesce(func.sum(InvoiceLine.net), 0))).where(
        InvoiceLine.engagement_id == engagement_id, InvoiceLine.kind == LineKind.MILESTONE, _counts()
    )
    return int(db.session.scalar(asked) or 0)


def lines_issued(first: date, last: date) -> Select[InvoiceLine]:
    """For the bookkeeping: every line of what was issued between two days, with its invoice and client."""
    return (
        select(InvoiceLine)
        .join(InvoiceLine.invoice)
        .where(Invoice.issued_on.between(first, last))
        .options(joinedload(InvoiceLine.invoice).joinedload(Invoice.client))
        .order_by(Invoice.number, InvoiceLine.position, InvoiceLine.id)
    )


def invoices_of_engagements(ids: Collection[int]) -> Select[Invoice]:
    return invoices().where(Invoice.engagement_id.in_(list(ids)))


def engagements_to_bill() -> list[tuple[int, str]]:
    """For whom a draft may be made."""
    found = engagements_named().where(Engagement.state.in_([*LIVE, EngagementState.CLOSED]))
    return [(row.id, named(row)) for row in db.session.execute(found)]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    return {
        row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    }
