from crm.areas.vendors.forms import VendorContractForm
from crm.areas.vendors.kpis import KPIS
from crm.areas.vendors.models import VendorContract
from crm.areas.vendors.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

CONTRACTS = Register(
    slug="contracts",
    title="Vendor contracts",
    one="contract",
    entry=VendorContract,
    form=VendorContractForm,
    columns={
        "Vendor": "vendor",
        "What for": "what",
        "Tier": "tier",
        "Owner": "owner",
        "Cost a year": "annual_cost",
        "Ends": "end",
        "Speak by": "notice_by",
        "Decision": "decision",
        "Status": "status",
    },
    empty="List every technology contract with its end and its days of notice: the day to speak by follows.",
    plain="Your technology contracts",
    told={
        "Supplier": "vendor",
        "What for": "what",
        "Ends": "end",
        "Speak by": "notice_by",
        "Decision": "decision",
        "Costs a year": "annual_cost",
        "Answers for it": "owner",
        "How it stands": "status",
        "How important": "tier",
        "Begins": "start",
        "Days of notice": "notice_days",
        "Goes on by itself": "auto_renew",
        "Decided on": "decided_on",
        "Kept what was promised, %": "sla_met",
        "Your people’s mark, of 5": "satisfaction",
        "Last looked at together": "last_review",
        "Others asked on": "alternatives_checked",
        "Way out is written down": "exit_plan",
        "Holds data about people": "personal_data",
        "Terms for that data are signed": "data_terms_signed",
    },
    views=(("Renewals", "contracts.show"),),
)

AREA = Area.of(Code.VEN, CONTRACTS, rules=RULES, min_rows=4, kpis=KPIS)
