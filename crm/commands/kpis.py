"""flask --app crm kpis ...: the figures of the areas."""

import click
from flask.cli import with_appcontext

kpis = click.Group("kpis", help="The figures of the twelve areas.")


@kpis.command("note")
@with_appcontext
def note() -> None:
    """Write down what every figure of every client is now, for this month.

    The worker does it each night, and a published review does it for its area; this is for an installation without a worker.
    """
    from crm.commands.database import the_practice
    from crm.core.clock import keep_time_of
    from crm.core.viewer import SYSTEM, viewing_as
    from crm.core.words import plural
    from crm.kpis.operations import note_figures

    practice = the_practice()
    if practice:
        keep_time_of(practice.zone)
    with viewing_as(SYSTEM, via="command"):
        click.echo(f"Noted the figures of {plural(note_figures(), 'client')}.")
