"""Errors on a terminal: one sentence that says what is wrong and what to do, and a status that is not zero."""

import functools
from collections.abc import Callable
from typing import Any

import click
from flask import current_app, has_app_context
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from crm.core.errors import Refused
from crm.core.settings import PREFIX, strange_names


def plainly(command: click.Command) -> None:
    """From here on this command, or each of this group, says its errors plainly."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            plainly(inner)
    elif command.callback is not None and not getattr(command.callback, "is_plain", False):
        command.callback = _guarded(command.callback)


def _guarded(work: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(work)
    def guarded(*args: Any, **options: Any) -> Any:
        for sentence in strange_names():
            click.secho(f"Warning: {sentence}", err=True, fg="yellow")
        try:
            return work(*args, **options)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if has_app_context() and current_app.config["LOG_LEVEL"] == "DEBUG":
                raise
            raise click.ClickException(sentence_of(error)) from None

    guarded.is_plain = True  # type: ignore[attr-defined]
    return guarded


def sentence_of(error: Exception) -> str:
    """What happened, for somebody who did not write the program."""
    if isinstance(error, DBAPIError):
        return _of_the_database(error)
    if isinstance(error, Refused | ValueError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"{type(error).__name__}: {error} ({PREFIX}LOG_LEVEL=DEBUG shows where)"


def _of_the_database(error: DBAPIError) -> str:
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    where = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=True)
    if is_unreachable(error):
        return f"The database {where} cannot be reached: {said}. Is it running, and is {PREFIX}DATABASE_URL right?"
    if "no such table" in said or getattr(error.orig, "sqlstate", "") == "42P01":
        return f"The database {where} has no tables yet. Make them: flask --app crm db upgrade"
    if "database is locked" in said or getattr(error.orig, "sqlstate", "") == "55P03":
        return f"The database {where} is busy: another program is writing to it. Try again in a moment."
    return f"The database {where} refused: {said}"


def is_unreachable(error: DBAPIError) -> bool:
    said = str(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    return "unable to open database file" in said or (
        type(error.orig).__module__.startswith("psycopg") and (state is None or state[:2] in {"08", "28", "3D", "57"})
    )
