"""What is asked when somebody changes how they sign in: the password of now, and what is new."""

from typing import Any

from wtforms import HiddenField

from crm.accounts.models import Account
from crm.core import inputs
from crm.core.forms import Form, Line, Parsed, Prose, Secret, Tick


def six_digits(text: str) -> str:
    """A code of an app; people type it in two halves."""
    typed = text.replace(" ", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        raise ValueError("Type the six digits that the app shows now, like 418 203")
    return typed


class ProvenForm(Form):
    """Asks for the password of now, where the account has one; without, they must have signed in lately."""

    password = Secret("Password now", str, ask="Write the password that you sign in with now")

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        if not account.password:
            del self.password


class AppForm(ProvenForm):
    """A new authenticator app: the secret that it was shown, and the first code that it made of it."""

    seed = HiddenField()
    code = Parsed(
        "Code that the app shows now", six_digits, ask="Type the six digits that the app shows now, like 418 203"
    )


class NameForm(Form):
    name = Line("Name", at_most=64, ask="Write a name that you will know it by, like “My phone”")


class PasskeyForm(ProvenForm):
    name = Line("Name", at_most=64, ask="Write a name that you will know it by, like “My phone”")


class AnswerForm(Form):
    """What the browser's window answered to our challenge."""

    state = HiddenField()
    credential = HiddenField()


class ProofForm(Form):
    """Who are you? By password or by a code of the app."""

    next = HiddenField()
    password = Secret("Password", str)
    code = Parsed("Or a code of your app", six_digits)


class ReasonForm(Form):
    reason = Prose("Why", at_most=500, ask="Write why, like “Lost her phone; called from the number we know”")


class SignInForm(Form):
    """How people of the practice and of clients sign in."""

    staff_second_factor = Tick("Everybody of the practice needs a second factor")
    mail_sign_in = Tick("People of clients may sign in by a link in a mail")


class LinkForm(Form):
    email = Parsed("E-mail address", inputs.mail, ask="Write your e-mail address, like name@company.example")
    next = HiddenField()
