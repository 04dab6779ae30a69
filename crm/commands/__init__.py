"""flask --app crm <command>: what is done from a terminal. Each says one clear sentence on an error, never a trace."""

import click

from crm.commands.search import search
from crm.demo import commands as of_the_demo

demo = click.Group("demo", help="The demo practice.", commands=[of_the_demo.load, of_the_demo.accounts])
ALONE: tuple[click.Command, ...] = (search,)
