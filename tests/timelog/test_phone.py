"""The page that the installed app opens, the way in for what waited on a device, and what a device keeps."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.engagements.people import Assignment
from crm.home.device import shell_files
from tests.cast import TODAY
from tests.timelog.test_logging import HALF, entries, entry_of, lock

EMPTY = dict.fromkeys(("other", "duration", "client_note", "area", "deliverable", "kind", "note", "reason"), "")


@pytest.fixture
def browser(app, cast):
    """Nobody's."""
    return app.test_client()


def test_the_page_says_what_was_logged_and_what_is_left(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = ben.send("/time/log", **HALF)
    assert (answer.status_code, answer.location) == (303, f"/time/log?logged={entries(stage)[0].id}")
    said = re.sub(r"\s+", " ", ben.get(answer.location).text)
    assert "30 min for Northwind, STR. 3.9 days left" in said
    assert "<b>30 min</b> logged today" in said


def test_its_statements_do_not_grow(sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)

    def asked():
        with statements() as seen:
            assert ben.get("/time/log").status_code == 200
        return len(seen)

    stage.add(entry_of(cast))
    stage.commit()
    few = asked()
    stage.add_all(entry_of(cast, minutes=5) for _ in range(30))
    stage.commit()
    assert asked() == few <= 12


def test_what_waited_is_logged_once_and_its_key_repeated(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answers = [ben.send("/time/waiting", once="made-on-the-device", version="1", **EMPTY, **HALF) for _ in range(2)]
    assert {(one.status_code, one.json["once"]) for one in answers} == {(200, "made-on-the-device")}
    assert len(entries(stage)) == 1


@pytest.mark.parametrize("said", [EMPTY | HALF, {"line": "30m NORTH minutes", "written_on": TODAY.isoformat()}])
def test_what_was_logged_is_not_refused_when_its_answer_was_lost(said, sign_in, cast, stage):
    """Meanwhile one left the engagement: told that it is wrong, one would log it a second time."""
    ben = sign_in(cast.ben)
    assert ben.send("/time/waiting", once="of-the-device", version="1", **said).status_code == 200
    for one in stage.scalars(select(Assignment).where(Assignment.person_id == 2)):
        one.begins, one.ends = TODAY - timedelta(90), TODAY - timedelta(60)
    stage.commit()
    again = ben.send("/time/waiting", once="of-the-device", version="1", **said)
    assert (again.status_code, again.json.get("once")) == (200, "of-the-device")
    assert ben.send("/time/waiting", once="another", version="1", **said).status_code == 422
    assert len(entries(stage)) == 1


def test_what_came_by_the_page_is_not_logged_again_by_the_device(sign_in, cast, stage):
    """The answer to the page's own form was lost; the device sends the same key and fields."""
    ben = sign_in(cast.ben)
    typed = {"once": "of-the-form", "version": "1", **EMPTY, **HALF}
    assert ben.send("/time/log", **typed).status_code == 303
    assert ben.send("/time/waiting", **typed).json["once"] == "of-the-form"
    assert len(entries(stage)) == 1


def test_a_refusal_says_why_and_logs_nothing(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    wrong = ben.send("/time/waiting", **{**HALF, "pick": "", "duration": "soon"})
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json["problems"]] == ["duration"]
    lock(stage, TODAY)
    locked = ben.send("/time/waiting", **HALF)
    assert locked.status_code == 422
    assert "is locked: its time can no longer be changed" in locked.json["problems"][0]["says"]
    assert entries(stage) == []


def test_a_line_that_waited_is_read_as_on_the_day_it_was_written(sign_in, cast, stage):
    ben, before = sign_in(cast.ben), TODAY - timedelta(1)
    typed = {
        "once": "of-the-line",
        "line": "45m north board call; 15m internal",
        "reason": "",
        "written_on": before.isoformat(),
    }
    for _ in range(2):
        assert ben.send("/time/waiting", **typed).json["once"] == "of-the-line"
    assert [(one.minutes, one.worked_on) for one in entries(stage)] == [(45, before), (15, before)]
    ahead = {**typed, "once": "ahead", "line": "5m internal", "written_on": "2099-01-01"}
    assert ben.send("/time/waiting", **ahead).status_code == 200
    assert entries(stage)[-1].worked_on == TODAY, "a device's clock may be wrong"


@pytest.mark.parametrize("line", ["45m nobody call", "1h north; #risk They may leave", "#risk They may leave", "soon"])
def test_a_line_that_is_not_clear_or_opens_a_form_stays_on_the_device(line, sign_in, cast, stage):
    refused = sign_in(cast.ben).send("/time/waiting", line=line, reason="", written_on="no day")
    assert refused.status_code == 422
    assert refused.json["problems"]
    assert entries(stage) == []


def test_an_entry_of_another_account_is_not_taken(sign_in, cast, stage):
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    mark = ben.get("/time/waiting").json["mark"]
    assert mark == ben.get("/time/waiting").json["mark"] != ada.get("/time/waiting").json["mark"]
    assert ada.send("/time/waiting", mark=mark, **HALF).status_code == 403
    assert entries(stage) == []


def test_without_a_session_the_device_is_told_so_and_led_nowhere(browser):
    answer = browser.get("/time/waiting", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (401, "")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/sw.js", "text/javascript"), ("/app.webmanifest", "application/manifest+json"), ("/offline", "text/html")],
)
def test_what_a_device_keeps_is_the_same_for_everybody(path, kind, browser, sign_in, cast):
    ben = sign_in(cast.ben)
    to_nobody, to_ben = browser.get(path), ben.get(path)
    assert to_nobody.status_code == 200
    assert to_nobody.mimetype == kind
    assert to_nobody.headers["Cache-Control"] == "no-cache", (
        "asked again each time, so that a new shell is taken at once"
    )
    assert "worker-src 'self'" in to_nobody.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in to_nobody.headers
    assert to_nobody.data == to_ben.data
    assert "Ben" not in to_ben.text
    again = browser.get(path, headers={"If-None-Match": to_nobody.headers["ETag"]})
    assert again.status_code == 304


def test_the_manifest_opens_where_time_is_logged(browser):
    told = json.loads(browser.get("/app.webmanifest").text)
    assert (told["start_url"], told["display"], told["scope"]) == ("/time/log", "standalone", "/")
    for one in told["icons"]:
        icon = browser.get(one["src"])
        assert icon.data[16:24] == bytes.fromhex("{0:08x}{0:08x}".format(int(one["sizes"].split("x")[0])))
        icon.close()


def test_the_worker_keeps_the_shell_and_one_page(app, browser):
    body = browser.get("/sw.js").text
    kept = json.loads(re.search(r"const SHELL = (\[.*?\]);", body)[1])
    assert [one for one in kept if not one.startswith("/static/")] == ["/offline"]
    with app.app_context():
        assert len(kept) == len(shell_files()) + 1
    page = browser.get("/offline").text
    linked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert linked <= set(kept), "all that the page is made of is there without a connection"


def test_a_new_state_of_the_files_is_a_new_worker(app, browser, monkeypatch):
    before = browser.get("/sw.js").text
    monkeypatch.setattr("crm.home.device.USUAL", 15)
    assert browser.get("/sw.js").text != before


def test_only_who_logs_time_is_offered_the_app(sign_in, cast):
    assert "/app.webmanifest" in sign_in(cast.ben).get("/today").text
    for who, path in ((cast.cora, "/portal"), (cast.abe, "/settings")):
        page = sign_in(who).get(path).text
        assert "/app.webmanifest" not in page
        assert "data-mark" not in page


@pytest.mark.parametrize(("form", "cleared"), [({}, '"cache", "storage"'), ({"waiting": "keep"}, '"cache"')])
def test_signing_out_clears_the_device_but_what_somebody_keeps(form, cleared, sign_in, cast):
    answer = sign_in(cast.ben).post("/sign-out", data=form)
    assert answer.headers["Clear-Site-Data"] == cleared
