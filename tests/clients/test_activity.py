"""What passed between us: written once for its readers, corrected by whoever wrote it; and what is promised next."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.clients.models import Activity, Attendee, FollowUp
from crm.core.clock import now
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from tests.cast import TODAY
from tests.html import faults

DAY = TODAY.isoformat()
CALL = {"kind": "call", "happened_on": DAY, "title": "The exit clause", "body": "They will ask legal.\n\nBy Friday."}
TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)
REFUSED = [("finn", 404), ("eve", 404), ("abe", 403), ("cora", 403), ("vic", 403)]


def activities(stage):
    stage.expire_all()
    return stage.scalars(select(Activity).order_by(Activity.id)).all()


def follow_ups(stage):
    stage.expire_all()
    return stage.scalars(select(FollowUp).order_by(FollowUp.id)).all()


@pytest.fixture
def said(stage, cast):
    """Ben's internal note and a call of Ada's that the client may read."""
    for key, kind, who, visibility in ((1, "note", 2, Visibility.TEAM), (2, "call", 1, Visibility.CLIENT)):
        stage.add(Activity(id=key, client_id=1, kind=kind, happened_on=TODAY, title=f"Said {key}", person_id=who,
                           written_at=now(), visibility=visibility))  # fmt: skip
    stage.commit()
    return cast


@pytest.fixture
def promised(stage, cast):
    """Ben's follow-up about Northwind, and Tess's."""
    stage.add(FollowUp(id=1, client_id=1, person_id=2, title="Send two dates", due=YESTERDAY))
    stage.add(FollowUp(id=2, client_id=1, person_id=5, title="Ask for terms", due=TOMORROW))
    stage.commit()
    return cast


# Writing


def test_a_call_with_everybody_who_was_there(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    assert faults(ben.get("/clients/1/activity").text) == []
    answer = ben.send("/clients/1/activities", **CALL, contacts=["1", "2"], colleagues=["5"], engagement_id="1")
    assert (answer.status_code, answer.location) == (303, "/clients/1/activity#timeline")
    (made,) = activities(stage)
    assert (made.kind, made.happened_on, made.person_id, made.engagement_id, made.visibility) == (
        "call", TODAY, 2, 1, Visibility.TEAM)  # fmt: skip
    there = {(one.contact_id, one.person_id) for one in stage.scalars(select(Attendee))}
    assert there == {(1, None), (2, None), (None, 5)}
    page = ben.get("/clients/1/activity").text
    assert faults(page) == []
    for words in (
        "The exit clause",
        "<b>Ben</b>, with Tess, called <b>Cora and Vic</b> · ENG-001 · internal",
        "By Friday.",
    ):
        assert words in " ".join(page.split()), words


@pytest.mark.parametrize(("who", "code"), REFUSED)
def test_who_may_not_write(who, code, sign_in, cast, stage):
    browser = sign_in(getattr(cast, who))
    assert browser.send("/clients/1/activities", **CALL).status_code == code
    assert browser.send("/clients/1/follow-ups/new", title="x", person_id="2", due=DAY).status_code == code
    assert (activities(stage), follow_ups(stage)) == ([], [])


def test_pressed_twice_it_is_written_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    step = {"next_step": "Ring back", "next_owner": "2", "next_due": DAY}
    assert [ben.send("/clients/1/activities", once="k", **CALL, **step).status_code for _ in range(2)] == [303, 303]
    assert (len(activities(stage)), len(follow_ups(stage))) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Choose what it was"),
        ({"kind": "seance"}, "Choose"),
        ({"happened_on": ""}, "Write the day, like 2026-11-20"),
        ({"happened_on": TOMORROW.isoformat()}, "Write a day that has been; what is to come is a follow-up"),
        ({"title": ""}, "Say in one line what it was about"),
        ({"next_step": "Ring back"}, "Say by when, like 2026-11-20"),
        ({"next_step": "Ring back", "next_due": YESTERDAY.isoformat()}, "Write a day from today on"),
    ],
)
def test_a_wrong_answer_keeps_what_was_typed(typed, said, sign_in, cast, stage):
    answer = sign_in(cast.ben).send("/clients/1/activities", **CALL | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "They will ask legal." in answer.text
    assert faults(answer.text) == []
    assert (activities(stage), follow_ups(stage)) == ([], [])


@pytest.mark.parametrize("typed", [{"contacts": "3"}, {"colleagues": "3"}, {"engagement_id": "2"}, {"next_owner": "6"}])
def test_nobody_of_another_client_was_there(typed, sign_in, cast, stage):
    """Uma is Umbra's contact, Eve and Finn serve others, and engagement 2 is Umbra's."""
    answer = sign_in(cast.ben).send("/clients/1/activities", **CALL, next_step="x", next_due=DAY, **typed)
    assert answer.status_code == 422
    assert activities(stage) == []


def test_who_reads_it_is_chosen_once(sign_in, said, stage, see):
    """Internal stays internal: no form asks again, and the row itself refuses."""
    ben = sign_in(said.ben)
    form = ben.get("/clients/1/activities/1/edit").text
    assert faults(form) == []
    assert 'name="shared"' not in form
    assert "It is internal; that was chosen when it was written" in form
    ben.send("/clients/1/activities/1/edit", **CALL, shared="yes", visibility="client")
    one = activities(stage)[0]
    assert (one.title, one.visibility) == ("The exit clause", Visibility.TEAM)
    with pytest.raises(Refused):
        one.visibility = Visibility.CLIENT


def test_the_client_reads_what_was_shared_and_nothing_else(sign_in, cast, see):
    ben = sign_in(cast.ben)
    ben.send("/clients/1/activities", **CALL)
    ben.send("/clients/1/activities", **CALL | {"title": "Open", "shared": "yes", "contacts": "1"})
    page = ben.get("/clients/1/activity").text
    assert page.count("the client may read this") == 1
    for who, titles in ((cast.cora, ["Open"]), (cast.vic, ["Open"]), (cast.uma, [])):
        with see(who) as session:
            assert [one.title for one in session.scalars(select(Activity))] == titles
            assert len(session.scalars(select(Attendee)).all()) == len(titles)
            assert session.scalars(select(FollowUp)).all() == []


# Correcting


def test_whoever_wrote_it_corrects_it(sign_in, said, stage):
    ben = sign_in(said.ben)
    ben.send("/clients/1/activities/1/edit", **CALL, contacts="1", colleagues="5")
    answer = ben.send("/clients/1/activities/1/edit", version=2, **CALL | {"kind": "meeting"}, contacts="2")
    assert (answer.status_code, answer.location) == (303, "/clients/1/activity#activity-1")
    one = activities(stage)[0]
    assert (one.kind, one.edited_at is not None) == ("meeting", True)
    assert [(row.contact_id, row.person_id) for row in stage.scalars(select(Attendee))] == [(2, None)]
    assert "edited" in ben.get("/clients/1/activity").text


@pytest.mark.parametrize(("who", "code"), [("ada", 403), ("tess", 403), *REFUSED])
def test_nobody_else_corrects_it(who, code, sign_in, said, stage):
    browser = sign_in(getattr(said, who))
    assert browser.get("/clients/1/activities/1/edit").status_code == code
    assert browser.send("/clients/1/activities/1/edit", **CALL).status_code == code
    assert activities(stage)[0].title == "Said 1"


def test_on_two_devices_the_second_sees_both_texts(sign_in, said, stage):
    first, second = sign_in(said.ben), sign_in(said.ben)
    first.send("/clients/1/activities/1/edit", **CALL)
    clash = second.send("/clients/1/activities/1/edit", **CALL | {"title": "Exit terms", "body": "Mine."})
    assert clash.status_code == 409
    assert faults(clash.text) == []
    for words in ("Now it says: <b>The exit clause</b>", 'value="Exit terms"', "They will ask legal.", "Mine."):
        assert words in clash.text
    assert activities(stage)[0].title == "The exit clause"


def test_the_timeline_is_searched_and_filtered(sign_in, said):
    ben = sign_in(said.ben)
    for asked, first, second in (
        ("", True, True), ("q=said+1", True, False), ("kind=call", False, True), ("readers=client", False, True),
        ("readers=team", True, False), ("q=nothing", False, False), ("kind=seance", True, True),
    ):  # fmt: skip
        page = ben.get(f"/clients/1/activity?{asked}").text
        assert (">Said 1<" in page, ">Said 2<" in page) == (first, second), asked
        assert faults(page) == []
    part = ben.get("/clients/1/activity?kind=call", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert part.strip().startswith('<div id="list">')


def test_the_timeline_has_pages(sign_in, cast, stage):
    stage.add_all(Activity(client_id=1, kind="note", happened_on=TODAY - timedelta(n), title=f"Note {n:02}", person_id=2, written_at=now())
                  for n in range(25))  # fmt: skip
    stage.commit()
    ben = sign_in(cast.ben)
    first, second = (ben.get(f"/clients/1/activity?page={n}").text for n in (1, 2))
    assert ("Note 00" in first, "Note 24" in first) == (True, False)
    assert ("Note 00" in second, "Note 24" in second) == (False, True)
    assert "21 to 25 of 25 activities" in second


def test_writing_is_cheap(sign_in, cast, statements):
    ben = sign_in(cast.ben)
    with statements() as seen:
        assert ben.send("/clients/1/activities", **CALL).status_code == 303
    assert len(seen) <= 8, "\n".join(seen)


# Follow-ups


def test_a_next_step_appears_on_its_owners_today(sign_in, cast, stage):
    ben, tess = sign_in(cast.ben), sign_in(cast.tess)
    ben.send("/clients/1/activities", **CALL, next_step="Ring legal", next_owner="5", next_due=DAY)
    (made,) = follow_ups(stage)
    assert (made.person_id, made.due, made.client_id, made.activity_id) == (5, TODAY, 1, activities(stage)[0].id)
    assert "Ring legal" in tess.get("/today").text
    assert "Ring legal" not in ben.get("/today").text
    assert "Ring legal" in ben.get("/clients/1").text
    assert set(stage.scalars(select(AuditEntry.verb))) == {"activity.log", "followup.add"}


def test_a_follow_up_is_added(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    assert faults(ben.get("/clients/1/follow-ups/new").text) == []
    step = {"title": "Send two dates", "person_id": "2", "due": DAY}
    first, again = (ben.send("/clients/1/follow-ups/new", once="k", **step) for _ in range(2))
    assert first.location == again.location == "/clients/1#follow-ups"
    assert [one.title for one in follow_ups(stage)] == ["Send two dates"]
    assert "Send two dates" in ben.get("/today").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Say in one line what is to be done"),
        ({"due": ""}, "Say by when"),
        ({"due": YESTERDAY.isoformat()}, "Write a day from today on"),
        ({"due": "soon"}, "Write"),
        ({"person_id": "6"}, "Choose"),  # Finn does not serve them
    ],
)
def test_a_wrong_follow_up_is_asked_again(typed, said, sign_in, promised, stage):
    step = {"title": "Send three dates", "person_id": "2", "due": DAY}
    for address in ("/clients/1/follow-ups/new", "/clients/1/follow-ups/1/edit"):
        answer = sign_in(promised.ben).send(address, **step | typed)
        assert answer.status_code == 422
        assert said in answer.text
        assert faults(answer.text) == []
    assert [one.title for one in follow_ups(stage)] == ["Send two dates", "Ask for terms"]


@pytest.mark.parametrize("nobody", ["person-1", "", "९", "9" * 12, "99", "[]"])
def test_whoever_is_no_contact_was_not_there(nobody, sign_in, said, stage):
    for address in ("/clients/1/activities", "/clients/1/activities/1/edit"):
        assert sign_in(said.ben).send(address, **CALL, contacts=[nobody]).status_code == 422
    assert [one.title for one in activities(stage)] == ["Said 1", "Said 2"]


def test_done_and_undone_on_the_clients_page(sign_in, promised, stage):
    ben = sign_in(promised.ben)
    assert ">Send two dates<" in ben.get("/clients/1").text
    done = ben.send("/clients/1/follow-ups/1/done", back="overview", once="k")
    assert (done.status_code, done.location) == (303, "/clients/1?done=1#follow-ups")
    assert ben.send("/clients/1/follow-ups/1/done", back="overview", once="k").status_code == 303
    assert ben.send("/clients/1/follow-ups/1/done", version=2).status_code == 409
    page = ben.get(done.location).text
    assert faults(page) == []
    assert "Done: Send two dates" in page
    assert (
        ben.send("/clients/1/follow-ups/1/open", version=2, back="activity").location
        == "/clients/1/activity#follow-ups"
    )
    assert follow_ups(stage)[0].done_at is None
    assert "finished the follow-up" in ben.get("/clients/1/history").text


@pytest.mark.parametrize("deed", ["done", "open", "edit"])
@pytest.mark.parametrize(("who", "code"), [("ada", 403), ("tess", 403), *REFUSED])
def test_it_is_its_owners(who, code, deed, sign_in, promised, stage):
    answer = sign_in(getattr(promised, who)).send(f"/clients/1/follow-ups/1/{deed}", title="x", person_id="5", due=DAY)
    assert answer.status_code == code
    one = follow_ups(stage)[0]
    assert (one.title, one.due, one.done_at) == ("Send two dates", YESTERDAY, None)


def test_put_off_on_today(sign_in, promised, stage):
    ben = sign_in(promised.ben)
    page = ben.get("/today").text
    assert faults(page) == []
    assert f'name="due" value="{TOMORROW.isoformat()}">Tomorrow</button>' in page
    first, again = (ben.send("/today/follow-ups/1/due", once="k", due=TOMORROW.isoformat()) for _ in range(2))
    assert (first.status_code, first.location, again.status_code) == (303, "/today#follow-ups", 303)
    assert (follow_ups(stage)[0].due, follow_ups(stage)[0].version) == (TOMORROW, 2)
    history = ben.get("/clients/1/history").text
    assert "moved or edited the follow-up" in history
    assert f"By: {YESTERDAY.day} " in history


@pytest.mark.parametrize(
    ("who", "typed", "version", "code"),
    [("ben", {"due": YESTERDAY.isoformat()}, 1, 422), ("ben", {}, 1, 422), ("ben", {"due": DAY}, 7, 409), ("tess", {"due": DAY}, 1, 403),
     ("ada", {"due": DAY}, 1, 403), ("finn", {"due": DAY}, 1, 404), ("abe", {"due": DAY}, 1, 403), ("cora", {"due": DAY}, 1, 403)],
)  # fmt: skip
def test_not_put_off(who, typed, version, code, sign_in, promised, stage):
    answer = sign_in(getattr(promised, who)).send("/today/follow-ups/1/due", version=version, **typed)
    assert answer.status_code == code
    assert follow_ups(stage)[0].due == YESTERDAY
    if who == "ben":
        assert 'role="alert"' in answer.text
        assert faults(answer.text) == []


def test_moved_to_any_day_or_handed_over(sign_in, promised, stage):
    ben = sign_in(promised.ben)
    address = "/clients/1/follow-ups/1/edit"
    form = ben.get(f"{address}?back=today").text
    assert faults(form) == []
    assert f'value="{YESTERDAY.isoformat()}"' in form
    later = (TODAY + timedelta(30)).isoformat()
    answer = ben.send(address, back="today", title="Send three dates", person_id="5", due=later)
    assert (answer.status_code, answer.location) == (303, "/today#follow-ups")
    one = follow_ups(stage)[0]
    assert (one.title, one.person_id, one.due.isoformat()) == ("Send three dates", 5, later)
    assert "Who: Ben, now Tess" in ben.get("/clients/1/history").text
    assert ben.get(address).status_code == 403  # it is Tess's now


def test_what_is_done_is_not_moved(sign_in, promised, stage):
    stage.get(FollowUp, 1).done_at = now()
    stage.commit()
    ben = sign_in(promised.ben)
    for address in ("/today/follow-ups/1/due", "/clients/1/follow-ups/1/edit"):
        answer = ben.send(address, version=2, title="x", person_id="2", due=DAY)
        assert answer.status_code == 409
        assert "This follow-up is done already. Reopen it first." in answer.text
    assert follow_ups(stage)[0].due == YESTERDAY


def test_two_devices_and_one_follow_up(sign_in, promised, stage):
    first, second = sign_in(promised.ben), sign_in(promised.ben)
    first.send("/clients/1/follow-ups/1/edit", title="Send one date", person_id="2", due=DAY)
    clash = second.send("/clients/1/follow-ups/1/edit", title="Send ten dates", person_id="5", due=TOMORROW.isoformat())
    assert clash.status_code == 409
    assert faults(clash.text) == []
    for words in ("Now it says: <b>Send one date</b>", 'value="Send ten dates"', "Now it says: <b>Ben</b>"):
        assert words in clash.text
    assert follow_ups(stage)[0].title == "Send one date"
