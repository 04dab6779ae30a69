"""Today: what to do, what is waiting, and the line that logs time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import DESK, Pages
from crm.areas.stakeholders.models import Commitment
from crm.clients.followups import finish_follow_up, move_follow_up, own_follow_ups, reopen_follow_up
from crm.clients.forms import MoveForm
from crm.clients.models import FollowUp
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.ring import Dial, dial
from crm.core.twelve import Area
from crm.core.web import answer
from crm.core.words import in_words, listed, plural
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.desk.clients import the_client
from crm.desk.due import Due as Dated
from crm.desk.due import Kind, due_for
from crm.desk.lines import HINTS, Box, kept, ourselves, parties, show_reading
from crm.desk.log import Line, line, logged
from crm.desk.queries import own_deliverables, scopes_of, with_the_client
from crm.desk.week import Week, week_of
from crm.engagements.queries import standing
from crm.engagements.scopes import AreaScope
from crm.meetings.forms import LineForm
from crm.meetings.operations import Source, keep_line
from crm.meetings.reading import LineKind, Said, read_line
from crm.registers.models import RegisterEntry
from crm.retainers.queries import Balance, balances_of
from crm.timelog.forms import LogForm
from crm.timelog.queries import Work, work_of
from crm.workload.missing import days_without_time

pages = Pages("today", __name__, roles=DESK, url_prefix="/today")
AHEAD, REVIEWS_AHEAD, RUNS_OUT = timedelta(days=14), timedelta(days=3), timedelta(days=14)


@dataclass(frozen=True)
class Card:
    """One line for each engagement: how it stands, what is left of the month, what comes next."""

    work: Work
    dial: Dial
    balance: Balance
    next_day: date
    next_what: str


@dataclass(frozen=True)
class Due:
    """An area whose review is due, on an engagement that one leads or an area that one holds."""

    scope: AreaScope
    work: Work


@dataclass(frozen=True)
class Desk:
    """Everything on the page."""

    log: Line
    deliverables: Sequence[Deliverable]
    waiting: Sequence[Any]
    reviews: Sequence[Due]
    running_out: Sequence[Due]
    dated: Sequence[Dated]
    promise: Box
    follow_ups: Sequence[FollowUp]
    finished: FollowUp | None
    week: Week
    cards: Sequence[Card]
    today: date
    missing: Sequence[date]

    def press_of(self, follow_up: FollowUp) -> Form:
        return Form(formdata=None, version=str(follow_up.version))

    @property
    def later(self) -> list[tuple[str, date]]:
        """The days that a follow-up is most often put off to."""
        return [("Tomorrow", self.today + timedelta(1)), ("In a week", self.today + timedelta(7))]

    @property
    def late(self) -> int:
        return sum(one.due is not None and one.due < self.today for one in self.deliverables)

    @property
    def headline(self) -> str:
        """What matters today, in one sentence: the answer first."""
        overdue = sum(one.due < self.today for one in self.follow_ups)
        reviews = sum(bool(one.scope.review_due and one.scope.review_due <= self.today) for one in self.reviews)
        asked = sum(one.state is State.INTERNAL_REVIEW for one in self.deliverables)
        waits = sum(bool(one.answer_by and one.answer_by < self.today) for one in self.waiting)
        told = [
            f"{in_words(number).lower()} {one if number == 1 else many}"
            for number, one, many in (
                (self.late, "deliverable is late", "deliverables are late"),
                (reviews, "area wants a review", "areas want a review"),
                (asked, "text waits for your review", "texts wait for your review"),
                (self._late(Kind.ACTION), "action is overdue", "actions are overdue"),
                (self._late(Kind.PROMISE), "promise is overdue", "promises are overdue"),
                (self._late(Kind.DECISION), "question is past its day", "questions are past their day"),
                (self._late(Kind.RISK), "risk wants to be looked at again", "risks want to be looked at again"),
                (overdue, "follow-up is overdue", "follow-ups are overdue"),
                (waits, "client is past the answer date", "clients are past the answer date"),
            )
            if number
        ]
        if told:
            sentence = listed(told)
            return f"{sentence[0].upper()}{sentence[1:]}."
        return self._nothing()

    def _late(self, kind: Kind) -> int:
        return sum(one.kind is kind and one.is_late(self.today) for one in self.dated)

    def _nothing(self) -> str:
        """Nothing is late: what comes next."""
        if not self.cards:
            return "You are on no engagement yet. Time for the practice can be logged here."
        soon = [one for one in self.deliverables if one.due]
        if soon:
            return f"Nothing is late. {plural(len(soon), 'deliverable')} {'is' if len(soon) == 1 else 'are'} due in the next two weeks."
        return "Nothing is late, and nothing is due in the next two weeks."


def desk(form: LogForm | None, works: Sequence[Work] | None) -> Desk:
    """At most twelve statements, however much there is to do."""
    day, me = today(), g.viewer.person_id
    log = line(form, works, back="today")
    ids = [work.engagement_id for work in log.works]
    scopes = db.session.scalars(scopes_of(ids)).all() if ids else []
    mine = _mine(scopes, log.works, me)
    return Desk(
        log,
        db.session.scalars(own_deliverables(me, day + AHEAD)).unique().all(),
        db.session.execute(with_the_client(ids)).all() if ids else [],
        _due(mine, day),
        _running_out(mine, day),
        due_for(me, day),
        promise_box(),
        db.session.scalars(own_follow_ups(me, day + AHEAD)).unique().all(),
        _finished(me),
        week_of(me, day, log.works),
        _cards(log, scopes, day) if ids else [],
        day,
        [] if log.said else days_without_time(me),  # the page that answers a log says that, and asks no more
    )


def _mine(scopes: Sequence[AreaScope], works: Sequence[Work], me: int) -> list[Due]:
    """The areas in scope that one holds, and all of an engagement that one leads."""
    by_id = {work.engagement_id: work for work in works}
    found = [Due(scope, by_id[scope.engagement_id]) for scope in scopes if scope.is_in]
    return [one for one in found if one.scope.holder_person_id == me or one.work.is_led]


def _due(mine: Sequence[Due], day: date) -> list[Due]:
    """Areas to review now or soon, the oldest first; an override that has run out makes its area due."""
    due = [
        one
        for one in mine
        if one.scope.review_due is not None
        and (one.scope.review_due <= day + REVIEWS_AHEAD or one.scope.lapsed(day) is not None)
    ]
    return sorted(due, key=lambda one: (one.scope.review_due, one.work.name, one.scope.number))


def _running_out(mine: Sequence[Due], day: date) -> list[Due]:
    """Areas whose reason for a better colour than the evidence says ends in the next two weeks, the nearest first."""
    soon = [one for one in mine if one.scope.override and day <= one.scope.override.until <= day + RUNS_OUT]
    return sorted(soon, key=lambda one: (one.scope.override and one.scope.override.until, one.work.name))


def _cards(log: Line, scopes: Sequence[AreaScope], day: date) -> list[Card]:
    balances = log.said.balances if log.said else None
    if balances is None:
        balances = balances_of([work.engagement_id for work in log.works], day)
    found = []
    for work in log.works:
        own = [scope for scope in scopes if scope.engagement_id == work.engagement_id]
        dates = [(one.due, one.code) for one in log.deliverables if one.engagement_id == work.engagement_id and one.due]
        dates += [(one.review_due, f"review {one.area}") for one in own if one.is_in and one.review_due]
        dates.append((work.ends, "the engagement ends"))
        next_day, what = min((one for one in dates if one[0] >= day), default=(work.ends, "the engagement ends"))
        balance = balances.get(work.engagement_id, Balance(0))
        found.append(Card(work, dial(standing(own, day)), balance, next_day, what))
    return found


def _finished(me: int) -> FollowUp | None:
    """The follow-up that was just finished, so that it can be undone."""
    asked = request.args.get("done", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    found = db.session.get(FollowUp, int(asked))
    return found if found and found.person_id == me and found.done_at else None


@pages.get("")
def show() -> ResponseReturnValue:
    return page()


def page(form: LogForm | None = None, works: Sequence[Work] | None = None, *, trouble: str = "") -> str:
    found = desk(form, works)
    return render_template(
        "desk/today.html", desk=found, log=found.log, form=found.log.form, today=found.today, trouble=trouble
    )


@pages.post("")
def log() -> ResponseReturnValue:
    return logged(page, back="today")


@pages.post("/follow-ups/<id:follow_up_id>/done")
def finish(follow_up_id: int) -> ResponseReturnValue:
    follow_up, form = db.get_or_404(FollowUp, follow_up_id), Form(request.form)
    return answer(
        form,
        lambda press: finish_follow_up(follow_up, viewer=g.viewer, press=press),
        lambda form: page(trouble=form.trouble),
        leads_to=url_for("today.show", done=follow_up_id, _anchor="follow-ups"),
    )


@pages.post("/follow-ups/<id:follow_up_id>/due")
def move(follow_up_id: int) -> ResponseReturnValue:
    follow_up, form = db.get_or_404(FollowUp, follow_up_id), MoveForm()
    return answer(
        form,
        lambda press: move_follow_up(follow_up, form.due.data, viewer=g.viewer, press=press),
        lambda form: page(trouble=form.trouble or form.problems[0][1]),
        leads_to=url_for("today.show", _anchor="follow-ups"),
    )


@pages.post("/follow-ups/<id:follow_up_id>/open")
def reopen(follow_up_id: int) -> ResponseReturnValue:
    follow_up, form = db.get_or_404(FollowUp, follow_up_id), Form(request.form)
    return answer(
        form,
        lambda press: reopen_follow_up(follow_up, viewer=g.viewer, press=press),
        lambda form: page(trouble=form.trouble),
        leads_to=url_for("today.show", _anchor="follow-ups"),
    )


# A promise made in a corridor, in one line


def promise_box(form: LineForm | None = None) -> Box:
    """The box for a promise to anybody of the clients that one serves."""
    return Box(
        url_for("today.promise"), url_for("today.reading"), form or LineForm(formdata=None), LineKind.PROMISE, HINTS[LineKind.PROMISE],
        added=_promised(),
    )  # fmt: skip


def _promised() -> RegisterEntry | None:
    asked = request.args.get("promised", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    return db.session.scalars(select(Commitment).where(Commitment.id == int(asked))).unique().one_or_none()


def _read(text: str) -> Said:
    """Whom it was promised to says which client."""
    served = {work.client_id: work.client for work in work_of(g.viewer.person_id, today())}
    said = read_line(
        text, parties(served, names=served), today(), usual=LineKind.PROMISE, writer=ourselves(), area=Area.STK
    )
    if said.kind is not LineKind.PROMISE:
        raise ValueError(
            "Here a promise is written down: what, to whom and by when, like Wireless at the saw by Friday @gwen"
        )
    return said


@pages.get("/promises/reading")
def reading() -> ResponseReturnValue:
    return show_reading(request.args.get("line", ""), _read)


@pages.post("/promises")
def promise() -> ResponseReturnValue:
    def deed(said: Said, press: Press) -> RegisterEntry:
        client = the_client(said.who.client_id if said.who and said.who.client_id else 0)
        return keep_line(said, client, Source("client"), viewer=g.viewer, press=press)

    def shown(form: LineForm, said: Said | None) -> str:
        box = promise_box(form)
        box.said = said
        return render_template("meetings/line.html", client=None, lines=box, about="")

    return kept(_read, deed, shown, leads_to=lambda row: url_for("today.show", promised=row.id, _anchor="lines"))
