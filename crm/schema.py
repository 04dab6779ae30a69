"""Every table of the house, the checks that make both engines refuse the same values, and the index that follows them."""

from crm.access.once import Once
from crm.accounts.models import Account, KeptForm, RateCount, SignedIn, Standing
from crm.areas.budget.models import BudgetLine, Saving
from crm.areas.compliance.models import Obligation
from crm.areas.continuity.models import CriticalService
from crm.areas.data.models import DataAsset, Signal, SignalReading
from crm.areas.innovation.models import Idea
from crm.areas.security.models import Incident, SecurityControl
from crm.areas.services.models import AssetGroup, Service
from crm.areas.stakeholders.models import Commitment, Stakeholder
from crm.areas.strategy.models import Initiative, Objective
from crm.areas.talent.models import MentoringPair, SkillRecord
from crm.areas.transformation.models import DigitalChannel, ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.audit.models import AuditEntry, AuditText
from crm.clients.models import (
    Activity,
    Attendee,
    Client,
    ClientNote,
    Contact,
    Department,
    FollowUp,
    RosterSeat,
    Wall,
)
from crm.core.columns import harden
from crm.core.db import Model
from crm.deliverables.models import BaselineChange, Cancellation, Contribution, Criterion, Deliverable, ReviewRemark
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion, VersionComment
from crm.engagements.models import AreaScope, Assignment, ClosingStep, Engagement, Pause, Sponsorship, Terms
from crm.outbox.models import DemoMail, Outbox
from crm.people.models import CostRate, Leave, LeaveReason, Period, Person, WorkingPattern
from crm.practice.models import Numbering, Practice
from crm.registers.models import RegisterEntry, tie
from crm.reviews.models import Review
from crm.search import lines
from crm.search.models import SearchLine
from crm.timelog.imports.models import ImportBatch, ImportName, ImportPart, ImportRow, MappedName
from crm.timelog.models import TimeEntry, TimeNote

tie(Model.metadata)
harden(Model.metadata)
lines.follow()

TABLES = (
    Practice, Numbering, Account, Standing, SignedIn, KeptForm, RateCount, Once, AuditText, AuditEntry, Outbox, DemoMail, Person,
    WorkingPattern, Leave, LeaveReason, CostRate, Period, Client, ClientNote, RosterSeat, Department, Contact, Wall,
    Activity, Attendee, FollowUp, Engagement, Terms, Pause, Assignment, Sponsorship, AreaScope, ClosingStep, Review,
    Deliverable, DeliverableVersion, Criterion, FrozenCriterion, VersionComment, ReviewRemark, Contribution,
    BaselineChange, Cancellation, TimeEntry, TimeNote, ImportBatch, ImportName, ImportPart, ImportRow, MappedName, RegisterEntry, Objective, MentoringPair,
    SearchLine, Initiative, Service, AssetGroup, ProcessImprovement, DigitalChannel, SecurityControl, Incident, BudgetLine, Saving,
    VendorContract, SkillRecord, Idea, DataAsset, Signal, SignalReading, Obligation, Stakeholder, Commitment, CriticalService,
)  # fmt: skip
