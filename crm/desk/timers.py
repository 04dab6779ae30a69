"""A timer for those who want one: started from the line or for an engagement, stopped, and logged as the line it proposes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.core.clock import day_of, now, today, zone
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.web import answer
from crm.core.words import clock_hours, long_day
from crm.desk.typed import Shown, back, known, logged_by, own_works, shown
from crm.timelog.forms import TypedForm
from crm.timelog.grammar import read
from crm.timelog.pages import BACK
from crm.timelog.queries import Work
from crm.timelog.reading import Known
from crm.timelog.timer.forms import TimerForm
from crm.timelog.timer.models import Timer, TimerState
from crm.timelog.timer.operations import drop_timer, let_timer_go_on, log_timed, start_timer, stop_timer
from crm.timelog.timer.queries import own_timer
from crm.timelog.timing import FORGOTTEN, Rounding, proposed, ran

pages = Pages("timer", __name__, roles=DESK, url_prefix="/time/timer")


@dataclass(frozen=True)
class Clock:
    """One's timer as pages show it; none was ever started where `timer` is none."""

    timer: Timer | None
    at: datetime

    @property
    def is_running(self) -> bool:
        return self.timer is not None and self.timer.state is TimerState.RUNNING

    @property
    def is_stopped(self) -> bool:
        return self.timer is not None and self.timer.state is TimerState.STOPPED

    @property
    def ran(self) -> timedelta:
        timer = self.timer
        return ran(timer.begun_at, timer.ended_at or self.at) if timer and timer.begun_at else timedelta(0)

    @property
    def minutes(self) -> int:
        return int(self.ran.total_seconds()) // 60

    @property
    def is_forgotten(self) -> bool:
        return self.ran > FORGOTTEN

    @property
    def press(self) -> Form:
        """The key of its buttons."""
        return Form(formdata=None, version=str(self.timer.version if self.timer else 1))


def clock_of() -> Clock:
    return Clock(own_timer(g.viewer.person_id), now())


def clock() -> Clock | None:
    """For the pages that carry the line: one's timer, where one wants one."""
    return clock_of() if g.signed.account.with_timer else None


def proposal(timer: Timer, rounding: Rounding) -> str:
    """The line that logs what the timer ran: cut at midnight, rounded as the practice says. One that ran for more than
    twelve hours was forgotten: how long it really was is for its person to say."""
    assert timer.begun_at is not None  # noqa: S101  (it was stopped)
    ended = timer.ended_at or now()
    if ran(timer.begun_at, ended) > FORGOTTEN:
        return " ".join(filter(None, [_said(day_of(timer.begun_at)), timer.line]))
    parts = proposed(timer.begun_at, ended, zone(), rounding)
    return "; ".join(" ".join(filter(None, [clock_hours(minutes), _said(day), timer.line])) for day, minutes in parts)


def _said(day: date) -> str:
    return "" if day == today() else str(day)


def own_or_new() -> Timer:
    return own_timer(g.viewer.person_id) or Timer(person_id=g.viewer.person_id, line="")


@pages.get("")
def show() -> ResponseReturnValue:
    return page(own_works())


def page(
    works: Sequence[Work],
    *,
    start: TimerForm | None = None,
    typed: TypedForm | None = None,
    reading: Shown | None = None,
    trouble: str = "",
) -> str:
    """What it does now: the form that starts it, how long it has run, or the line that it proposes."""
    at, start = clock_of(), start or TimerForm(formdata=None)
    start.offer(works)
    if typed is None:
        waits = at.timer if at.is_stopped else None
        line = proposal(waits, Rounding(g.practice.timer_step, g.practice.timer_up)) if waits else ""
        line = request.args.get("line", line)  # what was chosen of what the line may mean
        typed, reading = TypedForm(formdata=None, data={"line": line}), shown(line, works)
    return render_template(
        "timelog/timer.html", clock=at, start=start, typed=typed, reading=reading, works=works, back=back(),
        form=typed if at.is_stopped else start, trouble=trouble,
        timed=at.is_stopped,
    )  # fmt: skip


@pages.post("")
def begin() -> ResponseReturnValue:
    """From the line as it stands, or for an engagement and an area; what it is for may be said later, too."""
    works, form = own_works(hold=True), TimerForm()
    form.offer(works)

    def deed(press: Press) -> Timer:
        _check(form.said, known(works))
        return start_timer(own_or_new(), form.said, viewer=g.viewer, press=press)

    return answer(form, deed, lambda _: page(works, start=form, trouble=form.trouble), leads_to=url_for(BACK[back()]))


def _check(line: str, about: Known) -> None:
    """A timer is for one entry, and finds out itself how long and when."""
    if not line:
        return
    found = read(line, about, timed=False)
    if found.opening or len(found.entries) != 1:
        raise Refused("A timer is for one entry: write one, without ; and without a form", "line")
    (entry,) = found.entries
    if entry.minutes is not None:
        raise Refused("The timer says how long it takes: leave the duration out", "line")
    if "day" not in entry.guessed:
        raise Refused("The timer runs from now on: leave the day out", "line")


@pages.post("/stop")
def stop() -> ResponseReturnValue:
    return pressed(stop_timer, leads_to=url_for(".show", back=back()))


@pages.post("/on")
def go_on() -> ResponseReturnValue:
    return pressed(let_timer_go_on, leads_to=url_for(BACK[back()]))


@pages.post("/drop")
def drop() -> ResponseReturnValue:
    return pressed(drop_timer, leads_to=url_for(BACK[back()]))


def pressed(deed: Callable[..., Timer], *, leads_to: str) -> ResponseReturnValue:
    """One button of one's own timer."""
    timer = own_or_new()
    return answer(
        Form(),
        lambda press: deed(timer, viewer=g.viewer, press=press),
        lambda form: page(own_works(), trouble=form.trouble),
        leads_to=leads_to,
    )


@pages.post("/line")
def log() -> ResponseReturnValue:
    """What the timer proposed, as its person put it: logged, and the timer is free again."""
    return logged_by(
        lambda form, works, read_as: page(works, typed=form, reading=read_as, trouble=form.trouble),
        lambda stints, press: log_timed(stints, own_or_new(), viewer=g.viewer, press=press),
    )


def since(moment: datetime) -> str:
    """Since when it runs, in words of the practice's zone."""
    local = moment.astimezone(zone())
    return f"{local:%H:%M}" if local.date() == today() else f"{long_day(local.date())}, {local:%H:%M}"


pages.add_app_template_filter(since)
