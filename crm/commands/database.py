"""Whether the database is one that this version knows, bringing it up to date, and a copy of it before that."""

import sqlite3
from contextlib import closing
from enum import Enum
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.engine import make_url

from crm.accounts.session import account_session
from crm.core.clock import now
from crm.core.db import db, revision, transaction
from crm.core.settings import PREFIX, BadSetting
from crm.core.viewer import SYSTEM, viewing_as
from crm.practice.models import Practice
from crm.search import lines


class Schema(Enum):
    """How the tables of the database stand to this version of the program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    UNKNOWN = "unknown"


def schema_found() -> Schema:
    stands_at = revision()
    if stands_at is None:
        return Schema.EMPTY
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    if stands_at in scripts.get_heads():
        return Schema.CURRENT
    return Schema.OLDER if stands_at in {one.revision for one in scripts.walk_revisions()} else Schema.UNKNOWN


def refuse_to_serve() -> None:
    """The server and the worker touch no database that they do not know, and no demo as if it were real."""
    found = schema_found()
    if found is Schema.UNKNOWN:
        raise click.ClickException(UNKNOWN)
    if found is not Schema.CURRENT:
        raise click.ClickException("The database is not up to date. Bring it there: flask --app crm db upgrade")
    refuse_the_demo_in_production()


UNKNOWN = (
    "The database was made by another version of Twelvefold, one that this version does not know."
    " Start that version, or restore the copy that was made before the update."
)


def refuse_the_demo_in_production() -> None:
    practice = the_practice()
    if practice and practice.is_demo and current_app.config["ENV"] == "production":
        raise BadSetting(
            f"{PREFIX}ENV is production, but the database holds the demo practice:"
            f" name another in {PREFIX}DATABASE_URL, or leave ENV at local."
        )


def the_practice() -> Practice | None:
    """The practice of this installation; None before there is one."""
    with account_session(writes=False) as session:
        return session.scalars(select(Practice)).one_or_none()


def bring_up_to_date() -> None:
    """Make the tables, or change those of an older version after a copy of the file."""
    found = schema_found()
    if found is Schema.CURRENT:
        return
    if found is Schema.UNKNOWN:
        raise click.ClickException(UNKNOWN)
    where = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    shown = where.render_as_string(hide_password=True)
    copy = copied() if found is Schema.OLDER else None
    click.echo(f"Making the tables of {shown}" if found is Schema.EMPTY else f"Updating the tables of {shown}")
    if copy:
        click.echo(f"A copy from before is kept in {copy}")
    upgrade()
    if found is Schema.OLDER:
        _index_anew()
    db.engine.dispose()


def _index_anew() -> None:
    """A newer version may find more things than the older one did."""
    with viewing_as(SYSTEM, via="command"), transaction():
        lines.rebuild()


def copied() -> Path | None:
    """A copy of a SQLite file, taken by SQLite itself: copying the file would miss what is still in its log."""
    where = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if where.get_backend_name() != "sqlite" or not where.database or not Path(where.database).exists():
        return None
    file = Path(where.database)
    copy = file.with_name(f"{file.stem}-before-{now():%Y%m%d-%H%M%S}-{revision()}.db")
    copy_of(file, copy)
    return copy


def copy_of(file: Path, copy: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
