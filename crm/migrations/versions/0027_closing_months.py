"""closing months: time approved, engagement months, overage decided, statements frozen, figures kept, people reminded"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

FIXED = ('engagement_id', 'client_id', 'month', 'number', 'price_kind', 'minutes', 'used', 'digest', 'frozen_at')
MAYBE = ('granted', 'rolled_in', 'available', 'overage', 'billed', 'absorbed', 'rolled_out', 'lapsed')
OTHERWISE = ' OR '.join((
    *(f'old.{column} <> new.{column}' for column in FIXED),
    *(f'COALESCE(old.{column}, -1) <> COALESCE(new.{column}, -1)' for column in MAYBE),
    'CAST(old.lines AS TEXT) <> CAST(new.lines AS TEXT)',
    'old.replaced_at IS NOT NULL',
))
SQLITE = (
    f"CREATE TRIGGER statement_stays BEFORE UPDATE ON statement WHEN {OTHERWISE}"
    " BEGIN SELECT RAISE(ABORT, 'a statement never changes'); END",
    "CREATE TRIGGER statement_kept BEFORE DELETE ON statement BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END",
)
POSTGRES = (
    "CREATE FUNCTION statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP = 'DELETE' OR {OTHERWISE} THEN"
    " RAISE EXCEPTION 'a statement never changes' USING ERRCODE = 'check_violation'; END IF; RETURN new; END $$",
    "CREATE TRIGGER statement_stays BEFORE UPDATE ON statement FOR EACH ROW EXECUTE FUNCTION statement_stays()",
    "CREATE TRIGGER statement_kept BEFORE DELETE ON statement FOR EACH ROW EXECUTE FUNCTION statement_stays()",
)


def upgrade() -> None:
    op.create_table('month_figure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('absorbed', sa.BigInteger(), nullable=True),
    sa.Column('target', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('absorbed BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_month_figure_absorbed_fits')),
    sa.CheckConstraint('minutes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_month_figure_minutes_fits')),
    sa.CheckConstraint('net BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_month_figure_net_fits')),
    sa.CheckConstraint('target BETWEEN -2147483648 AND 2147483647', name=op.f('ck_month_figure_target_fits')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_month_figure_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_month_figure')),
    sa.UniqueConstraint('month', 'person_id', 'written_at', name=op.f('uq_month_figure_month_person_id_written_at'))
    )
    with op.batch_alter_table('month_figure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_month_figure_person_id'), ['person_id'], unique=False)

    op.create_table('time_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('noteless', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('missing BETWEEN -2147483648 AND 2147483647', name=op.f('ck_time_reminder_missing_fits')),
    sa.CheckConstraint('noteless BETWEEN -2147483648 AND 2147483647', name=op.f('ck_time_reminder_noteless_fits')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_time_reminder_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_reminder_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_reminder')),
    sa.UniqueConstraint('person_id', 'month', 'sent_on', name=op.f('uq_time_reminder_person_id_month_sent_on'))
    )
    with op.batch_alter_table('time_reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_time_reminder_person_id'), ['person_id'], unique=False)

    op.create_table('engagement_month',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('open', 'invoiced', native_enum=False, length=30), nullable=False),
    sa.Column('invoice_number', sa.String(length=40), nullable=False),
    sa.Column('invoiced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'invoiced')", name=op.f('ck_engagement_month_state_known')),
    sa.CheckConstraint('length(invoice_number) <= 40', name=op.f('ck_engagement_month_invoice_number_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_engagement_month_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_engagement_month_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_engagement_month_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_engagement_month')),
    sa.UniqueConstraint('engagement_id', 'month', name=op.f('uq_engagement_month_engagement_id_month'))
    )
    with op.batch_alter_table('engagement_month', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_engagement_month_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_engagement_month_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_engagement_month_month'), ['month'], unique=False)

    op.create_table('statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('price_kind', sa.Enum('retainer', 'fixed_price', 'day_rate', native_enum=False, length=30), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('used', sa.BigInteger(), nullable=False),
    sa.Column('granted', sa.BigInteger(), nullable=True),
    sa.Column('rolled_in', sa.BigInteger(), nullable=True),
    sa.Column('available', sa.BigInteger(), nullable=True),
    sa.Column('overage', sa.BigInteger(), nullable=True),
    sa.Column('billed', sa.BigInteger(), nullable=True),
    sa.Column('absorbed', sa.BigInteger(), nullable=True),
    sa.Column('rolled_out', sa.BigInteger(), nullable=True),
    sa.Column('lapsed', sa.BigInteger(), nullable=True),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("price_kind IN ('retainer', 'fixed_price', 'day_rate')", name=op.f('ck_statement_price_kind_known')),
    sa.CheckConstraint('absorbed BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_absorbed_fits')),
    sa.CheckConstraint('available BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_available_fits')),
    sa.CheckConstraint('billed BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_billed_fits')),
    sa.CheckConstraint('granted BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_granted_fits')),
    sa.CheckConstraint('lapsed BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_lapsed_fits')),
    sa.CheckConstraint('length(digest) <= 64', name=op.f('ck_statement_digest_fits')),
    sa.CheckConstraint('minutes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_statement_minutes_fits')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_statement_number')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_statement_number_fits')),
    sa.CheckConstraint('overage BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_overage_fits')),
    sa.CheckConstraint('rolled_in BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_rolled_in_fits')),
    sa.CheckConstraint('rolled_out BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_rolled_out_fits')),
    sa.CheckConstraint('used BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_statement_used_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_statement_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_statement_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
    sa.UniqueConstraint('engagement_id', 'month', 'number', name=op.f('uq_statement_engagement_id_month_number')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_statement_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_statement_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_statement_month'), ['month'], unique=False)
        batch_op.create_index('ix_statement_stands', ['engagement_id', 'month'], unique=True, sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))

    op.create_table('overage_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('choice', sa.Enum('bill', 'absorb', native_enum=False, length=30), nullable=False),
    sa.Column('agreed_by_id', sa.Integer(), nullable=True),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("choice IN ('bill', 'absorb')", name=op.f('ck_overage_decision_choice_known')),
    sa.CheckConstraint('(agreed_by_id IS NULL) = (agreed_on IS NULL)', name=op.f('ck_overage_decision_who_and_when')),
    sa.CheckConstraint('length(reason) <= 500', name=op.f('ck_overage_decision_reason_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_overage_decision_version_fits')),
    sa.ForeignKeyConstraint(['agreed_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_overage_decision_agreed_by_id_contact')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_overage_decision_client_id_client')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_overage_decision_decided_by_id_person')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_overage_decision_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overage_decision')),
    sa.UniqueConstraint('engagement_id', 'month', name=op.f('uq_overage_decision_engagement_id_month'))
    )
    with op.batch_alter_table('overage_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_overage_decision_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_overage_decision_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_overage_decision_month'), ['month'], unique=False)

    op.create_table('time_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('entry_version', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.Enum('approved', 'asked', 'explained', native_enum=False, length=30), nullable=False),
    sa.Column('said', sa.String(length=500), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("verdict = 'approved' OR said != ''", name=op.f('ck_time_check_words')),
    sa.CheckConstraint("verdict IN ('approved', 'asked', 'explained')", name=op.f('ck_time_check_verdict_known')),
    sa.CheckConstraint('entry_version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_time_check_entry_version_fits')),
    sa.CheckConstraint('length(said) <= 500', name=op.f('ck_time_check_said_fits')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_time_check_by_id_person')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_time_check_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_time_check_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['entry_id', 'person_id'], ['time_entry.id', 'time_entry.person_id'], name=op.f('fk_time_check_entry_id_time_entry')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_check_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_check'))
    )
    with op.batch_alter_table('time_check', schema=None) as batch_op:
        batch_op.create_index('ix_time_check_engagement_id', ['engagement_id'], unique=False)
        batch_op.create_index('ix_time_check_entry_id', ['entry_id'], unique=False)
        batch_op.create_index('ix_time_check_person_id', ['person_id'], unique=False)

    op.add_column('practice', sa.Column(
        'approval', sa.Enum('warn', 'require', native_enum=False, length=30),
        sa.CheckConstraint("approval IN ('warn', 'require')", name=op.f('ck_practice_approval_known')),
        nullable=False, server_default='warn',
    ))
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRES:
        op.execute(sa.DDL(statement))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for name in ('statement_stays', 'statement_kept'):
        op.execute(f'DROP TRIGGER {name}' if sqlite else f'DROP TRIGGER {name} ON statement')
    if not sqlite:
        op.execute('DROP FUNCTION statement_stays')
    op.drop_column('practice', 'approval')
    for table in ('time_check', 'overage_decision', 'statement', 'engagement_month', 'time_reminder', 'month_figure'):
        op.drop_table(table)
