"""invoices: who issues and who is billed, expenses, invoices with their lines, and payments"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('issuer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('line1', sa.String(length=200), nullable=False),
    sa.Column('line2', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=200), nullable=False),
    sa.Column('postcode', sa.String(length=20), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('tax_number', sa.String(length=30), nullable=False),
    sa.Column('company_number', sa.String(length=30), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('holder', sa.String(length=200), nullable=False),
    sa.Column('iban', sa.String(length=34), nullable=False),
    sa.Column('bic', sa.String(length=11), nullable=False),
    sa.Column('sort_code', sa.String(length=10), nullable=False),
    sa.Column('account', sa.String(length=20), nullable=False),
    sa.Column('payment_days', sa.Integer(), nullable=False),
    sa.Column('category', sa.Enum('S', 'Z', 'E', 'AE', 'O', native_enum=False, length=30), nullable=False),
    sa.Column('tax_rate', sa.BigInteger(), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.Column('yearly', sa.Boolean(), nullable=False),
    sa.Column('sales_account', sa.String(length=20), nullable=False),
    sa.Column('footer', sa.String(length=500), nullable=False),
    sa.Column('number_year', sa.Integer(), nullable=False),
    sa.Column('number_last', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("category IN ('S', 'Z', 'E', 'AE', 'O')", name=op.f('ck_issuer_category_known')),
    sa.CheckConstraint("tax_rate BETWEEN 0 AND 10000 AND (category = 'S') = (tax_rate > 0)", name=op.f('ck_issuer_tax')),
    sa.CheckConstraint('id = 1', name=op.f('ck_issuer_only_one')),
    sa.CheckConstraint('length(account) <= 20', name=op.f('ck_issuer_account_fits')),
    sa.CheckConstraint('length(bic) <= 11', name=op.f('ck_issuer_bic_fits')),
    sa.CheckConstraint('length(city) <= 200', name=op.f('ck_issuer_city_fits')),
    sa.CheckConstraint('length(company_number) <= 30', name=op.f('ck_issuer_company_number_fits')),
    sa.CheckConstraint('length(country) <= 2', name=op.f('ck_issuer_country_fits')),
    sa.CheckConstraint('length(email) <= 200', name=op.f('ck_issuer_email_fits')),
    sa.CheckConstraint('length(footer) <= 500', name=op.f('ck_issuer_footer_fits')),
    sa.CheckConstraint('length(holder) <= 200', name=op.f('ck_issuer_holder_fits')),
    sa.CheckConstraint('length(iban) <= 34', name=op.f('ck_issuer_iban_fits')),
    sa.CheckConstraint('length(legal_name) <= 200', name=op.f('ck_issuer_legal_name_fits')),
    sa.CheckConstraint('length(line1) <= 200', name=op.f('ck_issuer_line1_fits')),
    sa.CheckConstraint('length(line2) <= 200', name=op.f('ck_issuer_line2_fits')),
    sa.CheckConstraint('length(postcode) <= 20', name=op.f('ck_issuer_postcode_fits')),
    sa.CheckConstraint('length(prefix) <= 12', name=op.f('ck_issuer_prefix_fits')),
    sa.CheckConstraint('length(sales_account) <= 20', name=op.f('ck_issuer_sales_account_fits')),
    sa.CheckConstraint('length(sort_code) <= 10', name=op.f('ck_issuer_sort_code_fits')),
    sa.CheckConstraint('length(tax_number) <= 30', name=op.f('ck_issuer_tax_number_fits')),
    sa.CheckConstraint('number_last BETWEEN -2147483648 AND 2147483647', name=op.f('ck_issuer_number_last_fits')),
    sa.CheckConstraint('number_year BETWEEN -2147483648 AND 2147483647', name=op.f('ck_issuer_number_year_fits')),
    sa.CheckConstraint('payment_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_issuer_payment_days_fits')),
    sa.CheckConstraint('payment_days BETWEEN 0 AND 365', name=op.f('ck_issuer_payment_days')),
    sa.CheckConstraint('tax_rate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_issuer_tax_rate_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_issuer_version_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issuer'))
    )
    op.create_table('billing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('line1', sa.String(length=200), nullable=False),
    sa.Column('line2', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=200), nullable=False),
    sa.Column('postcode', sa.String(length=20), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('tax_number', sa.String(length=30), nullable=False),
    sa.Column('company_number', sa.String(length=30), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('category', sa.Enum('S', 'Z', 'E', 'AE', 'O', native_enum=False, length=30), nullable=False),
    sa.Column('tax_rate', sa.BigInteger(), nullable=False),
    sa.Column('payment_days', sa.Integer(), nullable=False),
    sa.Column('purchase_order', sa.String(length=60), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('file_format', sa.Enum('cii', 'ubl', native_enum=False, length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("category IN ('S', 'Z', 'E', 'AE', 'O')", name=op.f('ck_billing_category_known')),
    sa.CheckConstraint("file_format IN ('cii', 'ubl')", name=op.f('ck_billing_file_format_known')),
    sa.CheckConstraint("tax_rate BETWEEN 0 AND 10000 AND (category = 'S') = (tax_rate > 0)", name=op.f('ck_billing_tax')),
    sa.CheckConstraint('length(city) <= 200', name=op.f('ck_billing_city_fits')),
    sa.CheckConstraint('length(company_number) <= 30', name=op.f('ck_billing_company_number_fits')),
    sa.CheckConstraint('length(country) <= 2', name=op.f('ck_billing_country_fits')),
    sa.CheckConstraint('length(email) <= 200', name=op.f('ck_billing_email_fits')),
    sa.CheckConstraint('length(legal_name) <= 200', name=op.f('ck_billing_legal_name_fits')),
    sa.CheckConstraint('length(line1) <= 200', name=op.f('ck_billing_line1_fits')),
    sa.CheckConstraint('length(line2) <= 200', name=op.f('ck_billing_line2_fits')),
    sa.CheckConstraint('length(postcode) <= 20', name=op.f('ck_billing_postcode_fits')),
    sa.CheckConstraint('length(purchase_order) <= 60', name=op.f('ck_billing_purchase_order_fits')),
    sa.CheckConstraint('length(reference) <= 60', name=op.f('ck_billing_reference_fits')),
    sa.CheckConstraint('length(tax_number) <= 30', name=op.f('ck_billing_tax_number_fits')),
    sa.CheckConstraint('payment_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_billing_payment_days_fits')),
    sa.CheckConstraint('payment_days BETWEEN 0 AND 365', name=op.f('ck_billing_payment_days')),
    sa.CheckConstraint('tax_rate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_billing_tax_rate_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_billing_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_billing_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_billing')),
    sa.UniqueConstraint('client_id', name=op.f('uq_billing_client_id'))
    )
    with op.batch_alter_table('billing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_billing_client_id'), ['client_id'], unique=False)

    op.create_table('invoice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('invoice', 'credit_note', native_enum=False, length=30), nullable=False),
    sa.Column('state', sa.Enum('draft', 'issued', 'paid', 'voided', native_enum=False, length=30), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('month', sa.Date(), nullable=True),
    sa.Column('payment_days', sa.Integer(), nullable=False),
    sa.Column('purchase_order', sa.String(length=60), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('file_format', sa.Enum('cii', 'ubl', native_enum=False, length=30), nullable=False),
    sa.Column('seller', sa.JSON(), nullable=True),
    sa.Column('buyer', sa.JSON(), nullable=True),
    sa.Column('bank', sa.JSON(), nullable=True),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.Column('tax', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('paid', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('credits_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name=op.f('ck_invoice_credits_an_invoice')),
    sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name=op.f('ck_invoice_number_when_issued')),
    sa.CheckConstraint("file_format IN ('cii', 'ubl')", name=op.f('ck_invoice_file_format_known')),
    sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f('ck_invoice_kind_known')),
    sa.CheckConstraint("state IN ('draft', 'issued', 'paid', 'voided')", name=op.f('ck_invoice_state_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_invoice_visibility_known')),
    sa.CheckConstraint('length(currency) <= 3', name=op.f('ck_invoice_currency_fits')),
    sa.CheckConstraint('length(note) <= 500', name=op.f('ck_invoice_note_fits')),
    sa.CheckConstraint('length(number) <= 40', name=op.f('ck_invoice_number_fits')),
    sa.CheckConstraint('length(purchase_order) <= 60', name=op.f('ck_invoice_purchase_order_fits')),
    sa.CheckConstraint('length(reference) <= 60', name=op.f('ck_invoice_reference_fits')),
    sa.CheckConstraint('net >= 0 AND tax >= 0 AND total = net + tax AND paid >= 0', name=op.f('ck_invoice_sums')),
    sa.CheckConstraint('net BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_net_fits')),
    sa.CheckConstraint('paid BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_paid_fits')),
    sa.CheckConstraint('payment_days BETWEEN -2147483648 AND 2147483647', name=op.f('ck_invoice_payment_days_fits')),
    sa.CheckConstraint('payment_days BETWEEN 0 AND 365', name=op.f('ck_invoice_payment_days')),
    sa.CheckConstraint('tax BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_tax_fits')),
    sa.CheckConstraint('total BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_total_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_invoice_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_invoice_client_id_client')),
    sa.ForeignKeyConstraint(['credits_id', 'engagement_id', 'client_id'], ['invoice.id', 'invoice.engagement_id', 'invoice.client_id'], name=op.f('fk_invoice_credits_id_invoice')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_invoice_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_invoice_id_engagement_id_client_id')),
    sa.UniqueConstraint('number', name=op.f('uq_invoice_number'))
    )
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoice_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_invoice_credited_once', ['credits_id'], unique=True, sqlite_where=sa.text('credits_id IS NOT NULL'), postgresql_where=sa.text('credits_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_invoice_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_invoice_issued_on', ['issued_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_month'), ['month'], unique=False)
        batch_op.create_index('ix_invoice_state_due_on', ['state', 'due_on'], unique=False)

    op.create_table('expense',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('spent_on', sa.Date(), nullable=False),
    sa.Column('category', sa.Enum('travel', 'lodging', 'meals', 'software', 'event', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('tax', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('rebillable', sa.Boolean(), nullable=False),
    sa.Column('receipt_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('waiting', 'approved', 'refused', 'withdrawn', native_enum=False, length=30), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.String(length=300), nullable=False),
    sa.Column('billed_on_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("category IN ('travel', 'lodging', 'meals', 'software', 'event', 'other')", name=op.f('ck_expense_category_known')),
    sa.CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name=op.f('ck_expense_state_known')),
    sa.CheckConstraint('amount > 0 AND tax >= 0 AND tax < amount', name=op.f('ck_expense_sums')),
    sa.CheckConstraint('amount BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_expense_amount_fits')),
    sa.CheckConstraint('billed_on_id BETWEEN -2147483648 AND 2147483647', name=op.f('ck_expense_billed_on_id_fits')),
    sa.CheckConstraint('engagement_id IS NOT NULL AND client_id IS NOT NULL', name=op.f('ck_expense_for_an_engagement')),
    sa.CheckConstraint('length(note) <= 300', name=op.f('ck_expense_note_fits')),
    sa.CheckConstraint('length(remark) <= 300', name=op.f('ck_expense_remark_fits')),
    sa.CheckConstraint('tax BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_expense_tax_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_expense_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_expense_client_id_client')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_expense_decided_by_id_person')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_expense_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_expense_person_id_person')),
    sa.ForeignKeyConstraint(['receipt_id', 'engagement_id', 'client_id'], ['stored_file.id', 'stored_file.engagement_id', 'stored_file.client_id'], name=op.f('fk_expense_receipt_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expense')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_expense_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('expense', schema=None) as batch_op:
        batch_op.create_index('ix_expense_client_id', ['client_id'], unique=False)
        batch_op.create_index('ix_expense_engagement_id_state', ['engagement_id', 'state'], unique=False)
        batch_op.create_index('ix_expense_person_id_spent_on', ['person_id', 'spent_on'], unique=False)

    op.create_table('payment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.String(length=100), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_payment_visibility_known')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_amount')),
    sa.CheckConstraint('amount BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_payment_amount_fits')),
    sa.CheckConstraint('length(reference) <= 100', name=op.f('ck_payment_reference_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_payment_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_payment_client_id_client')),
    sa.ForeignKeyConstraint(['invoice_id', 'engagement_id', 'client_id'], ['invoice.id', 'invoice.engagement_id', 'invoice.client_id'], name=op.f('fk_payment_invoice_id_invoice')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_payment_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment'))
    )
    with op.batch_alter_table('payment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index('ix_payment_invoice_id', ['invoice_id'], unique=False)

    op.create_table('invoice_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('fee', 'overage', 'time', 'milestone', 'expense', 'other', native_enum=False, length=30), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('unit', sa.Enum('day', 'month', 'hour', 'one', native_enum=False, length=30), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.Column('category', sa.Enum('S', 'Z', 'E', 'AE', 'O', native_enum=False, length=30), nullable=False),
    sa.Column('tax_rate', sa.BigInteger(), nullable=False),
    sa.Column('month', sa.Date(), nullable=True),
    sa.Column('worked_by_id', sa.Integer(), nullable=True),
    sa.Column('expense_id', sa.Integer(), nullable=True),
    sa.Column('receipt_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("category IN ('S', 'Z', 'E', 'AE', 'O')", name=op.f('ck_invoice_line_category_known')),
    sa.CheckConstraint("kind IN ('fee', 'overage', 'time', 'milestone', 'expense', 'other')", name=op.f('ck_invoice_line_kind_known')),
    sa.CheckConstraint("tax_rate BETWEEN 0 AND 10000 AND (category = 'S') = (tax_rate > 0)", name=op.f('ck_invoice_line_tax')),
    sa.CheckConstraint("unit IN ('day', 'month', 'hour', 'one')", name=op.f('ck_invoice_line_unit_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_invoice_line_visibility_known')),
    sa.CheckConstraint('length(text) <= 300', name=op.f('ck_invoice_line_text_fits')),
    sa.CheckConstraint('net BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_line_net_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_invoice_line_position_fits')),
    sa.CheckConstraint('price BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_line_price_fits')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_invoice_line_quantity')),
    sa.CheckConstraint('quantity BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_line_quantity_fits')),
    sa.CheckConstraint('tax_rate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_invoice_line_tax_rate_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_invoice_line_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_invoice_line_client_id_client')),
    sa.ForeignKeyConstraint(['expense_id', 'engagement_id', 'client_id'], ['expense.id', 'expense.engagement_id', 'expense.client_id'], name=op.f('fk_invoice_line_expense_id_expense')),
    sa.ForeignKeyConstraint(['invoice_id', 'engagement_id', 'client_id'], ['invoice.id', 'invoice.engagement_id', 'invoice.client_id'], name=op.f('fk_invoice_line_invoice_id_invoice')),
    sa.ForeignKeyConstraint(['receipt_id', 'engagement_id', 'client_id'], ['stored_file.id', 'stored_file.engagement_id', 'stored_file.client_id'], name=op.f('fk_invoice_line_receipt_id_stored_file')),
    sa.ForeignKeyConstraint(['worked_by_id'], ['person.id'], name=op.f('fk_invoice_line_worked_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_line'))
    )
    with op.batch_alter_table('invoice_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoice_line_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_line_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoice_line_expense_id'), ['expense_id'], unique=False)
        batch_op.create_index('ix_invoice_line_invoice_id', ['invoice_id'], unique=False)
        batch_op.create_index('ix_invoice_line_month', ['month', 'kind'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('invoice_line', schema=None) as batch_op:
        batch_op.drop_index('ix_invoice_line_month')
        batch_op.drop_index('ix_invoice_line_invoice_id')
        batch_op.drop_index(batch_op.f('ix_invoice_line_expense_id'))
        batch_op.drop_index(batch_op.f('ix_invoice_line_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_invoice_line_client_id'))

    op.drop_table('invoice_line')
    with op.batch_alter_table('payment', schema=None) as batch_op:
        batch_op.drop_index('ix_payment_invoice_id')
        batch_op.drop_index(batch_op.f('ix_payment_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_payment_client_id'))

    op.drop_table('payment')
    with op.batch_alter_table('expense', schema=None) as batch_op:
        batch_op.drop_index('ix_expense_person_id_spent_on')
        batch_op.drop_index('ix_expense_engagement_id_state')
        batch_op.drop_index('ix_expense_client_id')

    op.drop_table('expense')
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.drop_index('ix_invoice_state_due_on')
        batch_op.drop_index(batch_op.f('ix_invoice_month'))
        batch_op.drop_index('ix_invoice_issued_on')
        batch_op.drop_index(batch_op.f('ix_invoice_engagement_id'))
        batch_op.drop_index('ix_invoice_credited_once', sqlite_where=sa.text('credits_id IS NOT NULL'), postgresql_where=sa.text('credits_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_invoice_client_id'))

    op.drop_table('invoice')
    with op.batch_alter_table('billing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_billing_client_id'))

    op.drop_table('billing')
    op.drop_table('issuer')
