from collections.abc import Iterator
from functools import partial

from crm.areas.talent.models import Competency, Employment, FlightRisk, PairStatus, PlanState
from crm.core import inputs
from crm.core.errors import Refused
from crm.core.forms import Choice, Day, Line, Parsed, Tick
from crm.core.words import worded
from crm.registers.forms import ConsultantChoice, ContactChoice, EntryForm, department, level, maybe, one_of

COMPETENCY_WORDS = [(one, worded(one)) for one in Competency]
STATUS_WORDS = [(one, worded(one)) for one in PairStatus]
a_level, a_number = partial(inputs.whole, at_most=5), partial(inputs.whole, at_most=999)


class MentoringPairForm(EntryForm):
    """Who mentors whom, towards what. What they say to each other is not written here."""

    mentee_id = ContactChoice("Mentee", ask="Choose who is mentored")
    mentor_id = ConsultantChoice("Mentor", ask="Choose who mentors")
    goal = Line("Goal", ask="Write the goal in a few words, like Speak on the business agenda in the board")
    competency = Choice("Competency", COMPETENCY_WORDS, kind=Competency, ask="Choose a competency")
    level_start = Parsed("Level at the start", a_level, description="0 to 5")
    level_now = Parsed("Level now", a_level, description="0 to 5")
    level_goal = Parsed("Level to reach", a_level, description="0 to 5")
    sessions_planned = Parsed("Sessions planned", a_number)
    sessions_held = Parsed("Sessions held", a_number)
    last_session = Day("Last session")
    status = Choice("Status", STATUS_WORDS, kind=PairStatus, ask="Choose a status", default=PairStatus.ACTIVE)


class SkillRecordForm(EntryForm):
    """A role, who fills it, and what it asks for."""

    role = Line("Role", ask="Name the role, like Systems engineer")
    person = Line("Who fills it")
    department = department(ask="Choose a department")
    employment = one_of("Employment", Employment, "Choose how the role is filled")
    critical_role = Tick("Much hangs on this role")
    cover_named = Tick("Somebody is named to cover for it")
    main_skill = Line("Main skill", ask="Name the skill that the role needs most, like service coordination")
    level_now = level("Level now")
    level_needed = level("Level needed")
    development_plan = maybe("Development plan", PlanState)
    last_one_to_one = Day("Last one-to-one")
    flight_risk = maybe("Likely to leave", FlightRisk)

    def contradictions(self) -> Iterator[Refused]:
        if self.employment.data is Employment.VACANT and self.person.data:
            yield Refused("A vacant role has nobody: leave the name empty, or choose another employment", "person")
