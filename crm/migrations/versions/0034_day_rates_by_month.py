"""What a day costs, from a month on

Revision ID: 0034
Revises: 0033
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rates = op.create_table(
        "day_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate BETWEEN -9000000000000 AND 9000000000000", name=op.f("ck_day_rate_rate_fits")),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_day_rate_sum")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_day_rate_client_id_client")),
        sa.ForeignKeyConstraint(
            ["engagement_id", "client_id"], ["engagement.id", "engagement.client_id"],
            name=op.f("fk_day_rate_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_rate")),
        sa.UniqueConstraint("engagement_id", "begins", name=op.f("uq_day_rate_engagement_id_begins")),
    )  # fmt: skip
    op.create_index(op.f("ix_day_rate_client_id"), "day_rate", ["client_id"])
    op.create_index(op.f("ix_day_rate_engagement_id"), "day_rate", ["engagement_id"])
    _keep_what_is_agreed(rates)


def _keep_what_is_agreed(rates: sa.Table) -> None:
    """Nothing is known of earlier prices: what is agreed now held from the first month on."""
    terms = sa.table("terms", sa.column("engagement_id"), sa.column("client_id"), sa.column("day_rate"))
    begun = sa.table("engagement", sa.column("id"), sa.column("starts", sa.Date()))
    asked = (
        sa.select(terms.c.engagement_id, terms.c.client_id, terms.c.day_rate, begun.c.starts)
        .join_from(terms, begun, begun.c.id == terms.c.engagement_id)
        .where(terms.c.day_rate.is_not(None))
    )
    found = [
        {"engagement_id": one.engagement_id, "client_id": one.client_id, "rate": one.day_rate, "begins": date(one.starts.year, one.starts.month, 1)}
        for one in op.get_bind().execute(asked)
    ]  # fmt: skip
    if found:
        op.bulk_insert(rates, found)


def downgrade() -> None:
    op.drop_table("day_rate")
