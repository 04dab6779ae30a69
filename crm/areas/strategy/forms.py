from collections.abc import Sequence

from crm.areas.strategy.models import ObjectiveStatus
from crm.clients.models import Client, Contact
from crm.core import inputs
from crm.core.forms import Choice, Day, Line, Parsed
from crm.core.words import amount, worded
from crm.people.models import Person
from crm.registers.forms import OwnedForm, owner_fields

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
