from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from crm.areas.strategy.models import InitiativeStatus, ObjectiveStatus
from crm.clients.models import Client, Contact
from crm.core import inputs
from crm.core.errors import Refused
from crm.core.forms import Choice, Day, Form, Line, Parsed, Prose, Sum
from crm.core.twelve import TWELVE, Area
from crm.core.words import amount, quarter, worded
from crm.people.models import Person
from crm.registers.forms import (
    ContactChoice,
    OwnedForm,
    PartyForm,
    RowChoice,
    departments,
    maybe,
    one_of,
    owner_fields,
)
from crm.registers.models import ValueType

STATUS_WORDS = [(status, worded(status)) for status in ObjectiveStatus]


class ObjectiveForm(OwnedForm):
    """A business goal, and how one will know that it is reached."""

    title = Line("Objective", ask="Write the goal in a few words, like Orders out the same day")
    mission_link = Line("How it serves the mission", ask="Say how it serves the client’s mission")
    owner_party, owner_name = owner_fields()
    measure = Line("Measure", description="What is counted, like orders sent by six o’clock, in %")
    target = Parsed("Target", inputs.figure, show=amount)
    current = Parsed("Now", inputs.figure, show=amount)
    due = Day("Due")
    status = Choice(
        "Status", STATUS_WORDS, kind=ObjectiveStatus, ask="Choose a status", default=ObjectiveStatus.ON_TRACK
    )

    def offer(self, client: Client, contacts: Sequence[Contact], persons: Sequence[Person]) -> None:
        super().offer(client, contacts, persons)
        if client.mission:
            self.mission_link.description = f"The mission of {client.name}: “{client.mission}”"


class InitiativeForm(PartyForm):
    """A change, whom it serves, and what it asks of people, process, project and technology."""

    title = Line("Initiative", ask="Name the change in a few words, like One path from enquiry to quote")
    status = one_of("Status", InitiativeStatus, "Choose a status", default=InitiativeStatus.IDEA)
    objective_id = RowChoice("Objective that it serves", "objective", blank="None yet")
    mission_link = Line("How it serves the mission")
    departments = departments("Departments", ask="Choose at least one department that it touches")
    sponsor_id = ContactChoice("Sponsor", blank="Nobody yet")
    owner_party, owner_name = owner_fields()
    people_change = Prose("People", description="What changes for whom, like Estimators use one price book")
    process_change = Prose("Process", description="What is done in another way")
    project_plan = Prose("Project", description="How one gets there: waves, gates, dates")
    technology_change = Prose("Technology", description="What is bought, built or switched off")
    start = Day("Begins")
    baseline_due = Day("Due as agreed first", description="The baseline day: it stays when the due day moves")
    due = Day("Due now")
    value_type = maybe("What it brings", ValueType)
    annual_value = Sum("Value in a year")
    one_off_cost = Sum("Cost, once")
    last_update = Day("Last update")
    serves_area = Choice(
        "Area that it serves", [(row.code, row.name) for row in TWELVE], kind=Area, blank="Strategy itself"
    )

    def contradictions(self) -> Iterator[Refused]:
        if self.start.data and self.due.data and self.due.data < self.start.data:
            yield Refused("It cannot be due before it begins", "due")


class QuarterForm(Form):
    """To which quarter an initiative is moved."""

    quarter = Choice("Quarter", kind=inputs.day, blank="Move to …", ask="Choose the quarter that it shall be due in")

    def offer(self, quarters: Iterable[date]) -> None:
        self.quarter.of((one.isoformat(), quarter(one)) for one in quarters)
