"""frozen evidence: what the rules said when a review was published, kept by triggers with the review itself"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


SAYS = 'area, rag, trend, maturity, sentence, ask, ask_of, ask_by, suggested, override_reason, override_until'
SAYS += ', published_at, published_on, author_id, visibility, engagement_id, client_id'
FROZEN = {'review_evidence': 'evidence', 'review_finding': 'finding', 'review_finding_row': 'finding_row'}
GUARDED = {
    'review': ('published_review_stays', 'published_review_speaks', 'published_review_kept'),
    **{table: (f'frozen_{name}_stays', f'frozen_{name}_kept') for table, name in FROZEN.items()},
}
NEVER = 'a published review never changes'
BACKWARDS = "old.state != 'draft' AND NOT (new.state = old.state OR old.state = 'published' AND new.state = 'superseded')"
GUARDS = (
    ('published_review_stays', f'UPDATE OF {SAYS} ON review', "old.state != 'draft'"),
    ('published_review_speaks', 'UPDATE OF state ON review', BACKWARDS),
    ('published_review_kept', 'DELETE ON review', "old.state != 'draft'"),
    *((f'frozen_{name}_stays', f'UPDATE ON {table}', '') for table, name in FROZEN.items()),
    *((f'frozen_{name}_kept', f'DELETE ON {table}', '') for table, name in FROZEN.items()),
)
SQLITE = tuple(
    f"CREATE TRIGGER {name} BEFORE {deed} {f'WHEN {when}' * bool(when)} BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
    for name, deed, when in GUARDS
)
POSTGRES = tuple(
    f"CREATE TRIGGER {name} BEFORE {deed} FOR EACH ROW {f'WHEN ({when})' * bool(when)} EXECUTE FUNCTION never('{NEVER}')"
    for name, deed, when in GUARDS
)


def upgrade() -> None:
    op.create_index('ix_review_its_engagement', 'review', ['id', 'engagement_id', 'client_id'], unique=True)
    op.create_table('review_evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('suggested', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=True),
    sa.Column('health', sa.BigInteger(), nullable=True),
    sa.Column('coverage', sa.BigInteger(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("suggested IN ('green', 'amber', 'red')", name=op.f('ck_review_evidence_suggested_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_review_evidence_visibility_known')),
    sa.CheckConstraint('coverage BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_review_evidence_coverage_fits')),
    sa.CheckConstraint('health BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_review_evidence_health_fits')),
    sa.CheckConstraint('health BETWEEN 0 AND 10000 AND coverage BETWEEN 0 AND 10000', name=op.f('ck_review_evidence_shares')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_evidence_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_review_evidence_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['review_id', 'engagement_id', 'client_id'], ['review.id', 'review.engagement_id', 'review.client_id'], name=op.f('fk_review_evidence_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_evidence')),
    sa.UniqueConstraint('review_id', name=op.f('uq_review_evidence_review_id'))
    )
    with op.batch_alter_table('review_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_evidence_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_evidence_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('review_finding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=30), nullable=False),
    sa.Column('says', sa.String(length=500), nullable=False),
    sa.Column('verdict', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=False),
    sa.Column('critical', sa.Boolean(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('amber', sa.String(length=50), nullable=False),
    sa.Column('red', sa.String(length=50), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("verdict IN ('green', 'amber', 'red')", name=op.f('ck_review_finding_verdict_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_review_finding_visibility_known')),
    sa.CheckConstraint('length(amber) <= 50', name=op.f('ck_review_finding_amber_fits')),
    sa.CheckConstraint('length(red) <= 50', name=op.f('ck_review_finding_red_fits')),
    sa.CheckConstraint('length(rule) <= 30', name=op.f('ck_review_finding_rule_fits')),
    sa.CheckConstraint('length(says) <= 500', name=op.f('ck_review_finding_says_fits')),
    sa.CheckConstraint('number >= 0', name=op.f('ck_review_finding_number')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_finding_number_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_finding_position_fits')),
    sa.CheckConstraint('value BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_review_finding_value_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_finding_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_review_finding_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['review_id', 'engagement_id', 'client_id'], ['review.id', 'review.engagement_id', 'review.client_id'], name=op.f('fk_review_finding_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_finding')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_review_finding_id_engagement_id_client_id')),
    sa.UniqueConstraint('review_id', 'rule', name=op.f('uq_review_finding_review_id_rule'))
    )
    with op.batch_alter_table('review_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_finding_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_finding_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('area_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('suggested', sa.Enum('green', 'amber', 'red', native_enum=False, length=30), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("suggested IN ('green', 'amber', 'red')", name=op.f('ck_area_override_suggested_known')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_area_override_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_area_override_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['scope_id', 'engagement_id', 'client_id'], ['area_scope.id', 'area_scope.engagement_id', 'area_scope.client_id'], name=op.f('fk_area_override_scope_id_area_scope')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area_override')),
    sa.UniqueConstraint('scope_id', name=op.f('uq_area_override_scope_id'))
    )
    with op.batch_alter_table('area_override', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_override_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_override_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_area_override_until'), ['until'], unique=False)

    op.create_table('review_finding_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=400), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_review_finding_row_visibility_known')),
    sa.CheckConstraint('length(kind) <= 30', name=op.f('ck_review_finding_row_kind_fits')),
    sa.CheckConstraint('length(label) <= 400', name=op.f('ck_review_finding_row_label_fits')),
    sa.CheckConstraint('row_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_finding_row_row_id_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_finding_row_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_review_finding_row_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['finding_id', 'engagement_id', 'client_id'], ['review_finding.id', 'review_finding.engagement_id', 'review_finding.client_id'], name=op.f('fk_review_finding_row_finding_id_review_finding')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_finding_row'))
    )
    with op.batch_alter_table('review_finding_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_finding_row_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_finding_row_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_review_finding_row_finding_id', ['finding_id'], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRES:
        op.execute(sa.DDL(statement))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table, names in GUARDED.items():
        for name in names:
            op.execute(f'DROP TRIGGER {name}' if sqlite else f'DROP TRIGGER {name} ON {table}')
    with op.batch_alter_table('review_finding_row', schema=None) as batch_op:
        batch_op.drop_index('ix_review_finding_row_finding_id')
        batch_op.drop_index(batch_op.f('ix_review_finding_row_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_review_finding_row_client_id'))

    op.drop_table('review_finding_row')
    with op.batch_alter_table('area_override', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_area_override_until'))
        batch_op.drop_index(batch_op.f('ix_area_override_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_area_override_client_id'))

    op.drop_table('area_override')
    with op.batch_alter_table('review_finding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_finding_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_review_finding_client_id'))

    op.drop_table('review_finding')
    with op.batch_alter_table('review_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_evidence_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_review_evidence_client_id'))

    op.drop_table('review_evidence')
    op.drop_index('ix_review_its_engagement', table_name='review')
