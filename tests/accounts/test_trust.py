"""A trusted device: thirty days for reading and logging, and a fresh proof for what has weight."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from crm.access.policy import MAY
from crm.access.tidy import ended_sessions
from crm.access.weighty import WEIGHTY
from crm.accounts.models import KeptForm, SignedIn
from crm.core import clock
from crm.practice.models import Practice
from tests.accounts.keys import RIGHT, give_app, give_password
from tests.routes import PRACTICE

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def session(*, began, seen, trusted=None, proved=None, ended=None):
    return SignedIn(began_at=NOW - began, seen_at=NOW - seen, trusted_until=trusted and NOW - began + trusted,
                    proved_at=proved and NOW - proved, ended_at=ended)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "is_open", "is_fresh"),
    [
        (session(began=HOUR, seen=HOUR / 2), True, True),
        (session(began=11 * HOUR, seen=HOUR), True, True),  # a working day is fresh as long as it lasts
        (session(began=12 * HOUR, seen=HOUR / 2), False, True),
        (session(began=3 * HOUR, seen=2 * HOUR), False, True),
        (session(began=HOUR, seen=HOUR, trusted=30 * DAY), True, True),
        (session(began=2 * HOUR, seen=HOUR, trusted=30 * DAY), True, False),
        (session(began=29 * DAY, seen=10 * DAY, trusted=30 * DAY), True, False),
        (session(began=29 * DAY, seen=0 * DAY, trusted=30 * DAY, proved=HOUR), True, True),
        (session(began=29 * DAY, seen=0 * DAY, trusted=30 * DAY, proved=2 * HOUR), True, False),
        (session(began=30 * DAY, seen=0 * DAY, trusted=30 * DAY, proved=HOUR), False, True),
        (session(began=HOUR, seen=0 * DAY, trusted=30 * DAY, ended=NOW), False, True),
    ],
)
def test_how_long_it_opens_and_for_what(one, is_open, is_fresh):
    assert (one.is_open(NOW), one.is_fresh(NOW)) == (is_open, is_fresh)


def test_the_statement_says_what_the_row_says(stage, cast):
    rows = [
        session(began=began, seen=seen, trusted=trusted)
        for began, seen in ((HOUR, HOUR / 2), (11 * HOUR, HOUR), (12 * HOUR, HOUR), (3 * HOUR, 2 * HOUR), (29 * DAY, 9 * DAY), (31 * DAY, HOUR))
        for trusted in (None, 30 * DAY)
    ]  # fmt: skip
    for n, one in enumerate(rows):
        one.account_id, one.token_hash = cast.ben.id, f"row {n}"
    stage.add_all(rows)
    stage.commit()
    found = stage.scalars(select(SignedIn).where(SignedIn.opens(NOW), SignedIn.token_hash.like("row %"))).all()
    assert {one.id for one in found} == {one.id for one in rows if one.is_open(NOW)}


def test_every_act_of_weight_is_a_verb():
    assert set(MAY) >= WEIGHTY


@pytest.fixture
def weeks_ago(stage, app, cast):
    """Abe and Cora signed in a week ago, on devices that they trust."""
    moment = clock.now()
    ago = {"began_at": moment - 7 * DAY, "seen_at": moment - DAY, "trusted_until": moment + 23 * DAY}
    stage.execute(update(SignedIn).values(ago))
    give_password(app, stage, cast.abe)


def test_reading_and_logging_go_on(weeks_ago, cast, sign_in):
    assert sign_in(cast.abe).get("/settings").status_code == 200
    assert sign_in(cast.abe).send("/me", name="Abraham", theme="").location == "/me"
    logged = sign_in(cast.ben).send("/today", line="1h VEN vendor review north")
    assert logged.status_code in {303, 409, 422}, "asked for no proof"
    assert "/me/proof" not in (logged.location or "")


def test_an_act_of_weight_asks_who_it_is_and_goes_on_from_there(weeks_ago, cast, sign_in, stage):
    abe = sign_in(cast.abe)
    stopped = abe.send("/settings/practice", **PRACTICE)
    kept = f"/me/kept/{stage.scalar(select(KeptForm.id))}"
    assert (stopped.status_code, stopped.location) == (303, f"/me/proof?next={kept}")
    assert stage.scalar(select(Practice.currency)) == "GBP"
    page = abe.get(stopped.location)
    assert "Is it you?" in page.text
    wrong = abe.send("/me/proof", password="not this one", next=kept)
    assert (wrong.status_code, "not the password" in wrong.text) == (422, True)
    assert abe.send("/settings/practice", **PRACTICE).location.startswith("/me/proof")
    assert abe.send("/me/proof", password=RIGHT, next=kept).location == kept
    assert 'value="Europe/Dublin"' in abe.get(kept).text
    assert abe.send("/settings/practice", **PRACTICE).location == "/settings"


def test_a_code_of_the_app_proves_it_once(weeks_ago, cast, sign_in, app, stage):
    phone = give_app(app, stage, cast.abe)
    abe, code = sign_in(cast.abe), phone.code()
    assert abe.send("/me/proof", code=code, next="/settings").location == "/settings"
    assert abe.send("/settings/practice", **PRACTICE).location == "/settings"
    stage.execute(update(SignedIn).values(proved_at=None))
    assert abe.send("/me/proof", code=code, next="/settings").status_code == 422
    assert abe.send("/me/proof", password="", next="/settings").status_code == 422


def test_taking_everything_asks_too(weeks_ago, cast, sign_in):
    cora = sign_in(cast.cora)
    assert cora.get("/portal").status_code == 200
    assert cora.get("/portal/archive.zip").location == "/me/proof?next=/portal/archive.zip"


def test_an_address_that_outlives_the_session_asks_too(weeks_ago, cast, sign_in):
    assert sign_in(cast.cora).send("/me/calendar").location.startswith("/me/proof?next=/me/kept/")


def test_what_one_may_not_do_is_not_asked_for(weeks_ago, cast, sign_in):
    assert sign_in(cast.ben).send("/settings/practice", **PRACTICE).status_code == 403


def test_a_script_is_led_there_too(weeks_ago, cast, sign_in):
    answer = sign_in(cast.abe).post(
        "/settings/practice", data=PRACTICE | {"once": "k", "version": "1"}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"][:9]) == (401, "/me/proof")


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_proof_leads_nowhere_else(target, weeks_ago, cast, sign_in):
    assert sign_in(cast.abe).send("/me/proof", password=RIGHT, next=target).location == "/"


def test_what_is_thrown_away_is_not_what_still_opens(weeks_ago, app, stage):
    stage.execute(update(SignedIn).where(SignedIn.id == 1).values(trusted_until=None))
    stage.execute(update(SignedIn).where(SignedIn.id == 2).values(ended_at=clock.now()))
    with app.app_context():
        ended_sessions()
    assert {1, 2} & set(stage.scalars(select(SignedIn.id))) == set()
    assert 3 in stage.scalars(select(SignedIn.id)).all()
