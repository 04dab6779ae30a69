"""A planned meeting that is moved or does not take place: the row stays, everybody asked is told, calendars know, and it can come back."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from crm.audit.models import AuditEntry
from crm.clients.models import Activity, Client
from crm.core.viewer import SYSTEM
from crm.core.words import day
from crm.meetings.models import Meeting, MeetingState
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from tests.cast import TODAY
from tests.html import faults
from tests.meetings.test_stories import HOME, PLAN

LATER = TODAY + timedelta(9)
WHY = "Carys is abroad"


@pytest.fixture
def ahead(sign_in, cast, stage):
    plan = PLAN | {"on": str(LATER), "colleagues": ["2", "5"]}
    assert sign_in(cast.ben).send(f"{HOME}new", **plan).status_code == 303
    return stage.scalars(select(Meeting)).one()


def cancel(browser, meeting, stage, **said):
    stage.refresh(meeting)
    return browser.send(f"{HOME}{meeting.id}/cancellation", **({"reason": WHY, "version": meeting.version} | said))


def revise(browser, meeting, stage, **said):
    stage.refresh(meeting)
    stands = PLAN | {"on": str(meeting.on), "colleagues": ["2", "5"], "version": meeting.version}
    return browser.send(f"{HOME}{meeting.id}/edit", **(stands | said))


def letters(see, stage, topic="meeting.changed"):
    posted = stage.scalars(select(Outbox).where(Outbox.topic == topic).order_by(Outbox.id)).all()
    with see(SYSTEM):
        return [sorted((one.to.name, one.subject) for one in letters_of(row.topic, row.payload)) for row in posted]


def event_of(browser, app):
    """The meeting as the calendar of whoever signed in here has it."""
    page = browser.send("/me/calendar")
    address = page.text.split("/calendar/")[1][:47]
    found = Calendar.from_ical(app.test_client().get(f"/calendar/{address}").data).walk("VEVENT")
    return next(one for one in found if str(one["uid"]).startswith("meeting-"))


def test_cancelled_it_stays_and_everybody_asked_is_told(ahead, sign_in, cast, stage, see, words):
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    asked = ben.get(f"{HOME}{ahead.id}/cancellation")
    assert "Cora, Vic and Tess are told" in words(asked)
    assert faults(asked.text) == []
    assert cancel(ben, ahead, stage, reason="").status_code == 422
    for _ in range(2):
        assert cancel(ben, ahead, stage, once="one press", version=1).status_code == 303
    stage.refresh(ahead)
    assert (ahead.state, ahead.cancelled_because) == (MeetingState.CANCELLED, WHY)
    assert [[name for name, _ in told] for told in letters(see, stage)] == [["Cora", "Tess", "Vic"]], (
        "and not who did it"
    )
    page = ben.get(f"{HOME}{ahead.id}")
    assert all(said in words(page) for said in ("Cancelled.", WHY, "Plan it again"))
    assert faults(page.text) == []
    assert "Cancelled" in words(ben.get("/engagements/1/meetings"))
    there = cora.get(f"/portal/meetings/{ahead.id}")
    assert all(said in words(there) for said in ("Cancelled.", WHY, "does not take place"))
    assert faults(there.text) == []
    assert "Cancelled" in words(cora.get("/portal/meetings"))
    assert ahead.title not in words(cora.get("/portal")), "it does not come next"
    assert sign_in(cast.uma).get(f"/portal/meetings/{ahead.id}").status_code == 404
    assert stage.scalars(select(Activity)).all() == [], "no contact with the sponsor"
    entry = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "meeting.cancel")).one()
    assert (entry.from_state, entry.to_state, entry.open_to) == ("draft", "cancelled", "team")


def test_what_is_cancelled_is_neither_held_nor_written(ahead, sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    cancel(ben, ahead, stage)
    stage.refresh(ahead)
    for step, more in (("", {"note": "x"}), ("/holding", {}), ("/sharing", {}), ("/cancellation", {"reason": "again"})):
        refused = ben.send(f"{HOME}{ahead.id}{step}", version=ahead.version, **more)
        assert (refused.status_code, "is cancelled" in words(refused)) == (409, True), step
    line = "action: Ask around by 2099-01-05"
    assert ben.send(f"/clients/1/lines?source=meeting-{ahead.id}", line=line, seen=line).status_code == 409


def test_it_comes_back_while_its_day_lies_ahead(ahead, sign_in, cast, stage, see, words):
    ben = sign_in(cast.ben)
    assert ben.send(f"{HOME}{ahead.id}/revival", version=ahead.version).status_code == 409
    cancel(ben, ahead, stage)
    stage.refresh(ahead)
    for _ in range(2):
        assert ben.send(f"{HOME}{ahead.id}/revival", once="back", version=ahead.version).status_code == 303
    stage.refresh(ahead)
    assert (ahead.state, ahead.cancelled_because) == (MeetingState.DRAFT, "")
    taken_back, told = letters(see, stage)
    assert taken_back == [], "the letter had not left"
    assert [subject.startswith("It takes place") for _, subject in told] == [True] * 3
    assert ahead.title in words(sign_in(cast.cora).get("/portal"))
    cancel(ben, ahead, stage)
    stage.execute(update(Meeting).values(on=TODAY - timedelta(1)))
    stage.commit()
    stage.refresh(ahead)
    assert ben.send(f"{HOME}{ahead.id}/revival", version=ahead.version).status_code == 409
    assert "Plan it again" not in words(ben.get(f"{HOME}{ahead.id}"))
    assert letters(see, stage) == [[], [], []], "what is over is told to nobody"


def test_nobody_of_the_client_hears_of_an_appointment_that_is_kept_from_them(ahead, sign_in, cast, stage, see):
    stage.execute(update(Meeting).values(visibility="team"))
    stage.commit()
    cancel(sign_in(cast.ben), ahead, stage)
    assert [[name for name, _ in told] for told in letters(see, stage)] == [["Tess"]]


def test_who_cancels(ahead, sign_in, cast, stage):
    for who, code in (("cora", 403), ("uma", 403), ("finn", 404), ("abe", 403)):
        assert cancel(sign_in(getattr(cast, who)), ahead, stage).status_code == code, who
    assert cancel(sign_in(cast.tess), ahead, stage).status_code == 303


def test_a_calendar_knows_the_newest(ahead, sign_in, cast, stage, app):
    cora, ben = sign_in(cast.cora), sign_in(cast.ben)
    before = event_of(cora, app)
    cancel(ben, ahead, stage)
    after = event_of(cora, app)
    assert (before.get("status"), after["status"], after["transp"]) == (None, "CANCELLED", "TRANSPARENT")
    assert (before["uid"], after["sequence"] > before["sequence"]) == (after["uid"], True)
    assert str(after["summary"]) == f"Cancelled: {ahead.title}"
    assert str(after["description"]).startswith(WHY)


MOVED = LATER + timedelta(7)
FROM, TO = f"{day(LATER)}, 09:30, Room 2", f"{day(MOVED)}, 11:00, Room 2"


def test_moved_everybody_asked_is_told_from_where_to_where(ahead, sign_in, cast, stage, see, app, words):
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    asked = ben.get(f"{HOME}{ahead.id}/edit")
    assert "Cora, Vic and Tess are told if its day, time or place changes" in words(asked)
    assert revise(ben, ahead, stage, agenda="Money alone").status_code == 303
    assert letters(see, stage, "meeting.moved") == [], "who comes need not know of that"
    before = event_of(cora, app)
    stage.refresh(ahead)
    press = {"once": "one press", "version": ahead.version}
    for _ in range(2):
        assert revise(ben, ahead, stage, on=str(MOVED), begins="11:00", **press).status_code == 303
    subject = f"Moved: {ahead.title}, {day(MOVED)}, 11:00"
    (told,) = letters(see, stage, "meeting.moved")
    client = stage.get_one(Client, 1).name
    assert told == [("Cora", subject), ("Tess", f"{subject} ({client})"), ("Vic", subject)], "and not who did it"
    row = stage.scalars(select(Outbox).where(Outbox.topic == "meeting.moved")).one()
    with see(SYSTEM):
        (text,) = {one.text for one in letters_of(row.topic, row.payload)}
    assert text == f"“{ahead.title}” was to be: {FROM}.\n\nIt is now: {TO}."
    after = event_of(cora, app)
    assert (after["uid"], after["dtstart"].dt.date(), after["sequence"] > before["sequence"]) == (
        before["uid"],
        MOVED,
        True,
    )


def test_the_latest_move_alone_is_told_while_it_lies_ahead(ahead, sign_in, cast, stage, see):
    ben = sign_in(cast.ben)
    revise(ben, ahead, stage, on=str(MOVED))
    revise(ben, ahead, stage, place="The showroom")
    first, second = letters(see, stage, "meeting.moved")
    assert (first, len(second)) == ([], 3)
    revise(ben, ahead, stage, on=str(TODAY - timedelta(1)))
    assert letters(see, stage, "meeting.moved") == [[], [], []], "it was held earlier: nobody need come"
    revise(ben, ahead, stage, on=str(LATER), shown="never")
    assert [name for name, _ in letters(see, stage, "meeting.moved")[-1]] == ["Tess"], "the client does not know of it"
