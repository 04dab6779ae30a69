"""The data sets: made once a day for each state of the generator, kept under instance/bench/ or beside the given database."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "instance" / "bench"
MAKES = ("crm/demo/*.py", "crm/demo/data/*.toml", "crm/migrations/versions/*.py", "crm/search/lines.py")


def version():
    """What the rows depend on: the generator, the schema and the day."""
    found = hashlib.sha256(date.today().isoformat().encode())
    for pattern in MAKES:
        for file in sorted(ROOT.glob(pattern)):
            found.update(file.read_bytes())
    return found.hexdigest()[:10]


def dataset(scale, given):
    """The address of a filled database of this scale, and the seconds it took to make (0: it was there)."""
    return _on_postgres(scale, given) if given else _on_sqlite(scale)


def _on_sqlite(scale):
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{scale}-{version()}.db"
    took = 0.0
    if not file.exists():
        for old in KEPT.glob(f"{scale}-*"):
            old.unlink()
        draft = file.with_suffix(".draft")
        took = _fill(scale, f"sqlite:///{draft}")
        draft.rename(file)
        for tail in ("-wal", "-shm"):
            Path(f"{draft}{tail}").unlink(missing_ok=True)
    used = KEPT / f"{scale}-in-use.db"  # the measuring writes; the kept one stays as it was made
    for tail in ("-wal", "-shm"):
        Path(f"{used}{tail}").unlink(missing_ok=True)
    shutil.copyfile(file, used)
    return f"sqlite:///{used}", took


def _on_postgres(scale, given):
    server = make_url(given.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+psycopg://"))
    name = f"twelvefold_bench_{scale}_{version()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    url = server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    took = 0.0
    with admin.connect() as connection:
        there = set(connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'twelvefold_bench_%'")))
        if name not in there:
            for old in (one for one in there if one.startswith(f"twelvefold_bench_{scale}_") and "in_use" not in one):
                connection.execute(text(f'DROP DATABASE "{old}"'))
            connection.execute(text(f'CREATE DATABASE "{name}_draft"'))
            took = _fill(scale, f"{url}_draft")
            _settle(server.set(database=f"{name}_draft"))
            connection.execute(text(f'ALTER DATABASE "{name}_draft" RENAME TO "{name}"'))
        used = f"twelvefold_bench_{scale}_in_use"  # the measuring writes; the kept one stays as it was made
        connection.execute(text(f'DROP DATABASE IF EXISTS "{used}"'))
        connection.execute(text(f'CREATE DATABASE "{used}" TEMPLATE "{name}"'))
    admin.dispose()
    return url.replace(name, used), took


def _settle(draft):
    """What PostgreSQL does by itself within minutes of a large load, and never for a copy: without it a table of a million
    rows is planned as if nobody knew its size."""
    engine = create_engine(draft, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("VACUUM (ANALYZE)"))


def _fill(scale, url):
    environment = os.environ | {
        "TWELVEFOLD_DATABASE_URL": url,
        "TWELVEFOLD_LOG_LEVEL": "ERROR",
        "TWELVEFOLD_ENV": "local",
    }
    flask = [sys.executable, "-m", "flask", "--app", "crm"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)
    began = time.perf_counter()
    subprocess.run(
        [*flask, "demo", "load", "--scale", scale], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began
