"""What opens an account beside its password: codes of an app, passkeys, recovery codes, links by mail, trusted devices

Nobody is asked for a second factor by this: the practice says so under Settings. Passkeys know an account by a mark that
each gets here.

Revision ID: 0023
Revises: 0022
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INTEGER = "BETWEEN -2147483648 AND 2147483647"
COLUMNS = (  # each with its CHECK in one statement, which both engines know
    ("account", "tf_totp_secret", "VARCHAR(500) CONSTRAINT ck_account_tf_totp_secret_fits CHECK (length(tf_totp_secret) <= 500)"),
    ("account", "tf_counter", f"INTEGER CONSTRAINT ck_account_tf_counter_fits CHECK (tf_counter {INTEGER})"),
    (
        "account", "fs_webauthn_user_handle",
        "VARCHAR(64) DEFAULT '' NOT NULL CONSTRAINT ck_account_fs_webauthn_user_handle_fits CHECK (length(fs_webauthn_user_handle) <= 64)",
    ),
    ("practice", "staff_second_factor", "BOOLEAN DEFAULT false NOT NULL"),
    ("practice", "mail_sign_in", "BOOLEAN DEFAULT false NOT NULL"),
)  # fmt: skip


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    for name in ("trusted_until", "proved_at"):
        op.add_column("signed_in", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    account = sa.table("account", sa.column("id"), sa.column("fs_webauthn_user_handle"))
    for (number,) in op.get_bind().execute(sa.select(account.c.id)).all():
        op.execute(account.update().where(account.c.id == number).values(fs_webauthn_user_handle=secrets.token_hex(16)))
    op.create_index("ix_account_fs_webauthn_user_handle", "account", ["fs_webauthn_user_handle"], unique=True)
    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('transports', sa.JSON(), nullable=True),
    sa.Column('backup_state', sa.Boolean(), nullable=False),
    sa.Column('device_type', sa.String(length=30), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(device_type) <= 30', name=op.f('ck_passkey_device_type_fits')),
    sa.CheckConstraint('length(name) <= 64', name=op.f('ck_passkey_name_fits')),
    sa.CheckConstraint('sign_count BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_passkey_sign_count_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_passkey_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_passkey_account_id_name')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_account_id'), ['account_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(secret) <= 300', name=op.f('ck_recovery_code_secret_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_account_id'), ['account_id'], unique=False)

    op.create_table('sign_in_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('leads_to', sa.String(length=1000), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(leads_to) <= 1000', name=op.f('ck_sign_in_link_leads_to_fits')),
    sa.CheckConstraint('length(salt) <= 64', name=op.f('ck_sign_in_link_salt_fits')),
    sa.CheckConstraint('length(token_hash) <= 64', name=op.f('ck_sign_in_link_token_hash_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_link_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_link_token_hash'))
    )
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_link_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_link_made_at'), ['made_at'], unique=False)


def downgrade() -> None:
    for table in ("sign_in_link", "recovery_code", "passkey"):
        op.drop_table(table)
    op.drop_index("ix_account_fs_webauthn_user_handle", "account")
    for name in ("proved_at", "trusted_until"):
        op.drop_column("signed_in", name)
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
