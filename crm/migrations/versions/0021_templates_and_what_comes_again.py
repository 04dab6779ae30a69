"""templates of the practice’s own, and deliverables that come again"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('own_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('days', sa.BigInteger(), nullable=False),
    sa.Column('cadence', sa.Enum('once', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'on_event', native_enum=False, length=30), nullable=False),
    sa.Column('what', sa.String(length=500), nullable=False),
    sa.Column('outline', sa.Text(), nullable=False),
    sa.Column('criteria', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_own_template_area_known')),
    sa.CheckConstraint("cadence IN ('once', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'on_event')", name=op.f('ck_own_template_cadence_known')),
    sa.CheckConstraint('days > 0', name=op.f('ck_own_template_days')),
    sa.CheckConstraint('days BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_own_template_days_fits')),
    sa.CheckConstraint('length(criteria) <= 100000', name=op.f('ck_own_template_criteria_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_own_template_name_fits')),
    sa.CheckConstraint('length(outline) <= 100000', name=op.f('ck_own_template_outline_fits')),
    sa.CheckConstraint('length(what) <= 500', name=op.f('ck_own_template_what_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_own_template_version_fits')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_own_template_author_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_template'))
    )
    with op.batch_alter_table('own_template', schema=None) as batch_op:
        batch_op.create_index('ix_own_template_name', ['name'], unique=False)

    op.create_table('recurrence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('type', sa.String(length=30), nullable=False),
    sa.Column('purpose', sa.String(length=1000), nullable=False),
    sa.Column('cadence', sa.Enum('once', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'on_event', native_enum=False, length=30), nullable=False),
    sa.Column('first_due', sa.Date(), nullable=False),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('next_due', sa.Date(), nullable=False),
    sa.Column('ahead', sa.Integer(), nullable=False),
    sa.Column('estimate', sa.BigInteger(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=True),
    sa.Column('criteria', sa.Text(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_recurrence_area_known')),
    sa.CheckConstraint("cadence IN ('monthly', 'quarterly', 'half_yearly', 'yearly')", name=op.f('ck_recurrence_comes_again')),
    sa.CheckConstraint("cadence IN ('once', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'on_event')", name=op.f('ck_recurrence_cadence_known')),
    sa.CheckConstraint('ahead >= 1 AND ahead <= 90', name=op.f('ck_recurrence_ahead')),
    sa.CheckConstraint('ahead BETWEEN -2147483648 AND 2147483647', name=op.f('ck_recurrence_ahead_fits')),
    sa.CheckConstraint('estimate > 0', name=op.f('ck_recurrence_estimate')),
    sa.CheckConstraint('estimate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_recurrence_estimate_fits')),
    sa.CheckConstraint('length(criteria) <= 100000', name=op.f('ck_recurrence_criteria_fits')),
    sa.CheckConstraint('length(purpose) <= 1000', name=op.f('ck_recurrence_purpose_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_recurrence_title_fits')),
    sa.CheckConstraint('length(type) <= 30', name=op.f('ck_recurrence_type_fits')),
    sa.CheckConstraint('steps BETWEEN -2147483648 AND 2147483647', name=op.f('ck_recurrence_steps_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_recurrence_version_fits')),
    sa.ForeignKeyConstraint(['assignment_id', 'engagement_id', 'client_id'], ['assignment.id', 'assignment.engagement_id', 'assignment.client_id'], name=op.f('fk_recurrence_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_recurrence_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'area', 'client_id'], ['area_scope.engagement_id', 'area_scope.area', 'area_scope.client_id'], name='fk_recurrence_area'),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_recurrence_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recurrence')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_recurrence_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('recurrence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recurrence_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recurrence_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recurrence_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recurrence_next_due'), ['next_due'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('recurrence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recurrence_next_due'))
        batch_op.drop_index(batch_op.f('ix_recurrence_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_recurrence_client_id'))
        batch_op.drop_index(batch_op.f('ix_recurrence_assignment_id'))

    op.drop_table('recurrence')
    with op.batch_alter_table('own_template', schema=None) as batch_op:
        batch_op.drop_index('ix_own_template_name')

    op.drop_table('own_template')
