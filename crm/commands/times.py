"""flask --app crm import-time FILE: real time from another tool."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from crm.core.viewer import Viewer
    from crm.timelog.imports.maps import Key
    from crm.timelog.imports.models import DayOrder, ImportBatch, ImportName
    from crm.timelog.imports.names import Meanings

SHOWN = 20  # bad rows on the screen; the file has all of them
SOURCES = ("auto", "harvest", "toggl", "clockify", "kimai", "solidtime", "generic")
ORDERS = ("auto", "day-first", "month-first")


@dataclass(frozen=True)
class Asked:
    """What was said on the command line, the file and the name aside."""

    source: str
    map_file: Path | None
    dry_run: bool
    dates: str
    notes: str
    reason: str


class Unmapped(click.ClickException):
    """Names that nobody has said the meaning of: status 2, and a file to fill in."""

    exit_code = 2


@click.command("import-time")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--source",
    type=click.Choice(SOURCES),
    default="auto",
    show_default=True,
    help="Which tool wrote the file. auto tells by its header.",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="What the names in the file mean here: a CSV that this command writes for you when names are missing.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and which rows are bad, and change nothing.")
@click.option(
    "--dates",
    type=click.Choice(ORDERS),
    default="auto",
    show_default=True,
    help="How to read a date like 03/04/2024, where the file itself does not tell.",
)
@click.option(
    "--notes",
    type=click.Choice(["internal", "client"]),
    default="internal",
    show_default=True,
    help="Who may read the notes: the practice alone, or the sponsors of the client too.",
)
@click.option(
    "--reason", default="", help="Why time lies outside the agreed dates, in 10 characters or more. Needed only then."
)
@click.option(
    "--as", "mail", metavar="ADDRESS",
    help="In whose name. A partner imports anyone's time, a consultant their own. Without it: the first partner.",
)  # fmt: skip
@with_appcontext
def import_time(*, file: Path, mail: str | None, **options: Any) -> None:
    """Import time from an export of Harvest, Toggl Track, Clockify, Kimai or solidtime, or from a CSV or XLSX of your own.

    \b
    1. Try it:        flask --app crm import-time time.csv --dry-run
    2. Fill in names: it writes time.names.csv when it does not know a person, project or task, and ends with status 2
    3. Try again:     flask --app crm import-time time.csv --map time.names.csv --dry-run
    4. Do it:         flask --app crm import-time time.csv --map time.names.csv

    All rows are taken or none. Bad rows are named by line and reason, and written to time.bad-rows.csv. The same file, or one
    that overlaps it, can be imported again: what is here already stays as it is.

    A table of your own needs a heading line with a day (date) and a duration (hours, or start and end), and may have person,
    email, client, project, task, notes and billable, in any order.

    Exit status: 0 done, 1 the file or a row cannot be taken, 2 names are missing from the map.
    """
    from crm.core.viewer import viewing_as

    viewer, zone = _whoever(mail)
    with viewing_as(viewer, via="import", zone=zone):
        _run(file, Asked(**options), viewer, alone=mail is not None)


def _whoever(mail: str | None) -> tuple["Viewer", str]:
    """In whose name it happens, and the zone of the practice."""
    from sqlalchemy import select

    from crm.core.db import db
    from crm.core.viewer import SYSTEM, Role, Viewer, viewing_as
    from crm.people.models import Person, PersonKind
    from crm.practice.models import Practice

    kinds = {PersonKind.PARTNER: Role.PARTNER, PersonKind.CONSULTANT: Role.CONSULTANT}
    asked = select(Person).where(Person.left_on.is_(None)).order_by(Person.id)
    asked = (
        asked.where(Person.email == mail.strip().lower()) if mail else asked.where(Person.kind == PersonKind.PARTNER)
    )
    with viewing_as(SYSTEM, via="import"):
        practice, person = db.session.scalars(select(Practice)).first(), db.session.scalars(asked).first()
        if practice is None:
            raise click.ClickException("There is no practice here yet; load the demo with: flask --app crm demo load")
        if person is None or person.kind not in kinds:
            raise click.ClickException(
                f"Nobody of the practice who imports time has the address {mail}."
                if mail
                else "The practice has no partner; say --as."
            )
        return Viewer(kinds[person.kind], person_id=person.id), practice.zone


def _run(file: Path, asked: Asked, viewer: "Viewer", *, alone: bool) -> None:
    """Read, name, check; and take, unless it is a dry run or a row is bad. What is not taken leaves nothing behind."""
    from crm.core.words import plural
    from crm.timelog.imports import operations, staging
    from crm.timelog.imports.maps import read_map
    from crm.timelog.imports.models import Source
    from crm.timelog.imports.names import meanings_of

    said = read_map(asked.map_file) if asked.map_file else {}
    with file.open("rb") as raw:
        opened = operations.opened(raw)
        layout, found = operations.look_into(opened, None if asked.source == "auto" else Source(asked.source))
        order = _order(asked.dates, found)
        with click.progressbar(length=found.rows, label=f"Reading {file.name}", file=sys.stderr) as bar:
            batch = operations.bring_file(
                opened, file.name, layout, found, order=order, viewer=viewer, press=None, tick=bar.update, waits=True
            )
    batch_id, taken = batch.id, False
    try:
        meanings = meanings_of(viewer, alone=alone)
        _name(batch, said, meanings, file=file, asked=asked, viewer=viewer)
        _tell(file, batch, meanings)
        if batch.bad:
            raise click.ClickException(_of_bad_rows(file, batch))
        if asked.dry_run:
            click.echo("This was a dry run: nothing is imported.")
        elif batch.new:
            operations.take_import(batch, viewer=viewer, press=None)
            taken = True
            click.echo(f"Imported {plural(batch.new, 'entry', 'entries')}.")
        else:
            click.echo("There is nothing new in this file: nothing is imported.")
    finally:
        if not taken:
            _undo(batch_id, staging)


def _name(
    batch: "ImportBatch", said: "Mapping[Key, str]", meanings: "Meanings", *, file: Path, asked: Asked, viewer: "Viewer"
) -> None:
    """Each name its meaning: by the file of names, else as it speaks for itself. Raises Unmapped where one has none."""
    from crm.timelog.imports import operations
    from crm.timelog.imports.models import NotesFor

    names = operations.names_of(batch)
    means = operations.suggest(batch, meanings, viewer=viewer, likely=False)
    means.update({name.id: said[name.kind, name.name] for name in names if said.get((name.kind, name.name))})
    _understand(names, means, meanings)
    try:
        operations.name_names(
            batch, means, meanings, notes_for=NotesFor(asked.notes), reason=asked.reason.strip(), viewer=viewer, press=None,
            remember=False, waits=True,
        )  # fmt: skip
    except operations.StillOpen as still:
        raise Unmapped(_to_fill_in(file, still.names, operations.names_of(batch), means)) from None


def _undo(batch_id: int, staging: Any) -> None:
    """What was only tried leaves no line in the history."""
    from sqlalchemy import delete

    from crm.core.db import db, transaction
    from crm.timelog.imports.models import ImportBatch

    db.session.rollback()
    staging.forget(batch_id)
    with transaction():
        db.session.execute(delete(ImportBatch).where(ImportBatch.id == batch_id), execution_options=staging.NAMED)


def _order(dates: str, found: Any) -> "DayOrder | None":
    from crm.timelog.imports.models import DayOrder

    if dates != "auto":
        return DayOrder(dates.replace("-", "_"))
    if found.evidence.order is None:
        raise click.ClickException(
            "The dates of this file could be read day first or month first, and nothing in the whole column tells which. "
            "Say --dates day-first or --dates month-first."
        )
    return None


def _understand(names: "Sequence[ImportName]", means: dict[int, str], meanings: "Meanings") -> None:
    """Refuse a map that says what is not there, with the name that it says it of."""
    for name in names:
        if text := means.get(name.id, ""):
            try:
                meanings.of(name.kind, text)
            except ValueError as error:
                shown = ", ".join(filter(None, name.parts)) or "without a name"
                raise click.ClickException(f"The map says “{text}” for {name.kind.value} {shown}. {error}.") from None


def _to_fill_in(
    file: Path, missing: "Sequence[ImportName]", names: "Iterable[ImportName]", means: dict[int, str]
) -> str:
    from crm.core.words import plural
    from crm.timelog.imports.maps import write_map

    path = _free(f"{file.stem}.names.csv")
    write_map(path, names, means)
    return (
        f"{plural(len(missing), 'name')} of this file {'is' if len(missing) == 1 else 'are'} not mapped, so nothing is imported. "
        f"Fill in the column means of {path} and run it again with --map {path}"
    )


def _free(name: str) -> Path:
    """A file of this name, or of the next number, in the folder one stands in: nothing is overwritten."""
    path, number = Path(name), 1
    while path.exists():
        number += 1
        path = Path(f"{name.removesuffix('.csv')}-{number}.csv")
    return path


def _tell(file: Path, batch: "ImportBatch", meanings: "Meanings") -> None:
    """What the file is, and what would be taken for whom."""
    from crm.core.db import db
    from crm.core.words import figure, hours, plural
    from crm.timelog.imports.checking import summary
    from crm.timelog.imports.files import NAMES

    people = {one.id: one.name for one in meanings.people.values()}
    places = {one.id: f"{one.code} {one.client}, {one.title}" for one in meanings.places.values()}
    click.echo(f"{file.name}: {NAMES[batch.source]}, {plural(batch.rows, 'row')}.")
    click.echo(f"New: {plural(batch.new, 'entry', 'entries')}, {hours(batch.minutes)}.")
    for row in db.session.execute(summary(batch)).all():
        place = places.get(row.engagement_id, "Practice") + ("" if row.kind == "billable" else f", {row.kind}")
        click.echo(f"  {people.get(row.by_id, ''):<24} {place:<60} {row.rows:>7,} {figure(int(row.minutes)):>10} h")
    for number, words in (
        (batch.known, "here already"), (batch.empty, "without time"), (batch.left_out, "left out by the map"),
        (batch.outside, "outside the agreed dates, with your reason"),
    ):  # fmt: skip
        if number:
            click.echo(f"{number:,} {words}.")


def _of_bad_rows(file: Path, batch: "ImportBatch") -> str:
    from crm.core.db import db
    from crm.core.lists import safe_cell
    from crm.core.words import plural
    from crm.timelog.imports.checking import bad_rows
    from crm.timelog.imports.report import HEADINGS, cells_of

    path, shown = _free(f"{file.stem}.bad-rows.csv"), 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for row in db.session.execute(bad_rows(batch)):
            writer.writerow(map(safe_cell, cells_of(row)))
            if shown < SHOWN:
                click.echo(
                    f"  line {row.line:,}: {row.reason.rstrip('.')}. ({row.date_text or 'no date'}, {row.time_text or 'no time'})"
                )
            shown += 1
    with suppress(OSError):
        path.chmod(0o600)  # it holds notes
    listed = f"The first {SHOWN} are above, all of them" if shown > SHOWN else "They are"
    return (
        f"{plural(batch.bad, 'row')} cannot be taken, so nothing is imported. {listed} in {path}. "
        "Put them right in the file, and run it again."
    )
