"""What is asked when access is given, the practice's data are changed, or somebody changes their own."""

from functools import partial

from wtforms.validators import ValidationError

from crm.accounts.models import Account
from crm.accounts.passwords import new_password
from crm.accounts.passwords import password as checked_password
from crm.core import inputs
from crm.core.forms import Choice, Form, Line, Parsed, Secret, Tick
from crm.core.viewer import Role

CALLED = {Role.CONSULTANT: "Consultant", Role.PARTNER: "Partner", Role.ADMIN: "Admin: settings, no client content",
          Role.SPONSOR: "Sponsor: reads and signs off", Role.VIEWER: "Viewer: reads"}  # fmt: skip
THEMES = [("light", "Light"), ("dark", "Dark")]
share = partial(inputs.whole, at_least=1, at_most=100)


def keep_clear_of(names: tuple[str, ...], field: Secret) -> None:
    """A password is not made of the account's own names."""
    try:
        checked_password(field.data, not_in=names)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class PracticeForm(Form):
    """The practice's own data and the figures that its formulas take."""

    name = Line("Name", ask="Write the practice's name, like Larkmoor Advisers")
    town = Line("Town", at_most=100)
    currency = Parsed("Currency", inputs.currency, ask="Write a currency's three letters, like GBP")
    zone = Parsed("Time zone", inputs.zone, ask="Write the name of a time zone, like Europe/London")
    region = Parsed("Public holidays of", inputs.region, ask="Write a region, like GB-ENG, IE or DE-BY")
    review_days = Parsed(
        "Working days a sponsor has to answer",
        partial(inputs.whole, at_least=1, at_most=60),
        ask="Write a number of days, like 10",
    )
    override_days = Parsed(
        "Days an override of a rating may last",
        partial(inputs.whole, at_least=1, at_most=366),
        ask="Write a number of days, like 92",
    )
    consultant_share = Parsed("Share of a consultant’s time meant for clients", share, ask="Write a per cent, like 80")
    partner_share = Parsed("Share of a partner’s time meant for clients", share, ask="Write a per cent, like 40")
    consultant_target = Parsed("Utilisation aimed at by consultants", share, ask="Write a per cent, like 70")
    partner_target = Parsed("Utilisation aimed at by partners", share, ask="Write a per cent, like 40")


class AccountForm(Form):
    """Keys for somebody: what they sign in with, and as what."""

    role = Choice("Role", kind=Role, ask="Choose a role")
    email = Parsed("Mail address", inputs.mail, ask="Write a mail address, like name@company.example")
    password = Secret("First password", checked_password, ask="Write a first password, like four words")

    def offer(self, roles: tuple[Role, ...]) -> None:
        self.role.of((role.value, CALLED[role]) for role in roles)
        self.password.offered = new_password()

    def validate_password(self, field: Secret) -> None:
        keep_clear_of((self.email.data or "",), field)


class RoleForm(Form):
    """One more thing that an account stands for."""

    role = Choice("Role", kind=Role, ask="Choose a role")

    def offer(self, roles: tuple[Role, ...]) -> None:
        self.role.of((role.value, CALLED[role]) for role in roles)


class NameForm(Form):
    name = Line("Name", ask="Write a name, like Ada Lark")
    email = Parsed("Mail address", inputs.mail, ask="Write a mail address, like name@company.example")


class PasswordForm(Form):
    """An admin sets the password of somebody who cannot get in."""

    password = Secret("New password", checked_password, ask="Write a new password, like four words")

    def offer(self, account: Account) -> None:
        self.names = (account.name, account.email)
        self.password.offered = new_password()

    def validate_password(self, field: Secret) -> None:
        keep_clear_of(self.names, field)


class OwnForm(Form):
    """What one may choose about one's own account."""

    name = Line("Name", ask="Write your name, like Ada Lark")
    theme = Choice("Colours", THEMES, blank="As my device")
    single_keys = Tick("Shortcuts of a single letter")


class OwnPasswordForm(Form):
    password = Secret("Password now", str, ask="Write the password that you sign in with now")
    new_password = Secret("New password", checked_password, ask="Write a new password, like four words")

    def offer(self, account: Account) -> None:
        self.names = (account.name, account.email)

    def validate_new_password(self, field: Secret) -> None:
        keep_clear_of(self.names, field)
