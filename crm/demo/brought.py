"""Time of the demo that came by a file: what one consultant wrote down elsewhere, imported by a partner."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import String, cast, literal, select, update

from crm.core.calendar import month_of
from crm.core.db import db
from crm.core.words import hours, plural
from crm.demo.scene import Scene
from crm.timelog.imports.checking import TAKE
from crm.timelog.imports.models import BatchState, DayOrder, ImportBatch, NotesFor, Source
from crm.timelog.models import TimeEntry

WHOSE, BY = "ingrid", "helen"
AGO = 30  # days that the file reaches back


def bring_a_file(scene: Scene) -> None:
    """Entries that stand there already, as if they had come so; the file itself is nowhere kept."""
    entries = _entries(scene)
    if not entries:
        return
    almanac, by = scene.almanac, scene.people[BY]
    at = almanac.at(almanac.ago(6), 9, 12)  # the evening of that day it was approved
    name = f"harvest_time_report_to_{entries[-1].worked_on:%Y-%m-%d}.csv"
    batch = ImportBatch(
        person_id=by.id, file_name=name, digest=hashlib.sha256(name.encode()).hexdigest(), source=Source.HARVEST, day_order=DayOrder.ISO,
        notes_for=NotesFor.CLIENT, state=BatchState.TAKEN, rows=len(entries) + 1, new=len(entries), empty=1,
        minutes=sum(one.minutes for one in entries), made_at=at, checked_at=at + timedelta(minutes=3), taken_at=at + timedelta(minutes=4),
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    came = {
        "import_batch_id": batch.id, "logged_at": batch.taken_at,
        "import_key": literal(batch.digest[:40] + "-") + cast(TimeEntry.id, String),
    }  # fmt: skip
    theirs = TimeEntry.id.in_([one.id for one in entries])
    # one statement, past the rows at hand: they came so, nobody changed them
    db.session.execute(update(TimeEntry).where(theirs).values(came), execution_options=TAKE)
    said = f"{plural(batch.new, 'entry', 'entries')}, {hours(batch.minutes)}, from {name}."
    scene.tell(at + timedelta(minutes=4), "import.take", batch, by, after=batch.state, reason=said)


def _entries(scene: Scene) -> Sequence[TimeEntry]:
    """Of the open month, where enough of it has passed, so that the import can be undone; else of the days before it."""
    almanac, whose = scene.almanac, scene.people[WHOSE]
    asked = (
        select(TimeEntry)
        .where(TimeEntry.person_id == whose.id, TimeEntry.engagement_id.is_not(None), TimeEntry.adjusts_id.is_(None),
               TimeEntry.outside.is_(False), TimeEntry.worked_on <= almanac.ago(7))
        .order_by(TimeEntry.worked_on, TimeEntry.id)
    )  # fmt: skip
    this_month = TimeEntry.worked_on >= month_of(almanac.today)
    found = db.session.scalars(asked.where(this_month)).all()
    return found or db.session.scalars(asked.where(TimeEntry.worked_on >= almanac.ago(AGO))).all()
