"""Rows of registers with what each must have, so that a test says only what its figure reads."""

import pytest

from crm.areas.budget.models import BudgetCategory, BudgetLine, Saving, SavingType, Spending
from crm.areas.catalogue import registers
from crm.areas.compliance.models import Impact, Obligation, ObligationOrigin, Topic
from crm.areas.continuity.models import CriticalService
from crm.areas.data.forecast import BadDirection
from crm.areas.data.models import Classification, DataAsset, DataDomain, Signal
from crm.areas.innovation.models import Idea
from crm.areas.security.models import ControlOrigin, Incident, SecurityControl, SecurityFunction
from crm.areas.services.models import (
    AssetGroup,
    AssetStage,
    AssetType,
    Criticality,
    Service,
    ServiceType,
    Sourcing,
    WhoseAsset,
)
from crm.areas.stakeholders.models import Commitment, Stakeholder, Stance
from crm.areas.strategy.models import Initiative
from crm.areas.talent.models import Competency, Employment, MentoringPair, SkillRecord
from crm.areas.transformation.models import ChannelType, DigitalChannel, ProcessImprovement
from crm.areas.vendors.models import Tier, VendorContract
from crm.clients.models import DepartmentKind
from crm.core import clock
from crm.registers.models import ValueType
from tests.cast import TODAY

FINANCE = DepartmentKind.FINANCE
LEAST = {
    Initiative: {"title": "x", "departments": []},
    Service: {"name": "x", "type": ServiceType.NETWORK, "criticality": Criticality.NORMAL, "sourcing": Sourcing.IN_HOUSE},
    AssetGroup: {"name": "x", "type": AssetType.LAPTOP, "count": 1, "owner_type": WhoseAsset.COMPANY, "stage": AssetStage.USE},
    ProcessImprovement: {"title": "x", "problem": "x", "departments": [], "value_type": ValueType.TIME},
    DigitalChannel: {"name": "x", "type": ChannelType.SHOP},
    SecurityControl: {"ref": "x", "title": "x", "origin": ControlOrigin.CLIENT, "csf_function": SecurityFunction.PROTECT},
    Incident: {"happened_on": TODAY, "summary": "x", "severity": 3},
    BudgetLine: {"name": "x", "fiscal_year": "2026/27", "category": BudgetCategory.CLOUD, "type": Spending.RUN, "annual_budget": 0},
    Saving: {"title": "x", "type": SavingType.COST_OUT, "annual_target": 0},
    VendorContract: {"vendor": "x", "what": "x", "tier": Tier.IMPORTANT, "annual_cost": 0},
    SkillRecord: {"role": "x", "department": FINANCE, "employment": Employment.EMPLOYEE, "main_skill": "x"},
    MentoringPair: {"mentee_id": 1, "mentor_id": 2, "goal": "x", "competency": Competency.SOCIAL},
    Idea: {"title": "x", "source_department": FINANCE, "submitted_on": TODAY, "problem": "x", "value_type": ValueType.COST,
           "stage_since": TODAY},
    DataAsset: {"name": "x", "domain": DataDomain.CUSTOMER, "owner_department": FINANCE, "personal_data": False,
                "classification": Classification.INTERNAL, "shared_with": []},
    Signal: {"name": "x", "department": FINANCE, "unit": "x", "threshold": 9, "bad_direction": BadDirection.UP},
    Obligation: {"title": "x", "origin": ObligationOrigin.LAW, "topic": Topic.SECURITY, "impact": Impact.LOW},
    Stakeholder: {"contact_id": 1, "department": FINANCE, "influence": 3, "stance": Stance.NEUTRAL},
    Commitment: {"to_contact_id": 1, "department": FINANCE, "what": "x", "promised_on": TODAY, "due": TODAY},
    CriticalService: {"name": "x"},
}  # fmt: skip
AREA = {register.entry: area.code for area, register in registers()}


@pytest.fixture
def put(cast, stage):
    """Rows of Northwind: `put(Service, {"users": 3}, {})`"""

    def rows(entry, *each, client_id=1, **more):
        own = {"client_id": client_id, "area": AREA[entry], "made_at": clock.now(), "changed_at": clock.now()}
        made = [entry(**own | LEAST[entry] | more | one) for one in each]
        stage.add_all(made)
        stage.commit()
        return made

    return rows
