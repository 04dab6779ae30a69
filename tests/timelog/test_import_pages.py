"""Importing by page: a file, its names, the dry run, all or nothing, the history."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import month_of
from crm.core.twelve import Area
from crm.people.models import Period, PeriodState, Person
from crm.timelog.imports.models import BatchState, ImportBatch, ImportName, ImportPart, ImportRow, MappedName
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY
from tests.html import faults
from tests.timelog.exports import DAY, harvest, harvest_row, toggl

NORTHWIND = {"Person": "ben@larkmoor.example", "Project": "ENG-001", "Task": "SEC"}


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def bring(browser, content, name="time.csv", **more):
    return browser.send("/time/import", file=(io.BytesIO(content), name), **more)


def batch_of(stage):
    stage.expire_all()
    return stage.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()


def asked(stage, batch):
    """The fields of the names, by what they ask for."""
    field = {"person": "people", "project": "projects", "task": "tasks"}
    return {
        name.name.replace("\t", "|"): f"{field[name.kind]}-{name.id}"
        for name in stage.scalars(select(ImportName).where(ImportName.batch_id == batch.id))
    }


def say(browser, stage, once=None, version=None, **means):
    """Answer what the names mean: by kind, or by the name itself."""
    batch = batch_of(stage)
    answers = {}
    for name, field in asked(stage, batch).items():
        kind = {"people": "Person", "projects": "Project", "tasks": "Task"}[field.split("-")[0]]
        answers[field] = means.get(name, (NORTHWIND | means).get(kind, ""))
    rest = {"notes_for": "internal", **{key: means[key] for key in ("notes_for", "reason") if key in means}}
    return browser.send(
        f"/time/import/{batch.id}/names", once=once, version=version or batch.version, **answers, **rest
    )


def take(browser, stage, once=None, version=None):
    batch = batch_of(stage)
    return browser.send(f"/time/import/{batch.id}/take", once=once, version=version or batch.version)


def entries(stage):
    stage.expire_all()
    return stage.scalars(select(TimeEntry).order_by(TimeEntry.id)).all()


def test_from_a_file_to_entries(sign_in, cast, stage):
    """The whole way of a consultant; nothing is saved before the last button."""
    ben = sign_in(cast.ben)
    answer = bring(ben, harvest(harvest_row(), harvest_row(hours="0,25", Notes="A mail"), harvest_row(hours="0")))
    batch = batch_of(stage)
    assert (answer.status_code, answer.location) == (303, f"/time/import/{batch.id}")
    page = ben.get(answer.location)
    assert "Say what its names mean here" in plain(page)
    assert 'value="ben@larkmoor.example"' in page.text, "his own name speaks for itself"
    assert '<option value="SEC" selected>' in page.text
    assert faults(page.text) == []
    answer = say(ben, stage)
    assert (answer.status_code, entries(stage)) == (303, [])
    page = ben.get(answer.location)
    assert "2 entries , 1.75 h, would be imported. Nothing is saved yet." in plain(page)
    assert "Without time 1" in plain(page)
    assert faults(page.text) == []
    answer = take(ben, stage)
    assert answer.status_code == 303
    assert [(one.person_id, one.engagement_id, one.minutes, one.area) for one in entries(stage)] == [
        (2, 1, 90, Area.SEC), (2, 1, 15, Area.SEC)
    ]  # fmt: skip
    assert stage.scalars(select(TimeNote.body).order_by(TimeNote.id)).all() == ["Board call", "A mail"]
    done = ben.get(answer.location)
    assert "2 entries , 1.75 h, were imported on" in plain(done)
    assert faults(done.text) == []
    assert [stage.scalar(select(func.count()).select_from(table)) for table in (ImportRow, ImportName)] == [0, 0]
    listed = ben.get("/time/import")
    assert re.search(r"time\.csv Harvest .*? Ben 3 2 – Imported", plain(listed))
    assert faults(listed.text) == []
    verbs = stage.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["import.bring", "import.name", "import.take"]
    assert "It came by an import." in ben.get(f"/time/entries/{entries(stage)[0].id}").text


def test_what_names_mean_is_remembered_and_a_second_run_changes_nothing(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    row = harvest_row(Project="Odd name", Client="", Task="Odd task")
    bring(ben, harvest(row))
    say(ben, stage)
    take(ben, stage)
    assert sorted(stage.scalars(select(MappedName.target))) == ["ENG-001", "SEC", "ben@larkmoor.example"]
    page = ben.get(bring(ben, harvest(row)).location)
    assert 'value="ENG-001" autocomplete' in page.text
    assert '<option value="SEC" selected>' in page.text
    page = ben.get(say(ben, stage).location)
    assert "There is nothing new in this file." in plain(page)
    assert "Here already 1" in plain(page)
    assert take(ben, stage).status_code == 409
    assert len(entries(stage)) == 1
    assert stage.scalar(select(func.count()).select_from(MappedName)) == 3
    ada = sign_in(cast.ada)
    assert 'value="ENG-001" autocomplete' not in ada.get(bring(ada, harvest(row)).location).text, (
        "it was Ben who said so"
    )


def test_bad_rows_are_shown_downloaded_and_nothing_is_taken(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    bring(
        ben, harvest(harvest_row(), harvest_row(Date="2024-02-31", Notes="=SUM(A1)"), harvest_row(TODAY + timedelta(1)))
    )
    page = ben.get(say(ben, stage).location)
    text = plain(page)
    assert "2 rows cannot be taken, so nothing can be imported yet." in text
    assert "There is no day “2024-02-31” in the calendar" in text
    assert "That day is still to come" in text
    assert "Import 1 entry" not in text
    assert faults(page.text) == []
    answer = take(ben, stage)
    assert (answer.status_code, entries(stage)) == (409, [])
    assert "an import takes all or nothing" in plain(answer)
    table = ben.get(f"/time/import/{batch_of(stage).id}/bad.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="time-bad-rows.csv"'
    rows = [*csv.DictReader(io.StringIO(table.text.lstrip("\ufeff")))]
    assert [(row["Line"], row["Notes"]) for row in rows] == [("3", "'=SUM(A1)"), ("4", "Board call")]


def test_names_without_a_meaning_are_asked_for_and_what_was_typed_stays(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    bring(ben, harvest(harvest_row(Project="Odd")))
    answer = say(ben, stage, Project="", reason="Because I said so")
    assert answer.status_code == 422
    assert "Say what every name means" in plain(answer)
    assert "Write the code of an engagement, like ENG-014" in plain(answer)
    assert 'value="Because I said so"' in answer.text
    assert faults(answer.text) == []
    for wrong in ("ENG-002", "ENG-999", "nonsense"):
        answer = say(ben, stage, Project=wrong)
        assert answer.status_code == 422
        assert f'value="{wrong}"' in answer.text
        assert faults(answer.text) == []
    answer = say(ben, stage, reason="short")
    assert (answer.status_code, "10 characters or more" in answer.text) == (422, True)
    assert batch_of(stage).state is BatchState.NAMING


def test_practice_time_needs_no_area_and_what_is_left_out_no_name(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    bring(ben, harvest(harvest_row(Task="Lunch"), harvest_row(Task="Odd", **{"First Name": "Zoe", "Project": "Other"})))
    answer = say(ben, stage, **{"Project": "internal", "Task": "", "Zoe|": "skip", "Northwind|Other": ""})
    assert answer.status_code == 303
    assert "1 entry , 1.50 h, would be imported." in plain(ben.get(answer.location))
    assert "Left out 1" in plain(ben.get(answer.location))


def test_the_order_of_dates_is_asked(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    year = TODAY.year - 1
    page = ben.get(bring(ben, harvest(harvest_row(Date=f"03/04/{year}"))).location)
    assert f"does 03/04/{year} begin with the day or with the month?" in plain(page)
    assert f"The day: 3 April {year}" in plain(page)
    assert f"The month: 4 March {year}" in plain(page)
    assert faults(page.text) == []
    batch = batch_of(stage)
    assert stage.scalar(select(func.count()).select_from(ImportPart)) == 1
    assert ben.send(f"/time/import/{batch.id}/order").status_code == 422
    assert ben.send(f"/time/import/{batch.id}/order", order="month_first", once="k").status_code == 303
    assert ben.send(f"/time/import/{batch.id}/order", order="month_first", once="k").status_code == 303
    assert (
        ben.send(f"/time/import/{batch.id}/order", order="day_first", version=batch_of(stage).version).status_code
        == 409
    )
    assert stage.scalar(select(func.count()).select_from(ImportPart)) == 0
    say(ben, stage, reason="Before this system")
    take(ben, stage)
    assert (entries(stage)[0].worked_on.month, entries(stage)[0].worked_on.day) == (3, 4)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "The file is empty"), (b"PK\x03\x04", "spreadsheet"), (b"a,b\n1,2\n", "names columns that hold time"), (None, "Choose the file")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_beside_it(content, says, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = bring(ben, content) if content is not None else ben.send("/time/import")
    assert (answer.status_code, says in answer.text) == (422, True)
    assert 'aria-invalid="true"' in answer.text
    assert faults(answer.text) == []
    assert batch_of(stage) is None


def test_a_name_that_no_page_can_show_keeps_no_file_out(sign_in, cast, stage):
    assert bring(sign_in(cast.ben), harvest(), name="ti\0me\u202evsc.csv").status_code == 303
    assert batch_of(stage).file_name == "timevsc.csv"


def test_the_tool_that_was_chosen_must_fit(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    assert "This is no export of Toggl Track" in bring(ben, harvest(), source="toggl").text
    assert bring(ben, toggl(), source="toggl").status_code == 303


def test_more_than_the_house_takes_is_refused_in_words(sign_in, cast, app, monkeypatch):
    from crm.timelog.imports import files

    monkeypatch.setattr(files, "BYTES", 100)
    answer = bring(sign_in(cast.ben), harvest())
    assert (answer.status_code, "at most" in answer.text) == (422, True)
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = bring(sign_in(cast.ben), b"x" * 2000)
    assert (answer.status_code, "a file of at most 50 MB" in answer.text) == (413, True)


def test_pressing_twice_does_it_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    first, again = (bring(ben, harvest(), once="b") for _ in range(2))
    assert first.location == again.location
    assert stage.scalar(select(func.count()).select_from(ImportBatch)) == 1
    version = batch_of(stage).version
    assert [say(ben, stage, once="n", version=version).status_code for _ in range(2)] == [303, 303]
    version = batch_of(stage).version
    assert [take(ben, stage, once="t", version=version).status_code for _ in range(2)] == [303, 303]
    assert len(entries(stage)) == 1


def test_a_stale_page_takes_nothing(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    bring(ben, harvest())
    say(ben, stage)
    old = batch_of(stage).version
    say(ben, stage, Task="STR")
    assert take(ben, stage, version=old).status_code == 409
    assert entries(stage) == []


def test_what_changes_between_the_dry_run_and_the_deed_is_seen(sign_in, cast, stage):
    """A month is locked, and a colleague's rows fill the day: nothing is taken, and the page says what to do."""
    ben = sign_in(cast.ben)
    bring(ben, harvest())
    say(ben, stage)
    stage.add(Period(month=month_of(DAY), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()
    answer = take(ben, stage)
    assert (answer.status_code, entries(stage)) == (409, [])
    assert "since the dry run something changed" in plain(answer)
    assert "Its month is locked" in plain(ben.get(say(ben, stage).location))


def test_an_engagement_that_one_left_is_not_written_to(sign_in, cast, stage):
    from crm.engagements.people import Assignment

    ben = sign_in(cast.ben)
    bring(ben, harvest())
    say(ben, stage, reason="Before this system")
    mine = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    mine.begins, mine.ends = TODAY - timedelta(90), TODAY - timedelta(60)
    stage.commit()
    answer = take(ben, stage)
    assert (answer.status_code, entries(stage)) == (409, [])
    assert "you no longer see one of the engagements" in plain(answer)


def test_putting_it_away_forgets_the_rows(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    bring(ben, harvest())
    batch = batch_of(stage)
    assert ben.send(f"/time/import/{batch.id}/drop", version=batch.version).location == "/time/import"
    assert batch_of(stage).state is BatchState.DROPPED
    assert stage.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert ben.send(f"/time/import/{batch.id}/drop", version=batch_of(stage).version).status_code == 409
    assert "Put away" in plain(ben.get("/time/import"))
    assert "Nothing of it was imported" in plain(ben.get(f"/time/import/{batch.id}"))


@pytest.mark.parametrize(("who", "code"), [("tess", 404), ("ada", 404), ("finn", 404), ("abe", 403), ("cora", 403)])
def test_nobody_opens_or_takes_another_s_import(who, code, sign_in, cast, stage):
    bring(sign_in(cast.ben), harvest())
    batch, other = batch_of(stage), sign_in(getattr(cast, who))
    assert other.get(f"/time/import/{batch.id}").status_code == code
    assert other.get(f"/time/import/{batch.id}/bad.csv").status_code == code
    for deed in ("order", "names", "take", "drop"):
        assert other.send(f"/time/import/{batch.id}/{deed}", order="iso", notes_for="internal").status_code == code
    listed = other.get("/time/import")
    assert ("time.csv" in listed.text) == (who == "ada"), "a partner sees that there was one"


def test_a_partner_imports_anyone_s_time(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    bring(ada, harvest(harvest_row(**{"First Name": "Tess"}), harvest_row()))
    say(ada, stage, **{"Tess|": "tess@larkmoor.example", "Ben|": "ben@larkmoor.example"})
    take(ada, stage)
    assert {one.person_id for one in entries(stage)} == {2, 5}
    ben = sign_in(cast.ben)
    bring(ben, harvest(harvest_row(**{"First Name": "Tess"})))
    assert say(ben, stage, Person="tess@larkmoor.example").status_code == 422


@pytest.mark.parametrize("number", [1, 40])
def test_pages_cost_the_same_with_many_rows(number, sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)
    rows = [harvest_row(DAY - timedelta(n), Project=f"Project {n}", Task=f"Task {n}") for n in range(number)]
    rows += [harvest_row(Date="never", Project=f"Bad {n}") for n in range(number)]
    with statements() as bringing:
        page = bring(ben, harvest(*rows)).location
    with statements() as naming:
        assert ben.get(page).status_code == 200
    assert len(naming) <= 12
    with statements() as checking:
        assert say(ben, stage).status_code == 303
    with statements() as report:
        assert ben.get(page).status_code == 200
    assert len(report) <= 12
    with statements() as history:
        ben.get("/time/import")
    assert len(history) <= 12
    assert len(checking) <= 26, "\n".join(" ".join(one.split())[:90] for one in checking)
    assert len([one for one in bringing if "INSERT INTO import_name" not in one]) <= 12


LOCKED, LONG_AGO = month_of(DAY) - timedelta(70), TODAY - timedelta(700)


@pytest.mark.parametrize(
    ("day", "minutes", "reason"),
    [
        (TODAY, 30, ""), (TODAY, 40, ""), (TODAY, 41, ""), (TODAY + timedelta(1), 30, ""), (LOCKED, 30, ""),
        (LONG_AGO, 30, ""), (LONG_AGO, 30, "Too short"), (LONG_AGO, 30, "Before this system"),
    ],
)  # fmt: skip
def test_an_import_refuses_what_the_log_line_refuses(day, minutes, reason, sign_in, cast, stage):
    """The rules stand twice, in the model and in SQL over all rows: here they are held together."""
    stage.add(Period(month=month_of(LOCKED), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.add(TimeEntry(person_id=2, worked_on=TODAY, minutes=1400, kind="internal", logged_at=clock.now()))
    stage.commit()
    ben = sign_in(cast.ben)
    bring(ben, harvest(harvest_row(day, hours=f"0:{minutes}")))
    imported = say(ben, stage, reason=reason).status_code == 303 and not batch_of(stage).bad
    typed = {"work": "1", "duration": f"{minutes}m", "worked_on": day.isoformat(), "reason": reason}
    logged = ben.send("/time", **typed).status_code == 303
    assert imported == logged


def test_no_half_of_a_file_waits_when_reading_is_stopped(sign_in, cast, stage, monkeypatch):
    from crm.timelog.imports import staging

    write, calls = staging._write, []

    def stopped(*given):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(*given)

    monkeypatch.setattr(staging, "AT_ONCE", 2)
    monkeypatch.setattr(staging, "_write", stopped)
    with pytest.raises(KeyboardInterrupt):
        bring(sign_in(cast.ben), harvest(*(harvest_row(DAY - timedelta(n)) for n in range(9))))
    assert batch_of(stage).state is BatchState.DROPPED
    assert [stage.scalar(select(func.count()).select_from(table)) for table in (ImportRow, ImportName)] == [0, 0]


def test_too_many_names_are_refused_beside_the_file(sign_in, cast, stage, monkeypatch):
    from crm.timelog.imports import staging

    monkeypatch.setattr(staging, "NAMES", 10)
    ben = sign_in(cast.ben)
    answer = bring(ben, harvest(*(harvest_row(Project=f"P{n}") for n in range(12))))
    assert (answer.status_code, "different names of people, projects and tasks" in answer.text) == (422, True)
    assert batch_of(stage).state is BatchState.DROPPED
    assert stage.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_an_import_that_is_put_away_leaves_no_placeholder(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    for name, keeps in (("Zoe", True), ("Yan", False)):
        bring(ada, harvest(harvest_row(**{"First Name": name, "Last Name": "Gone"})))
        say(ada, stage, Person="placeholder")
        if keeps:
            take(ada, stage)
    bring(
        ada,
        harvest(*(harvest_row(Notes="Later", **{"First Name": name, "Last Name": "Gone"}) for name in ("Zoe", "Yan"))),
    )
    say(ada, stage, Person="placeholder")
    _, one, other = stage.scalars(select(ImportBatch).order_by(ImportBatch.id)).all()
    for batch, left in ((other, ["Yan Gone", "Zoe Gone"]), (one, ["Zoe Gone"])):  # the first still names Yan
        stage.refresh(batch)
        assert ada.send(f"/time/import/{batch.id}/drop", version=batch.version).status_code == 303
        assert stage.scalars(select(Person.name).where(Person.is_placeholder).order_by(Person.name)).all() == left


def test_somebody_unknown_comes_as_a_placeholder(sign_in, cast, stage):
    """By a partner alone; without account or capacity, marked, and the same one in the next file."""
    row = harvest_row(**{"First Name": "Zoe", "Last Name": "Gone"})
    ben = sign_in(cast.ben)
    bring(ben, harvest(row))
    assert say(ben, stage, Person="placeholder").status_code == 422
    ada = sign_in(cast.ada)
    for note in ("One", "Two"):
        page = ada.get(bring(ada, harvest(row | {"Notes": note})).location)
        assert '<option value="placeholder">' in page.text
        assert ('value="placeholder" autocomplete' in page.text) is (note == "Two"), "the word, no address of theirs"
        assert say(ada, stage, Person="placeholder").status_code == 303
        assert take(ada, stage).status_code == 303
    (zoe,) = stage.scalars(select(Person).where(Person.is_placeholder)).all()
    assert (zoe.name, zoe.is_here(TODAY)) == ("Zoe Gone", False)
    assert [(one.person_id, one.outside) for one in entries(stage)] == [(zoe.id, False)] * 2, "nobody could assign them"
    shown = plain(ada.get(f"/people/{zoe.id}"))
    assert "A placeholder: a name that came with imported time" in shown
    assert "Zoe Gone" not in ada.get("/people").text
    assert "placeholder.invalid" not in shown
    listed = plain(ada.get("/people?when=left"))
    assert "Zoe Gone" in listed
    assert "Left on" not in listed
    assert "Placeholder" in listed
