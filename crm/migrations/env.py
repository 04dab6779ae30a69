"""How Alembic meets our database: with our own settings, one transaction for each revision, plain types in scripts."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

from crm import schema
from crm.core.db import Model

FTS_SHADOWS = "search_text"  # SQLite makes these tables for itself


def plainly(kind: str, thing: Any, autogen: Any) -> Any:  # noqa: ARG001
    """Scripts name SQLAlchemy's types: a migration must still run when a type of ours is gone."""
    if kind != "type":
        return False
    thing = thing.impl_instance if isinstance(thing, sa.TypeDecorator) else thing
    if isinstance(thing, sa.Enum):
        return f"sa.Enum({', '.join(map(repr, thing.enums))}, native_enum=False, length={thing.length})"
    return f"sa.{thing!r}"


def ours(thing: Any, name: str | None, kind: str, reflected: bool, against: Any) -> bool:  # noqa: ARG001
    return not (kind == "table" and (name or "").startswith(FTS_SHADOWS)) and name != "ix_search_line_folded"


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plainly,
        include_object=ours,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine: Engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        migrate(connection)


TABLES = schema.TABLES
run()
