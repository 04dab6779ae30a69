"""maturity assessments: the 85 questions put to a client, who answered them how, and the levels that came of it"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.Enum('baseline', 'day_90', 'yearly', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('state', sa.Enum('open', 'finished', 'set_aside', native_enum=False, length=30), nullable=False),
    sa.Column('began_on', sa.Date(), nullable=False),
    sa.Column('finished_on', sa.Date(), nullable=True),
    sa.Column('begun_by_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("(state = 'finished') = (finished_on IS NOT NULL)", name=op.f('ck_assessment_finished_has_a_day')),
    sa.CheckConstraint("(state = 'finished') = (visibility = 'client')", name=op.f('ck_assessment_client_sees_finished')),
    sa.CheckConstraint("purpose IN ('baseline', 'day_90', 'yearly', 'other')", name=op.f('ck_assessment_purpose_known')),
    sa.CheckConstraint("state IN ('open', 'finished', 'set_aside')", name=op.f('ck_assessment_state_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_assessment_visibility_known')),
    sa.CheckConstraint('finished_on >= began_on', name=op.f('ck_assessment_order')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_assessment_title_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessment_version_fits')),
    sa.ForeignKeyConstraint(['begun_by_id'], ['person.id'], name=op.f('fk_assessment_begun_by_id_person')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_assessment_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_assessment_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_assessment_id_client_id'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_assessment_client_id_finished_on', ['client_id', 'finished_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_assessment_one_open', ['client_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('assessed_level',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('lowest', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_assessed_level_area_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_assessed_level_visibility_known')),
    sa.CheckConstraint('answered BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessed_level_answered_fits')),
    sa.CheckConstraint('answered BETWEEN 1 AND questions', name=op.f('ck_assessed_level_answered')),
    sa.CheckConstraint('level BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessed_level_level_fits')),
    sa.CheckConstraint('level BETWEEN 0 AND 10', name=op.f('ck_assessed_level_level')),
    sa.CheckConstraint('lowest BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessed_level_lowest_fits')),
    sa.CheckConstraint('lowest BETWEEN 0 AND 5', name=op.f('ck_assessed_level_lowest')),
    sa.CheckConstraint('points BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessed_level_points_fits')),
    sa.CheckConstraint('points BETWEEN 0 AND 5 * answered', name=op.f('ck_assessed_level_points')),
    sa.CheckConstraint('questions BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessed_level_questions_fits')),
    sa.ForeignKeyConstraint(['assessment_id', 'client_id'], ['assessment.id', 'assessment.client_id'], name=op.f('fk_assessed_level_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_assessed_level_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessed_level')),
    sa.UniqueConstraint('assessment_id', 'area', name=op.f('uq_assessed_level_assessment_id_area'))
    )
    with op.batch_alter_table('assessed_level', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessed_level_client_id'), ['client_id'], unique=False)

    op.create_table('assessment_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=30), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('not_applicable', sa.Boolean(), nullable=False),
    sa.Column('comment', sa.String(length=2000), nullable=False),
    sa.Column('said_by_id', sa.Integer(), nullable=True),
    sa.Column('said_by', sa.String(length=200), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("said_by_id IS NULL OR said_by = ''", name=op.f('ck_assessment_answer_one_speaker')),
    sa.CheckConstraint('NOT (not_applicable AND score IS NOT NULL)', name=op.f('ck_assessment_answer_one_or_the_other')),
    sa.CheckConstraint('length(comment) <= 2000', name=op.f('ck_assessment_answer_comment_fits')),
    sa.CheckConstraint('length(question) <= 30', name=op.f('ck_assessment_answer_question_fits')),
    sa.CheckConstraint('length(said_by) <= 200', name=op.f('ck_assessment_answer_said_by_fits')),
    sa.CheckConstraint('score BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessment_answer_score_fits')),
    sa.CheckConstraint('score BETWEEN 0 AND 5', name=op.f('ck_assessment_answer_score')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_assessment_answer_version_fits')),
    sa.ForeignKeyConstraint(['assessment_id', 'client_id'], ['assessment.id', 'assessment.client_id'], name=op.f('fk_assessment_answer_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_assessment_answer_client_id_client')),
    sa.ForeignKeyConstraint(['said_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_assessment_answer_said_by_id_contact')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_assessment_answer_written_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_answer')),
    sa.UniqueConstraint('assessment_id', 'question', name=op.f('uq_assessment_answer_assessment_id_question'))
    )
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_answer_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_answer_said_by_id'), ['said_by_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_answer_said_by_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_answer_client_id'))

    op.drop_table('assessment_answer')
    with op.batch_alter_table('assessed_level', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessed_level_client_id'))

    op.drop_table('assessed_level')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index('ix_assessment_one_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_assessment_engagement_id'))
        batch_op.drop_index('ix_assessment_client_id_finished_on')
        batch_op.drop_index(batch_op.f('ix_assessment_client_id'))

    op.drop_table('assessment')
