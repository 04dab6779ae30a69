from collections.abc import Iterator

from crm.areas.transformation.models import ChangeStep, ChannelType, ImprovementStage
from crm.core.errors import Refused
from crm.core.forms import Day, Line, Prose, Sum
from crm.registers.forms import PartyForm, department, departments, mark, maybe, number, one_of, owner_fields, size
from crm.registers.models import ValueType


class ProcessImprovementForm(PartyForm):
    """What hurts today, who owns it, and the number that shall move."""

    title = Line("Process", ask="Name the process, like Enquiry to quote")
    problem = Prose("What hurts", ask="Say what hurts today, like Seven spreadsheets and three prices for one door")
    stage = one_of("Stage", ImprovementStage, "Choose a stage", default=ImprovementStage.CANDIDATE)
    owner_party, owner_name = owner_fields()
    owner_department = department("Department of the owner", description="A process that IT owns is rarely changed")
    departments = departments("Departments", ask="Choose at least one department that it touches")
    measure = Line("Measure", description="What is counted, like days to quote")
    baseline = number("Before")
    target = number("Target")
    current = number("Now")
    hours_per_month_before = size("Hours a month before")
    hours_per_month_after = size("Hours a month now")
    value_type = one_of("What it brings", ValueType, "Choose what it brings")
    annual_value_expected = Sum("Value in a year, expected")
    annual_value_realised = Sum("Value in a year, realised")
    weakest_change_step = maybe(
        "Where people stand in the change", ChangeStep, description="The weakest of the five steps"
    )
    go_live_due = Day("Goes live")
    benefit_check_due = Day("Benefit check due")
    benefit_checked_on = Day("Benefit checked on")

    def contradictions(self) -> Iterator[Refused]:
        if self.stage.data is ImprovementStage.BENEFIT_CONFIRMED and not self.benefit_checked_on.data:
            yield Refused("Say when the benefit was checked, or choose an earlier stage", "benefit_checked_on")


class DigitalChannelForm(PartyForm):
    """Where customers come online, and whether more of them do."""

    name = Line("Channel", ask="Name the channel, like Web shop for kitchens")
    type = one_of("Kind", ChannelType, "Choose what kind of channel it is")
    owner_party, owner_name = owner_fields()
    revenue_last_quarter = Sum("Revenue of the last quarter")
    revenue_year_ago = Sum("Revenue of that quarter a year ago")
    satisfaction = mark("How satisfied customers are")
    last_reviewed = Day("Last reviewed")
