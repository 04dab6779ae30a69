from crm.areas.innovation.forms import IdeaForm
from crm.areas.innovation.kpis import KPIS
from crm.areas.innovation.models import Idea
from crm.areas.innovation.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

IDEAS = Register(
    slug="ideas",
    title="Ideas",
    one="idea",
    entry=Idea,
    form=IdeaForm,
    columns={
        "Idea": "title",
        "From": "source_department",
        "Put forward by": "submitted_by_name",
        "On": "submitted_on",
        "Owner": "owner",
        "Limit": "cost_limit",
        "Spent": "spent",
        "Ends": "ends_on",
        "Result": "result",
        "Stage": "stage",
    },
    empty="Ask every department what is worth trying, and write down whose idea it was.",
    contacts={"submitted_by_name": "submitted_by_id"},
    plain="Ideas worth trying",
    told={
        "Idea": "title",
        "How far": "stage",
        "From": "source_department",
        "Answers for it": "owner",
        "Result": "result",
        "Put forward by": "submitted_by_name",
        "Put forward on": "submitted_on",
        "What it would solve": "problem",
        "May cost": "cost_limit",
        "Spent": "spent",
        "Trial ends": "ends_on",
        "Answered on": "answered_on",
    },
    views=(("Funnel", "ideas.show"),),
)

AREA = Area.of(Code.INN, IDEAS, rules=RULES, min_rows=3, kpis=KPIS)
