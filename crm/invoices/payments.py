"""What came in for an invoice: recorded, withdrawn, and whether it is paid by it."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo, Visibility
from crm.core.viewer import Viewer
from crm.invoices.models import Invoice, Payment

ONLY_PARTNERS = OpenTo.PARTNERS


def record_payment(
    invoice: Invoice, *, paid_on: date, amount: int, reference: str, viewer: Viewer, press: Press
) -> Payment:
    payment = Payment(
        invoice_id=invoice.id, client_id=invoice.client_id, engagement_id=invoice.engagement_id, paid_on=paid_on, amount=amount,
        reference=reference, recorded_by_id=viewer.person_id, recorded_at=now(), visibility=Visibility.CLIENT,
    )  # fmt: skip
    set_committed_value(payment, "engagement", invoice.engagement)
    with act(viewer, "payment.record", payment, press=press, open_to=ONLY_PARTNERS):
        if amount <= 0:
            raise Refused("Write what came in, like 5040", "amount")
        if invoice.issued_on and paid_on < invoice.issued_on - timedelta(days=365):
            raise Refused("That is more than a year before the invoice: look at the day again.", "paid_on")
        keep_hold_of_invoice(invoice.id)
        db.session.add(payment)
        _settle(invoice)
    return payment


def keep_hold_of_invoice(invoice_id: int) -> None:
    db.session.scalar(select(Invoice.id).where(Invoice.id == invoice_id).with_for_update())


def _settle(invoice: Invoice) -> None:
    """From the payments themselves, so that two who record at once are both counted."""
    db.session.flush()
    counted = select(func.coalesce(func.sum(Payment.amount), 0), func.max(Payment.paid_on)).where(
        Payment.invoice_id == invoice.id, Payment.withdrawn_at.is_(None)
    )
    paid, last = db.session.execute(counted).one()
    invoice.settle(int(paid), last)


def withdraw_payment(payment: Payment, invoice: Invoice, *, viewer: Viewer, press: Press) -> Payment:
    with act(viewer, "payment.withdraw", payment, press=press, open_to=ONLY_PARTNERS):
        keep_hold_of_invoice(invoice.id)
        payment.withdraw(now())
        _settle(invoice)
    return payment
