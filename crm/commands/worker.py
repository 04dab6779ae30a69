"""flask --app crm worker"""

import os
import signal

import click
from flask import current_app
from flask.cli import with_appcontext

from crm.access.tidy import CHORES
from crm.areas.across.waiting import each_hour as questions_that_wait
from crm.commands.database import refuse_to_serve
from crm.deliverables.waiting import each_hour as texts_that_wait
from crm.evidence.keeping import by_day
from crm.files.keeping import sweep
from crm.kpis.operations import each_night
from crm.outbox.worker import Worker
from crm.plans.operations import open_ahead
from crm.retainers.operations import take_effect, warn_of_burn
from crm.timelog.imports.working import work_on_some
from crm.workload.operations import remind_of_missing_days

WAITING = (texts_that_wait, questions_that_wait, remind_of_missing_days)


@click.command()
@click.option("--once", is_flag=True, help="Tell what is due now, then end.")
@click.option("--leave-with", type=int, hidden=True, help="End when this process is no longer the parent.")
@with_appcontext
def worker(once: bool, leave_with: int | None) -> None:
    """Send mail, read long imports and do the hourly tidying, until stopped.

    `make run` starts one beside the server. Start it yourself where the server runs without `make`; several may run at
    the same time. It ends on Ctrl+C or SIGTERM, after the message in hand.
    """
    refuse_to_serve()
    works = Worker(
        current_app._get_current_object(),  # type: ignore[attr-defined]
        chores=(*CHORES, each_night, by_day, sweep, open_ahead, take_effect, warn_of_burn, *WAITING), errands=(work_on_some,),
    )  # fmt: skip
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: works.stopping.set())
    if not once and leave_with is None:
        click.echo("The worker is at work. Stop with Ctrl+C.")
    works.run(until_empty=once, leaves_when=lambda: leave_with is not None and os.getppid() != leave_with)
