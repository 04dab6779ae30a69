"""issued invoices kept: triggers keep them with their lines; what a draft was made from; months that an invoice froze

Revision ID: 0032
Revises: 0031
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NEVER = "an issued invoice never changes"
SAYS = (
    "kind, number, month, basis, payment_days, purchase_order, reference, note, currency, file_format, seller, buyer, bank,"
    " net, tax, total, issued_on, due_on, credits_id, made_at, visibility, engagement_id, client_id"
)
BACKWARDS = (
    "old.state <> 'draft' AND new.state <> old.state"
    " AND NOT (old.state IN ('issued', 'paid') AND new.state IN ('issued', 'paid', 'voided'))"
)
ISSUED = "(SELECT state FROM invoice WHERE id = {row}.invoice_id) <> 'draft'"
# a row more would stand on the paper, though not in its sums
COMPLETE = (
    " AND (SELECT SUM(net) FROM invoice_line WHERE invoice_id = new.invoice_id)"
    " = (SELECT net FROM invoice WHERE id = new.invoice_id)"
)
OF_INVOICE = (
    ("issued_invoice_stays", f"UPDATE OF {SAYS} ON invoice", "old.state <> 'draft'"),
    ("issued_invoice_stands", "UPDATE OF state ON invoice", BACKWARDS),
    ("issued_invoice_kept", "DELETE ON invoice", "old.state <> 'draft'"),
)
OF_LINES = (
    ("issued_line_stays", "UPDATE", f"{ISSUED.format(row='old')} OR {ISSUED.format(row='new')}"),
    ("issued_line_kept", "DELETE", ISSUED.format(row="old")),
    ("issued_line_alone", "INSERT", ISSUED.format(row="new") + COMPLETE),
)
SQLITE = tuple(
    f"CREATE TRIGGER {name} BEFORE {deed} WHEN {when} BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
    for name, deed, when in (
        *OF_INVOICE, *((name, f"{deed} ON invoice_line", when) for name, deed, when in OF_LINES),
    )
)  # fmt: skip
POSTGRES = (
    *(
        f"CREATE TRIGGER {name} BEFORE {deed} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION never('{NEVER}')"
        for name, deed, when in OF_INVOICE
    ),
    *(
        one
        for name, deed, when in OF_LINES
        for one in (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN"
            f" RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'check_violation'; END IF;"
            f" RETURN {'old' if deed == 'DELETE' else 'new'}; END $$",
            f"CREATE TRIGGER {name} BEFORE {deed} ON invoice_line FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    ),
)
# Months that were frozen with a later one though nobody had locked them: they took time again, in no figure (invariant 19).
FROZEN = """
    INSERT INTO engagement_month (engagement_id, client_id, month, state, invoice_number, invoiced_at, version)
    SELECT engagement_id, client_id, month, 'invoiced', '', frozen_at, 1 FROM retainer_month
    WHERE NOT EXISTS (
        SELECT 1 FROM engagement_month AS known
        WHERE known.engagement_id = retainer_month.engagement_id AND known.month = retainer_month.month
    )
"""
DRAFTS = """
    SELECT invoice.id, invoice.month, statement.id AS statement_id, statement.frozen_at <= invoice.made_at AS holds
    FROM invoice LEFT JOIN statement ON statement.engagement_id = invoice.engagement_id AND statement.month = invoice.month
    AND statement.replaced_at IS NULL WHERE invoice.state = 'draft' AND invoice.month IS NOT NULL
"""


def upgrade() -> None:
    op.execute("ALTER TABLE invoice ADD COLUMN basis JSON DEFAULT '{}' NOT NULL")
    here = op.get_bind()
    for key, month, statement_id, holds in here.execute(sa.text(DRAFTS)).all():
        basis = json.dumps({str(month)[:10]: statement_id if statement_id and holds else 0})
        here.execute(sa.text("UPDATE invoice SET basis = :basis WHERE id = :key"), {"basis": basis, "key": key})
    op.execute(FROZEN)
    for statement in SQLITE if here.dialect.name == "sqlite" else POSTGRES:
        op.execute(sa.DDL(statement))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _, _ in OF_INVOICE:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON invoice")
    for name, _, _ in OF_LINES:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON invoice_line")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}")
    op.drop_column("invoice", "basis")
