"""What is agreed, what it costs, who does it, and the twelve: changed by whom, when, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.audit.models import AuditText
from crm.clients.models import Contact, Wall
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.forms import a_year_from
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment, Sponsorship, Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementState
from tests import cast as people
from tests.cast import TODAY, YEAR
from tests.engagements.test_life import LEAD_TOO, NOBODY_ELSE, refuse_all

WORDS = {"title": "Virtual CIO", "board_role": "attends_board", "scope_note": "Not the web shop.", "authority_note": ""}
TERMS = {
    "starts": str(TODAY - YEAR), "ends": str(TODAY + YEAR), "signed_on": "2026-01-18", "notice_days": "60", "price_kind": "retainer",
    "days_a_month": "6", "monthly_fee": "6,300", "rollover_cap": "", "overage": "bill", "overage_rate": "", "authority_limit": "",
}  # fmt: skip


@pytest.fixture
def parts(cast, stage):
    """The team as it stands: person, role, status, last day."""

    def read():
        stage.expire_all()
        rows = stage.scalars(select(Assignment).where(Assignment.engagement_id == 1).order_by(Assignment.id)).all()
        return [(one.person_id, one.role.value, one.status.value, one.ends) for one in rows]

    return read


def held_part(stage, person=2):
    stage.expire_all()
    return stage.query(Assignment).filter_by(engagement_id=1, person_id=person).one()


# What is agreed


def test_the_words_of_the_agreement(sign_in, cast, north, trail):
    url = "/engagements/1/edit"
    refuse_all(sign_in, cast, url, LEAD_TOO, **WORDS)
    ben, opened = sign_in(cast.ben), north().version
    first, second = (ben.send(url, once="k", version=opened, **WORDS) for _ in range(2))
    assert (first.status_code, second.status_code, first.location) == (303, 303, "/engagements/1/team")
    assert (north().title, north().board_role, north().version) == ("Virtual CIO", "attends_board", opened + 1)
    assert trail("engagement.revise")[-1][3].splitlines()[0] == "Title: Northwind CIO, now Virtual CIO"


def test_both_titles_when_somebody_was_faster(sign_in, cast, north):
    opened = north().version
    sign_in(cast.ada).send("/engagements/1/edit", version=opened, **(WORDS | {"title": "Theirs"}))
    answer = sign_in(cast.ben).send("/engagements/1/edit", version=opened, **(WORDS | {"title": "Mine"}))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Now it says: <b>Theirs</b>" in page, 'value="Mine"' in page) == (409, True, True)


def test_a_title_is_asked(sign_in, cast, north, words):
    answer = sign_in(cast.ben).send("/engagements/1/edit", version=north().version, **(WORDS | {"title": " "}))
    assert (answer.status_code, "Write a title, like Virtual CIO" in words(answer)) == (422, True)
    assert "Not the web shop." in words(answer)


# Dates and price


def test_the_price_and_its_defaults(sign_in, cast, stage, north):
    """Half the days roll over; work beyond costs the fee of a day: 6,300 / 6 = 1,050."""
    refuse_all(sign_in, cast, "/engagements/1/terms", NOBODY_ELSE, **TERMS)
    answer = sign_in(cast.ada).send("/engagements/1/terms", version=north().version, **TERMS)
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    assert (answer.status_code, north().days_a_month, north().notice_days) == (303, 6, 60)
    assert (terms.monthly_fee, terms.rollover_cap, terms.overage_rate, terms.overage) == (630_000, 3, 105_000, "bill")


def test_what_changed_of_a_price_is_for_partners(sign_in, cast, stage, north, words):
    sign_in(cast.ada).send("/engagements/1/terms", version=north().version, **TERMS)
    text = stage.scalars(select(AuditText).order_by(AuditText.id.desc())).first()
    assert ("Monthly fee: 4200, now 6300" in text.body, text.open_to) == (True, "partners")
    assert "6300" not in words(sign_in(cast.ben).get("/engagements/1/history"))
    assert "6300" in words(sign_in(cast.ada).get("/engagements/1/history"))


@pytest.mark.parametrize(
    ("but", "sentence"),
    [({"ends": str(TODAY - 2 * YEAR)}, "It cannot end before it starts"), ({"price_kind": ""}, "It runs: its price and the day it was signed stay"),
     ({"signed_on": ""}, "It runs: its price and the day it was signed stay"), ({"monthly_fee": ""}, "Write the monthly fee, like 4200"),
     ({"monthly_fee": "a lot"}, "5200 or 5200.50"), ({"notice_days": "900"}, "366")],
)  # fmt: skip
def test_terms_that_cannot_be(but, sentence, sign_in, cast, north, words):
    before = north().version
    answer = sign_in(cast.ada).send("/engagements/1/terms", version=before, **(TERMS | but))
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert north().version == before


def test_a_part_outside_the_new_dates_stands_in_the_way(sign_in, cast, stage, north, words):
    one = held_part(stage, 5)
    one.begins, one.ends = TODAY + timedelta(10), TODAY + timedelta(20)
    stage.commit()
    typed = TERMS | {"ends": str(TODAY + timedelta(5))}
    answer = sign_in(cast.ada).send("/engagements/1/terms", version=north().version, **typed)
    assert (answer.status_code, "Tess’s part lies outside these dates" in words(answer)) == (422, True)


def test_parts_that_end_with_it_move_with_its_end(sign_in, cast, stage, north, parts):
    held_part(stage, 5).ends = TODAY + timedelta(30)
    stage.commit()
    last = TODAY + timedelta(200)
    sign_in(cast.ada).send("/engagements/1/terms", version=north().version, **(TERMS | {"ends": str(last)}))
    assert [one[3] for one in parts()] == [last, TODAY + timedelta(30)]


def test_a_draft_may_lose_its_price(draft, sign_in, cast, stage, north):
    answer = sign_in(cast.ada).send(
        "/engagements/1/terms", version=north().version, **(TERMS | {"price_kind": "", "signed_on": ""})
    )
    assert (answer.status_code, north().signed_on, north().days_a_month) == (303, None, None)
    assert stage.scalars(select(Terms).where(Terms.engagement_id == 1)).all() == []


def test_a_year_ends_the_day_before_its_return():
    from datetime import date

    assert a_year_from(date(2026, 11, 17)) == date(2027, 11, 16)
    assert a_year_from(date(2028, 2, 29)) == date(2029, 2, 27)


# The team


def part(**but):
    return {"person_id": "3", "role": "specialist", "mode": "virtual", "begins": str(TODAY), "ends": str(TODAY + timedelta(90)),
            "days_a_month": "1,5"} | but  # fmt: skip


def test_somebody_joins_tentatively_and_is_confirmed(sign_in, cast, stage, parts, trail):
    url = "/engagements/1/assignments/new"
    refuse_all(sign_in, cast, url, NOBODY_ELSE, **part())
    ada = sign_in(cast.ada)
    first, second = (ada.send(url, once="k", **part()) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert parts()[2:] == [(3, "specialist", "tentative", TODAY + timedelta(90))]
    assert sign_in(cast.eve).get("/engagements/1").status_code == 404, "tentative opens nothing"
    one = held_part(stage, 3)
    confirm = f"/engagements/1/assignments/{one.id}/confirmation"
    refuse_all(sign_in, cast, confirm, NOBODY_ELSE)
    assert ada.send(confirm, version=one.version).status_code == 303
    assert sign_in(cast.eve).get("/engagements/1").status_code == 200
    assert ada.send(confirm, version=held_part(stage, 3).version).status_code == 409
    assert trail("assignment.confirm") == [("assignment.confirm", "tentative", "confirmed", "Eve")]


@pytest.mark.parametrize(
    ("but", "sentence"),
    [({"person_id": ""}, "Choose a person"), ({"person_id": "4"}, "Choose one of the list"), ({"days_a_month": ""}, "Write the days a month"),
     ({"ends": str(TODAY - timedelta(1))}, "It cannot end before it begins"), ({"ends": str(TODAY + 2 * YEAR)}, "The engagement runs from"),
     ({"begins": str(TODAY - 2 * YEAR)}, "The engagement runs from"), ({"days_a_month": "40"}, "31"),
     ({"role": "lead", "said_yes": "yes"}, "Ben leads until")],
)  # fmt: skip
def test_a_part_that_cannot_be(but, sentence, sign_in, cast, parts, words):
    answer = sign_in(cast.ada).send("/engagements/1/assignments/new", **part(**but))
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert len(parts()) == 2


def test_a_new_lead_takes_over(sign_in, cast, stage, parts, north):
    """There is one lead at a time: the present one's part ends the day before."""
    begins = TODAY + timedelta(10)
    ada = sign_in(cast.ada)
    ada.send(
        "/engagements/1/assignments/new", **part(role="lead", begins=str(begins), said_yes="yes", takes_over="yes")
    )
    assert parts()[0] == (2, "lead", "confirmed", begins - timedelta(1))
    assert north().is_led_by(2, TODAY)
    assert north().is_led_by(3, begins)
    assert not north().is_led_by(2, begins)


