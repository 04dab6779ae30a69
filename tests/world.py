"""A world with a row in every table for both clients, and a canary in every text column.

CANARY-N and CANARY-U are Northwind's and Umbra's own words; INTERNAL stands in what no client may read.
"""

import io
import zlib
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

from PIL import Image
from sqlalchemy import event, inspect, select, update

from crm.access.once import Once
from crm.accounts.factors import Passkey, RecoveryCode, SignInLink
from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.models import Account, CalendarFeed, KeptForm
from crm.areas.across.models import Action, Assurance, AssuranceProof, Decision, RaidItem, RaidType
from crm.areas.budget.models import BudgetCategory, BudgetLine, Saving, SavingType, Spending
from crm.areas.compliance.models import Impact, Obligation, ObligationOrigin, Topic
from crm.areas.continuity.models import CriticalService
from crm.areas.data.forecast import BadDirection, Reading
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
from crm.areas.strategy.models import Initiative, Objective
from crm.areas.talent.models import Competency, Employment, MentoringPair, SkillRecord
from crm.areas.transformation.models import ChannelType, DigitalChannel, ProcessImprovement
from crm.areas.vendors.models import Tier, VendorContract
from crm.audit.models import AuditEntry, AuditText, Opened, Opening
from crm.clients.models import (
    Activity,
    ActivityKind,
    Attendee,
    Client,
    ClientNote,
    Contact,
    Department,
    DepartmentKind,
    FollowUp,
    RosterSeat,
    Title,
    Wall,
)
from crm.closing.models import HealthFigure, MonthFigure, OverageDecision, Settled, Statement, TimeReminder
from crm.core import clock
from crm.core.calendar import month_of
from crm.core.columns import LineType, ProseType
from crm.core.ownership import InternalOnly, OpenTo, PartnersOnly, Visibility
from crm.core.twelve import Area
from crm.deliverables.agreed import BaselineChange, Cancellation, Contribution, Criterion
from crm.deliverables.chains.models import Wait
from crm.deliverables.models import Deliverable
from crm.deliverables.rounds.models import Outcome, ReviewPoint, ReviewRemark, ReviewRound
from crm.deliverables.states import State
from crm.deliverables.talk.models import Comment, TeamComment
from crm.deliverables.versions import (
    DeliverableVersion,
    FrozenCriterion,
    How,
    Rating,
    Said,
    SignOff,
    VersionComment,
    VersionFile,
)
from crm.engagements.models import ClosingStep, Pause
from crm.engagements.people import Delegation
from crm.engagements.retained import DayRate, FrozenMonth
from crm.engagements.scopes import AreaOverride, Rag
from crm.engagements.states import PriceKind
from crm.evidence.models import AreaSummary, RuleLimit
from crm.evidence.verdicts import Grey
from crm.files.kinds import FileKind
from crm.files.models import ClientQuota, StoredFile
from crm.files.store import place_of
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.expenses.models import Expense
from crm.invoices.models import Invoice, InvoiceLine, InvoiceState, LineKind, Payment
from crm.kpis.models import KpiReading
from crm.library.models import OwnTemplate
from crm.library.typical import Cadence
from crm.links.models import LinkCode, MailLink, Opens, digest_of
from crm.maturity.models import Answer, AssessedLevel, Assessment, AssessmentState, Purpose
from crm.meetings.models import AgendaItem, Meeting, MeetingAttendee, MeetingKind, MeetingNote, MeetingState
from crm.outbox.kinds import Pace
from crm.outbox.models import DemoMail, MailChoice, Notice, Outbox
from crm.people.models import CostRate, Leave, LeaveReason, LeaveStatus, Period, PeriodState, Person, WorkingPattern
from crm.plans.models import Recurrence
from crm.practice.models import Logo
from crm.registers.imports.models import RowImport
from crm.registers.models import Origin, ValueType
from crm.reviews.frozen import FrozenEvidence, FrozenFinding, FrozenRow
from crm.reviews.models import Review, ReviewState
from crm.schema import TABLES
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.imports.models import (
    BatchState,
    DayOrder,
    ImportBatch,
    ImportName,
    ImportPart,
    ImportRow,
    MappedKind,
    MappedName,
    Meaning,
    Source,
)
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry, TimeNote
from crm.timelog.timer.models import Timer
from tests.cast import TODAY, YEAR

CLIENT, TEAM = Visibility.CLIENT, Visibility.TEAM
NOT_WORDS = {"code", "token_hash", "fs_uniquifier", "digest", "password", "key", "import_key", "email", "kind", "zone", "region", "currency",
             "lease_by", "location", "theme", "area", "type", "link", "phone", "audience", "verb", "subject_kind", "via", "request_id",
             "recipient", "path", "about", "topic", "gathered_in", "target", "occasion", "salt", "code_hash", "mail_key", "once", "press", "request", "question", "delimiter", "encoding", "time_kind", "problem", "refusal", "source_digest",
             "tf_totp_secret", "fs_webauthn_user_handle", "secret", "device_type", "leads_to"}  # fmt: skip


