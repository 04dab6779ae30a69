"""search and trail: full text, numbering, and triggers that keep the trail and accepted versions as they are"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

FTS = (
    "CREATE VIRTUAL TABLE search_text USING fts5(folded, content='search_line', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "CREATE TRIGGER search_line_added AFTER INSERT ON search_line BEGIN"
    " INSERT INTO search_text(rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER search_line_gone AFTER DELETE ON search_line BEGIN"
    " INSERT INTO search_text(search_text, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "CREATE TRIGGER search_line_changed AFTER UPDATE OF folded ON search_line BEGIN"
    " INSERT INTO search_text(search_text, rowid, folded) VALUES ('delete', old.id, old.folded);"
    " INSERT INTO search_text(rowid, folded) VALUES (new.id, new.folded); END",
    "INSERT INTO search_text(search_text) VALUES ('rebuild')",
)
GIN = "CREATE INDEX ix_search_line_folded ON search_line USING gin (to_tsvector('simple'::regconfig, folded))"

SQLITE_GUARDS = (
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the trail is never changed'); END",
    "CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the trail is never deleted'); END",
    "CREATE TRIGGER accepted_stays BEFORE UPDATE ON deliverable_version WHEN old.state IN ('accepted', 'superseded')"
    " AND NOT (new.state = 'superseded' AND new.digest = old.digest AND new.text = old.text AND new.link = old.link"
    " AND new.decided_at = old.decided_at)"
    " BEGIN SELECT RAISE(ABORT, 'an accepted version never changes'); END",
    "CREATE TRIGGER accepted_kept BEFORE DELETE ON deliverable_version WHEN old.state IN ('accepted', 'superseded')"
    " BEGIN SELECT RAISE(ABORT, 'an accepted version is never deleted'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%%', TG_ARGV[0]"
    " USING ERRCODE = 'check_violation'; END $$",
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION never('the trail is never changed')",
    "CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION never('the trail is never deleted')",
    "CREATE TRIGGER accepted_stays BEFORE UPDATE ON deliverable_version FOR EACH ROW WHEN (old.state IN ('accepted', 'superseded')"
    " AND NOT (new.state = 'superseded' AND new.digest = old.digest AND new.text = old.text AND new.link = old.link"
    " AND new.decided_at = old.decided_at)) EXECUTE FUNCTION never('an accepted version never changes')",
    "CREATE TRIGGER accepted_kept BEFORE DELETE ON deliverable_version FOR EACH ROW WHEN (old.state IN ('accepted', 'superseded'))"
    " EXECUTE FUNCTION never('an accepted version is never deleted')",
)
GUARDED = {'audit_entry': ('audit_entry_stays', 'audit_entry_kept'), 'deliverable_version': ('accepted_stays', 'accepted_kept')}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for statement in (*FTS, *SQLITE_GUARDS) if sqlite else (GIN, *POSTGRES_GUARDS):
        op.execute(sa.DDL(statement))
    numbering = sa.table('numbering', sa.column('kind', sa.String), sa.column('last', sa.Integer))
    known = set(op.get_bind().scalars(sa.select(numbering.c.kind)))
    op.bulk_insert(numbering, [{'kind': kind, 'last': 0} for kind in ('engagement', 'deliverable') if kind not in known])


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name in ('search_line_added', 'search_line_gone', 'search_line_changed'):
            op.execute(f'DROP TRIGGER {name}')
        op.execute('DROP TABLE search_text')
        for names in GUARDED.values():
            for name in names:
                op.execute(f'DROP TRIGGER {name}')
        return
    op.execute('DROP INDEX ix_search_line_folded')
    for table, names in GUARDED.items():
        for name in names:
            op.execute(f'DROP TRIGGER {name} ON {table}')
    op.execute('DROP FUNCTION never')
