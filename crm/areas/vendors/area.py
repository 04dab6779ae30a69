from crm.areas.vendors.forms import VendorContractForm
from crm.areas.vendors.models import VendorContract
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
)

AREA = Area.of(Code.VEN, CONTRACTS)
