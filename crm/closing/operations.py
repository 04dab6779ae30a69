"""Closing a month and opening it again: overage decided, people reminded, statements frozen, figures kept."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, exists, func, insert, select, update

from crm.access.act import act
from crm.closing.content import NONE, Worked, digest_of, lines_of
from crm.closing.models import HealthFigure, MonthFigure, OverageDecision, Settled, Statement, TimeReminder
from crm.closing.notices import announce
from crm.closing.queries import (
    Closing,
    closings_of,
    decision_of,
    engagement_month,
    held_period,
    lacks_of,
    reminded,
    standing,
    statement_of,
    worked_in,
)
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused, Stale
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import plural
from crm.engagements.models import Engagement
from crm.engagements.retained import FrozenMonth
from crm.engagements.scopes import Rag
from crm.engagements.states import PriceKind
from crm.people.models import Period, PeriodState
from crm.practice.models import Approval
from crm.retainers.formulas import in_days
from crm.retainers.operations import freeze_month
from crm.timelog.imports.undoing import in_month
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry
from crm.timelog.queries import keep_hold_of

WRITES: dict[str, Any] = {"named": "closing.freeze", "synchronize_session": False}
OF_A_RETAINER = ("granted", "rolled_in", "available", "overage", "billed", "absorbed", "rolled_out", "lapsed")


@dataclass(frozen=True)
class Utilised:
    """F2 of one person in the month, handed in by whoever reckons it."""

    person_id: int
    net: Decimal
    minutes: int
    target: int


@dataclass(frozen=True)
class HealthAt:
    """F10 of one engagement at the end of the month, handed in by whoever judges it."""

    engagement_id: int
    client_id: int
    verdict: Rag
    score: Decimal
    delivery: Decimal
    progress: Decimal
    commercial: Decimal
    relationship: Decimal


@dataclass(frozen=True)
class Lacking:
    """Somebody whose month is not complete."""

    person_id: int
    missing: int
    noteless: int


Figures = Callable[[date], Sequence[Utilised]]
Healths = Callable[[date], Sequence[HealthAt]]
Everything = Callable[[], AbstractContextManager[None]]


def lock_month(
    period: Period, *, viewer: Viewer, press: Press, approval: Approval, figures: Figures, healths: Healths,
    everything: Everything,
) -> Period:  # fmt: skip
    """From now on no entry dated in this month is added, changed or deleted, by anybody; its statements are frozen.

    `everything` opens what lies behind the walls of whoever locks, for a month is closed for the whole practice.
    """
    with act(viewer, "period.lock", period, press=press):
        keep_hold_of()
        if period.month > today():
            raise Refused(f"{period.month:%B %Y} has not begun yet.")
        if period.id is None and db.session.scalar(select(Period.id).where(Period.month == period.month)):
            raise Refused("Somebody else touched this month a moment ago. Look again.")
        at = now()
        period.lock(at)
        db.session.add(period)
        db.session.flush()
        with everything():
            _must_be_approved(period.month, approval)
            closings = closings_of(period.month)
            freeze(period.month, closings, at)
            invoiced = {one.engagement_id for one in closings if one.invoiced}
            write_healths(period.month, [one for one in healths(period.month) if one.engagement_id not in invoiced], at)
        write_figures(period.month, figures(period.month), sum((one.absorbed for one in closings), NONE), at)
    return period


def _must_be_approved(month: date, approval: Approval) -> None:
    if approval is Approval.REQUIRE:
        lacks, _ = lacks_of(month)
        open_ones = lacks.waiting + lacks.asked
        if open_ones:
            said = plural(open_ones, "entry is", "entries are")
            raise Refused(f"{said} not approved yet. The practice locks no month before that.")


def freeze(month: date, closings: Sequence[Closing], at: datetime) -> None:
    """A statement for each engagement that has something to say; what did not change since the last lock stands. Four
    statements of SQL, however many engagements there are."""
    worked, stands = worked_in(month), standing(month)
    replaced, made = [], []
    for one in closings:
        entries, was = worked.get(one.engagement_id, ()), stands.get(one.engagement_id)
        if one.invoiced or not (entries or was or (one.month and one.month.available)):
            continue
        values = content_of(one, month, entries)
        digest = digest_of(values)
        if was and was.digest == digest:
            continue
        if was:
            replaced.append(was.id)
        made.append(values | {"number": was.number + 1 if was else 1, "digest": digest, "frozen_at": at})
    if replaced:
        gone = update(Statement).where(Statement.id.in_(replaced)).values(replaced_at=at)
        db.session.execute(gone, execution_options=WRITES)
    if made:
        db.session.execute(insert(Statement), made, execution_options=WRITES)


def content_of(one: Closing, month: date, entries: Sequence[Worked]) -> dict[str, Any]:
    """The figures of F5 and the lines, as they are frozen."""
    minutes = sum(entry.minutes for entry in entries if entry.counts)
    of_retainer: dict[str, Any] = dict.fromkeys(OF_A_RETAINER)
    if one.price_kind is PriceKind.RETAINER and one.month:
        it = one.month
        of_retainer = {
            "granted": it.grant, "rolled_in": it.rolled_in, "available": it.available, "overage": it.overage,
            "billed": one.billed, "absorbed": one.absorbed, "rolled_out": it.rolled_out, "lapsed": it.lapsed,
        }  # fmt: skip
    return {
        "engagement_id": one.engagement_id, "client_id": one.client_id, "month": month, "price_kind": one.price_kind,
        "minutes": minutes, "used": in_days(minutes), "lines": lines_of(entries), **of_retainer,
    }  # fmt: skip


def write_figures(month: date, people: Sequence[Utilised], absorbed: Decimal, at: datetime) -> None:
    """F2 as it stood at the lock: of each person, and of all with what was absorbed."""
    rows = [
        {"person_id": one.person_id, "net": one.net, "minutes": one.minutes, "target": one.target, "absorbed": None}
        for one in people
    ]
    net, minutes = sum((one.net for one in people), NONE), sum(one.minutes for one in people)
    rows.insert(0, {"person_id": None, "net": net, "minutes": minutes, "target": None, "absorbed": absorbed})
    db.session.execute(
        insert(MonthFigure),
        [{"month": month, "written_at": at, **row} for row in rows],
        execution_options=WRITES | {"render_nulls": True},
    )


def write_healths(month: date, engagements: Sequence[HealthAt], at: datetime) -> None:
    """F10 as it stood at the lock, of each engagement whose month was still open, in one statement."""
    rows = [{"month": month, "written_at": at, **asdict(one)} for one in engagements]
    if rows:
        db.session.execute(insert(HealthFigure), rows, execution_options=WRITES)


def reopen_month(period: Period, *, viewer: Viewer, press: Press, reason: str) -> Period:
    """Open for the engagements that are not invoiced yet; the others stay as they are. Statements stand until the next
    lock follows them with newer ones."""
    with act(viewer, "period.reopen", period, press=press, reason=reason):
        period.reopen()
    return period


def decide_overage(
    engagement: Engagement, one: Closing, month: date, *, choice: Settled, agreed_by_id: int | None, agreed_on: date | None,
    reason: str, viewer: Viewer, press: Press,
) -> OverageDecision:  # fmt: skip
    """Bill it, with the sponsor's yes where one is needed, or absorb it."""
    decision = one.decision or OverageDecision(
        engagement_id=engagement.id, client_id=engagement.client_id, month=month, version=1
    )
    with act(viewer, "overage.decide", decision, press=press, reason=reason):
        held = select(Engagement.id).where(Engagement.id == engagement.id).with_for_update(key_share=True)
        db.session.execute(held)
        if one.decision is None and (press.seen != decision.version or decision_of(engagement.id, month)):
            raise Stale(decision)  # somebody else decided a moment ago
        period = held_period(month)
        if one.invoiced or (period and period.state is PeriodState.LOCKED):
            raise Refused(f"{month:%B %Y} is locked: its statements stand. Open it first.")
        if one.overage <= 0:
            raise Refused("There is no overage in this month any more.")
        decision.settle(choice, agreed=one.agreed, contact_id=agreed_by_id, on=agreed_on, reason=reason, today=today())
        decision.decided_by_id, decision.decided_at = viewer.person_id or 0, now()
        db.session.add(decision)
    return decision


