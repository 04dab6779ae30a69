"""A timer for each person, what its time is rounded to, and whether it is shown

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

COLUMNS = (
    "timer_step INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_practice_steps_of_timers CHECK (timer_step IN (1, 5, 6, 10, 15))"
    " CONSTRAINT ck_practice_timer_step_fits CHECK (timer_step BETWEEN -2147483648 AND 2147483647)",
    "timer_up BOOLEAN DEFAULT false NOT NULL",
)


def upgrade() -> None:
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=1000), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR begun_at IS NOT NULL", name=op.f("ck_timer_begun_before_ended")),
        sa.CheckConstraint("length(line) <= 1000", name=op.f("ck_timer_line_fits")),
        sa.CheckConstraint("version BETWEEN -2147483648 AND 2147483647", name=op.f("ck_timer_version_fits")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_timer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("person_id", name=op.f("uq_timer_person_id")),
    )
    op.create_index(op.f("ix_timer_person_id"), "timer", ["person_id"])
    for column in COLUMNS:  # with its CHECK in one statement: nothing is made anew
        op.execute(f"ALTER TABLE practice ADD COLUMN {column}")
    op.execute("ALTER TABLE account ADD COLUMN with_timer BOOLEAN DEFAULT false NOT NULL")


def downgrade() -> None:
    op.drop_column("account", "with_timer")
    for name in ("timer_up", "timer_step"):
        op.drop_column("practice", name)
    op.drop_table("timer")
