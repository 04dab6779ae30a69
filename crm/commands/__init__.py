"""flask --app crm <command>: what is done from a terminal. Each says one clear sentence on an error, never a trace."""

import click
from flask import Flask
from flask_migrate.cli import db as migrations

from crm.commands.accounts import user
from crm.commands.backup import backup
from crm.commands.evidence import evidence
from crm.commands.files import files
from crm.commands.kpis import kpis
from crm.commands.plainly import plainly
from crm.commands.search import search
from crm.commands.serve import serve
from crm.commands.times import import_time
from crm.commands.worker import worker
from crm.demo import commands as of_the_demo

demo = click.Group("demo", help="The demo practice.", commands=[of_the_demo.load, of_the_demo.accounts])
ALONE: tuple[click.Command, ...] = (serve, worker, user, search, import_time, kpis, evidence, files, backup)


def set_up(app: Flask) -> None:
    """Every command of the house, and those of migrations, with errors in plain words."""
    for command in (demo, *ALONE):
        app.cli.add_command(command)
    for command in (demo, *ALONE, migrations):
        plainly(command)
