from crm.areas.services.models import (
    AssetStage,
    AssetType,
    Criticality,
    Hosting,
    OwnDevices,
    ServiceType,
    Sourcing,
    WhoseAsset,
)
from crm.core.forms import Day, Line, Sum, Tick
from crm.registers.forms import ContactChoice, EntryForm, mark, maybe, one_of, share, size, whole


class ServiceForm(EntryForm):
    """What people work with, how much hangs on it, and who stands behind it."""

    name = Line("Service", ask="Name the service as its users do, like Mail and files")
    type = one_of("Kind", ServiceType, "Choose what kind of service it is")
    criticality = one_of("How much hangs on it", Criticality, "Choose how much hangs on it")
    business_owner_id = ContactChoice("Business owner", blank="Nobody yet")
    provider = Line("Provider")
    sourcing = one_of(
        "How it is provided",
        Sourcing,
        "Choose how it is provided",
        description="Shadow: a department bought it by itself",
    )
    hosting = maybe("Where it runs", Hosting)
    byod_access = maybe("From people’s own devices", OwnDevices)
    users = whole("Users")
    annual_cost = Sum("Cost in a year")
    availability_target = share("Availability agreed, in %")
    availability_actual = share("Availability reached, in %")
    satisfaction = mark("How satisfied users are")
    support_ends = Day("Support by the maker ends")
    replacement_plan = Tick("There is a plan to replace it")
    energy_kwh_year = size("Energy in a year, in kWh")
    last_reviewed = Day("Last reviewed")


class AssetGroupForm(EntryForm):
    """Equipment counted together, and where it is in its life."""

    name = Line("Group", ask="Name the group, like Office laptops")
    type = one_of("Kind", AssetType, "Choose what kind of equipment it is")
    count = whole("How many", ask="Say how many there are")
    owner_type = one_of("Whose they are", WhoseAsset, "Choose whose they are", default=WhoseAsset.COMPANY)
    oldest_purchase = Day("The oldest was bought")
    support_ends = Day("Support by the maker ends")
    stage = one_of("Stage of life", AssetStage, "Choose a stage", default=AssetStage.USE)
    disposal_route = Line("How they are disposed of", description="Like Wiped and sold to staff")
