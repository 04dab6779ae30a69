"""Abe gives and takes access, keeps the practice's data, and looks after the mail."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm.accounts.invitations import Invitation
from crm.accounts.models import Account, Standing
from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.core import clock
from crm.outbox.models import DemoMail, Outbox
from crm.outbox.worker import Worker
from crm.people.models import Person
from crm.practice.models import Practice
from tests import cast as people

PASSWORD = "ferry-lantern-cobalt-9"
NEW = {"role": "viewer", "email": "dan@client1.example"}
PRACTICE = {
    "name": "Larkmoor & Co", "town": "Leeds", "currency": "eur", "zone": "Europe/Dublin", "region": "ie", "review_days": "8",
    "override_days": "60", "consultant_share": "75", "partner_share": "30", "consultant_target": "65", "partner_target": "35", "approval": "require", "timer_step": "6", "timer_up": "yes",
}  # fmt: skip


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("&amp;", "&")


@pytest.fixture
def abe(sign_in, cast):
    return sign_in(cast.abe)


@pytest.fixture
def dan(stage, cast):
    stage.add(Contact(id=4, client_id=1, name="Dan", email="dan@client1.example"))
    stage.commit()


def account(stage, email):
    stage.expire_all()
    return stage.scalars(select(Account).where(Account.email == email)).one_or_none()


def get_in(app, email, password):
    return app.test_client().post("/sign-in", data={"email": email, "password": password})


# --- accounts ---


def test_a_contact_is_found_and_invited(abe, dan, stage):
    found = abe.get("/settings/accounts/new?q=dan")
    assert "/settings/accounts/new/contact/4" in found.text
    assert "Cora" not in plain(found)
    form = abe.get("/settings/accounts/new/contact/4").text
    assert "dan@client1.example" in form
    made = abe.send("/settings/accounts/new/contact/4", **NEW)
    dans = account(stage, "dan@client1.example")
    assert (made.status_code, made.location) == (303, f"/settings/accounts/{dans.id}")
    assert stage.scalars(select(Standing).where(Standing.account_id == dans.id)).one().client_id == 1
    line = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "account.invite")).one()
    assert (line.person_id, line.subject_id) == (4, dans.id)


def test_pressing_twice_makes_one_account(abe, dan, stage):
    first = abe.send("/settings/accounts/new/contact/4", once="k", **NEW)
    again = abe.send("/settings/accounts/new/contact/4", once="k", **NEW)
    assert again.location == first.location
    assert stage.scalar(select(func.count(Account.id)).where(Account.name == "Dan")) == 1


def test_what_is_wrong_with_an_invitation_is_said(abe, dan, stage):
    answer = abe.send("/settings/accounts/new/contact/4", **NEW | {"email": "dan"})
    assert answer.status_code == 422
    assert "Write a mail address like" in plain(answer)
    assert 'value="dan"' in answer.text
    taken = abe.send("/settings/accounts/new/contact/4", **NEW | {"email": "cora@example.test"})
    assert (taken.status_code, "has an account already" in plain(taken)) == (422, True)
    wrong = abe.send("/settings/accounts/new/contact/4", **NEW | {"role": "admin"})
    assert (wrong.status_code, "Choose one of the list" in plain(wrong)) == (422, True)
    assert account(stage, "dan@client1.example") is None
    assert abe.get("/settings/accounts/new/contact/99").status_code == 404


def test_one_account_stands_for_contacts_of_two_companies(abe, dan, cast, sign_in, stage):
    cora = cast.cora
    given = abe.send(f"/settings/accounts/{cora.id}/roles/contact/3", role="viewer")
    assert (given.status_code, given.location) == (303, f"/settings/accounts/{cora.id}")
    assert abe.send(f"/settings/accounts/{cora.id}/roles/contact/3", role="viewer", version=1).status_code == 409
    hats = stage.scalars(select(Standing).where(Standing.account_id == cora.id).order_by(Standing.id)).all()
    assert [(one.role, one.client_id) for one in hats] == [("sponsor", 1), ("viewer", 2)]
    own = plain(sign_in(cora).get("/me"))
    assert "Northwind Sponsor Now" in own
    assert "Umbra Viewer Change" in own
    page = plain(abe.get(f"/settings/accounts/{cora.id}"))
    assert "Viewer, Umbra" in page
    version = str(account(stage, cora.email).version)
    ended = abe.send(f"/settings/accounts/{cora.id}/roles/{hats[0].id}/end", version=version)
    assert ended.status_code == 303
    last = abe.send(f"/settings/accounts/{cora.id}/roles/{hats[1].id}/end", version=account(stage, cora.email).version)
    assert (last.status_code, "last role of the account" in plain(last)) == (409, True)
    assert abe.send(f"/settings/accounts/{cora.id}/roles/1/end").status_code == 404


def test_closing_ends_every_session_at_once_and_reopening_lets_in_again(abe, cast, sign_in, app, stage):
    ben = sign_in(cast.ben)
    assert ben.get("/me").status_code == 200
    closed = abe.send(f"/settings/accounts/{cast.ben.id}/close")
    assert closed.status_code == 303
    assert ben.get("/me").location == "/sign-in?next=/me"
    again = abe.send(f"/settings/accounts/{cast.ben.id}/close", version=account(stage, cast.ben.email).version)
    assert (again.status_code, "closed already" in plain(again)) == (409, True)
    assert "Closed: nobody can sign in" in plain(abe.get(f"/settings/accounts/{cast.ben.id}"))
    abe.send(f"/settings/accounts/{cast.ben.id}/reopen", version=account(stage, cast.ben.email).version)
    assert account(stage, cast.ben.email).active
    assert ben.get("/me").status_code == 303  # the old session stays ended


def test_nobody_locks_the_office_up(abe, cast, stage):
    own = abe.send(f"/settings/accounts/{cast.abe.id}/close")
    assert (own.status_code, "your own account" in plain(own)) == (409, True)
    hat = stage.scalars(select(Standing.id).where(Standing.account_id == cast.abe.id)).one()
    assert abe.send(f"/settings/accounts/{cast.abe.id}/roles/{hat}/end").status_code == 409


def test_a_stale_page_closes_nothing(abe, cast, stage):
    stage.execute(update(Account).where(Account.id == cast.ben.id).values(version=5))
    answer = abe.send(f"/settings/accounts/{cast.ben.id}/close", version=1)
    assert answer.status_code == 409
    assert account(stage, cast.ben.email).active


def test_ending_the_sessions_of_another(abe, cast, sign_in):
    ben = sign_in(cast.ben)
    assert "End its sessions" in plain(abe.get(f"/settings/accounts/{cast.ben.id}"))
    assert abe.send(f"/settings/accounts/{cast.ben.id}/sessions").status_code == 303
    assert ben.get("/me").status_code == 303


def test_an_admin_sets_a_password_and_the_old_sessions_are_out(abe, cast, app, sign_in, stage):
    ben = sign_in(cast.ben)
    offered = re.search(r'name="password"[^>]*value="([^"]+)"', abe.get(f"/settings/accounts/{cast.ben.id}").text)[1]
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", offered)
    weak = abe.send(f"/settings/accounts/{cast.ben.id}/password", password="ben-ben-ben-ben")
    assert weak.status_code == 422
    done = abe.send(f"/settings/accounts/{cast.ben.id}/password", password=offered)
    assert done.status_code == 303
    assert "The new password is set" in plain(abe.get(done.location))
    assert ben.get("/me").status_code == 303
    assert get_in(app, cast.ben.email, offered).status_code == 303
    assert abe.send("/settings/accounts/999/password", password=offered).status_code == 404


@pytest.mark.parametrize("name", ["ben", "ada", "cora", "vic"])
def test_whoever_owns_the_account_is_told_of_a_new_password(name, abe, cast, app, stage):
    stage.get(Practice, 1).is_demo = True
    stage.commit()
    whose = getattr(cast, name)
    for password in (PASSWORD, f"{PASSWORD} once more"):
        version = str(account(stage, whose.email).version)
        done = abe.send(f"/settings/accounts/{whose.id}/password", password=password, version=version)
        assert done.status_code == 303
    Worker(app).run(until_empty=True)
    told = stage.scalars(select(DemoMail)).all()
    assert [(one.recipient, one.subject) for one in told] == [(whose.email, "Your password was changed")] * 2
    assert all("An admin set a new password for your account" in one.body for one in told)
    assert PASSWORD not in "".join(one.body for one in told)
    assert all(row.done_at and row.error is None for row in stage.scalars(select(Outbox)))


def test_name_and_address_of_an_account(abe, cast, stage):
    page = f"/settings/accounts/{cast.ben.id}"
    assert abe.send(page, name="Benjamin", email="BENJAMIN@example.test").status_code == 303
    assert account(stage, "benjamin@example.test").name == "Benjamin"
    taken = abe.send(page, name="Benjamin", email="ada@example.test", version=2)
    assert (taken.status_code, "belongs to another account" in plain(taken)) == (422, True)
    stale = abe.send(page, name="Benno", email="benno@example.test", version=1)
    assert (stale.status_code, "Now it says: Benjamin" in plain(stale)) == (409, True)


def test_the_list_finds_by_name_role_and_state(abe, cast, stage):
    assert "8 may sign in, 1 closed" not in plain(abe.get("/settings/accounts"))
    stage.execute(update(Account).where(Account.id == cast.vic.id).values(active=False))
    moment = clock.now() - timedelta(days=100)
    stage.execute(update(Account).where(Account.id == cast.uma.id).values(signed_in_at=moment))
    text = plain(abe.get("/settings/accounts"))
    assert "8 may sign in, 1 closed, 7 never signed in, 1 not here for 90 days" in text
    assert "Sponsor, Northwind" in text
    for query, who in (
        ("q=CORA", "cora"),
        ("role=sponsor&q=uma", "uma"),
        ("state=closed", "vic"),
        ("state=long", "uma"),
    ):
        found = re.findall(r"([a-z]+)@example\.test", abe.get(f"/settings/accounts?{query}").text)
        assert found == [who], query


def test_the_list_asks_no_more_with_more_rows(abe, cast, stage, statements):
    def asked():
        with statements() as seen:
            assert abe.get("/settings/accounts").status_code == 200
        return len(seen)

    few = asked()
    for n in range(20):
        people.account(stage, f"many{n}", "viewer", contact_id=2, client_id=1)
    stage.commit()
    assert asked() == few <= 12
    with statements() as seen:
        abe.get(f"/settings/accounts/{cast.cora.id}")
    assert len(seen) <= 12


@pytest.mark.parametrize("who", ["ada", "ben", "cora", "vic"])
def test_only_admins_enter_the_office(who, cast, sign_in):
    for address in ("/settings", "/settings/accounts", "/settings/practice", "/settings/mail"):
        assert sign_in(getattr(cast, who)).get(address).status_code == 403


# --- the practice ---


def test_the_practice_is_changed_and_its_home_says_so(abe, stage):
    assert abe.send("/settings/practice", **PRACTICE).status_code == 303
    stage.expire_all()
    practice = stage.get(Practice, 1)
    assert (practice.name, practice.currency, practice.region, practice.partner_target) == (
        "Larkmoor & Co",
        "EUR",
        "IE",
        35,
    )
    assert "Larkmoor & Co, Leeds" in plain(abe.get("/settings"))


def test_what_a_practice_cannot_be(abe, stage):
    wrong = {
        "currency": "JPY",
        "zone": "Leeds",
        "region": "XX",
        "review_days": "0",
        "consultant_share": "101",
        "name": " ",
    }
    answer = abe.send("/settings/practice", **PRACTICE | wrong)
    text = plain(answer)
    assert answer.status_code == 422
    for said in ("currency with hundredths", "name of a time zone", "public holidays are known", "from 1 to 60",
                 "from 1 to 100", "Write the practice’s name"):  # fmt: skip
        assert said in text or said.replace("’", "&#39;") in text, said
    assert 'value="JPY"' in answer.text
    assert stage.get(Practice, 1).currency == "GBP"


def test_two_change_the_practice_at_once(abe):
    abe.send("/settings/practice", **PRACTICE)
    late = abe.send("/settings/practice", **PRACTICE | {"town": "York"}, version=1)
    assert (late.status_code, "Now it says: Leeds" in plain(late)) == (409, True)


# --- mail ---


@pytest.fixture
def stuck(stage, cast):
    moment = clock.now() - timedelta(days=4)
    stage.add_all([
        Outbox(id=1, key="a", topic="mail", payload={"text": "SECRET"}, made_at=moment, due_at=moment, attempts=21,
               dead_at=moment, error="Connection refused", recipient="cora@example.test"),
        Outbox(id=2, key="b", topic="mail", payload={}, made_at=clock.now(), due_at=clock.now()),
        Outbox(id=3, key="c", topic="mail", payload={}, made_at=moment, due_at=moment, done_at=moment),
    ])  # fmt: skip
    stage.commit()


def test_mail_that_failed_is_tried_again(abe, stuck, stage):
    page = abe.get("/settings/mail")
    assert "1 message given up after three days of tries, 1 waiting" in plain(page)
    assert "Connection refused" in page.text
    assert "SECRET" not in page.text
    assert "1 mail that failed" in plain(abe.get("/settings"))
    assert abe.send("/settings/mail/1/retry").status_code == 303
    stage.expire_all()
    row = stage.get(Outbox, 1)
    assert (row.attempts, row.dead_at) == (0, None)
    left = abe.send("/settings/mail/3/retry")
    assert (left.status_code, "has left already" in plain(left)) == (409, True)
    assert abe.send("/settings/mail/99/retry").status_code == 404


def test_what_has_not_left_is_filtered_and_paged(abe, stuck, stage, statements):
    moment = clock.now()
    stage.add_all(
        Outbox(key=f"k{number}", topic="mail", payload={"text": "SECRET"}, made_at=moment, due_at=moment, attempts=number % 2,
               error="451 later" if number % 2 else None, recipient=f"r{number}@example.test", kind="comment")
        for number in range(120)
    )  # fmt: skip
    stage.commit()
    with statements() as asked:
        page = abe.get("/settings/mail?state=again&kind=comment")
    assert len(asked) <= 6
    assert "1 to 50 of 60 messages" in plain(page)
    assert "Comments" in plain(page)
    assert "SECRET" not in page.text
    assert "451 later" in abe.get("/settings/mail?state=again&page=2").text
    assert "cora@example.test" in abe.get("/settings/mail?state=failed").text
    assert "Nothing fits" in abe.get("/settings/mail?kind=meeting").text
    assert "r7@example.test" in abe.get("/settings/mail?q=r7@").text


def test_all_that_was_given_up_is_tried_again_at_once(abe, stuck, stage, cast, sign_in):
    version = str(stage.get(Practice, 1).version)
    assert sign_in(cast.ada).send("/settings/mail/retry", version=version).status_code == 403
    assert abe.send("/settings/mail/retry", version=version).status_code == 303
    stage.expire_all()
    assert [(row.attempts, row.dead_at) for row in stage.scalars(select(Outbox).order_by(Outbox.id))][:2] == [
        (0, None)
    ] * 2
    assert stage.get(Outbox, 3).done_at
    assert "Try all that were given up" not in abe.get("/settings/mail").text


def test_only_the_demo_shows_letters(abe, stage):
    stage.add(
        DemoMail(key="k", recipient="cora@example.test", subject="Exit plan waits", body="Hello Cora", at=clock.now())
    )
    stage.commit()
    assert "Exit plan waits" not in abe.get("/settings/mail").text
    stage.execute(update(Practice).values(is_demo=True))
    assert "Hello Cora" in abe.get("/settings/mail").text
    assert "Nothing fits" in abe.get("/settings/mail?q=nothing").text


def test_a_letter_of_the_demo_is_shown_as_mail_readers_show_it_and_may_do_nothing(abe, sign_in, cast, stage):
    html = "<!doctype html><p style='color:red'>Hello Cora</p><script>alert(1)</script>"
    stage.add(DemoMail(id=7, key="k", recipient="cora@example.test", subject="x", body="x", html=html, at=clock.now()))
    stage.commit()
    assert abe.get("/settings/mail/letters/7").status_code == 404
    stage.execute(update(Practice).values(is_demo=True))
    shown = abe.get("/settings/mail/letters/7")
    rules = shown.headers["Content-Security-Policy"].split("; ")
    assert shown.text == html
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'none'"} <= set(rules)
    assert next(rule for rule in rules if rule.startswith("sandbox")).split()[1:] == [
        "allow-top-navigation-by-user-activation"
    ]
    assert abe.get("/settings/mail/letters/8").status_code == 404
    assert sign_in(cast.ada).get("/settings/mail/letters/7").status_code == 403


# --- housekeeping ---


def test_the_first_screen_says_what_wants_an_admin(abe, cast, app, stage, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "https://practice.example")
    stage.execute(update(Practice).values(is_demo=True, version=2))
    assert "Nothing wants you" in plain(abe.get("/settings"))
    stage.add(Person(id=50, name="Zoe Lark", email="zoe@larkmoor.example", kind="consultant"))
    for n, who in enumerate((cast.eve, cast.tess)):
        stage.add(
            Invitation(account_id=who.id, made_at=clock.now(), expires_at=clock.now() + timedelta(days=1 if n else -1))
        )
    stage.execute(
        update(Account).where(Account.id == cast.uma.id).values(signed_in_at=clock.now() - timedelta(days=100))
    )
    stage.execute(update(Practice).values(is_demo=False, version=1))
    text = plain(abe.get("/settings"))
    for said in (
        "4 things want you: 2 open invitations, 1 colleague without a way in, 1 unused account and 2 settings never set",
        "1 link is over: send it again",
        "Zoe Lark: invite them",
        "No mail server (MAIL_HOST): invitations and sign-offs wait.",
    ):
        assert said in text, text[:1500]
    found = re.findall(r"([a-z]+)@example\.test", abe.get("/settings/accounts?state=invited").text)
    assert found == ["eve", "tess"]


def test_the_first_screen_asks_no_more_with_more_rows(abe, cast, stage, statements):
    def asked():
        with statements() as seen:
            assert abe.get("/settings").status_code == 200
        return len(seen)

    few = asked()
    for n in range(10):
        stage.add(Person(name=f"Many {n}", email=f"many{n}@larkmoor.example", kind="consultant"))
    stage.commit()
    assert asked() == few <= 12


def test_a_refused_press_shows_the_account_whole(sign_in, cast, words):
    """What is shown beside the refusal is read anew: hats and sessions, too."""
    abe = sign_in(cast.abe)
    address = f"/settings/accounts/{cast.cora.id}"
    whole = words(abe.get(address))
    refused = abe.send(f"{address}/sessions", version=99)
    assert refused.status_code == 409
    for said in ("Sponsor", "Northwind"):
        assert (said in whole, said in words(refused)) == (True, True), said
