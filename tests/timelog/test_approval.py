"""Time approved by the lead or a partner: at once, or sent back one by one with a question to the author."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.core import clock
from crm.core.calendar import month_of
from crm.core.twelve import Area
from crm.engagements.people import Assignment
from crm.outbox.models import Outbox
from crm.people.models import Period, PeriodState, Person
from crm.timelog.approval import queries
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.models import TimeEntry
from tests.cast import TODAY, engagement

PAGE = f"/time/approval/1/{TODAY:%Y-%m}"
DAY = TODAY.isoformat()


@pytest.fixture
def logged(cast, stage):
    """Two entries of Tess and one of Ben, this month."""
    for n, person in enumerate((5, 5, 2), 101):
        stage.add(TimeEntry(id=n, person_id=person, client_id=1, engagement_id=1, worked_on=TODAY, minutes=60, area=Area.STR,
                            client_note=f"Note {n}", logged_at=clock.now()))  # fmt: skip
    stage.commit()
    return cast


def checks(stage):
    stage.expire_all()
    rows = stage.scalars(select(TimeCheck).order_by(TimeCheck.id))
    return [(one.entry_id, one.verdict, one.said, one.by_id) for one in rows]


def revise(browser, number, minutes="2:00", version=1):
    return browser.send(
        f"/time/entries/{number}",
        work="1",
        duration=minutes,
        worked_on=DAY,
        area="STR",
        kind="billable",
        version=version,
    )


def test_a_month_is_approved_as_it_stood_on_the_page(sign_in, logged, stage):
    ben, tess = sign_in(logged.ben), sign_in(logged.tess)
    assert "3 entries wait to be approved" in ben.get(PAGE).text
    assert revise(tess, 102).status_code == 303  # after the page was opened
    assert ben.send(PAGE, seen="101-1,102-1,103-1").status_code == 303
    assert checks(stage) == [(101, Verdict.APPROVED, "", 2), (103, Verdict.APPROVED, "", 2)]
    assert "1 entry waits to be approved" in ben.get(PAGE).text
    assert ben.send(PAGE, seen="101-1").status_code == 409  # nothing of that waits
    assert ben.send(PAGE, seen="nonsense").status_code == 422


def test_what_waits_comes_first_where_a_page_cannot_hold_all(sign_in, logged, stage, monkeypatch):
    """A month of more entries than that is approved page by page, and can be locked in the end."""
    monkeypatch.setattr(queries, "MOST", 2)
    ben = sign_in(logged.ben)
    assert ben.send(PAGE, seen="101-1,102-1").status_code == 303
    assert "1 entry waits to be approved" in ben.get(PAGE).text
    assert ben.send(PAGE, seen="103-1").status_code == 303
    assert [one[0] for one in checks(stage)] == [101, 102, 103]


def test_an_approved_entry_that_is_changed_loses_its_approval(sign_in, logged, stage):
    ada, tess = sign_in(logged.ada), sign_in(logged.tess)
    assert ada.send(PAGE, seen="101-1,102-1,103-1").status_code == 303
    assert "All of it is approved" in ada.get(PAGE).text
    assert "Approved by Ada" in tess.get("/time/entries/101").text
    assert revise(tess, 101).status_code == 303
    assert "changed since it was approved" in ada.get(PAGE).text


def test_an_entry_is_sent_back_and_explained(sign_in, logged, stage):
    ben, tess = sign_in(logged.ben), sign_in(logged.tess)
    assert ben.send("/time/approval/entries/101", said="").status_code == 422
    asked = ben.send("/time/approval/entries/101", said="Was it not an hour less?")
    assert (asked.status_code, asked.location) == (303, f"{PAGE}#entry-101")
    assert [one.topic for one in stage.scalars(select(Outbox))] == ["time.asked"]
    assert "Ben asks" in tess.get("/time/entries/101").text
    assert ben.send(PAGE, seen="101-1,102-1,103-1").status_code == 303  # not what is asked about
    assert {entry for entry, verdict, *_ in checks(stage) if verdict is Verdict.APPROVED} == {102, 103}
    assert tess.send("/time/entries/101/explanation", said="No, it was the long one").status_code == 303
    assert "No, it was the long one" in ben.get(PAGE).text
    assert ben.send(PAGE, seen="101-1").status_code == 303
    assert checks(stage)[-1] == (101, Verdict.APPROVED, "", 2)
    verbs = [row.verb for row in stage.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert verbs == ["time.ask", "time.approve", "time.explain", "time.approve"]


def test_a_question_is_answered_by_changing_the_entry(sign_in, logged, stage):
    ben, tess = sign_in(logged.ben), sign_in(logged.tess)
    ben.send("/time/approval/entries/101", said="Was it not an hour less?")
    assert revise(tess, 101, "0:30").status_code == 303
    assert "3 entries wait" in ben.get(PAGE).text
    assert "Ben asks" not in tess.get("/time/entries/101").text
    assert ben.send("/time/approval/entries/101", said="And now?", version=1).status_code == 409  # it has changed


def test_nothing_of_a_locked_month_is_sent_back(sign_in, logged, stage):
    ben = sign_in(logged.ben)
    assert ben.send(PAGE, seen="101-1,102-1,103-1").status_code == 303
    assert "Send it back" in ben.get(PAGE).text
    stage.add(
        Period(month=month_of(stage.get(TimeEntry, 101).worked_on), state=PeriodState.LOCKED, locked_at=clock.now())
    )
    stage.commit()
    assert "Send it back" not in ben.get(PAGE).text
    refused = ben.send("/time/approval/entries/101", said="Was it not an hour less?")
    assert refused.status_code == 409
    assert "no longer sent back" in refused.text
    assert {verdict for _, verdict, *_ in checks(stage)} == {Verdict.APPROVED}


@pytest.mark.parametrize(("who", "code"), [("tess", 403), ("eve", 404), ("finn", 404), ("abe", 403), ("cora", 403)])
def test_whose_time_it_is_not_to_approve(who, code, sign_in, logged, stage):
    browser = sign_in(getattr(logged, who))
    assert browser.get(PAGE).status_code == code
    assert browser.send(PAGE, seen="101-1").status_code == code
    assert browser.send("/time/approval/entries/101", said="Why?").status_code == code
    assert checks(stage) == []


def test_others_do_not_answer_for_the_author(sign_in, logged, stage):
    sign_in(logged.ben).send("/time/approval/entries/101", said="Why?")
    assert sign_in(logged.ben).send("/time/entries/101/explanation", said="Because").status_code == 404
    stage.get(Assignment, 3).ends = TODAY - timedelta(60)  # Tess left long ago: her time stays readable to her
    stage.commit()
    tess = sign_in(logged.tess)
    assert tess.get("/time/entries/101").status_code == 200
    assert tess.send("/time/entries/101/explanation", said="Because").status_code == 403


def test_the_list_shows_what_one_leads(sign_in, logged, stage):
    assert "3 entries wait" in sign_in(logged.ben).get("/time/approval").text
    assert "3 entries wait" in sign_in(logged.ada).get("/time/approval").text
    assert "Nothing waits" in sign_in(logged.tess).get("/time/approval").text


def a_minute(**more):
    """One more entry that waits."""
    on = {"person_id": 5, "client_id": 1, "engagement_id": 1, "worked_on": TODAY, "area": Area.STR}
    return TimeEntry(minutes=1, logged_at=clock.now(), **on, **more)


@pytest.mark.parametrize("page", ["/time/approval", PAGE])
def test_pages_cost_the_same_with_many_rows(page, sign_in, logged, stage, statements):
    ben, counts = sign_in(logged.ben), []
    for number in (0, 20):
        for _ in range(number):
            stage.add(a_minute())
        stage.commit()
        with statements() as seen:
            assert ben.get(page).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


def test_approving_many_costs_no_more_statements(sign_in, logged, stage, statements):
    ben = sign_in(logged.ben)
    for n in range(201, 240):
        stage.add(a_minute(id=n))
    stage.commit()
    with statements() as one:
        assert ben.send(PAGE, seen="101-1").status_code == 303
    with statements() as many:
        assert ben.send(PAGE, seen=",".join(f"{n}-1" for n in range(201, 240))).status_code == 303
    assert len(one) == len(many), "\n".join(many)


# All engagements of a month at once

ALL = f"/time/approval/{TODAY:%Y-%m}"


@pytest.fixture
def several(logged, stage):
    """Two engagements of Northwind, the second with two entries of Tess that Ada alone approves; one of them was asked about."""
    made = engagement(stage, 7, 1, lead=stage.get(Person, 1), sponsor=stage.get(Contact, 1), title="Second")
    stage.add_all(TimeEntry(id=n, person_id=5, client_id=1, engagement_id=made.id, worked_on=TODAY, minutes=90, area=Area.STR,
                            client_note="Second", logged_at=clock.now()) for n in (111, 112))  # fmt: skip
    stage.flush()
    stage.add(TimeCheck(entry_id=112, entry_version=1, person_id=5, client_id=1, engagement_id=7, verdict=Verdict.ASKED, said="Why?", by_id=1, at=clock.now()))  # fmt: skip
    stage.commit()
    return logged


def test_a_month_of_all_engagements_is_looked_at_and_approved_at_one_press(sign_in, several, stage, words):
    ada = sign_in(several.ada)
    assert f'href="{ALL}"' in ada.get("/time/approval").text
    page = ada.get(ALL)
    said = words(page)
    assert "4 entries of 2 engagements can be approved. 1 entry asked about stays with whoever logged it." in said
    assert "1 entry asked about 1 with Tess" in said
    assert 'name="seen" value="101-1,102-1,103-1,111-1"' in page.text
    assert page.text.count("checked") == 2
    assert revise(sign_in(several.tess), 102).status_code == 303  # after the page was opened
    once, form = "a" * 32, {"engagement": ["1", "7"], "seen": "101-1,102-1,103-1,111-1"}
    for _ in range(2):  # pressed twice, it is done once
        assert ada.send(ALL, once=once, **form).location == ALL
    assert checks(stage) == [
        (112, Verdict.ASKED, "Why?", 1), *((n, Verdict.APPROVED, "", 1) for n in (101, 103, 111))
    ]  # fmt: skip
    assert "3 entries of 2 engagements approved. 1 entry of them came or changed meanwhile" in words(ada.get(ALL))
    trail = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "time.approve").order_by(AuditEntry.subject_id))
    assert [(one.subject_kind, one.subject_id) for one in trail] == [("engagement", 1), ("engagement", 7)]
    assert ada.send(ALL, **form).status_code == 409  # nothing of that waits
    assert ada.send(ALL, seen="102-2").status_code == 422  # nothing is ticked
    assert ada.send(ALL, engagement="1", seen="102-2").status_code == 303
    left = words(ada.get(ALL))
    assert "Nothing waits to be approved. 1 entry asked about stays with whoever logged it." in left
    assert "With their authors Northwind, Second ENG-007 1 entry asked about: 1 with Tess" in left


def test_only_what_is_ticked_and_what_one_leads_is_approved_together(sign_in, several, stage, words):
    ben, ada = sign_in(several.ben), sign_in(several.ada)
    assert "3 entries of 1 engagement can be approved. You approve the time of the engagements that you lead." in words(
        ben.get(ALL)
    )
    assert ben.send(ALL, engagement=["1", "7"], seen="101-1,111-1").status_code == 404  # all or nothing
    assert (
        sign_in(several.tess).send(ALL, engagement="1", seen="101-1").status_code == 403
    )  # she works there and leads nothing
    assert len(checks(stage)) == 1
    assert ada.send(ALL, engagement="7", seen="101-1,111-1").status_code == 303
    assert checks(stage)[1:] == [(111, Verdict.APPROVED, "", 1)]


def test_a_month_holds_so_many_at_once(sign_in, logged, stage, words, monkeypatch):
    monkeypatch.setattr(queries.batches, "__kwdefaults__", {"at_most": 2})
    ada = sign_in(logged.ada)
    page = ada.get(ALL)
    assert 'name="seen" value="101-1,102-1"' in page.text
    assert "There is more than can be approved at once" in words(page)


def test_approving_many_engagements_costs_no_more_statements(sign_in, logged, stage, statements):
    ada, counts = sign_in(logged.ada), []
    for first, number in ((300, 1), (310, 5)):
        for n in range(first, first + number):
            engagement(stage, n, 1, lead=stage.get(Person, 2), sponsor=stage.get(Contact, 1), title=f"Number {n}")
            stage.add(
                TimeEntry(
                    id=n,
                    person_id=5,
                    client_id=1,
                    engagement_id=n,
                    worked_on=TODAY,
                    minutes=60,
                    area=Area.STR,
                    logged_at=clock.now(),
                )
            )
        stage.commit()
        ids = [str(n) for n in range(first, first + number)]
        with statements() as read:
            assert ada.get(ALL).status_code == 200
        with statements() as written:
            assert ada.send(ALL, engagement=ids, seen=",".join(f"{n}-1" for n in ids)).status_code == 303
        counts.append((len(read), len(written)))
    assert counts[0] == counts[1], "\n".join(w[:150] for w in written)
    assert counts[0] <= (12, 8), counts
