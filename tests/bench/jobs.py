"""What is done seldom and is large: the import of a hundred thousand rows, and closing a month of a hundred engagements."""

import csv
import os
import secrets
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from tests.bench import counting

ROOT = Path(__file__).parent.parent.parent
ROWS, FEW, DAYS = 100_000, 100, 1_000
IMPORT, LOCK = f"import of {ROWS:,} rows", "lock a month of 100 engagements"
HEADS = ("date", "minutes", "email", "project", "task", "notes", "billable")


# A process counts what its parent held when it began: the command is begun by one that holds nothing.
WATCHED = """import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)"""


def place_of(connection, engagement_id):
    """Who worked there, and an area that is in its scope."""
    people = connection.scalars(
        text("SELECT DISTINCT p.email FROM person p JOIN assignment a ON a.person_id = p.id WHERE a.engagement_id = :one"
             " AND NOT EXISTS (SELECT 1 FROM wall w WHERE w.person_id = p.id AND w.client_id = a.client_id) ORDER BY p.email"),
        {"one": engagement_id},
    ).all()  # fmt: skip
    area = connection.scalar(
        text("SELECT MIN(area) FROM area_scope WHERE engagement_id = :one AND scope <> 'out'"), {"one": engagement_id}
    )
    return people, area


def write_file(path, numbers, people, code, area, until):
    """So many entries of a minute each, spread over a thousand days: no day of anybody gets full."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        for n in numbers:
            day = until - timedelta(1 + n % DAYS)
            writer.writerow([day.isoformat(), 1, people[n // DAYS % len(people)], code, area, f"Entry {n}", "yes"])
    return path


def run_import(url, path):
    """Seconds, and the megabytes that the command held at most."""
    settings = {"TWELVEFOLD_DATABASE_URL": url, "TWELVEFOLD_LOG_LEVEL": "ERROR", "TWELVEFOLD_ENV": "local",
                "PYTHONPATH": str(ROOT)}  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "crm",
        "import-time",
        str(path),
        "--reason",
        "Before this system",
    ]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *command], cwd=path.parent, env=os.environ | settings, capture_output=True, text=True
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"import-time ends with {done.returncode}: {done.stderr.strip()[:200]}")
    return time.perf_counter() - began, int(done.stdout) / 1024


def open_months(engine):
    """In the copy that is measured no month is closed, so that both jobs have days to write to."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM period"))


def import_rows(row, memory, url, engine, ids, folder):
    """By the command: what a hundred thousand rows take, and how much more memory than a hundred."""
    with engine.connect() as connection:
        people, area = place_of(connection, ids["engagement"])
    of = (people, ids["code"], area, date.today())
    try:
        few = write_file(folder / "few.csv", range(ROWS, ROWS + FEW), *of)
        many = write_file(folder / "many.csv", range(ROWS), *of)
        _, least = run_import(url, few)
        took, most = run_import(url, many)
    except RuntimeError as error:
        row.missing = str(error)
        return row
    row.least = row.median = row.p95 = took * 1000
    memory["import"] = most - least
    return row


def month_to_lock(connection, until):
    """The open month whose number of engagements with time comes nearest to a hundred."""
    month = "substr(CAST(worked_on AS varchar(10)), 1, 7)"
    found = connection.execute(
        text(f"SELECT {month} AS month, COUNT(DISTINCT engagement_id) AS engagements FROM time_entry WHERE voided_at IS NULL"
             f" AND {month} NOT IN (SELECT substr(CAST(month AS varchar(10)), 1, 7) FROM period WHERE state = 'locked')"
             f" GROUP BY {month}")
    ).all()  # fmt: skip
    over = [one for one in found if one.month < f"{until:%Y-%m}"]
    return min(over, key=lambda one: (abs(one.engagements - 100), one.month)).month if over else ""


def lock_month(row, engine, browser):
    """Once, for a month is locked once: its statements, and how long it took in this process."""
    with engine.connect() as connection:
        month = month_to_lock(connection, date.today())
    if not month:
        row.missing = "no month is over and open"
        return row
    browser.get("/time/periods")
    began = time.perf_counter()
    with counting.statements() as seen:
        answer = browser.post(f"/time/periods/{month}/lock", data={"once": secrets.token_hex(8), "version": "1"})
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 303:
        row.missing = f"locking {month} answers {answer.status_code}"
        return row
    row.statements, row.least, row.median, row.p95 = len(seen), took, took, took
    return row
