"""Who issues the invoices of the stories."""

from crm.invoices.billing.models import Issuer


def larkmoor():
    """The practice with all that an invoice must say of it."""
    return Issuer(
        id=1, legal_name="Larkmoor Ltd", line1="1 Mill Lane", city="Leeds", tax_number="GB123456789",
        iban="GB33BUKB20201555555555",
    )  # fmt: skip
