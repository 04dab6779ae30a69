"""flask --app crm demo load | accounts."""

import json
import sys
from collections.abc import Callable

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crm.accounts.models import Account
from crm.accounts.security import hash_password
from crm.accounts.session import account_session
from crm.clients.models import Client
from crm.demo import large, small
from crm.demo.accounts import is_a_demo, shown_accounts
from crm.demo.large_made import LARGE, TENTH
from crm.practice.models import Practice

SEED = 12


@click.command("load")
@click.option(
    "--scale", type=click.Choice(["small", "tenth", "large"]), default="small", show_default=True,
    help="small: eight people, to look around. large: a hundred people over ten years, to measure with. tenth: a tenth of that.",
)  # fmt: skip
@click.option(
    "--seed",
    type=int,
    default=SEED,
    show_default=True,
    help="Another seed gives another practice, the same seed the same one.",
)
@with_appcontext
def load(scale: str, seed: int) -> None:
    """Fill an empty database with an invented practice, so that there is something to look at.

    Refuses a database that holds anything already. Dates lie around today. `demo accounts` lists who can sign in.
    """
    if current_app.config["ENV"] == "production":
        raise click.ClickException("This installation is set to production; the demo practice does not go there.")
    if not _is_empty():
        raise click.ClickException("This database is not empty; the demo practice is loaded into an empty one only.")
    password = hash_password(current_app.config["DEMO_PASSWORD"])  # once: all share it, and a hash takes its time
    if scale == "small":
        small.load(seed, password)
    else:
        size = LARGE if scale == "large" else TENTH
        with click.progressbar(length=size.rows, label="Loading", file=sys.stderr) as bar:
            large.load(size, seed, password, bar.update)
    click.echo("The demo practice is loaded. List its sign-ins with: flask --app crm demo accounts")


@click.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="A JSON list of role, email and password.")
@with_appcontext
def accounts(as_json: bool) -> None:
    """List the sign-ins of the demo practice. TWELVEFOLD_DEMO_PASSWORD sets the password that they share."""
    if not _asked(is_a_demo):
        raise click.ClickException("This database holds no demo practice; load it with: flask --app crm demo load")
    password = current_app.config["DEMO_PASSWORD"]
    shown = shown_accounts(password)
    if as_json:
        click.echo(
            json.dumps([{"role": one.role, "email": one.email, "password": password} for one in shown], indent=1)
        )
        return
    for one in shown:
        click.echo(f"{one.role:<11} {one.email:<40} {password}   {one.name}")


def _is_empty() -> bool:
    return _asked(_nothing_there)


def _nothing_there() -> bool:
    with account_session(writes=False) as session:
        return not any(session.scalar(select(table.id).limit(1)) for table in (Practice, Account, Client))


def _asked(question: Callable[[], bool]) -> bool:
    """The answer of the database, or the sentence that says what is missing."""
    try:
        return question()
    except DBAPIError:
        raise click.ClickException(
            "The database has no tables yet, or cannot be reached; make them with: flask --app crm db upgrade"
        ) from None
