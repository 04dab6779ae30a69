"""What is done with how the practice and its clients stand on invoices."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from crm.access.act import act
from crm.core.db import db
from crm.core.errors import Stale
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.invoices.billing.models import Billing, Issuer, OnInvoices

Answers = Mapping[str, Any]
ONLY_PARTNERS = OpenTo.PARTNERS


def revise_issuer(issuer: Issuer, said: Answers, *, changes: str, viewer: Viewer, press: Press) -> Issuer:
    with act(viewer, "issuer.revise", issuer, press=press, reason=changes, open_to=ONLY_PARTNERS):
        _address(issuer, said)
        issuer.holder, issuer.iban, issuer.bic = said["holder"], said["iban"], said["bic"]
        issuer.sort_code, issuer.account, issuer.footer = said["sort_code"], said["account"], said["footer"]
        issuer.prefix, issuer.yearly, issuer.sales_account = said["prefix"], said["yearly"], said["sales_account"]
        if issuer.id is None:
            issuer.id = 1
            _first(issuer, select(Issuer))
    return issuer


def revise_billing(billing: Billing, said: Answers, *, changes: str, viewer: Viewer, press: Press) -> Billing:
    with act(viewer, "billing.revise", billing, press=press, reason=changes, open_to=ONLY_PARTNERS):
        _address(billing, said)
        billing.purchase_order, billing.reference = said["purchase_order"], said["reference"]
        billing.file_format = said["file_format"]
        if billing.id is None:
            _first(billing, select(Billing).where(Billing.client_id == billing.client_id))
    return billing


def _first(one: Issuer | Billing, stands: Select[Any]) -> None:
    """Another partner may have said it first, at this very moment: then both are shown, and nobody overwrites unseen."""
    try:
        with db.session.begin_nested():
            db.session.add(one)
    except IntegrityError:
        raise Stale(db.session.scalars(stands).one()) from None


def _address(one: OnInvoices, said: Answers) -> None:
    one.legal_name, one.line1, one.line2, one.city = said["legal_name"], said["line1"], said["line2"], said["city"]
    one.postcode, one.country, one.email = said["postcode"], said["country"], said["email"]
    one.tax_number, one.company_number = said["tax_number"], said["company_number"]
    one.category, one.tax_rate, one.payment_days = said["category"], said["tax_rate"], said["payment_days"]
