"""The database: one typed base class, one guarded session, one way to commit."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from flask import g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, MetaData, event, inspect
from sqlalchemy.orm import DeclarativeBase

from crm.core.columns import ANNOTATIONS
from crm.core.settings import PREFIX, BadSetting

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
OPENERS = {"session", "accounts", "limits", "outbox", "health"}  # who may open a connection inside a request
SQLITE = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
)  # trusted_schema stays on: the search triggers write fts5
POSTGRES = (
    "-c client_encoding=UTF8 -c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"
)

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class Unguarded(RuntimeError):
    """A way to the rows that no viewer's limits reach."""


class Model(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = ANNOTATIONS


class GuardedSession(Session):
    """The viewer's session: what the limits do not reach is not to be had."""

    def get_bind(self, *args: Any, **options: Any) -> Engine:
        if "engine" not in self.info:
            bind = super().get_bind(*args, **options)
            if not isinstance(bind, Engine):
                raise Unguarded("a session that somebody bound to a connection")
            self.info["engine"] = bind.execution_options(opened_by="session")
        engine: Engine = self.info["engine"]
        return engine

    def connection(self, *args: Any, **options: Any) -> NoReturn:  # noqa: ARG002
        raise Unguarded("a bare connection has no viewer")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = connection


def writing_now() -> bool:
    """Whether a transaction begun here may write. Reads must not queue behind writers for a lock they do not need."""
    if has_request_context():
        return request.method not in {"GET", "HEAD", "OPTIONS"} and not g.get("slow", False)
    return not _reading.get()


@contextmanager
def reading() -> Iterator[None]:
    """For jobs and commands: what begins inside only reads."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@event.listens_for(Engine, "engine_connect")
def who_opens(connection: Connection) -> None:
    if has_request_context() and connection.get_execution_options().get("opened_by") not in OPENERS:
        raise Unguarded("a connection that nobody named, inside a request")


@event.listens_for(Engine, "connect")
def sqlite_settings(connection: Any, record: Any) -> None:  # noqa: ARG001
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN, not the driver
        for pragma in SQLITE:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def refuse_other_text(connection: Any, record: Any) -> None:  # noqa: ARG001
    """A PostgreSQL database that holds less than Unicode would refuse a name, or keep it as bytes."""
    if isinstance(connection, sqlite3.Connection):
        return
    holds = connection.info.parameter_status("server_encoding")
    if holds != "UTF8":
        raise BadSetting(
            f"{PREFIX}DATABASE_URL names a database that keeps text as {holds}. Make it anew:"
            " CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0"
        )


@event.listens_for(Engine, "begin")
def begin(connection: Connection) -> None:
    said = connection.get_execution_options()
    if connection.dialect.name == "sqlite" and said.get("isolation_level") != "AUTOCOMMIT":
        writes = said.get("writes", writing_now())
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


db = SQLAlchemy(metadata=Model.metadata, session_options={"class_": GuardedSession}, disable_autonaming=True)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit all of the block or none of it; a block inside another joins the outer one."""
    info = db.session.info
    if "acting" in info:
        yield
        return
    info["acting"] = True
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        info.pop("acting", None)


@contextmanager
def writing() -> Iterator[None]:
    """The short write at the end of a view that was declared slow: ends its reads and begins anew."""
    db.session.rollback()
    g.slow = False
    with transaction():
        yield


def only_read() -> None:
    """Nothing will be written in this request any more: the page that says so keeps no writer waiting."""
    db.session.rollback()
    g.slow = True


def is_alive() -> None:
    """Ask the database for anything at all. Raises SQLAlchemyError when it does not answer."""
    with db.engine.execution_options(opened_by="health").connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM practice LIMIT 1")


def revision() -> str | None:
    """Which migration the database stands at; None for one that was never migrated."""
    with db.engine.execution_options(opened_by="health", writes=False).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if found is None else str(found)
