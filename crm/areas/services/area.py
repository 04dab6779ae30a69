from crm.areas.services.forms import AssetGroupForm, ServiceForm
from crm.areas.services.models import AssetGroup, Service
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
)

AREA = Area.of(Code.ITM, SERVICES, EQUIPMENT)
