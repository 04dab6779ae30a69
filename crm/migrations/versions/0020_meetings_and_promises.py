"""meetings: agenda, attendees, minutes and what was agreed; what decisions came to, promises in full, risks weighed anew"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

OLD = ("client", "contact", "engagement", "deliverable", "row")
NEW = (*OLD, "meeting")
KEPT = "id, kind, thing_id, code, title, beside, is_archived, folded, client_id, engagement_id, visibility, place"
TRIGGERS = {
    "search_line_added": "AFTER INSERT ON search_line BEGIN"
    " INSERT INTO search_text(rowid, folded) VALUES (new.id, new.folded); END",
    "search_line_gone": "AFTER DELETE ON search_line BEGIN"
    " INSERT INTO search_text(search_text, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "search_line_changed": "AFTER UPDATE OF folded ON search_line BEGIN"
    " INSERT INTO search_text(search_text, rowid, folded) VALUES ('delete', old.id, old.folded);"
    " INSERT INTO search_text(rowid, folded) VALUES (new.id, new.folded); END",
}
DEPARTMENTS = ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')
STATES = ('open', 'kept', 'late', 'broken', 'withdrawn')
PROMISED = 'id, client_id, to_contact_id, department, what, promised_on, due, done_on, status'
# Columns of tables that others refer to are added as they stand: a batch would make those tables anew.
ADDED = (
    ('decision', 'cost_a_week', 'BIGINT', 'cost_a_week BETWEEN -9000000000000 AND 9000000000000'),
    ('decision', 'review_on', 'DATE', ''),
    ('decision', 'came_of_it', "TEXT NOT NULL DEFAULT ''", 'length(came_of_it) <= 100000'),
    ('decision', 'came_on', 'DATE', ''),
    ('raid_item', 'reviewed_on', 'DATE', ''),
    ('raid_item', 'treatment', 'VARCHAR(30)', "treatment IN ('reduce', 'avoid', 'transfer', 'accept')"),
    ('raid_item', 'happened_on', 'DATE', ''),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_index('ix_review_id_client_id', 'review', ['id', 'client_id'], unique=True)
    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('management', 'kick_off', 'quarterly', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('state', sa.Enum('draft', 'held', 'shared', native_enum=False, length=30), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('begins', sa.String(length=5), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('follows_id', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("(state = 'shared') = (shared_at IS NOT NULL)", name=op.f('ck_meeting_shared_has_a_moment')),
    sa.CheckConstraint("(state = 'shared') = (visibility = 'client')", name=op.f('ck_meeting_client_reads_shared')),
    sa.CheckConstraint("kind IN ('management', 'kick_off', 'quarterly', 'other')", name=op.f('ck_meeting_kind_known')),
    sa.CheckConstraint("state IN ('draft', 'held', 'shared')", name=op.f('ck_meeting_state_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_meeting_visibility_known')),
    sa.CheckConstraint('length(begins) <= 5', name=op.f('ck_meeting_begins_fits')),
    sa.CheckConstraint('length(place) <= 200', name=op.f('ck_meeting_place_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_meeting_title_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_meeting_version_fits')),
    sa.ForeignKeyConstraint(['activity_id', 'client_id'], ['activity.id', 'activity.client_id'], name=op.f('fk_meeting_activity_id_activity')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_meeting_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_meeting_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['follows_id', 'client_id'], ['meeting.id', 'meeting.client_id'], name=op.f('fk_meeting_follows_id_meeting')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_meeting_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_meeting_id_client_id'))
    )
    op.create_index('ix_meeting_activity_id', 'meeting', ['activity_id'])
    op.create_index('ix_meeting_client_id', 'meeting', ['client_id'])
    op.create_index('ix_meeting_client_id_on', 'meeting', ['client_id', 'on'])
    op.create_index('ix_meeting_engagement_id', 'meeting', ['engagement_id'])
    op.create_index('ix_meeting_follows_id', 'meeting', ['follows_id'])
    op.create_index('ix_meeting_made_by_id', 'meeting', ['made_by_id'])

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('minutes', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_agenda_item_visibility_known')),
    sa.CheckConstraint('length(minutes) <= 100000', name=op.f('ck_agenda_item_minutes_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_agenda_item_title_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_agenda_item_position_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_agenda_item_client_id_client')),
    sa.ForeignKeyConstraint(['meeting_id', 'client_id'], ['meeting.id', 'meeting.client_id'], name=op.f('fk_agenda_item_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    op.create_index('ix_agenda_item_client_id', 'agenda_item', ['client_id'])
    op.create_index('ix_agenda_item_meeting_id', 'agenda_item', ['meeting_id'])

    op.create_table('meeting_attendee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END + CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN name = '' THEN 0 ELSE 1 END = 1", name=op.f('ck_meeting_attendee_one_party')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_meeting_attendee_visibility_known')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_meeting_attendee_name_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_meeting_attendee_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_meeting_attendee_contact_id_contact')),
    sa.ForeignKeyConstraint(['meeting_id', 'client_id'], ['meeting.id', 'meeting.client_id'], name=op.f('fk_meeting_attendee_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_meeting_attendee_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_attendee')),
    sa.UniqueConstraint('meeting_id', 'contact_id', name=op.f('uq_meeting_attendee_meeting_id_contact_id')),
    sa.UniqueConstraint('meeting_id', 'person_id', name=op.f('uq_meeting_attendee_meeting_id_person_id'))
    )
    op.create_index('ix_meeting_attendee_client_id', 'meeting_attendee', ['client_id'])
    op.create_index('ix_meeting_attendee_contact_id', 'meeting_attendee', ['contact_id'])
    op.create_index('ix_meeting_attendee_meeting_id', 'meeting_attendee', ['meeting_id'])
    op.create_index('ix_meeting_attendee_person_id', 'meeting_attendee', ['person_id'])

    op.create_table('meeting_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(body) <= 100000', name=op.f('ck_meeting_note_body_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_meeting_note_client_id_client')),
    sa.ForeignKeyConstraint(['meeting_id', 'client_id'], ['meeting.id', 'meeting.client_id'], name=op.f('fk_meeting_note_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_note')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_meeting_note_meeting_id'))
    )
    op.create_index('ix_meeting_note_client_id', 'meeting_note', ['client_id'])

    op.create_table('row_origin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(meeting_id IS NULL) != (review_id IS NULL)', name=op.f('ck_row_origin_one_origin')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_row_origin_client_id_client')),
    sa.ForeignKeyConstraint(['entry_id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_row_origin_entry_id_register_entry')),
    sa.ForeignKeyConstraint(['meeting_id', 'client_id'], ['meeting.id', 'meeting.client_id'], name=op.f('fk_row_origin_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['review_id', 'client_id'], ['review.id', 'review.client_id'], name=op.f('fk_row_origin_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_row_origin')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_row_origin_entry_id'))
    )
    op.create_index('ix_row_origin_client_id', 'row_origin', ['client_id'])
    op.create_index('ix_row_origin_meeting_id', 'row_origin', ['meeting_id'])
    op.create_index('ix_row_origin_review_id', 'row_origin', ['review_id'])

    for table, column, kind, check in ADDED:
        ending = {'BIGINT': 'fits', 'VARCHAR(30)': 'known'}.get(kind, 'fits')
        named = f"\nCONSTRAINT ck_{table}_{column}_{ending} CHECK ({check})\n" if check else "\n"
        op.execute(sa.DDL(f"ALTER TABLE {table} ADD COLUMN {column}\n{kind}{named}"))
    if sqlite:
        _promise_anew(wider=True)
        _make_anew(NEW)
        return
    op.add_column('commitment', sa.Column('keeper_id', sa.Integer(), nullable=True))
    op.add_column('commitment', sa.Column('closing', sa.Text(), nullable=False, server_default=''))
    op.add_column('commitment', sa.Column('agreed_on', sa.Date(), nullable=True))
    op.create_check_constraint(op.f('ck_commitment_closing_fits'), 'commitment', 'length(closing) <= 100000')
    op.create_foreign_key(op.f('fk_commitment_keeper_id_person'), 'commitment', 'person', ['keeper_id'], ['id'])
    op.create_index('ix_commitment_keeper_id', 'commitment', ['keeper_id'])
    _know(NEW)


def downgrade() -> None:
    op.execute("DELETE FROM search_line WHERE kind = 'meeting'")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(OLD)
        _promise_anew(wider=False)
    else:
        _know(OLD)
        for column in ('agreed_on', 'closing', 'keeper_id'):
            op.drop_column('commitment', column)
    for table, column, _, _ in reversed(ADDED):
        op.execute(sa.DDL(f"ALTER TABLE {table} DROP COLUMN {column}"))
    for table in ('row_origin', 'meeting_note', 'meeting_attendee', 'agenda_item', 'meeting'):
        op.drop_table(table)
    op.drop_index('ix_review_id_client_id', 'review')


def _promise_anew(*, wider: bool) -> None:
    """SQLite adds no key: the table of promises, which nothing refers to, is made anew with its rows."""
    op.drop_index('ix_commitment_client_id', 'commitment')
    if not wider:
        op.drop_index('ix_commitment_keeper_id', 'commitment')
    op.rename_table('commitment', 'commitment_before')
    more = [
        sa.Column('keeper_id', sa.Integer(), nullable=True),
        sa.Column('closing', sa.Text(), nullable=False, server_default=''),
        sa.Column('agreed_on', sa.Date(), nullable=True),
        sa.CheckConstraint('length(closing) <= 100000', name=op.f('ck_commitment_closing_fits')),
        sa.ForeignKeyConstraint(['keeper_id'], ['person.id'], name=op.f('fk_commitment_keeper_id_person')),
    ] if wider else []
    op.create_table(
        'commitment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('client_id', sa.Integer(), nullable=False),
        sa.Column('to_contact_id', sa.Integer(), nullable=False),
        sa.Column('department', sa.Enum(*DEPARTMENTS, native_enum=False, length=30), nullable=False),
        sa.Column('what', sa.String(length=200), nullable=False),
        sa.Column('promised_on', sa.Date(), nullable=False),
        sa.Column('due', sa.Date(), nullable=False),
        sa.Column('done_on', sa.Date(), nullable=True),
        sa.Column('status', sa.Enum(*STATES, native_enum=False, length=30), nullable=False),
        *more,
        sa.CheckConstraint(f"department IN ({', '.join(map(repr, DEPARTMENTS))})", name=op.f('ck_commitment_department_known')),
        sa.CheckConstraint(f"status IN ({', '.join(map(repr, STATES))})", name=op.f('ck_commitment_status_known')),
        sa.CheckConstraint('length(what) <= 200', name=op.f('ck_commitment_what_fits')),
        sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_commitment_id_register_entry')),
        sa.ForeignKeyConstraint(['to_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_commitment_to_contact_id_contact')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
        sa.UniqueConstraint('id', 'client_id', name=op.f('uq_commitment_id_client_id')),
    )
    op.execute(f"INSERT INTO commitment ({PROMISED}) SELECT {PROMISED} FROM commitment_before")
    op.drop_table('commitment_before')
    op.create_index('ix_commitment_client_id', 'commitment', ['client_id'])
    if wider:
        op.create_index('ix_commitment_keeper_id', 'commitment', ['keeper_id'])


def _know(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_search_line_kind_known"), "search_line")
    op.create_check_constraint(op.f("ck_search_line_kind_known"), "search_line", _listed(kinds))


def _listed(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def _make_anew(kinds: tuple[str, ...]) -> None:
    """SQLite changes no CHECK: the table is made anew with its rows. The full text hangs on their ids, which stay."""
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    for name in ("client_id", "code", "engagement_id"):
        op.drop_index(f"ix_search_line_{name}", "search_line")
    op.rename_table("search_line", "search_line_before")
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
        sa.Column("place", sa.String(length=100), nullable=False, server_default=""),
        sa.CheckConstraint("length(place) <= 100", name=op.f("ck_search_line_place_fits")),
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
