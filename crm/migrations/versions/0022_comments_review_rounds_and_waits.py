"""comments review rounds and waits"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comment',
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.Integer(), nullable=True),
    sa.Column('body', sa.String(length=4000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(person_id IS NULL) != (contact_id IS NULL)', name=op.f('ck_comment_one_author')),
    sa.CheckConstraint('about BETWEEN -2147483648 AND 2147483647', name=op.f('ck_comment_about_fits')),
    sa.CheckConstraint('length(body) <= 4000', name=op.f('ck_comment_body_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_comment_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_comment_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_comment_contact_id_contact')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_comment_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_comment_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_comment_deliverable_id_at', ['deliverable_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('review_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('about', sa.Integer(), nullable=True),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Enum('passed', 'returned', 'dropped', native_enum=False, length=30), nullable=True),
    sa.Column('remark', sa.String(length=2000), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("outcome IN ('passed', 'returned', 'dropped')", name=op.f('ck_review_round_outcome_known')),
    sa.CheckConstraint('(outcome IS NULL) = (ended_at IS NULL)', name=op.f('ck_review_round_ended_when')),
    sa.CheckConstraint('about BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_round_about_fits')),
    sa.CheckConstraint('length(remark) <= 2000', name=op.f('ck_review_round_remark_fits')),
    sa.CheckConstraint('number BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_round_number_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_round_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_review_round_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_review_round_reviewer_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_round')),
    sa.UniqueConstraint('deliverable_id', 'number', name=op.f('uq_review_round_deliverable_id_number')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_review_round_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('review_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_round_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_round_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('team_comment',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.Integer(), nullable=True),
    sa.Column('body', sa.String(length=4000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('about BETWEEN -2147483648 AND 2147483647', name=op.f('ck_team_comment_about_fits')),
    sa.CheckConstraint('length(body) <= 4000', name=op.f('ck_team_comment_body_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_team_comment_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_team_comment_client_id_client')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_team_comment_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_comment_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_comment'))
    )
    with op.batch_alter_table('team_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_comment_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_team_comment_deliverable_id_at', ['deliverable_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_comment_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('deliverable_wait',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deliverable_id', sa.Integer(), nullable=False),
    sa.Column('on_id', sa.Integer(), nullable=True),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('needed_by', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(CASE WHEN on_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN decision_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN needed_by IS NULL THEN 0 ELSE 1 END) = 1", name=op.f('ck_deliverable_wait_one_thing')),
    sa.CheckConstraint("needed_by IS NULL OR what != ''", name=op.f('ck_deliverable_wait_input_has_words')),
    sa.CheckConstraint("received_on IS NULL OR needed_by IS NOT NULL", name=op.f('ck_deliverable_wait_received_input')),
    sa.CheckConstraint('length(what) <= 200', name=op.f('ck_deliverable_wait_what_fits')),
    sa.CheckConstraint('on_id != deliverable_id', name=op.f('ck_deliverable_wait_not_itself')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_deliverable_wait_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_deliverable_wait_client_id_client')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_deliverable_wait_contact_id_contact')),
    sa.ForeignKeyConstraint(['decision_id', 'client_id'], ['decision.id', 'decision.client_id'], name=op.f('fk_deliverable_wait_decision_id_decision')),
    sa.ForeignKeyConstraint(['deliverable_id', 'engagement_id', 'client_id'], ['deliverable.id', 'deliverable.engagement_id', 'deliverable.client_id'], name=op.f('fk_deliverable_wait_deliverable_id_deliverable')),
    sa.ForeignKeyConstraint(['on_id', 'client_id'], ['deliverable.id', 'deliverable.client_id'], name=op.f('fk_deliverable_wait_on_id_deliverable')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliverable_wait')),
    sa.UniqueConstraint('deliverable_id', 'decision_id', name=op.f('uq_deliverable_wait_deliverable_id_decision_id')),
    sa.UniqueConstraint('deliverable_id', 'on_id', name=op.f('uq_deliverable_wait_deliverable_id_on_id'))
    )
    with op.batch_alter_table('deliverable_wait', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deliverable_wait_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_deliverable_wait_decision_id', ['decision_id'], unique=False)
        batch_op.create_index('ix_deliverable_wait_deliverable_id', ['deliverable_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deliverable_wait_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_deliverable_wait_on_id', ['on_id'], unique=False)

    op.create_table('review_point',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(length=500), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.String(length=2000), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("NOT (holds AND remark != '')", name=op.f('ck_review_point_holds_or_remark')),
    sa.CheckConstraint('length(criterion) <= 500', name=op.f('ck_review_point_criterion_fits')),
    sa.CheckConstraint('length(remark) <= 2000', name=op.f('ck_review_point_remark_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_review_point_position_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_review_point_client_id_client')),
    sa.ForeignKeyConstraint(['round_id', 'engagement_id', 'client_id'], ['review_round.id', 'review_round.engagement_id', 'review_round.client_id'], name=op.f('fk_review_point_round_id_review_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_point')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_review_point_round_id_position'))
    )
    with op.batch_alter_table('review_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_point_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_point_engagement_id'), ['engagement_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('review_point', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_point_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_review_point_client_id'))

    op.drop_table('review_point')
    with op.batch_alter_table('deliverable_wait', schema=None) as batch_op:
        batch_op.drop_index('ix_deliverable_wait_on_id')
        batch_op.drop_index(batch_op.f('ix_deliverable_wait_engagement_id'))
        batch_op.drop_index('ix_deliverable_wait_deliverable_id')
        batch_op.drop_index('ix_deliverable_wait_decision_id')
        batch_op.drop_index(batch_op.f('ix_deliverable_wait_client_id'))

    op.drop_table('deliverable_wait')
    with op.batch_alter_table('team_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_comment_engagement_id'))
        batch_op.drop_index('ix_team_comment_deliverable_id_at')
        batch_op.drop_index(batch_op.f('ix_team_comment_client_id'))

    op.drop_table('team_comment')
    with op.batch_alter_table('review_round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_round_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_review_round_client_id'))

    op.drop_table('review_round')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_engagement_id'))
        batch_op.drop_index('ix_comment_deliverable_id_at')
        batch_op.drop_index(batch_op.f('ix_comment_client_id'))

    op.drop_table('comment')
