"""The long steps of an import: reading a file into the staging table, and judging every row of it.

A short file is worked through while whoever brought it waits; of a long one the worker does a piece at a time. Each piece
is committed with how far it got, under a lease: where a worker is killed, another goes on behind the last row that was
written, and whoever puts the import away stops it at the next one.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import DBAPIError

from crm.core import clock
from crm.core.db import db, reading, transaction
from crm.core.log import log
from crm.core.tables import CHUNK, Unreadable, digest_of
from crm.timelog.imports import checking, staging
from crm.timelog.imports.files import Layout, Reading, layout_of, readings_of
from crm.timelog.imports.models import AT_WORK, BatchState, ImportBatch, ImportPart

SHORT = 5_000  # rows that are read and judged while one waits
LEASE = timedelta(seconds=90)  # longer than the slowest statement
UPLOAD = timedelta(minutes=15)  # until a file is put by
PIECE = 10.0  # seconds of the worker, whose mails wait meanwhile
TRIES = 5  # that came to nothing
NAMED = checking.STAGE

CUT_OFF = "The file did not arrive whole: the upload was interrupted. Bring it again."
GIVEN_UP = "Reading was begun several times and never got on. Bring the file again, and tell whoever keeps this server."


class LostHold(Exception):
    """Somebody else has this import now, or it was put away."""


class Paused(Exception):
    """Enough for now: others wait too."""


@dataclass
class Hold:
    """One import that one worker or request is at, and how far it got."""

    batch_id: int
    step: BatchState
    done: int = 0
    mark: str = ""
    until: float = float("inf")

    def advance(self, rows: int) -> None:
        """Say how far it got, inside the transaction of the rows. Raises LostHold."""
        self.done += rows
        self._say(done=self.done, tries=0, lease_until=clock.now() + LEASE)

    def let_go(self) -> None:
        with transaction():
            self._say(lease_by="", lease_until=None)

    def _say(self, **values: object) -> None:
        mine = and_(ImportBatch.id == self.batch_id, ImportBatch.state == self.step, ImportBatch.lease_by == self.mark)
        said = db.session.execute(update(ImportBatch).where(mine).values(values), execution_options=NAMED)
        if not said.rowcount:  # type: ignore[attr-defined]
            raise LostHold


def mark_of_ones_own() -> str:
    return f"{os.getpid()}:{uuid4().hex[:8]}"


def is_short(batch: ImportBatch) -> bool:
    return batch.rows <= SHORT


# While one waits


def read_now(batch: ImportBatch, file: BinaryIO, layout: Layout, tick: Callable[[int], None]) -> None:
    """Read the whole of an open file. Whatever stops it, an interrupt too: no half of it waits to be taken."""
    hold = Hold(batch.id, BatchState.READING, mark=batch.lease_by)

    def passed(rows: int) -> None:
        hold.advance(rows)
        tick(rows)

    try:
        staging.stage(batch.id, batch.person_id, readings_of(file, layout, batch.day_order, clock.zone()), passed)
    except BaseException as error:
        db.session.rollback()
        give_up(hold.batch_id, str(error) if isinstance(error, Unreadable) else "")
        raise
    _has_read(hold.batch_id)


# The worker


def work_on_some(mark: str, is_stopping: Callable[[], bool] = lambda: False) -> bool:
    """A piece of the import that waits longest. False when none waits."""
    hold = _claim(mark)
    if hold is None:
        return False
    hold.until = time.monotonic() + PIECE
    try:
        _go_on(hold, is_stopping)
    except LostHold:
        db.session.rollback()
    except Paused:
        db.session.rollback()
        with _unless_lost():
            hold.let_go()
    except Unreadable as error:
        db.session.rollback()
        give_up(hold.batch_id, str(error))
    except DBAPIError:  # busy or away: it is tried again when the lease is over
        db.session.rollback()
        raise
    except Exception as error:  # noqa: BLE001  whatever it is: tried again some times, then said
        db.session.rollback()
        log.warning("import waits", batch=hold.batch_id, error=type(error).__name__)
    return True


@contextmanager
def _unless_lost() -> Iterator[None]:
    try:
        yield
    except LostHold:
        db.session.rollback()


def _waits() -> ColumnElement[bool]:
    free = or_(ImportBatch.lease_until.is_(None), ImportBatch.lease_until < clock.now())
    return and_(ImportBatch.state.in_(AT_WORK), free)


def _claim(mark: str) -> Hold | None:
    """Looks first, so that an idle worker locks nothing."""
    with reading():
        found = db.session.scalar(select(ImportBatch.id).where(_waits()).limit(1))
        db.session.rollback()
    if found is None:
        return None
    with transaction():
        oldest = select(ImportBatch).where(_waits()).order_by(ImportBatch.id).limit(1)
        batch = db.session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if batch is None:
            return None
        if batch.tries < TRIES:
            held = update(ImportBatch).where(ImportBatch.id == batch.id)
            values = {"lease_by": mark, "lease_until": clock.now() + LEASE, "tries": batch.tries + 1}
            db.session.execute(held.values(values), execution_options=NAMED)
            return Hold(batch.id, batch.state, batch.done, mark)
        worn_out = batch.id
    give_up(worn_out, GIVEN_UP)
    return None


def _go_on(hold: Hold, is_stopping: Callable[[], bool]) -> None:
    batch = db.session.get(ImportBatch, hold.batch_id)
    if batch is None:
        raise LostHold
    if hold.step is BatchState.READING:
        _read_on(batch, hold, is_stopping)
    else:
        _judge(batch, hold)


def _read_on(batch: ImportBatch, hold: Hold, is_stopping: Callable[[], bool]) -> None:
    """From the first row that is not yet written."""

    def passed(rows: int) -> None:
        hold.advance(rows)

    with tempfile.SpooledTemporaryFile(CHUNK) as spooled:
        file: BinaryIO = spooled  # type: ignore[assignment]
        staging.kept(batch, file)
        if digest_of(file) != batch.digest:
            raise Unreadable(CUT_OFF)
        layout, order, whose = layout_of(file, batch.source), batch.day_order, batch.person_id
        readings = readings_of(file, layout, order, clock.zone(), after=hold.done)
        db.session.rollback()
        staging.stage(hold.batch_id, whose, _until(readings, hold, is_stopping), passed, anew=not hold.done)
    _has_read(hold.batch_id)
    staging.forget(hold.batch_id, ImportPart)


def _until(readings: Iterator[Reading], hold: Hold, is_stopping: Callable[[], bool]) -> Iterator[Reading]:
    """Pauses at the end of a part, when the time is up or the worker is to end."""
    for number, one in enumerate(readings):
        if number and number % staging.AT_ONCE == 0 and (time.monotonic() > hold.until or is_stopping()):
            raise Paused
        yield one


def _has_read(batch_id: int) -> None:
    with transaction():
        staging.count_names(batch_id)
        _batch(batch_id, BatchState.READING).be_named()


def _judge(batch: ImportBatch, hold: Hold) -> None:
    steps, rows = checking.steps_of(batch), batch.rows
    db.session.rollback()
    hold.done = 0
    for number, step in enumerate(steps, 1):
        with transaction():
            checking.judge(step)
            hold.advance(rows * number // (len(steps) + 1) - hold.done)
    with transaction():
        batch = _batch(hold.batch_id, BatchState.CHECKING)
        checking.sum_up(batch)
        batch.be_checked(clock.now())


def _batch(batch_id: int, step: BatchState) -> ImportBatch:
    """Held until the end of the transaction. Raises LostHold where it was put away meanwhile."""
    asked = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    batch = db.session.scalars(asked.execution_options(populate_existing=True)).one()
    if batch.state is not step:
        raise LostHold
    return batch


def give_up(batch_id: int, trouble: str) -> None:
    """It cannot be gone on with: put away, with the reason in the history."""
    with transaction():
        batch = db.session.scalars(select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()).one()
        if not batch.is_over:
            batch.drop(trouble)
    staging.forget(batch_id)
