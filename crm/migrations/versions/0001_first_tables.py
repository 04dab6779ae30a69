"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=200), nullable=False),
    sa.Column('theme', sa.String(length=200), nullable=False),
    sa.Column('single_keys', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(email) <= 200', name=op.f('ck_account_email_fits')),
    sa.CheckConstraint('length(fs_uniquifier) <= 200', name=op.f('ck_account_fs_uniquifier_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_account_name_fits')),
    sa.CheckConstraint('length(password) <= 255', name=op.f('ck_account_password_fits')),
    sa.CheckConstraint('length(theme) <= 200', name=op.f('ck_account_theme_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_account_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_account_fs_uniquifier'))
    )
    op.create_table('client',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sector', sa.String(length=200), nullable=False),
    sa.Column('town', sa.String(length=200), nullable=False),
    sa.Column('region', sa.String(length=200), nullable=False),
    sa.Column('headcount', sa.Integer(), nullable=True),
    sa.Column('revenue', sa.BigInteger(), nullable=True),
    sa.Column('mission', sa.String(length=500), nullable=False),
    sa.Column('has_cto', sa.Boolean(), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('viewers_see_registers', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('headcount >= 0', name=op.f('ck_client_headcount')),
    sa.CheckConstraint('headcount BETWEEN -2147483648 AND 2147483647', name=op.f('ck_client_headcount_fits')),
    sa.CheckConstraint('length(code) <= 6', name=op.f('ck_client_code_fits')),
    sa.CheckConstraint('length(code) BETWEEN 2 AND 6', name=op.f('ck_client_code_length')),
    sa.CheckConstraint('length(mission) <= 500', name=op.f('ck_client_mission_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_client_name_fits')),
    sa.CheckConstraint('length(region) <= 200', name=op.f('ck_client_region_fits')),
    sa.CheckConstraint('length(sector) <= 200', name=op.f('ck_client_sector_fits')),
    sa.CheckConstraint('length(town) <= 200', name=op.f('ck_client_town_fits')),
    sa.CheckConstraint('revenue >= 0', name=op.f('ck_client_revenue')),
    sa.CheckConstraint('revenue BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_client_revenue_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_client_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client')),
    sa.UniqueConstraint('code', name=op.f('uq_client_code'))
    )
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_client_name'), ['name'], unique=False)

    op.create_table('demo_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(body) <= 100000', name=op.f('ck_demo_mail_body_fits')),
    sa.CheckConstraint('length(key) <= 200', name=op.f('ck_demo_mail_key_fits')),
    sa.CheckConstraint('length(recipient) <= 200', name=op.f('ck_demo_mail_recipient_fits')),
    sa.CheckConstraint('length(subject) <= 300', name=op.f('ck_demo_mail_subject_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demo_mail')),
    sa.UniqueConstraint('key', name=op.f('uq_demo_mail_key'))
    )
    op.create_table('numbering',
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.CheckConstraint('last BETWEEN -2147483648 AND 2147483647', name=op.f('ck_numbering_last_fits')),
    sa.CheckConstraint('length(kind) <= 200', name=op.f('ck_numbering_kind_fits')),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_numbering'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_by', sa.String(length=200), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dead_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=500), nullable=True),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.CheckConstraint('attempts BETWEEN -2147483648 AND 2147483647', name=op.f('ck_outbox_attempts_fits')),
    sa.CheckConstraint('length(error) <= 500', name=op.f('ck_outbox_error_fits')),
    sa.CheckConstraint('length(key) <= 200', name=op.f('ck_outbox_key_fits')),
    sa.CheckConstraint('length(lease_by) <= 200', name=op.f('ck_outbox_lease_by_fits')),
    sa.CheckConstraint('length(recipient) <= 200', name=op.f('ck_outbox_recipient_fits')),
    sa.CheckConstraint('length(topic) <= 60', name=op.f('ck_outbox_topic_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_key'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_open', ['due_at'], unique=False, postgresql_where=sa.text('done_at IS NULL'), sqlite_where=sa.text('done_at IS NULL'))

    op.create_table('period',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('open', 'locked', native_enum=False, length=30), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("month >= '2000-01-01'", name=op.f('ck_period_month')),
    sa.CheckConstraint("state IN ('open', 'locked')", name=op.f('ck_period_state_known')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_period_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_period')),
    sa.UniqueConstraint('month', name=op.f('uq_period_month'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('partner', 'consultant', 'admin', native_enum=False, length=30), nullable=False),
    sa.Column('base', sa.String(length=200), nullable=False),
    sa.Column('modes', sa.String(length=200), nullable=False),
    sa.Column('background', sa.String(length=200), nullable=False),
    sa.Column('story', sa.String(length=500), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('partner', 'consultant', 'admin')", name=op.f('ck_person_kind_known')),
    sa.CheckConstraint('length(background) <= 200', name=op.f('ck_person_background_fits')),
    sa.CheckConstraint('length(base) <= 200', name=op.f('ck_person_base_fits')),
    sa.CheckConstraint('length(email) <= 200', name=op.f('ck_person_email_fits')),
    sa.CheckConstraint('length(modes) <= 200', name=op.f('ck_person_modes_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_person_name_fits')),
    sa.CheckConstraint('length(story) <= 500', name=op.f('ck_person_story_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_person_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_name'), ['name'], unique=False)

    op.create_table('practice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('town', sa.String(length=200), nullable=False),
    sa.Column('currency', sa.String(length=200), nullable=False),
    sa.Column('zone', sa.String(length=200), nullable=False),
    sa.Column('region', sa.String(length=200), nullable=False),
    sa.Column('review_days', sa.Integer(), nullable=False),
    sa.Column('override_days', sa.Integer(), nullable=False),
    sa.Column('consultant_share', sa.Integer(), nullable=False),
    sa.Column('partner_share', sa.Integer(), nullable=False),
    sa.Column('consultant_target', sa.Integer(), nullable=False),
    sa.Column('partner_target', sa.Integer(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('consultant_share BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_consultant_share_fits')),
    sa.CheckConstraint('consultant_share BETWEEN 1 AND 100 AND partner_share BETWEEN 1 AND 100', name=op.f('ck_practice_shares')),
    sa.CheckConstraint('consultant_target BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_consultant_target_fits')),
    sa.CheckConstraint('consultant_target BETWEEN 1 AND 100 AND partner_target BETWEEN 1 AND 100', name=op.f('ck_practice_targets')),
    sa.CheckConstraint('id = 1', name=op.f('ck_practice_only_one')),
    sa.CheckConstraint('length(currency) <= 200', name=op.f('ck_practice_currency_fits')),
    sa.CheckConstraint('length(currency) = 3', name=op.f('ck_practice_currency_code')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_practice_name_fits')),
    sa.CheckConstraint('length(region) <= 200', name=op.f('ck_practice_region_fits')),
    sa.CheckConstraint('length(town) <= 200', name=op.f('ck_practice_town_fits')),
    sa.CheckConstraint('length(zone) <= 200', name=op.f('ck_practice_zone_fits')),
    sa.CheckConstraint('override_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_override_days_fits')),
    sa.CheckConstraint('partner_share BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_partner_share_fits')),
    sa.CheckConstraint('partner_target BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_partner_target_fits')),
    sa.CheckConstraint('review_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_review_days_fits')),
    sa.CheckConstraint('review_days BETWEEN 1 AND 60 AND override_days BETWEEN 1 AND 366', name=op.f('ck_practice_days')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice'))
    )
    op.create_table('rate_count',
    sa.Column('key', sa.String(length=250), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.CheckConstraint('hits BETWEEN -2147483648 AND 2147483647', name=op.f('ck_rate_count_hits_fits')),
    sa.CheckConstraint('length(key) <= 250', name=op.f('ck_rate_count_key_fits')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_rate_count'))
    )
    with op.batch_alter_table('rate_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rate_count_expires_at'), ['expires_at'], unique=False)

    op.create_table('audit_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('open_to', sa.Enum('partners', 'team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("open_to IN ('partners', 'team', 'client')", name=op.f('ck_audit_text_open_to_known')),
    sa.CheckConstraint('engagement_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_audit_text_engagement_id_fits')),
    sa.CheckConstraint('length(body) <= 100000', name=op.f('ck_audit_text_body_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_audit_text_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_text'))
    )
    with op.batch_alter_table('audit_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_text_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_text_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('client_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(body) <= 100000', name=op.f('ck_client_note_body_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_client_note_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_note_client_id_client')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_client_note_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_note')),
    sa.UniqueConstraint('client_id', name=op.f('uq_client_note_client_id'))
    )
    with op.batch_alter_table('client_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_client_note_client_id'), ['client_id'], unique=False)

    op.create_table('cost_rate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('per_day', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('per_day BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_cost_rate_per_day_fits')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cost_rate_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cost_rate')),
    sa.UniqueConstraint('person_id', 'begins', name=op.f('uq_cost_rate_person_id_begins'))
    )
    op.create_table('department',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('people', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_department_kind_known')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_department_name_fits')),
    sa.CheckConstraint('people >= 0', name=op.f('ck_department_people')),
    sa.CheckConstraint('people BETWEEN -2147483648 AND 2147483647', name=op.f('ck_department_people_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_department_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_department_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
    sa.UniqueConstraint('client_id', 'name', name=op.f('uq_department_client_id_name')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_department_id_client_id'))
    )
    with op.batch_alter_table('department', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_department_client_id'), ['client_id'], unique=False)

    op.create_table('engagement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('model', sa.Enum('virtual', 'part_time', 'non_exec', 'mentoring', native_enum=False, length=30), nullable=False),
    sa.Column('board_role', sa.Enum('none', 'reports_to_board', 'attends_board', 'board_member', 'committee_member', native_enum=False, length=30), nullable=False),
    sa.Column('state', sa.Enum('draft', 'active', 'paused', 'closing', 'closed', 'cancelled', native_enum=False, length=30), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('notice_given_on', sa.Date(), nullable=True),
    sa.Column('closing_began_on', sa.Date(), nullable=True),
    sa.Column('days_a_month', sa.BigInteger(), nullable=True),
    sa.Column('scope_note', sa.String(length=1000), nullable=False),
    sa.Column('authority_note', sa.String(length=500), nullable=False),
    sa.Column('handover_note', sa.String(length=2000), nullable=False),
    sa.Column('follows_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("board_role IN ('none', 'reports_to_board', 'attends_board', 'board_member', 'committee_member')", name=op.f('ck_engagement_board_role_known')),
    sa.CheckConstraint("model IN ('virtual', 'part_time', 'non_exec', 'mentoring')", name=op.f('ck_engagement_model_known')),
    sa.CheckConstraint("state IN ('draft', 'active', 'paused', 'closing', 'closed', 'cancelled')", name=op.f('ck_engagement_state_known')),
    sa.CheckConstraint('days_a_month >= 0', name=op.f('ck_engagement_days_a_month')),
    sa.CheckConstraint('days_a_month BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_engagement_days_a_month_fits')),
    sa.CheckConstraint('length(authority_note) <= 500', name=op.f('ck_engagement_authority_note_fits')),
    sa.CheckConstraint('length(handover_note) <= 2000', name=op.f('ck_engagement_handover_note_fits')),
    sa.CheckConstraint('length(scope_note) <= 1000', name=op.f('ck_engagement_scope_note_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_engagement_title_fits')),
    sa.CheckConstraint('notice_days >= 0', name=op.f('ck_engagement_notice')),
    sa.CheckConstraint('notice_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_engagement_notice_days_fits')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_engagement_number_fits')),
    sa.CheckConstraint('starts <= ends', name=op.f('ck_engagement_order')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_engagement_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_engagement_client_id_client')),
    sa.ForeignKeyConstraint(['follows_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_engagement_follows_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_engagement')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_engagement_id_client_id')),
    sa.UniqueConstraint('number', name=op.f('uq_engagement_number'))
    )
    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_engagement_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_engagement_follows_id'), ['follows_id'], unique=False)
        batch_op.create_index('ix_engagement_state_ends', ['state', 'ends'], unique=False)

    op.create_table('import_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('source', sa.Enum('harvest', 'toggl', 'clockify', 'generic', native_enum=False, length=30), nullable=False),
    sa.Column('encoding', sa.String(length=30), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('header_line', sa.Integer(), nullable=False),
    sa.Column('day_order', sa.Enum('iso', 'day_first', 'month_first', native_enum=False, length=30), nullable=True),
    sa.Column('example', sa.String(length=30), nullable=False),
    sa.Column('notes_for', sa.Enum('internal', 'client', native_enum=False, length=30), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('state', sa.Enum('asking', 'reading', 'naming', 'checked', 'taken', 'dropped', native_enum=False, length=30), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('empty', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('outside', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("day_order IN ('iso', 'day_first', 'month_first')", name=op.f('ck_import_batch_day_order_known')),
    sa.CheckConstraint("notes_for IN ('internal', 'client')", name=op.f('ck_import_batch_notes_for_known')),
    sa.CheckConstraint("source IN ('harvest', 'toggl', 'clockify', 'generic')", name=op.f('ck_import_batch_source_known')),
    sa.CheckConstraint("state IN ('asking', 'reading', 'naming', 'checked', 'taken', 'dropped')", name=op.f('ck_import_batch_state_known')),
    sa.CheckConstraint('bad BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_bad_fits')),
    sa.CheckConstraint('empty BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_empty_fits')),
    sa.CheckConstraint('header_line BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_header_line_fits')),
    sa.CheckConstraint('known BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_known_fits')),
    sa.CheckConstraint('left_out BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_left_out_fits')),
    sa.CheckConstraint('length(delimiter) <= 1', name=op.f('ck_import_batch_delimiter_fits')),
    sa.CheckConstraint('length(digest) <= 64', name=op.f('ck_import_batch_digest_fits')),
    sa.CheckConstraint('length(encoding) <= 30', name=op.f('ck_import_batch_encoding_fits')),
    sa.CheckConstraint('length(example) <= 30', name=op.f('ck_import_batch_example_fits')),
    sa.CheckConstraint('length(file_name) <= 200', name=op.f('ck_import_batch_file_name_fits')),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_import_batch_reason_fits')),
    sa.CheckConstraint('minutes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_minutes_fits')),
    sa.CheckConstraint('new BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_new_fits')),
    sa.CheckConstraint('outside BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_outside_fits')),
    sa.CheckConstraint('rows BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_rows_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_batch_version_fits')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_batch_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.create_index('ix_import_batch_made_at', ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_batch_person_id'), ['person_id'], unique=False)

    op.create_table('kept_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.String(length=1000), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(path) <= 1000', name=op.f('ck_kept_form_path_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_kept_form_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_form'))
    )
    with op.batch_alter_table('kept_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_form_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kept_form_at'), ['at'], unique=False)

    op.create_table('leave',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('asked', 'approved', 'refused', 'withdrawn', native_enum=False, length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("status IN ('asked', 'approved', 'refused', 'withdrawn')", name=op.f('ck_leave_status_known')),
    sa.CheckConstraint('begins <= ends', name=op.f('ck_leave_order')),
    sa.CheckConstraint('share BETWEEN -2147483648 AND 2147483647', name=op.f('ck_leave_share_fits')),
    sa.CheckConstraint('share BETWEEN 1 AND 100', name=op.f('ck_leave_share')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_leave_version_fits')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_leave_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leave')),
    sa.UniqueConstraint('id', 'person_id', name=op.f('uq_leave_id_person_id'))
    )
    with op.batch_alter_table('leave', schema=None) as batch_op:
        batch_op.create_index('ix_leave_person_id_begins', ['person_id', 'begins'], unique=False)

    op.create_table('mapped_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('person', 'project', 'task', native_enum=False, length=30), nullable=False),
    sa.Column('name', sa.String(length=420), nullable=False),
    sa.Column('target', sa.String(length=200), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('person', 'project', 'task')", name=op.f('ck_mapped_name_kind_known')),
    sa.CheckConstraint('length(name) <= 420', name=op.f('ck_mapped_name_name_fits')),
    sa.CheckConstraint('length(target) <= 200', name=op.f('ck_mapped_name_target_fits')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mapped_name_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mapped_name')),
    sa.UniqueConstraint('person_id', 'kind', 'name', name=op.f('uq_mapped_name_person_id_kind_name'))
    )
    with op.batch_alter_table('mapped_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mapped_name_person_id'), ['person_id'], unique=False)

    op.create_table('once',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=200), nullable=False),
    sa.Column('location', sa.String(length=1000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(digest) <= 200', name=op.f('ck_once_digest_fits')),
    sa.CheckConstraint('length(key) <= 64', name=op.f('ck_once_key_fits')),
    sa.CheckConstraint('length(location) <= 1000', name=op.f('ck_once_location_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_once_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_once')),
    sa.UniqueConstraint('account_id', 'key', name=op.f('uq_once_account_id_key'))
    )
    with op.batch_alter_table('once', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_once_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_once_at'), ['at'], unique=False)

    op.create_table('register_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('source', sa.Enum('manual', 'review', 'pulse', 'import', native_enum=False, length=30), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_register_entry_area_known')),
    sa.CheckConstraint("source IN ('manual', 'review', 'pulse', 'import')", name=op.f('ck_register_entry_source_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_register_entry_visibility_known')),
    sa.CheckConstraint('length(kind) <= 30', name=op.f('ck_register_entry_kind_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_register_entry_version_fits')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_register_entry_changed_by_id_person')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_register_entry_client_id_client')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_register_entry_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entry')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_register_entry_id_client_id'))
    )
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_entry_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_register_entry_client_id_kind', ['client_id', 'kind', 'archived_at'], unique=False)

    op.create_table('roster_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Enum('cio', 'cto', 'it_director', 'it_manager', 'it_lead', native_enum=False, length=30), nullable=False),
    sa.Column('holder', sa.String(length=200), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title IN ('cio', 'cto', 'it_director', 'it_manager', 'it_lead')", name=op.f('ck_roster_seat_title_known')),
    sa.CheckConstraint('length(holder) <= 200', name=op.f('ck_roster_seat_holder_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_roster_seat_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_seat')),
    sa.UniqueConstraint('client_id', 'title', name=op.f('uq_roster_seat_client_id_title'))
    )
    with op.batch_alter_table('roster_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_seat_client_id'), ['client_id'], unique=False)

    op.create_table('search_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('client', 'contact', 'engagement', 'deliverable', native_enum=False, length=30), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('beside', sa.String(length=500), nullable=False),
    sa.Column('is_archived', sa.Boolean(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("kind IN ('client', 'contact', 'engagement', 'deliverable')", name=op.f('ck_search_line_kind_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_search_line_visibility_known')),
    sa.CheckConstraint('engagement_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_search_line_engagement_id_fits')),
    sa.CheckConstraint('length(beside) <= 500', name=op.f('ck_search_line_beside_fits')),
    sa.CheckConstraint('length(code) <= 30', name=op.f('ck_search_line_code_fits')),
    sa.CheckConstraint('length(folded) <= 100000', name=op.f('ck_search_line_folded_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_search_line_title_fits')),
    sa.CheckConstraint('thing_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_search_line_thing_id_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_search_line_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_line')),
    sa.UniqueConstraint('kind', 'thing_id', name=op.f('uq_search_line_kind_thing_id'))
    )
    with op.batch_alter_table('search_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_line_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_search_line_code', ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_line_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('wall',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_wall_reason_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_wall_client_id_client')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_wall_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wall')),
    sa.UniqueConstraint('client_id', 'person_id', name=op.f('uq_wall_client_id_person_id'))
    )
    with op.batch_alter_table('wall', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wall_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wall_person_id'), ['person_id'], unique=False)

    op.create_table('working_pattern',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('mon', sa.Integer(), nullable=False),
    sa.Column('tue', sa.Integer(), nullable=False),
    sa.Column('wed', sa.Integer(), nullable=False),
    sa.Column('thu', sa.Integer(), nullable=False),
    sa.Column('fri', sa.Integer(), nullable=False),
    sa.Column('sat', sa.Integer(), nullable=False),
    sa.Column('sun', sa.Integer(), nullable=False),
    sa.Column('region', sa.String(length=200), nullable=False),
    sa.Column('delivery_share', sa.Integer(), nullable=False),
    sa.Column('utilisation_target', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('delivery_share BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_delivery_share_fits')),
    sa.CheckConstraint('delivery_share BETWEEN 1 AND 100', name=op.f('ck_working_pattern_delivery_share')),
    sa.CheckConstraint('fri BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_fri_fits')),
    sa.CheckConstraint('fri BETWEEN 0 AND 100', name=op.f('ck_working_pattern_fri_share')),
    sa.CheckConstraint('length(region) <= 200', name=op.f('ck_working_pattern_region_fits')),
    sa.CheckConstraint('mon BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_mon_fits')),
    sa.CheckConstraint('mon BETWEEN 0 AND 100', name=op.f('ck_working_pattern_mon_share')),
    sa.CheckConstraint('sat BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_sat_fits')),
    sa.CheckConstraint('sat BETWEEN 0 AND 100', name=op.f('ck_working_pattern_sat_share')),
    sa.CheckConstraint('sun BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_sun_fits')),
    sa.CheckConstraint('sun BETWEEN 0 AND 100', name=op.f('ck_working_pattern_sun_share')),
    sa.CheckConstraint('thu BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_thu_fits')),
    sa.CheckConstraint('thu BETWEEN 0 AND 100', name=op.f('ck_working_pattern_thu_share')),
    sa.CheckConstraint('tue BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_tue_fits')),
    sa.CheckConstraint('tue BETWEEN 0 AND 100', name=op.f('ck_working_pattern_tue_share')),
    sa.CheckConstraint('utilisation_target BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_utilisation_target_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_version_fits')),
    sa.CheckConstraint('wed BETWEEN -2147483648 AND 2147483647', name=op.f('ck_working_pattern_wed_fits')),
    sa.CheckConstraint('wed BETWEEN 0 AND 100', name=op.f('ck_working_pattern_wed_share')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_working_pattern_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_pattern')),
    sa.UniqueConstraint('person_id', 'begins', name=op.f('uq_working_pattern_person_id_begins'))
    )
    with op.batch_alter_table('working_pattern', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_working_pattern_person_id'), ['person_id'], unique=False)

    op.create_table('activity',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('call', 'meeting', 'visit', 'mail', 'note', native_enum=False, length=30), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("kind IN ('call', 'meeting', 'visit', 'mail', 'note')", name=op.f('ck_activity_kind_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_activity_visibility_known')),
    sa.CheckConstraint('length(body) <= 100000', name=op.f('ck_activity_body_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_activity_title_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_activity_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_activity_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_activity_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_activity_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_activity_id_client_id'))
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_activity_client_id_happened_on', ['client_id', 'happened_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_person_id'), ['person_id'], unique=False)

    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('lead', 'specialist', 'mentor', 'reviewer', native_enum=False, length=30), nullable=False),
    sa.Column('mode', sa.Enum('virtual', 'part_time', 'non_exec', 'mentoring', native_enum=False, length=30), nullable=False),
    sa.Column('status', sa.Enum('tentative', 'confirmed', 'ended', native_enum=False, length=30), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.Column('days_a_month', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("mode IN ('virtual', 'part_time', 'non_exec', 'mentoring')", name=op.f('ck_assignment_mode_known')),
    sa.CheckConstraint("role IN ('lead', 'specialist', 'mentor', 'reviewer')", name=op.f('ck_assignment_role_known')),
    sa.CheckConstraint("status IN ('tentative', 'confirmed', 'ended')", name=op.f('ck_assignment_status_known')),
    sa.CheckConstraint('begins <= ends', name=op.f('ck_assignment_order')),
    sa.CheckConstraint('days_a_month >= 0', name=op.f('ck_assignment_days')),
    sa.CheckConstraint('days_a_month BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_assignment_days_a_month_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assignment_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_assignment_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_assignment_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_assignment_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_assignment_person_id_begins_ends', ['person_id', 'begins', 'ends'], unique=False)

    op.create_table('closing_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_closing_step_title_fits')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_closing_step_number_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_closing_step_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_closing_step_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing_step')),
    sa.UniqueConstraint('engagement_id', 'number', name=op.f('uq_closing_step_engagement_id_number'))
    )
    with op.batch_alter_table('closing_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closing_step_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_closing_step_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('is_head', sa.Boolean(), nullable=False),
    sa.Column('decides', sa.Boolean(), nullable=False),
    sa.Column('consent', sa.Enum('not_asked', 'given', 'withdrawn', native_enum=False, length=30), nullable=False),
    sa.Column('consent_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(consent = 'not_asked') = (consent_on IS NULL)", name=op.f('ck_contact_consent_has_a_day')),
    sa.CheckConstraint("consent IN ('not_asked', 'given', 'withdrawn')", name=op.f('ck_contact_consent_known')),
    sa.CheckConstraint('length(email) <= 200', name=op.f('ck_contact_email_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_contact_name_fits')),
    sa.CheckConstraint('length(phone) <= 40', name=op.f('ck_contact_phone_fits')),
    sa.CheckConstraint('length(role) <= 200', name=op.f('ck_contact_role_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_contact_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_contact_client_id_client')),
    sa.ForeignKeyConstraint(['department_id', 'client_id'], ['department.id', 'department.client_id'], name=op.f('fk_contact_department_id_department')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_contact_id_client_id'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_contact_client_id_name', ['client_id', 'name'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_email'), ['email'], unique=False)
        batch_op.create_index('ix_contact_head', ['department_id'], unique=True, sqlite_where=sa.text('is_head'), postgresql_where=sa.text('is_head'))

    op.create_table('import_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('person', 'project', 'task', native_enum=False, length=30), nullable=False),
    sa.Column('name', sa.String(length=420), nullable=False),
    sa.Column('code', sa.String(length=200), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('time_kind', sa.String(length=30), nullable=True),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=True),
    sa.Column('left_out', sa.Boolean(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_import_name_area_known')),
    sa.CheckConstraint("kind IN ('person', 'project', 'task')", name=op.f('ck_import_name_kind_known')),
    sa.CheckConstraint('client_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_name_client_id_fits')),
    sa.CheckConstraint('engagement_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_name_engagement_id_fits')),
    sa.CheckConstraint('length(code) <= 200', name=op.f('ck_import_name_code_fits')),
    sa.CheckConstraint('length(name) <= 420', name=op.f('ck_import_name_name_fits')),
    sa.CheckConstraint('length(target) <= 200', name=op.f('ck_import_name_target_fits')),
    sa.CheckConstraint('length(time_kind) <= 30', name=op.f('ck_import_name_time_kind_fits')),
    sa.CheckConstraint('rows BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_name_rows_fits')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_name_batch_id_import_batch')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_import_name_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_name_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_name')),
    sa.UniqueConstraint('batch_id', 'kind', 'name', name=op.f('uq_import_name_batch_id_kind_name'))
    )
    with op.batch_alter_table('import_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_name_person_id'), ['person_id'], unique=False)

    op.create_table('import_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_part_number_fits')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_part_batch_id_import_batch')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_part_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_part')),
    sa.UniqueConstraint('batch_id', 'number', name=op.f('uq_import_part_batch_id_number'))
    )
    with op.batch_alter_table('import_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_part_person_id'), ['person_id'], unique=False)

    op.create_table('import_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('person_name_id', sa.Integer(), nullable=True),
    sa.Column('project_name_id', sa.Integer(), nullable=True),
    sa.Column('task_name_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('date_text', sa.String(length=200), nullable=False),
    sa.Column('time_text', sa.String(length=200), nullable=False),
    sa.Column('worked_on', sa.Date(), nullable=True),
    sa.Column('month', sa.Date(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('billable', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.String(length=40), nullable=False),
    sa.Column('problem', sa.String(length=500), nullable=False),
    sa.Column('skip', sa.Enum('none', 'empty', 'left_out', native_enum=False, length=30), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=30), nullable=True),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=True),
    sa.Column('outside', sa.Boolean(), nullable=False),
    sa.Column('import_key', sa.String(length=64), nullable=True),
    sa.Column('is_known', sa.Boolean(), nullable=False),
    sa.Column('refusal', sa.String(length=500), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_import_row_area_known')),
    sa.CheckConstraint("skip IN ('none', 'empty', 'left_out')", name=op.f('ck_import_row_skip_known')),
    sa.CheckConstraint('client_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_client_id_fits')),
    sa.CheckConstraint('engagement_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_engagement_id_fits')),
    sa.CheckConstraint('length(date_text) <= 200', name=op.f('ck_import_row_date_text_fits')),
    sa.CheckConstraint('length(digest) <= 40', name=op.f('ck_import_row_digest_fits')),
    sa.CheckConstraint('length(import_key) <= 64', name=op.f('ck_import_row_import_key_fits')),
    sa.CheckConstraint('length(kind) <= 30', name=op.f('ck_import_row_kind_fits')),
    sa.CheckConstraint('length(note) <= 2000', name=op.f('ck_import_row_note_fits')),
    sa.CheckConstraint('length(problem) <= 500', name=op.f('ck_import_row_problem_fits')),
    sa.CheckConstraint('length(refusal) <= 500', name=op.f('ck_import_row_refusal_fits')),
    sa.CheckConstraint('length(time_text) <= 200', name=op.f('ck_import_row_time_text_fits')),
    sa.CheckConstraint('line BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_line_fits')),
    sa.CheckConstraint('minutes >= 0', name=op.f('ck_import_row_minutes')),
    sa.CheckConstraint('minutes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_minutes_fits')),
    sa.CheckConstraint('person_name_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_person_name_id_fits')),
    sa.CheckConstraint('project_name_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_project_name_id_fits')),
    sa.CheckConstraint('task_name_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_import_row_task_name_id_fits')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_row_batch_id_import_batch')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_import_row_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_import_row_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row')),
    sa.UniqueConstraint('batch_id', 'line', name=op.f('uq_import_row_batch_id_line'))
    )
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_row_person_id'), ['person_id'], unique=False)

    op.create_table('leave_reason',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('leave_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(answer) <= 200', name=op.f('ck_leave_reason_answer_fits')),
    sa.CheckConstraint('length(kind) <= 200', name=op.f('ck_leave_reason_kind_fits')),
    sa.CheckConstraint('length(note) <= 200', name=op.f('ck_leave_reason_note_fits')),
    sa.ForeignKeyConstraint(['leave_id'], ['leave.id'], name=op.f('fk_leave_reason_leave_id_leave')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_leave_reason_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leave_reason')),
    sa.UniqueConstraint('leave_id', name=op.f('uq_leave_reason_leave_id'))
    )
    with op.batch_alter_table('leave_reason', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leave_reason_person_id'), ['person_id'], unique=False)

    op.create_table('pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('begins <= until', name=op.f('ck_pause_order')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_pause_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_pause_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause'))
    )
    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pause_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pause_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'superseded', native_enum=False, length=30), nullable=False),
    sa.Column('rag', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=False),
    sa.Column('trend', sa.Enum('improving', 'steady', 'worsening', native_enum=False, length=30), nullable=True),
    sa.Column('maturity', sa.Integer(), nullable=True),
    sa.Column('sentence', sa.String(length=500), nullable=False),
    sa.Column('ask', sa.String(length=500), nullable=False),
    sa.Column('ask_of', sa.String(length=200), nullable=False),
    sa.Column('ask_by', sa.Date(), nullable=True),
    sa.Column('suggested', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=True),
    sa.Column('override_reason', sa.String(length=500), nullable=False),
    sa.Column('override_until', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("(override_reason = '') = (override_until IS NULL)", name=op.f('ck_review_override')),
    sa.CheckConstraint("(state = 'draft') = (visibility = 'team')", name=op.f('ck_review_client_sees_published')),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_review_area_known')),
    sa.CheckConstraint("rag != 'red' OR state = 'draft' OR (ask != '' AND ask_of != '' AND ask_by IS NOT NULL)", name=op.f('ck_review_red_asks')),
    sa.CheckConstraint("rag IN ('green', 'amber', 'red')", name=op.f('ck_review_rag_known')),
    sa.CheckConstraint("state = 'draft' OR (published_at IS NOT NULL AND sentence != '')", name=op.f('ck_review_published_says')),
    sa.CheckConstraint("state IN ('draft', 'published', 'superseded')", name=op.f('ck_review_state_known')),
    sa.CheckConstraint("suggested IN ('green', 'amber', 'red')", name=op.f('ck_review_suggested_known')),
    sa.CheckConstraint("trend IN ('improving', 'steady', 'worsening')", name=op.f('ck_review_trend_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_review_visibility_known')),
    sa.CheckConstraint('length(ask) <= 500', name=op.f('ck_review_ask_fits')),
    sa.CheckConstraint('length(ask_of) <= 200', name=op.f('ck_review_ask_of_fits')),
    sa.CheckConstraint('length(override_reason) <= 500', name=op.f('ck_review_override_reason_fits')),
    sa.CheckConstraint('length(sentence) <= 500', name=op.f('ck_review_sentence_fits')),
    sa.CheckConstraint('maturity BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_maturity_fits')),
    sa.CheckConstraint('maturity BETWEEN 0 AND 10', name=op.f('ck_review_maturity')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_version_fits')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_review_author_id_person')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_review_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_review_client_id_area', ['client_id', 'area', 'published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_review_engagement_id_area', ['engagement_id', 'area', 'published_at'], unique=False)
        batch_op.create_index('ix_review_one_draft', ['engagement_id', 'area'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.create_index('ix_review_one_published', ['engagement_id', 'area'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.create_index(batch_op.f('ix_review_published_on'), ['published_on'], unique=False)

    op.create_table('terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('price_kind', sa.Enum('retainer', 'fixed_price', 'day_rate', native_enum=False, length=30), nullable=False),
    sa.Column('monthly_fee', sa.BigInteger(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('budget_days', sa.BigInteger(), nullable=True),
    sa.Column('day_rate', sa.BigInteger(), nullable=True),
    sa.Column('overage', sa.Enum('ask', 'bill', 'absorb', native_enum=False, length=30), nullable=False),
    sa.Column('overage_rate', sa.BigInteger(), nullable=True),
    sa.Column('rollover_cap', sa.BigInteger(), nullable=True),
    sa.Column('authority_limit', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("CASE price_kind WHEN 'retainer' THEN monthly_fee IS NOT NULL WHEN 'fixed_price' THEN amount IS NOT NULL ELSE day_rate IS NOT NULL END", name=op.f('ck_terms_price')),
    sa.CheckConstraint("overage IN ('ask', 'bill', 'absorb')", name=op.f('ck_terms_overage_known')),
    sa.CheckConstraint("price_kind IN ('retainer', 'fixed_price', 'day_rate')", name=op.f('ck_terms_price_kind_known')),
    sa.CheckConstraint('amount BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_amount_fits')),
    sa.CheckConstraint('authority_limit BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_authority_limit_fits')),
    sa.CheckConstraint('budget_days BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_budget_days_fits')),
    sa.CheckConstraint('day_rate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_day_rate_fits')),
    sa.CheckConstraint('monthly_fee >= 0 AND amount >= 0 AND day_rate >= 0 AND overage_rate >= 0', name=op.f('ck_terms_sums')),
    sa.CheckConstraint('monthly_fee BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_monthly_fee_fits')),
    sa.CheckConstraint('overage_rate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_overage_rate_fits')),
    sa.CheckConstraint('rollover_cap BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_terms_rollover_cap_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_terms_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_terms_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_terms_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms')),
    sa.UniqueConstraint('engagement_id', name=op.f('uq_terms_engagement_id'))
    )
    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_terms_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_terms_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('area_scope',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('scope', sa.Enum('lead', 'advise', 'oversee', 'out', native_enum=False, length=30), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('rows_shared', sa.Boolean(), nullable=False),
    sa.Column('holder_person_id', sa.Integer(), nullable=True),
    sa.Column('holder_contact_id', sa.Integer(), nullable=True),
    sa.Column('target', sa.Integer(), nullable=True),
    sa.Column('review_due', sa.Date(), nullable=True),
    sa.Column('confirmed', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=True),
    sa.Column('trend', sa.Enum('improving', 'steady', 'worsening', native_enum=False, length=30), nullable=True),
    sa.Column('maturity', sa.Integer(), nullable=True),
    sa.Column('sentence', sa.String(length=500), nullable=False),
    sa.Column('ask', sa.String(length=500), nullable=False),
    sa.Column('ask_by', sa.Date(), nullable=True),
    sa.Column('reviewed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_area_scope_area_known')),
    sa.CheckConstraint("confirmed IN ('green', 'amber', 'red')", name=op.f('ck_area_scope_confirmed_known')),
    sa.CheckConstraint("scope IN ('lead', 'advise', 'oversee', 'out')", name=op.f('ck_area_scope_scope_known')),
    sa.CheckConstraint("trend IN ('improving', 'steady', 'worsening')", name=op.f('ck_area_scope_trend_known')),
    sa.CheckConstraint('holder_person_id IS NULL OR holder_contact_id IS NULL', name=op.f('ck_area_scope_one_holder')),
    sa.CheckConstraint('length(ask) <= 500', name=op.f('ck_area_scope_ask_fits')),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_area_scope_reason_fits')),
    sa.CheckConstraint('length(sentence) <= 500', name=op.f('ck_area_scope_sentence_fits')),
    sa.CheckConstraint('maturity BETWEEN -2147483648 AND 2147483647', name=op.f('ck_area_scope_maturity_fits')),
    sa.CheckConstraint('maturity BETWEEN 0 AND 10 AND target BETWEEN 0 AND 10', name=op.f('ck_area_scope_levels')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_area_scope_number_fits')),
    sa.CheckConstraint('number BETWEEN 1 AND 12', name=op.f('ck_area_scope_number')),
    sa.CheckConstraint('target BETWEEN -2147483648 AND 2147483647', name=op.f('ck_area_scope_target_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_area_scope_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_area_scope_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_area_scope_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['holder_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_area_scope_holder_contact_id_contact')),
    sa.ForeignKeyConstraint(['holder_person_id'], ['person.id'], name=op.f('fk_area_scope_holder_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area_scope')),
    sa.UniqueConstraint('engagement_id', 'area', 'client_id', name=op.f('uq_area_scope_engagement_id_area_client_id')),
    sa.UniqueConstraint('engagement_id', 'area', name=op.f('uq_area_scope_engagement_id_area')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_area_scope_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('area_scope', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_scope_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_scope_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_area_scope_review_due', ['review_due'], unique=False)

    op.create_table('attendee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_attendee_visibility_known')),
    sa.CheckConstraint('(contact_id IS NULL) != (person_id IS NULL)', name=op.f('ck_attendee_one_party')),
    sa.ForeignKeyConstraint(['activity_id', 'client_id'], ['activity.id', 'activity.client_id'], name=op.f('fk_attendee_activity_id_activity')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_attendee_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_attendee_contact_id_contact')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendee_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendee')),
    sa.UniqueConstraint('activity_id', 'contact_id', name=op.f('uq_attendee_activity_id_contact_id')),
    sa.UniqueConstraint('activity_id', 'person_id', name=op.f('uq_attendee_activity_id_person_id'))
    )
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendee_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_person_id'), ['person_id'], unique=False)

    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('audience', sa.String(length=200), nullable=False),
    sa.Column('verb', sa.String(length=200), nullable=False),
    sa.Column('subject_kind', sa.String(length=200), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('from_state', sa.String(length=200), nullable=True),
    sa.Column('to_state', sa.String(length=200), nullable=True),
    sa.Column('reason_id', sa.Integer(), nullable=True),
    sa.Column('via', sa.String(length=200), nullable=False),
    sa.Column('request_id', sa.String(length=200), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('open_to', sa.Enum('partners', 'team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("open_to IN ('partners', 'team', 'client')", name=op.f('ck_audit_entry_open_to_known')),
    sa.CheckConstraint('account_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_audit_entry_account_id_fits')),
    sa.CheckConstraint('engagement_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_audit_entry_engagement_id_fits')),
    sa.CheckConstraint('length(audience) <= 200', name=op.f('ck_audit_entry_audience_fits')),
    sa.CheckConstraint('length(code) <= 30', name=op.f('ck_audit_entry_code_fits')),
    sa.CheckConstraint('length(from_state) <= 200', name=op.f('ck_audit_entry_from_state_fits')),
    sa.CheckConstraint('length(request_id) <= 200', name=op.f('ck_audit_entry_request_id_fits')),
    sa.CheckConstraint('length(subject_kind) <= 200', name=op.f('ck_audit_entry_subject_kind_fits')),
    sa.CheckConstraint('length(to_state) <= 200', name=op.f('ck_audit_entry_to_state_fits')),
    sa.CheckConstraint('length(verb) <= 200', name=op.f('ck_audit_entry_verb_fits')),
    sa.CheckConstraint('length(via) <= 200', name=op.f('ck_audit_entry_via_fits')),
    sa.CheckConstraint('subject_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_audit_entry_subject_id_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_audit_entry_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_audit_entry_contact_id_contact')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_audit_entry_person_id_person')),
    sa.ForeignKeyConstraint(['reason_id'], ['audit_text.id'], name=op.f('fk_audit_entry_reason_id_audit_text')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index('ix_audit_entry_client_at', ['client_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_audit_entry_engagement_at', ['engagement_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_audit_entry_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_follow_up_title_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_follow_up_version_fits')),
    sa.ForeignKeyConstraint(['activity_id', 'client_id'], ['activity.id', 'activity.client_id'], name=op.f('fk_follow_up_activity_id_activity')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_follow_up_client_id_client')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_follow_up_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_follow_up_person_id_due', ['person_id', 'due'], unique=False)

    op.create_table('mentoring_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('mentee_id', sa.Integer(), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    sa.Column('goal', sa.String(length=200), nullable=False),
    sa.Column('competency', sa.Enum('professional', 'social', 'managerial', 'transformational', 'business', 'innovation', native_enum=False, length=30), nullable=False),
    sa.Column('level_start', sa.Integer(), nullable=True),
    sa.Column('level_now', sa.Integer(), nullable=True),
    sa.Column('level_goal', sa.Integer(), nullable=True),
    sa.Column('sessions_planned', sa.Integer(), nullable=True),
    sa.Column('sessions_held', sa.Integer(), nullable=True),
    sa.Column('last_session', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('active', 'paused', 'completed', 'stopped', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("competency IN ('professional', 'social', 'managerial', 'transformational', 'business', 'innovation')", name=op.f('ck_mentoring_pair_competency_known')),
    sa.CheckConstraint("status IN ('active', 'paused', 'completed', 'stopped')", name=op.f('ck_mentoring_pair_status_known')),
    sa.CheckConstraint('length(goal) <= 200', name=op.f('ck_mentoring_pair_goal_fits')),
    sa.CheckConstraint('level_goal BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mentoring_pair_level_goal_fits')),
    sa.CheckConstraint('level_now BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mentoring_pair_level_now_fits')),
    sa.CheckConstraint('level_start BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mentoring_pair_level_start_fits')),
    sa.CheckConstraint('level_start BETWEEN 0 AND 5 AND level_now BETWEEN 0 AND 5 AND level_goal BETWEEN 0 AND 5', name=op.f('ck_mentoring_pair_levels')),
    sa.CheckConstraint('sessions_held BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mentoring_pair_sessions_held_fits')),
    sa.CheckConstraint('sessions_planned >= 0 AND sessions_held >= 0', name=op.f('ck_mentoring_pair_sessions')),
    sa.CheckConstraint('sessions_planned BETWEEN -2147483648 AND 2147483647', name=op.f('ck_mentoring_pair_sessions_planned_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_mentoring_pair_id_register_entry')),
    sa.ForeignKeyConstraint(['mentee_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_mentoring_pair_mentee_id_contact')),
    sa.ForeignKeyConstraint(['mentor_id'], ['person.id'], name=op.f('fk_mentoring_pair_mentor_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentoring_pair')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_mentoring_pair_id_client_id'))
    )
    with op.batch_alter_table('mentoring_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mentoring_pair_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mentoring_pair_mentor_id'), ['mentor_id'], unique=False)

    op.create_table('objective',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('mission_link', sa.String(length=200), nullable=False),
    sa.Column('measure', sa.String(length=200), nullable=False),
    sa.Column('target', sa.BigInteger(), nullable=True),
    sa.Column('current', sa.BigInteger(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('on_track', 'at_risk', 'off_track', 'met', 'dropped', native_enum=False, length=30), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_objective_owner_party')),
    sa.CheckConstraint("status IN ('on_track', 'at_risk', 'off_track', 'met', 'dropped')", name=op.f('ck_objective_status_known')),
    sa.CheckConstraint('current BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_objective_current_fits')),
    sa.CheckConstraint('length(measure) <= 200', name=op.f('ck_objective_measure_fits')),
    sa.CheckConstraint('length(mission_link) <= 200', name=op.f('ck_objective_mission_link_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_objective_owner_name_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_objective_title_fits')),
    sa.CheckConstraint('target BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_objective_target_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_objective_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_objective_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_objective_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objective')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_objective_id_client_id'))
    )
    with op.batch_alter_table('objective', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_objective_client_id'), ['client_id'], unique=False)

    op.create_table('sponsorship',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_sponsorship_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_sponsorship_contact_id_contact')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_sponsorship_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sponsorship')),
    sa.UniqueConstraint('engagement_id', 'contact_id', name=op.f('uq_sponsorship_engagement_id_contact_id'))
    )
    with op.batch_alter_table('sponsorship', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sponsorship_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sponsorship_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sponsorship_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('standing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('sponsor', 'viewer', 'consultant', 'partner', 'admin', 'system', native_enum=False, length=30), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role IN ('sponsor', 'viewer')) = (contact_id IS NOT NULL AND client_id IS NOT NULL AND person_id IS NULL)", name=op.f('ck_standing_contact_for_client_roles')),
    sa.CheckConstraint("role != 'system'", name=op.f('ck_standing_nobody_is_the_system')),
    sa.CheckConstraint("role IN ('sponsor', 'viewer') OR person_id IS NOT NULL", name=op.f('ck_standing_person_for_our_roles')),
    sa.CheckConstraint("role IN ('sponsor', 'viewer', 'consultant', 'partner', 'admin', 'system')", name=op.f('ck_standing_role_known')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_standing_account_id_account')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_standing_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_standing_contact_id_contact')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_standing_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing'))
    )
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standing_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_standing_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_standing_person_id'), ['person_id'], unique=False)

    op.create_table('deliverable',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('type', sa.String(length=30), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('purpose', sa.String(length=1000), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'planned', 'in_progress', 'internal_review', 'ready', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled', native_enum=False, length=30), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=True),
    sa.Column('reviewer_id', sa.Integer(), nullable=True),
    sa.Column('estimate', sa.BigInteger(), nullable=True),
    sa.Column('remaining', sa.BigInteger(), nullable=True),
    sa.Column('baseline_due', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_deliverable_area_known')),
    sa.CheckConstraint("state IN ('proposed', 'cancelled') OR (assignment_id IS NOT NULL AND estimate IS NOT NULL AND baseline_due IS NOT NULL)", name=op.f('ck_deliverable_planned_is_complete')),
    sa.CheckConstraint("state IN ('proposed', 'planned', 'in_progress', 'internal_review', 'ready', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled')", name=op.f('ck_deliverable_state_known')),
    sa.CheckConstraint("state NOT IN ('accepted', 'superseded') OR accepted_on IS NOT NULL", name=op.f('ck_deliverable_accepted_when')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_deliverable_visibility_known')),
    sa.CheckConstraint('estimate >= 0 AND remaining >= 0', name=op.f('ck_deliverable_days')),
    sa.CheckConstraint('estimate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_deliverable_estimate_fits')),
    sa.CheckConstraint('length(purpose) <= 1000', name=op.f('ck_deliverable_purpose_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_deliverable_title_fits')),
    sa.CheckConstraint('length(type) <= 30', name=op.f('ck_deliverable_type_fits')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_deliverable_number_fits')),
    sa.CheckConstraint('remaining BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_deliverable_remaining_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_deliverable_version_fits')),
    sa.ForeignKeyConstraint(['assignment_id', 'engagement_id', 'client_id'], ['assignment.id', 'assignment.engagement_id', 'assignment.client_id'], name=op.f('fk_deliverable_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_deliverable_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'area', 'client_id'], ['area_scope.engagement_id', 'area_scope.area', 'area_scope.client_id'], name='fk_deliverable_area'),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_deliverable_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['proposed_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_deliverable_proposed_by_id_contact')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_deliverable_reviewer_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliverable')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_deliverable_id_client_id')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_deliverable_id_engagement_id_client_id')),
    sa.UniqueConstraint('number', name=op.f('uq_deliverable_number'))
    )
    with op.batch_alter_table('deliverable', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deliverable_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index('ix_deliverable_baseline_due', ['baseline_due'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_deliverable_due', ['due'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_deliverable_engagement_id_state', ['engagement_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_proposed_by_id'), ['proposed_by_id'], unique=False)
        batch_op.create_index('ix_deliverable_state_due', ['state', 'due'], unique=False)
        batch_op.create_index('ix_deliverable_title', ['title'], unique=False)

    op.create_table('signed_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('standing_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=200), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('device', sa.String(length=200), nullable=False),
    sa.CheckConstraint('length(address) <= 200', name=op.f('ck_signed_in_address_fits')),
    sa.CheckConstraint('length(device) <= 200', name=op.f('ck_signed_in_device_fits')),
    sa.CheckConstraint('length(token_hash) <= 200', name=op.f('ck_signed_in_token_hash_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_signed_in_account_id_account')),
    sa.ForeignKeyConstraint(['standing_id'], ['standing.id'], name=op.f('fk_signed_in_standing_id_standing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_signed_in_token_hash'))
    )
    with op.batch_alter_table('signed_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signed_in_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signed_in_seen_at'), ['seen_at'], unique=False)

    op.create_table('baseline_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('was', sa.Date(), nullable=True),
    sa.Column('becomes', sa.Date(), nullable=False),
    sa.Column('agreed_by_id', sa.Integer(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_baseline_change_reason_fits')),
    sa.ForeignKeyConstraint(['agreed_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_baseline_change_agreed_by_id_contact')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_baseline_change_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_baseline_change_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_baseline_change_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_baseline_change'))
    )
    with op.batch_alter_table('baseline_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_baseline_change_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_baseline_change_deliverable_id'), ['deliverable_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_baseline_change_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('cancellation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('agreed_by_id', sa.Integer(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_cancellation_reason_fits')),
    sa.ForeignKeyConstraint(['agreed_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_cancellation_agreed_by_id_contact')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_cancellation_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_cancellation_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_cancellation_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cancellation')),
    sa.UniqueConstraint('deliverable_id', name=op.f('uq_cancellation_deliverable_id'))
    )
    with op.batch_alter_table('cancellation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cancellation_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cancellation_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('contribution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('share BETWEEN -2147483648 AND 2147483647', name=op.f('ck_contribution_share_fits')),
    sa.CheckConstraint('share BETWEEN 1 AND 100', name=op.f('ck_contribution_share')),
    sa.ForeignKeyConstraint(['assignment_id', 'engagement_id', 'client_id'], ['assignment.id', 'assignment.engagement_id', 'assignment.client_id'], name=op.f('fk_contribution_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_contribution_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_contribution_deliverable_id_deliverable')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contribution')),
    sa.UniqueConstraint('deliverable_id', 'assignment_id', name=op.f('uq_contribution_deliverable_id_assignment_id'))
    )
    with op.batch_alter_table('contribution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contribution_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contribution_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contribution_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(text) <= 500', name=op.f('ck_criterion_text_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_criterion_position_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_criterion_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_criterion_deliverable_id_deliverable')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion'))
    )
    with op.batch_alter_table('criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_criterion_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_criterion_deliverable_id'), ['deliverable_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_criterion_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('deliverable_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'planned', 'in_progress', 'internal_review', 'ready', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled', native_enum=False, length=30), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=1000), nullable=False),
    sa.Column('changes', sa.String(length=500), nullable=False),
    sa.Column('digest', sa.String(length=200), nullable=False),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_id', sa.Integer(), nullable=True),
    sa.Column('answer_by', sa.Date(), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.Column('proof', sa.String(length=2000), nullable=False),
    sa.Column('proof_link', sa.String(length=1000), nullable=False),
    sa.Column('deemed', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.String(length=2000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("(state = 'in_progress') = (submitted_at IS NULL)", name=op.f('ck_deliverable_version_submitted_when')),
    sa.CheckConstraint("on_behalf = (recorded_by_id IS NOT NULL) AND on_behalf = (given_on IS NOT NULL) AND (NOT on_behalf OR proof != '' OR proof_link != '')", name=op.f('ck_deliverable_version_behalf_has_proof')),
    sa.CheckConstraint("state IN ('in_progress', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled')", name=op.f('ck_deliverable_version_state_of_a_version')),
    sa.CheckConstraint("state IN ('proposed', 'planned', 'in_progress', 'internal_review', 'ready', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled')", name=op.f('ck_deliverable_version_state_known')),
    sa.CheckConstraint("state NOT IN ('accepted', 'superseded', 'changes_requested') OR decided_at IS NOT NULL", name=op.f('ck_deliverable_version_decided_when')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_deliverable_version_visibility_known')),
    sa.CheckConstraint('length(changes) <= 500', name=op.f('ck_deliverable_version_changes_fits')),
    sa.CheckConstraint('length(digest) <= 200', name=op.f('ck_deliverable_version_digest_fits')),
    sa.CheckConstraint('length(link) <= 1000', name=op.f('ck_deliverable_version_link_fits')),
    sa.CheckConstraint('length(proof) <= 2000', name=op.f('ck_deliverable_version_proof_fits')),
    sa.CheckConstraint('length(proof_link) <= 1000', name=op.f('ck_deliverable_version_proof_link_fits')),
    sa.CheckConstraint('length(remark) <= 2000', name=op.f('ck_deliverable_version_remark_fits')),
    sa.CheckConstraint('length(text) <= 100000', name=op.f('ck_deliverable_version_text_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_deliverable_version_title_fits')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_deliverable_version_number_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_deliverable_version_version_fits')),
    sa.ForeignKeyConstraint(['asked_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_deliverable_version_asked_id_contact')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_deliverable_version_client_id_client')),
    sa.ForeignKeyConstraint(['decided_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_deliverable_version_decided_by_id_contact')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_deliverable_version_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_deliverable_version_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_deliverable_version_submitted_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliverable_version')),
    sa.UniqueConstraint('deliverable_id', 'number', name=op.f('uq_deliverable_version_deliverable_id_number')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_deliverable_version_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('deliverable_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deliverable_version_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_deliverable_version_client_id_state', ['client_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_version_decided_at'), ['decided_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_version_deliverable_id'), ['deliverable_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_version_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_deliverable_version_state', ['state', 'answer_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_version_submitted_at'), ['submitted_at'], unique=False)

    op.create_table('review_remark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=2000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(body) <= 2000', name=op.f('ck_review_remark_body_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_remark_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_review_remark_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_remark_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_remark'))
    )
    with op.batch_alter_table('review_remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_remark_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_remark_deliverable_id'), ['deliverable_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_remark_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('time_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worked_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('billable', 'goodwill', 'internal', 'presales', 'training', 'travel', native_enum=False, length=30), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=True),
    sa.Column('deliverable_id', sa.Integer(), nullable=True),
    sa.Column('client_note', sa.String(length=500), nullable=False),
    sa.Column('outside', sa.Boolean(), nullable=False),
    sa.Column('adjusts_id', sa.Integer(), nullable=True),
    sa.Column('import_key', sa.String(length=64), nullable=True),
    sa.Column('logged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_time_entry_area_known')),
    sa.CheckConstraint("engagement_id IS NOT NULL OR kind NOT IN ('billable', 'goodwill')", name=op.f('ck_time_entry_billable_has_engagement')),
    sa.CheckConstraint("kind IN ('billable', 'goodwill', 'internal', 'presales', 'training', 'travel')", name=op.f('ck_time_entry_kind_known')),
    sa.CheckConstraint('(engagement_id IS NULL) = (client_id IS NULL)', name=op.f('ck_time_entry_client_of_engagement')),
    sa.CheckConstraint('engagement_id IS NULL OR area IS NOT NULL', name=op.f('ck_time_entry_area_of_engagement')),
    sa.CheckConstraint('length(client_note) <= 500', name=op.f('ck_time_entry_client_note_fits')),
    sa.CheckConstraint('length(import_key) <= 64', name=op.f('ck_time_entry_import_key_fits')),
    sa.CheckConstraint('minutes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_time_entry_minutes_fits')),
    sa.CheckConstraint('minutes BETWEEN 1 AND 1440 OR (adjusts_id IS NOT NULL AND minutes BETWEEN -1440 AND -1)', name=op.f('ck_time_entry_minutes')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_time_entry_version_fits')),
    sa.ForeignKeyConstraint(['adjusts_id'], ['time_entry.id'], name=op.f('fk_time_entry_adjusts_id_time_entry')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_time_entry_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_time_entry_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_time_entry_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_entry_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_entry')),
    sa.UniqueConstraint('id', 'person_id', name=op.f('uq_time_entry_id_person_id')),
    sa.UniqueConstraint('import_key', name=op.f('uq_time_entry_import_key'))
    )
    with op.batch_alter_table('time_entry', schema=None) as batch_op:
        batch_op.create_index('ix_time_entry_adjusts_id', ['adjusts_id'], unique=False)
        batch_op.create_index('ix_time_entry_client_id', ['client_id'], unique=False)
        batch_op.create_index('ix_time_entry_deliverable_id', ['deliverable_id'], unique=False)
        batch_op.create_index('ix_time_entry_engagement_id_worked_on', ['engagement_id', 'worked_on'], unique=False)
        batch_op.create_index('ix_time_entry_outside', ['worked_on'], unique=False, sqlite_where=sa.text('outside'), postgresql_where=sa.text('outside'))
        batch_op.create_index('ix_time_entry_person_id_worked_on', ['person_id', 'worked_on'], unique=False)
        batch_op.create_index('ix_time_entry_worked_on', ['worked_on', 'person_id', 'kind', 'minutes', 'voided_at'], unique=False)

    op.create_table('frozen_criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_frozen_criterion_visibility_known')),
    sa.CheckConstraint('length(text) <= 500', name=op.f('ck_frozen_criterion_text_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_frozen_criterion_position_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_frozen_criterion_client_id_client')),
    sa.ForeignKeyConstraint(['version_id', 'engagement_id', 'client_id'], ['deliverable_version.id', 'deliverable_version.engagement_id', 'deliverable_version.client_id'], name=op.f('fk_frozen_criterion_version_id_deliverable_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frozen_criterion')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_frozen_criterion_id_engagement_id_client_id')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_frozen_criterion_version_id_position'))
    )
    with op.batch_alter_table('frozen_criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_frozen_criterion_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_frozen_criterion_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('time_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=2000), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(body) <= 2000', name=op.f('ck_time_note_body_fits')),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_time_note_reason_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_time_note_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_time_note_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['entry_id', 'person_id'], ['time_entry.id', 'time_entry.person_id'], name=op.f('fk_time_note_entry_id_time_entry')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_note_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_note')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_time_note_entry_id'))
    )
    with op.batch_alter_table('time_note', schema=None) as batch_op:
        batch_op.create_index('ix_time_note_engagement_id', ['engagement_id'], unique=False)
        batch_op.create_index('ix_time_note_person_id', ['person_id'], unique=False)

    op.create_table('version_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('body', sa.String(length=2000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_version_comment_visibility_known')),
    sa.CheckConstraint('length(body) <= 2000', name=op.f('ck_version_comment_body_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_version_comment_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_version_comment_contact_id_contact')),
    sa.ForeignKeyConstraint(['criterion_id', 'engagement_id', 'client_id'], ['frozen_criterion.id', 'frozen_criterion.engagement_id', 'frozen_criterion.client_id'], name=op.f('fk_version_comment_criterion_id_frozen_criterion')),
    sa.ForeignKeyConstraint(['version_id', 'engagement_id', 'client_id'], ['deliverable_version.id', 'deliverable_version.engagement_id', 'deliverable_version.client_id'], name=op.f('fk_version_comment_version_id_deliverable_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version_comment'))
    )
    with op.batch_alter_table('version_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_version_comment_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_version_comment_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_version_comment_version_id'), ['version_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('version_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_version_comment_version_id'))
        batch_op.drop_index(batch_op.f('ix_version_comment_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_version_comment_client_id'))

    op.drop_table('version_comment')
    with op.batch_alter_table('time_note', schema=None) as batch_op:
        batch_op.drop_index('ix_time_note_person_id')
        batch_op.drop_index('ix_time_note_engagement_id')

    op.drop_table('time_note')
    with op.batch_alter_table('frozen_criterion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_frozen_criterion_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_frozen_criterion_client_id'))

    op.drop_table('frozen_criterion')
    with op.batch_alter_table('time_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_time_entry_worked_on')
        batch_op.drop_index('ix_time_entry_person_id_worked_on')
        batch_op.drop_index('ix_time_entry_outside', sqlite_where=sa.text('outside'), postgresql_where=sa.text('outside'))
        batch_op.drop_index('ix_time_entry_engagement_id_worked_on')
        batch_op.drop_index('ix_time_entry_deliverable_id')
        batch_op.drop_index('ix_time_entry_client_id')
        batch_op.drop_index('ix_time_entry_adjusts_id')

    op.drop_table('time_entry')
    with op.batch_alter_table('review_remark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_remark_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_review_remark_deliverable_id'))
        batch_op.drop_index(batch_op.f('ix_review_remark_client_id'))

    op.drop_table('review_remark')
    with op.batch_alter_table('deliverable_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deliverable_version_submitted_at'))
        batch_op.drop_index('ix_deliverable_version_state')
        batch_op.drop_index(batch_op.f('ix_deliverable_version_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_deliverable_version_deliverable_id'))
        batch_op.drop_index(batch_op.f('ix_deliverable_version_decided_at'))
        batch_op.drop_index('ix_deliverable_version_client_id_state')
        batch_op.drop_index(batch_op.f('ix_deliverable_version_client_id'))

    op.drop_table('deliverable_version')
    with op.batch_alter_table('criterion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_criterion_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_criterion_deliverable_id'))
        batch_op.drop_index(batch_op.f('ix_criterion_client_id'))

    op.drop_table('criterion')
    with op.batch_alter_table('contribution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contribution_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_contribution_client_id'))
        batch_op.drop_index(batch_op.f('ix_contribution_assignment_id'))

    op.drop_table('contribution')
    with op.batch_alter_table('cancellation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cancellation_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_cancellation_client_id'))

    op.drop_table('cancellation')
    with op.batch_alter_table('baseline_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_baseline_change_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_baseline_change_deliverable_id'))
        batch_op.drop_index(batch_op.f('ix_baseline_change_client_id'))

    op.drop_table('baseline_change')
    with op.batch_alter_table('signed_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signed_in_seen_at'))
        batch_op.drop_index(batch_op.f('ix_signed_in_account_id'))

    op.drop_table('signed_in')
    with op.batch_alter_table('deliverable', schema=None) as batch_op:
        batch_op.drop_index('ix_deliverable_title')
        batch_op.drop_index('ix_deliverable_state_due')
        batch_op.drop_index(batch_op.f('ix_deliverable_proposed_by_id'))
        batch_op.drop_index('ix_deliverable_engagement_id_state')
        batch_op.drop_index(batch_op.f('ix_deliverable_engagement_id'))
        batch_op.drop_index('ix_deliverable_due')
        batch_op.drop_index(batch_op.f('ix_deliverable_client_id'))
        batch_op.drop_index('ix_deliverable_baseline_due')
        batch_op.drop_index(batch_op.f('ix_deliverable_assignment_id'))

    op.drop_table('deliverable')
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_standing_person_id'))
        batch_op.drop_index(batch_op.f('ix_standing_contact_id'))
        batch_op.drop_index(batch_op.f('ix_standing_account_id'))

    op.drop_table('standing')
    with op.batch_alter_table('sponsorship', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sponsorship_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_sponsorship_contact_id'))
        batch_op.drop_index(batch_op.f('ix_sponsorship_client_id'))

    op.drop_table('sponsorship')
    with op.batch_alter_table('objective', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_objective_client_id'))

    op.drop_table('objective')
    with op.batch_alter_table('mentoring_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mentoring_pair_mentor_id'))
        batch_op.drop_index(batch_op.f('ix_mentoring_pair_client_id'))

    op.drop_table('mentoring_pair')
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index('ix_follow_up_person_id_due')
        batch_op.drop_index(batch_op.f('ix_follow_up_client_id'))
        batch_op.drop_index(batch_op.f('ix_follow_up_activity_id'))

    op.drop_table('follow_up')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entry_subject')
        batch_op.drop_index(batch_op.f('ix_audit_entry_engagement_id'))
        batch_op.drop_index('ix_audit_entry_engagement_at')
        batch_op.drop_index(batch_op.f('ix_audit_entry_client_id'))
        batch_op.drop_index('ix_audit_entry_client_at')
        batch_op.drop_index(batch_op.f('ix_audit_entry_at'))

    op.drop_table('audit_entry')
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendee_person_id'))
        batch_op.drop_index(batch_op.f('ix_attendee_contact_id'))
        batch_op.drop_index(batch_op.f('ix_attendee_client_id'))

    op.drop_table('attendee')
    with op.batch_alter_table('area_scope', schema=None) as batch_op:
        batch_op.drop_index('ix_area_scope_review_due')
        batch_op.drop_index(batch_op.f('ix_area_scope_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_area_scope_client_id'))

    op.drop_table('area_scope')
    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_terms_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_terms_client_id'))

    op.drop_table('terms')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_published_on'))
        batch_op.drop_index('ix_review_one_published', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index('ix_review_one_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index('ix_review_engagement_id_area')
        batch_op.drop_index(batch_op.f('ix_review_engagement_id'))
        batch_op.drop_index('ix_review_client_id_area')
        batch_op.drop_index(batch_op.f('ix_review_client_id'))

    op.drop_table('review')
    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pause_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_pause_client_id'))

    op.drop_table('pause')
    with op.batch_alter_table('leave_reason', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_leave_reason_person_id'))

    op.drop_table('leave_reason')
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_row_person_id'))

    op.drop_table('import_row')
    with op.batch_alter_table('import_part', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_part_person_id'))

    op.drop_table('import_part')
    with op.batch_alter_table('import_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_name_person_id'))

    op.drop_table('import_name')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_head', sqlite_where=sa.text('is_head'), postgresql_where=sa.text('is_head'))
        batch_op.drop_index(batch_op.f('ix_contact_email'))
        batch_op.drop_index(batch_op.f('ix_contact_department_id'))
        batch_op.drop_index('ix_contact_client_id_name')
        batch_op.drop_index(batch_op.f('ix_contact_client_id'))

    op.drop_table('contact')
    with op.batch_alter_table('closing_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closing_step_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_closing_step_client_id'))

    op.drop_table('closing_step')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_assignment_person_id_begins_ends')
        batch_op.drop_index(batch_op.f('ix_assignment_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_assignment_client_id'))

    op.drop_table('assignment')
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_person_id'))
        batch_op.drop_index(batch_op.f('ix_activity_engagement_id'))
        batch_op.drop_index('ix_activity_client_id_happened_on')
        batch_op.drop_index(batch_op.f('ix_activity_client_id'))

    op.drop_table('activity')
    with op.batch_alter_table('working_pattern', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_working_pattern_person_id'))

    op.drop_table('working_pattern')
    with op.batch_alter_table('wall', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wall_person_id'))
        batch_op.drop_index(batch_op.f('ix_wall_client_id'))

    op.drop_table('wall')
    with op.batch_alter_table('search_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_line_engagement_id'))
        batch_op.drop_index('ix_search_line_code')
        batch_op.drop_index(batch_op.f('ix_search_line_client_id'))

    op.drop_table('search_line')
    with op.batch_alter_table('roster_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_seat_client_id'))

    op.drop_table('roster_seat')
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_register_entry_client_id_kind')
        batch_op.drop_index(batch_op.f('ix_register_entry_client_id'))

    op.drop_table('register_entry')
    with op.batch_alter_table('once', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_once_at'))
        batch_op.drop_index(batch_op.f('ix_once_account_id'))

    op.drop_table('once')
    with op.batch_alter_table('mapped_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mapped_name_person_id'))

    op.drop_table('mapped_name')
    with op.batch_alter_table('leave', schema=None) as batch_op:
        batch_op.drop_index('ix_leave_person_id_begins')

    op.drop_table('leave')
    with op.batch_alter_table('kept_form', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_form_at'))
        batch_op.drop_index(batch_op.f('ix_kept_form_account_id'))

    op.drop_table('kept_form')
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batch_person_id'))
        batch_op.drop_index('ix_import_batch_made_at')

    op.drop_table('import_batch')
    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.drop_index('ix_engagement_state_ends')
        batch_op.drop_index(batch_op.f('ix_engagement_follows_id'))
        batch_op.drop_index(batch_op.f('ix_engagement_client_id'))

    op.drop_table('engagement')
    with op.batch_alter_table('department', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_department_client_id'))

    op.drop_table('department')
    op.drop_table('cost_rate')
    with op.batch_alter_table('client_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_note_client_id'))

    op.drop_table('client_note')
    with op.batch_alter_table('audit_text', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_text_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_audit_text_client_id'))

    op.drop_table('audit_text')
    with op.batch_alter_table('rate_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rate_count_expires_at'))

    op.drop_table('rate_count')
    op.drop_table('practice')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_name'))

    op.drop_table('person')
    op.drop_table('period')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_open', postgresql_where=sa.text('done_at IS NULL'), sqlite_where=sa.text('done_at IS NULL'))

    op.drop_table('outbox')
    op.drop_table('numbering')
    op.drop_table('demo_mail')
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_name'))

    op.drop_table('client')
    op.drop_table('account')
