from crm.areas.talent.forms import MentoringPairForm
from crm.areas.talent.models import MentoringPair
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

MENTORING = Register(
    slug="mentoring",
    title="Mentoring",
    one="mentoring pair",
    entry=MentoringPair,
    form=MentoringPairForm,
    columns={
        "Goal": "goal",
        "Mentee": "mentee_name",
        "Mentor": "mentor_name",
        "Competency": "competency",
        "Level now": "level_now",
        "To reach": "level_goal",
        "Sessions held": "sessions_held",
        "Planned": "sessions_planned",
        "Last session": "last_session",
        "Status": "status",
    },
    empty="Write down who mentors whom and towards what. A mentoring engagement needs one pair to begin.",
)

AREA = Area.of(Code.TAL, MENTORING)
