"""A meeting from its plan to the minutes that the sponsor reads; and lines that become what they say."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.areas.across.models import Action, ActionStatus, Decision, DecisionStatus
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.audit.models import AuditEntry
from crm.clients.models import Activity, Attendee, Contact, Department
from crm.meetings.models import AgendaItem, Meeting, MeetingAttendee, MeetingNote, MeetingState
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from crm.registers.models import Origin, RegisterEntry
from tests.cast import TODAY
from tests.html import faults

HOME = "/clients/1/meetings/"
PLAN = {"title": "Management meeting", "kind": "management", "on": str(TODAY), "begins": "9.30", "place": "Room 2",
        "agenda": "What was agreed\nMoney", "contacts": ["1", "2"], "colleagues": "2", "others": "Ann Auditor", "shown": "asked"}  # fmt: skip


@pytest.fixture
def planned(sign_in, cast, stage):
    answer = sign_in(cast.ben).send(f"{HOME}new", **PLAN)
    assert answer.status_code == 303
    return stage.scalars(select(Meeting)).one()


def keep(browser, line, source="client", **more):
    return browser.send(f"/clients/1/lines?source={source}", line=line, seen=line, **more)


def minutes(browser, meeting, stage, **said):
    stage.expire_all()
    points = stage.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position)
    ).all()
    there = stage.scalars(select(MeetingAttendee).where(MeetingAttendee.meeting_id == meeting.id)).all()
    present = [str(one.id) for one in there if one.contact_id != 2]
    typed = {
        f"minutes-{points[1].id}": "We spent **12,000**.",
        "present": present,
        "note": "Cora is tired",
        "version": meeting.version,
    }
    return browser.send(f"{HOME}{meeting.id}", **(typed | said))


def test_planned_run_held_and_shared(planned, sign_in, cast, stage, words):
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    page = ben.get(f"{HOME}{planned.id}")
    assert all(
        said in words(page)
        for said in ("Management meeting", "09:30, Room 2", "1. What was agreed", "Ann Auditor", "Vic")
    )
    assert faults(page.text) == []
    assert minutes(ben, planned, stage).status_code == 303
    before = words(cora.get(f"/portal/meetings/{planned.id}"))
    assert all(
        said in before
        for said in ("Management meeting", "09:30, Room 2", "Asked to come: Cora, Vic, Ann Auditor and Ben")
    )
    assert not any(said in before for said in ("Money", "12,000", "tired", "Not there")), (
        "what is talked about is the team's"
    )
    assert ben.send(f"{HOME}{planned.id}/sharing", version=planned.version).status_code == 409, "not before it was held"
    stage.refresh(planned)
    assert ben.send(f"{HOME}{planned.id}/holding", version=planned.version).status_code == 303
    activity = stage.scalars(select(Activity)).one()
    assert (activity.kind, activity.visibility, activity.happened_on) == ("meeting", "client", TODAY), (
        "the sponsor contact of F10"
    )
    assert stage.scalars(select(Attendee.contact_id).where(Attendee.contact_id.is_not(None))).all() == [1], (
        "Vic was not there"
    )
    keep(ben, "action: Cora sends the figures by tomorrow @cora", f"meeting-{planned.id}")
    stage.refresh(planned)
    for _ in range(2):
        assert ben.send(f"{HOME}{planned.id}/sharing", once="one press", version=planned.version).status_code == 303
    stage.refresh(planned)
    assert (planned.state, planned.visibility) == (MeetingState.SHARED, "client")
    shown = cora.get(f"/portal/meetings/{planned.id}")
    assert "<strong>12,000</strong>" in shown.text
    assert "Cora sends the figures" in words(shown)
    assert "Not there: Vic" in words(shown)
    assert "tired" not in shown.text, "the internal note never"
    assert faults(shown.text) == []
    assert "Cora sends the figures" in words(cora.get("/portal/meetings"))
    assert sign_in(cast.uma).get(f"/portal/meetings/{planned.id}").status_code == 404
    said = [
        one.verb
        for one in stage.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "meeting").order_by(AuditEntry.id))
    ]
    assert said == ["meeting.add", "meeting.write", "meeting.hold", "meeting.share"]
    assert minutes(ben, planned, stage).status_code == 409, "what the client has stays"
    assert "Management meeting" in words(ben.get("/search?q=management+minutes"))


def test_one_letter_to_those_of_the_client(planned, sign_in, cast, stage, app, see):
    ben = sign_in(cast.ben)
    minutes(ben, planned, stage)
    keep(ben, "Cora sends the figures by tomorrow @cora", f"meeting-{planned.id}")
    for step in ("holding", "sharing"):
        stage.refresh(planned)
        ben.send(f"{HOME}{planned.id}/{step}", version=planned.version)
    posted = [one for one in stage.scalars(select(Outbox)) if one.topic == "meeting.shared"]
    assert len(posted) == 1
    from crm.core.viewer import SYSTEM

    with see(SYSTEM):
        letters = letters_of("meeting.shared", posted[0].payload)
        assert sorted(one.to.name for one in letters) == ["Cora", "Vic"]
        to_cora = next(one for one in letters if one.to.name == "Cora")
        assert ("Cora sends the figures" in to_cora.text, to_cora.path) == (True, f"/portal/meetings/{planned.id}")
    stage.execute(update(RegisterEntry).values(visibility="team"))  # taken back before the letter left
    stage.commit()
    with see(SYSTEM):
        texts = [one.text for one in letters_of("meeting.shared", posted[0].payload)]
        assert [("Cora sends" in one, "agreed" in one) for one in texts] == [(False, False)] * 2


def test_lines_become_what_they_say(planned, sign_in, cast, stage, words):
    ben, source = sign_in(cast.ben), f"meeting-{planned.id}"
    shown = ben.send(
        f"/clients/1/lines?source={source}", line="action: Tess asks three suppliers by 2099-01-05 @tess #VEN"
    )
    assert (shown.status_code, stage.scalars(select(Action)).all()) == (200, []), "shown back before it is kept"
    assert all(said in words(shown) for said in ("Tess asks three suppliers", "Vendor", "press again"))
    seen = re.search(r'name="seen" value="([^"]+)"', shown.text)[1]
    for _ in range(2):
        kept = ben.send(f"/clients/1/lines?source={source}", once="a", line=seen, seen=seen)
        assert kept.status_code == 303
    action = stage.scalars(select(Action)).one()
    assert (action.title, action.owner_person_id, action.area, action.visibility) == (
        "Tess asks three suppliers",
        5,
        "VEN",
        "team",
    )
    assert keep(ben, "decision: The till stays @cora", source).status_code == 303
    decision = stage.scalars(select(Decision)).one()
    assert (decision.status, decision.outcome, decision.owner_contact_id, decision.recorded_by_id, decision.decided_on) == (
        DecisionStatus.DECIDED, "The till stays", 1, 2, TODAY,
    )  # fmt: skip
    assert decision.review_on == TODAY + timedelta(90)
    assert keep(ben, "question: Which till? Old / New by 2099-01-05 @cora", source).status_code == 303
    assert keep(ben, "promise: A list by 2099-01-05 @cora #finance", source).status_code == 303
    promise = stage.scalars(select(Commitment)).one()
    assert (promise.what, promise.to_contact_id, promise.keeper_id, promise.status) == (
        "A list",
        1,
        2,
        CommitmentStatus.OPEN,
    )
    assert len(stage.scalars(select(Origin).where(Origin.meeting_id == planned.id)).all()) == 4
    page = words(ben.get(f"{HOME}{planned.id}"))
    assert all(said in page for said in ("Tess asks three suppliers", "decided by Cora", "Which till?", "A list"))
    leads_back = ben.get(f"/clients/1/areas/vendors/actions/{action.id}")
    assert f'href="{HOME}{planned.id}"' in leads_back.text, "from an action back to its meeting"


def test_who_keeps_lines(planned, sign_in, cast, stage, words):
    """Anybody who serves the client; what was decided, the lead alone; nobody of the client, nobody of another."""
    line, source = "action: Ask around by 2099-01-05", f"meeting-{planned.id}"
    for who, answer in (("tess", 303), ("cora", 403), ("uma", 403), ("finn", 404), ("eve", 404), ("abe", 403)):
        assert keep(sign_in(getattr(cast, who)), line, source).status_code == answer, who
    assert keep(sign_in(cast.tess), "decision: We stay").status_code == 403
    ben = sign_in(cast.ben)
    wrong = ben.send("/clients/1/lines", line="Ring @zoe")
    assert (wrong.status_code, "Nobody here is called" in words(wrong), 'value="Ring @zoe"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert ben.send("/clients/1/lines", line="").status_code == 422
    assert keep(ben, line, "meeting-9999").status_code == 404
    assert len(stage.scalars(select(Action)).all()) == 1


def test_the_next_one_carries_open_points(planned, sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    keep(ben, "action: Still to do by 2099-01-05", f"meeting-{planned.id}")
    keep(ben, "action: Finished by 2099-01-05", f"meeting-{planned.id}")
    stage.scalars(select(Action).where(Action.title == "Finished")).one().status = ActionStatus.DONE
    planned.state = MeetingState.HELD
    stage.commit()
    proposed = ben.get(f"{HOME}new?after={planned.id}")
    assert all(said in proposed.text for said in ("What was agreed on", "Money", 'value="Room 2"'))
    ben.send(f"{HOME}new?after={planned.id}", **(PLAN | {"on": str(TODAY + timedelta(30))}))
    second = stage.scalars(select(Meeting).where(Meeting.follows_id == planned.id)).one()
    ben.send(f"{HOME}new?after={second.id}", **(PLAN | {"on": str(TODAY + timedelta(60))}))
    third = stage.scalars(select(Meeting).where(Meeting.follows_id == second.id)).one()
    page = words(ben.get(f"{HOME}{third.id}"))
    assert "Still open from before" in page
    assert "Still to do" in page
    assert "Finished" not in page
    assert ben.send(f"{HOME}{second.id}/holding", version=second.version).status_code == 409, "it is still to come"


def test_a_point_keeps_what_was_said_about_it(planned, sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    minutes(ben, planned, stage)
    stage.refresh(planned)
    answer = ben.send(
        f"{HOME}{planned.id}/edit", **(PLAN | {"agenda": "Money\nStaff", "version": planned.version, "others": ""})
    )
    assert answer.status_code == 303
    points = stage.scalars(select(AgendaItem).order_by(AgendaItem.position)).all()
    stage.expire_all()
    assert [(one.title, one.minutes) for one in points] == [("Money", "We spent **12,000**."), ("Staff", "")]
    assert "Ann Auditor" not in words(ben.get(f"{HOME}{planned.id}"))
    stage.refresh(planned)
    refused = ben.send(f"{HOME}{planned.id}/edit", **(PLAN | {"agenda": "", "version": planned.version}))
    assert (refused.status_code, "has minutes" in words(refused)) == (422, True)
    assert ben.send(f"{HOME}{planned.id}/edit", **(PLAN | {"version": 1})).status_code == 409, "somebody was faster"
    assert ben.send(f"{HOME}new", **(PLAN | {"title": ""})).status_code == 422


def test_the_pages_cost_the_same_for_many_rows(planned, sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)

    def cost(path):
        with statements() as seen:
            assert ben.get(path).status_code == 200
        return len(seen)

    paths = (f"{HOME}{planned.id}", HOME, "/engagements/1/meetings", "/today")
    few = [cost(path) for path in paths]
    for n in range(6):
        keep(ben, f"action: Number {n} by tomorrow", f"meeting-{planned.id}")
        keep(ben, f"promise: List {n} by tomorrow @cora #finance", f"meeting-{planned.id}")
    many = [cost(path) for path in paths]
    assert many == few
    assert max(many) <= 12
    with statements() as seen:
        keep(ben, "action: One more by tomorrow", f"meeting-{planned.id}")
    assert len(seen) <= 14
    cora = sign_in(cast.cora)
    with statements() as seen:
        assert cora.get("/portal/meetings").status_code == 200
    assert len(seen) <= 12


def test_a_promise_in_a_corridor(sign_in, cast, stage, words):
    """From Today, in one line: whom it was made to says which client."""
    stage.add(Department(id=7, client_id=1, kind="finance", name="Money"))
    stage.flush()
    stage.get(Contact, 1).department_id = 7
    stage.commit()
    ben, line = sign_in(cast.ben), "A list by end of month @cora"
    assert "Cora" in words(ben.get("/today/promises/reading?line=A+list+%40cora"))
    assert "Nobody here is called" in words(ben.get("/today/promises/reading?line=A+list+%40uma")), "no client of his"
    shown = ben.send("/today/promises", line=line)
    assert (shown.status_code, "Northwind" in words(shown)) == (200, True)
    for _ in range(2):
        assert ben.send("/today/promises", once="p", line=line, seen=line).status_code == 303
    promise = stage.scalars(select(Commitment)).one()
    assert (promise.client_id, promise.department, promise.area) == (1, "finance", "STK")
    assert ben.send("/today/promises", line="action: x", seen="action: x").status_code == 422


def test_the_clients_people_finish_what_is_theirs(planned, sign_in, cast, stage, words):
    keep(sign_in(cast.ben), "action: Cora sends the figures by tomorrow @cora")
    action = stage.scalars(select(Action)).one()
    here = f"/portal/actions/{action.id}/done"
    assert sign_in(cast.cora).send(here).status_code == 404, "only the team reads it yet"
    sign_in(cast.ben).send(f"/clients/1/areas/strategy/actions/{action.id}/sharing")
    stage.refresh(action)
    assert sign_in(cast.vic).send(here, version=action.version).status_code == 403, "not Vic's"
    assert sign_in(cast.uma).send(here, version=action.version).status_code == 404
    cora = sign_in(cast.cora)
    assert faults(cora.get("/portal/meetings").text) == []
    for _ in range(2):
        assert cora.send(here, once="done", version=action.version).status_code == 303
    stage.refresh(action)
    assert (action.status, action.done_on) == (ActionStatus.DONE, TODAY)
    assert cora.send(here, version=action.version).status_code == 409


def test_an_internal_meeting_is_no_contact_with_the_sponsor(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send(f"{HOME}new", **(PLAN | {"contacts": None, "others": None}))
    meeting = stage.scalars(select(Meeting)).one()
    assert ben.send(f"{HOME}{meeting.id}/holding", version=meeting.version).status_code == 303
    assert stage.scalars(select(Activity)).all() == []
    stage.refresh(meeting)
    empty = ben.send(f"{HOME}{meeting.id}/sharing", version=meeting.version)
    assert (empty.status_code, stage.scalars(select(MeetingNote)).all()) == (409, []), (
        "minutes that say nothing are not sent"
    )


@pytest.mark.parametrize(("said", "shown"), [
    ({}, True), ({"shown": "never"}, False), ({"contacts": []}, False), ({"contacts": [], "shown": "always"}, True),
])  # fmt: skip
def test_the_client_reads_an_appointment_where_it_is_shown_to_them(said, shown, sign_in, cast, stage, words):
    """Day, hour, title, place and who comes; of what is to be talked about not a word, and nothing where it is the team's."""
    later = TODAY + timedelta(9)
    plan = PLAN | {"title": "Walk through hall two", "on": str(later), "agenda": "Our fees"} | said
    assert sign_in(cast.ben).send(f"{HOME}new", **plan).status_code == 303
    meeting = stage.scalars(select(Meeting)).one()
    who = stage.scalars(select(MeetingAttendee.visibility).where(MeetingAttendee.meeting_id == meeting.id)).all()
    assert set(who) == {"client" if shown else "team"}
    assert stage.scalars(select(AgendaItem.visibility)).all() == ["team"]
    for one in (cast.cora, cast.vic):
        browser = sign_in(one)
        for address in ("/portal", "/portal/meetings"):
            page = browser.get(address)
            assert ("Walk through hall two" in words(page)) is shown, address
            assert "Our fees" not in page.text
            assert faults(page.text) == []
        there = browser.get(f"/portal/meetings/{meeting.id}")
        assert (there.status_code, "Our fees" in there.text) == (200 if shown else 404, False)
        assert not shown or faults(there.text) == []
    uma = sign_in(cast.uma)
    assert uma.get(f"/portal/meetings/{meeting.id}").status_code == 404
    assert "hall two" not in uma.get("/portal").text


