"""What the rows of this area say of it, as rules."""

from sqlalchemy import or_

from crm.areas.compliance.models import POLICY_KEEPS, Impact, Obligation, ObligationOrigin, ObligationStatus
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, overdue, pct, under

RULES = (
    Rule(
        "CMP-R1", Obligation, "{value} high-impact obligations are not met",
        count(lambda row, today: (row.impact == Impact.HIGH, row.status == ObligationStatus.NOT_MET)),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True, one="1 high-impact obligation is not met",
    ),
    Rule(
        "CMP-R2", Obligation, "{value} % of obligations were never assessed",
        pct(lambda row, today: (row.status == ObligationStatus.NOT_ASSESSED,)),
        amber=over(15), red=over(40), empty=Rag.RED, critical=True,
    ),
    Rule(
        "CMP-R3", Obligation, "{value} checks are overdue",
        count(lambda row, today: (row.next_check_due < today,)),
        amber=over(0), red=over(4), empty=Rag.GREEN, one="1 check is overdue",
    ),
    Rule(
        "CMP-R4", Obligation, "{value} % of obligations have an owner",
        pct(lambda row, today: (row.names_an_owner(),)),
        amber=under(90), red=under(60), empty=None,
    ),
    Rule(
        "CMP-R5", Obligation, "{value} policies are older than a year or not approved",
        count(lambda row, today: (
            row.origin == ObligationOrigin.POLICY,
            or_(row.approved_by_id.is_(None), overdue(row.approved_on, today - POLICY_KEEPS)),
        )),
        amber=over(0), red=over(3), empty=Rag.GREEN, one="1 policy is older than a year or not approved",
    ),
    Rule(
        "CMP-R6", Obligation, "{value} topics have rules of their own in single departments",
        count(lambda row, today: (row.department_variants > 0,)),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 topic has rules of its own in single departments",
    ),
)  # fmt: skip
