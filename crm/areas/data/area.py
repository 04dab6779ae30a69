from crm.areas.data.forms import DataAssetForm, SignalForm
from crm.areas.data.models import DataAsset, Signal
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
)

AREA = Area.of(Code.DAT, ASSETS, SIGNALS)
