"""flask --app crm user ..."""

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from crm.accounts.passwords import new_password
from crm.accounts.passwords import password as checked_password
from crm.accounts.security import hash_password
from crm.clients.models import Client, Contact
from crm.commands.database import bring_up_to_date, the_practice
from crm.core import inputs
from crm.core.db import db, reading, transaction
from crm.core.errors import Refused
from crm.core.viewer import SYSTEM, Role, viewing_as
from crm.figures import ContactName, contacts_by_name
from crm.people.models import Person, PersonKind
from crm.settings.keys.operations import reset_factors
from crm.settings.keys.queries import with_keys
from crm.settings.operations import Hat, add_account, begin_practice, give
from crm.settings.queries import OF_A_CLIENT, OF_THE_PRACTICE, account_by_mail

ROLES = [role.value for role in (*OF_THE_PRACTICE, *OF_A_CLIENT)]

user = click.Group("user", help="Accounts: who may sign in.")


@user.command("create")
@click.option("--email", prompt="Mail address", help="What they sign in with.")
@click.option(
    "--role", prompt=True, type=click.Choice(ROLES), help="What they are: three of the practice, two of a client."
)
@click.option("--name", help="Their name. Needed for somebody who is not in the practice yet.")
@click.option("--client", "code", help="For a sponsor or viewer: the code of their client, such as BRK.")
@click.option("--practice", "practice_name", help="The name of the practice, when this is its first account.")
@click.option("--password", help="Others on this machine may see it: leave it out to be asked.")
@click.option("--generate", is_flag=True, help="Make a password and print it.")
@with_appcontext
def create(
    *,
    email: str,
    role: str,
    name: str | None,
    code: str | None,
    practice_name: str | None,
    password: str | None,
    generate: bool,
) -> None:
    """Make an account, for somebody of the practice or for a contact of a client.

    \b
    flask --app crm user create --email ada@larkmoor.example --name "Ada Lark" --role admin
    flask --app crm user create --email cora@northwind.example --role sponsor --client NORTH

    Somebody of the practice who is not known yet is added to its people. A contact must stand with their client
    already, with this mail address. An account that exists is given the role as one more. Without --password and
    --generate you are asked; where nobody can be asked, a password is made and printed.
    """
    address, wanted = inputs.mail(email), Role(role)
    bring_up_to_date()
    ensure_practice(practice_name)
    with viewing_as(SYSTEM, via="command"), reading():
        known = account_by_mail(SYSTEM, address)
        hat_of(wanted, address, name, code)  # what is missing is said before a password is asked for
    typed, is_made = ("", False) if known else chosen_password(password, generate, names=(address, name or ""))
    hashed = hash_password(typed) if typed else ""
    with viewing_as(SYSTEM, via="command"), transaction():
        hat = hat_of(wanted, address, name, code)
        db.session.flush()
        account = account_by_mail(SYSTEM, address)
        if account:
            give(account, viewer=SYSTEM, hat=hat)
        else:
            add_account(viewer=SYSTEM, hat=hat, email=address, hashed=hashed, name=name or "")
        said = str(hat)
    click.echo(f"{said}. {address} {'keeps its password' if known else 'may sign in'}.")
    if is_made:
        click.echo(f"Password: {typed}")


@user.command("reset-factors")
@click.option("--email", required=True, help="Whose app, passkeys and recovery codes are lost.")
@click.option("--reason", required=True, help="Why; kept in the history of the account.")
@with_appcontext
def reset(*, email: str, reason: str) -> None:
    """Remove somebody's second factor: for the last admin, whom no other one can help.

    Their password alone opens the account until they set up a new one. Every session ends, and a mail tells them.
    """
    with viewing_as(SYSTEM, via="command"):
        found = account_by_mail(SYSTEM, inputs.mail(email))
        account = with_keys(SYSTEM, found.id) if found else None
        if account is None:
            raise click.UsageError(f"Nobody signs in with {email}.")
        try:
            reset_factors(account, viewer=SYSTEM, reason=inputs.prose(reason, at_most=500))
        except Refused as refused:
            raise click.UsageError(str(refused)) from None
    click.echo(f"{email} signs in with the password alone, until a new second factor is set up.")


def ensure_practice(name: str | None) -> None:
    """The first account of an installation names the practice."""
    if the_practice():
        return
    if name is None and not sys.stdin.isatty():
        raise click.UsageError("There is no practice yet: say its name with --practice.")
    said = inputs.line(name if name is not None else click.prompt("Name of the practice"))
    if not said:
        raise click.UsageError("The practice needs a name.")
    with viewing_as(SYSTEM, via="command"):
        begin_practice(viewer=SYSTEM, name=said)


def hat_of(role: Role, address: str, name: str | None, code: str | None) -> Hat:
    return Hat(role, a_contact(address, code) if role in OF_A_CLIENT else somebody_of_ours(role, address, name, code))


def somebody_of_ours(role: Role, address: str, name: str | None, code: str | None) -> Person:
    if code:
        raise click.UsageError(f"--client is for sponsors and viewers; the role {role} belongs to the practice.")
    found = db.session.scalars(select(Person).where(Person.email == address)).one_or_none()
    if found:
        return found
    if not name:
        raise click.UsageError(f"Nobody of the practice has the address {address}: add them with --name.")
    person = Person(name=inputs.line(name), email=address, kind=PersonKind(role.value))
    db.session.add(person)
    return person


def a_contact(address: str, code: str | None) -> ContactName:
    if not code:
        raise click.UsageError("Say whose contact it is with --client and the client's code, such as BRK.")
    found = db.session.scalars(
        select(Contact.id)
        .join(Client, Client.id == Contact.client_id)
        .where(Client.code == inputs.code(code), Contact.email == address, Contact.archived_at.is_(None))
    ).all()
    if not found:
        raise click.UsageError(f"{code.upper()} has no contact with the address {address}. Add the contact first.")
    return contacts_by_name(ids=found)[0]


def chosen_password(given: str | None, generate: bool, names: tuple[str, ...]) -> tuple[str, bool]:
    """The password, and whether it was made here and must be told."""
    if given is not None:
        return checked_password(given, not_in=names), False
    if generate or not sys.stdin.isatty():
        return new_password(), True
    while True:
        typed = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            return checked_password(typed, not_in=names), False
        except ValueError as error:
            click.secho(str(error), fg="red", err=True)
