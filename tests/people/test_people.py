"""The people of the practice: the list worst first, one of them whole, hiring, patterns, the last day."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.engagements.people import Assignment, Status
from crm.people.models import Leave, LeaveReason, LeaveStatus, Person, WorkingPattern
from tests.cast import TODAY, assignment

DAY = timedelta(1)
WEEK = {"mon": "100", "tue": "100", "wed": "50", "thu": "100", "fri": "0", "sat": "0", "sun": "0", "region": "gb-sct",
        "delivery_share": "60", "utilisation_target": "65"}  # fmt: skip
ZOE = {"name": "Zoe Lark", "email": "Zoe@Larkmoor.example", "kind": "consultant", "base": "Leeds"}


def page(browser, address="/people"):
    answer = browser.get(address)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def names(text):
    return re.findall(r'<th scope="row"><a class="title-link" href="/people/\d+">(.*?)</a>', text)


def no_holidays(stage):
    for pattern in stage.scalars(select(WorkingPattern)):
        pattern.region = "XX"


def overload(stage, days=20):
    no_holidays(stage)
    his = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    his.days_a_month = days
    stage.commit()


# The list


def test_a_partner_is_told_who_is_over_and_sorts_by_load(cast, sign_in, stage):
    overload(stage)
    browser = sign_in(cast.ada)
    text = page(browser)
    assert "Ben is over in all of the next six weeks." in text
    assert names(text)[0] == "Ben", "worst first"
    row = words(re.search(r"<tr><th[^>]*><a[^>]*>Ben<.*?</tr>", text, re.DOTALL)[0])
    assert re.search(r"Ben Consultant – 1\d\d\.\d % over|severe", row)
    assert "Overloaded" in row
    assert "days too many" in row
    assert names(page(browser, "/people?sort=-load"))[-1] == "Ben"
    assert names(page(browser, "/people?sort=name")) == ["Abe", "Ada", "Ben", "Eve", "Finn", "Tess"]


def test_filters_and_search(cast, sign_in, stage):
    overload(stage)
    eve, finn = stage.get(Person, 3), stage.get(Person, 6)
    eve.left_on, finn.joined_on = TODAY - DAY, TODAY + DAY
    stage.commit()
    browser = sign_in(cast.ada)
    assert names(page(browser, "/people?load=over")) == ["Ben"]
    assert names(page(browser, "/people?when=left")) == ["Eve"]
    assert names(page(browser, "/people?when=coming")) == ["Finn"]
    assert set(names(page(browser))) == {"Ben", "Tess", "Ada", "Abe"}
    assert len(names(page(browser, "/people?when="))) == 6
    assert names(page(browser, "/people?role=partner")) == ["Ada"]
    assert names(page(browser, "/people?q=tes")) == ["Tess"]
    assert "Nobody fits" in page(browser, "/people?q=nobody")


def test_a_consultant_reads_bands_of_others_and_their_own_figures(cast, sign_in, stage):
    overload(stage)
    text = page(sign_in(cast.tess))
    ben = words(re.search(r"<tr><th[^>]*><a[^>]*>Ben<.*?</tr>", text, re.DOTALL)[0])
    tess = words(re.search(r"<tr><th[^>]*><a[^>]*>Tess<.*?</tr>", text, re.DOTALL)[0])
    assert "Overloaded" in ben
    assert not re.search(r"\d", ben)
    assert re.search(r"\d+\.\d % spare", tess)


def test_colleagues_of_one_band_stand_by_name(cast, sign_in, stage):
    no_holidays(stage)
    finn = stage.scalars(select(Assignment).where(Assignment.person_id == 6)).one()
    finn.days_a_month = 6
    stage.commit()
    assert names(page(sign_in(cast.tess)))[:5] == ["Ada", "Ben", "Eve", "Finn", "Tess"]


def test_an_admin_sees_no_load(cast, sign_in, stage):
    stage.add(Leave(person_id=2, begins=TODAY, ends=TODAY, status=LeaveStatus.APPROVED))
    stage.commit()
    text = page(sign_in(cast.abe))
    assert "This week" not in text
    assert "ben@larkmoor.example" in text
    assert "until" not in words(text)


def test_the_export_says_what_the_list_shows(cast, sign_in, stage):
    overload(stage)
    stage.add(Leave(person_id=2, begins=TODAY + 3 * DAY, ends=TODAY + 4 * DAY, status=LeaveStatus.APPROVED))
    stage.commit()

    def rows(who):
        answer = sign_in(who).get("/people/people.csv?role=consultant")
        found = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
        return {row["Name"]: row for row in found}

    ada, tess, abe = (rows(who) for who in (cast.ada, cast.tess, cast.abe))
    assert list(ada) == ["Ben", "Finn", "Tess", "Eve"]
    assert ada["Ben"]["Six weeks"] == "Overloaded"
    assert float(ada["Ben"]["Load %, six weeks"]) > 105
    assert ada["Ben"]["Next leave from"] == (TODAY + 3 * DAY).isoformat()
    assert (tess["Ben"]["Six weeks"], tess["Ben"]["Load %, six weeks"]) == ("Overloaded", "")
    assert tess["Tess"]["Load %, six weeks"]
    assert "Six weeks" not in abe["Ben"]


def test_the_list_asks_no_more_for_many(cast, sign_in, stage, statements):
    browser = sign_in(cast.ada)
    with statements() as few:
        page(browser)
    for n in range(60):
        person = Person(id=100 + n, name=f"Person {n}", email=f"p{n}@larkmoor.example", kind="consultant")
        stage.add(person)
        stage.flush()
        stage.add(WorkingPattern(person_id=person.id, begins=TODAY - 30 * DAY))
        stage.add(assignment(cast.north, person, "specialist"))
    stage.commit()
    with statements() as many:
        text = page(browser)
    assert len(few) == len(many) <= 12
    assert "Page 1 of 2" in words(text)
    assert len(text) < 100_000


# One of them


def test_one_person_whole(cast, sign_in, stage, statements):
    overload(stage)
    stage.add(assignment(cast.umbra, cast.persons.ben, "specialist", status=Status.TENTATIVE, days=3))
    leave = Leave(person_id=2, begins=TODAY + 20 * DAY, ends=TODAY + 22 * DAY)
    stage.add(leave)
    stage.flush()
    stage.add(LeaveReason(person_id=2, leave_id=leave.id, kind="family", note="A wedding"))
    stage.commit()
    browser = sign_in(cast.ada)
    with statements() as seen:
        text = page(browser, "/people/2")
    assert len(seen) <= 12
    said = words(text)
    assert "Ben is over in all of the next six weeks" in said
    assert "Northwind ENG-001 Northwind CIO" in said
    assert "Tentative, not counted" in said
    assert "Family: A wedding Asked" in said
    assert 'href="/workload/2?week=' in text


def test_a_colleague_reads_dates_and_bands_only(cast, sign_in, stage):
    overload(stage)
    for status, days in ((LeaveStatus.APPROVED, 20), (LeaveStatus.ASKED, 40)):
        leave = Leave(person_id=2, begins=TODAY + days * DAY, ends=TODAY + days * DAY, status=status)
        stage.add(leave)
        stage.flush()
        stage.add(LeaveReason(person_id=2, leave_id=leave.id, note="A wedding"))
    stage.commit()
    text = page(sign_in(cast.finn), "/people/2")
    said = words(text)
    assert "Overloaded in these weeks." in said
    assert "A wedding" not in said
    assert "Northwind" not in said, "Finn does not serve it"
    assert "/people/leave/" not in text
    assert said.count((TODAY + 20 * DAY).strftime("%b")) >= 1
    assert f"{(TODAY + 40 * DAY):%a} {(TODAY + 40 * DAY).day} " not in said
    assert "%" not in said.split("Leave dates only")[0].split("13 weeks")[-1]


def test_an_admin_reads_the_profile(cast, sign_in):
    seen = page(sign_in(cast.abe), "/people/2")
    said = words(seen)
    assert ">ben@<wbr>larkmoor.example</a>" in seen, "it breaks behind the sign, not within a word"
    assert "Assignments" not in said
    assert "Leave" not in said


def test_what_runs_on_after_the_last_day_is_said(cast, sign_in, stage):
    stage.get(Person, 2).left_on = TODAY + 10 * DAY
    stage.commit()
    said = words(page(sign_in(cast.ada), "/people/2"))
    assert "Work after the last day. Northwind runs until" in said


def test_somebody_who_left_has_a_page(cast, sign_in, stage):
    stage.get(Person, 3).left_on = TODAY - 400 * DAY
    stage.commit()
    assert "Left on" in words(page(sign_in(cast.ada), "/people/3"))


# Hiring and changing


def test_a_new_person_with_a_week(cast, sign_in, stage):
    ada = sign_in(cast.ada)
    assert "GB-ENG" in page(ada, "/people/new")
    answer = ada.send("/people/new", **ZOE, **WEEK, ways=["virtual"], joined_on=TODAY.isoformat(), once="k")
    assert answer.status_code == 303
    zoe = stage.scalars(select(Person).where(Person.email == "zoe@larkmoor.example")).one()
    pattern = stage.scalars(select(WorkingPattern).where(WorkingPattern.person_id == zoe.id)).one()
    assert (zoe.ways, zoe.base, pattern.region, pattern.wed, pattern.fri) == (["virtual"], "Leeds", "GB-SCT", 50, 0)
    assert (pattern.begins, pattern.delivery_share) == (TODAY, 60)
    assert "Scotland" in page(ada, f"/people/{zoe.id}")
    again = ada.send("/people/new", **ZOE, **WEEK, ways=["virtual"], joined_on=TODAY.isoformat(), once="k")
    assert (again.status_code, again.location) == (303, answer.location)
    assert stage.scalar(select(func.count(Person.id)).where(Person.name == "Zoe Lark")) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Write the name"),
        ({"email": "zoe"}, "Write a mail address like"),
        ({"email": "BEN@larkmoor.example"}, "Somebody with this address is here already"),
        ({"mon": "120"}, "Write a whole number from 0 to 100"),
        ({"region": "Narnia"}, "Write a region whose public holidays are known"),
        ({"delivery_share": "0"}, "Write a whole number from 1 to 100"),
        ({"kind": "king"}, "Choose one of the list"),
    ],
)
def test_what_a_new_person_must_say(changes, said, cast, sign_in, stage):
    answer = sign_in(cast.ada).send("/people/new", **{**ZOE, **WEEK, "story": "Twenty years at sea", **changes})
    text = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert said in text
    assert "Twenty years at sea" in text
    assert stage.scalar(select(func.count(Person.id))) == 6


def test_an_admin_has_no_pattern(cast, sign_in, stage):
    sign_in(cast.ada).send("/people/new", **{**ZOE, **WEEK, "kind": "admin"})
    zoe = stage.scalars(select(Person).where(Person.name == "Zoe Lark")).one()
    assert stage.scalar(select(WorkingPattern.id).where(WorkingPattern.person_id == zoe.id)) is None


def test_the_last_day(cast, sign_in, stage):
    ada = sign_in(cast.ada)
    fields = {"name": "Ben", "email": "ben@larkmoor.example", "kind": "consultant"}
    wrong = ada.send("/people/2/edit", **fields, joined_on="2026-05-05", left_on="2026-05-04")
    assert wrong.status_code == 422
    assert "The last day lies before the first one" in wrong.get_data(as_text=True)
    assert ada.send("/people/2/edit", **fields, left_on=(TODAY + 9 * DAY).isoformat()).status_code == 303
    assert stage.get(Person, 2, populate_existing=True).left_on == TODAY + 9 * DAY
    said = words(page(ada, "/people/2"))
    assert "Last day" in said
    assert "Last day: " in said.split("History")[-1], "the trail says it"


def test_a_clash_shows_both(cast, sign_in, stage):
    ada = sign_in(cast.ada)
    stage.get(Person, 2).base = "York"
    stage.commit()
    answer = ada.send(
        "/people/2/edit", version=1, name="Ben", email="ben@larkmoor.example", kind="consultant", base="Hull"
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "York" in text
    assert "Hull" in text


def test_a_new_pattern_holds_from_its_day_on(cast, sign_in, stage):
    no_holidays(stage)
    stage.commit()
    ada = sign_in(cast.ada)
    begins = TODAY + 70 * DAY
    assert ada.send("/people/2/patterns/new", begins=begins.isoformat(), **WEEK).status_code == 303
    taken = ada.send("/people/2/patterns/new", begins=begins.isoformat(), **WEEK)
    assert taken.status_code == 422
    assert "Another pattern begins on" in taken.get_data(as_text=True)
    patterns = stage.scalars(
        select(WorkingPattern).where(WorkingPattern.person_id == 2).order_by(WorkingPattern.begins)
    ).all()
    assert [one.mon for one in patterns] == [100, 100]
    assert patterns[1].wed == 50
    said = words(page(ada, "/people/2"))
    assert "Mon, Tue, Wed 50 %, Thu; Scotland; 60 % for clients" in said
    before = page(ada, f"/workload/2?week={begins - 14 * DAY}")
    after = page(ada, f"/workload/2?week={begins + 14 * DAY}")
    assert "of delivery capacity" in before
    assert "against 4.00 of delivery" in words(before)
    assert "against 4.00 of delivery" not in words(after)


def test_a_wrong_pattern_is_changed_or_removed(cast, sign_in, stage):
    ada = sign_in(cast.ada)
    first = stage.scalars(select(WorkingPattern).where(WorkingPattern.person_id == 2)).one()
    only = ada.send(f"/people/2/patterns/{first.id}/drop")
    assert only.status_code == 409
    assert "This is the only pattern" in only.get_data(as_text=True)
    ada.send("/people/2/patterns/new", begins="2098-01-01", **WEEK)
    second = stage.scalars(
        select(WorkingPattern).where(WorkingPattern.person_id == 2, WorkingPattern.id != first.id)
    ).one()
    assert ada.send(f"/people/2/patterns/{second.id}", begins="2098-02-01", **WEEK | {"mon": "0"}).status_code == 303
    assert stage.scalar(select(WorkingPattern.mon).where(WorkingPattern.id == second.id)) == 0
    assert ada.send(f"/people/2/patterns/{second.id}/drop").status_code == 303
    assert stage.scalar(select(func.count(WorkingPattern.id)).where(WorkingPattern.person_id == 2)) == 1
    verbs = stage.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["pattern.set", "pattern.set", "pattern.drop"]


@pytest.mark.parametrize("address", ["/people/new", "/people/2/edit", "/people/2/patterns/new"])
@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("abe", 403), ("cora", 403)])
def test_only_partners_staff(address, who, status, cast, sign_in):
    browser = sign_in(getattr(cast, who))
    assert browser.get(address).status_code == status
    assert browser.send(address, **ZOE, **WEEK, begins="2098-01-01").status_code == status


def test_a_single_working_pattern_is_said_once(cast, sign_in, stage):
    ada = sign_in(cast.ada)
    assert "Change this pattern" in page(ada, "/people/2")
    assert "% for clients</span>" not in page(ada, "/people/2")
    earlier = stage.scalars(select(WorkingPattern).where(WorkingPattern.person_id == 2)).one()
    stage.add(WorkingPattern(person_id=2, begins=earlier.begins - timedelta(days=365), region=earlier.region))
    stage.commit()
    assert "% for clients</span>" in page(ada, "/people/2"), "of several each is listed"
