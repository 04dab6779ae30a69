from crm.areas.strategy.forms import ObjectiveForm
from crm.areas.strategy.models import Objective
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

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
)

AREA = Area.of(Code.STR, OBJECTIVES)
