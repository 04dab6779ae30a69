"""rows of registers in the search index: a kind of their own, and where a row stands

A line of before is kept. Rows that are there already are found once the index was written anew, which `serve` does after
it brought a database up to date, and `flask --app crm search rebuild` at any time.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OLD = ("client", "contact", "engagement", "deliverable")
NEW = (*OLD, "row")
KEPT = "id, kind, thing_id, code, title, beside, is_archived, folded, client_id, engagement_id, visibility"
TRIGGERS = {
    "search_line_added": "AFTER INSERT ON search_line BEGIN"
    " INSERT INTO search_text(rowid, folded) VALUES (new.id, new.folded); END",
    "search_line_gone": "AFTER DELETE ON search_line BEGIN"
    " INSERT INTO search_text(search_text, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "search_line_changed": "AFTER UPDATE OF folded ON search_line BEGIN"
    " INSERT INTO search_text(search_text, rowid, folded) VALUES ('delete', old.id, old.folded);"
    " INSERT INTO search_text(rowid, folded) VALUES (new.id, new.folded); END",
}
PLACE = "length(place) <= 100"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(NEW, with_place=True)
        return
    op.add_column("search_line", sa.Column("place", sa.String(length=100), nullable=False, server_default=""))
    op.create_check_constraint(op.f("ck_search_line_place_fits"), "search_line", PLACE)
    _know(NEW)


def downgrade() -> None:
    op.execute("DELETE FROM search_line WHERE kind = 'row'")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(OLD, with_place=False)
        return
    _know(OLD)
    op.drop_constraint(op.f("ck_search_line_place_fits"), "search_line")
    op.drop_column("search_line", "place")


def _listed(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def _know(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_search_line_kind_known"), "search_line")
    op.create_check_constraint(op.f("ck_search_line_kind_known"), "search_line", _listed(kinds))


def _make_anew(kinds: tuple[str, ...], *, with_place: bool) -> None:
    """SQLite changes no CHECK: the table is made anew with its rows. The full text hangs on their ids, which stay."""
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    for name in ("client_id", "code", "engagement_id"):
        op.drop_index(f"ix_search_line_{name}", "search_line")
    op.rename_table("search_line", "search_line_before")
    place = (
        [
            sa.Column("place", sa.String(length=100), nullable=False, server_default=""),
            sa.CheckConstraint(PLACE, name=op.f("ck_search_line_place_fits")),
        ]
        if with_place
        else []
    )
    op.create_table(
        "search_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*kinds, native_enum=False, length=30), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("beside", sa.String(length=500), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.Enum("team", "client", native_enum=False, length=30), nullable=False),
        *place,
        sa.CheckConstraint(_listed(kinds), name=op.f("ck_search_line_kind_known")),
        sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f("ck_search_line_visibility_known")),
        sa.CheckConstraint("engagement_id BETWEEN -2147483648 AND 2147483647", name=op.f("ck_search_line_engagement_id_fits")),
        sa.CheckConstraint("length(beside) <= 500", name=op.f("ck_search_line_beside_fits")),
        sa.CheckConstraint("length(code) <= 30", name=op.f("ck_search_line_code_fits")),
        sa.CheckConstraint("length(folded) <= 100000", name=op.f("ck_search_line_folded_fits")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_search_line_title_fits")),
        sa.CheckConstraint("thing_id BETWEEN -2147483648 AND 2147483647", name=op.f("ck_search_line_thing_id_fits")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_search_line_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_line")),
        sa.UniqueConstraint("kind", "thing_id", name=op.f("uq_search_line_kind_thing_id")),
    )
    op.execute(f"INSERT INTO search_line ({KEPT}) SELECT {KEPT} FROM search_line_before")
    op.drop_table("search_line_before")
    for name in ("client_id", "code", "engagement_id"):
        op.create_index(f"ix_search_line_{name}", "search_line", [name])
    for name, deed in TRIGGERS.items():
        op.execute(sa.DDL(f"CREATE TRIGGER {name} {deed}"))
