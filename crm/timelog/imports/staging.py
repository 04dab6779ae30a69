"""From the file to the staging table: rows by the thousand, each batch of them a short transaction of its own."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import delete, exists, func, insert, select, union_all, update
from sqlalchemy.exc import IntegrityError

from crm.core.calendar import month_of
from crm.core.db import Model, db, transaction
from crm.core.tables import CHUNK, Unreadable
from crm.people.models import Person
from crm.timelog.imports.files import Reading
from crm.timelog.imports.models import ImportBatch, ImportName, ImportPart, ImportRow, MappedKind, MappedName, Meaning
from crm.timelog.models import TimeEntry

NAMED = {"named": "imports.stage", "synchronize_session": False}
WHOLE = NAMED | {"render_nulls": True}  # rows keep one shape, or they go out one by one
AT_ONCE, NAMES, GONE = 2_000, 2_000, 20_000


class Names:
    """The names of one file: each written when it is met first."""

    def __init__(self, batch_id: int, person_id: int, *, anew: bool = True) -> None:
        self.whose = {"batch_id": batch_id, "person_id": person_id}
        self.ids: dict[tuple[MappedKind, str], int] = {}
        if not anew:
            before = select(ImportName.kind, ImportName.name, ImportName.id).where(ImportName.batch_id == batch_id)
            found = db.session.execute(before, execution_options=NAMED)
            self.ids.update(((kind, name), key) for kind, name, key in found)

    def meet(self, readings: Iterable[Reading]) -> None:
        new = {}
        for reading in readings:
            for key in keys_of(reading):
                if key not in self.ids and key not in new:
                    new[key] = ImportName(kind=key[0], name=key[1], code=reading.code, **self.whose)
        if len(self.ids) + len(new) > NAMES:
            raise Unreadable(
                f"The file has more than {NAMES:,} different names of people, projects and tasks. Is every column what its "
                "heading says? Else bring it in parts."
            )
        db.session.add_all(new.values())
        db.session.flush()
        self.ids.update((key, name.id) for key, name in new.items())


def keys_of(reading: Reading) -> tuple[tuple[MappedKind, str], ...]:
    """Whose, for what, and which task: the three names of a row."""
    return (
        (MappedKind.PERSON, f"{reading.person}\t{reading.mail}"),
        (MappedKind.PROJECT, f"{reading.client}\t{reading.project}"),
        (MappedKind.TASK, reading.task),
    )


def write_meanings(meant: Mapping[int, Meaning]) -> None:
    """What the names mean, beside each of them: one statement, whatever their number."""
    said = [{"id": key, **asdict(meaning)} for key, meaning in meant.items()]
    if said:
        db.session.execute(update(ImportName), said, execution_options={"named": "imports.stage"})


def keep_names(new: Sequence[Mapping[str, Any]]) -> None:
    """Remember these from now on, in one statement."""
    if new:
        db.session.execute(insert(MappedName), new, execution_options=WHOLE)


def stage(
    batch_id: int, person_id: int, readings: Iterable[Reading], passed: Callable[[int], None], *, anew: bool = True
) -> None:
    """Write every row that is read, the unreadable ones too. `passed` is told of each part inside its transaction, and
    stops all by raising. Call it outside a transaction."""
    names, waiting = Names(batch_id, person_id, anew=anew), iter(readings)
    while part := list(islice(waiting, AT_ONCE)):
        with transaction():
            _write(names, part)
            passed(len(part))


def count_names(batch_id: int) -> None:
    """How often each name stands in the file: two statements, whoever wrote the rows. Inside a transaction."""
    columns = (ImportRow.person_name_id, ImportRow.project_name_id, ImportRow.task_name_id)
    each = (select(name, func.count()).where(ImportRow.batch_id == batch_id).group_by(name) for name in columns)
    found = db.session.execute(union_all(*each), execution_options=NAMED)
    counted = [{"id": key, "rows": number} for key, number in found]
    if counted:
        db.session.execute(update(ImportName), counted, execution_options={"named": "imports.stage"})


def _write(names: Names, readings: Sequence[Reading]) -> None:
    names.meet(readings)
    db.session.execute(insert(ImportRow), [_row(names, one) for one in readings], execution_options=WHOLE)


def _row(names: Names, reading: Reading) -> dict[str, Any]:
    person, project, task = (names.ids[key] for key in keys_of(reading))
    day = reading.when.day if reading.when else None
    return names.whose | {
        "line": reading.line, "person_name_id": person, "project_name_id": project, "task_name_id": task,
        "note": reading.note, "date_text": reading.date_text, "time_text": reading.time_text, "worked_on": day,
        "month": month_of(day) if day else None, "minutes": reading.minutes, "billable": reading.billable,
        "digest": digest_of(reading), "problem": reading.problem[:500],
    }  # fmt: skip


def digest_of(reading: Reading) -> str:
    """What makes a row what it is, whichever report of the other tool it came by. The person is added by their id here,
    for one report writes their name and another their mail address."""
    when = reading.when
    said = (
        when and when.day.isoformat(), when and when.clock and when.clock.isoformat(), reading.minutes,
        reading.client, reading.project, reading.task, reading.note,
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()[:40]


def keep(batch: ImportBatch, file: BinaryIO) -> None:
    """Put the file by until somebody says how its dates are meant."""
    file.seek(0)
    number = 0
    while piece := file.read(CHUNK):
        with transaction():
            db.session.add(
                ImportPart(batch_id=batch.id, person_id=batch.person_id, number=number, body=zlib.compress(piece))
            )
        number += 1


def kept(batch: ImportBatch, out: BinaryIO) -> None:
    """The file that was put by."""
    numbers = db.session.scalars(select(ImportPart.number).where(ImportPart.batch_id == batch.id)).all()
    for number in sorted(numbers):
        piece = select(ImportPart.body).where(ImportPart.batch_id == batch.id, ImportPart.number == number)
        out.write(zlib.decompress(db.session.scalars(piece).one()))


def forget(batch_id: int, *tables: type[Model]) -> None:
    """The import stands in the history; its rows and names are needed no more. The rows of a long file go by parts."""
    made = [] if tables else _placeholders_in(batch_id)
    for table in tables or (ImportPart, ImportRow, ImportName):
        ours = select(table.id).where(table.batch_id == batch_id).limit(GONE)  # type: ignore[attr-defined]
        gone = GONE
        while gone == GONE:
            with transaction():
                left = db.session.execute(delete(table).where(table.id.in_(ours)), execution_options=NAMED)  # type: ignore[attr-defined]
                gone = left.rowcount  # type: ignore[attr-defined]
    if made:
        _forget_unused(made)


def _placeholders_in(batch_id: int) -> Sequence[int]:
    asked = select(Person.id).join(ImportName, ImportName.by_id == Person.id).distinct()
    return db.session.scalars(
        asked.where(ImportName.batch_id == batch_id, Person.is_placeholder), execution_options=NAMED
    ).all()


def _forget_unused(placeholders: Sequence[int]) -> None:
    """Those for whom no time came, because the import was put away. Whatever else names one keeps it."""
    worked, named = (exists().where(by == Person.id) for by in (TimeEntry.person_id, ImportName.by_id))
    unused = delete(Person).where(Person.id.in_(placeholders), Person.stands_for_id.is_(None), ~worked, ~named)
    with suppress(IntegrityError), transaction():
        db.session.execute(unused, execution_options=NAMED)
