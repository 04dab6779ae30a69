"""flask --app crm files ...: what lies in the storage of files."""

import click
from flask.cli import with_appcontext

files = click.Group("files", help="The storage of files.")


@files.command("check")
@click.option("--whole", is_flag=True, help="Read every file and compare it with its SHA-256.")
@with_appcontext
def check(whole: bool) -> None:
    """Say which files are missing, and remove what has lain in the storage for a day without being anybody's.

    The worker does it each hour. Ends with 1 when a file is missing or is not what was put there.
    """
    from sqlalchemy import select

    from crm.core.db import db, reading
    from crm.core.viewer import SYSTEM, viewing_as
    from crm.core.words import plural
    from crm.files.keeping import is_whole, sweep
    from crm.files.models import StoredFile

    found = sweep()
    with viewing_as(SYSTEM, via="command"), reading():
        missing = db.session.scalars(select(StoredFile).where(StoredFile.missing_since.is_not(None))).all()
        there = select(StoredFile).where(StoredFile.missing_since.is_(None)).execution_options(yield_per=500)
        other = [one.id for one in db.session.scalars(there) if not is_whole(one)] if whole else []
        for one in missing:
            click.echo(f"Missing: file {one.id} of client {one.client_id}, {one.key}", err=True)
    for file_id in other:
        click.echo(f"Not what was put there: file {file_id}", err=True)
    click.echo(f"{plural(found.files, 'file')} there, {found.removed} removed, {len(missing)} missing.")
    if missing or other:
        raise SystemExit(1)
