from collections.abc import Iterator

from crm.areas.compliance.models import Impact, ObligationOrigin, ObligationStatus, Topic
from crm.core.errors import Refused
from crm.core.forms import Day, Line
from crm.registers.forms import ContactChoice, Link, PartyForm, one_of, owner_fields, whole


class ObligationForm(PartyForm):
    """A duty, whether it is met, and what shows it."""

    title = Line("Obligation", ask="Name the duty, like Data protection law")
    origin = one_of("Comes from", ObligationOrigin, "Choose where it comes from")
    topic = one_of("Topic", Topic, "Choose a topic")
    why_it_applies = Line("Why it applies here", at_most=500)
    owner_party, owner_name = owner_fields()
    status = one_of("Status", ObligationStatus, "Choose a status", default=ObligationStatus.NOT_ASSESSED)
    impact = one_of("How bad a breach would be", Impact, "Choose how bad a breach would be")
    last_checked = Day("Last checked")
    check_interval_days = whole(
        "Checked every … days", at_least=1, at_most=3650, description="365 when nothing is said"
    )
    evidence_url = Link("Where the proof lies")
    approved_by_id = ContactChoice("Approved by", blank="Nobody yet")
    approved_on = Day("Approved on", description="Of a policy: it is current for a year")
    department_variants = whole("Departments with rules of their own", at_most=99)

    def contradictions(self) -> Iterator[Refused]:
        if self.approved_on.data and self.approved_by_id.data is None:
            yield Refused("Say who approved it, or leave the day empty", "approved_by_id")
