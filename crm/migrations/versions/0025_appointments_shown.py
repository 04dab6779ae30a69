"""meetings: the client may read an appointment before its minutes are shared; visits are a kind of their own"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

RULES = {
    "client_reads_shared": ("(state = 'shared') = (visibility = 'client')", "state <> 'shared' OR visibility = 'client'"),
    "kind_known": (
        "kind IN ('management', 'kick_off', 'quarterly', 'other')", "kind IN ('management', 'kick_off', 'quarterly', 'visit', 'other')",
    ),
}


def upgrade() -> None:
    for name, (old, new) in RULES.items():
        _change(name, old, new)


def downgrade() -> None:
    op.execute("UPDATE meeting SET kind = 'other' WHERE kind = 'visit'")
    op.execute("UPDATE meeting SET visibility = 'team' WHERE state <> 'shared'")
    op.execute(
        "UPDATE meeting_attendee SET visibility = 'team'"
        " WHERE meeting_id IN (SELECT id FROM meeting WHERE visibility = 'team')"
    )
    for name, (old, new) in RULES.items():
        _change(name, new, old)


def _change(name: str, old: str, new: str) -> None:
    """Only the rule: on SQLite a batch would make the table anew, to which others refer."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_meeting_{name}"), "meeting")
        op.create_check_constraint(op.f(f"ck_meeting_{name}"), "meeting", new)
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'meeting'").bindparams(old=old, new=new)
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
