"""What a letter is about, and its HTML in the demo's mailbox

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KIND = "kind VARCHAR(30) DEFAULT '' NOT NULL CONSTRAINT ck_{}_kind_fits CHECK (length(kind) <= 30)"
HTML = "html TEXT DEFAULT '' NOT NULL CONSTRAINT ck_demo_mail_html_fits CHECK (length(html) <= 100000)"

# A column with its CHECK in one statement, which both engines know: nothing is made anew.


def upgrade() -> None:
    for table, column in (("outbox", KIND), ("demo_mail", KIND), ("demo_mail", HTML)):
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(table)}")


def downgrade() -> None:
    for table, name in (("demo_mail", "html"), ("demo_mail", "kind"), ("outbox", "kind")):
        op.drop_column(table, name)