def build(stage, cast, *, every_state=False):
    """Every table, both clients. Ids: Northwind's rows are 1 to 9, Umbra's 11 to 19."""
    now = clock.now()
    for table in TABLES:
        mark(stage.scalars(select(table)).unique())
    stage.flush()
    event.listen(stage, "before_flush", mark_new)
    for client_id, engagement, lead, sponsor, base in (
        (1, cast.north, cast.persons.ben, cast.contacts.cora, 0),
        (2, cast.umbra, cast.persons.finn, cast.contacts.uma, 10),
    ):
        own, on = {"client_id": client_id}, {"client_id": client_id, "engagement_id": engagement.id}
        lead_assignment = next(a for a in engagement.assignments if a.person_id == lead.id)
        sponsor_account = cast.uma if base else cast.cora
        keeper = cast.finn if base else cast.ben
        stage.execute(update(Account).where(Account.id == keeper.id).values(tf_totp_secret="sealed"))
        rows = [
            ClientNote(id=base + 1, body="x", **own),
            RosterSeat(id=base + 1, title=Title.IT_LEAD, holder="x", **own),
            Department(id=base + 1, kind=DepartmentKind.FINANCE, name="x", **own),
            Department(id=base + 2, kind=DepartmentKind.SALES, name="Sales", archived_at=now, **own),
            Contact(id=base + 5, name="Somebody", archived_at=now, **own),
            Contact(id=base + 6, name="Somebody", email=f"somebody{base}@example.test", **own),
            KpiReading(area=Area.VEN, key="VEN-K2", month=TODAY.replace(day=1), value=5, noted_on=TODAY, **own),
            Wall(id=base + 1, person_id=cast.persons.eve.id, reason="x", **own),
            FollowUp(id=base + 1, person_id=lead.id, title="x", due=TODAY, **own),
            FrozenMonth(
                id=base + 1, month=OVER, granted=4, rolled_in=0, minutes=2250, used=5, overage=1, rolled_out=0,
                lapsed=0, lapsing=0, batches=(), frozen_at=clock.now(), **on,
            ),
            DayRate(id=base + 1, begins=OVER, rate=95_000, **on),
            Pause(id=base + 1, begins=TODAY - timedelta(200), until=TODAY - timedelta(190), **on),
            ClosingStep(id=base + 1, number=9, title="x", **on),
            Review(id=base + 1, area=Area.VEN, state=ReviewState.PUBLISHED, rag=Rag.RED, sentence="x", ask="x", ask_of="x", ask_by=TODAY, override_until=TODAY,
                   published_at=now, published_on=TODAY, author_id=lead.id, visibility=CLIENT, **on),
            Review(id=base + 2, area=Area.SEC, rag=Rag.AMBER, sentence="x", override_until=TODAY + timedelta(30), author_id=lead.id, **on),
            Assessment(id=base + 1, engagement_id=engagement.id, title="x", purpose=Purpose.BASELINE, state=AssessmentState.FINISHED, began_on=TODAY,
                       finished_on=TODAY, visibility=CLIENT, begun_by_id=lead.id, **own),
            Assessment(id=base + 2, title="x", purpose=Purpose.OTHER, began_on=TODAY, begun_by_id=lead.id, **own),
            Once(id=base + 1, account_id=cast.ben.id if base == 0 else cast.finn.id, key=f"old{base}", digest="x", at=now),
            KeptForm(id=base + 1, account_id=cast.finn.id if base else cast.ben.id, path="/today", fields=[["note", f"INTERNAL {base}"]],
                     at=now + timedelta(hours=6)),  # kept for half an hour, and a slow run takes longer
            Invitation(id=base + 1, account_id=cast.finn.id if base else cast.ben.id, made_at=now, expires_at=now + timedelta(7)),
            AddressChange(id=base + 1, account_id=cast.finn.id if base else cast.ben.id, email=f"later{base}@example.test", asked_at=now, expires_at=now),
            Passkey(id=base + 1, account_id=keeper.id, name=f"INTERNAL key {base}", made_at=now,
                    credential_id=b"id %d" % base, public_key=b"key", transports=[]),
            RecoveryCode(id=base + 1, account_id=keeper.id, secret=f"sealed {base}", made_at=now - YEAR),
            SignInLink(id=base + 1, account_id=sponsor_account.id, salt=f"{base}", token_hash=f"link {base}", made_at=now, expires_at=now),
            Outbox(id=base + 1, key=f"o{base}", topic="deliverable.submitted", payload={"text": f"INTERNAL {base}"}, made_at=now, due_at=now),
            DemoMail(id=base + 1, key=f"m{base}", recipient="x@example.test", subject="x", body=f"INTERNAL {base}", html=f"<p>INTERNAL {base}</p>", at=now),
            Notice(id=base + 1, person_id=lead.id, kind="comment", topic="deliverable.proposed", payload={"deliverable_id": base + 1}, subject=f"INTERNAL {base}",
                   path=f"/deliverables/{base + 1}", about="deliverable", about_id=base + 1, at=now),
            Notice(id=base + 2, contact_id=sponsor.id, kind="review", topic="review.published", payload={"engagement_id": engagement.id, "review_ids": []},
                   subject="x", path="/portal", about="engagement", about_id=engagement.id, at=now, waits_for=Pace.WEEKLY, **own),
            MailChoice(id=base + 1, account_id=cast.finn.id if base else cast.ben.id, paces={"comment": "weekly"}, zone="Europe/Paris"),
            CalendarFeed(id=base + 1, account_id=cast.uma.id if base else cast.cora.id, standing_id=(cast.uma if base else cast.cora).standings[0].id,
                         token_hash=digest_of(("u" if base else "n") * 43), made_at=now),
            Leave(id=base + 1, person_id=lead.id, begins=TODAY + timedelta(30), ends=TODAY + timedelta(34), status=LeaveStatus.APPROVED),
            Leave(id=base + 2, person_id=lead.id, begins=TODAY + timedelta(60), ends=TODAY + timedelta(61)),
            WorkingPattern(id=base + 21, person_id=lead.id, begins=TODAY + 3 * YEAR),
            CostRate(id=base + 1, person_id=lead.id, begins=TODAY - YEAR, per_day=43000),
            ImportBatch(id=base + 1, person_id=lead.id, file_name="x.csv", digest="x", source=Source.HARVEST, made_at=now,
                        state=BatchState.NAMING, day_order=DayOrder.ISO, rows=1),
            _row_import(base + 1, lead, own, now),
            MappedName(id=base + 1, person_id=lead.id, kind=MappedKind.TASK, name=f"INTERNAL task {base}", target="SEC", said_at=now),
        ]  # fmt: skip
        stage.add_all(rows)
        stage.flush()
        for n in (1, 2):
            stage.add(Answer(id=base + n, assessment_id=base + n, question="VEN-Q1", score=0, comment="x", said_by="x",
                             written_by_id=lead.id, written_at=now, **own))  # fmt: skip
        stage.add(AssessedLevel(id=base + 1, assessment_id=base + 1, area=Area.VEN, level=0, lowest=0, points=0, answered=1, questions=7,
                                visibility=CLIENT, **own))  # fmt: skip
        for n in (1, 2):
            stage.add(LeaveReason(id=base + n, person_id=lead.id, leave_id=base + n, note="x", answer="x"))
        _frozen(stage, engagement, on, base, now)
        _imports(stage, lead, on, base, now, every_state)
        for n, visibility in ((1, TEAM), (2, CLIENT)):
            activity = Activity(id=base + n, kind=ActivityKind.CALL, happened_on=TODAY, title="x", body="x", person_id=lead.id,
                                written_at=now, visibility=visibility, **own)  # fmt: skip
            stage.add(activity)
            stage.flush()
            stage.add(
                Attendee(id=base + n, activity_id=activity.id, contact_id=sponsor.id, visibility=visibility, **own)
            )
            stage.add(Objective(id=base + n, area=Area.STR, made_at=now, changed_at=now, title="x", mission_link="x", visibility=visibility,
                                **own))  # fmt: skip
            stage.add(MentoringPair(id=base + 4 + n, area=Area.TAL, made_at=now, changed_at=now, mentee_id=sponsor.id, mentor_id=lead.id,
                                    goal="x", competency=Competency.SOCIAL, visibility=visibility, **own))  # fmt: skip
            _registers(stage, own | {"made_at": now, "changed_at": now, "visibility": visibility}, sponsor, base, n)
        _meetings(stage, own, lead, base, now, every_state)
        stage.add(
            AreaSummary(
                id=base + 1,
                area=Area.VEN,
                grey=Grey.NOT_EVIDENCED,
                coverage=50,
                fired="x",
                since=TODAY,
                computed_on=TODAY,
                **on,
            )
        )
        _deliverables(stage, engagement, lead, lead_assignment, sponsor, base, now, every_state)
        stage.add(TimeEntry(id=base + 2, person_id=lead.id, worked_on=TODAY, minutes=5, area=Area.VEN, client_note="x", logged_at=now,
                            voided_at=now, **on))  # fmt: skip
        stage.add(
            TimeEntry(
                id=base + 1,
                person_id=lead.id,
                worked_on=TODAY,
                minutes=60,
                area=Area.VEN,
                client_note="x",
                logged_at=now,
                **on,
            )
        )
        stage.flush()
        stage.add(
            Opening(
                id=base + 1, at=now, kind=Opened.VERSION, subject_id=base + 2, title="x", contact_id=sponsor.id, **on
            )
        )
        stage.add(Opening(id=base + 2, at=now, kind=Opened.ARCHIVE, title="x", person_id=lead.id, **own))
        stage.add(Timer(id=base + 1, person_id=lead.id, line="x", begun_at=now, ended_at=now))
        stage.add(TimeNote(id=base + 1, person_id=lead.id, entry_id=base + 1, body="x", reason="x", **on))
        _closed(stage, lead, sponsor, on, base, now)
        _money(stage, lead, own, on, base, now)
        for n, open_to in enumerate(OpenTo, 1):
            stage.add(AuditText(id=base + n, body="x", open_to=open_to, **on))
            stage.flush()
            stage.add(AuditEntry(id=base + n, at=now, audience="practice", person_id=lead.id, verb="deliverable.submit", subject_kind="deliverable",
                                 subject_id=base + 2, reason_id=base + n, via="web", request_id="x", open_to=open_to, **on))  # fmt: skip
    stage.add(
        TimeEntry(id=21, person_id=cast.persons.ben.id, worked_on=TODAY, minutes=30, kind="internal", logged_at=now)
    )
    stage.add_all(Person(id=n, name=f"Name {n}", email=f"name{n}@placeholder.invalid", kind="consultant", is_placeholder=True, left_on=date(2000, 1, 1))
                  for n in (61, 62))  # fmt: skip
    stage.add(Issuer(id=1, legal_name="Larkmoor Ltd", line1="1 Mill Lane", line2="Floor 2", city="Leeds", postcode="LS1 4AP", holder="Larkmoor Ltd",
                     tax_number="GB123456789", iban="GB33BUKB20201555555555", email="x@larkmoor.example", footer="Thank you"))  # fmt: skip
    stage.add(Logo(digest="0" * 64, image=b"no picture", width=1, height=1))
    stage.add(RuleLimit(id=1, rule="VEN-R1", amber=0, red=1))
    stage.add(
        OwnTemplate(
            id=1,
            area=Area.SEC,
            name="x",
            days=2,
            cadence=Cadence.ONCE,
            what="x",
            outline="x",
            criteria="x",
            author_id=2,
        )
    )
    stage.add(MonthFigure(id=1, month=CLOSED, net=20, minutes=450, absorbed=0, target=70, written_at=now))
    stage.add(Period(id=1, month=date(TODAY.year - 1, 1, 1)))
    stage.add(Period(id=2, month=date(2024, 2, 1), state=PeriodState.LOCKED, locked_at=now))
    stage.commit()
    event.remove(stage, "before_flush", mark_new)
    return cast


