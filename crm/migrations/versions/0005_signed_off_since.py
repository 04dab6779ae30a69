"""What was signed off since a day is found by an index: lists counted through every accepted deliverable

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliverable") as batch_op:
        batch_op.create_index("ix_deliverable_state_accepted_on", ["state", "accepted_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("deliverable") as batch_op:
        batch_op.drop_index("ix_deliverable_state_accepted_on")
