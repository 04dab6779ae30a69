"""What is asked when a month is closed: its engagements with F5, their entries, what lacks, the statements that stand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from crm.clients.models import Client
from crm.closing.content import NONE, Worked
from crm.closing.models import HealthFigure, MonthFigure, OverageDecision, Settled, Statement, TimeReminder, settled_by
from crm.core.calendar import month_end
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.engagements.models import Engagement, Terms
from crm.engagements.states import Overage, PriceKind
from crm.people.models import Period, Person
from crm.practice.models import Practice
from crm.retainers.formulas import RetainerMonth
from crm.retainers.queries import COUNTED, books_of
from crm.timelog.approval.queries import in_month, is_approved, is_asked, with_checks
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry, TimeKind

TOLD = frozenset({TimeKind.BILLABLE, TimeKind.GOODWILL})  # work that the client should read a word of


@dataclass(frozen=True)
class Closing:
    """One engagement in the month that is closed."""

    engagement_id: int
    client_id: int
    code: str
    title: str
    client: str
    price_kind: PriceKind
    agreed: Overage
    month: RetainerMonth | None  # of a retainer
    decision: OverageDecision | None
    invoiced: bool = False

    @property
    def overage(self) -> Decimal:
        return self.month.overage if self.month else NONE

    @property
    def lapsed(self) -> Decimal:
        return self.month.lapsed if self.month else NONE

    @property
    def settled(self) -> Settled:
        return settled_by(self.agreed, self.decision)

    @property
    def billed(self) -> Decimal:
        return self.overage if self.settled is Settled.BILL else NONE

    @property
    def absorbed(self) -> Decimal:
        return self.overage - self.billed

    @property
    def waits(self) -> bool:
        """Overage that nobody asked the sponsor about yet."""
        return self.overage > 0 and self.agreed is Overage.ASK and self.decision is None and not self.invoiced


def closings_of(month: date, engagement_id: int | None = None) -> list[Closing]:
    """Every engagement that ran in a month or has time in it: five statements, however many they are."""
    with_time = select(TimeEntry.engagement_id).where(in_month(month))
    runs = and_(Engagement.state.in_(COUNTED), Engagement.starts <= month_end(month), Engagement.ends >= month)
    asked: Any = (
        select(
            Engagement.id, Engagement.client_id, Engagement.number, Engagement.title, Client.name, Terms.price_kind,
            Terms.overage, OverageDecision, EngagementMonth.state,
        )
        .join(Client, Client.id == Engagement.client_id)
        .join(Terms, Terms.engagement_id == Engagement.id)
        .outerjoin(
            OverageDecision,
            and_(OverageDecision.engagement_id == Engagement.id, OverageDecision.month == month),
        )
        .outerjoin(
            EngagementMonth,
            and_(EngagementMonth.engagement_id == Engagement.id, EngagementMonth.month == month),
        )
        .where(or_(runs, Engagement.id.in_(with_time)))
        .options(joinedload(OverageDecision.agreed_by), joinedload(OverageDecision.decided_by))
        .order_by(Client.name, Engagement.number)
    )  # fmt: skip
    if engagement_id is not None:
        asked = asked.where(Engagement.id == engagement_id)
    rows = db.session.execute(asked).unique().all()
    books = books_of([row[0] for row in rows if row[5] is PriceKind.RETAINER], month)
    found = []
    for key, client_id, number, title, client, price_kind, overage, decision, state in rows:
        book = books.get(key)
        found.append(
            Closing(
                key, client_id, engagement_code(number), title, client, price_kind,
                book.agreed(month).overage if book else overage, book.month(month) if book else None, decision,
                invoiced=state is MonthState.INVOICED,
            )
        )  # fmt: skip
    return found


def worked_in(month: date) -> Mapping[int, Sequence[Worked]]:
    """The entries of a month as plain values, by engagement: one statement."""
    corrected = aliased(TimeEntry)
    asked: Any = (
        select(
            TimeEntry.id, TimeEntry.engagement_id, TimeEntry.worked_on, Person.name, TimeEntry.area, TimeEntry.minutes,
            TimeEntry.kind, TimeEntry.client_note, corrected.worked_on,
        )
        .join(Person, Person.id == TimeEntry.person_id)
        .outerjoin(corrected, corrected.id == TimeEntry.adjusts_id)
        .where(in_month(month))
    )  # fmt: skip
    found: dict[int, list[Worked]] = defaultdict(list)
    for row in db.session.execute(asked):
        found[row[1]].append(Worked(*row))
    return found


@dataclass(frozen=True)
class Lacks:
    """What lacks in the entries of a month."""

    outside: int = 0
    noteless: int = 0
    waiting: int = 0
    asked: int = 0


def no_note() -> Any:
    """Nothing for the client to read; of a correction they read what it corrects."""
    return and_(TimeEntry.client_note == "", TimeEntry.kind.in_(TOLD), TimeEntry.adjusts_id.is_(None))


def lacks_of(month: date) -> tuple[Lacks, dict[int, int]]:
    """All together, and how many entries without a note each person has: one statement."""

    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    asked: Select[Any] = (
        with_checks(
            select(
                TimeEntry.person_id, number(TimeEntry.outside), number(no_note()), number(~is_approved()),
                number(is_asked()),
            )
        )
        .where(in_month(month))
        .group_by(TimeEntry.person_id)
    )  # fmt: skip
    rows = [tuple(map(int, row)) for row in db.session.execute(asked)]
    together = [sum(row[n] for row in rows) for n in (1, 2, 3, 4)]
    outside, noteless, open_ones, asked_about = together
    return Lacks(outside, noteless, open_ones - asked_about, asked_about), {row[0]: row[2] for row in rows if row[2]}


WHICH: dict[str, Callable[[], Any]] = {
    "outside": lambda: TimeEntry.outside,
    "noteless": no_note,
    "waiting": lambda: ~is_approved(),
}


def rows_behind(month: date, which: str, at_most: int) -> Sequence[TimeEntry]:
    """The entries behind a figure of the checklist."""
    entry: Select[Any] = with_checks(select(TimeEntry)) if which == "waiting" else select(TimeEntry)
    asked = (
        entry.where(in_month(month), WHICH[which]())
        .options(
            joinedload(TimeEntry.person), joinedload(TimeEntry.note), joinedload(TimeEntry.adjusts),
            joinedload(TimeEntry.engagement).joinedload(Engagement.client),
        )
        .order_by(TimeEntry.worked_on, TimeEntry.id)
        .limit(at_most)
    )  # fmt: skip
    return db.session.scalars(asked).unique().all()


def period_with_reminders(month: date, on: date) -> tuple[Period | None, list[str]]:
    """A month's row, where it has one, and the names of those who were reminded of it on a day: one statement."""
    names = (
        select(func.aggregate_strings(Person.name, "\n"))
        .join(TimeReminder, TimeReminder.person_id == Person.id)
        .where(TimeReminder.month == month, TimeReminder.sent_on == on)
        .scalar_subquery()
    )
    asked: Any = select(Period, names).select_from(Practice).outerjoin(Period, Period.month == month)
    period, told = db.session.execute(asked).one()
    return period, sorted((told or "").splitlines())


