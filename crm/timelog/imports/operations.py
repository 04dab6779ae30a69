"""Bringing a file, saying what its dates and names mean, taking all of it or putting it away."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.access.act import act
from crm.access.policy import may
from crm.core import clock
from crm.core.db import db, transaction, writing
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Press
from crm.core.inputs import FIRST_DAY
from crm.core.tables import CHUNK, Unreadable, digest_of, name_of
from crm.core.viewer import Viewer
from crm.core.words import hours, plural
from crm.engagements.models import Engagement
from crm.people.models import NOWHERE, Person, PersonKind
from crm.timelog.imports import checking, staging, working
from crm.timelog.imports.files import Layout, Survey, as_text, layout_of, survey
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
from crm.timelog.imports.names import PLACEHOLDER, Meanings, remembered, told
from crm.timelog.models import REASON
from crm.timelog.queries import keep_hold_of

Tick = Callable[[int], None]
TURNS = 3  # in which others may change what the rows are judged by


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


def opened(file: BinaryIO) -> BinaryIO:
    """The file as text, whichever kind it came as. Raises Refused."""
    try:
        return as_text(file)
    except Unreadable as error:
        raise Refused(str(error), "file") from None


def look_into(file: BinaryIO, source: Source | None) -> tuple[Layout, Survey]:
    """What the file is, and what its dates say. Raises Refused where it cannot be read at all."""
    try:
        layout = layout_of(file, source)
        return layout, survey(file, layout)
    except Unreadable as error:
        raise Refused(str(error), "file") from None


def bring_file(
    file: BinaryIO, file_name: str, layout: Layout, found: Survey, *, order: DayOrder | None, viewer: Viewer, press: Press | None,
    tick: Tick = quiet, waits: bool = False,
) -> ImportBatch:  # fmt: skip
    """Write what the file says into the staging table, where it is short or somebody `waits` for it; else put it by for
    the worker. Ask first where day and month could be either."""
    order = found.evidence.order or order
    batch = ImportBatch(
        person_id=viewer.person_id, file_name=name_of(file_name), digest=digest_of(file), source=layout.source,
        encoding=layout.encoding, delimiter=layout.delimiter, header_line=layout.header_line, day_order=order, example=found.evidence.example,
        rows=found.rows, made_at=clock.now(), state=BatchState.READING if order else BatchState.ASKING,
        lease_by=working.mark_of_ones_own(), lease_until=clock.now() + working.UPLOAD,
    )  # fmt: skip
    with writing(), _step("import.bring", batch, viewer, press):
        db.session.add(batch)
    if order is None:
        staging.keep(batch, file)
    elif waits or working.is_short(batch):
        _read_now(batch, file, layout, tick)
    else:
        staging.keep(batch, file)
        working.Hold(batch.id, BatchState.READING, mark=batch.lease_by).let_go()
    return batch


def order_days(batch: ImportBatch, order: DayOrder, *, viewer: Viewer, press: Press) -> ImportBatch:
    """Say which comes first in a date like 03/04/2024; then the file that was put by is read."""
    with writing(), act(viewer, "import.order", batch, press=press):
        batch.be_read(order)
        if working.is_short(batch):
            batch.lease_by, batch.lease_until = working.mark_of_ones_own(), clock.now() + working.LEASE
    if working.is_short(batch):
        with tempfile.SpooledTemporaryFile(CHUNK) as file:
            staging.kept(batch, file)  # type: ignore[arg-type]
            _read_now(batch, file, layout_of(file, batch.source), quiet)  # type: ignore[arg-type]
        staging.forget(batch.id, ImportPart)
    return batch


def _read_now(batch: ImportBatch, file: BinaryIO, layout: Layout, tick: Tick) -> None:
    try:
        working.read_now(batch, file, layout, tick)
    except Unreadable as error:
        raise Refused(str(error), "file") from None


def names_of(batch: ImportBatch) -> Sequence[ImportName]:
    """People first, then projects, then tasks; the most frequent on top."""
    kinds = list(MappedKind)
    found = db.session.scalars(select(ImportName).where(ImportName.batch_id == batch.id)).all()
    return sorted(found, key=lambda name: (kinds.index(name.kind), -name.rows, name.name))


def suggest(batch: ImportBatch, meanings: Meanings, *, viewer: Viewer, likely: bool) -> dict[int, str]:
    """What every name means as far as it is known: what was said of it, now or before, else what it says itself."""
    names = names_of(batch)
    before = told(viewer, names)
    found = {}
    for name in names:
        kept = before.get((name.kind, name.name))
        text = name.target or (_still_known(meanings, name.kind, kept) if kept else "")
        text = text or meanings.guess(name.kind, name.name, name.code, likely=likely)
        found[name.id] = PLACEHOLDER if meanings.is_its_placeholder(name, text) else text
    return found


def _still_known(meanings: Meanings, kind: MappedKind, target: str) -> str:
    """What was said before, as it is called now: a placeholder may stand for somebody since."""
    try:
        return meanings.of(kind, target).target
    except ValueError:
        return ""


def name_names(
    batch: ImportBatch, said: Mapping[int, str], meanings: Meanings, *, notes_for: NotesFor, reason: str, viewer: Viewer,
    press: Press | None, remember: bool = True, waits: bool = False,
) -> ImportBatch:  # fmt: skip
    """Say what the names mean, remember it, and work out what would happen: the dry run. Nothing is imported yet. The
    worker does so for a long file, unless somebody `waits` for it."""
    if reason and len(reason) < REASON:
        raise Refused(f"Say why in {REASON} characters or more, or leave it empty; a partner reads it.", "reason")
    with _step("import.name", batch, viewer, press):
        batch.be_checked_by(notes_for=notes_for, reason=reason)
        names = names_of(batch)
        meant = _with_placeholders(names, {name.id: _meant(meanings, name, said) for name in names})
        missing = _still_open(batch, names, meant)
        if missing:
            raise StillOpen(missing)
        staging.write_meanings(meant)
        if remember:
            _remember(names, meant, viewer)
        if waits or working.is_short(batch):
            batch.be_checked(clock.now())
            checking.check(batch)
    return batch


def _meant(meanings: Meanings, name: ImportName, said: Mapping[int, str]) -> Meaning:
    text = said.get(name.id, "")
    return meanings.of(name.kind, text) if text else Meaning()


def _with_placeholders(names: Sequence[ImportName], meant: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """Whoever is nobody of ours stands in the time as a placeholder: a name, without account and capacity, here on no
    day. The same name is the same placeholder, whichever file it comes by."""
    found = dict(meant)
    for name in names:
        if found[name.id].target == PLACEHOLDER:
            called = next(filter(None, name.parts), "Somebody")
            known = select(Person).where(Person.is_placeholder, Person.name == called).order_by(Person.id).limit(1)
            person = db.session.scalars(known).one_or_none()
            if person and person.stands_for_id:
                person = db.session.get(Person, person.stands_for_id)
            if person is None:
                person = Person(
                    name=called, email=f"{token_hex(8)}@{NOWHERE}", kind=PersonKind.CONSULTANT, is_placeholder=True, left_on=FIRST_DAY
                )  # fmt: skip
                db.session.add(person)
                db.session.flush()
            found[name.id] = Meaning(person.email, by_id=person.id)
    return found


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
    """All or nothing. Whether the dry run still holds is asked while nobody else logs or locks; where it does not, every
    row is judged again first, and what is bad now keeps all of them out."""
    for turn in range(TURNS):
        try:
            _take(batch, viewer, press)
        except _Moved:
            _judge_anew(batch, last=turn == TURNS - 1)
        else:
            break
    staging.forget(batch.id)
    return batch


class _Moved(Exception):
    """Since the dry run something changed that the rows are judged by."""


def _take(batch: ImportBatch, viewer: Viewer, press: Press | None) -> None:
    said = f"{plural(batch.new, 'entry', 'entries')}, {hours(batch.minutes)}, from {batch.file_name}."
    try:
        with writing(), act(viewer, "import.take", batch, press=press, reason=said):
            keep_hold_of(*checking.people_in(batch))
            batch.take(clock.now())
            if not checking.still_holds(batch):
                raise _Moved
            _within_reach(batch)
            db.session.flush()
            checking.take_rows(batch)
    except IntegrityError:  # a row of it came by another import
        raise _Moved from None


def _judge_anew(batch: ImportBatch, *, last: bool) -> None:
    if last:
        raise Refused("Nothing was imported: others change this time just now. Try again in a moment.")
    with writing():
        steps = checking.steps_of(batch)
    for step in steps:  # each a moment of its own: others go on logging
        with transaction():
            checking.judge(step)
    with transaction():
        checking.sum_up(batch)
    if batch.bad:
        raise Refused(
            "Nothing was imported: since the dry run something changed, and not every row can be taken any more. Work it "
            "out again to see which."
        )


def _within_reach(batch: ImportBatch) -> None:
    """The rows go past the session's guard, so it is asked here whether the viewer still sees every engagement."""
    wanted = checking.engagements_in(batch)
    seen = set(db.session.scalars(select(Engagement.id).where(Engagement.id.in_(wanted))))
    if wanted - seen:
        raise Refused("Nothing was imported: you no longer see one of the engagements. Say anew what the names mean.")
    theirs = Person.id.in_(checking.people_in(batch))
    tied = db.session.scalars(select(Person.name).where(theirs, Person.stands_for_id.is_not(None))).first()
    if tied:
        raise Refused(
            f"Nothing was imported: since the dry run somebody said who {tied} is. Say anew what the names mean."
        )


def drop_import(batch: ImportBatch, *, viewer: Viewer, press: Press | None) -> ImportBatch:
    """Put it away: its rows are forgotten, the line in the history stays."""
    with act(viewer, "import.drop", batch, press=press):
        batch.drop()
    staging.forget(batch.id)
    return batch
