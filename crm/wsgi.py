"""What a WSGI server loads: `gunicorn crm.wsgi:application`. It does not come up on a database that it may not serve.

With `--preload` the processes that serve are forked from the one that loaded this, and share its memory until they
write to it. So whatever each of them would make for itself is made here, once, and the collector is told to leave it
alone: it marks what it walks over, and would copy all of it into every process.
"""

import gc

from flask import Flask

from crm.app import create_app
from crm.commands.database import refuse_to_serve, the_practice
from crm.core import words
from crm.core.calendar import public_holidays, region_name
from crm.core.clock import today
from crm.core.db import db


def make_ready(app: Flask) -> None:
    """Templates, the words of the language and the practice's public holidays."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    practice = the_practice()
    if practice:
        words.money(0, practice.currency)
        region_name(practice.region)
        for year in (-1, 0, 1):
            public_holidays(practice.region, today().year + year)


gc.disable()  # what it frees on the way would leave holes, to be written to after the fork
application = create_app()
with application.app_context():
    refuse_to_serve()
    make_ready(application)
    db.engine.dispose()  # the connection of the check belongs to this process, not to those forked from it
gc.collect()
gc.freeze()
gc.enable()
