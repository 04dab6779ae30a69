"""accepted criteria: what the client said yes to is kept by triggers with its criteria, not its text alone"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

OF_A_YES = "EXISTS (SELECT 1 FROM deliverable_version v WHERE v.id = old.version_id AND v.state IN ('accepted', 'superseded'))"
SQLITE = tuple(
    f"CREATE TRIGGER {name} BEFORE {deed} ON frozen_criterion WHEN {OF_A_YES}"
    " BEGIN SELECT RAISE(ABORT, 'the criteria of an accepted version never change'); END"
    for name, deed in (('accepted_criterion_stays', 'UPDATE'), ('accepted_criterion_kept', 'DELETE'))
)
POSTGRES = (
    "CREATE FUNCTION accepted_criterion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF {OF_A_YES} THEN"
    " RAISE EXCEPTION 'the criteria of an accepted version never change' USING ERRCODE = 'check_violation'; END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN old; END IF; RETURN new; END $$",
    "CREATE TRIGGER accepted_criterion_stays BEFORE UPDATE ON frozen_criterion FOR EACH ROW EXECUTE FUNCTION accepted_criterion()",
    "CREATE TRIGGER accepted_criterion_kept BEFORE DELETE ON frozen_criterion FOR EACH ROW EXECUTE FUNCTION accepted_criterion()",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRES:
        op.execute(sa.DDL(statement))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for name in ('accepted_criterion_stays', 'accepted_criterion_kept'):
        op.execute(f'DROP TRIGGER {name}' if sqlite else f'DROP TRIGGER {name} ON frozen_criterion')
    if not sqlite:
        op.execute('DROP FUNCTION accepted_criterion')
