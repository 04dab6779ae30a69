"""Long files: put by for the worker, read piece by piece, resumed where a worker was killed, stopped by whoever brought it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm.core import clock
from crm.outbox.worker import Worker
from crm.timelog.imports import staging, working
from crm.timelog.imports.models import BatchState, ImportBatch, ImportName, ImportPart, ImportRow
from crm.timelog.models import TimeEntry
from tests import cast as people
from tests.html import faults
from tests.timelog.exports import DAY, harvest, harvest_row
from tests.timelog.test_import_pages import batch_of, bring, entries, plain, say, take

ROWS = 25


@pytest.fixture
def long(monkeypatch):
    """A file of 25 rows counts as long; ten of them are a part."""
    monkeypatch.setattr(working, "SHORT", 5)
    monkeypatch.setattr(staging, "AT_ONCE", 10)
    return harvest(*(harvest_row(DAY - timedelta(n // 8), hours="0.5", Notes=f"n{n}") for n in range(ROWS)))


@pytest.fixture
def worker(app):
    return Worker(app, errands=(working.work_on_some,))


def count(stage, *tables):
    return [stage.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_long_file_is_read_and_judged_by_the_worker(long, worker, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = bring(ben, long)
    assert (answer.status_code, batch_of(stage).state) == (303, BatchState.READING)
    page = ben.get(answer.location)
    assert "0 % 0 of 25 rows" in plain(page)
    assert "It waits for the worker" in plain(page)
    assert faults(page.text) == []
    assert "HX-Redirect" not in ben.get(f"{answer.location}/progress").headers
    assert worker.run_errands()
    assert not worker.run_errands(), "nothing more to read"
    assert (batch_of(stage).state, count(stage, ImportRow, ImportPart)) == (BatchState.NAMING, [ROWS, 0])
    assert stage.scalar(select(ImportName.rows).where(ImportName.kind == "task")) == ROWS
    assert ben.get(f"{answer.location}/progress").headers["HX-Redirect"] == answer.location
    say(ben, stage, reason="Before this system")
    assert batch_of(stage).state is BatchState.CHECKING
    assert "What each row would do is being worked out" in plain(ben.get(answer.location))
    assert worker.run_errands()
    assert (batch_of(stage).state, batch_of(stage).new) == (BatchState.CHECKED, ROWS)
    assert take(ben, stage).status_code == 303
    assert (len(entries(stage)), count(stage, ImportRow, ImportName)) == (ROWS, [0, 0])
    assert {one.import_batch_id for one in entries(stage)} == {batch_of(stage).id}


def test_where_a_worker_was_killed_another_goes_on(long, worker, app, sign_in, cast, stage, monkeypatch):
    """The rows of the first part are there; its lease ends; none is read twice and none is lost."""
    bring(sign_in(cast.ben), long)
    write, calls = staging._write, []

    def killed(*given):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        write(*given)

    with monkeypatch.context() as once:
        once.setattr(staging, "_write", killed)
        with pytest.raises(SystemExit):
            worker.run_errands()
    assert (count(stage, ImportRow), batch_of(stage).done) == ([10], 10)
    other = Worker(app, errands=(working.work_on_some,))
    assert not other.run_errands(), "the first one holds it still"
    stage.execute(update(ImportBatch).values(lease_until=clock.now() - timedelta(seconds=1)))
    stage.commit()
    assert other.run_errands()
    assert (batch_of(stage).state, count(stage, ImportRow)) == (BatchState.NAMING, [ROWS])
    assert len(set(stage.scalars(select(ImportRow.line)))) == ROWS


def test_whoever_brought_it_stops_the_worker(long, worker, sign_in, cast, stage, monkeypatch):
    ben = sign_in(cast.ben)
    bring(ben, long)
    write, calls = staging._write, []

    def meanwhile(*given):
        calls.append(1)
        if len(calls) == 2:  # between two parts, as another process would
            raise working.LostHold
        write(*given)

    monkeypatch.setattr(staging, "_write", meanwhile)
    worker.run_errands()
    batch = batch_of(stage)
    assert ben.send(f"/time/import/{batch.id}/drop", version=batch.version).status_code == 303
    assert (batch_of(stage).state, count(stage, ImportRow, ImportPart)) == (BatchState.DROPPED, [0, 0])
    assert not worker.run_errands()


def test_a_file_that_did_not_arrive_whole_is_put_away_with_the_reason(long, worker, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    page = bring(ben, long).location
    stage.execute(update(ImportBatch).values(digest="of another file"))
    stage.commit()
    worker.run_errands()
    assert "The file did not arrive whole" in plain(ben.get(page))
    assert count(stage, ImportRow, ImportPart) == [0, 0]


def test_what_never_gets_on_is_given_up(long, worker, sign_in, cast, stage, monkeypatch):
    def broken(*_):
        raise RuntimeError

    page = bring(ben := sign_in(cast.ben), long).location
    monkeypatch.setattr(staging, "_write", broken)
    for _ in range(working.TRIES + 1):
        worker.run_errands()
        stage.execute(update(ImportBatch).values(lease_until=None))
        stage.commit()
    assert batch_of(stage).state is BatchState.DROPPED
    assert "never got on" in plain(ben.get(page))


def test_one_imports_thousands_of_rows_while_another_logs(app, sign_in, cast, stage, monkeypatch):
    """Neither is told to wait: the staging goes by parts, and taking holds the database for less than others wait."""
    monkeypatch.setattr(working, "SHORT", 10_000)
    app.test_client_class = people.Browser
    ada = people.browser_of(app, cast.ada)
    rows = 3_000
    file = harvest(*(harvest_row(DAY - timedelta(n // 40), hours="0.5", Notes=f"n{n}") for n in range(rows)))
    done = threading.Event()

    def log():
        tess, told = people.browser_of(app, cast.tess), []
        while not done.is_set() or not told:
            typed = {"work": "1", "duration": "1m", "worked_on": DAY.isoformat(), "note": f"n{len(told)}"}
            told.append(tess.send("/time", **typed).status_code)
            done.wait(0.05)
        return told

    with ThreadPoolExecutor(1) as pool:
        logging = pool.submit(log)
        try:
            told = [bring(ada, file), say(ada, stage, reason="Before this system"), take(ada, stage)]
        finally:
            done.set()
        assert [one.status_code for one in told] == [303, 303, 303]
        logged = logging.result(20)
    assert set(logged) == {303}
    number = stage.scalar(select(func.count(TimeEntry.id)).where(TimeEntry.import_batch_id.is_not(None)))
    assert (number, stage.scalar(select(func.count(TimeEntry.id)))) == (rows, rows + len(logged))
