"""contacts: the mail address that somebody stands for, before a link that answers for the client goes there"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # as it stands: on SQLite a batch would make the table anew, to which others refer
    op.execute(sa.DDL(
        "ALTER TABLE contact ADD COLUMN vouched\nVARCHAR(200) DEFAULT '' NOT NULL"
        "\nCONSTRAINT ck_contact_vouched_fits CHECK (length(vouched) <= 200)\n"
    ))
    op.execute(
        "UPDATE contact SET vouched = email WHERE id IN (SELECT contact_id FROM sponsorship)"
        " OR id IN (SELECT delegate_id FROM delegation) OR id IN (SELECT owner_contact_id FROM decision)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE contact DROP COLUMN vouched")
