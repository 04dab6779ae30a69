"""The list and the page of an engagement: what each tab says, to whom, and at what cost."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.clients.models import Client, Contact
from crm.core import clock
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope, Rag
from crm.engagements.states import EngagementModel, EngagementState
from crm.retainers.formulas import Agreed, Batch, month_on
from crm.retainers.queries import Balance
from crm.timelog.models import TimeEntry, TimeKind
from tests import cast as people
from tests.cast import TODAY, YEAR

AGREED = Agreed(date(2000, 1, 1), Decimal(4), Decimal(2))
TABS = ("", "/deliverables", "/time", "/team", "/registers", "/history")


def more(stage, cast, number, **but):
    """Another client with an engagement of its own."""
    client = Client(id=10 + number, code=f"C{number}", name=f"Client {number}")
    stage.add(client)
    stage.flush()
    sponsor = Contact(client_id=client.id, name="Somebody", decides=True)
    stage.add(sponsor)
    stage.flush()
    made = people.engagement(stage, number, client.id, lead=cast.persons.ben, sponsor=sponsor, title=f"Work {number}")
    for name, value in but.items():
        setattr(made, name, value)
    stage.commit()
    return made


def log(stage, minutes, on=TODAY, person=2, area=Area.VEN, kind=TimeKind.BILLABLE, engagement=1, **but):
    stage.add(TimeEntry(client_id=1, engagement_id=engagement, person_id=person, worked_on=on, minutes=minutes, area=area, kind=kind,
                        logged_at=clock.now(), client_note="Talk", **but))  # fmt: skip
    stage.commit()


# The list


def test_everybody_finds_their_own(sign_in, cast, words):
    for name, north, umbra in (("ada", True, True), ("ben", True, False), ("finn", False, True), ("eve", False, False)):
        page = words(sign_in(getattr(cast, name)).get("/engagements"))
        assert ("ENG-001" in page, "ENG-002" in page) == (north, umbra), name
    for name in ("cora", "vic", "uma", "abe"):
        assert sign_in(getattr(cast, name)).get("/engagements").status_code == 403


def test_it_says_how_many_run_and_what_they_are_worth(sign_in, cast, stage, words):
    assert "Two running, retainers worth £100,800 a year." in words(sign_in(cast.ada).get("/engagements"))
    assert "One running, retainers worth £50,400 a year." in words(sign_in(cast.ben).get("/engagements"))
    assert "£" not in words(sign_in(cast.tess).get("/engagements")), "prices are for the lead and partners"


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", "135"), ("?state=", "12345"), ("?state=closed", "2"), ("?state=cancelled", "4"), ("?model=mentoring", "5"), ("?q=work+3", "3"),
     ("?q=eng-005", "5"), ("?q=C3", "3"), ("?client=13", "3"), ("?lead=2", "135"), ("?lead=6", ""), ("?q=zebra", "")],
)  # fmt: skip
def test_filters_and_search(asked, found, sign_in, cast, stage, words):
    stage.get(Engagement, 2).state = EngagementState.CLOSED
    more(stage, cast, 3)
    more(stage, cast, 4, state=EngagementState.CANCELLED)
    more(stage, cast, 5, model=EngagementModel.MENTORING)
    page = words(sign_in(cast.ada).get(f"/engagements{asked}"))
    assert "".join(n for n in "12345" if f"ENG-00{n}" in page) == found
    if not found:
        assert "No engagement matches" in page


@pytest.mark.parametrize("sort", ["client", "code", "model", "state", "lead", "starts", "ends"])
def test_every_heading_sorts_both_ways(sort, sign_in, cast, stage, words):
    more(stage, cast, 3, model=EngagementModel.VIRTUAL, starts=TODAY - 2 * YEAR, ends=TODAY + 2 * YEAR)
    ada = sign_in(cast.ada)
    orders = []
    for direction in ("", "-"):
        page = words(ada.get(f"/engagements?sort={direction}{sort}"))
        orders.append(sorted("123", key=lambda n, page=page: page.index(f"ENG-00{n}")))
    assert orders[0] != orders[1] or sort == "state"


def test_the_csv_is_what_the_list_shows(sign_in, cast, stage):
    more(stage, cast, 3)
    rows = list(
        csv.DictReader(
            io.StringIO(sign_in(cast.ada).get("/engagements/list.csv?q=north").get_data(as_text=True).lstrip("\ufeff"))
        )
    )
    assert [(row["Reference"], row["Client"], row["Lead"], row["Price"], row["Sum"]) for row in rows] == [
        ("ENG-001", "Northwind", "Ben", "Retainer", "4200")
    ]
    rows = list(
        csv.DictReader(
            io.StringIO(sign_in(cast.tess).get("/engagements/list.csv").get_data(as_text=True).lstrip("\ufeff"))
        )
    )
    assert [(row["Reference"], row["Sum"]) for row in rows] == [("ENG-001", "")]


def test_the_list_costs_the_same_for_many(sign_in, cast, stage, statements):
    ada = sign_in(cast.ada)
    ada.get("/engagements")
    with statements() as few:
        ada.get("/engagements")
    for number in range(3, 28):
        more(stage, cast, number)
    with statements() as many:
        ada.get("/engagements")
    assert len(few) == len(many) <= 12


def test_others_are_cards_and_nothing_more(sign_in, cast, words):
    page = words(sign_in(cast.ben).get("/engagements/others"))
    assert "Umbra" not in page, "that one is confidential"
    assert "Confidential" in page
    page = words(sign_in(cast.eve).get("/engagements/others"))
    assert "Northwind" in page
    assert "£" not in page


# The page


def test_the_tabs_and_who_opens_them(sign_in, cast):
    for name, status in (
        ("ada", 200),
        ("ben", 200),
        ("tess", 200),
        ("eve", 404),
        ("finn", 404),
        ("cora", 403),
        ("abe", 403),
    ):
        browser = sign_in(getattr(cast, name))
        for tab in TABS:
            assert browser.get(f"/engagements/1{tab}").status_code == status, (name, tab)


def test_the_twelve_as_ring_and_table(sign_in, cast, stage, words):
    for row in stage.query(AreaScope).filter_by(engagement_id=1):
        row.maturity, row.target = Decimal("2.5"), Decimal(4)
        row.confirmed = {Area.VEN: Rag.RED, Area.SEC: Rag.AMBER}.get(row.area, Rag.GREEN)
    out = stage.query(AreaScope).filter_by(engagement_id=1, area=Area.INN).one()
    out.scope, out.reason = Scope.OUT, "One change at a time"
    stage.commit()
    page = words(sign_in(cast.ben).get("/engagements/1"))
    for sentence in (
        "1 red, 1 amber",
        "27.5 of 60, target 44",
        "11 in scope",
        "One change at a time",
        "Vendor and Partnership",
    ):
        assert sentence in page, sentence


def test_days_used_of_what_is_there():
    half_a_month = Balance(4140, month_on(TODAY, grant=Decimal(12), used=Decimal("9.20"), into=[], agreed=AGREED))
    assert (half_a_month.used, half_a_month.available, half_a_month.left) == (Decimal("9.20"), 12, Decimal("2.80"))
    assert (Balance(450).used, Balance(450).available, Balance(450).left) == (1, None, None)
    over = month_on(TODAY, grant=Decimal(4), used=Decimal(5), into=[Batch(Decimal("0.5"), 1)], agreed=AGREED)
    assert (Balance(2250, over).left, Balance(2250, over).rolled_in) == (Decimal("-0.5"), Decimal("0.5"))


def test_time_by_month_area_and_person(sign_in, cast, stage, words):
    log(stage, 450)
    log(stage, 90, person=5, area=Area.SEC, kind=TimeKind.GOODWILL)
    log(stage, 900, on=TODAY - timedelta(62), area=Area.SEC)
    log(stage, 60, voided_at=clock.now())
    page = words(sign_in(cast.ben).get("/engagements/1/time"))
    assert "1 of 4 days used" in page
    assert "3.00 days billable" in page
    assert "24.00 h in all" in page
    assert "Cybersecurity Oversight 16.50 h 15.00 h" in page
    assert "Tess 1.50 h 0.00 h" in page


def test_time_starts_with_the_engagement(sign_in, cast, stage, words):
    stage.get(Engagement, 1).starts = TODAY - timedelta(40)
    log(stage, 60)
    page = sign_in(cast.ben).get("/engagements/1/time").get_data(as_text=True)
    assert 2 <= page.count('data-label="Rolled in"') <= 3


def test_deliverables_and_how_they_went(sign_in, cast, stage, words):
    part = next(one for one in cast.north.assignments if one.person_id == 2)
    stage.add(Deliverable(client_id=1, engagement_id=1, number=231, title="Exit plan", area=Area.VEN, state=State.IN_PROGRESS,
                          assignment_id=part.id, estimate=3, baseline_due=TODAY - timedelta(3), due=TODAY - timedelta(3)))  # fmt: skip
    stage.commit()
    page = words(sign_in(cast.ben).get("/engagements/1/deliverables"))
    for sentence in ("DEL-231", "0 signed off, 1 open", "1 late", "0.0 %", "0 of 1 due in the last 90 days"):
        assert sentence in page, sentence
    assert "1 late" in words(sign_in(cast.ben).get("/engagements"))


def test_terms_are_for_those_who_may_know(sign_in, cast, words):
    assert "4 days a month for £4,200" in words(sign_in(cast.ben).get("/engagements/1/team"))
    assert "4 days a month for £4,200" in words(sign_in(cast.ada).get("/engagements/1/team"))
    tess = words(sign_in(cast.tess).get("/engagements/1/team"))
    assert ("4 days a month" in tess, "£" in tess) == (True, False)


def test_buttons_stand_where_one_may_press_them(sign_in, cast):
    def shown(who, *labels):
        page = sign_in(who).get("/engagements/1/team").get_data(as_text=True)
        return [label in page for label in labels]

    assert shown(cast.ada, "Pause…", "Begin closing…", "Dates and price", "Add somebody") == [True] * 4
    assert shown(cast.ben, "Pause…", "Begin closing…", "Dates and price", "Add somebody") == [False, True, False, False]
    assert shown(cast.tess, "Pause…", "Begin closing…", "Dates and price", "Add somebody") == [False] * 4


def test_nobody_leads_it(sign_in, cast, stage, words):
    stage.query(Assignment).filter_by(engagement_id=1, person_id=2).one().ends = TODAY - timedelta(1)
    stage.commit()
    assert "Nobody leads it today" in words(sign_in(cast.ada).get("/engagements/1/team"))


def test_its_history_in_words(sign_in, cast, stage, words):
    ada = sign_in(cast.ada)
    ada.send("/engagements/1/pause", reason="Long holidays", until=str(TODAY + timedelta(9)))
    page = words(ada.get("/engagements/1/history"))
    assert "Ada paused ENG-001" in page
    assert "Long holidays" in page


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_for_much(tab, sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)
    log(stage, 10)
    ben.get(f"/engagements/1{tab}")
    with statements() as few:
        ben.get(f"/engagements/1{tab}")
    part = next(one for one in cast.north.assignments if one.person_id == 2)
    for n in range(30):
        stage.add(Deliverable(client_id=1, engagement_id=1, number=300 + n, title="x", area=Area.VEN, state=State.PLANNED, estimate=1,
                              assignment_id=part.id, baseline_due=TODAY - timedelta(n), due=TODAY))  # fmt: skip
        log(stage, 10, on=TODAY - timedelta(n), person=[2, 5][n % 2])
        stage.add(people.assignment(cast.north, cast.persons.tess, "specialist", days=1))
    stage.commit()
    with statements() as many:
        ben.get(f"/engagements/1{tab}")
    assert len(many) <= len(few) + 1  # what deliverables due in the window hold, once
    assert len(many) <= 12