OVER = month_of(TODAY - timedelta(100))  # a month in which more was used than was there
CLOSED = date(2024, 2, 1)  # locked, with a statement at both clients


def _closed(stage, lead, sponsor, on, base, now):
    """A month that was closed: its overage, its statement; an invoiced one, and what was said of an entry of it."""
    name = f"CANARY-{'U' if base else 'N'} line"
    line = {
        "entry": base + 1,
        "day": "2024-02-05",
        "who": name,
        "area": "VEN",
        "days": "0.13",
        "counts": True,
        "note": name,
        "corrects": "",
    }
    stage.add_all([
        TimeCheck(id=base + 1, entry_id=base + 1, entry_version=1, verdict=Verdict.EXPLAINED, said="INTERNAL", person_id=lead.id, by_id=lead.id, at=now, **on),
        EngagementMonth(id=base + 1, month=TODAY.replace(day=1), state=MonthState.INVOICED, invoice_number="x", invoiced_at=now, **on),
        OverageDecision(id=base + 1, month=CLOSED, choice=Settled.BILL, agreed_by_id=sponsor.id, agreed_on=CLOSED, reason="INTERNAL",
                        decided_by_id=1, decided_at=now, **on),
        Statement(id=base + 1, month=CLOSED, price_kind=PriceKind.RETAINER, minutes=60, used=Decimal("0.13"), granted=4, rolled_in=0, available=4,
                  overage=0, billed=0, absorbed=0, rolled_out=2, lapsed=Decimal("1.87"), lines=[line], digest="x", frozen_at=now, **on),
        HealthFigure(id=base + 1, month=CLOSED, verdict=Rag.AMBER, score=Decimal("74.5"), delivery=Decimal("81.82"), progress=75, commercial=50,
                     relationship=Decimal("87.5"), written_at=now, **on),
        TimeReminder(id=base + 1, person_id=lead.id, month=CLOSED, sent_on=CLOSED, missing=1, noteless=0, by_id=1),
    ])  # fmt: skip
    stage.flush()


