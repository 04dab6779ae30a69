"""What becomes of a promise: kept or late, broken openly, or dropped because whoever it was made to agreed."""

from datetime import date

from crm.access.act import act
from crm.areas.stakeholders.models import Commitment
from crm.areas.stakeholders.notices import announce
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Press
from crm.core.viewer import Viewer


def keep_promise(row: Commitment, on: date, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "commitment.keep", row, press=press):
        row.keep(on)
        row.touch(now(), viewer.person_id)


def break_promise(row: Commitment, why: str, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "commitment.break", row, press=press, reason=why):
        row.break_off(why)
        row.touch(now(), viewer.person_id)
        db.session.flush()
        announce(row)


def withdraw_promise(row: Commitment, agreed_on: date, words: str, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "commitment.withdraw", row, press=press, reason=words):
        row.withdraw(agreed_on, words)
        row.touch(now(), viewer.person_id)
        db.session.flush()
        announce(row)
