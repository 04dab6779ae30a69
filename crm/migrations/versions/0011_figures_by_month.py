"""figures by month: what each figure of a client's area was, so that its line can be drawn"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kpi_reading',
    sa.Column('area', sa.Enum('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD', native_enum=False, length=30), nullable=False),
    sa.Column('key', sa.String(length=10), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('noted_on', sa.Date(), nullable=False),
    sa.Column('client_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area IN ('STR', 'ITM', 'DXT', 'SEC', 'BUD', 'VEN', 'TAL', 'INN', 'DAT', 'CMP', 'STK', 'BCD')", name=op.f('ck_kpi_reading_area_known')),
    sa.CheckConstraint('length(key) <= 10', name=op.f('ck_kpi_reading_key_fits')),
    sa.CheckConstraint('noted_on >= month', name=op.f('ck_kpi_reading_noted_in_it')),
    sa.CheckConstraint('value BETWEEN -9000000000000 AND 9000000000000', name=op.f('ck_kpi_reading_value_fits')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_kpi_reading_client_id_client')),
    sa.PrimaryKeyConstraint('client_id', 'key', 'month', name=op.f('pk_kpi_reading'))
    )
    with op.batch_alter_table('kpi_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kpi_reading_noted_on'), ['noted_on'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('kpi_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kpi_reading_noted_on'))

    op.drop_table('kpi_reading')