def _frozen(stage, engagement, on, base, now):
    """The evidence of the published review: one finding, a row of the team behind it and one that the client reads."""
    vendors = next(one for one in engagement.scopes if one.area is Area.VEN)
    stage.add_all([
        FrozenEvidence(id=base + 1, review_id=base + 1, at=now, suggested=Rag.AMBER, health=75, coverage=100, visibility=CLIENT, **on),
        FrozenFinding(id=base + 1, review_id=base + 1, position=1, rule="VEN-R1", says="x", verdict=Rag.RED, critical=True, value=2,
                      amber="> 0", red="> 1", number=2, visibility=CLIENT, **on),
        AreaOverride(id=base + 1, scope_id=vendors.id, until=TODAY, suggested=Rag.AMBER, **on),
    ])  # fmt: skip
    stage.flush()
    for n, visibility in ((1, TEAM), (2, CLIENT)):
        stage.add(FrozenRow(id=base + n, finding_id=base + 1, kind="vendor_contract", row_id=102 + 10 * base + n, label="x",
                            visibility=visibility, **on))  # fmt: skip
    stage.flush()


def _row_import(number, lead, own, now):
    """A sheet with one goal that waits to be taken."""
    waits = RowImport(
        id=number,
        person_id=lead.id,
        kind="objective",
        area=Area.STR,
        file_name="x.csv",
        digest="x",
        made_at=now,
        rows=1,
        **own,
    )
    cells = ["title", "mission_link", "owner_name"]
    waits.keep({
        "places": {name: place for place, name in enumerate(cells)}, "headings": {name: name for name in cells}, "unread": [],
        "lines": [[2, ["x", "x", "x"]]], "bad": [], "remarks": [],
    })  # fmt: skip
    return waits


