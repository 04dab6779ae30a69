"""flask --app crm backup FOLDER: the database, the files and the secrets of this installation, each proved to be whole."""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url

PG_DUMP = (
    "This installation is on PostgreSQL, which copies itself:"
    ' pg_dump --format=custom --file=twelvefold.dump "$TWELVEFOLD_DATABASE_URL".'
    " Then copy the files and the secrets, as docs/operations.md says under Backup."
)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def backup(folder: Path) -> None:
    """Copy the database, the files and the secrets into FOLDER, while people work.

    The database gets a name with the moment; files that are there already are not copied again, for they never change.
    Ends with 1 when a file is missing or is not what was put there; then the rest is copied all the same.
    """
    from crm.commands.database import Schema, copy_of, schema_found
    from crm.core.clock import now
    from crm.core.words import plural

    where = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if where.get_backend_name() != "sqlite":
        raise click.ClickException(PG_DUMP)
    if not where.database or not Path(where.database).exists() or schema_found() is Schema.EMPTY:
        raise click.ClickException("There is no practice here yet, so there is nothing to copy.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = folder / f"twelvefold-{now():%Y%m%d-%H%M%S}.db"
    draft = copy.with_suffix(".part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # it holds all that clients said
        copy_of(Path(where.database), draft)
        wanted = _proved(draft)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)
    copied, faults = _files(wanted, folder)
    _secrets(folder)
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(
        f"{copy}: opens and is whole. {plural(len(wanted) - len(faults), 'file')} beside it, {copied} of them new."
    )
    if faults:
        raise SystemExit(1)


def _proved(copy: Path) -> list[tuple[int, str, str]]:
    """Opened by itself and looked through; which files it names, with their keys and digests."""
    with closing(sqlite3.connect(copy)) as opened:
        said = opened.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok":
            raise click.ClickException(
                f"The copy is not whole ({said}), and was not kept. Look at the disk and the database."
            )
        return opened.execute("SELECT id, key, digest FROM stored_file ORDER BY id").fetchall()


def _files(wanted: list[tuple[int, str, str]], folder: Path) -> tuple[int, list[str]]:
    """Those that the copied database names. How many are new, and what is wrong with others."""
    from crm.files.store import Lost, place_of

    new, faults = 0, []
    for file_id, key, digest in wanted:
        target = folder / "files" / place_of(key)
        if target.exists():
            continue
        try:
            found = _fetched(place_of(key), target)
        except Lost:
            faults.append(f"Missing: file {file_id}, {key}")
            continue
        if found != digest:
            target.unlink()
            faults.append(f"Not what was put there: file {file_id}")
            continue
        new += 1
    return new, faults


def _fetched(place: str, target: Path) -> str:
    """Under its name only once all of it is there. Its SHA-256."""
    from crm.files.store import store

    pieces, digest = store().read(place), hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
    return digest.hexdigest()


def _secrets(folder: Path) -> None:
    """Those that this installation made for itself; what stands in variables is kept by whoever set them."""
    kept = Path(current_app.instance_path) / "secrets.json"
    if kept.exists():
        shutil.copy2(kept, folder / kept.name)
        (folder / kept.name).chmod(0o600)
