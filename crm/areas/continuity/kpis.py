"""What Business Continuity and Disaster Recovery measures."""

from crm.areas.continuity.models import Backup, CriticalService
from crm.registers.kpis import Kpi, Unit, days_since, share, target

KPIS = (
    Kpi("BCD-K1", "Services exercised on time", Unit.PCT, "Critical services whose exercise is not overdue, of all",
        share(CriticalService, lambda row, on: row.last_exercise.is_not(None) & (row.next_exercise_due >= on)), target(">= 90")),
    Kpi("BCD-K2", "Recovery target met", Unit.PCT, "Services that were back and had lost no more work than agreed, of those exercised",
        share(CriticalService,
              lambda row, on: (row.rto_reached_hours <= row.rto_hours) & (row.rpo_reached_hours <= row.rpo_hours),
              lambda row, on: row.last_exercise.is_not(None)), target("= 100")),
    Kpi("BCD-K3", "Verified backups", Unit.PCT, "Critical services whose backup is verified, of all",
        share(CriticalService, lambda row, on: row.backup == Backup.VERIFIED), target("= 100")),
    Kpi("BCD-K4", "Days since last restore test", Unit.DAYS, "Days since anything was restored to try it",
        days_since(CriticalService, "last_restore_test"), target("<= 90")),
)  # fmt: skip