def remind_people(month: date, lacking: Sequence[Lacking], *, viewer: Viewer, press: Press) -> int:
    """One notice to each whose month is not complete, once a day at most."""
    on = today()
    done = reminded(month, on)
    rows = [
        TimeReminder(
            person_id=one.person_id, month=month, sent_on=on, missing=one.missing, noteless=one.noteless,
            by_id=viewer.person_id,
        )
        for one in lacking
        if one.person_id not in done
    ]  # fmt: skip
    about = rows[0] if rows else TimeReminder(person_id=viewer.person_id, month=month)
    with act(viewer, "period.remind", about, press=press):
        if not rows:
            raise Refused(
                "Everybody whose month is not complete was reminded today." if lacking else "Nobody needs it."
            )
        keep_hold_of(*(one.person_id for one in rows))
        if reminded(month, on) != done:
            raise Refused("Somebody else reminded them a moment ago.")
        db.session.add_all(rows)
        db.session.flush()
        for row in rows:
            announce(row)
    return len(rows)


def mark_invoiced(engagement_id: int, month: date, invoice_number: str, viewer: Viewer) -> EngagementMonth:
    """Part of issuing the invoice of a month's statement, inside its `act`: from now on the month stays as it is for this
    engagement, also where the practice opens it again (invariants 10 and 19)."""
    engagement = db.session.get(Engagement, engagement_id)
    if engagement is None:
        raise Refused("That engagement is not there.")
    row = engagement_month(engagement_id, month)
    row = row or EngagementMonth(engagement_id=engagement_id, client_id=engagement.client_id, month=month)
    with act(viewer, "engagement_month.invoice", row, reason=invoice_number):
        period = held_period(month)
        if period is None or period.state is not PeriodState.LOCKED:
            raise Refused(f"{month:%B %Y} is not locked yet: its statement may still change.")
        statement = statement_of(engagement_id, month)
        if statement is None:
            raise Refused(f"{engagement.code} has no statement for {month:%B %Y}.")
        row.invoice(invoice_number, now())
        db.session.add(row)
        if statement.granted is not None:
            freeze_invoiced(engagement, month, invoice_number)
    return row


