"""Every table of the house, the checks that make both engines refuse the same values, and the index that follows them."""

from crm.access.once import Once
from crm.accounts.factors import Passkey, RecoveryCode, SignInLink
from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.models import Account, CalendarFeed, KeptForm, RateCount, SignedIn, Standing
from crm.areas.catalogue import registers
from crm.areas.data.models import SignalReading
from crm.audit.models import AuditEntry, AuditText, Opening
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
from crm.closing.models import HealthFigure, MonthFigure, OverageDecision, Statement, TimeReminder
from crm.core.columns import harden
from crm.core.db import Model
from crm.deliverables.agreed import BaselineChange, Cancellation, Contribution, Criterion
from crm.deliverables.chains.models import Wait
from crm.deliverables.models import Deliverable
from crm.deliverables.rounds.models import ReviewPoint, ReviewRemark, ReviewRound
from crm.deliverables.talk.models import Comment, TeamComment
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion, Rating, SignOff, VersionComment, VersionFile
from crm.engagements.models import ClosingStep, Engagement, Pause, Terms
from crm.engagements.people import Assignment, Delegation, Sponsorship
from crm.engagements.retained import DayRate, FrozenMonth, RetainerFee, RetainerTerms
from crm.engagements.scopes import AreaOverride, AreaScope
from crm.evidence.models import AreaSummary, RuleLimit
from crm.files.models import ClientQuota, StoredFile
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.expenses.models import Expense
from crm.invoices.models import Invoice, InvoiceLine, Payment
from crm.kpis.models import KpiReading
from crm.library.models import OwnTemplate
from crm.links.models import LinkCode, MailLink
from crm.maturity.models import Answer, AssessedLevel, Assessment
from crm.meetings.models import AgendaItem, Meeting, MeetingAttendee, MeetingNote
from crm.outbox.models import DemoMail, MailChoice, Notice, Outbox
from crm.people.models import CostRate, Leave, LeaveReason, Period, Person, WorkingPattern
from crm.plans.models import Recurrence
from crm.practice.models import Logo, Numbering, Practice
from crm.registers.imports.models import RowImport
from crm.registers.models import Origin, RegisterEntry, tie
from crm.reviews.frozen import FrozenEvidence, FrozenFinding, FrozenRow
from crm.reviews.models import Review
from crm.search import lines
from crm.search.models import SearchLine
from crm.timelog.approval.models import TimeCheck
from crm.timelog.imports.models import ImportBatch, ImportName, ImportPart, ImportRow, MappedName
from crm.timelog.models import EngagementMonth, TimeEntry, TimeNote
from crm.timelog.timer.models import Timer

tie(Model.metadata)
harden(Model.metadata)
lines.follow()

TABLES = (
    Practice, Numbering, Account, Standing, SignedIn, Invitation, AddressChange, KeptForm, RateCount, Once, AuditText, AuditEntry, Outbox, DemoMail, Person,
    Opening, Logo,
    Notice, MailChoice, CalendarFeed,
    Passkey, RecoveryCode, SignInLink,
    WorkingPattern, Leave, LeaveReason, CostRate, Period, Client, ClientNote, RosterSeat, Department, Contact, Wall,
    Activity, Attendee, FollowUp, MailLink, LinkCode, Engagement, Terms, RetainerTerms, RetainerFee, DayRate, FrozenMonth, Pause, Assignment, Sponsorship, Delegation, AreaScope, AreaOverride, ClosingStep, Review,
    FrozenEvidence, FrozenFinding, FrozenRow, Assessment, Answer, AssessedLevel,
    StoredFile, ClientQuota, Deliverable, DeliverableVersion, VersionFile, Criterion, FrozenCriterion, VersionComment, SignOff, Rating, ReviewRemark, ReviewRound, ReviewPoint, Comment,
    TeamComment, Wait, Contribution,
    BaselineChange, Cancellation, OwnTemplate, Recurrence, TimeEntry, TimeNote, Timer, TimeCheck, EngagementMonth, OverageDecision, Statement, MonthFigure, HealthFigure, TimeReminder, ImportBatch, ImportName, ImportPart, ImportRow, MappedName, RegisterEntry,
    *(register.entry for _, register in registers()), SignalReading, RuleLimit, AreaSummary, KpiReading, RowImport, SearchLine,
    Meeting, AgendaItem, MeetingAttendee, MeetingNote, Origin,
    Issuer, Billing, Expense, Invoice, InvoiceLine, Payment,
)  # fmt: skip
