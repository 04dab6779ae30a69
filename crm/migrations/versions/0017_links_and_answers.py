"""Links in mail and their codes, the answer of each sponsor, delegates, ratings; who signs, and whether silence is a yes

An answer given before has no row of its own: what its version says stays what was recorded.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("begins <= until", name=op.f("ck_delegation_order")),
        sa.CheckConstraint("contact_id != delegate_id", name=op.f("ck_delegation_somebody_else")),
        sa.CheckConstraint("version BETWEEN -2147483648 AND 2147483647", name=op.f("ck_delegation_version_fits")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_delegation_client_id_client")),
        sa.ForeignKeyConstraint(
            ["contact_id", "client_id"],
            ["contact.id", "contact.client_id"],
            name=op.f("fk_delegation_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id", "client_id"],
            ["contact.id", "contact.client_id"],
            name=op.f("fk_delegation_delegate_id_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id", "client_id"],
            ["engagement.id", "engagement.client_id"],
            name=op.f("fk_delegation_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "mail_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Enum("deliverable_version", "decision", native_enum=False, length=30), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("occasion", sa.String(length=30), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_key", sa.String(length=200), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("press", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens IN ('deliverable_version', 'decision')", name=op.f("ck_mail_link_opens_known")),
        sa.CheckConstraint("length(digest) <= 200", name=op.f("ck_mail_link_digest_fits")),
        sa.CheckConstraint("length(mail_key) <= 200", name=op.f("ck_mail_link_mail_key_fits")),
        sa.CheckConstraint("length(occasion) <= 30", name=op.f("ck_mail_link_occasion_fits")),
        sa.CheckConstraint("length(once) <= 64", name=op.f("ck_mail_link_once_fits")),
        sa.CheckConstraint("length(press) <= 200", name=op.f("ck_mail_link_press_fits")),
        sa.CheckConstraint("length(salt) <= 64", name=op.f("ck_mail_link_salt_fits")),
        sa.CheckConstraint("length(token_hash) <= 200", name=op.f("ck_mail_link_token_hash_fits")),
        sa.CheckConstraint("thing_id BETWEEN -2147483648 AND 2147483647", name=op.f("ck_mail_link_thing_id_fits")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_mail_link_client_id_client")),
        sa.ForeignKeyConstraint(
            ["contact_id", "client_id"],
            ["contact.id", "contact.client_id"],
            name=op.f("fk_mail_link_contact_id_contact"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint(
            "contact_id",
            "opens",
            "thing_id",
            "asked_at",
            "occasion",
            name=op.f("uq_mail_link_contact_id_opens_thing_id_asked_at_occasion"),
        ),
        sa.UniqueConstraint("id", "client_id", name=op.f("uq_mail_link_id_client_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_link_token_hash")),
    )
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_link_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_link_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index("ix_mail_link_opens_thing_id", ["opens", "thing_id"], unique=False)

    op.create_table(
        "link_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(code_hash) <= 200", name=op.f("ck_link_code_code_hash_fits")),
        sa.CheckConstraint("length(salt) <= 64", name=op.f("ck_link_code_salt_fits")),
        sa.CheckConstraint("tries BETWEEN -2147483648 AND 2147483647", name=op.f("ck_link_code_tries_fits")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_link_code_tries")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_link_code_client_id_client")),
        sa.ForeignKeyConstraint(
            ["link_id", "client_id"],
            ["mail_link.id", "mail_link.client_id"],
            name=op.f("fk_link_code_link_id_mail_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
    )
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_link_id"), ["link_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(sentence) <= 500", name=op.f("ck_rating_sentence_fits")),
        sa.CheckConstraint("score BETWEEN -2147483648 AND 2147483647", name=op.f("ck_rating_score_fits")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_rating_one_to_five")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_rating_client_id_client")),
        sa.ForeignKeyConstraint(
            ["contact_id", "client_id"], ["contact.id", "contact.client_id"], name=op.f("fk_rating_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "engagement_id", "client_id"],
            ["deliverable_version.id", "deliverable_version.engagement_id", "deliverable_version.client_id"],
            name=op.f("fk_rating_version_id_deliverable_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("version_id", "contact_id", name=op.f("uq_rating_version_id_contact_id")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_version_id"), ["version_id"], unique=False)

    op.create_table(
        "sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sponsor_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.Enum("yes", "changes", native_enum=False, length=30), nullable=False),
        sa.Column("how", sa.Enum("portal", "mail", "behalf", "deemed", native_enum=False, length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.Enum("team", "client", native_enum=False, length=30), nullable=False),
        sa.CheckConstraint("how IN ('portal', 'mail', 'behalf', 'deemed')", name=op.f("ck_sign_off_how_known")),
        sa.CheckConstraint("said IN ('yes', 'changes')", name=op.f("ck_sign_off_said_known")),
        sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f("ck_sign_off_visibility_known")),
        sa.CheckConstraint("length(address) <= 200", name=op.f("ck_sign_off_address_fits")),
        sa.CheckConstraint("length(basis) <= 500", name=op.f("ck_sign_off_basis_fits")),
        sa.CheckConstraint("length(digest) <= 200", name=op.f("ck_sign_off_digest_fits")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_sign_off_name_fits")),
        sa.CheckConstraint("length(zone) <= 200", name=op.f("ck_sign_off_zone_fits")),
        sa.ForeignKeyConstraint(
            ["by_id", "client_id"], ["contact.id", "contact.client_id"], name=op.f("fk_sign_off_by_id_contact")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_sign_off_client_id_client")),
        sa.ForeignKeyConstraint(
            ["sponsor_id", "client_id"],
            ["contact.id", "contact.client_id"],
            name=op.f("fk_sign_off_sponsor_id_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "engagement_id", "client_id"],
            ["deliverable_version.id", "deliverable_version.engagement_id", "deliverable_version.client_id"],
            name=op.f("fk_sign_off_version_id_deliverable_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint(
            "version_id", "sponsor_id", "asked_at", name=op.f("uq_sign_off_version_id_sponsor_id_asked_at")
        ),
    )
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_off_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_off_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_off_version_id"), ["version_id"], unique=False)

    op.add_column(
        "engagement",
        sa.Column(
            "signers", sa.Enum("any", "all", native_enum=False, length=30),
            sa.CheckConstraint("signers IN ('any', 'all')", name=op.f("ck_engagement_signers_known")),
            nullable=False, server_default="any",
        ),
    )  # fmt: skip
    op.add_column("engagement", sa.Column("deemed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("practice", sa.Column("code_always", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "practice",
        sa.Column(
            "code_from_days", sa.Integer(),
            sa.CheckConstraint(
                "code_from_days BETWEEN -2147483648 AND 2147483647", name=op.f("ck_practice_code_from_days_fits")
            ),
            nullable=True,
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("practice", "code_from_days")
    op.drop_column("practice", "code_always")
    op.drop_column("engagement", "deemed")
    op.drop_column("engagement", "signers")
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_off_version_id"))
        batch_op.drop_index(batch_op.f("ix_sign_off_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_sign_off_client_id"))

    op.drop_table("sign_off")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_version_id"))
        batch_op.drop_index(batch_op.f("ix_rating_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_rating_client_id"))

    op.drop_table("rating")
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_code_link_id"))
        batch_op.drop_index(batch_op.f("ix_link_code_client_id"))

    op.drop_table("link_code")
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_link_opens_thing_id")
        batch_op.drop_index(batch_op.f("ix_mail_link_contact_id"))
        batch_op.drop_index(batch_op.f("ix_mail_link_client_id"))

    op.drop_table("mail_link")
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_delegate_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_client_id"))

    op.drop_table("delegation")