def _registers(stage, own, sponsor, base, n):
    """A row in each of the areas' other registers, from 101 on at Northwind and from 201 on at Umbra: one for the team
    and one for the client too. What names another row names one that is read by the same people."""
    first = 100 + 10 * base
    finance, product = DepartmentKind.FINANCE, [DepartmentKind.IT, DepartmentKind.SALES]
    service, contract, initiative = first + n, first + 2 + n, first + 4 + n
    named = [
        Service(id=service, area=Area.ITM, name="x", type=ServiceType.NETWORK, criticality=Criticality.CRITICAL, sourcing=Sourcing.SHADOW,
                business_owner_id=sponsor.id, annual_cost=10000, **own),
        VendorContract(id=contract, area=Area.VEN, vendor="x", what="x", tier=Tier.STRATEGIC, annual_cost=720000, end=TODAY + timedelta(90),
                       notice_days=30, service_id=service, **own),
        Initiative(id=initiative, area=Area.STR, title="x", departments=product, objective_id=base + n, sponsor_id=sponsor.id, **own),
    ]  # fmt: skip
    rows = [
        AssetGroup(area=Area.ITM, name="x", type=AssetType.LAPTOP, count=2, owner_type=WhoseAsset.COMPANY, stage=AssetStage.USE, **own),
        ProcessImprovement(area=Area.DXT, title="x", problem="x", departments=product, value_type=ValueType.TIME, **own),
        DigitalChannel(area=Area.DXT, name="x", type=ChannelType.SHOP, **own),
        SecurityControl(area=Area.SEC, ref="x", title="x", origin=ControlOrigin.CLIENT, csf_function=SecurityFunction.PROTECT, **own),
        Incident(area=Area.SEC, happened_on=TODAY, summary="x", severity=3, **own),
        BudgetLine(area=Area.BUD, name="x", fiscal_year="2026/27", category=BudgetCategory.CLOUD, type=Spending.RUN, annual_budget=100,
                   contract_id=contract, **own),
        Saving(area=Area.BUD, title="x", type=SavingType.COST_OUT, annual_target=100, contract_id=contract, **own),
        SkillRecord(area=Area.TAL, role="x", person="x", department=finance, employment=Employment.EMPLOYEE, main_skill="x", **own),
        Idea(area=Area.INN, title="x", source_department=finance, submitted_by_id=sponsor.id, submitted_on=TODAY, problem="x",
             value_type=ValueType.RISK, stage_since=TODAY, initiative_id=initiative, **own),
        DataAsset(area=Area.DAT, name="x", domain=DataDomain.CUSTOMER, owner_department=finance, personal_data=True, shared_with=product,
                  classification=Classification.INTERNAL, system_id=service, **own),
        Signal(area=Area.DAT, name="x", department=finance, unit="x", threshold=9, bad_direction=BadDirection.UP, **own),
        Obligation(area=Area.CMP, title="x", origin=ObligationOrigin.LAW, topic=Topic.AI, impact=Impact.HIGH, approved_by_id=sponsor.id,
                   **own),
        Stakeholder(area=Area.STK, contact_id=sponsor.id, department=finance, influence=5, stance=Stance.NEUTRAL, **own),
        Commitment(area=Area.STK, to_contact_id=sponsor.id, department=finance, what="x", promised_on=TODAY, due=TODAY, **own),
        CriticalService(area=Area.BCD, name="x", service_id=service, business_owner_id=sponsor.id, **own),
        Assurance(area=Area.STR, title="x", received_on=TODAY, from_whom="x", proof=AssuranceProof.PAPER, also=[Area.BUD], **own),
    ]  # fmt: skip
    stage.add_all(named[:1])
    stage.flush()
    stage.add_all(named[1:])
    stage.flush()
    for number, row in enumerate(rows, 3):
        row.id = first + 2 * number + n
        if isinstance(row, Signal):
            row.readings = [Reading(date(2026, 10, 1), 4), Reading(date(2026, 11, 1), 5)]
            for month, one in enumerate(row.kept):
                one.id = 10 * row.id + month
    stage.add_all(rows)
    _questions(stage, own | {"area": Area.STR}, sponsor, contract, first + 2 * (len(rows) + 3) + n)


def _questions(stage, own, sponsor, contract, first):
    """A risk, a decision for the sponsor about the contract, and an action that follows from both."""
    risk, decision = first, first + 2
    stage.add_all([
        RaidItem(id=risk, title="x", type=RaidType.RISK, likelihood=3, impact=4, owner_contact_id=sponsor.id, **own),
        Decision(id=decision, question="x", options=["Renew", "Replace"], needed_by=TODAY + timedelta(9), contract_id=contract,
                 owner_contact_id=sponsor.id, **own),
    ])  # fmt: skip
    stage.flush()
    stage.add(Action(id=first + 4, title="x", due=TODAY + timedelta(5), raid_item_id=risk, decision_id=decision, **own))
    stage.flush()


