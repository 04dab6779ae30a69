"""What is asked about the first 100 days, and about what comes again."""

from functools import partial

from crm.core import inputs
from crm.core.forms import Choice, Chosen, Day, Form, Line, Lines, Parsed, Prose, Several
from crm.core.twelve import OF, Area
from crm.core.words import amount
from crm.engagements.models import Engagement
from crm.engagements.people import Status
from crm.library.forms import effort
from crm.library.typical import MONTHS, SAID, Cadence
from crm.plans.first_days import Picked, Step


def staff_of(engagement: Engagement) -> list[tuple[int, str]]:
    return [(one.id, one.person.name) for one in engagement.assignments if one.status is not Status.ENDED]


class FirstDaysForm(Form):
    """Which of the set, by when, and how long each takes."""

    chosen = Chosen("Deliverables", kind=int, ask="Choose at least one")
    due = Several("By", inputs.day)
    days = Several("Days", effort)
    assignment_id = Choice(
        "Who makes them", kind=int, blank="Nobody yet", description="Change it for each of them later"
    )

    def offer(self, engagement: Engagement, steps: list[Step]) -> None:
        self.assignment_id.of(staff_of(engagement))
        things = [(step.number, step.template.name) for step in steps]
        self.chosen.of(things)
        self.due.of(things)
        self.days.of(things)

    def picked(self, steps: list[Step]) -> list[Picked]:
        """As typed; where a day or an effort was emptied, as the set says."""
        wanted = set(self.chosen.data)
        return [
            Picked(step.template, self.due.data.get(step.number, step.due), self.days.data.get(step.number, step.template.days))
            for step in steps
            if step.number in wanted
        ]  # fmt: skip


class RecurrenceForm(Form):
    title = Line("Title", at_most=170, ask="Give it a title, like Board pack")
    area = Choice("Area", kind=Area, ask="Choose the area it belongs to", blank="Choose an area")
    purpose = Prose("What it is for", at_most=1000, description="The client reads it once one was sent")
    cadence = Choice("How often", [(one, SAID[one]) for one in MONTHS], kind=Cadence, ask="Choose how often it comes", blank="Choose one")  # fmt: skip
    next_due = Day("The next is due on", ask="Write the day, like 2026-12-15")
    ahead = Parsed(
        "Opened ahead", partial(inputs.whole, at_least=1, at_most=90), ask="Write the days, like 21",
        description="Days before it is due that it appears among the deliverables",
    )  # fmt: skip
    estimate = Parsed("Estimate in days", effort, show=amount, ask="Write the days each of them takes, like 0.5")
    assignment_id = Choice("Owner", kind=int, blank="Whoever leads then")
    criteria_lines = Lines("Done when", ask="Write at least one criterion", description="One criterion a line")
    type = Line("Catalogue key", at_most=30, description="Of a template of the library, like STR-D7")

    def offer(self, engagement: Engagement) -> None:
        self.area.of((one.area, f"{OF[one.area].number} {OF[one.area].name}") for one in engagement.scopes if one.is_in)
        self.assignment_id.of(staff_of(engagement))
