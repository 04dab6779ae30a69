"""What the rows of this area say of it, as rules."""

from sqlalchemy import or_

from crm.areas.continuity.models import RESTORE_EVERY, Backup, CriticalService
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, overdue, pct

UNSURE = (Backup.NONE, Backup.UNVERIFIED)

RULES = (
    Rule(
        "BCD-R1", CriticalService, "{value} critical services have no agreed RTO and RPO",
        count(lambda row, today: (row.targets_agreed.is_(False),)),
        amber=over(0), red=over(2), empty=Rag.RED, critical=True, one="1 critical service has no agreed RTO and RPO",
    ),
    Rule(
        "BCD-R2", CriticalService, "{value} critical services have no verified backup",
        count(lambda row, today: (row.backup.in_(UNSURE),)),
        amber=over(0), red=over(1), empty=Rag.RED, critical=True, one="1 critical service has no verified backup",
    ),
    Rule(
        "BCD-R3", CriticalService, "{value} % of critical services are overdue for an exercise",
        pct(lambda row, today: (or_(row.last_exercise.is_(None), row.next_exercise_due < today),)),
        amber=over(20), red=over(60), empty=Rag.RED,
    ),
    Rule(
        "BCD-R4", CriticalService,
        "{value} services missed their RTO or RPO in the last exercise, or the RTO exceeds what the business can bear",
        count(lambda row, today: (row.target_missed.is_(True),)),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True,
        one="1 service missed its RTO or RPO in the last exercise, or the RTO exceeds what the business can bear",
    ),
    Rule(
        "BCD-R5", CriticalService, "{value} critical services have no offline or immutable copy",
        count(lambda row, today: (row.offline_copy.is_(False),)),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 critical service has no offline or immutable copy",
    ),
    Rule(
        "BCD-R6", CriticalService, "{value} % of critical services had no restore test for 180 days",
        pct(lambda row, today: (overdue(row.last_restore_test, today - RESTORE_EVERY),)),
        amber=over(20), red=over(60), empty=Rag.AMBER,
    ),
)  # fmt: skip
