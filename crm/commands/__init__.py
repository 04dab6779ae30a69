"""flask --app crm <command>: what is done from a terminal. Each says one clear sentence on an error, never a trace."""

import click

from crm.commands.search import search

demo = click.Group("demo", help="The demo practice.")
ALONE: tuple[click.Command, ...] = (search,)
