"""Permission, deed, notices, trail and commit: one `with`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm.access.once import Once, only_once
from crm.access.policy import may
from crm.access.weighty import WEIGHTY
from crm.audit.trail import Deed, record, record_each, state_of
from crm.core.db import db, transaction
from crm.core.errors import NotFresh, NotPermitted, Stale
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer


@contextmanager
def act(
    viewer: Viewer,
    verb: str,
    subject: Any,
    *,
    press: Press | None = None,
    reason: str = "",
    open_to: OpenTo | None = None,
) -> Iterator[None]:
    """May they, is it the first press, and is it what they saw? Then deed, notices and trail, committed together.

    Raises NotPermitted, NotFresh, DoneBefore, Stale or Refused; then nothing has changed.
    """
    allow(viewer, verb, subject)
    with transaction():
        once = only_once(viewer, press) if press else None
        if press and subject.id is not None and press.seen != getattr(subject, "version", press.seen):
            raise Stale(subject)
        before = state_of(subject) if subject.id is not None else None
        yield
        record(viewer, verb, subject, before=before, reason=reason, open_to=open_to)
        _answered(once, press, subject)


class Deeds:
    """What is done at one press: each thing is allowed as it is told, and one that is not undoes them all."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.told: list[Deed] = []

    def add(self, verb: str, subject: Any, reason: str = "") -> None:
        allow(self.viewer, verb, subject)
        self.told.append(Deed(verb, subject, reason))


@contextmanager
def act_on_each(viewer: Viewer, *, press: Press) -> Iterator[Deeds]:
    """As `act`, for several things at one press, each with its own line in the trail.

    How each of them was seen is for the caller to ask; `press` leads to an address that is known beforehand.
    """
    with transaction():
        only_once(viewer, press)
        deeds = Deeds(viewer)
        yield deeds
        record_each(viewer, deeds.told)
        db.session.flush()


def allow(viewer: Viewer, verb: str, subject: Any) -> None:
    """The lock itself, also of what is only read. Raises NotPermitted or NotFresh."""
    if not may(viewer, verb, subject):
        raise NotPermitted(verb)
    if verb in WEIGHTY and not viewer.fresh:
        raise NotFresh(verb)


def _answered(once: Once | None, press: Press | None, subject: Any) -> None:
    """Where the first press led, where that is known only once the thing has its number."""
    if once and press and not isinstance(press.leads_to, str):
        once.location = press.leads_to(subject)
    db.session.flush()
