from crm.areas.continuity.forms import CriticalServiceForm
from crm.areas.continuity.models import CriticalService
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
)

AREA = Area.of(Code.BCD, CRITICAL)
