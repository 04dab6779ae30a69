"""Time in one line of text: shown back by the parser that saves, several at once or none, forms opened and not kept."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.twelve import Area
from crm.desk.typed import stint_of_line
from crm.registers.models import RegisterEntry
from crm.timelog import examples
from crm.timelog.grammar import read
from crm.timelog.models import TimeKind, TimeNote
from crm.timelog.reading import Known
from tests.cast import TODAY
from tests.timelog.test_logging import entries, entry_of, lock

CALL = "1.5 NORTH SEC board call"


def words_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.mark.parametrize("page", ["today", "week"])
def test_a_line_is_logged_and_said(page, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = ben.send("/time/line", line=f"{CALL} // she may leave", back=page)
    one = entries(stage)[0]
    assert (answer.status_code, answer.location) == (303, f"/{'time' if page == 'week' else page}?logged={one.id}")
    assert (one.person_id, one.client_id, one.engagement_id, one.worked_on, one.minutes) == (2, 1, 1, TODAY, 90)
    assert (one.kind, one.area, one.client_note) == (TimeKind.BILLABLE, Area.SEC, "board call")
    assert stage.scalars(select(TimeNote.body)).one() == "she may leave"
    assert stage.scalars(select(AuditEntry.verb)).all() == ["time.log"]
    assert "1 h 30 min for Northwind, SEC" in words_of(ben.get(answer.location))


@pytest.mark.parametrize("page", ["/today", "/time"])
def test_the_line_stands_beside_the_taps(page, sign_in, cast):
    text = sign_in(cast.ben).get(page).text
    assert 'id="typed-line"' in text
    assert 'name="pick"' in text
    assert "/time/grammar" in text


def test_the_preview_is_what_is_saved(sign_in, cast, stage):
    """Typed, previewed without script, logged: one reading."""
    ben = sign_in(cast.ben)
    part = ben.get(f"/time/line/reading?line={CALL}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    whole = ben.send("/time/line", line=CALL, preview="yes")
    assert part.status_code == whole.status_code == 200
    for answer in (part, whole):
        assert "Time 1 h 30 min For Northwind Area Security Day Today Note board call" in words_of(answer)
    assert entries(stage) == []
    assert ben.get(f"/time/line/reading?line={CALL}").location.startswith("/time/line?line=")
    ben.send("/time/line", line=CALL)
    one = entries(stage)[0]
    assert (one.minutes, one.area, one.client_note) == (90, Area.SEC, "board call")


def test_several_at_once_are_logged_together(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = ben.send("/time/line", line="1h NORTH call; 30m internal planning; 15m NORTH yesterday VEN")
    found = entries(stage)
    assert [(one.minutes, one.kind.value, one.worked_on) for one in found] == [
        (60, "billable", TODAY), (30, "internal", TODAY), (15, "billable", TODAY - timedelta(1)),
    ]  # fmt: skip
    assert answer.location == f"/today?logged={found[0].id}&more=2"
    assert "and 2 more entries of the same line" in words_of(ben.get(answer.location))
    assert stage.scalars(select(TimeNote.body)).all() == ["planning"]  # there is no client to read it


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1h NORTH call; 30m nobody", "Entry 2: Say for whom"), ("23h NORTH; 2h internal", "Entry 2: A day has 24 hours"),
        ("1h NORTH; 2h NORTH 1/1/2025", "lies outside your dates at Northwind"),
    ],
)  # fmt: skip
def test_all_of_a_line_or_nothing(line, says, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    refused = ben.send("/time/line", line=line)
    assert refused.status_code == 422
    assert says in words_of(refused)
    assert f'value="{line}"' in refused.text
    assert "<title>Error: " in refused.text
    assert entries(stage) == []
    assert stage.scalars(select(func.count(AuditEntry.id))).one() == 0


def test_every_entry_says_what_is_wrong_with_it(sign_in, cast, stage):
    lock(stage, TODAY - timedelta(40))
    day = (TODAY - timedelta(40)).isoformat()
    refused = words_of(sign_in(cast.ben).send("/time/line", line=f"1h NORTH {day}; 20h NORTH; 5h internal"))
    assert "Entry 1:" in refused
    assert "is locked" in refused
    assert "Entry 3: A day has 24 hours" in refused
    assert "Entry 2:" not in refused
    assert entries(stage) == []


def test_outside_the_dates_the_line_asks_why(sign_in, cast, stage):
    ben, line = sign_in(cast.ben), f"1h NORTH {(cast.north.starts - timedelta(1)).isoformat()} handover"
    refused = ben.send("/time/line", line=line)
    assert refused.status_code == 422
    assert 'name="reason"' in refused.text
    assert ben.send("/time/line", line=line, reason="Took over a day early").status_code == 303
    assert stage.scalars(select(TimeNote.reason)).one() == "Took over a day early"
    assert entries(stage)[0].outside


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "Write how long, for whom and what"), ("1h Umbra call", "Say for whom"), ("30 NORTH", "no duration up to 24 hours"),
        ("1h\u202eNORTH", "characters that cannot be shown"), ("1h NORTH " + "x" * 1001, "at most 1000"),
        ("1h NORTH " + (TODAY + timedelta(1)).isoformat(), "still to come"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_clear_is_shown_again(line, says, sign_in, cast, stage):
    refused = sign_in(cast.ben).send("/time/line", line=line)
    assert refused.status_code == 422
    assert says in words_of(refused)
    assert entries(stage) == []


def test_pressing_twice_logs_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    told = [ben.send("/time/line", once="k1", line=f"{CALL}; 15m internal") for _ in range(2)]
    assert len({answer.location for answer in told}) == 1
    assert len(entries(stage)) == 2
    assert ben.send("/time/line", once="k1", line="2h NORTH").status_code == 422  # another line with the same key
    assert len(entries(stage)) == 2


@pytest.mark.parametrize(("who", "code"), [("abe", 403), ("cora", 403), ("vic", 403), ("eve", 422), ("finn", 422), ("ada", 422)])  # fmt: skip
def test_who_does_not_log_for_northwind(who, code, sign_in, cast, stage):
    refused = sign_in(getattr(cast, who)).send("/time/line", line=CALL)
    assert refused.status_code == code
    assert "Northwind" not in refused.text
    assert entries(stage) == []


# --- Forms that a line opens ---


@pytest.mark.parametrize(
    ("line", "path", "field"),
    [
        ("#decision NORTH SEC Renew the lines?", "/clients/1/areas/security/decisions/new", "question"),
        ("#risk NORTH VEN the supplier leaves", "/clients/1/areas/vendors/risks/new", "title"),
        ("NORTH SEC #action Gwen sends the list", "/clients/1/areas/security/actions/new", "title"),
        ("#promise NORTH wireless by Friday", "/clients/1/areas/stakeholders/commitments/new", "what"),
    ],
)
def test_a_mark_opens_its_form_already_filled(line, path, field, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = ben.send("/time/line", line=line)
    there = urlsplit(answer.location)
    asked = parse_qs(there.query)
    assert (answer.status_code, there.path) == (303, path)
    form = ben.get(answer.location)
    assert form.status_code == 200
    assert f'name="{field}" type="text" value="{asked[field][0]}"' in form.text
    if field != "what":
        assert '<option value="1" selected>' in form.text  # the engagement
    assert stage.scalars(select(func.count(RegisterEntry.id))).one() == 0
    assert entries(stage) == []


def test_the_time_is_logged_and_then_the_form_opens(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = ben.send("/time/line", line="1h NORTH SEC audit call; #action Gwen sends the list")
    assert answer.location == "/clients/1/areas/security/actions/new?engagement_id=1&title=Gwen+sends+the+list"
    assert [(one.minutes, one.client_note) for one in entries(stage)] == [(60, "audit call")]
    assert stage.scalars(select(func.count(RegisterEntry.id))).one() == 0
    assert "1 h logged. Send this form to keep it, too." in ben.get(answer.location).text


# --- Lines of before ---


def test_lines_of_before_log_the_same_again(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    for line in (CALL, "2h internal planning", "15m NORTH yesterday goodwill, call // for us", CALL):
        ben.send("/time/line", line=line)
    page = ben.get("/time/line").text
    lines = re.findall(r'data-line="([^"]+)"', page)
    assert lines == [
        "1:30 NORTH #SEC board call",
        "0:15 NORTH goodwill #SEC call // for us",
        "2:00 internal planning",
    ]
    part = ben.get("/time/line/before", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert re.findall(r'data-line="([^"]+)"', part) == lines
    before = len(entries(stage))
    for line in lines:
        assert ben.send("/time/line", line=line).status_code == 303
    assert [(one.minutes, one.kind, one.area, one.client_note) for one in entries(stage)[before:]] == [
        (90, TimeKind.BILLABLE, Area.SEC, "board call"), (15, TimeKind.GOODWILL, Area.SEC, "call"),
        (120, TimeKind.INTERNAL, None, ""),
    ]  # fmt: skip


def test_nobody_else_s_lines_are_offered(sign_in, cast, stage):
    stage.add(entry_of(cast, "tess", client_note="Tess was here"))
    stage.commit()
    assert "Tess was here" not in sign_in(cast.ben).get("/time/line").text


# --- The page that explains it ---


def test_ten_examples_are_read_by_the_parser(sign_in, cast):
    known = Known(examples.WORKS, TODAY)
    assert len(examples.TEN) == 10
    for one in examples.TEN:
        assert read(one.line, known).is_sure, one.line
    page = sign_in(cast.ben).get("/time/grammar")
    assert page.text.count('class="example"') == 10
    assert "NORTH" in page.text
    assert "the kind of time, or does the note begin there" in words_of(page)


def test_a_stint_is_the_entry_that_was_shown():
    (entry,) = read("45m BRA DEL-231 draft // ours", Known(examples.WORKS, TODAY)).entries
    stint = stint_of_line(entry, "not needed")
    assert (stint.minutes, stint.worked_on, stint.area, stint.deliverable_id, stint.client_note, stint.note, stint.reason) == (
        45, TODAY, Area.SEC, 231, "draft", "ours", "",
    )  # fmt: skip


# --- What it costs ---


def test_logging_one_line_costs_at_most_eight_statements(sign_in, world, statements):
    ben = sign_in(world.ben)
    with statements() as seen:
        assert ben.send("/time/line", line="30m NORTH DEL-001 a call // and for us").status_code == 303
    assert len(seen) <= 8, "\n".join(" ".join(one.split())[:150] for one in seen)


@pytest.mark.parametrize("page", ["/time/line?line=1h+NORTH+call", "/time/line/reading?line=1h+NORTH", "/time/grammar"])
def test_the_pages_of_the_line_cost_the_same_with_many_rows(page, sign_in, world, statements, stage):
    ben, counts = sign_in(world.ben), []
    for number in (0, 25):
        stage.add_all(entry_of(world, minutes=1) for _ in range(number))
        stage.commit()
        with statements() as seen:
            ben.get(page, headers={"HX-Request-Type": "partial"} if "reading" in page else {})
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 2, counts


def test_a_deleted_entry_is_no_line_of_before(stage, sign_in, cast):
    stage.add(entry_of(cast, client_note="gone", voided_at=clock.now()))
    stage.commit()
    assert "gone" not in sign_in(cast.ben).get("/time/line").text
