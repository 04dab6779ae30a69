"""flask --app crm import-time: what it does, says and refuses."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import month_of
from crm.core.db import db
from crm.core.twelve import Area
from crm.people.models import Period, PeriodState
from crm.timelog.imports.models import BatchState, ImportBatch, ImportName, ImportPart, ImportRow
from crm.timelog.models import TimeEntry, TimeKind, TimeNote
from tests.cast import TODAY
from tests.timelog.exports import (
    DAY,
    clockify,
    clockify_row,
    generic,
    harvest,
    harvest_row,
    table,
    toggl,
    toggl_row,
)

MAP = "kind,name,detail,rows,means\nperson,Ben,,1,ben@larkmoor.example\nproject,Northwind,CIO,1,ENG-001\n"


@pytest.fixture
def say(app, tmp_path, monkeypatch):
    """Run the command in a folder of its own on these bytes: `say(content, "--dry-run", names=MAP)`."""
    monkeypatch.chdir(tmp_path)

    def run(content, *words, names=MAP, name="time.csv"):
        (tmp_path / name).write_bytes(content)
        if names is not None:
            (tmp_path / "map.csv").write_text(names)
            words = ("--map", "map.csv", *words)
        with app.app_context():
            db.engine.dispose()
        return app.test_cli_runner().invoke(args=["import-time", name, *words])

    return run


def entries(stage):
    stage.expire_all()
    return stage.scalars(select(TimeEntry).order_by(TimeEntry.id)).all()


def leftovers(stage):
    return [
        stage.scalar(select(func.count()).select_from(table))
        for table in (ImportBatch, ImportRow, ImportName, ImportPart)
    ]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(say, cast, stage):
    answer = say(harvest(harvest_row(), harvest_row(hours="0")), "--dry-run")
    assert answer.exit_code == 0, answer.output
    assert "time.csv: Harvest, 2 rows." in answer.output
    assert "New: 1 entry, 1.50 h." in answer.output
    assert "ENG-001 Northwind, Northwind CIO" in answer.output
    assert "1 without time." in answer.output
    assert "nothing is imported" in answer.output
    assert entries(stage) == []
    assert leftovers(stage) == [0, 0, 0, 0]
    assert stage.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [(harvest(), ()), (toggl(), ()), (clockify(clockify_row(DAY), clockify_row(DAY.replace(day=28) - timedelta(40))), ("--dates", "month-first")), (generic(), ())],
    ids=["harvest", "toggl", "clockify", "generic"],
)  # fmt: skip
def test_each_tool_lands(content, words, say, cast, stage):
    names = MAP + "person,Ben,ben@larkmoor.example,1,ben@larkmoor.example\n"
    answer = say(content, *words, names=names)
    assert answer.exit_code == 0, answer.output
    one = entries(stage)[0]
    assert (one.person_id, one.client_id, one.engagement_id, one.worked_on, one.minutes) == (2, 1, 1, DAY, 90)
    assert (one.kind, one.area, one.client_note, one.outside) == (TimeKind.BILLABLE, Area.SEC, "", False)
    assert stage.scalars(select(TimeNote.body)).first() == "Board call"
    batch = stage.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.person_id, batch.bad) == (BatchState.TAKEN, 1, 0)
    assert leftovers(stage) == [1, 0, 0, 0]
    trail = stage.execute(select(AuditEntry.verb, AuditEntry.to_state, AuditEntry.via).order_by(AuditEntry.id)).all()
    assert trail[-1] == ("import.take", "taken", "import")


def test_a_second_run_changes_nothing(say, cast, stage):
    """The same rows by another tool's locale too: `;`, comma decimals, a mark, other columns. Equal rows are legal."""
    three = [harvest_row(), harvest_row(), harvest_row(hours="2")]
    assert say(harvest(*three)).exit_code == 0
    assert len(entries(stage)) == 3
    before = [(one.id, one.version) for one in entries(stage)]
    again = say(harvest(*three))
    assert (again.exit_code, "3 here already." in again.output) == (0, True), again.output
    turned = [row | {"Hours": row["Hours"].replace(".", ","), "Project Code": "X"} for row in reversed(three)]
    assert say(harvest(*turned, delimiter=";", encoding="utf-8-sig")).exit_code == 0
    assert [(one.id, one.version) for one in entries(stage)] == before
    more = say(harvest(*three, harvest_row()))
    assert "Imported 1 entry." in more.output
    assert len(entries(stage)) == 4


def test_what_was_deleted_does_not_come_back(say, cast, stage):
    say(harvest())
    stage.get(TimeEntry, entries(stage)[0].id).voided_at = clock.now()
    stage.commit()
    assert "1 here already." in say(harvest()).output
    assert len(entries(stage)) == 1


