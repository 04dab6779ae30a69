"""The health of engagements by month

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "health_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("verdict", sa.Enum("green", "amber", "red", native_enum=False, length=30), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.BigInteger(), nullable=False),
        sa.Column("commercial", sa.BigInteger(), nullable=False),
        sa.Column("relationship", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('green', 'amber', 'red')", name=op.f("ck_health_figure_verdict_known")),
        sa.CheckConstraint("commercial BETWEEN -9000000000000 AND 9000000000000", name=op.f("ck_health_figure_commercial_fits")),
        sa.CheckConstraint("delivery BETWEEN -9000000000000 AND 9000000000000", name=op.f("ck_health_figure_delivery_fits")),
        sa.CheckConstraint("progress BETWEEN -9000000000000 AND 9000000000000", name=op.f("ck_health_figure_progress_fits")),
        sa.CheckConstraint("relationship BETWEEN -9000000000000 AND 9000000000000", name=op.f("ck_health_figure_relationship_fits")),
        sa.CheckConstraint("score BETWEEN -9000000000000 AND 9000000000000", name=op.f("ck_health_figure_score_fits")),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 10000 AND delivery BETWEEN 0 AND 10000 AND progress BETWEEN 0 AND 10000"
            " AND commercial BETWEEN 0 AND 10000 AND relationship BETWEEN 0 AND 10000",
            name=op.f("ck_health_figure_of_a_hundred"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_health_figure_client_id_client")),
        sa.ForeignKeyConstraint(
            ["engagement_id", "client_id"], ["engagement.id", "engagement.client_id"],
            name=op.f("fk_health_figure_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_figure")),
        sa.UniqueConstraint(
            "engagement_id", "month", "written_at", name=op.f("uq_health_figure_engagement_id_month_written_at")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_health_figure_client_id"), "health_figure", ["client_id"])
    op.create_index(op.f("ix_health_figure_engagement_id"), "health_figure", ["engagement_id"])


def downgrade() -> None:
    op.drop_table("health_figure")
