"""Imports that the worker reads, that can be undone, and that bring people whom nobody knows

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INTEGER = "BETWEEN -2147483648 AND 2147483647"
STATES = ("asking", "reading", "naming", "checked", "taken", "dropped")
SOURCES = ("harvest", "toggl", "clockify", "generic")
NEW_STATES = ("asking", "reading", "naming", "checking", "checked", "taken", "dropped", "undone")
NEW_SOURCES = ("harvest", "toggl", "clockify", "kimai", "solidtime", "generic")
COUNTS = ("rows", "new", "known", "empty", "left_out", "outside", "minutes", "bad")
TEXTS = (("file_name", 200), ("digest", 64), ("encoding", 30), ("delimiter", 1), ("example", 30), ("reason", 500))
MOMENTS = ("made_at", "checked_at", "taken_at")
KEPT = (
    "id", "file_name", "digest", "source", "encoding", "delimiter", "header_line", "day_order", "example", "notes_for", "reason",
    "state", *COUNTS, *MOMENTS, "version", "person_id",
)  # fmt: skip
MORE_TEXTS, MORE_NUMBERS, MORE_MOMENTS = (("world", 40), ("lease_by", 200), ("trouble", 500)), ("done", "tries"), ("undone_at", "lease_until")
POINTERS = (("person", "stands_for_id"), ("time_entry", "import_batch_id"))  # SQLite adds no key to a table that stands


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(NEW_STATES, NEW_SOURCES, wider=True)
    else:
        _know(NEW_STATES, NEW_SOURCES)
        for name, length in MORE_TEXTS:
            op.execute(
                f"ALTER TABLE import_batch ADD COLUMN {name} VARCHAR({length}) DEFAULT '' NOT NULL "
                f"CONSTRAINT ck_import_batch_{name}_fits CHECK (length({name}) <= {length})"
            )
        for name in MORE_NUMBERS:
            op.execute(
                f"ALTER TABLE import_batch ADD COLUMN {name} INTEGER DEFAULT 0 NOT NULL "
                f"CONSTRAINT ck_import_batch_{name}_fits CHECK ({name} {INTEGER})"
            )
        for name in MORE_MOMENTS:
            op.add_column("import_batch", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE person ADD COLUMN is_placeholder BOOLEAN DEFAULT false NOT NULL")
    for table, name in POINTERS:
        op.execute(
            sa.DDL(f"ALTER TABLE {table} ADD COLUMN {name}\nINTEGER\nCONSTRAINT ck_{table}_{name}_fits CHECK ({name} {INTEGER})\n")
        )
        op.create_index(f"ix_{table}_{name}", table, [name])


def downgrade() -> None:
    for table, name in reversed(POINTERS):
        op.drop_index(f"ix_{table}_{name}", table)
        op.drop_column(table, name)
    op.drop_column("person", "is_placeholder")
    op.execute("UPDATE import_batch SET state = 'dropped' WHERE state = 'undone'")
    op.execute("UPDATE import_batch SET state = 'naming' WHERE state = 'checking'")
    op.execute("UPDATE import_batch SET source = 'generic' WHERE source IN ('kimai', 'solidtime')")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(STATES, SOURCES, wider=False)
        return
    for name in (*(name for name, _ in MORE_TEXTS), *MORE_NUMBERS, *MORE_MOMENTS):
        op.drop_column("import_batch", name)
    _know(STATES, SOURCES)


def _know(states: tuple[str, ...], sources: tuple[str, ...]) -> None:
    for name, words in (("state", states), ("source", sources)):
        op.drop_constraint(op.f(f"ck_import_batch_{name}_known"), "import_batch")
        op.create_check_constraint(op.f(f"ck_import_batch_{name}_known"), "import_batch", _listed(name, words))


def _listed(name: str, words: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(word) for word in words)})"


def _make_anew(states: tuple[str, ...], sources: tuple[str, ...], *, wider: bool) -> None:
    """SQLite changes no CHECK. Its rows are put aside and back, and the keys that lead to them are asked at the end."""
    columns = ", ".join(KEPT)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE import_batch_before AS SELECT {columns} FROM import_batch")
    op.drop_table("import_batch")
    texts, numbers = (*TEXTS, *MORE_TEXTS * wider), (*COUNTS, "header_line", "version", *MORE_NUMBERS * wider)
    moments = (*MOMENTS, *MORE_MOMENTS * wider)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False, server_default="") for name, length in texts),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in numbers),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=name != "made_at") for name in moments),
        sa.Column("source", sa.Enum(*sources, native_enum=False, length=30), nullable=False),
        sa.Column("state", sa.Enum(*states, native_enum=False, length=30), nullable=False),
        sa.Column("day_order", sa.Enum("iso", "day_first", "month_first", native_enum=False, length=30), nullable=True),
        sa.Column("notes_for", sa.Enum("internal", "client", native_enum=False, length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(f"length({name}) <= {length}", name=op.f(f"ck_import_batch_{name}_fits")) for name, length in texts),
        *(sa.CheckConstraint(f"{name} {INTEGER}", name=op.f(f"ck_import_batch_{name}_fits")) for name in numbers),
        sa.CheckConstraint(_listed("source", sources), name=op.f("ck_import_batch_source_known")),
        sa.CheckConstraint(_listed("state", states), name=op.f("ck_import_batch_state_known")),
        sa.CheckConstraint("day_order IN ('iso', 'day_first', 'month_first')", name=op.f("ck_import_batch_day_order_known")),
        sa.CheckConstraint("notes_for IN ('internal', 'client')", name=op.f("ck_import_batch_notes_for_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_batch_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )  # fmt: skip
    op.execute(f"INSERT INTO import_batch ({columns}) SELECT {columns} FROM import_batch_before")
    op.drop_table("import_batch_before")
    op.create_index("ix_import_batch_made_at", "import_batch", ["made_at"])
    op.create_index(op.f("ix_import_batch_person_id"), "import_batch", ["person_id"])