def test_a_wall_keeps_somebody_out(sign_in, cast, stage, parts):
    stage.add(Wall(client_id=1, person_id=3))
    stage.commit()
    ada = sign_in(cast.ada)
    assert "Eve" not in ada.get("/engagements/1/assignments/new").get_data(as_text=True)
    assert ada.send("/engagements/1/assignments/new", **part()).status_code == 422
    assert len(parts()) == 2


def test_a_part_is_changed_and_the_lead_stays_one(sign_in, cast, stage, words):
    one = held_part(stage, 5)
    url, typed = f"/engagements/1/assignments/{one.id}", part(role="specialist", ends=str(TODAY + timedelta(30)))
    refuse_all(sign_in, cast, url, NOBODY_ELSE, **typed)
    ada, opened = sign_in(cast.ada), held_part(stage, 5).version
    assert ada.send(url, version=opened, **typed).status_code == 303
    assert (held_part(stage, 5).days_a_month, held_part(stage, 5).ends) == (Decimal("1.5"), TODAY + timedelta(30))
    assert ada.send(url, version=opened, **typed).status_code == 409, "the version is old"
    answer = ada.send(url, version=held_part(stage, 5).version, **(typed | {"role": "lead"}))
    assert (answer.status_code, "Ben leads until" in words(answer)) == (422, True)
    lead = held_part(stage)
    answer = ada.send(
        f"/engagements/1/assignments/{lead.id}", version=lead.version, **part(role="specialist", ends=str(TODAY + YEAR))
    )
    assert (answer.status_code, "A running engagement has a lead" in words(answer)) == (422, True)


