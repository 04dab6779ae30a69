from collections.abc import Iterator

from crm.areas.vendors.models import ContractStatus, RenewalDecision, Tier
from crm.core.errors import Refused
from crm.core.forms import Day, Line, Sum, Tick
from crm.registers.forms import PartyForm, RowChoice, YesNo, mark, one_of, owner_fields, share, whole


class VendorContractForm(PartyForm):
    """A contract, its days, and what one means to do when it ends. The notice day is worked out from end and notice."""

    vendor = Line("Vendor", ask="Name the vendor, like Harbour Telecom")
    what = Line("What for", ask="Say what for, like Lines and handsets")
    service_id = RowChoice("Service", "service")
    tier = one_of("How much hangs on the vendor", Tier, "Choose how much hangs on the vendor")
    status = one_of("Status", ContractStatus, "Choose a status", default=ContractStatus.ACTIVE)
    annual_cost = Sum("Cost in a year", ask="Write what it costs in a year, like 7200; 0 where it is free")
    owner_party, owner_name = owner_fields()
    start = Day("Begins")
    end = Day("Ends")
    notice_days = whole("Days of notice", at_most=3650, description="How many days before the end one must speak")
    auto_renew = Tick("It renews itself")
    decision = one_of("Decision", RenewalDecision, "Choose what was decided", default=RenewalDecision.UNDECIDED)
    decided_on = Day("Decided on")
    alternatives_checked = Day("Alternatives checked on")
    sla_met = share("Service level met, in %")
    satisfaction = mark("How satisfied we are")
    last_review = Day("Last review")
    exit_plan = Tick("There is a plan to leave")
    personal_data = YesNo("Holds personal data")
    data_terms_signed = Tick("Data terms are signed")

    def contradictions(self) -> Iterator[Refused]:
        if self.start.data and self.end.data and self.end.data < self.start.data:
            yield Refused("It cannot end before it begins", "end")
        if self.decided_on.data and self.decision.data is RenewalDecision.UNDECIDED:
            yield Refused("Choose what was decided, or leave the day empty", "decision")
