"""flask --app crm evidence ...: what the rules say of each area, as it is kept."""

import click
from flask.cli import with_appcontext

evidence = click.Group("evidence", help="What the rules say of each area, as it is kept.")
SHOWN = 20  # differences on the screen


def _the_day() -> None:
    """From here on today is the practice's."""
    from crm.commands.database import the_practice
    from crm.core.clock import keep_time_of

    practice = the_practice()
    if practice:
        keep_time_of(practice.zone)


@evidence.command("recompute")
@with_appcontext
def recompute() -> None:
    """Judge every area of every engagement that runs anew.

    Every change does it for what it touches, and the worker each night; this is for after a load that wrote past the
    application, and for an installation without a worker.
    """
    from crm.core.clock import today
    from crm.core.viewer import SYSTEM, viewing_as
    from crm.core.words import plural
    from crm.evidence import keeping

    _the_day()
    with viewing_as(SYSTEM, via="command"):
        number = keeping.recompute(today(), keeping.every_client())
    click.echo(f"Judged the areas of {plural(number, 'client')}.")


@evidence.command("prove")
@with_appcontext
def prove() -> None:
    """Judge everything anew and compare it with what is kept. Ends with 1 where anything differs; changes nothing."""
    from crm.core.clock import today
    from crm.core.db import reading
    from crm.core.viewer import SYSTEM, viewing_as
    from crm.evidence import keeping

    _the_day()
    with viewing_as(SYSTEM, via="command"), reading():
        found = list(keeping.prove(today()))
    for one in found[:SHOWN]:
        click.echo(str(one), err=True)
    if found:
        raise click.ClickException(
            f"{len(found)} of the judgements kept are not what the evidence says. Mend them with: flask --app crm evidence recompute"
        )
    click.echo("Every judgement kept is what the evidence says.")