def test_a_part_ends(sign_in, cast, stage, parts, words):
    one = held_part(stage, 5)
    url = f"/engagements/1/assignments/{one.id}/end"
    refuse_all(sign_in, cast, url, NOBODY_ELSE, ends=str(TODAY))
    ada = sign_in(cast.ada)
    answer = ada.send(url, version=one.version, ends=str(TODAY - 2 * YEAR))
    assert (answer.status_code, "It cannot end before it began" in words(answer)) == (422, True)
    assert ada.send(url, version=one.version, ends="").status_code == 422
    assert ada.send(url, version=one.version, ends=str(TODAY)).status_code == 303
    assert parts()[1] == (5, "specialist", "ended", TODAY)
    assert ada.send(url, version=held_part(stage, 5).version, ends=str(TODAY)).status_code == 409
    lead = held_part(stage)
    answer = ada.send(f"/engagements/1/assignments/{lead.id}/end", version=lead.version, ends=str(TODAY - timedelta(1)))
    assert (answer.status_code, "add who takes over" in words(answer)) == (422, True)
    assert ada.send("/engagements/1/assignments/77/end", ends=str(TODAY)).status_code == 404
    assert ada.send("/engagements/1/assignments/2/end", ends=str(TODAY)).status_code == 404, (
        "a part of another engagement"
    )


# Sponsors


