from collections.abc import Iterator

from crm.areas.innovation.models import IdeaResult, IdeaStage
from crm.core.clock import today
from crm.core.errors import Refused
from crm.core.forms import Day, Line, Prose, Sum
from crm.registers.forms import ContactChoice, PartyForm, RowChoice, department, maybe, one_of, owner_fields
from crm.registers.models import ValueType


class IdeaForm(PartyForm):
    """An idea, what it would solve, and the limit within which it is tried."""

    title = Line("Idea", ask="Write the idea in a few words, like Kitchens order by voice message")
    problem = Prose("What it would solve", ask="Say what it would solve, like Chefs have wet hands")
    source_department = department("Department that it comes from", ask="Choose the department that it comes from")
    submitted_by_id = ContactChoice("Put forward by", blank="Nobody in the list")
    submitted_on = Day("Put forward on", ask="Say when it was put forward", default=today)
    value_type = one_of("What it would bring", ValueType, "Choose what it would bring")
    stage = one_of("Stage", IdeaStage, "Choose a stage", default=IdeaStage.NEW)
    stage_since = Day("In this stage since", ask="Say since when it is in this stage", default=today)
    owner_party, owner_name = owner_fields()
    cost_limit = Sum("Limit of what it may cost")
    spent = Sum("Spent so far")
    ends_on = Day("Trial ends on")
    result = maybe("Result", IdeaResult, blank="None yet")
    answered_on = Day("Answered on", description="When whoever put it forward heard what becomes of it")
    initiative_id = RowChoice("Initiative that it became", "initiative")

    def contradictions(self) -> Iterator[Refused]:
        if self.stage_since.data < self.submitted_on.data:
            yield Refused("It cannot be in this stage before it was put forward", "stage_since")
        if self.answered_on.data and self.answered_on.data < self.submitted_on.data:
            yield Refused("It cannot be answered before it was put forward", "answered_on")
