"""The sums of months from the index of time alone

Revision ID: 0035
Revises: 0034
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

INDEX = "ix_time_entry_engagement_id_worked_on"


def upgrade() -> None:
    op.drop_index(op.f(INDEX), "time_entry")
    op.create_index(
        op.f(INDEX),
        "time_entry",
        ["engagement_id", "worked_on", "kind", "voided_at", "minutes", "client_id", "person_id"],
    )


def downgrade() -> None:
    op.drop_index(op.f(INDEX), "time_entry")
    op.create_index(op.f(INDEX), "time_entry", ["engagement_id", "worked_on"])
