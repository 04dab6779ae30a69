from crm.areas.transformation.forms import DigitalChannelForm, ProcessImprovementForm
from crm.areas.transformation.models import DigitalChannel, ProcessImprovement
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

IMPROVEMENTS = Register(
    slug="improvements",
    title="Process improvements",
    one="process improvement",
    entry=ProcessImprovement,
    form=ProcessImprovementForm,
    columns={
        "Process": "title",
        "Owner": "owner",
        "Departments": "departments",
        "Measure": "measure",
        "Before": "baseline",
        "Now": "current",
        "Target": "target",
        "Value expected": "annual_value_expected",
        "Goes live": "go_live_due",
        "Stage": "stage",
    },
    empty="Begin with the process that hurts most: who owns it, what is counted, and the number before.",
)

CHANNELS = Register(
    slug="channels",
    title="Online channels",
    one="online channel",
    entry=DigitalChannel,
    form=DigitalChannelForm,
    columns={
        "Channel": "name",
        "Kind": "type",
        "Owner": "owner",
        "Last quarter": "revenue_last_quarter",
        "A year ago": "revenue_year_ago",
        "Satisfaction": "satisfaction",
        "Last reviewed": "last_reviewed",
    },
    empty="Write down where customers meet the client online, with last quarter’s revenue and that of a year ago.",
)

AREA = Area.of(Code.DXT, IMPROVEMENTS, CHANNELS)
