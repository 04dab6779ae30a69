"""Bringing a file, saying what its dates and names mean, taking all of it or putting it away."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from sqlalchemy import select

from crm.access.act import act
from crm.access.policy import may
from crm.core import clock
from crm.core.db import db, transaction, writing
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Press
from crm.core.tables import CHUNK, Unreadable, digest_of, name_of
from crm.core.viewer import Viewer
from crm.core.words import hours, plural
from crm.engagements.models import Engagement
from crm.timelog.imports import checking, staging
from crm.timelog.imports.files import Layout, Survey, layout_of, readings_of, survey
from crm.timelog.imports.models import (
    BatchState,
    DayOrder,
    ImportBatch,
    ImportName,
    ImportPart,
    ImportRow,
    MappedKind,
    Meaning,
    NotesFor,
    Source,
)
from crm.timelog.imports.names import Meanings, remembered
from crm.timelog.models import REASON
from crm.timelog.queries import keep_hold_of

Tick = Callable[[int], None]


class StillOpen(Refused):
    """Names of which nobody has said yet what they mean."""

    def __init__(self, names: Sequence[ImportName]) -> None:
        super().__init__("Say what every name means, or write skip to leave its rows out.", "names")
        self.names = names


def quiet(_: int) -> None:
    """Nobody watches how far it got."""


@contextmanager
def _step(verb: str, batch: ImportBatch, viewer: Viewer, press: Press | None) -> Iterator[None]:
    """A step on the way. A command, which nobody pressed, leaves its line when it takes: a dry run leaves none."""
    if press is not None:
        with act(viewer, verb, batch, press=press):
            yield
        return
    if not may(viewer, verb, batch):
        raise NotPermitted(verb)
    with transaction():
        yield


def look_into(file: BinaryIO, source: Source | None) -> tuple[Layout, Survey]:
    """What the file is, and what its dates say. Raises Refused where it cannot be read at all."""
    try:
        layout = layout_of(file, source)
        return layout, survey(file, layout)
    except Unreadable as error:
        raise Refused(str(error), "file") from None


def bring_file(
    file: BinaryIO, file_name: str, layout: Layout, found: Survey, *, order: DayOrder | None, viewer: Viewer, press: Press | None,
    tick: Tick = quiet,
) -> ImportBatch:  # fmt: skip
    """Write what the file says into the staging table; ask first where day and month could be either."""
    order = found.evidence.order or order
    batch = ImportBatch(
        person_id=viewer.person_id, file_name=name_of(file_name), digest=digest_of(file), source=layout.source,
        encoding=layout.encoding, delimiter=layout.delimiter, header_line=layout.header_line, day_order=order, example=found.evidence.example,
        rows=found.rows, made_at=clock.now(), state=BatchState.READING if order else BatchState.ASKING,
    )  # fmt: skip
    with writing(), _step("import.bring", batch, viewer, press):
        db.session.add(batch)
    if order is None:
        staging.keep(batch, file)
    else:
        _stage(batch, file, layout, tick)
    return batch


def order_days(batch: ImportBatch, order: DayOrder, *, viewer: Viewer, press: Press) -> ImportBatch:
    """Say which comes first in a date like 03/04/2024; then the file that was put by is read."""
    with writing(), act(viewer, "import.order", batch, press=press):
        batch.be_read(order)
    with tempfile.SpooledTemporaryFile(CHUNK) as file:
        staging.kept(batch, file)  # type: ignore[arg-type]
        _stage(batch, file, layout_of(file, batch.source), quiet)  # type: ignore[arg-type]
    staging.forget(batch.id, ImportPart)
    return batch


def _stage(batch: ImportBatch, file: BinaryIO, layout: Layout, tick: Tick) -> None:
    try:
        staging.stage(batch, readings_of(file, layout, batch.day_order, clock.zone()), tick)
    except BaseException as error:  # whatever stopped it, an interrupt too: no half of a file waits to be taken
        db.session.rollback()
        with transaction():
            batch.drop()
        staging.forget(batch.id)
        if isinstance(error, Unreadable):
            raise Refused(str(error), "file") from None
        raise
    with transaction():
        batch.be_named()


def names_of(batch: ImportBatch) -> Sequence[ImportName]:
    """People first, then projects, then tasks; the most frequent on top."""
    kinds = list(MappedKind)
    found = db.session.scalars(select(ImportName).where(ImportName.batch_id == batch.id)).all()
    return sorted(found, key=lambda name: (kinds.index(name.kind), -name.rows, name.name))


def suggest(batch: ImportBatch, meanings: Meanings, *, viewer: Viewer, likely: bool) -> dict[int, str]:
    """What every name means as far as it is known: what was said of it, now or before, else what it says itself."""
    names = names_of(batch)
    before = remembered(viewer, names)
    found = {}
    for name in names:
        kept = before.get((name.kind, name.name))
        text = name.target or (kept.target if kept and _is_known(meanings, name.kind, kept.target) else "")
        found[name.id] = text or meanings.guess(name.kind, name.name, name.code, likely=likely)
    return found


def _is_known(meanings: Meanings, kind: MappedKind, target: str) -> bool:
    try:
        meanings.of(kind, target)
    except ValueError:
        return False
    return True


def name_names(
    batch: ImportBatch, said: Mapping[int, str], meanings: Meanings, *, notes_for: NotesFor, reason: str, viewer: Viewer,
    press: Press | None, remember: bool = True,
) -> ImportBatch:  # fmt: skip
    """Say what the names mean, remember it, and work out what would happen: the dry run. Nothing is imported yet."""
    if reason and len(reason) < REASON:
        raise Refused(f"Say why in {REASON} characters or more, or leave it empty; a partner reads it.", "reason")
    with _step("import.name", batch, viewer, press):
        batch.be_checked(clock.now(), notes_for=notes_for, reason=reason)
        names = names_of(batch)
        meant = {name.id: _meant(meanings, name, said) for name in names}
        missing = _still_open(batch, names, meant)
        if missing:
            raise StillOpen(missing)
        staging.write_meanings(meant)
        if remember:
            _remember(names, meant, viewer)
        db.session.flush()
        checking.check(batch)
    return batch


def _meant(meanings: Meanings, name: ImportName, said: Mapping[int, str]) -> Meaning:
    text = said.get(name.id, "")
    return meanings.of(name.kind, text) if text else Meaning()


def _still_open(batch: ImportBatch, names: Sequence[ImportName], meant: Mapping[int, Meaning]) -> Sequence[ImportName]:
    """Names without a meaning that count: a row of which something is left out needs no more, and practice time has no
    area."""
    together = select(ImportRow.person_name_id, ImportRow.project_name_id, ImportRow.task_name_id).where(
        ImportRow.batch_id == batch.id
    )
    needed: set[int] = set()
    for ids in db.session.execute(together.distinct()):
        who, what, task = (one or 0 for one in ids)
        if not meant[what].left_out:
            needed.add(who)
        if not meant[who].left_out:
            needed.add(what)
            if meant[what].engagement_id or not meant[what].target:
                needed.add(task)
    return [name for name in names if name.id in needed and not meant[name.id].target]


def _remember(names: Sequence[ImportName], meant: Mapping[int, Meaning], viewer: Viewer) -> None:
    """What was said of a name stands in the form the next time it comes."""
    before, new = remembered(viewer, names), []
    for name in names:
        target = meant[name.id].target
        kept = before.get((name.kind, name.name))
        if kept and target and kept.target != target:
            kept.target, kept.said_at = target, clock.now()
        elif target and kept is None:
            new.append(
                {
                    "person_id": viewer.person_id,
                    "kind": name.kind,
                    "name": name.name,
                    "target": target,
                    "said_at": clock.now(),
                }
            )
    staging.keep_names(new)


def take_import(batch: ImportBatch, *, viewer: Viewer, press: Press | None) -> ImportBatch:
    """All or nothing. What has changed since the dry run is looked at again first, while nobody else logs or locks."""
    said = f"{batch.file_name}: {plural(batch.new, 'entry', 'entries')}, {hours(batch.minutes)}."
    with act(viewer, "import.take", batch, press=press, reason=said):
        keep_hold_of(*checking.people_in(batch))
        promised = (batch.new, batch.bad)
        checking.check(batch)
        if batch.bad and not promised[1]:
            raise Refused(
                "Nothing was imported: since the dry run something changed, and not every row can be taken any more. Work it "
                "out again to see which."
            )
        batch.take(clock.now())
        _within_reach(batch)
        checking.take_rows(batch)
    staging.forget(batch.id)
    return batch


def _within_reach(batch: ImportBatch) -> None:
    """The rows go past the session's guard, so it is asked here whether the viewer still sees every engagement."""
    wanted = checking.engagements_in(batch)
    seen = set(db.session.scalars(select(Engagement.id).where(Engagement.id.in_(wanted))))
    if wanted - seen:
        raise Refused("Nothing was imported: you no longer see one of the engagements. Say anew what the names mean.")


def drop_import(batch: ImportBatch, *, viewer: Viewer, press: Press | None) -> ImportBatch:
    """Put it away: its rows are forgotten, the line in the history stays."""
    with act(viewer, "import.drop", batch, press=press):
        batch.drop()
    staging.forget(batch.id)
    return batch
