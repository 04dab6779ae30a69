"""rows to be confirmed: those of a starter set wait for somebody to look at them before they are evidence

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# As it stands and not as a batch, which would make the table anew that every leaf refers to.


def upgrade() -> None:
    op.add_column("register_entry", sa.Column("to_be_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("register_entry", "to_be_confirmed")
