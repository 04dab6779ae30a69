"""What a WSGI server loads: `gunicorn crm.wsgi:application`. It does not come up on a database that it may not serve."""

from crm.app import create_app
from crm.commands.database import refuse_to_serve
from crm.core.db import db

application = create_app()
with application.app_context():
    refuse_to_serve()
    db.engine.dispose()  # the connection of the check belongs to this process, not to those forked from it
