from crm.areas.transformation.forms import DigitalChannelForm, ProcessImprovementForm
from crm.areas.transformation.kpis import KPIS
from crm.areas.transformation.models import DigitalChannel, ProcessImprovement
from crm.areas.transformation.rules import RULES
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
    plain="Ways of working we make better",
    told={
        "Way of working": "title",
        "How far": "stage",
        "Answers for it": "owner",
        "Ready by": "go_live_due",
        "Departments": "departments",
        "What hurts": "problem",
        "Measured by": "measure",
        "Before": "baseline",
        "Now": "current",
        "To reach": "target",
        "Hours a month before": "hours_per_month_before",
        "Hours a month after": "hours_per_month_after",
        "Worth a year, as expected": "annual_value_expected",
        "Worth a year, as proved": "annual_value_realised",
        "Worth checked on": "benefit_checked_on",
    },
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
    plain="Where customers meet you online",
    told={
        "Place": "name",
        "Kind": "type",
        "Answers for it": "owner",
        "Sold last quarter": "revenue_last_quarter",
        "The same quarter a year ago": "revenue_year_ago",
        "Customers’ mark, of 5": "satisfaction",
        "Last looked at": "last_reviewed",
    },
)

AREA = Area.of(Code.DXT, IMPROVEMENTS, CHANNELS, rules=RULES, min_rows=2, kpis=KPIS)
