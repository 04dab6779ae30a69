"""What is asked when access is given, the practice's data are changed, or somebody changes their own."""

from collections.abc import Mapping
from functools import partial

from wtforms.validators import ValidationError

from crm.accounts.models import Account
from crm.accounts.passwords import new_password
from crm.accounts.passwords import password as checked_password
from crm.core import inputs
from crm.core.forms import Choice, Form, Line, Parsed, Secret, Tick
from crm.core.viewer import Audience, Role
from crm.outbox.kinds import ALWAYS, MAY_CHOOSE, Kind, Pace, pace_of
from crm.practice import look
from crm.practice.models import Approval
from crm.timelog.timing import STEPS

CALLED = {Role.CONSULTANT: "Consultant", Role.PARTNER: "Partner", Role.ADMIN: "Admin: settings, no client content",
          Role.SPONSOR: "Sponsor: reads and signs off", Role.VIEWER: "Viewer: reads"}  # fmt: skip
APPROVALS = [
    (Approval.WARN.value, "May be locked; the checklist says so"),
    (Approval.REQUIRE.value, "Is not locked before it is approved"),
]
THEMES = [("light", "Light"), ("dark", "Dark")]
share = partial(inputs.whole, at_least=1, at_most=100)


def keep_clear_of(names: tuple[str, ...], field: Secret) -> None:
    """A password is not made of the account's own names."""
    try:
        checked_password(field.data, not_in=names)
    except ValueError as error:
        raise ValidationError(str(error)) from None


TIMER_STEPS = [(1, "To the minute"), *((step, f"To {step} minutes") for step in STEPS if step > 1)]


class PracticeForm(Form):
    """The practice's own data and the figures that its formulas take."""

    name = Line("Name", ask="Write the practice's name, like Larkmoor Advisers")
    town = Line("Town", at_most=100)
    accent = Parsed("Accent colour", look.colour)
    currency = Parsed("Currency", inputs.currency, ask="Write a currency's three letters, like GBP")
    zone = Parsed("Time zone", inputs.zone, ask="Write the name of a time zone, like Europe/London")
    region = Parsed("Public holidays of", inputs.region, ask="Write a region, like GB-ENG, IE or DE-BY")
    review_days = Parsed(
        "Working days a sponsor has to answer",
        partial(inputs.whole, at_least=1, at_most=60),
        ask="Write a number of days, like 10",
    )
    code_always = Tick("Ask for a code by mail before every answer from a mail")
    code_from_days = Parsed(
        "Or from so many days of estimate on",
        partial(inputs.whole, at_least=1, at_most=999),
        description="Left empty: only for what is confidential",
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
    timer_step = Choice("Round the time of a timer", TIMER_STEPS, kind=int, ask="Choose what it is rounded to")
    timer_up = Tick("Always round it up, not to the nearest")
    approval = Choice("A month with time that is not approved", APPROVALS, kind=Approval, ask="Choose what happens")


class InvitationForm(Form):
    """Whom to let in: what they sign in with, and as what. Their password is their own to choose."""

    role = Choice("Role", kind=Role, ask="Choose a role")
    email = Parsed("E-mail address", inputs.mail, ask="Write a mail address, like name@company.example")

    def offer(self, roles: tuple[Role, ...]) -> None:
        self.role.of((role.value, CALLED[role]) for role in roles)


class ColleagueForm(InvitationForm):
    """Somebody whom the practice does not know yet."""

    name = Line("Name", at_most=120, ask="Write their name, like Helen Ashdown")


class ViewerForm(Form):
    """A colleague whom a sponsor lets look in."""

    name = Parsed("Name", inputs.name, ask="Write their name, like Gwen Parry")
    email = Parsed("E-mail address", inputs.mail, ask="Write their e-mail address, like name@company.example")
    department_id = Choice("Department", kind=int, blank="No department")


class FirstPasswordForm(Form):
    """Chosen by the owner of a link, who has no other or has forgotten it."""

    password = Secret("New password", checked_password, ask="Write a password, like four words")

    def offer(self, account: Account) -> None:
        self.names = (account.name, account.email)

    def validate_password(self, field: Secret) -> None:
        keep_clear_of(self.names, field)


class AskForm(Form):
    """Where to send the way back."""

    email = Parsed("E-mail address", inputs.mail, ask="Write the e-mail address that you sign in with")


class AddressForm(Form):
    """One's own new address; the password says that it is oneself."""

    email = Parsed("New e-mail address", inputs.mail, ask="Write an e-mail address, like name@company.example")
    password = Secret(
        "The password that you sign in with", str, ask="Write the password that you sign in with", id="address-password"
    )


class RoleForm(Form):
    """One more thing that an account stands for."""

    role = Choice("Role", kind=Role, ask="Choose a role")

    def offer(self, roles: tuple[Role, ...]) -> None:
        self.role.of((role.value, CALLED[role]) for role in roles)


class NameForm(Form):
    name = Line("Name", ask="Write a name, like Ada Lark")
    email = Parsed("E-mail address", inputs.mail, ask="Write a mail address, like name@company.example")


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
    with_timer = Tick("A timer for my time")


class OwnPasswordForm(Form):
    password = Secret("Password now", str, ask="Write the password that you sign in with now")
    new_password = Secret("New password", checked_password, ask="Write a new password, like four words")

    def offer(self, account: Account) -> None:
        self.names = (account.name, account.email)

    def validate_new_password(self, field: Secret) -> None:
        keep_clear_of(self.names, field)


PACES = {Pace.AT_ONCE: "At once", Pace.DAILY: "Once a day", Pace.WEEKLY: "Once a week", Pace.NEVER: "Never"}
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOW_OFTEN = "Choose how often"


class OwnMailForm(Form):
    """How often mail of each kind comes. What always comes at once is not asked."""

    deliverable = Choice("Deliverables", ask=HOW_OFTEN)
    review = Choice("Reviews of areas", ask=HOW_OFTEN)
    comment = Choice("Comments", ask=HOW_OFTEN)
    mention = Choice("Mentions of you", ask=HOW_OFTEN)
    meeting = Choice("Meetings", ask=HOW_OFTEN)
    action = Choice("Actions and promises", ask=HOW_OFTEN)
    time = Choice("Time and leave", ask=HOW_OFTEN)
    other = Choice("Other news", ask=HOW_OFTEN)
    digest = Choice("What is due in the week", ask=HOW_OFTEN)
    weekly_on = Choice("The weekly letter comes on", list(enumerate(WEEK)), kind=int, ask="Choose a day")
    zone = Parsed("Your time zone", inputs.zone)

    def offer(self, audience: Audience, paces: Mapping[str, str] | None = None) -> None:
        """The choices of one side, as they stand where `paces` is given. Ours come on Mondays, whatever comes weekly."""
        if audience is Audience.CLIENT:
            del self.time, self.digest
        else:
            del self.weekly_on
        for kind in Kind:
            if kind.value in self and kind not in ALWAYS:
                field = self[kind.value]
                field.of((pace.value, PACES[pace]) for pace in MAY_CHOOSE[audience])
                if kind is Kind.DIGEST:
                    field.of([(Pace.WEEKLY.value, "On Mondays, if something is due"), (Pace.NEVER.value, "Never")])
                if paces is not None:
                    field.data = pace_of(kind, audience, paces).value

    @property
    def kinds(self) -> list[Choice]:
        return [field for field in self if field.name in set(Kind)]

    def paces(self) -> dict[str, str]:
        return {field.name: field.data for field in self.kinds}

    @property
    def chosen_day(self) -> int:
        return int(self.weekly_on.data) if "weekly_on" in self else 0
