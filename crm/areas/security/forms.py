from collections.abc import Iterator

from crm.areas.security.models import ControlOrigin, ControlState, ControlTag, SecurityFunction
from crm.core.errors import Refused
from crm.core.forms import Choice, Day, Line, Prose, Tick
from crm.registers.forms import EntryForm, Link, PartyForm, YesNo, maybe, one_of, owner_fields, share, whole

SEVERITIES = [(1, "1, the business stands still"), (2, "2, serious"), (3, "3, limited"), (4, "4, a near miss")]


class SecurityControlForm(PartyForm):
    """A measure, how far it is in place, and the proof."""

    ref = Line("Reference", at_most=60, ask="Write its reference, like CE-UAC-1")
    title = Line("Control", ask="Name the control, like Multi-factor sign-in on every cloud service")
    origin = one_of("Asked for by", ControlOrigin, "Choose who asks for it")
    csf_function = one_of("What it does", SecurityFunction, "Choose what it does")
    state = one_of("State", ControlState, "Choose a state", default=ControlState.NOT_STARTED)
    auto_fail = Tick("A must: without it the whole check fails")
    coverage = share("Covered, in %")
    owner_party, owner_name = owner_fields()
    evidence_url = Link("Where the proof lies")
    last_tested = Day("Last tested")
    test_interval_days = whole("Tested every … days", at_least=1, at_most=3650, description="180 when nothing is said")
    tag = maybe("Counted as", ControlTag, blank="Nothing in particular")


class IncidentForm(EntryForm):
    """What happened, how bad it was, and what was learned."""

    happened_on = Day("Happened on", ask="Say on which day it happened")
    summary = Prose("What happened", ask="Say in a sentence or two what happened")
    severity = Choice("Severity", SEVERITIES, kind=int, ask="Choose how bad it was", blank="Choose one")
    personal_data = Tick("Personal data was touched")
    reported_within_72h = YesNo("Reported within 72 hours", blank="It need not be")
    closed_on = Day("Closed on")
    lessons_done = Tick("Lessons were drawn and acted on")

    def contradictions(self) -> Iterator[Refused]:
        if self.closed_on.data and self.closed_on.data < self.happened_on.data:
            yield Refused("It cannot be closed before it happened", "closed_on")