def test_what_is_taken_back_is_gone_and_the_one_after_it_opens_nothing(planned, sign_in, cast, stage):
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    edit = f"{HOME}{planned.id}/edit"
    assert 'value="asked" selected' in ben.get(edit).text
    kept = ben.send(edit, **PLAN | {"version": planned.version, "shown": "never", "title": "Coras pay"})
    assert (kept.status_code, cora.get(f"/portal/meetings/{planned.id}").status_code) == (303, 404)
    assert 'value="never" selected' in ben.get(edit).text
    assert 'value="never" selected' in ben.get(f"{HOME}new?after={planned.id}").text
    stage.refresh(planned)
    ben.send(edit, **PLAN | {"version": planned.version})
    assert cora.get(f"/portal/meetings/{planned.id}").status_code == 200
    told = stage.scalars(select(AuditEntry.open_to).where(AuditEntry.verb == "meeting.revise")).all()
    assert set(told) == {"team"}, "what it was called before is nobody else's"


def test_a_line_without_script_keeps_the_minutes_that_were_typed(planned, sign_in, cast, stage, words):
    """The first press keeps the minutes and shows the line as it is understood; the second keeps both."""
    ben, line = sign_in(cast.ben), "action: Tess asks three suppliers by 2099-01-05 @tess"
    page = ben.get(f"{HOME}{planned.id}").text
    assert re.search(r'<input class="input" id="line" form="minutes"', page), "sent with the minutes"
    assert re.search(r'<button class="btn" data-kind="primary" form="minutes">Keep', page)
    shown = minutes(ben, planned, stage, line=line)
    assert shown.status_code == 303
    assert stage.scalars(select(AgendaItem.minutes).order_by(AgendaItem.position)).all() == ["", "We spent **12,000**."]
    assert stage.scalars(select(Action)).all() == []
    there = ben.get(shown.location)
    assert all(
        said in there.text for said in (f'value="{line}"', f'name="seen" form="minutes" value="{line}"', "Tess asks")
    )
    assert faults(there.text) == []
    stage.refresh(planned)
    for _ in range(2):
        kept = minutes(ben, planned, stage, line=line, seen=line, note="More", once="both", version=2)
        assert (kept.status_code, "added=" in kept.location) == (303, True)
    assert stage.scalars(select(Action.title)).one() == "Tess asks three suppliers"
    assert stage.scalars(select(MeetingNote.body)).one() == "More"
    assert "Kept: Tess asks three suppliers" in words(ben.get(kept.location))
    again = minutes(ben, planned, stage, line="question: Which till?", once="both", version=2)
    assert again.status_code == 422, "another line under the same key is not taken for the first"


@pytest.mark.parametrize(
    ("line", "says"), [("action: Ring @zoe", "Nobody here is called"), ("promise: A list", "to whom")]
)
def test_a_line_that_is_not_understood_stays_typed_and_the_minutes_are_kept(
    line, says, planned, sign_in, cast, stage, words
):
    ben = sign_in(cast.ben)
    there = ben.get(minutes(ben, planned, stage, line=line, seen=line).location)
    assert (f'value="{line}"' in there.text, says in words(there)) == (True, True)
    assert "We spent **12,000**." in stage.scalars(select(AgendaItem.minutes)).all()
    assert stage.scalars(select(RegisterEntry)).all() == []
    for long in ("x" * 401, "長" * 120):  # as a line, and as an address that it goes back in
        again = minutes(ben, planned, stage, line=long, note="Kept as typed")
        assert (again.status_code, "Kept as typed" in again.text, long in again.text) == (422, True, True)
