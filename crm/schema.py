"""Every table of the house, the checks that make both engines refuse the same values, and the index that follows them."""

from crm.access.once import Once
from crm.accounts.models import Account, KeptForm, RateCount, SignedIn, Standing
from crm.areas.catalogue import registers
from crm.areas.data.models import SignalReading
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
from crm.engagements.models import (
    AreaOverride,
    AreaScope,
    Assignment,
    ClosingStep,
    Engagement,
    Pause,
    Sponsorship,
    Terms,
)
from crm.evidence.models import AreaSummary, RuleLimit
from crm.kpis.models import KpiReading
from crm.maturity.models import Answer, AssessedLevel, Assessment
from crm.outbox.models import DemoMail, Outbox
from crm.people.models import CostRate, Leave, LeaveReason, Period, Person, WorkingPattern
from crm.practice.models import Numbering, Practice
from crm.registers.imports.models import RowImport
from crm.registers.models import RegisterEntry, tie
from crm.reviews.frozen import FrozenEvidence, FrozenFinding, FrozenRow
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
    Activity, Attendee, FollowUp, Engagement, Terms, Pause, Assignment, Sponsorship, AreaScope, AreaOverride, ClosingStep, Review,
    FrozenEvidence, FrozenFinding, FrozenRow, Assessment, Answer, AssessedLevel,
    Deliverable, DeliverableVersion, Criterion, FrozenCriterion, VersionComment, ReviewRemark, Contribution,
    BaselineChange, Cancellation, TimeEntry, TimeNote, ImportBatch, ImportName, ImportPart, ImportRow, MappedName, RegisterEntry,
    *(register.entry for _, register in registers()), SignalReading, RuleLimit, AreaSummary, KpiReading, RowImport, SearchLine,
)  # fmt: skip
