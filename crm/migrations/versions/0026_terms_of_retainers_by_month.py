"""Terms of retainers by month, and the months that are invoiced

What is agreed today becomes the first of each history: it holds from the month in which the engagement began.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('retainer_month',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('granted', sa.BigInteger(), nullable=False),
    sa.Column('rolled_in', sa.BigInteger(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('used', sa.BigInteger(), nullable=False),
    sa.Column('overage', sa.BigInteger(), nullable=False),
    sa.Column('rolled_out', sa.BigInteger(), nullable=False),
    sa.Column('lapsed', sa.BigInteger(), nullable=False),
    sa.Column('lapsing', sa.BigInteger(), nullable=False),
    sa.Column('batches', sa.String(length=500), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('granted BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_granted_fits')),
    sa.CheckConstraint('lapsed BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_lapsed_fits')),
    sa.CheckConstraint('lapsing BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_lapsing_fits')),
    sa.CheckConstraint('length(batches) <= 500', name=op.f('ck_retainer_month_batches_fits')),
    sa.CheckConstraint('minutes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_retainer_month_minutes_fits')),
    sa.CheckConstraint('overage BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_overage_fits')),
    sa.CheckConstraint('rolled_in BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_rolled_in_fits')),
    sa.CheckConstraint('rolled_out BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_rolled_out_fits')),
    sa.CheckConstraint('used BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_month_used_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_retainer_month_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_retainer_month_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retainer_month')),
    sa.UniqueConstraint('engagement_id', 'month', name=op.f('uq_retainer_month_engagement_id_month'))
    )
    with op.batch_alter_table('retainer_month', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retainer_month_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_retainer_month_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('retainer_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('begins', sa.Date(), nullable=False),
    sa.Column('unit', sa.Enum('days', 'hours', native_enum=False, length=30), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('cap', sa.BigInteger(), nullable=False),
    sa.Column('keeps', sa.Integer(), nullable=False),
    sa.Column('used_first', sa.Enum('rolled_first', 'grant_first', native_enum=False, length=30), nullable=False),
    sa.Column('overage', sa.Enum('ask', 'bill', 'absorb', native_enum=False, length=30), nullable=False),
    sa.Column('part_first', sa.Boolean(), nullable=False),
    sa.Column('part_last', sa.Boolean(), nullable=False),
    sa.Column('warns_sponsor', sa.Boolean(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("overage IN ('ask', 'bill', 'absorb')", name=op.f('ck_retainer_terms_overage_known')),
    sa.CheckConstraint("unit IN ('days', 'hours')", name=op.f('ck_retainer_terms_unit_known')),
    sa.CheckConstraint("used_first IN ('rolled_first', 'grant_first')", name=op.f('ck_retainer_terms_used_first_known')),
    sa.CheckConstraint('cap BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_terms_cap_fits')),
    sa.CheckConstraint('keeps BETWEEN -2147483648 AND 2147483647', name=op.f('ck_retainer_terms_keeps_fits')),
    sa.CheckConstraint('keeps BETWEEN 1 AND 12', name=op.f('ck_retainer_terms_keeps_months')),
    sa.CheckConstraint('quantity >= 0 AND cap >= 0 AND cap <= quantity', name=op.f('ck_retainer_terms_days')),
    sa.CheckConstraint('quantity BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_terms_quantity_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_retainer_terms_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_retainer_terms_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_retainer_terms_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retainer_terms')),
    sa.UniqueConstraint('engagement_id', 'begins', name=op.f('uq_retainer_terms_engagement_id_begins')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_retainer_terms_id_engagement_id_client_id'))
    )
    with op.batch_alter_table('retainer_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retainer_terms_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_retainer_terms_engagement_id'), ['engagement_id'], unique=False)

    op.create_table('retainer_fee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('terms_id', sa.Integer(), nullable=False),
    sa.Column('monthly_fee', sa.BigInteger(), nullable=False),
    sa.Column('overage_rate', sa.BigInteger(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('monthly_fee >= 0 AND overage_rate >= 0', name=op.f('ck_retainer_fee_sums')),
    sa.CheckConstraint('monthly_fee BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_fee_monthly_fee_fits')),
    sa.CheckConstraint('overage_rate BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_retainer_fee_overage_rate_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_retainer_fee_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_retainer_fee_engagement_id_engagement')),
    sa.ForeignKeyConstraint(['terms_id', 'engagement_id', 'client_id'], ['retainer_terms.id', 'retainer_terms.engagement_id', 'retainer_terms.client_id'], name=op.f('fk_retainer_fee_terms_id_retainer_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retainer_fee')),
    sa.UniqueConstraint('terms_id', name=op.f('uq_retainer_fee_terms_id'))
    )
    with op.batch_alter_table('retainer_fee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retainer_fee_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_retainer_fee_engagement_id'), ['engagement_id'], unique=False)

    _fill()


def _fill() -> None:
    """From the one price that there was: cap and overage rate as its defaults were, where it names none."""
    days, sums, flags = sa.BigInteger(), sa.BigInteger(), sa.Boolean()
    whose = [sa.column("engagement_id", sa.Integer()), sa.column("client_id", sa.Integer())]
    terms = sa.table(
        "retainer_terms", sa.column("id", sa.Integer()), *whose, sa.column("begins", sa.Date()), sa.column("unit", sa.String()),
        sa.column("quantity", days), sa.column("cap", days), sa.column("keeps", sa.Integer()), sa.column("used_first", sa.String()),
        sa.column("overage", sa.String()), sa.column("part_first", flags), sa.column("part_last", flags),
        sa.column("warns_sponsor", flags), sa.column("agreed_at", sa.DateTime(timezone=True)), sa.column("version", sa.Integer()),
    )
    fees = sa.table(
        "retainer_fee", *[sa.column(one.name, one.type) for one in whose], sa.column("terms_id", sa.Integer()),
        sa.column("monthly_fee", sums), sa.column("overage_rate", sums),
    )
    engagement = sa.table(
        "engagement", sa.column("id"), sa.column("client_id"), sa.column("starts", sa.Date()), sa.column("model"), sa.column("days_a_month"),
    )
    price = sa.table(
        "terms", sa.column("engagement_id"), sa.column("price_kind"), sa.column("monthly_fee"), sa.column("overage_rate"),
        sa.column("rollover_cap"), sa.column("overage"),
    )
    agreed = (
        sa.select(engagement, price.c.monthly_fee, price.c.overage_rate, price.c.rollover_cap, price.c.overage)
        .join(price, price.c.engagement_id == engagement.c.id)
        .where(price.c.price_kind == "retainer", engagement.c.days_a_month.is_not(None))
        .order_by(engagement.c.id)
    )
    bind = op.get_bind()
    at = datetime.now(UTC)
    if bind.dialect.name == "sqlite":
        at = at.replace(tzinfo=None)  # it keeps no zone: instants stand there in UTC
    for row in bind.execute(agreed).all():
        half = 0 if row.model == "non_exec" else row.days_a_month // 2
        cap = half if row.rollover_cap is None else row.rollover_cap
        rate = row.overage_rate
        if rate is None:  # of a day: hundredths of a day, half up
            rate = (200 * row.monthly_fee + row.days_a_month) // (2 * row.days_a_month) if row.days_a_month else 0
        on = {"engagement_id": row.id, "client_id": row.client_id}
        made = bind.execute(
            sa.insert(terms).returning(terms.c.id).values(
                begins=row.starts.replace(day=1), unit="days", quantity=row.days_a_month, cap=min(cap, row.days_a_month), keeps=1,
                used_first="rolled_first", overage=row.overage, part_first=True, part_last=True, warns_sponsor=False, agreed_at=at,
                version=1, **on,
            )
        ).scalar_one()
        bind.execute(sa.insert(fees).values(terms_id=made, monthly_fee=row.monthly_fee, overage_rate=rate, **on))


def downgrade() -> None:
    with op.batch_alter_table('retainer_fee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retainer_fee_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_retainer_fee_client_id'))

    op.drop_table('retainer_fee')
    with op.batch_alter_table('retainer_terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retainer_terms_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_retainer_terms_client_id'))

    op.drop_table('retainer_terms')
    with op.batch_alter_table('retainer_month', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retainer_month_engagement_id'))
        batch_op.drop_index(batch_op.f('ix_retainer_month_client_id'))

    op.drop_table('retainer_month')
