"""The schema that the migrations build is the schema of the models, on both engines, with rows in it."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import NullPool, create_engine, inspect, select
from sqlalchemy.orm import Session

import crm
from crm.core.db import Model, db
from crm.engagements.models import Engagement, Terms
from crm.engagements.states import PriceKind
from tests import cast as people
from tests import world as full_world

FULL_TEXT = "search_text"  # SQLite's own tables under the full-text index
BASE = "0001"


@pytest.fixture
def another(storage, tmp_path):
    """One more database, an application on it, and a free connection to it."""
    url = storage.another()
    app = crm.create_app({"TESTING": True, "DATABASE_URL": url, "INSTANCE": tmp_path, "LOG_LEVEL": "CRITICAL"})
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    with app.app_context():
        yield engine
        db.engine.dispose()
    engine.dispose()


def dump(engine, standing=None):
    """Every row of every table of ours by table; where a shape is given, of the tables and columns that it has."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = {}
        for table in Model.metadata.sorted_tables:
            if standing is None or table.name in standing:
                columns = [one for one in table.c if standing is None or one.name in standing[table.name]]
                rows = connection.execute(select(*columns).order_by(*table.primary_key))
                found[table.name] = [dict(row._mapping) for row in rows]
        return found


def cut(dumped, standing):
    """What of these rows a database of this shape can keep."""
    return {
        name: [{key: value for key, value in row.items() if key in standing[name]} for row in rows]
        for name, rows in dumped.items()
        if name in standing
    }


def tables_of(engine):
    """The columns of each table that stands in a database now."""
    asked = inspect(engine)
    return {table: {one["name"] for one in asked.get_columns(table)} for table in asked.get_table_names()}


def plain(text):
    return re.sub(r'[\s()"]+|::[a-z ]+(\[\])?', "", str(text)).lower()


def shape(engine):
    """What an engine says of its tables: columns, keys, uniques, indexes and checks, in an order of their own."""
    asked, found = inspect(engine), {}
    for table in sorted(asked.get_table_names()):
        if table.startswith(FULL_TEXT) or table == "alembic_version":
            continue
        found[table] = {
            "columns": {(c["name"], plain(c["type"]), c["nullable"]) for c in asked.get_columns(table)},
            "checks": {(c["name"], plain(c["sqltext"])) for c in asked.get_check_constraints(table)},
            "keys": {
                (k["name"], *k["constrained_columns"], k["referred_table"], *k["referred_columns"])
                for k in asked.get_foreign_keys(table)
            },
            "uniques": {(u["name"], *u["column_names"]) for u in asked.get_unique_constraints(table)},
            "indexes": {
                (i["name"], i["unique"], *(i["column_names"] or ()))
                for i in asked.get_indexes(table)
                if i["name"] != "ix_search_line_folded"
            },
            "primary": tuple(asked.get_pk_constraint(table)["constrained_columns"]),
        }
    return found


def test_migrating_from_nothing_equals_the_models(another, storage):
    """CHECK constraints included, which Alembic does not compare."""
    upgrade()
    made = create_engine(storage.another().replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    Model.metadata.create_all(made)
    migrated, declared = shape(another), shape(made)
    assert migrated.keys() == declared.keys()
    for table in declared:
        assert migrated[table] == declared[table], table
    assert sum(len(one["checks"]) for one in declared.values()) > 150  # the comparison sees them
    made.dispose()


def test_alembic_sees_no_difference(another):
    upgrade()
    with another.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Model.metadata)
    ours = [one for one in differences if FULL_TEXT not in repr(one) and "ix_search_line_folded" not in repr(one)]
    assert ours == []


def test_every_revision_keeps_the_rows(another):
    """Down to the first and up again, with a row in every table: what had a table then is kept, and stands in it after."""
    upgrade()
    with Session(another, expire_on_commit=False) as stage:
        full_world.build(stage, people.enter(stage))
        stage.commit()
    before = dump(another)
    assert all(before[name] for name in before if name != "rate_count")
    downgrade(revision=BASE)
    first = tables_of(another)
    stems = [
        row for row in before["register_entry"] if row["kind"] in first
    ]  # a stem without its leaf goes with the leaf
    found = [
        row for row in before["search_line"] if row["kind"] not in {"row", "meeting"}
    ]  # unknown to the older index
    kept = cut(before | {"register_entry": stems, "search_line": found}, first)
    assert dump(another, first) == kept
    upgrade()
    after = dump(another)
    assert cut(after, first) == kept
    assert {name for name, rows in after.items() if rows and name not in first} == FILLED
    assert [(one["quantity"], one["cap"], one["monthly_fee"]) for one in joined(after)] == [(4, 2, 420_000)] * 2


FILLED = {"retainer_terms", "retainer_fee"}  # from the one price that there was


def joined(after):
    """The terms of retainers with their fees."""
    fees = {one["terms_id"]: one for one in after["retainer_fee"]}
    return [one | fees[one["id"]] for one in after["retainer_terms"]]


def test_the_price_of_a_day_holds_from_the_first_month(another):
    """Before revision 0034 nothing was known but what a day costs now."""
    upgrade()
    with Session(another, expire_on_commit=False) as stage:
        full_world.build(stage, people.enter(stage))
        terms = stage.scalars(select(Terms).where(Terms.engagement_id == 2)).one()
        terms.price_kind, terms.day_rate = PriceKind.DAY_RATE, 98_000
        starts = stage.get_one(Engagement, 2).starts
        stage.commit()
    downgrade(revision="0033")
    upgrade()
    (kept,) = dump(another)["day_rate"]
    assert (kept["engagement_id"], kept["rate"], str(kept["begins"])) == (2, 98_000, f"{starts:%Y-%m}-01")


def test_rows_that_were_there_before_are_there_after(another):
    """A database of the first revision, with the rows of that day, taken to the newest."""
    upgrade()
    with Session(another, expire_on_commit=False) as stage:
        full_world.build(stage, people.enter(stage))
        stage.commit()
    downgrade(revision=BASE)
    first = tables_of(another)
    before = dump(another, first)
    upgrade()
    assert cut(dump(another), first) == before


def test_down_to_nothing(another):
    upgrade()
    downgrade(revision="base")
    assert [name for name in inspect(another).get_table_names() if name != "alembic_version"] == []
    upgrade()


def test_a_missing_check_is_found(another, storage):
    """The planted difference that Alembic alone does not see."""
    upgrade()
    declared = shape(another)
    one = next(iter(declared["time_entry"]["checks"]))
    declared["time_entry"]["checks"].remove(one)
    assert shape(another) != declared
