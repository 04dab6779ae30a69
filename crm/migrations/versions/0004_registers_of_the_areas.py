"""registers of the areas: one table for each kind of row that the twelve keep, and the readings of signals"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

KINDS = (
    'asset_group', 'incident', 'skill_record', 'commitment', 'digital_channel', 'obligation',
    'process_improvement', 'security_control', 'service', 'signal', 'stakeholder', 'critical_service',
    'data_asset', 'initiative', 'vendor_contract', 'budget_line', 'idea', 'saving',
)


def upgrade() -> None:
    op.create_table('asset_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('type', sa.Enum('laptop', 'desktop', 'phone', 'tablet', 'server', 'network', 'printer', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('owner_type', sa.Enum('company', 'personal', native_enum=False, length=30), nullable=False),
    sa.Column('oldest_purchase', sa.Date(), nullable=True),
    sa.Column('support_ends', sa.Date(), nullable=True),
    sa.Column('stage', sa.Enum('plan', 'buy', 'deploy', 'use', 'maintain', 'retire', 'disposed', native_enum=False, length=30), nullable=False),
    sa.Column('disposal_route', sa.String(length=200), nullable=False),
    sa.CheckConstraint("owner_type IN ('company', 'personal')", name=op.f('ck_asset_group_owner_type_known')),
    sa.CheckConstraint("stage IN ('plan', 'buy', 'deploy', 'use', 'maintain', 'retire', 'disposed')", name=op.f('ck_asset_group_stage_known')),
    sa.CheckConstraint("type IN ('laptop', 'desktop', 'phone', 'tablet', 'server', 'network', 'printer', 'other')", name=op.f('ck_asset_group_type_known')),
    sa.CheckConstraint('count >= 0', name=op.f('ck_asset_group_at_least_nothing')),
    sa.CheckConstraint('count BETWEEN -2147483648 AND 2147483647', name=op.f('ck_asset_group_count_fits')),
    sa.CheckConstraint('length(disposal_route) <= 200', name=op.f('ck_asset_group_disposal_route_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_asset_group_name_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_asset_group_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset_group')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_asset_group_id_client_id'))
    )
    with op.batch_alter_table('asset_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asset_group_client_id'), ['client_id'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('personal_data', sa.Boolean(), nullable=False),
    sa.Column('reported_within_72h', sa.Boolean(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('lessons_done', sa.Boolean(), nullable=False),
    sa.CheckConstraint('closed_on >= happened_on', name=op.f('ck_incident_closed_after')),
    sa.CheckConstraint('length(summary) <= 100000', name=op.f('ck_incident_summary_fits')),
    sa.CheckConstraint('severity BETWEEN -2147483648 AND 2147483647', name=op.f('ck_incident_severity_fits')),
    sa.CheckConstraint('severity BETWEEN 1 AND 4', name=op.f('ck_incident_severity')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_incident_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_incident_id_client_id'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_client_id'), ['client_id'], unique=False)

    op.create_table('skill_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=200), nullable=False),
    sa.Column('person', sa.String(length=200), nullable=False),
    sa.Column('department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('employment', sa.Enum('employee', 'contractor', 'provider', 'vacant', native_enum=False, length=30), nullable=False),
    sa.Column('critical_role', sa.Boolean(), nullable=False),
    sa.Column('cover_named', sa.Boolean(), nullable=False),
    sa.Column('main_skill', sa.String(length=200), nullable=False),
    sa.Column('level_now', sa.Integer(), nullable=True),
    sa.Column('level_needed', sa.Integer(), nullable=True),
    sa.Column('skill_gap', sa.Integer(), nullable=True),
    sa.Column('development_plan', sa.Enum('none', 'draft', 'agreed', 'in_progress', 'done', native_enum=False, length=30), nullable=True),
    sa.Column('last_one_to_one', sa.Date(), nullable=True),
    sa.Column('flight_risk', sa.Enum('low', 'medium', 'high', native_enum=False, length=30), nullable=True),
    sa.Column('covered', sa.Boolean(), nullable=False),
    sa.CheckConstraint("department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_skill_record_department_known')),
    sa.CheckConstraint("development_plan IN ('none', 'draft', 'agreed', 'in_progress', 'done')", name=op.f('ck_skill_record_development_plan_known')),
    sa.CheckConstraint("employment IN ('employee', 'contractor', 'provider', 'vacant')", name=op.f('ck_skill_record_employment_known')),
    sa.CheckConstraint("flight_risk IN ('low', 'medium', 'high')", name=op.f('ck_skill_record_flight_risk_known')),
    sa.CheckConstraint('length(main_skill) <= 200', name=op.f('ck_skill_record_main_skill_fits')),
    sa.CheckConstraint('length(person) <= 200', name=op.f('ck_skill_record_person_fits')),
    sa.CheckConstraint('length(role) <= 200', name=op.f('ck_skill_record_role_fits')),
    sa.CheckConstraint('level_needed BETWEEN -2147483648 AND 2147483647', name=op.f('ck_skill_record_level_needed_fits')),
    sa.CheckConstraint('level_now BETWEEN -2147483648 AND 2147483647', name=op.f('ck_skill_record_level_now_fits')),
    sa.CheckConstraint('level_now BETWEEN 0 AND 5 AND level_needed BETWEEN 0 AND 5', name=op.f('ck_skill_record_levels')),
    sa.CheckConstraint('skill_gap BETWEEN -2147483648 AND 2147483647', name=op.f('ck_skill_record_skill_gap_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_skill_record_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skill_record')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_skill_record_id_client_id'))
    )
    with op.batch_alter_table('skill_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skill_record_client_id'), ['client_id'], unique=False)

    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('to_contact_id', sa.Integer(), nullable=False),
    sa.Column('department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('open', 'kept', 'late', 'broken', 'withdrawn', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_commitment_department_known')),
    sa.CheckConstraint("status IN ('open', 'kept', 'late', 'broken', 'withdrawn')", name=op.f('ck_commitment_status_known')),
    sa.CheckConstraint('length(what) <= 200', name=op.f('ck_commitment_what_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_commitment_id_register_entry')),
    sa.ForeignKeyConstraint(['to_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_commitment_to_contact_id_contact')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_commitment_id_client_id'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_client_id'), ['client_id'], unique=False)

    op.create_table('digital_channel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('type', sa.Enum('website', 'shop', 'portal', 'app', 'marketplace', 'social', native_enum=False, length=30), nullable=False),
    sa.Column('revenue_last_quarter', sa.BigInteger(), nullable=True),
    sa.Column('revenue_year_ago', sa.BigInteger(), nullable=True),
    sa.Column('satisfaction', sa.BigInteger(), nullable=True),
    sa.Column('last_reviewed', sa.Date(), nullable=True),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_digital_channel_owner_party')),
    sa.CheckConstraint("type IN ('website', 'shop', 'portal', 'app', 'marketplace', 'social')", name=op.f('ck_digital_channel_type_known')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_digital_channel_name_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_digital_channel_owner_name_fits')),
    sa.CheckConstraint('revenue_last_quarter >= 0 AND revenue_year_ago >= 0', name=op.f('ck_digital_channel_at_least_nothing')),
    sa.CheckConstraint('revenue_last_quarter BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_digital_channel_revenue_last_quarter_fits')),
    sa.CheckConstraint('revenue_year_ago BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_digital_channel_revenue_year_ago_fits')),
    sa.CheckConstraint('satisfaction BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_digital_channel_satisfaction_fits')),
    sa.CheckConstraint('satisfaction BETWEEN 100 AND 500', name=op.f('ck_digital_channel_marks')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_digital_channel_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_digital_channel_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_digital_channel_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digital_channel')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_digital_channel_id_client_id'))
    )
    with op.batch_alter_table('digital_channel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digital_channel_client_id'), ['client_id'], unique=False)

    op.create_table('obligation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('origin', sa.Enum('law', 'regulation', 'contract', 'standard', 'insurance', 'policy', native_enum=False, length=30), nullable=False),
    sa.Column('topic', sa.Enum('data_protection', 'security', 'records', 'financial', 'accessibility', 'energy_environment', 'byod', 'cloud', 'acceptable_use', 'ai', 'sector', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('why_it_applies', sa.String(length=500), nullable=False),
    sa.Column('status', sa.Enum('met', 'partly', 'not_met', 'not_assessed', native_enum=False, length=30), nullable=False),
    sa.Column('impact', sa.Enum('low', 'medium', 'high', native_enum=False, length=30), nullable=False),
    sa.Column('check_interval_days', sa.Integer(), nullable=True),
    sa.Column('last_checked', sa.Date(), nullable=True),
    sa.Column('next_check_due', sa.Date(), nullable=False),
    sa.Column('evidence_url', sa.String(length=1000), nullable=False),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('department_variants', sa.Integer(), nullable=True),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_obligation_owner_party')),
    sa.CheckConstraint("impact IN ('low', 'medium', 'high')", name=op.f('ck_obligation_impact_known')),
    sa.CheckConstraint("origin IN ('law', 'regulation', 'contract', 'standard', 'insurance', 'policy')", name=op.f('ck_obligation_origin_known')),
    sa.CheckConstraint("status IN ('met', 'partly', 'not_met', 'not_assessed')", name=op.f('ck_obligation_status_known')),
    sa.CheckConstraint("topic IN ('data_protection', 'security', 'records', 'financial', 'accessibility', 'energy_environment', 'byod', 'cloud', 'acceptable_use', 'ai', 'sector', 'other')", name=op.f('ck_obligation_topic_known')),
    sa.CheckConstraint('check_interval_days >= 0 AND department_variants >= 0', name=op.f('ck_obligation_at_least_nothing')),
    sa.CheckConstraint('check_interval_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_obligation_check_interval_days_fits')),
    sa.CheckConstraint('department_variants BETWEEN -2147483648 AND 2147483647', name=op.f('ck_obligation_department_variants_fits')),
    sa.CheckConstraint('length(evidence_url) <= 1000', name=op.f('ck_obligation_evidence_url_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_obligation_owner_name_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_obligation_title_fits')),
    sa.CheckConstraint('length(why_it_applies) <= 500', name=op.f('ck_obligation_why_it_applies_fits')),
    sa.ForeignKeyConstraint(['approved_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_obligation_approved_by_id_contact')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_obligation_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_obligation_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_obligation_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obligation')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_obligation_id_client_id'))
    )
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_obligation_client_id'), ['client_id'], unique=False)

    op.create_table('process_improvement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('owner_department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=True),
    sa.Column('departments', sa.String(length=200), nullable=False),
    sa.Column('measure', sa.String(length=200), nullable=False),
    sa.Column('baseline', sa.BigInteger(), nullable=True),
    sa.Column('target', sa.BigInteger(), nullable=True),
    sa.Column('current', sa.BigInteger(), nullable=True),
    sa.Column('hours_per_month_before', sa.BigInteger(), nullable=True),
    sa.Column('hours_per_month_after', sa.BigInteger(), nullable=True),
    sa.Column('value_type', sa.Enum('cost', 'time', 'revenue', 'quality', 'risk', 'customer', native_enum=False, length=30), nullable=False),
    sa.Column('annual_value_expected', sa.BigInteger(), nullable=True),
    sa.Column('annual_value_realised', sa.BigInteger(), nullable=True),
    sa.Column('weakest_change_step', sa.Enum('awareness', 'desire', 'knowledge', 'ability', 'reinforcement', native_enum=False, length=30), nullable=True),
    sa.Column('stage', sa.Enum('candidate', 'mapped', 'redesigned', 'building', 'live', 'benefit_confirmed', 'dropped', native_enum=False, length=30), nullable=False),
    sa.Column('go_live_due', sa.Date(), nullable=True),
    sa.Column('benefit_check_due', sa.Date(), nullable=True),
    sa.Column('benefit_checked_on', sa.Date(), nullable=True),
    sa.Column('business_owned', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_process_improvement_owner_party')),
    sa.CheckConstraint("owner_department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_process_improvement_owner_department_known')),
    sa.CheckConstraint("stage IN ('candidate', 'mapped', 'redesigned', 'building', 'live', 'benefit_confirmed', 'dropped')", name=op.f('ck_process_improvement_stage_known')),
    sa.CheckConstraint("value_type IN ('cost', 'time', 'revenue', 'quality', 'risk', 'customer')", name=op.f('ck_process_improvement_value_type_known')),
    sa.CheckConstraint("weakest_change_step IN ('awareness', 'desire', 'knowledge', 'ability', 'reinforcement')", name=op.f('ck_process_improvement_weakest_change_step_known')),
    sa.CheckConstraint('annual_value_expected BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_annual_value_expected_fits')),
    sa.CheckConstraint('annual_value_realised BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_annual_value_realised_fits')),
    sa.CheckConstraint('baseline BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_baseline_fits')),
    sa.CheckConstraint('current BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_current_fits')),
    sa.CheckConstraint('hours_per_month_after BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_hours_per_month_after_fits')),
    sa.CheckConstraint('hours_per_month_before >= 0 AND hours_per_month_after >= 0 AND annual_value_expected >= 0 AND annual_value_realised >= 0', name=op.f('ck_process_improvement_at_least_nothing')),
    sa.CheckConstraint('hours_per_month_before BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_hours_per_month_before_fits')),
    sa.CheckConstraint('length(departments) <= 200', name=op.f('ck_process_improvement_departments_fits')),
    sa.CheckConstraint('length(measure) <= 200', name=op.f('ck_process_improvement_measure_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_process_improvement_owner_name_fits')),
    sa.CheckConstraint('length(problem) <= 100000', name=op.f('ck_process_improvement_problem_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_process_improvement_title_fits')),
    sa.CheckConstraint('target BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_process_improvement_target_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_process_improvement_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_process_improvement_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_process_improvement_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_improvement')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_process_improvement_id_client_id'))
    )
    with op.batch_alter_table('process_improvement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_process_improvement_client_id'), ['client_id'], unique=False)

    op.create_table('security_control',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('origin', sa.Enum('cyber_essentials', 'cis_ig1', 'insurance', 'contract', 'client', native_enum=False, length=30), nullable=False),
    sa.Column('csf_function', sa.Enum('govern', 'identify', 'protect', 'detect', 'respond', 'recover', native_enum=False, length=30), nullable=False),
    sa.Column('state', sa.Enum('not_started', 'partial', 'in_place', 'not_applicable', native_enum=False, length=30), nullable=False),
    sa.Column('auto_fail', sa.Boolean(), nullable=False),
    sa.Column('coverage', sa.BigInteger(), nullable=True),
    sa.Column('evidence_url', sa.String(length=1000), nullable=False),
    sa.Column('last_tested', sa.Date(), nullable=True),
    sa.Column('test_interval_days', sa.Integer(), nullable=True),
    sa.Column('next_test_due', sa.Date(), nullable=False),
    sa.Column('tag', sa.Enum('mfa', 'patch14', 'backup', 'awareness', 'none', native_enum=False, length=30), nullable=True),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_security_control_owner_party')),
    sa.CheckConstraint("csf_function IN ('govern', 'identify', 'protect', 'detect', 'respond', 'recover')", name=op.f('ck_security_control_csf_function_known')),
    sa.CheckConstraint("origin IN ('cyber_essentials', 'cis_ig1', 'insurance', 'contract', 'client')", name=op.f('ck_security_control_origin_known')),
    sa.CheckConstraint("state IN ('not_started', 'partial', 'in_place', 'not_applicable')", name=op.f('ck_security_control_state_known')),
    sa.CheckConstraint("tag IN ('mfa', 'patch14', 'backup', 'awareness', 'none')", name=op.f('ck_security_control_tag_known')),
    sa.CheckConstraint('coverage BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_security_control_coverage_fits')),
    sa.CheckConstraint('coverage BETWEEN 0 AND 10000', name=op.f('ck_security_control_shares')),
    sa.CheckConstraint('length(evidence_url) <= 1000', name=op.f('ck_security_control_evidence_url_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_security_control_owner_name_fits')),
    sa.CheckConstraint('length(ref) <= 60', name=op.f('ck_security_control_ref_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_security_control_title_fits')),
    sa.CheckConstraint('test_interval_days >= 0', name=op.f('ck_security_control_at_least_nothing')),
    sa.CheckConstraint('test_interval_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_security_control_test_interval_days_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_security_control_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_security_control_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_security_control_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_security_control')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_security_control_id_client_id'))
    )
    with op.batch_alter_table('security_control', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_security_control_client_id'), ['client_id'], unique=False)

    op.create_table('service',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('type', sa.Enum('business_app', 'productivity', 'infrastructure', 'network', 'support', native_enum=False, length=30), nullable=False),
    sa.Column('criticality', sa.Enum('critical', 'important', 'normal', native_enum=False, length=30), nullable=False),
    sa.Column('business_owner_id', sa.Integer(), nullable=True),
    sa.Column('provider', sa.String(length=200), nullable=False),
    sa.Column('sourcing', sa.Enum('in_house', 'brokered', 'managed_service', 'shadow', native_enum=False, length=30), nullable=False),
    sa.Column('hosting', sa.Enum('saas', 'cloud', 'on_premises', 'hybrid', native_enum=False, length=30), nullable=True),
    sa.Column('byod_access', sa.Enum('none', 'managed', 'unmanaged', native_enum=False, length=30), nullable=True),
    sa.Column('users', sa.Integer(), nullable=True),
    sa.Column('annual_cost', sa.BigInteger(), nullable=True),
    sa.Column('availability_target', sa.BigInteger(), nullable=True),
    sa.Column('availability_actual', sa.BigInteger(), nullable=True),
    sa.Column('satisfaction', sa.BigInteger(), nullable=True),
    sa.Column('support_ends', sa.Date(), nullable=True),
    sa.Column('replacement_plan', sa.Boolean(), nullable=False),
    sa.Column('energy_kwh_year', sa.BigInteger(), nullable=True),
    sa.Column('last_reviewed', sa.Date(), nullable=True),
    sa.Column('below_target', sa.Boolean(), nullable=False),
    sa.Column('ungoverned', sa.Boolean(), nullable=False),
    sa.CheckConstraint("byod_access IN ('none', 'managed', 'unmanaged')", name=op.f('ck_service_byod_access_known')),
    sa.CheckConstraint("criticality IN ('critical', 'important', 'normal')", name=op.f('ck_service_criticality_known')),
    sa.CheckConstraint("hosting IN ('saas', 'cloud', 'on_premises', 'hybrid')", name=op.f('ck_service_hosting_known')),
    sa.CheckConstraint("sourcing IN ('in_house', 'brokered', 'managed_service', 'shadow')", name=op.f('ck_service_sourcing_known')),
    sa.CheckConstraint("type IN ('business_app', 'productivity', 'infrastructure', 'network', 'support')", name=op.f('ck_service_type_known')),
    sa.CheckConstraint('annual_cost BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_service_annual_cost_fits')),
    sa.CheckConstraint('availability_actual BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_service_availability_actual_fits')),
    sa.CheckConstraint('availability_target BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_service_availability_target_fits')),
    sa.CheckConstraint('availability_target BETWEEN 0 AND 10000 AND availability_actual BETWEEN 0 AND 10000', name=op.f('ck_service_shares')),
    sa.CheckConstraint('energy_kwh_year BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_service_energy_kwh_year_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_service_name_fits')),
    sa.CheckConstraint('length(provider) <= 200', name=op.f('ck_service_provider_fits')),
    sa.CheckConstraint('satisfaction BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_service_satisfaction_fits')),
    sa.CheckConstraint('satisfaction BETWEEN 100 AND 500', name=op.f('ck_service_marks')),
    sa.CheckConstraint('users >= 0 AND annual_cost >= 0 AND energy_kwh_year >= 0', name=op.f('ck_service_at_least_nothing')),
    sa.CheckConstraint('users BETWEEN -2147483648 AND 2147483647', name=op.f('ck_service_users_fits')),
    sa.ForeignKeyConstraint(['business_owner_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_service_business_owner_id_contact')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_service_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_service_id_client_id'))
    )
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_client_id'), ['client_id'], unique=False)

    op.create_table('signal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('threshold', sa.BigInteger(), nullable=False),
    sa.Column('bad_direction', sa.Enum('up', 'down', native_enum=False, length=30), nullable=False),
    sa.Column('latest_on', sa.Date(), nullable=True),
    sa.Column('need_if_crossed', sa.String(length=200), nullable=False),
    sa.Column('plan_in_place', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_signal_owner_party')),
    sa.CheckConstraint("bad_direction IN ('up', 'down')", name=op.f('ck_signal_bad_direction_known')),
    sa.CheckConstraint("department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_signal_department_known')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_signal_name_fits')),
    sa.CheckConstraint('length(need_if_crossed) <= 200', name=op.f('ck_signal_need_if_crossed_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_signal_owner_name_fits')),
    sa.CheckConstraint('length(unit) <= 60', name=op.f('ck_signal_unit_fits')),
    sa.CheckConstraint('threshold BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_signal_threshold_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_signal_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_signal_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_signal_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_signal_id_client_id'))
    )
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signal_client_id'), ['client_id'], unique=False)

    op.create_table('stakeholder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('influence', sa.Integer(), nullable=False),
    sa.Column('stance', sa.Enum('champion', 'supporter', 'neutral', 'sceptic', 'opponent', native_enum=False, length=30), nullable=False),
    sa.Column('trust_score', sa.BigInteger(), nullable=True),
    sa.Column('trust_before', sa.BigInteger(), nullable=True),
    sa.Column('last_contact', sa.Date(), nullable=True),
    sa.Column('contact_interval_days', sa.Integer(), nullable=True),
    sa.Column('next_contact_due', sa.Date(), nullable=False),
    sa.Column('trust_falling', sa.Boolean(), nullable=False),
    sa.Column('next_step', sa.String(length=500), nullable=False),
    sa.CheckConstraint("department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_stakeholder_department_known')),
    sa.CheckConstraint("stance IN ('champion', 'supporter', 'neutral', 'sceptic', 'opponent')", name=op.f('ck_stakeholder_stance_known')),
    sa.CheckConstraint('contact_interval_days >= 0', name=op.f('ck_stakeholder_at_least_nothing')),
    sa.CheckConstraint('contact_interval_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_stakeholder_contact_interval_days_fits')),
    sa.CheckConstraint('influence BETWEEN -2147483648 AND 2147483647', name=op.f('ck_stakeholder_influence_fits')),
    sa.CheckConstraint('influence BETWEEN 1 AND 5', name=op.f('ck_stakeholder_influence')),
    sa.CheckConstraint('length(next_step) <= 500', name=op.f('ck_stakeholder_next_step_fits')),
    sa.CheckConstraint('trust_before BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_stakeholder_trust_before_fits')),
    sa.CheckConstraint('trust_score BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_stakeholder_trust_score_fits')),
    sa.CheckConstraint('trust_score BETWEEN 100 AND 500 AND trust_before BETWEEN 100 AND 500', name=op.f('ck_stakeholder_marks')),
    sa.ForeignKeyConstraint(['contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_stakeholder_contact_id_contact')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_stakeholder_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stakeholder')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_stakeholder_id_client_id'))
    )
    with op.batch_alter_table('stakeholder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stakeholder_client_id'), ['client_id'], unique=False)

    op.create_table('critical_service',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=True),
    sa.Column('business_owner_id', sa.Integer(), nullable=True),
    sa.Column('mtpd_hours', sa.BigInteger(), nullable=True),
    sa.Column('rto_hours', sa.BigInteger(), nullable=True),
    sa.Column('rpo_hours', sa.BigInteger(), nullable=True),
    sa.Column('rto_reached_hours', sa.BigInteger(), nullable=True),
    sa.Column('rpo_reached_hours', sa.BigInteger(), nullable=True),
    sa.Column('last_exercise', sa.Date(), nullable=True),
    sa.Column('exercise_interval_days', sa.Integer(), nullable=True),
    sa.Column('next_exercise_due', sa.Date(), nullable=False),
    sa.Column('exercise_result', sa.Enum('none', 'pass', 'partial', 'fail', native_enum=False, length=30), nullable=False),
    sa.Column('backup', sa.Enum('none', 'unverified', 'verified', native_enum=False, length=30), nullable=False),
    sa.Column('last_restore_test', sa.Date(), nullable=True),
    sa.Column('offline_copy', sa.Boolean(), nullable=False),
    sa.Column('plan_url', sa.String(length=1000), nullable=False),
    sa.Column('plan_updated', sa.Date(), nullable=True),
    sa.Column('single_point_of_failure', sa.Boolean(), nullable=False),
    sa.Column('targets_agreed', sa.Boolean(), nullable=False),
    sa.Column('target_missed', sa.Boolean(), nullable=False),
    sa.CheckConstraint("backup IN ('none', 'unverified', 'verified')", name=op.f('ck_critical_service_backup_known')),
    sa.CheckConstraint("exercise_result IN ('none', 'pass', 'partial', 'fail')", name=op.f('ck_critical_service_exercise_result_known')),
    sa.CheckConstraint('exercise_interval_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_critical_service_exercise_interval_days_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_critical_service_name_fits')),
    sa.CheckConstraint('length(plan_url) <= 1000', name=op.f('ck_critical_service_plan_url_fits')),
    sa.CheckConstraint('mtpd_hours >= 0 AND rto_hours >= 0 AND rpo_hours >= 0 AND rto_reached_hours >= 0 AND rpo_reached_hours >= 0 AND exercise_interval_days >= 0', name=op.f('ck_critical_service_at_least_nothing')),
    sa.CheckConstraint('mtpd_hours BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_critical_service_mtpd_hours_fits')),
    sa.CheckConstraint('rpo_hours BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_critical_service_rpo_hours_fits')),
    sa.CheckConstraint('rpo_reached_hours BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_critical_service_rpo_reached_hours_fits')),
    sa.CheckConstraint('rto_hours BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_critical_service_rto_hours_fits')),
    sa.CheckConstraint('rto_reached_hours BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_critical_service_rto_reached_hours_fits')),
    sa.ForeignKeyConstraint(['business_owner_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_critical_service_business_owner_id_contact')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_critical_service_id_register_entry')),
    sa.ForeignKeyConstraint(['service_id', 'client_id'], ['service.id', 'service.client_id'], name=op.f('fk_critical_service_service_id_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_critical_service')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_critical_service_id_client_id'))
    )
    with op.batch_alter_table('critical_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_critical_service_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_critical_service_service_id'), ['service_id'], unique=False)

    op.create_table('data_asset',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('domain', sa.Enum('customer', 'finance', 'people', 'product', 'operations', 'supplier', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('owner_department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('system_id', sa.Integer(), nullable=True),
    sa.Column('personal_data', sa.Boolean(), nullable=False),
    sa.Column('classification', sa.Enum('public', 'internal', 'confidential', 'restricted', native_enum=False, length=30), nullable=False),
    sa.Column('critical', sa.Boolean(), nullable=False),
    sa.Column('quality_score', sa.BigInteger(), nullable=True),
    sa.Column('last_quality_check', sa.Date(), nullable=True),
    sa.Column('retention_rule', sa.Boolean(), nullable=False),
    sa.Column('shared_with', sa.String(length=200), nullable=False),
    sa.Column('used_in_reports', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_data_asset_owner_party')),
    sa.CheckConstraint("classification IN ('public', 'internal', 'confidential', 'restricted')", name=op.f('ck_data_asset_classification_known')),
    sa.CheckConstraint("domain IN ('customer', 'finance', 'people', 'product', 'operations', 'supplier', 'other')", name=op.f('ck_data_asset_domain_known')),
    sa.CheckConstraint("owner_department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_data_asset_owner_department_known')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_data_asset_name_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_data_asset_owner_name_fits')),
    sa.CheckConstraint('length(shared_with) <= 200', name=op.f('ck_data_asset_shared_with_fits')),
    sa.CheckConstraint('quality_score BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_data_asset_quality_score_fits')),
    sa.CheckConstraint('quality_score BETWEEN 0 AND 10000', name=op.f('ck_data_asset_shares')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_data_asset_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_data_asset_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_data_asset_owner_person_id_person')),
    sa.ForeignKeyConstraint(['system_id', 'client_id'], ['service.id', 'service.client_id'], name=op.f('fk_data_asset_system_id_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_asset')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_data_asset_id_client_id'))
    )
    with op.batch_alter_table('data_asset', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_asset_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_asset_system_id'), ['system_id'], unique=False)

    op.create_table('initiative',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('objective_id', sa.Integer(), nullable=True),
    sa.Column('mission_link', sa.String(length=200), nullable=False),
    sa.Column('people_change', sa.Text(), nullable=False),
    sa.Column('process_change', sa.Text(), nullable=False),
    sa.Column('project_plan', sa.Text(), nullable=False),
    sa.Column('technology_change', sa.Text(), nullable=False),
    sa.Column('departments', sa.String(length=200), nullable=False),
    sa.Column('sponsor_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('idea', 'approved', 'active', 'paused', 'done', 'stopped', native_enum=False, length=30), nullable=False),
    sa.Column('start', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('baseline_due', sa.Date(), nullable=True),
    sa.Column('value_type', sa.Enum('cost', 'time', 'revenue', 'quality', 'risk', 'customer', native_enum=False, length=30), nullable=True),
    sa.Column('annual_value', sa.BigInteger(), nullable=True),
    sa.Column('one_off_cost', sa.BigInteger(), nullable=True),
    sa.Column('last_update', sa.Date(), nullable=True),
    sa.Column('serves_area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=True),
    sa.Column('lens_count', sa.Integer(), nullable=False),
    sa.Column('department_count', sa.Integer(), nullable=False),
    sa.Column('owner_and_sponsor', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_initiative_owner_party')),
    sa.CheckConstraint("serves_area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_initiative_serves_area_known')),
    sa.CheckConstraint("status IN ('idea', 'approved', 'active', 'paused', 'done', 'stopped')", name=op.f('ck_initiative_status_known')),
    sa.CheckConstraint("value_type IN ('cost', 'time', 'revenue', 'quality', 'risk', 'customer')", name=op.f('ck_initiative_value_type_known')),
    sa.CheckConstraint('annual_value >= 0 AND one_off_cost >= 0', name=op.f('ck_initiative_at_least_nothing')),
    sa.CheckConstraint('annual_value BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_initiative_annual_value_fits')),
    sa.CheckConstraint('department_count BETWEEN -2147483648 AND 2147483647', name=op.f('ck_initiative_department_count_fits')),
    sa.CheckConstraint('length(departments) <= 200', name=op.f('ck_initiative_departments_fits')),
    sa.CheckConstraint('length(mission_link) <= 200', name=op.f('ck_initiative_mission_link_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_initiative_owner_name_fits')),
    sa.CheckConstraint('length(people_change) <= 100000', name=op.f('ck_initiative_people_change_fits')),
    sa.CheckConstraint('length(process_change) <= 100000', name=op.f('ck_initiative_process_change_fits')),
    sa.CheckConstraint('length(project_plan) <= 100000', name=op.f('ck_initiative_project_plan_fits')),
    sa.CheckConstraint('length(technology_change) <= 100000', name=op.f('ck_initiative_technology_change_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_initiative_title_fits')),
    sa.CheckConstraint('lens_count BETWEEN -2147483648 AND 2147483647', name=op.f('ck_initiative_lens_count_fits')),
    sa.CheckConstraint('one_off_cost BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_initiative_one_off_cost_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_initiative_id_register_entry')),
    sa.ForeignKeyConstraint(['objective_id', 'client_id'], ['objective.id', 'objective.client_id'], name=op.f('fk_initiative_objective_id_objective')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_initiative_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_initiative_owner_person_id_person')),
    sa.ForeignKeyConstraint(['sponsor_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_initiative_sponsor_id_contact')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_initiative_id_client_id'))
    )
    with op.batch_alter_table('initiative', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_initiative_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_initiative_objective_id'), ['objective_id'], unique=False)

    op.create_table('signal_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('signal_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_signal_reading_visibility_known')),
    sa.CheckConstraint('value BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_signal_reading_value_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_signal_reading_client_id_client')),
    sa.ForeignKeyConstraint(['signal_id', 'client_id'], ['signal.id', 'signal.client_id'], name=op.f('fk_signal_reading_signal_id_signal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_reading')),
    sa.UniqueConstraint('signal_id', 'month', name=op.f('uq_signal_reading_signal_id_month'))
    )
    with op.batch_alter_table('signal_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signal_reading_client_id'), ['client_id'], unique=False)

    op.create_table('vendor_contract',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('vendor', sa.String(length=200), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=True),
    sa.Column('tier', sa.Enum('strategic', 'important', 'commodity', native_enum=False, length=30), nullable=False),
    sa.Column('status', sa.Enum('active', 'in_notice', 'ended', native_enum=False, length=30), nullable=False),
    sa.Column('annual_cost', sa.BigInteger(), nullable=False),
    sa.Column('start', sa.Date(), nullable=True),
    sa.Column('end', sa.Date(), nullable=True),
    sa.Column('notice_days', sa.Integer(), nullable=True),
    sa.Column('notice_by', sa.Date(), nullable=True),
    sa.Column('auto_renew', sa.Boolean(), nullable=False),
    sa.Column('decision', sa.Enum('undecided', 'renew', 'renegotiate', 'replace', 'exit', native_enum=False, length=30), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('sla_met', sa.BigInteger(), nullable=True),
    sa.Column('satisfaction', sa.BigInteger(), nullable=True),
    sa.Column('last_review', sa.Date(), nullable=True),
    sa.Column('review_due', sa.Date(), nullable=False),
    sa.Column('alternatives_checked', sa.Date(), nullable=True),
    sa.Column('exit_plan', sa.Boolean(), nullable=False),
    sa.Column('personal_data', sa.Boolean(), nullable=True),
    sa.Column('data_terms_signed', sa.Boolean(), nullable=False),
    sa.Column('complete', sa.Boolean(), nullable=False),
    sa.Column('underperforming', sa.Boolean(), nullable=False),
    sa.Column('data_not_covered', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_vendor_contract_owner_party')),
    sa.CheckConstraint("decision IN ('undecided', 'renew', 'renegotiate', 'replace', 'exit')", name=op.f('ck_vendor_contract_decision_known')),
    sa.CheckConstraint("status IN ('active', 'in_notice', 'ended')", name=op.f('ck_vendor_contract_status_known')),
    sa.CheckConstraint("tier IN ('strategic', 'important', 'commodity')", name=op.f('ck_vendor_contract_tier_known')),
    sa.CheckConstraint('"end" >= start', name=op.f('ck_vendor_contract_ends_after')),
    sa.CheckConstraint('annual_cost >= 0 AND notice_days >= 0', name=op.f('ck_vendor_contract_at_least_nothing')),
    sa.CheckConstraint('annual_cost BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_vendor_contract_annual_cost_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_vendor_contract_owner_name_fits')),
    sa.CheckConstraint('length(vendor) <= 200', name=op.f('ck_vendor_contract_vendor_fits')),
    sa.CheckConstraint('length(what) <= 200', name=op.f('ck_vendor_contract_what_fits')),
    sa.CheckConstraint('notice_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_vendor_contract_notice_days_fits')),
    sa.CheckConstraint('satisfaction BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_vendor_contract_satisfaction_fits')),
    sa.CheckConstraint('satisfaction BETWEEN 100 AND 500', name=op.f('ck_vendor_contract_marks')),
    sa.CheckConstraint('sla_met BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_vendor_contract_sla_met_fits')),
    sa.CheckConstraint('sla_met BETWEEN 0 AND 10000', name=op.f('ck_vendor_contract_shares')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_vendor_contract_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_vendor_contract_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_vendor_contract_owner_person_id_person')),
    sa.ForeignKeyConstraint(['service_id', 'client_id'], ['service.id', 'service.client_id'], name=op.f('fk_vendor_contract_service_id_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vendor_contract')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_vendor_contract_id_client_id'))
    )
    with op.batch_alter_table('vendor_contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vendor_contract_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_vendor_contract_notice_by', ['notice_by', 'client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vendor_contract_service_id'), ['service_id'], unique=False)

    op.create_table('budget_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('fiscal_year', sa.String(length=20), nullable=False),
    sa.Column('category', sa.Enum('people', 'software', 'cloud', 'hardware', 'connectivity', 'security', 'projects', 'services', 'training', 'energy', native_enum=False, length=30), nullable=False),
    sa.Column('type', sa.Enum('run', 'grow', 'transform', native_enum=False, length=30), nullable=False),
    sa.Column('capex', sa.Boolean(), nullable=False),
    sa.Column('department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=True),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('annual_budget', sa.BigInteger(), nullable=False),
    sa.Column('ytd_budget', sa.BigInteger(), nullable=True),
    sa.Column('ytd_actual', sa.BigInteger(), nullable=True),
    sa.Column('forecast_full_year', sa.BigInteger(), nullable=True),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('last_update', sa.Date(), nullable=True),
    sa.Column('over_by_pct', sa.BigInteger(), nullable=True),
    sa.Column('unowned_or_unapproved', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_budget_line_owner_party')),
    sa.CheckConstraint("category IN ('people', 'software', 'cloud', 'hardware', 'connectivity', 'security', 'projects', 'services', 'training', 'energy')", name=op.f('ck_budget_line_category_known')),
    sa.CheckConstraint("department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_budget_line_department_known')),
    sa.CheckConstraint("type IN ('run', 'grow', 'transform')", name=op.f('ck_budget_line_type_known')),
    sa.CheckConstraint('annual_budget >= 0 AND ytd_budget >= 0', name=op.f('ck_budget_line_at_least_nothing')),
    sa.CheckConstraint('annual_budget BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_budget_line_annual_budget_fits')),
    sa.CheckConstraint('forecast_full_year BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_budget_line_forecast_full_year_fits')),
    sa.CheckConstraint('length(fiscal_year) <= 20', name=op.f('ck_budget_line_fiscal_year_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_budget_line_name_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_budget_line_owner_name_fits')),
    sa.CheckConstraint('over_by_pct BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_budget_line_over_by_pct_fits')),
    sa.CheckConstraint('ytd_actual BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_budget_line_ytd_actual_fits')),
    sa.CheckConstraint('ytd_budget BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_budget_line_ytd_budget_fits')),
    sa.ForeignKeyConstraint(['contract_id', 'client_id'], ['vendor_contract.id', 'vendor_contract.client_id'], name=op.f('fk_budget_line_contract_id_vendor_contract')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_budget_line_id_register_entry')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_budget_line_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_budget_line_owner_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_budget_line_id_client_id'))
    )
    with op.batch_alter_table('budget_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budget_line_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_budget_line_contract_id'), ['contract_id'], unique=False)

    op.create_table('idea',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('source_department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=False),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('submitted_on', sa.Date(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('value_type', sa.Enum('cost', 'time', 'revenue', 'quality', 'risk', 'customer', native_enum=False, length=30), nullable=False),
    sa.Column('stage', sa.Enum('new', 'screened', 'experiment', 'pilot', 'scaled', 'parked', 'rejected', native_enum=False, length=30), nullable=False),
    sa.Column('stage_since', sa.Date(), nullable=False),
    sa.Column('cost_limit', sa.BigInteger(), nullable=True),
    sa.Column('spent', sa.BigInteger(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('result', sa.Enum('unknown', 'worked', 'mixed', 'failed', native_enum=False, length=30), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('initiative_id', sa.Integer(), nullable=True),
    sa.Column('overspent', sa.Boolean(), nullable=False),
    sa.Column('owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("CASE WHEN (owner_contact_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_person_id IS NOT NULL) THEN 1 ELSE 0 END + CASE WHEN (owner_name != '') THEN 1 ELSE 0 END <= 1", name=op.f('ck_idea_owner_party')),
    sa.CheckConstraint("result IN ('unknown', 'worked', 'mixed', 'failed')", name=op.f('ck_idea_result_known')),
    sa.CheckConstraint("source_department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_idea_source_department_known')),
    sa.CheckConstraint("stage IN ('new', 'screened', 'experiment', 'pilot', 'scaled', 'parked', 'rejected')", name=op.f('ck_idea_stage_known')),
    sa.CheckConstraint("value_type IN ('cost', 'time', 'revenue', 'quality', 'risk', 'customer')", name=op.f('ck_idea_value_type_known')),
    sa.CheckConstraint('cost_limit >= 0 AND spent >= 0', name=op.f('ck_idea_at_least_nothing')),
    sa.CheckConstraint('cost_limit BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_idea_cost_limit_fits')),
    sa.CheckConstraint('length(owner_name) <= 200', name=op.f('ck_idea_owner_name_fits')),
    sa.CheckConstraint('length(problem) <= 100000', name=op.f('ck_idea_problem_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_idea_title_fits')),
    sa.CheckConstraint('spent BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_idea_spent_fits')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_idea_id_register_entry')),
    sa.ForeignKeyConstraint(['initiative_id', 'client_id'], ['initiative.id', 'initiative.client_id'], name=op.f('fk_idea_initiative_id_initiative')),
    sa.ForeignKeyConstraint(['owner_contact_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_idea_owner_contact_id_contact')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_idea_owner_person_id_person')),
    sa.ForeignKeyConstraint(['submitted_by_id', 'client_id'], ['contact.id', 'contact.client_id'], name=op.f('fk_idea_submitted_by_id_contact')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_idea_id_client_id'))
    )
    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idea_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_idea_initiative_id'), ['initiative_id'], unique=False)

    op.create_table('saving',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('type', sa.Enum('cost_out', 'cost_avoided', 'efficiency', native_enum=False, length=30), nullable=False),
    sa.Column('annual_target', sa.BigInteger(), nullable=False),
    sa.Column('annual_realised', sa.BigInteger(), nullable=True),
    sa.Column('proof', sa.Enum('none', 'estimate', 'invoice', 'ledger', native_enum=False, length=30), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('idea', 'agreed', 'in_progress', 'realised', 'dropped', native_enum=False, length=30), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('department', sa.Enum('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities', native_enum=False, length=30), nullable=True),
    sa.CheckConstraint("department IN ('executive', 'finance', 'hr', 'legal', 'operations', 'sales', 'marketing', 'customer_service', 'it', 'product', 'facilities')", name=op.f('ck_saving_department_known')),
    sa.CheckConstraint("proof IN ('none', 'estimate', 'invoice', 'ledger')", name=op.f('ck_saving_proof_known')),
    sa.CheckConstraint("status IN ('idea', 'agreed', 'in_progress', 'realised', 'dropped')", name=op.f('ck_saving_status_known')),
    sa.CheckConstraint("type IN ('cost_out', 'cost_avoided', 'efficiency')", name=op.f('ck_saving_type_known')),
    sa.CheckConstraint('annual_realised BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_saving_annual_realised_fits')),
    sa.CheckConstraint('annual_target >= 0 AND annual_realised >= 0', name=op.f('ck_saving_at_least_nothing')),
    sa.CheckConstraint('annual_target BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_saving_annual_target_fits')),
    sa.CheckConstraint('length(title) <= 200', name=op.f('ck_saving_title_fits')),
    sa.ForeignKeyConstraint(['contract_id', 'client_id'], ['vendor_contract.id', 'vendor_contract.client_id'], name=op.f('fk_saving_contract_id_vendor_contract')),
    sa.ForeignKeyConstraint(['id', 'client_id'], ['register_entry.id', 'register_entry.client_id'], name=op.f('fk_saving_id_register_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saving')),
    sa.UniqueConstraint('id', 'client_id', name=op.f('uq_saving_id_client_id'))
    )
    with op.batch_alter_table('saving', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saving_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_saving_contract_id'), ['contract_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('saving', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saving_contract_id'))
        batch_op.drop_index(batch_op.f('ix_saving_client_id'))

    op.drop_table('saving')
    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idea_initiative_id'))
        batch_op.drop_index(batch_op.f('ix_idea_client_id'))

    op.drop_table('idea')
    with op.batch_alter_table('budget_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_budget_line_contract_id'))
        batch_op.drop_index(batch_op.f('ix_budget_line_client_id'))

    op.drop_table('budget_line')
    with op.batch_alter_table('vendor_contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vendor_contract_service_id'))
        batch_op.drop_index('ix_vendor_contract_notice_by')
        batch_op.drop_index(batch_op.f('ix_vendor_contract_client_id'))

    op.drop_table('vendor_contract')
    with op.batch_alter_table('signal_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signal_reading_client_id'))

    op.drop_table('signal_reading')
    with op.batch_alter_table('initiative', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_initiative_objective_id'))
        batch_op.drop_index(batch_op.f('ix_initiative_client_id'))

    op.drop_table('initiative')
    with op.batch_alter_table('data_asset', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_data_asset_system_id'))
        batch_op.drop_index(batch_op.f('ix_data_asset_client_id'))

    op.drop_table('data_asset')
    with op.batch_alter_table('critical_service', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_critical_service_service_id'))
        batch_op.drop_index(batch_op.f('ix_critical_service_client_id'))

    op.drop_table('critical_service')
    with op.batch_alter_table('stakeholder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stakeholder_client_id'))

    op.drop_table('stakeholder')
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signal_client_id'))

    op.drop_table('signal')
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_client_id'))

    op.drop_table('service')
    with op.batch_alter_table('security_control', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_security_control_client_id'))

    op.drop_table('security_control')
    with op.batch_alter_table('process_improvement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_process_improvement_client_id'))

    op.drop_table('process_improvement')
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_obligation_client_id'))

    op.drop_table('obligation')
    with op.batch_alter_table('digital_channel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_digital_channel_client_id'))

    op.drop_table('digital_channel')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_commitment_client_id'))

    op.drop_table('commitment')
    with op.batch_alter_table('skill_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skill_record_client_id'))

    op.drop_table('skill_record')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incident_client_id'))

    op.drop_table('incident')
    with op.batch_alter_table('asset_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_asset_group_client_id'))

    op.drop_table('asset_group')
    entry = sa.table('register_entry', sa.column('kind', sa.String))
    op.execute(sa.delete(entry).where(entry.c.kind.in_(KINDS)))  # a row whose leaf is gone says nothing