def _meetings(stage, own, lead, base, now, every_state):
    """1 a draft of the team, 2 with minutes that the client reads; in every state also 3, held; 4 a visit to come, of
    which the client reads when and where, and no more."""
    states = (MeetingState.DRAFT, MeetingState.SHARED, MeetingState.HELD)
    for n, state in enumerate(states[: 3 if every_state else 2], 1):
        is_shared = state is MeetingState.SHARED
        read_by = {"visibility": CLIENT if is_shared else TEAM}
        stage.add(Meeting(id=base + n, title="x", kind=MeetingKind.OTHER, state=state, on=TODAY, place="x", made_by_id=lead.id, changed_at=now,
                          shared_at=now if is_shared else None, **read_by, **own))  # fmt: skip
        stage.flush()
        stage.add(AgendaItem(id=base + n, meeting_id=base + n, position=1, title="x", minutes="x", **read_by, **own))
        stage.add(MeetingAttendee(id=base + n, meeting_id=base + n, name="x", **read_by, **own))
        stage.add(MeetingNote(id=base + n, meeting_id=base + n, body="x", **own))
    stage.add(Meeting(id=base + 4, title="x", kind=MeetingKind.VISIT, on=TODAY + timedelta(9), begins="09:30", place="x", made_by_id=lead.id,
                      changed_at=now, visibility=CLIENT, **own))  # fmt: skip
    stage.flush()
    stage.add(AgendaItem(id=base + 4, meeting_id=base + 4, position=1, title="x", minutes="x", visibility=TEAM, **own))
    stage.add(MeetingAttendee(id=base + 4, meeting_id=base + 4, name="x", visibility=CLIENT, **own))
    stage.add(MeetingNote(id=base + 4, meeting_id=base + 4, body="x", **own))
    stage.flush()
    if every_state:  # 5 was called off, and may be planned again
        stage.add(Meeting(id=base + 5, title="x", kind=MeetingKind.OTHER, state=MeetingState.CANCELLED, cancelled_because="x",
                          on=TODAY + timedelta(9), place="x", made_by_id=lead.id, changed_at=now, visibility=TEAM, **own))  # fmt: skip
        stage.flush()
    # what came of them: the team's action of a draft, and the client's of minutes that they read
    stage.add(Origin(id=base + 1, entry_id=143 + 10 * base, review_id=base + 1, **own))
    stage.add(Origin(id=base + 2, entry_id=144 + 10 * base, meeting_id=base + 2, **own))
    stage.flush()


def _imports(stage, lead, on, base, now, every_state):
    """1 whose names are asked; in every state also 2 whose dates are asked, and 3 that can be taken."""

    def rows(number, day, **more):
        meant = (
            (MappedKind.PERSON, f"INTERNAL {lead.name}\t{lead.email}", Meaning(lead.email, by_id=lead.id)),
            (MappedKind.PROJECT, f"INTERNAL\tproject {base}", Meaning(f"ENG-{on['engagement_id']:03}", **on)),
            (MappedKind.TASK, "INTERNAL task", Meaning("VEN", area=Area.VEN)),
        )
        names = [
            ImportName(
                id=number + n, person_id=lead.id, batch_id=number, kind=kind, name=name, rows=1, **asdict(meaning)
            )
            for n, (kind, name, meaning) in enumerate(meant)
        ]
        stage.add_all(names)
        stage.add(ImportRow(id=number, person_id=lead.id, batch_id=number, line=2, note="x", person_name_id=number, project_name_id=number + 1,
                            task_name_id=number + 2, date_text=day.isoformat(), time_text="0.5", worked_on=day, month=day.replace(day=1), minutes=30,
                            digest=f"{number:040}", **more))  # fmt: skip

    rows(base + 1, TODAY)
    stage.add(ImportPart(id=base + 1, person_id=lead.id, batch_id=base + 1, number=0, body=b"INTERNAL"))
    if not every_state:
        return
    whose = {"person_id": lead.id, "file_name": "x.csv", "digest": "x", "made_at": now, "rows": 1}
    stage.add(ImportBatch(id=base + 4, source=Source.GENERIC, state=BatchState.ASKING, **whose))
    stage.add(
        ImportBatch(
            id=base + 7,
            source=Source.HARVEST,
            state=BatchState.CHECKED,
            day_order=DayOrder.ISO,
            new=1,
            minutes=30,
            **whose,
        )
    )
    stage.flush()
    asked = b"Date,Hours,Project,Notes\n03/04/2024,0.5,INTERNAL project,x\n"
    stage.add(ImportPart(id=base + 4, person_id=lead.id, batch_id=base + 4, number=0, body=zlib.compress(asked)))
    taken = ImportBatch(
        id=base + 8, source=Source.KIMAI, state=BatchState.TAKEN, taken_at=now, new=1, minutes=30, **whose
    )
    stage.add(taken)
    stage.add(TimeEntry(id=base + 9, person_id=lead.id, worked_on=TODAY - timedelta(45), minutes=30, area=Area.VEN, logged_at=now,
                        import_batch_id=base + 8, import_key=f"taken {base}", **on))  # fmt: skip
    rows(
        base + 7,
        TODAY.replace(day=1) - timedelta(1),
        by_id=lead.id,
        kind="billable",
        area=Area.VEN,
        import_key=f"{base}",
        **on,
    )
    stage.flush()


def _money(stage, lead, own, on, base, now):
    """How a client is billed; expenses 1 that waits and 2 that is approved; invoices 1 a draft and 2 issued, in part paid."""
    said = "CANARY-" + "NU"[own["client_id"] - 1]
    stage.add(
        Billing(id=base + 1, legal_name="x", line1="x", city="x", postcode="LS1 1AA", tax_number="GB987654321", **own)
    )
    paid = {
        "person_id": lead.id,
        "spent_on": TODAY,
        "category": "travel",
        "amount": 6000,
        "tax": 1000,
        "note": "x",
        "made_at": now,
    }
    stage.add(Expense(id=base + 1, receipt_id=base + 4, **paid, **on))
    stage.add(Expense(id=base + 2, state="approved", **paid, **on))
    sums = {"net": 420_000, "tax": 84_000, "total": 504_000}
    stage.add(Invoice(id=base + 1, made_at=now, note="x", **sums, **on))
    party = {"name": said, "line1": f"{said} street", "city": said, "country": "GB", "tax_number": "GB123456789"}
    stage.add(Invoice(id=base + 2, made_at=now, note="x", state=InvoiceState.ISSUED, number=f"2020-{base + 2:04}", issued_on=TODAY, due_on=TODAY + timedelta(30),
                      seller=party, buyer=party, bank={"iban": "GB33BUKB20201555555555"}, paid=1000, visibility=CLIENT, **sums, **on))  # fmt: skip
    stage.flush()
    line = {"position": 1, "kind": LineKind.FEE, "text": "x", "price": 420_000, "net": 420_000}
    stage.add(InvoiceLine(id=base + 1, invoice_id=base + 1, **line, **on))
    stage.add(
        InvoiceLine(
            id=base + 2,
            invoice_id=base + 2,
            month=TODAY.replace(day=1),
            receipt_id=base + 3,
            visibility=CLIENT,
            **line,
            **on,
        )
    )
    stage.add(
        Payment(
            id=base + 1,
            invoice_id=base + 2,
            paid_on=TODAY,
            amount=1000,
            reference="x",
            recorded_at=now,
            visibility=CLIENT,
            **on,
        )
    )
    stage.flush()


