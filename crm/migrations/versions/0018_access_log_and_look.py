"""Who opened what was published, kept as it was written; and the practice's own look

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = ("home", "review", "version", "decision", "risk", "minutes", "archive")
GUARDS = {
    "sqlite": (
        "CREATE TRIGGER opening_stays BEFORE UPDATE ON opening BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END",
        "CREATE TRIGGER opening_kept BEFORE DELETE ON opening WHEN old.at > datetime('now', '-730 days')"
        " BEGIN SELECT RAISE(ABORT, 'the access log is kept for 24 months'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER opening_stays BEFORE UPDATE ON opening FOR EACH ROW EXECUTE FUNCTION never('the access log is never changed')",
        "CREATE TRIGGER opening_kept BEFORE DELETE ON opening FOR EACH ROW WHEN (old.at > now() - interval '730 days')"
        " EXECUTE FUNCTION never('the access log is kept for 24 months')",
    ),
}
COLUMNS = (
    "accent VARCHAR(7) DEFAULT '' NOT NULL CONSTRAINT ck_practice_accent_fits CHECK (length(accent) <= 7)",
    "logo VARCHAR(64) DEFAULT '' NOT NULL CONSTRAINT ck_practice_logo_fits CHECK (length(logo) <= 64)",
)


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(contact_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_opening_one_opens")),
        sa.CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name=op.f("ck_opening_kind_known")),
        sa.CheckConstraint("subject_id BETWEEN -2147483648 AND 2147483647", name=op.f("ck_opening_subject_id_fits")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_opening_title_fits")),
        sa.ForeignKeyConstraint(
            ["contact_id", "client_id"], ["contact.id", "contact.client_id"], name=op.f("fk_opening_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id", "client_id"],
            ["engagement.id", "engagement.client_id"],
            name=op.f("fk_opening_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opening_person_id_person")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_opening_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_at"), "opening", ["at"])
    op.create_index(op.f("ix_opening_engagement_id"), "opening", ["engagement_id"])
    op.create_index("ix_opening_contact_id_at", "opening", ["contact_id", "at"])
    op.create_index("ix_opening_client_id_at", "opening", ["client_id", "at"])
    op.create_index("ix_opening_subject", "opening", ["kind", "subject_id"])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement))
    for column in COLUMNS:  # with its CHECK in one statement: nothing is made anew
        op.execute(f"ALTER TABLE practice ADD COLUMN {column}")
    op.create_table(
        "logo",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(digest) <= 64", name=op.f("ck_logo_digest_fits")),
        sa.CheckConstraint("width BETWEEN -2147483648 AND 2147483647", name=op.f("ck_logo_width_fits")),
        sa.CheckConstraint("height BETWEEN -2147483648 AND 2147483647", name=op.f("ck_logo_height_fits")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logo")),
    )


def downgrade() -> None:
    op.drop_table("logo")
    for name in ("logo", "accent"):
        op.drop_column("practice", name)
    op.drop_table("opening")
