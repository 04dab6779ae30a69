from crm.areas.strategy.forms import InitiativeForm, ObjectiveForm
from crm.areas.strategy.kpis import KPIS
from crm.areas.strategy.models import Initiative, Objective
from crm.areas.strategy.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

INITIATIVES = Register(
    slug="initiatives",
    title="Initiatives",
    one="initiative",
    entry=Initiative,
    form=InitiativeForm,
    columns={
        "Initiative": "title",
        "Objective": "objective_title",
        "Departments": "departments",
        "Sponsor": "sponsor_name",
        "Owner": "owner",
        "Lenses told": "lens_count",
        "Value a year": "annual_value",
        "Due": "due",
        "Last update": "last_update",
        "Status": "status",
    },
    empty="Write down the changes under way and those agreed, each with the objective that it serves.",
    brings=("objective",),
    contacts={"sponsor_name": "sponsor_id"},
    plain="Changes under way and agreed",
    told={
        "What changes": "title",
        "How far": "status",
        "Driven by": "owner",
        "Ready by": "due",
        "Departments": "departments",
        "Goal it serves": "objective_title",
        "Your sponsor for it": "sponsor_name",
        "Begins": "start",
        "First agreed for": "baseline_due",
        "For people": "people_change",
        "In the way of working": "process_change",
        "The plan": "project_plan",
        "In technology": "technology_change",
        "Worth a year": "annual_value",
        "Costs once": "one_off_cost",
        "Last heard of": "last_update",
    },
    views=(("Roadmap", "roadmap.show"),),
)

OBJECTIVES = Register(
    slug="objectives",
    title="Business objectives",
    one="objective",
    entry=Objective,
    form=ObjectiveForm,
    columns={
        "Objective": "title",
        "Mission": "mission_link",
        "Owner": "owner",
        "Measure": "measure",
        "Now": "current",
        "Target": "target",
        "Due": "due",
        "Status": "status",
    },
    empty="Ask the sponsor what the business wants to reach, and write it in their words. An engagement needs one to begin.",
    plain="Your business goals",
    told={
        "Goal": "title",
        "How it stands": "status",
        "By": "due",
        "Measured by": "measure",
        "Now": "current",
        "To reach": "target",
        "Answers for it": "owner",
        "Part of your mission": "mission_link",
    },
)

AREA = Area.of(Code.STR, INITIATIVES, OBJECTIVES, rules=RULES, min_rows=3, kpis=KPIS)