DELIVERABLES = (State.PLANNED, State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS, State.INTERNAL_REVIEW, State.PROPOSED, State.READY,
                State.IN_PROGRESS)  # fmt: skip


def _deliverables(stage, engagement, lead, lead_assignment, sponsor, base, now, every_state):
    """1 planned, 2 submitted, 3 accepted, 4 being written after changes were asked for; in every state also 5 with its
    reviewer Ada, 6 proposed, 7 ready to go out, 8 signed off once and being corrected."""
    on = {"client_id": engagement.client_id, "engagement_id": engagement.id}
    answered = {"decided_at": now, "decided_by_id": sponsor.id}
    sent = {"submitted_at": now, "submitted_by_id": lead.id, "asked_id": sponsor.id, "answer_by": TODAY}

    def version(number, owed, state, key=None, **more):
        shown = CLIENT if "submitted_at" in more else TEAM
        stage.add(DeliverableVersion(id=key or base + owed, deliverable_id=base + owed, number=number, state=state, text="x",
                                     visibility=shown, **more, **on))  # fmt: skip
        stage.flush()
        if shown is CLIENT:
            stage.add(
                FrozenCriterion(id=base + owed, version_id=base + owed, position=1, text="x", visibility=CLIENT, **on)
            )
            stage.flush()
            against = base + owed if "decided_at" in more else None
            stage.add(VersionComment(id=base + owed, version_id=base + owed, criterion_id=against, contact_id=sponsor.id, body="x", at=now,
                                     visibility=CLIENT, **on))  # fmt: skip

    for n, state in enumerate(DELIVERABLES if every_state else DELIVERABLES[:4], 1):
        shown = CLIENT if n in {2, 3, 8} else TEAM
        stage.add(Deliverable(id=base + n, number=base + n, title="x", purpose="x", area=Area.VEN, state=state, assignment_id=lead_assignment.id,
                              estimate=2, baseline_due=TODAY + timedelta(5), due=TODAY + timedelta(5), visibility=shown,
                              accepted_on=TODAY if n in {3, 8} else None, reviewer_id=1 if n == 5 else None, **on))  # fmt: skip
        stage.flush()
        stage.add(Criterion(id=base + n, deliverable_id=base + n, position=1, text="x", **on))
    version(1, 2, State.SUBMITTED, **sent)
    version(1, 3, State.ACCEPTED, **sent, **answered)
    version(1, 4, State.IN_PROGRESS)
    if every_state:
        version(1, 5, State.IN_PROGRESS)
        version(1, 7, State.IN_PROGRESS)
        version(1, 8, State.ACCEPTED, **sent, **answered)
        version(2, 8, State.IN_PROGRESS, key=base + 9)
    _answers(stage, on, sponsor, base, now)
    stage.add(
        Recurrence(
            id=base + 1, area=Area.STR, title="x", type="STR-D7", purpose="x", cadence=Cadence.MONTHLY, estimate=1, criteria="x",
            first_due=TODAY + timedelta(days=60), next_due=TODAY + timedelta(days=60), assignment_id=lead_assignment.id, **on,
        )
    )  # fmt: skip
    for n, ended in ((1, {"outcome": Outcome.RETURNED, "ended_at": now}), (5, {})):
        if n == 1 or every_state:
            stage.add(ReviewRound(id=base + n, deliverable_id=base + n, number=1, about=1, reviewer_id=lead.id if n == 1 else 1,
                                  asked_at=now, remark="x" if n == 1 else "", **ended, **on))  # fmt: skip
    stage.flush()
    _files(stage, on, lead, base, now)
    stage.add(ReviewRemark(id=base + 1, deliverable_id=base + 1, person_id=lead.id, body="x", at=now, **on))
    stage.add(ReviewPoint(id=base + 1, round_id=base + 1, position=1, criterion="x", holds=False, remark="x", **on))
    for n, who in ((1, {"person_id": lead.id}), (2, {"contact_id": sponsor.id})):
        stage.add(Comment(id=base + n, deliverable_id=base + 2, about=1, body="x", at=now, **who, **on))
    stage.add(TeamComment(id=base + 1, deliverable_id=base + 2, about=1, body="x", at=now, person_id=lead.id, **on))
    stage.add(Wait(id=base + 1, deliverable_id=base + 4, on_id=base + 1, **on))
    stage.add(Wait(id=base + 2, deliverable_id=base + 4, what="x", needed_by=TODAY, contact_id=sponsor.id, **on))
    stage.add(Contribution(id=base + 1, deliverable_id=base + 1, assignment_id=lead_assignment.id, share=60, **on))
    stage.add(BaselineChange(id=base + 1, deliverable_id=base + 2, was=TODAY, becomes=TODAY, agreed_by_id=sponsor.id, agreed_on=TODAY,
                             reason="x", recorded_by_id=lead.id, **on))  # fmt: skip
    stage.add(Cancellation(id=base + 1, deliverable_id=base + 1, agreed_by_id=sponsor.id, agreed_on=TODAY, reason="x",
                           recorded_by_id=lead.id, **on))  # fmt: skip


