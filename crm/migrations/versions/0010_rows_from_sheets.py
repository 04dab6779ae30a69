"""rows from sheets: a file that somebody brings for a register waits until all of it can be taken"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('row_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('checked', 'taken', 'dropped', native_enum=False, length=30), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_row_import_area_known')),
    sa.CheckConstraint("state IN ('checked', 'taken', 'dropped')", name=op.f('ck_row_import_state_known')),
    sa.CheckConstraint('bad BETWEEN -2147483648 AND 2147483647', name=op.f('ck_row_import_bad_fits')),
    sa.CheckConstraint('known BETWEEN -2147483648 AND 2147483647', name=op.f('ck_row_import_known_fits')),
    sa.CheckConstraint('length(digest) <= 64', name=op.f('ck_row_import_digest_fits')),
    sa.CheckConstraint('length(file_name) <= 200', name=op.f('ck_row_import_file_name_fits')),
    sa.CheckConstraint('length(kind) <= 30', name=op.f('ck_row_import_kind_fits')),
    sa.CheckConstraint('rows BETWEEN -2147483648 AND 2147483647', name=op.f('ck_row_import_rows_fits')),
    sa.CheckConstraint('taken BETWEEN -2147483648 AND 2147483647', name=op.f('ck_row_import_taken_fits')),
    sa.CheckConstraint('version BETWEEN -2147483648 AND 2147483647', name=op.f('ck_row_import_version_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_row_import_client_id_client')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_row_import_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_row_import'))
    )
    with op.batch_alter_table('row_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_row_import_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_row_import_open', ['client_id', 'person_id', 'kind', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_row_import_person_id'), ['person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('row_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_row_import_person_id'))
        batch_op.drop_index('ix_row_import_open')
        batch_op.drop_index(batch_op.f('ix_row_import_client_id'))

    op.drop_table('row_import')
