"""meetings: one that does not take place is kept, and says why"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

OLD, NEW = "state IN ('draft', 'held', 'shared')", "state IN ('draft', 'held', 'shared', 'cancelled')"


def upgrade() -> None:
    _know(OLD, NEW)
    op.add_column("meeting", sa.Column(
        "cancelled_because", sa.String(length=200),
        sa.CheckConstraint("length(cancelled_because) <= 200", name=op.f("ck_meeting_cancelled_because_fits")),
        sa.CheckConstraint("state <> 'cancelled' OR cancelled_because <> ''", name=op.f("ck_meeting_cancelled_says_why")),
        nullable=False, server_default="",
    ))  # fmt: skip


def downgrade() -> None:
    op.execute("UPDATE meeting SET state = 'draft' WHERE state = 'cancelled'")
    op.drop_column("meeting", "cancelled_because")
    _know(NEW, OLD)


def _know(old: str, new: str) -> None:
    """Only the rule: on SQLite a batch would make the table anew, to which others refer."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_meeting_state_known"), "meeting")
        op.create_check_constraint(op.f("ck_meeting_state_known"), "meeting", new)
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'meeting'").bindparams(old=old, new=new)
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
