from crm.areas.continuity.forms import CriticalServiceForm
from crm.areas.continuity.kpis import KPIS
from crm.areas.continuity.models import CriticalService
from crm.areas.continuity.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

CRITICAL = Register(
    slug="critical-services",
    title="Critical services",
    one="critical service",
    entry=CriticalService,
    form=CriticalServiceForm,
    columns={
        "Service": "name",
        "Business owner": "business_owner_name",
        "Bearable, h": "mtpd_hours",
        "Back within, h": "rto_hours",
        "Reached, h": "rto_reached_hours",
        "Lost at most, h": "rpo_hours",
        "Lost, h": "rpo_reached_hours",
        "Last exercise": "last_exercise",
        "Result": "exercise_result",
        "Backup": "backup",
        "Offline copy": "offline_copy",
    },
    empty="Write down what the business cannot be without for long, and how fast it must be back.",
    contacts={"business_owner_name": "business_owner_id"},
    plain="Services your work depends on",
    told={
        "Service": "name",
        "Answers for it": "business_owner_name",
        "Back within, hours": "rto_hours",
        "Came back in, hours": "rto_reached_hours",
        "Last tried": "last_exercise",
        "How it went": "exercise_result",
        "You can do without it, hours": "mtpd_hours",
        "Work lost at most, hours": "rpo_hours",
        "Work lost when tried, hours": "rpo_reached_hours",
        "Tried again by": "next_exercise_due",
        "Copies": "backup",
        "A copy out of an attacker’s reach": "offline_copy",
        "Last brought back from a copy": "last_restore_test",
        "Hangs on one thing alone": "single_point_of_failure",
        "Plan": "plan_url",
        "Plan renewed on": "plan_updated",
    },
    views=(("Recovery", "recovery.show"),),
)

AREA = Area.of(Code.BCD, CRITICAL, rules=RULES, min_rows=3, kpis=KPIS)
