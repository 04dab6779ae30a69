from functools import partial

from crm.areas.talent.models import Competency, PairStatus
from crm.core import inputs
from crm.core.forms import Choice, Day, Line, Parsed
from crm.core.words import worded
from crm.registers.forms import ConsultantChoice, ContactChoice, EntryForm

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
