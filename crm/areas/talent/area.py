from crm.areas.talent.forms import MentoringPairForm, SkillRecordForm
from crm.areas.talent.kpis import KPIS
from crm.areas.talent.models import MentoringPair, SkillRecord
from crm.areas.talent.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

SKILLS = Register(
    slug="skills",
    title="Team and skills",
    one="role",
    entry=SkillRecord,
    form=SkillRecordForm,
    columns={
        "Role": "role",
        "Who": "person",
        "Department": "department",
        "Employment": "employment",
        "Critical": "critical_role",
        "Covered": "covered",
        "Main skill": "main_skill",
        "Level now": "level_now",
        "Needed": "level_needed",
        "Gap": "skill_gap",
        "Likely to leave": "flight_risk",
    },
    empty="List the roles that technology hangs on, vacant ones too, with who covers them.",
    plain="Roles and skills",
    told={
        "Role": "role",
        "Who": "person",
        "Department": "department",
        "Much hangs on it": "critical_role",
        "Somebody can step in": "covered",
        "How it is filled": "employment",
        "Main skill": "main_skill",
    },
    views=(("Skills matrix", "skills.show"),),
)

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
    contacts={"mentee_name": "mentee_id"},
    plain="Who learns from whom",
    told={
        "Goal": "goal",
        "Who learns": "mentee_name",
        "From": "mentor_name",
        "How it stands": "status",
        "Talks held": "sessions_held",
        "Talks planned": "sessions_planned",
        "Last talk": "last_session",
    },
)

AREA = Area.of(Code.TAL, SKILLS, MENTORING, rules=RULES, min_rows=3, kpis=KPIS)