def reminded(month: date, on: date) -> set[int]:
    """Who was reminded of a month on a day."""
    asked = select(TimeReminder.person_id).where(TimeReminder.month == month, TimeReminder.sent_on == on)
    return set(db.session.scalars(asked))


def statement_of(engagement_id: int, month: date) -> Statement | None:
    """The statement that stands for a month: the newest, once the month was locked."""
    stands = select(Statement).where(
        Statement.engagement_id == engagement_id, Statement.month == month, Statement.replaced_at.is_(None)
    )
    return db.session.scalars(stands).one_or_none()


def standing(month: date) -> dict[int, Any]:
    """Number, digest and engagement of the statements that stand for a month."""
    asked = select(Statement.id, Statement.engagement_id, Statement.number, Statement.digest).where(
        Statement.month == month, Statement.replaced_at.is_(None)
    )
    return {row.engagement_id: row for row in db.session.execute(asked)}


def statements(engagement_ids: Iterable[int] | None = None) -> Select[Statement]:
    """Those that stand, newest first, without their lines."""
    asked = (
        select(Statement)
        .where(Statement.replaced_at.is_(None))
        .order_by(Statement.month.desc(), Statement.engagement_id)
    )
    return asked if engagement_ids is None else asked.where(Statement.engagement_id.in_(list(engagement_ids)))


def one_statement(statement_id: int) -> Select[Statement]:
    with_client = joinedload(Statement.engagement).joinedload(Engagement.client)
    return select(Statement).where(Statement.id == statement_id).options(with_client)


def others_of(statement: Statement) -> Select[Statement]:
    """The statements of the same month that it replaced, or that replaced it."""
    return (
        select(Statement)
        .where(
            Statement.engagement_id == statement.engagement_id, Statement.month == statement.month,
            Statement.id != statement.id,
        )
        .order_by(Statement.number.desc())
    )  # fmt: skip


def figures_of(month: date) -> Sequence[MonthFigure]:
    """What was written at the last lock of a month, the whole practice first."""
    newest = select(func.max(MonthFigure.written_at)).where(MonthFigure.month == month).scalar_subquery()
    asked = select(MonthFigure).where(MonthFigure.month == month, MonthFigure.written_at == newest)
    return sorted(
        db.session.scalars(asked.options(joinedload(MonthFigure.person))),
        key=lambda one: (one.person_id is not None, one.person.name if one.person else ""),
    )


def healths_of(engagement_id: int, months: int) -> list[HealthFigure]:
    """F10 as it was written at the last lock of each of so many months, the oldest first."""
    later = aliased(HealthFigure)
    again = (
        select(later.id)
        .where(
            later.engagement_id == HealthFigure.engagement_id, later.month == HealthFigure.month,
            later.written_at > HealthFigure.written_at,
        )
        .exists()
    )  # fmt: skip
    asked = (
        select(HealthFigure)
        .where(HealthFigure.engagement_id == engagement_id, ~again)
        .order_by(HealthFigure.month.desc())
        .limit(months)
    )
    return list(reversed(db.session.scalars(asked).all()))


def held_period(month: date) -> Period | None:
    """The month's row, kept as it is until the end of this transaction."""
    return db.session.scalars(
        select(Period).where(Period.month == month).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def engagement_month(engagement_id: int, month: date) -> EngagementMonth | None:
    """How far a month of an engagement is on its way to an invoice; None as long as nothing was said of it."""
    asked = select(EngagementMonth).where(
        EngagementMonth.engagement_id == engagement_id, EngagementMonth.month == month
    )
    return db.session.scalars(asked).one_or_none()


def decision_of(engagement_id: int, month: date) -> int | None:
    """The number of a decision on a month's overage, where there is one."""
    asked = select(OverageDecision.id).where(
        OverageDecision.engagement_id == engagement_id, OverageDecision.month == month
    )
    return db.session.scalar(asked)
