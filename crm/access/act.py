"""Permission, deed, notices, trail and commit: one `with`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm.access.once import Once, only_once
from crm.access.policy import may
from crm.audit.trail import record, state_of
from crm.core.db import db, transaction
from crm.core.errors import NotPermitted, Stale
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

    Raises NotPermitted, DoneBefore, Stale or Refused; then nothing has changed.
    """
    if not may(viewer, verb, subject):
        raise NotPermitted(verb)
    with transaction():
        once = only_once(viewer, press) if press else None
        if press and subject.id is not None and press.seen != getattr(subject, "version", press.seen):
            raise Stale(subject)
        before = state_of(subject) if subject.id is not None else None
        yield
        record(viewer, verb, subject, before=before, reason=reason, open_to=open_to)
        _answered(once, press, subject)


def _answered(once: Once | None, press: Press | None, subject: Any) -> None:
    """Where the first press led, where that is known only once the thing has its number."""
    if once and press and not isinstance(press.leads_to, str):
        once.location = press.leads_to(subject)
    db.session.flush()
