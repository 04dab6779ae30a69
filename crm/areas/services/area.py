from crm.areas.services.forms import AssetGroupForm, ServiceForm
from crm.areas.services.kpis import KPIS
from crm.areas.services.models import AssetGroup, Service
from crm.areas.services.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

SERVICES = Register(
    slug="services",
    title="IT services",
    one="service",
    entry=Service,
    form=ServiceForm,
    columns={
        "Service": "name",
        "How much hangs on it": "criticality",
        "Business owner": "business_owner_name",
        "Provider": "provider",
        "Provided": "sourcing",
        "Cost a year": "annual_cost",
        "Agreed, %": "availability_target",
        "Reached, %": "availability_actual",
        "Satisfaction": "satisfaction",
        "Support ends": "support_ends",
    },
    empty="List what people work with every day, what departments bought themselves included.",
    contacts={"business_owner_name": "business_owner_id"},
    plain="Systems and services you work with",
    told={
        "Service": "name",
        "How much hangs on it": "criticality",
        "Answers for it": "business_owner_name",
        "Provider": "provider",
        "Supported until": "support_ends",
        "Shall work, % of the time": "availability_target",
        "Worked, % of the time": "availability_actual",
        "Your people’s mark, of 5": "satisfaction",
        "Costs a year": "annual_cost",
        "People who use it": "users",
        "How it is provided": "sourcing",
        "Where it runs": "hosting",
        "From people’s own devices": "byod_access",
        "Replacement is planned": "replacement_plan",
        "Last looked at": "last_reviewed",
    },
)

EQUIPMENT = Register(
    slug="equipment",
    title="Equipment groups",
    one="equipment group",
    entry=AssetGroup,
    form=AssetGroupForm,
    columns={
        "Group": "name",
        "Kind": "type",
        "How many": "count",
        "Whose": "owner_type",
        "Oldest bought": "oldest_purchase",
        "Support ends": "support_ends",
        "Stage": "stage",
        "Disposed of by": "disposal_route",
    },
    empty="Count equipment by kind and age: laptops, phones, servers, with the day on which support ends.",
    plain="Your equipment",
    told={
        "Equipment": "name",
        "Kind": "type",
        "How many": "count",
        "Supported until": "support_ends",
        "How far in its life": "stage",
        "Oldest bought": "oldest_purchase",
        "Whose": "owner_type",
        "Where it goes in the end": "disposal_route",
    },
)

AREA = Area.of(Code.ITM, SERVICES, EQUIPMENT, rules=RULES, min_rows=5, kpis=KPIS)
