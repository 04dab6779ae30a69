from crm.areas.compliance.forms import ObligationForm
from crm.areas.compliance.kpis import KPIS
from crm.areas.compliance.models import Obligation
from crm.areas.compliance.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

OBLIGATIONS = Register(
    slug="obligations",
    title="Obligations",
    one="obligation",
    entry=Obligation,
    form=ObligationForm,
    columns={
        "Obligation": "title",
        "Comes from": "origin",
        "Topic": "topic",
        "Owner": "owner",
        "Breach would be": "impact",
        "Last checked": "last_checked",
        "Next check": "next_check_due",
        "Approved by": "approved_by_name",
        "Approved on": "approved_on",
        "Status": "status",
    },
    empty="List the laws, contracts, standards and own policies that apply, and who answers for each.",
    contacts={"approved_by_name": "approved_by_id"},
    plain="Rules you must keep",
    told={
        "Rule": "title",
        "Kept": "status",
        "Answers for it": "owner",
        "Last checked": "last_checked",
        "Checked again by": "next_check_due",
        "Comes from": "origin",
        "About": "topic",
        "Harm if it is broken": "impact",
        "Why it concerns you": "why_it_applies",
        "Approved by": "approved_by_name",
        "Approved on": "approved_on",
        "Proof": "evidence_url",
    },
)

AREA = Area.of(Code.CMP, OBLIGATIONS, rules=RULES, min_rows=5, kpis=KPIS)