def test_unmapped_names_end_with_status_two_and_a_file_to_fill_in(say, cast, stage, tmp_path):
    answer = say(harvest(harvest_row(**{"First Name": "Benjamin", "Task": "=Advice"})), names=None)
    assert answer.exit_code == 2
    assert "3 names of this file are not mapped" in answer.output
    assert "time.names.csv" in answer.output
    assert leftovers(stage) == [0, 0, 0, 0]
    lines = (tmp_path / "time.names.csv").read_text("utf-8-sig").splitlines()
    rows = [*csv.DictReader(line for line in lines if not line.startswith("#"))]
    assert [(row["kind"], row["name"], row["means"]) for row in rows] == [
        ("person", "Benjamin", ""), ("project", "Northwind", ""), ("task", "'=Advice", "")
    ]  # fmt: skip
    for row, means in zip(rows, ("BEN@larkmoor.example", "eng-1 Northwind", "security"), strict=True):
        row["means"] = means
    filled = "\n".join(
        ";".join(row[head] for head in rows[0]) for row in [dict(zip(rows[0], rows[0], strict=True)), *rows]
    )
    answer = say(harvest(harvest_row(**{"First Name": "Benjamin", "Task": "=Advice"})), names=filled)
    assert answer.exit_code == 0, answer.output
    assert entries(stage)[0].area is Area.SEC
    again = say(harvest(harvest_row(**{"First Name": "Benjamin"})), names=None)
    assert again.exit_code == 2
    assert (tmp_path / "time.names-2.csv").exists(), "what somebody filled in is not written over"


def test_names_that_speak_for_themselves_need_no_map(say, cast, stage):
    row = toggl_row(Client="Northwind", Project="Northwind CIO", Task="Cybersecurity Oversight")
    assert say(toggl(row), names=None).exit_code == 0
    assert say(harvest(harvest_row(**{"Project Code": "ENG-001"})), names=None).exit_code == 0
    assert len(entries(stage)) == 2


