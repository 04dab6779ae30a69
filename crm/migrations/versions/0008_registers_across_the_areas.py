"""registers across the areas: risks and their kin, actions, decisions, and assurance received"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

KINDS = ('raid_item', 'action', 'decision', 'assurance')


def upgrade() -> None:
    op.create_table('assurance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('from_whom', sa.String(length=200), nullable=False),
    sa.Column('proof', sa.Enum('statement', 'paper', 'interviews', 'test', 'audit', 'certificate', native_enum=False, length=30), nullable=False),
    sa.Column('also', sa.String(length=60), nullable=False),
    sa.Column('covers', sa.String(length=60), nullable=False),
    sa.Column('link', sa.String(length=1000), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.CheckConstraint("proof IN ('statement', 'paper', 'interviews', 'test', 'audit', 'certificate')", name=op.f('ck_assurance_proof_known')),
    sa.CheckConstraint('length(also) <= 60', name=op.f('ck_assurance_also_fits')),
    sa.CheckConstraint('length(covers) <= 60', name=op.f('ck_assurance_covers_fits')),
    sa.CheckConstraint('length(from_whom) <= 200', name=op.f('ck_assurance_from_whom_fits')),
    sa.CheckConstraint('length(link) <= 1000', name=op.f('ck_assurance_link_fits')),
    sa.CheckConstraint('length(notes) <= 100000', name=op.f('ck_assurance_notes_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_assurance_title_fits')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_assurance_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_assurance_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assurance')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_assurance_id_client_id'))
    )
    with op.batch_alter_table('assurance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assurance_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assurance_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('raid_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('type', sa.Enum('risk', 'assumption', 'issue', 'dependency', native_enum=False, length=30), nullable=False),
    sa.Column('likelihood', sa.Integer(), nullable=False),
    sa.Column('impact', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('open', 'mitigating', 'closed', 'accepted_risk', native_enum=False, length=30), nullable=False),
    sa.Column('next_review', sa.Date(), nullable=True),
    sa.Column('response', sa.Text(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closing', sa.Text(), nullable=False),
    sa.Column('acceptance_asked_on', sa.Date(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('accepted_by_id', sa.Integer(), nullable=True),
    sa.Column('acceptance', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_raid_item_owner_party')),
    sa.CheckConstraint("status IN ('open', 'mitigating', 'closed', 'accepted_risk')", name=op.f('ck_raid_item_status_known')),
    sa.CheckConstraint("type IN ('risk', 'assumption', 'issue', 'dependency')", name=op.f('ck_raid_item_type_known')),
    sa.CheckConstraint('impact BETWEEN -2147483648 AND 2147483647', name=op.f('ck_raid_item_impact_fits')),
    sa.CheckConstraint('length(acceptance) <= 100000', name=op.f('ck_raid_item_acceptance_fits')),
    sa.CheckConstraint('length(closing) <= 100000', name=op.f('ck_raid_item_closing_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_raid_item_owner_name_fits')),
    sa.CheckConstraint('length(response) <= 100000', name=op.f('ck_raid_item_response_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_raid_item_title_fits')),
    sa.CheckConstraint('likelihood BETWEEN -2147483648 AND 2147483647', name=op.f('ck_raid_item_likelihood_fits')),
    sa.CheckConstraint('likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5', name=op.f('ck_raid_item_one_to_five')),
    sa.CheckConstraint('score BETWEEN -2147483648 AND 2147483647', name=op.f('ck_raid_item_score_fits')),
    sa.ForeignKeyConstraint(['accepted_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_raid_item_accepted_by_id_contact')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_raid_item_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_raid_item_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_raid_item_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_raid_item_owner_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_raid_item_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_raid_item')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_raid_item_id_client_id'))
    )
    with op.batch_alter_table('raid_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_raid_item_accepted_by_id'), ['accepted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_raid_item_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_raid_item_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('revises_id', sa.Integer(), nullable=True),
    sa.Column('question', sa.String(length=200), nullable=False),
    sa.Column('options', sa.Text(), nullable=False),
    sa.Column('recommendation', sa.Text(), nullable=False),
    sa.Column('needed_by', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('needed', 'decided', 'withdrawn', 'revised', native_enum=False, length=30), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_decision_owner_party')),
    sa.CheckConstraint("status IN ('needed', 'decided', 'withdrawn', 'revised')", name=op.f('ck_decision_status_known')),
    sa.CheckConstraint('length(options) <= 100000', name=op.f('ck_decision_options_fits')),
    sa.CheckConstraint('length(outcome) <= 100000', name=op.f('ck_decision_outcome_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_decision_owner_name_fits')),
    sa.CheckConstraint('length(question) <= 200', name=op.f('ck_decision_question_fits')),
    sa.CheckConstraint('length(reason) <= 100000', name=op.f('ck_decision_reason_fits')),
    sa.CheckConstraint('length(recommendation) <= 100000', name=op.f('ck_decision_recommendation_fits')),
    sa.ForeignKeyConstraint(['contract_id', 'client_id'], ['vendor_contract.id', 'vendor_contract.client_id'], name=op.f('fk_decision_contract_id_vendor_contract')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_decision_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_decision_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_decision_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_decision_owner_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_decision_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['revises_id', 'client_id'], ['decision.id', 'decision.client_id'], name=op.f('fk_decision_revises_id_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_decision_id_client_id'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_decision_status_needed_by', ['status', 'needed_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_revises_id'), ['revises_id'], unique=False)

    op.create_table('action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('raid_item_id', sa.Integer(), nullable=True),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('open', 'done', 'dropped', native_enum=False, length=30), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('dropped_reason', sa.Text(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_action_owner_party')),
    sa.CheckConstraint("status IN ('open', 'done', 'dropped')", name=op.f('ck_action_status_known')),
    sa.CheckConstraint('length(dropped_reason) <= 100000', name=op.f('ck_action_dropped_reason_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_action_owner_name_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_action_title_fits')),
    sa.ForeignKeyConstraint(['decision_id', 'client_id'], ['decision.id', 'decision.client_id'], name=op.f('fk_action_decision_id_decision')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_action_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_action_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_action_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_action_owner_person_id_person')),
    sa.ForeignKeyConstraint(['raid_item_id', 'client_id'], ['raid_item.id', 'raid_item.client_id'], name=op.f('fk_action_raid_item_id_raid_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_action_id_client_id'))
    )
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_decision_id'), ['decision_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_action_owner_person_id_status', ['owner_person_id', 'status', 'due'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_raid_item_id'), ['raid_item_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_raid_item_id'))
        batch_op.drop_index('ix_action_owner_person_id_status')
        batch_op.drop_index(batch_op.f('ix_action_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_action_decision_id'))
        batch_op.drop_index(batch_op.f('ix_action_client_id'))

    op.drop_table('action')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_revises_id'))
        batch_op.drop_index(batch_op.f('ix_decision_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_decision_contract_id'))
        batch_op.drop_index('ix_decision_status_needed_by')
        batch_op.drop_index(batch_op.f('ix_decision_client_id'))

    op.drop_table('decision')
    with op.batch_alter_table('raid_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_raid_item_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_raid_item_client_id'))
        batch_op.drop_index(batch_op.f('ix_raid_item_accepted_by_id'))

    op.drop_table('raid_item')
    with op.batch_alter_table('assurance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assurance_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_assurance_client_id'))

    op.drop_table('assurance')
    entry = sa.table('register_entry', sa.column('kind', sa.String))
    op.execute(sa.delete(entry).where(entry.c.kind.in_(KINDS)))  # a row whose leaf is gone says nothing
