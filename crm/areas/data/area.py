from crm.areas.data.forms import DataAssetForm, SignalForm
from crm.areas.data.kpis import KPIS
from crm.areas.data.models import DataAsset, Signal
from crm.areas.data.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

ASSETS = Register(
    slug="assets",
    title="Data assets",
    one="data asset",
    entry=DataAsset,
    form=DataAssetForm,
    columns={
        "Data": "name",
        "About": "domain",
        "Owner": "owner",
        "Department": "owner_department",
        "Personal data": "personal_data",
        "Classification": "classification",
        "Much hangs on it": "critical",
        "Quality, of 100": "quality_score",
        "Last checked": "last_quality_check",
    },
    empty="Begin with customers, orders, people and money: write down who answers for them and how good they are.",
    plain="The data your work rests on",
    told={
        "Data": "name",
        "About": "domain",
        "Answers for it": "owner",
        "How good, of 100": "quality_score",
        "Last checked": "last_quality_check",
        "Department": "owner_department",
        "Much hangs on it": "critical",
        "About people": "personal_data",
        "For whose eyes": "classification",
        "How long it is kept is settled": "retention_rule",
        "Shared with": "shared_with",
        "Used in reports": "used_in_reports",
    },
)

SIGNALS = Register(
    slug="signals",
    title="Signals",
    one="signal",
    entry=Signal,
    form=SignalForm,
    columns={
        "Signal": "name",
        "Department": "department",
        "Owner": "owner",
        "Unit": "unit",
        "Latest": "latest",
        "Threshold": "threshold",
        "Months away": "months_to_threshold",
        "Last read": "latest_on",
        "Plan": "plan_in_place",
    },
    empty="Ask each department for one figure that it reads every month, and the threshold at which it needs something.",
    views=(("Forecast", "signals.show"),),
    plain="Figures your departments watch",
    told={
        "Figure": "name",
        "Department": "department",
        "Latest": "latest",
        "Limit": "threshold",
        "Months until the limit": "months_to_threshold",
        "Counted in": "unit",
        "Last read": "latest_on",
        "Month by month": "readings",
        "What is needed then": "need_if_crossed",
        "There is a plan": "plan_in_place",
        "Answers for it": "owner",
    },
)

AREA = Area.of(Code.DAT, ASSETS, SIGNALS, rules=RULES, min_rows=4, kpis=KPIS)
