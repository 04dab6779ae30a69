"""files: what is known of each, the versions that they stand in, and how much room a client has"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


OF_A_YES = "EXISTS (SELECT 1 FROM deliverable_version v WHERE v.id = old.version_id AND v.state IN ('accepted', 'superseded'))"
FIXED = ('name', 'kind', 'size', 'digest', 'source_digest', 'key', 'client_id', 'engagement_id')
OTHERWISE = ' OR '.join(f'old.{column} <> new.{column}' for column in FIXED)
SQLITE = (
    *(
        f"CREATE TRIGGER {name} BEFORE {deed} ON version_file WHEN {OF_A_YES}"
        " BEGIN SELECT RAISE(ABORT, 'the files of an accepted version never change'); END"
        for name, deed in (('accepted_file_stays', 'UPDATE'), ('accepted_file_kept', 'DELETE'))
    ),
    f"CREATE TRIGGER stored_file_stays BEFORE UPDATE ON stored_file WHEN {OTHERWISE}"
    " BEGIN SELECT RAISE(ABORT, 'a file never changes'); END",
)
POSTGRES = (
    "CREATE FUNCTION accepted_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF {OF_A_YES} THEN"
    " RAISE EXCEPTION 'the files of an accepted version never change' USING ERRCODE = 'check_violation'; END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN old; END IF; RETURN new; END $$",
    "CREATE TRIGGER accepted_file_stays BEFORE UPDATE ON version_file FOR EACH ROW EXECUTE FUNCTION accepted_file()",
    "CREATE TRIGGER accepted_file_kept BEFORE DELETE ON version_file FOR EACH ROW EXECUTE FUNCTION accepted_file()",
    "CREATE FUNCTION stored_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF {OTHERWISE} THEN RAISE EXCEPTION 'a file never changes' USING ERRCODE = 'check_violation'; END IF; RETURN new; END $$",
    "CREATE TRIGGER stored_file_stays BEFORE UPDATE ON stored_file FOR EACH ROW EXECUTE FUNCTION stored_file_stays()",
)


def upgrade() -> None:
    op.create_table('client_quota',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('megabytes', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('megabytes BETWEEN -2147483648 AND 2147483647', name=op.f('ck_client_quota_megabytes_fits')),
    sa.CheckConstraint('megabytes BETWEEN 1 AND 1000000', name=op.f('ck_client_quota_megabytes')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_client_quota_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_quota_client_id_client')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_quota')),
    sa.UniqueConstraint('client_id', name=op.f('uq_client_quota_client_id'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('pdf', 'png', 'jpg', 'docx', 'xlsx', 'pptx', 'csv', 'txt', 'md', native_enum=False, length=30), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('source_digest', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('missing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("kind IN ('pdf', 'png', 'jpg', 'docx', 'xlsx', 'pptx', 'csv', 'txt', 'md')", name=op.f('ck_stored_file_kind_known')),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_stored_file_visibility_known')),
    sa.CheckConstraint('length(digest) <= 64', name=op.f('ck_stored_file_digest_fits')),
    sa.CheckConstraint('length(key) <= 64', name=op.f('ck_stored_file_key_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_stored_file_name_fits')),
    sa.CheckConstraint('length(source_digest) <= 64', name=op.f('ck_stored_file_source_digest_fits')),
    sa.CheckConstraint('pages BETWEEN -2147483648 AND 2147483647', name=op.f('ck_stored_file_pages_fits')),
    sa.CheckConstraint('size > 0 AND pages >= 0', name=op.f('ck_stored_file_measured')),
    sa.CheckConstraint('size BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_stored_file_size_fits')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_stored_file_added_by_id_person')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_stored_file_client_id_client')),
    sa.ForeignKeyConstraint(['engagement_id', 'client_id'], ['engagement.id', 'engagement.client_id'], name=op.f('fk_stored_file_engagement_id_engagement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('id', 'engagement_id', 'client_id', name=op.f('uq_stored_file_id_engagement_id_client_id')),
    sa.UniqueConstraint('key', name=op.f('uq_stored_file_key'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_file_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_file_missing_since'), ['missing_since'], unique=False)

    op.create_table('version_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('is_proof', sa.Boolean(), nullable=False),
    sa.Column('engagement_id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Enum('team', 'client', native_enum=False, length=30), nullable=False),
    sa.CheckConstraint("visibility IN ('team', 'client')", name=op.f('ck_version_file_visibility_known')),
    sa.CheckConstraint('length(digest) <= 64', name=op.f('ck_version_file_digest_fits')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_version_file_name_fits')),
    sa.CheckConstraint('position BETWEEN -2147483648 AND 2147483647', name=op.f('ck_version_file_position_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_version_file_client_id_client')),
    sa.ForeignKeyConstraint(['file_id', 'engagement_id', 'client_id'], ['stored_file.id', 'stored_file.engagement_id', 'stored_file.client_id'], name=op.f('fk_version_file_file_id_stored_file')),
    sa.ForeignKeyConstraint(['version_id', 'engagement_id', 'client_id'], ['deliverable_version.id', 'deliverable_version.engagement_id', 'deliverable_version.client_id'], name=op.f('fk_version_file_version_id_deliverable_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version_file')),
    sa.UniqueConstraint('version_id', 'file_id', name=op.f('uq_version_file_version_id_file_id'))
    )
    with op.batch_alter_table('version_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_version_file_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_version_file_digest', ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_version_file_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_version_file_file_id'), ['file_id'], unique=False)

    op.add_column('practice', sa.Column(
        'file_quota', sa.Integer(),
        sa.CheckConstraint('file_quota BETWEEN -2147483648 AND 2147483647', name=op.f('ck_practice_file_quota_fits')),
        sa.CheckConstraint('file_quota BETWEEN 1 AND 1000000', name=op.f('ck_practice_room')),
        nullable=False, server_default='2048',
    ))
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRES:
        op.execute(sa.DDL(statement))



def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, table in (('accepted_file_stays', 'version_file'), ('accepted_file_kept', 'version_file'), ('stored_file_stays', 'stored_file')):
        op.execute(f'DROP TRIGGER {name}' if sqlite else f'DROP TRIGGER {name} ON {table}')
    if not sqlite:
        op.execute('DROP FUNCTION accepted_file')
        op.execute('DROP FUNCTION stored_file_stays')
    op.drop_column('practice', 'file_quota')
    op.drop_table('version_file')
    op.drop_table('stored_file')
    op.drop_table('client_quota')
