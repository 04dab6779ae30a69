"""Starting a timer, stopping it, letting it go on, dropping its time, and logging what it proposes."""

from collections.abc import Sequence
from dataclasses import replace

from crm.access.act import act
from crm.core.clock import now
from crm.core.db import db, transaction
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.timelog.models import TimeEntry
from crm.timelog.operations import Stint, log_several
from crm.timelog.timer.models import Timer


def start_timer(timer: Timer, line: str, *, viewer: Viewer, press: Press) -> Timer:
    """The caller keeps hold of the person, so that two presses make one timer. It is started from pages that do not show
    it: whether it is free says the timer itself."""
    with act(viewer, "timer.start", timer, press=replace(press, seen=timer.version or 1)):
        timer.start(line, now())
        db.session.add(timer)
    return timer


def stop_timer(timer: Timer, *, viewer: Viewer, press: Press) -> Timer:
    with act(viewer, "timer.stop", timer, press=press):
        timer.stop(now())
    return timer


def let_timer_go_on(timer: Timer, *, viewer: Viewer, press: Press) -> Timer:
    with act(viewer, "timer.go_on", timer, press=press):
        timer.go_on()
    return timer


def drop_timer(timer: Timer, *, viewer: Viewer, press: Press) -> Timer:
    """Its time is not wanted; nothing is logged."""
    with act(viewer, "timer.drop", timer, press=press):
        timer.clear()
    return timer


def log_timed(stints: Sequence[Stint], timer: Timer, *, viewer: Viewer, press: Press) -> Sequence[TimeEntry]:
    """What a timer proposed, as its person put it; then the timer is free again."""
    with transaction():
        logged = log_several(stints, viewer=viewer, press=press)
        with act(viewer, "timer.log", timer):
            timer.hand_over()
    return logged
