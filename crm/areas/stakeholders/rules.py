"""What the rows of this area say of it, as rules."""

from datetime import timedelta

from crm.areas.stakeholders.models import Commitment, CommitmentStatus, Stakeholder, Stance
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, avg, count, over, pct, under

INFLUENTIAL = 4
AGAINST = (Stance.SCEPTIC, Stance.OPPONENT)
COUNTED = (CommitmentStatus.KEPT, CommitmentStatus.LATE, CommitmentStatus.BROKEN, CommitmentStatus.OPEN)
LATELY, LATE = timedelta(days=180), timedelta(days=14)

RULES = (
    Rule(
        "STK-R1", Commitment, "{value} % of promises due in the last 180 days were kept on time",
        pct(lambda row, today: (row.status == CommitmentStatus.KEPT,),
            over=lambda row, today: (row.due >= today - LATELY, row.due < today, row.status.in_(COUNTED))),
        amber=under(85), red=under(65), empty=None, critical=True,
    ),
    Rule(
        "STK-R2", Stakeholder, "{value} influential people (4-5) are overdue for contact",
        count(lambda row, today: (row.influence >= INFLUENTIAL, row.next_contact_due < today)),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 influential person (4-5) is overdue for contact",
    ),
    Rule(
        "STK-R3", Stakeholder, "Average trust is {value} of 5", avg("trust_score"),
        amber=under("3.5"), red=under("2.8"), empty=None, critical=True,
    ),
    Rule(
        "STK-R4", Stakeholder, "{value} influential people are sceptics or opponents without a next step",
        count(lambda row, today: (row.influence >= INFLUENTIAL, row.stance.in_(AGAINST), row.next_step == "")),
        amber=over(0), red=over(2), empty=Rag.GREEN,
        one="1 influential person is a sceptic or opponent without a next step",
    ),
    Rule(
        "STK-R5", Stakeholder, "{value} stakeholders trust us less than last time",
        count(lambda row, today: (row.trust_falling.is_(True),)),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 stakeholder trusts us less than last time",
    ),
    Rule(
        "STK-R6", Commitment, "{value} promises are open and more than 14 days late",
        count(lambda row, today: (row.status == CommitmentStatus.OPEN, row.due < today - LATE)),
        amber=over(0), red=over(3), empty=Rag.GREEN, one="1 promise is open and more than 14 days late",
    ),
)  # fmt: skip
