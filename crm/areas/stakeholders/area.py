from crm.areas.stakeholders.forms import CommitmentForm, StakeholderForm
from crm.areas.stakeholders.kpis import KPIS
from crm.areas.stakeholders.models import Commitment, Stakeholder
from crm.areas.stakeholders.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

STAKEHOLDERS = Register(
    slug="stakeholders",
    title="Stakeholders",
    one="stakeholder",
    entry=Stakeholder,
    form=StakeholderForm,
    columns={
        "Who": "contact_name",
        "Department": "department",
        "Influence": "influence",
        "Stance": "stance",
        "Trust now": "trust_score",
        "Before": "trust_before",
        "Last contact": "last_contact",
        "Next contact": "next_contact_due",
        "Next step": "next_step",
    },
    empty="Write down whose view of technology matters, how much, and where they stand.",
    contacts={"contact_name": "contact_id"},
    plain="People we keep in touch with",
    told={
        "Who": "contact_name",
        "Department": "department",
        "Last spoken to": "last_contact",
        "We speak again by": "next_contact_due",
    },
)

COMMITMENTS = Register(
    slug="commitments",
    title="Promises",
    one="promise",
    entry=Commitment,
    form=CommitmentForm,
    columns={
        "Promise": "what",
        "To": "to_contact_name",
        "Department": "department",
        "Promised": "promised_on",
        "Due": "due",
        "Done": "done_on",
        "Kept by": "keeper_name",
        "Status": "status",
    },
    empty="Write down every promise to a department with its day: kept ones earn trust back.",
    contacts={"to_contact_name": "to_contact_id"},
    plain="Promises we made",
    told={
        "Promise": "what",
        "To": "to_contact_name",
        "Department": "department",
        "By": "due",
        "How it stands": "status",
        "Promised on": "promised_on",
        "Done on": "done_on",
        "Who keeps it": "keeper_name",
        "In our words": "closing",
    },
)

AREA = Area.of(Code.STK, STAKEHOLDERS, COMMITMENTS, rules=RULES, min_rows=4, kpis=KPIS)
