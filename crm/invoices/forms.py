"""Forms of billing, expenses, drafts and payments."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from wtforms.validators import ValidationError

from crm.core import inputs
from crm.core.clock import today
from crm.core.errors import Refused
from crm.core.forms import Choice, Chosen, Day, Form, Line, Parsed, Prose, Sum, Tick, plain_sum
from crm.core.words import amount
from crm.files.forms import HINT, Files
from crm.invoices.billing.models import check_tax
from crm.invoices.electronic import FORMAT_WORDS, FileFormat
from crm.invoices.expenses.models import EXPENSE_WORDS, ExpenseCategory
from crm.invoices.paper import CATEGORY_WORDS, TaxCategory, Unit
from crm.timelog.approval.forms import seen_entries

COUNTRIES = "Two letters, like GB, IE or DE"
IBAN = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def country(value: str) -> str:
    text = value.strip().upper()
    if not re.fullmatch("[A-Z]{2}", text):
        raise ValueError("Write the two letters of a country, like GB, IE or DE")
    return text


def tax_number(value: str) -> str:
    """A tax number with its country before it, without blanks: GB123456789."""
    text = re.sub(r"[\s.\-]", "", value).upper()
    if not re.fullmatch("[A-Z]{2}[A-Z0-9+*]{2,13}", text):
        raise ValueError("Write the tax number with its country, like GB123456789")
    return text


def iban(value: str) -> str:
    """An account, by its own check figures (ISO 13616)."""
    text = re.sub(r"\s", "", value).upper()
    if IBAN.fullmatch(text):
        turned = text[4:] + text[:4]
        if int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1:
            return text
    raise ValueError("Write the IBAN as it stands on a statement, like GB33 BUKB 2020 1555 5555 55")


def bic(value: str) -> str:
    text = value.strip().upper()
    if not re.fullmatch("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", text):
        raise ValueError("Write the BIC of 8 or 11 letters and figures, like BUKBGB22")
    return text


def sort_code(value: str) -> str:
    figures = re.sub(r"[\s\-]", "", value)
    if not re.fullmatch("[0-9]{6}", figures):
        raise ValueError("Write the six figures of the sort code, like 20-20-15")
    return f"{figures[:2]}-{figures[2:4]}-{figures[4:]}"


def account_number(value: str) -> str:
    figures = re.sub(r"\s", "", value)
    if not re.fullmatch("[0-9]{6,10}", figures):
        raise ValueError("Write the figures of the account, like 55555555")
    return figures


def percent(value: str) -> Decimal:
    return inputs.figure(value, at_least=0, at_most=100)


def prefix(value: str) -> str:
    text = value.strip().upper()
    if not re.fullmatch("[A-Z0-9][A-Z0-9-]{0,10}", text):
        raise ValueError("Write letters, figures and hyphens, at most 11, like LM-")
    return text


class PartyForm(Form):
    """Name and address, as the law wants them."""

    legal_name = Line("Legal name", at_most=200, description="As it stands in the register of companies")
    line1 = Line("Street", at_most=200)
    line2 = Line("Second line of the address", at_most=200)
    city = Line("Town", at_most=200)
    postcode = Line("Postcode", at_most=20)
    country = Parsed("Country", country, description=COUNTRIES, ask="Write the country, like GB")
    tax_number = Parsed("VAT number", tax_number, default="", description="With its country, like GB123456789")
    company_number = Line("Company number", at_most=30)
    email = Parsed(
        "E-mail for invoices", inputs.mail, default="",
        description="For the invoice and its files. No mail is sent to it: sponsors are written to",
    )  # fmt: skip
    category = Choice(
        "How it is taxed",
        [(one.value, CATEGORY_WORDS[one]) for one in TaxCategory],
        kind=TaxCategory,
        ask="Choose how it is taxed",
    )
    tax_rate = Parsed(
        "Rate",
        percent,
        ask="Write the rate in per cent, like 20, or 0",
        description="Per cent",
        show=amount,
    )
    payment_days = Parsed("Days to pay", partial(inputs.whole, at_most=365), ask="Write the days, like 30")

    def validate_tax_rate(self, field: Parsed) -> None:
        if field.data is not None and self.category.data in set(TaxCategory):
            try:
                check_tax(TaxCategory(self.category.data), field.data)
            except Refused as error:
                raise ValidationError(str(error)) from None

    def said(self) -> dict[str, object]:
        """The answers; what is empty is an empty text."""
        return {name: "" if value is None else value for name, value in self.fields().items()}


class BillingForm(PartyForm):
    """How one client is invoiced."""

    purchase_order = Line("Purchase order number", at_most=60, description="Stands on every new draft")
    reference = Line("Their reference", at_most=60, description="A cost centre or a name that they ask for")
    file_format = Choice(
        "Electronic file",
        [(one.value, FORMAT_WORDS[one]) for one in (FileFormat.UBL, FileFormat.CII)],
        kind=FileFormat,
        ask="Choose a format",
    )

    def validate_tax_number(self, field: Parsed) -> None:
        if self.category.data == TaxCategory.REVERSE.value and not field.data:
            raise ValidationError("With a reverse charge their VAT number must stand on the invoice, like DE123456789")


class IssuerForm(PartyForm):
    """The practice on its invoices."""

    holder = Line("Account holder", at_most=200)
    iban = Parsed("IBAN", iban, default="")
    bic = Parsed("BIC", bic, default="")
    sort_code = Parsed("Sort code", sort_code, default="")
    account = Parsed("Account number", account_number, default="")
    prefix = Parsed("Before each number", prefix, default="", description="Like LM-; may be empty")
    yearly = Tick("The year stands in the number, which begins anew with it")
    sales_account = Line("Sales account of the bookkeeping", at_most=20, description="For the files for Xero, like 200")
    footer = Line("Below every invoice", at_most=500)


class ExpenseForm(Form):
    """What somebody paid."""

    engagement_id = Choice("Engagement", kind=int, ask="Choose the engagement that it was for")
    spent_on = Day("Paid on", ask="Choose the day")
    amount = Sum("Amount paid", ask="Write what was paid, like 45.50", description="With tax")
    tax = Sum("Tax in it", description="What we get back. Empty: none")
    category = Choice("What for", EXPENSE_WORDS.items(), kind=ExpenseCategory, ask="Choose what it was for")
    note = Line("Note", at_most=300, description="Stands on the invoice, like Train to Leeds and back")
    rebillable = Tick("The client pays it", description="At cost, on the next invoice")
    uploads = Files("Receipt", description=HINT, several=False)

    def offer(self, engagements: Iterable[tuple[int, str]]) -> None:
        self.engagement_id.of(engagements)

    def said(self) -> dict[str, object]:
        fields = self.fields()
        fields.pop("uploads")
        fields.pop("engagement_id")
        return {**fields, "tax": fields["tax"] or 0}


class RefusalForm(Form):
    remark = Line("Why", at_most=300, ask="Say why, so that it can be put right")


class DraftForm(Form):
    """Of which engagement, for which closed month."""

    engagement_id = Choice("Engagement", kind=int, ask="Choose an engagement")
    month = Parsed(
        "Closed month",
        inputs.month,
        description="Like 2026-10. Empty: a draft without lines",
        show=lambda value: f"{value:%Y-%m}",
    )

    def validate_month(self, field: Parsed) -> None:
        if field.data and field.data >= today().replace(day=1):
            raise ValidationError("That month is not over yet")


class MonthForm(Form):
    month = Parsed("Month", inputs.month, ask="Write a month like 2026-10", show=lambda value: f"{value:%Y-%m}")


MOST_TOGETHER = 50  # drafts that are issued at one press


class TogetherForm(Form):
    """The drafts that are issued together, each as it stood on the page."""

    invoice = Chosen("Drafts", kind=int, ask="Tick the drafts that you issue")
    seen = Parsed("What was on the page", partial(seen_entries, at_most=MOST_TOGETHER), ask="There is nothing to issue")


class HeadForm(Form):
    """What stands above the lines."""

    payment_days = Parsed("Days to pay", partial(inputs.whole, at_most=365), ask="Write the days, like 30")
    purchase_order = Line("Purchase order number", at_most=60)
    reference = Line("Their reference", at_most=60)
    note = Line("A sentence for the client", at_most=500)


class LineForm(Form):
    """One line of a draft."""

    text = Line("What", at_most=300, ask="Say what it is for")
    quantity = Parsed(
        "How many",
        partial(inputs.figure, at_least=0, at_most=99_999),
        ask="Write how many, like 1 or 2.5",
        show=amount,
    )
    unit = Choice("Of what", [(one.value, one.value.capitalize()) for one in Unit], kind=Unit, ask="Choose a unit")
    price = Parsed(
        "Price of one",
        inputs.money_or_less,
        ask="Write the price, like 1100, or -1100 where it takes off",
        show=plain_sum,
    )
    category = Choice(
        "Tax", [(one.value, CATEGORY_WORDS[one]) for one in TaxCategory], kind=TaxCategory, ask="Choose how it is taxed"
    )
    tax_rate = Parsed("Rate", percent, ask="Write the rate in per cent, like 20, or 0", show=amount)


class MilestoneForm(Form):
    percent = Parsed(
        "Per cent of the price", partial(inputs.figure, at_least=0, at_most=100), ask="Write the part, like 30"
    )
    what = Line("What was reached", at_most=200, description="Like: on signing, on acceptance of the roadmap")


class VoidForm(Form):
    reason = Prose("Why", at_most=500, ask="Say why it is voided; partners read it")


class PaymentForm(Form):
    paid_on = Day("Received on", ask="Choose the day")
    amount = Sum("Amount", ask="Write what came in, like 5040")
    reference = Line("Reference", at_most=100)

    def validate_paid_on(self, field: Day) -> None:
        found: date | None = field.data
        if found and found > today():
            raise ValidationError("That day is still to come")