SECRETS = {0: "n" * 64, 10: "u" * 64}  # of the links to the version that waits for an answer
QUESTIONS = {0: "m" * 64, 10: "v" * 64}  # and to the open question


def _answers(stage, on, sponsor, base, now):
    """A link to the version that waits, an answer to the one that was accepted, its rating, and a delegate."""
    links = [
        MailLink(id=base + n, contact_id=sponsor.id, client_id=on["client_id"], opens=opens, thing_id=thing, asked_at=now, digest=digest,
                 occasion="asked", salt=f"{base + n}", token_hash=digest_of(secret), made_at=now, expires_on=TODAY + timedelta(1))
        for n, opens, thing, digest, secret in (
            (1, Opens.VERSION, base + 2, stage.get(DeliverableVersion, base + 2).digest, SECRETS[base]),
            (2, Opens.DECISION, 142 + 10 * base, "", QUESTIONS[base]),
        )
    ]  # fmt: skip
    stage.add_all(links)
    stage.flush()
    stage.add_all([
        LinkCode(id=base + 1, link_id=base + 1, client_id=on["client_id"], salt="x", code_hash="x", made_at=now - timedelta(1), expires_at=now),
        SignOff(id=base + 1, version_id=base + 3, asked_at=now, sponsor_id=sponsor.id, by_id=sponsor.id, said=Said.YES, how=How.MAIL,
                name="x", digest="x", at=now, zone="UTC", address="x", basis="x", visibility=CLIENT, **on),
        Rating(id=base + 1, version_id=base + 3, contact_id=sponsor.id, score=4, sentence="x", at=now, **on),
        Delegation(id=base + 1, contact_id=sponsor.id, delegate_id=base + 6, begins=TODAY, until=TODAY + timedelta(7), **on),
    ])  # fmt: skip


def _files(stage, on, lead, base, now):
    """1 a text of the draft, 2 a picture that was submitted, 3 a text that was accepted, 4 a receipt. What is in them: FILES."""
    whose = {"added_by_id": lead.id, "added_at": now, "digest": "x", "source_digest": "x", **on}
    for n, version, kind, shown in (
        (1, 4, FileKind.MD, TEAM),
        (2, 2, FileKind.PNG, CLIENT),
        (3, 3, FileKind.MD, CLIENT),
        (4, None, FileKind.MD, TEAM),
    ):
        stage.add(StoredFile(id=base + n, name="x", kind=kind, key=f"world{base + n}", pages=int(n == 2), visibility=shown,
                             size=len(FILES[f"world{base + n}"]), **whose))  # fmt: skip
        stage.flush()
        if version:
            stage.add(VersionFile(id=base + n, version_id=base + version, file_id=base + n, position=1, name="x", digest="x",
                                  visibility=shown, **on))  # fmt: skip
    stage.add(ClientQuota(id=base + 1, client_id=on["client_id"], megabytes=100))
    stage.flush()


def a_picture(size=(8, 6)):
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


FILES = {
    "world1": b"INTERNAL CANARY-N in a draft", "world2": a_picture(), "world3": b"CANARY-N in a file",
    "world4": b"INTERNAL CANARY-N on a receipt", "world14": b"INTERNAL CANARY-U on a receipt",
    "world11": b"INTERNAL CANARY-U in a draft", "world12": a_picture(), "world13": b"CANARY-U in a file",
}  # fmt: skip


def lay_files(instance):
    """What the rows of the world speak of, where the application looks for it."""
    for key, body in FILES.items():
        place = instance / "files" / place_of(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)


def mark_new(stage, *_):
    mark(stage.new)


def mark(rows):
    """Write a canary into every column of words that says nothing yet."""
    for row in list(rows):
        client_id = row.id if isinstance(row, Client) else getattr(row, "client_id", None)
        if client_id is None and not isinstance(row, InternalOnly | PartnersOnly):
            continue
        hidden = isinstance(row, InternalOnly | PartnersOnly) or getattr(row, "visibility", CLIENT) is TEAM
        hidden = hidden or getattr(row, "open_to", OpenTo.CLIENT) is not OpenTo.CLIENT
        said = f"{'INTERNAL ' if hidden else ''}{'CANARY-' + 'NU'[client_id - 1] if client_id else 'of the practice'}"
        for attribute in inspect(type(row)).column_attrs:
            kind, name = attribute.columns[0].type, attribute.key
            is_roomy = isinstance(kind, ProseType) or (isinstance(kind, LineType) and kind.length >= 60)
            is_named = name == "owner_name" and row.owner_contact_id is not None  # one owner at most
            if is_roomy and not is_named and name not in NOT_WORDS and getattr(row, name) in {"", "x", None}:
                setattr(row, name, f"{said} {row.__tablename__}")