def freeze_invoiced(engagement: Engagement, month: date, invoice_number: str) -> None:
    """Invariant 19: a retainer's figures up to this month stand from now on. So does the time behind them: none of these
    months takes time again for this engagement, or what came to it would be in no figure. That holds also where the practice
    opens one again, and where nobody ever locked it because there was no time in it."""
    period = held_period(month)
    if period is None or period.state is not PeriodState.LOCKED:
        raise Refused(f"{month:%B %Y} is not locked yet: its days may still change.")
    _must_be_closed(engagement.id, month)
    freeze_month(engagement, month)
    frozen = (
        select(FrozenMonth.month, EngagementMonth)
        .outerjoin(
            EngagementMonth,
            and_(
                EngagementMonth.engagement_id == FrozenMonth.engagement_id, EngagementMonth.month == FrozenMonth.month
            ),
        )
        .where(FrozenMonth.engagement_id == engagement.id)
    )
    for begins, there in db.session.execute(frozen).all():
        if there is None or there.state is not MonthState.INVOICED:
            row = there or EngagementMonth(engagement_id=engagement.id, client_id=engagement.client_id, month=begins)
            row.invoice(invoice_number, now())
            db.session.add(row)


def _must_be_closed(engagement_id: int, month: date) -> None:
    """The days of a month rest on those of every month before it: what was worked there is locked, or frozen already."""
    locked = exists().where(Period.state == PeriodState.LOCKED, in_month(TimeEntry.worked_on, Period.month))
    frozen = exists().where(
        FrozenMonth.engagement_id == engagement_id, in_month(TimeEntry.worked_on, FrozenMonth.month)
    )
    open_day = select(func.min(TimeEntry.worked_on)).where(
        TimeEntry.engagement_id == engagement_id, TimeEntry.voided_at.is_(None), TimeEntry.worked_on < month,
        ~locked.correlate(TimeEntry), ~frozen.correlate(TimeEntry),
    )  # fmt: skip
    if day := db.session.scalar(open_day):
        raise Refused(f"{day:%B %Y} is not locked yet, and what rolls over comes from it. Lock it first.")