def test_a_second_sponsor_and_no_third(sign_in, cast, stage, words):
    stage.add_all(
        [Contact(id=8, client_id=1, name="Dee", decides=True), Contact(id=9, client_id=1, name="Ed", decides=True)]
    )
    stage.commit()
    url = "/engagements/1/sponsors/new"
    refuse_all(sign_in, cast, url, NOBODY_ELSE, contact_id="8")
    ada = sign_in(cast.ada)
    for wrong, sentence in (("2", "Choose one of the list"), ("3", "Choose one of the list"), ("", "Choose a contact who decides"),
                            ("1", "Cora is a sponsor already")):  # fmt: skip
        answer = ada.send(url, contact_id=wrong)
        assert (answer.status_code, sentence in words(answer)) == (422, True), wrong
    first, second = (ada.send(url, once="k", contact_id="8") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    answer = ada.send(url, contact_id="9")
    assert (answer.status_code, "two sponsors at most" in words(answer)) == (422, True)


def test_the_last_sponsor_of_a_running_engagement_stays(sign_in, cast, stage, words):
    one = stage.scalars(select(Sponsorship).where(Sponsorship.engagement_id == 1)).one()
    url = f"/engagements/1/sponsors/{one.id}/removal"
    refuse_all(sign_in, cast, url, NOBODY_ELSE)
    ada = sign_in(cast.ada)
    answer = ada.send(url)
    assert (answer.status_code, "A running engagement has a sponsor: add the next one first" in words(answer)) == (
        409,
        True,
    )
    stage.add(Contact(id=8, client_id=1, name="Dee", decides=True))
    stage.commit()
    ada.send("/engagements/1/sponsors/new", contact_id="8")
    assert ada.send(url).status_code == 303
    assert stage.scalars(select(Sponsorship.contact_id).where(Sponsorship.engagement_id == 1)).all() == [8]
    assert ada.send(url).status_code == 404


# The twelve


def twelve(stage, **but):
    """The form as it opens: what is not given stays."""
    stage.expire_all()
    typed = {}
    for row in stage.query(AreaScope).filter_by(engagement_id=1):
        held = (
            f"person-{row.holder_person_id}"
            if row.holder_person_id
            else f"contact-{row.holder_contact_id}"
            if row.holder_contact_id
            else ""
        )
        typed |= {f"{row.area}_scope": row.scope.value, f"{row.area}_holder": held, f"{row.area}_reason": row.reason,
                  f"{row.area}_target": "", f"{row.area}_review_due": ""}  # fmt: skip
    return typed | but


def area_of(stage, area):
    stage.expire_all()
    return stage.query(AreaScope).filter_by(engagement_id=1, area=area).one()


def test_the_lead_sets_scope_holder_and_target(sign_in, cast, stage, north, trail):
    url, typed = "/engagements/1/areas", twelve(
        stage, VEN_scope="advise", VEN_holder="contact-1", VEN_target="3.5", INN_scope="out", INN_holder="contact-2",
        INN_reason="One change at a time", SEC_review_due=str(TODAY + timedelta(9)),
    )  # fmt: skip
    refuse_all(sign_in, cast, url, LEAD_TOO, **typed)
    ben, opened = sign_in(cast.ben), north().version
    first, second = (ben.send(url, once="k", version=opened, **typed) for _ in range(2))
    assert (first.status_code, second.status_code, north().version) == (303, 303, opened + 1)
    vendors, innovation, security = (area_of(stage, one) for one in (Area.VEN, Area.INN, Area.SEC))
    assert (vendors.scope, vendors.holder_contact_id, vendors.holder_person_id, vendors.target) == (
        Scope.ADVISE,
        1,
        None,
        Decimal("3.5"),
    )
    assert (innovation.scope, innovation.reason, innovation.review_due) == (Scope.OUT, "One change at a time", None)
    assert security.review_due == TODAY + timedelta(9)
    assert area_of(stage, Area.DAT).review_due == TODAY + timedelta(31), "planned where nothing was"
    assert "Vendors: scope: Lead, now Advise" in trail("scope.revise")[0][3]


@pytest.mark.parametrize(
    ("but", "status", "sentence"),
    [({"VEN_scope": "own"}, 422, "Choose one of the list"), ({"VEN_holder": "contact-3"}, 422, "Choose one of the list"),
     ({"VEN_target": "5.5"}, 422, "Choose one of the list"), ({"VEN_review_due": "soon"}, 422, "2026"),
     ({"VEN_holder": "contact-1"}, 422, "Vendors is led by us: choose a consultant"),
     ({"VEN_scope": "advise"}, 422, "Vendors is held by somebody of the client: choose a contact"),
     ({"VEN_holder": ""}, 409, "a consultant who holds Vendors"),
     ({"VEN_scope": "out", "VEN_holder": "contact-1"}, 409, "why Vendors is out of scope"),
     ({"VEN_scope": "advise", "VEN_holder": ""}, 409, "a contact of the client who answers for Vendors")],
)  # fmt: skip
def test_a_scope_that_cannot_be(but, status, sentence, sign_in, cast, stage, north, words):
    answer = sign_in(cast.ben).send("/engagements/1/areas", version=north().version, **twelve(stage, **but))
    assert (answer.status_code, sentence in words(answer)) == (status, True)
    assert area_of(stage, Area.VEN).scope is Scope.LEAD


def test_an_area_with_work_under_way_stays_in(sign_in, cast, stage, north, words):
    stage.add(Deliverable(client_id=1, engagement_id=1, number=7, title="x", area=Area.VEN, state=State.PROPOSED))
    stage.commit()
    typed = twelve(stage, VEN_scope="out", VEN_holder="contact-1", VEN_reason="x")
    answer = sign_in(cast.ben).send("/engagements/1/areas", version=north().version, **typed)
    assert (answer.status_code, "Vendors has deliverables under way: end them first" in words(answer)) == (422, True)


def test_another_active_engagement_leads_it(sign_in, cast, stage, north, words):
    """Invariant 20, also after activation."""
    for row in stage.query(AreaScope).filter_by(engagement_id=1, area=Area.VEN):
        row.scope, row.holder_contact_id, row.holder_person_id = Scope.ADVISE, 1, None
    people.engagement(stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Other", scope=Scope.ADVISE)
    stage.query(AreaScope).filter_by(engagement_id=3, area=Area.VEN).one().scope = Scope.LEAD
    stage.commit()
    answer = sign_in(cast.ben).send(
        "/engagements/1/areas", version=north().version, **twelve(stage, VEN_scope="lead", VEN_holder="person-2")
    )
    assert (answer.status_code, "ENG-003 leads it" in words(answer)) == (409, True)


def test_both_twelves_when_somebody_was_faster(sign_in, cast, stage, north):
    opened, typed = north().version, twelve(stage)
    sign_in(cast.ada).send("/engagements/1/areas", version=opened, **(typed | {"VEN_target": "4"}))
    answer = sign_in(cast.ben).send("/engagements/1/areas", version=opened, **(typed | {"VEN_target": "2"}))
    assert (answer.status_code, "Now it says: <b>4</b>" in answer.get_data(as_text=True)) == (409, True)


def test_a_virtual_cio_leads_three_areas_at_most_or_is_warned(sign_in, cast, stage, north, words):
    stage.get(Engagement, 1).model = "virtual"
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get(ben.send("/engagements/1/areas", version=north().version, **twelve(stage)).location)
    assert "A virtual CIO should lead at most 3 areas; this one leads 12." in words(page)


@pytest.mark.parametrize(
    "url", ["edit", "terms", "areas", "assignments/new", "sponsors/new", "pause", "closing", "activation"]
)
def test_a_form_costs_few_statements(url, sign_in, cast, stage, statements):
    ada = sign_in(cast.ada)
    ada.get(f"/engagements/1/{url}")
    with statements() as seen:
        assert ada.get(f"/engagements/1/{url}").status_code == 200
    assert len(seen) <= 12


def test_nothing_is_written_to_a_cancelled_one(sign_in, cast, stage, north):
    stage.get(Engagement, 1).state = EngagementState.CANCELLED
    for one in stage.query(Assignment).filter_by(engagement_id=1):
        one.status = Status.ENDED
    stage.commit()
    ada = sign_in(cast.ada)
    for url, typed in (("edit", WORDS), ("terms", TERMS), ("areas", twelve(stage)), ("assignments/new", part())):
        assert ada.send(f"/engagements/1/{url}", version=north().version, **typed).status_code == 409, url
