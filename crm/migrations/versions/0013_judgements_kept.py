"""judgements kept: the limits that a practice sets itself, and what the rules say of each area as it stands"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rule_limit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=30), nullable=False),
    sa.Column('amber', sa.BigInteger(), nullable=True),
    sa.Column('red', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amber BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_rule_limit_amber_fits')),
    sa.CheckConstraint('length(rule) <= 30', name=op.f('ck_rule_limit_rule_fits')),
    sa.CheckConstraint('red BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_rule_limit_red_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_rule_limit_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_limit')),
    sa.UniqueConstraint('rule', name=op.f('uq_rule_limit_rule'))
    )
    op.create_table('area_summary',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('suggested', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=True),
    sa.Column('grey', sa.Enum('out', 'not_evidenced', native_enum=False, length=30), nullable=True),
    sa.Column('health', sa.BigInteger(), nullable=True),
    sa.Column('coverage', sa.BigInteger(), nullable=False),
    sa.Column('fired', sa.String(length=200), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('computed_on', sa.Date(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_area_summary_area_known')),
    sa.CheckConstraint("grey IN ('out', 'not_evidenced')", name=op.f('ck_area_summary_grey_known')),
    sa.CheckConstraint("suggested IN ('green', 'amber', 'red')", name=op.f('ck_area_summary_suggested_known')),
    sa.CheckConstraint('(suggested IS NULL) = (grey IS NOT NULL)', name=op.f('ck_area_summary_colour_or_grey')),
    sa.CheckConstraint('coverage BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_area_summary_coverage_fits')),
    sa.CheckConstraint('health BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_area_summary_health_fits')),
    sa.CheckConstraint('health BETWEEN 0 AND 10000 AND coverage BETWEEN 0 AND 10000', name=op.f('ck_area_summary_shares')),
    sa.CheckConstraint('length(fired) <= 200', name=op.f('ck_area_summary_fired_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_area_summary_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_area_summary_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area_summary')),
    sa.UniqueConstraint('engagement_id', 'area', name=op.f('uq_area_summary_engagement_id_area'))
    )
    op.create_index('ix_area_summary_client_id', 'area_summary', ['client_id'], unique=False)
    op.create_index('ix_area_summary_computed_on', 'area_summary', ['computed_on'], unique=False)
    op.create_index('ix_area_summary_engagement_id', 'area_summary', ['engagement_id'], unique=False)


def downgrade() -> None:
    op.drop_table('area_summary')
    op.drop_table('rule_limit')
