from crm.areas.security.forms import IncidentForm, SecurityControlForm
from crm.areas.security.kpis import KPIS
from crm.areas.security.models import Incident, SecurityControl
from crm.areas.security.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

CONTROLS = Register(
    slug="controls",
    title="Security controls",
    one="security control",
    entry=SecurityControl,
    form=SecurityControlForm,
    columns={
        "Control": "title",
        "Reference": "ref",
        "Asked for by": "origin",
        "A must": "auto_fail",
        "Covered, %": "coverage",
        "Owner": "owner",
        "Last tested": "last_tested",
        "Next test": "next_test_due",
        "State": "state",
    },
    empty="Begin with the five of Cyber Essentials: firewalls, configuration, updates, access, malware.",
    plain="What protects you",
    told={
        "Protection": "title",
        "How far": "state",
        "Answers for it": "owner",
        "Last tried": "last_tested",
        "Tried again by": "next_test_due",
        "Covers, %": "coverage",
        "A must": "auto_fail",
        "Asked for by": "origin",
        "Proof": "evidence_url",
    },
)

INCIDENTS = Register(
    slug="incidents",
    title="Security incidents",
    one="incident",
    entry=Incident,
    form=IncidentForm,
    columns={
        "What happened": "summary",
        "On": "happened_on",
        "Severity": "severity",
        "Personal data": "personal_data",
        "Closed": "closed_on",
        "Lessons drawn": "lessons_done",
    },
    empty="Write down what went wrong or nearly did, near misses too: they teach the most.",
    plain="What went wrong, or nearly did",
    told={
        "What happened": "summary",
        "On": "happened_on",
        "How bad, 1 is the worst": "severity",
        "Settled on": "closed_on",
        "Lessons drawn": "lessons_done",
        "Touched data about people": "personal_data",
        "Reported in time": "reported_within_72h",
    },
)

AREA = Area.of(Code.SEC, CONTROLS, INCIDENTS, rules=RULES, min_rows=5, kpis=KPIS)