def test_every_bad_row_is_named_and_nothing_is_taken(say, cast, stage, tmp_path):
    stage.add(Period(month=month_of(DAY - timedelta(70)), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()
    bad = {
        3: (harvest_row(Date="2024-02-31"), "no day “2024-02-31”"),
        4: (harvest_row(hours="much"), "“much” is no"),
        5: (harvest_row(TODAY + timedelta(1)), "still to come"),
        6: (harvest_row(DAY - timedelta(70)), "month is locked"),
        7: (harvest_row(DAY - timedelta(700)), "give a reason"),
        8: (harvest_row(hours="23"), "A day has 24 hours"),
        9: (harvest_row(hours="30"), "a day has 24"),
        10: (harvest_row(**{"Billable?": "perhaps"}), "neither yes nor no"),
    }
    answer = say(harvest(harvest_row(), *(row for row, _ in bad.values())))
    assert answer.exit_code == 1
    for line, (_, says) in bad.items():
        assert any(text.startswith(f"  line {line}: ") and says in text for text in answer.output.splitlines()), (
            line,
            answer.output,
        )
    assert "8 rows cannot be taken, so nothing is imported." in answer.output
    assert entries(stage) == []
    assert leftovers(stage) == [0, 0, 0, 0]
    with (tmp_path / "time.bad-rows.csv").open(encoding="utf-8-sig") as file:
        assert [int(row["Line"]) for row in csv.DictReader(file)] == [*bad]


def test_outside_the_dates_with_a_reason(say, cast, stage):
    row = harvest_row(DAY - timedelta(700))
    assert say(harvest(row), "--reason", "short").exit_code == 1
    assert say(harvest(row), "--reason", "Before we had this system").exit_code == 0
    assert entries(stage)[0].outside
    assert stage.scalars(select(TimeNote.reason)).one() == "Before we had this system"


def test_practice_time_goodwill_notes_and_what_is_left_out(say, cast, stage):
    names = MAP + "project,,Office,1,internal\nproject,Umbra,Old,1,skip\nperson,Zoe,,1,skip\n"
    rows = [
        harvest_row(Client="", Project="Office", Task="", Notes="Holiday plan"),
        harvest_row(**{"Billable?": "No", "Notes": "One\ntwo"}),
        harvest_row(Client="Umbra", Project="Old", Task="Whatever"),
        harvest_row(Date="never", **{"First Name": "Zoe", "Project": "Else"}),
    ]
    answer = say(harvest(*rows), "--notes", "client", names=names)
    assert answer.exit_code == 0, answer.output
    assert "2 left out by the map." in answer.output
    office, goodwill = entries(stage)
    assert (office.kind, office.client_id, office.area, office.client_note) == (TimeKind.INTERNAL, None, None, "")
    assert (goodwill.kind, goodwill.client_note) == (TimeKind.GOODWILL, "One two")
    assert stage.scalars(select(TimeNote.body)).all() == ["Holiday plan"]


def test_the_24_hours_count_what_is_logged_already(say, cast, stage):
    stage.add(TimeEntry(person_id=2, worked_on=DAY, minutes=1400, kind="internal", logged_at=clock.now()))
    stage.commit()
    answer = say(harvest(harvest_row(hours="0.5"), harvest_row(hours="0.5")))
    assert "line 3: A day has 24 hours" in answer.output
    assert "line 2" not in answer.output


def test_a_correction_is_no_work_of_the_day_that_a_file_fills(say, cast, stage):
    """As in logging: it stands on that day, and the hours of it were worked on another."""
    there = {"person_id": 2, "client_id": 1, "engagement_id": 1, "area": Area.STR, "logged_at": clock.now()}
    stage.add(TimeEntry(id=101, worked_on=DAY - timedelta(60), minutes=60, **there))
    stage.flush()
    stage.add(TimeEntry(id=102, worked_on=DAY, minutes=1370, adjusts_id=101, **there))
    stage.commit()
    assert say(harvest(harvest_row(hours="1.5"))).exit_code == 0
    assert len(entries(stage)) == 3


def test_ambiguous_dates_are_asked(say, cast, stage):
    row = harvest_row(Date=f"{DAY.year - 1}-01-01") | {"Date": f"03/04/{DAY.year}"}
    answer = say(harvest(row))
    assert answer.exit_code == 1
    assert "--dates day-first or --dates month-first" in answer.output
    assert leftovers(stage) == [0, 0, 0, 0]
    for order, month in (("day-first", 4), ("month-first", 3)):
        assert say(harvest(row), "--dates", order).exit_code == 0
        assert entries(stage)[-1].worked_on.month == month


def test_a_consultant_imports_their_own_time_only(say, cast, stage):
    names = MAP.replace("ben@", "tess@")
    answer = say(harvest(), "--as", "ben@larkmoor.example", names=names)
    assert (answer.exit_code, "The map says “tess@larkmoor.example” for person Ben" in answer.output) == (1, True)
    other = MAP.replace("ENG-001", "ENG-002")
    answer = say(harvest(), "--as", "ben@larkmoor.example", names=other)
    assert (answer.exit_code, "“ENG-002”" in answer.output) == (1, True), "another's engagement is not there"
    assert say(harvest(), "--as", "ben@larkmoor.example").exit_code == 0
    assert say(harvest(harvest_row(hours="3")), names=names).exit_code == 0, "a partner imports anyone's"
    assert {one.person_id for one in entries(stage)} == {2, 5}


@pytest.mark.parametrize(
    ("content", "words", "names", "says"),
    [
        (b"", (), MAP, "The file is empty."),
        (b"Client Name,Address\r\nx,\r\n", (), MAP, "names columns that hold time"),
        (harvest(), ("--source", "toggl"), MAP, "This is no export of Toggl Track"),
        (harvest(), ("--as", "nobody@example.test"), MAP, "has the address nobody@example.test"),
        (harvest(), ("--as", "abe@larkmoor.example"), MAP, "has the address abe@larkmoor.example"),
        (harvest(), (), "what,ever\n1,2\n", "The map needs the columns"),
        (harvest(), (), "kind,name,detail,means\nboss,x,,y\n", "not “boss”"),
        (harvest(), (), "", "The map needs the columns"),
        (harvest(), (), MAP.replace("ENG-001", "ENG-999"), "The map says “ENG-999” for project Northwind, CIO"),
    ],
)
def test_errors_are_one_sentence(content, words, names, says, say, cast, stage):
    answer = say(content, *words, names=names)
    assert answer.exit_code == 1
    assert says in answer.output
    assert "Traceback" not in answer.output
    assert isinstance(answer.exception, SystemExit)
    assert entries(stage) == []
    assert leftovers(stage) == [0, 0, 0, 0]


def test_no_file_and_no_practice(app, stage, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = app.test_cli_runner().invoke
    assert "does not exist" in run(args=["import-time", "gone.csv"]).output
    (tmp_path / "time.csv").write_bytes(harvest())
    assert "There is no practice here yet" in run(args=["import-time", "time.csv"]).output
    assert run(args=["import-time", "--help"]).exit_code == 0


def test_walls_hold_for_imports(say, cast, stage):
    from crm.clients.models import Wall

    stage.add(Wall(client_id=1, person_id=2, reason="A cousin"))
    stage.commit()
    assert "kept apart from this client" in say(harvest()).output
    assert entries(stage) == []


def test_areas_out_of_scope_are_refused(say, cast, stage):
    from crm.core.twelve import Scope
    from crm.engagements.scopes import AreaScope

    stage.scalars(
        select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.SEC)
    ).one().scope = Scope.OUT
    stage.commit()
    assert "not in scope" in say(harvest()).output


def test_a_table_of_one_s_own_needs_little(say, cast, stage):
    little = table(
        ("Hours", "Date", "Engagement", "Area"),
        {"Hours": "2", "Date": DAY.isoformat(), "Engagement": "ENG-001", "Area": "STR"},
    )
    assert say(little, names=None).exit_code == 2, "it names nobody"
    assert say(little, "--as", "ben@larkmoor.example", names=None).exit_code == 0
    assert (entries(stage)[0].person_id, entries(stage)[0].minutes) == (2, 120)
