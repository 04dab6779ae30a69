"""The client's first page answers in a breath: are we all right, and what do you need from us."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.accounts.models import Standing
from crm.areas.across.models import Decision, DecisionStatus
from crm.areas.budget.models import Proof, Saving, SavingStatus, SavingType
from crm.areas.strategy.models import Objective
from crm.areas.vendors.models import Tier, VendorContract
from crm.audit.models import Opened, Opening
from crm.clients.models import Activity, ActivityKind, Client, Contact
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.ring import dial
from crm.core.twelve import Area
from crm.core.viewer import Role
from crm.deliverables.states import State
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.engagements.states import EngagementState
from crm.portal import plain as words
from crm.timelog.models import TimeEntry
from tests.cast import TODAY, account, engagement
from tests.html import faults


@pytest.fixture
def judge(stage, cast):
    """Say how an area of Northwind stands."""

    def say(area, rag, sentence="It runs.", on=1, **more):
        said = {
            "confirmed": rag,
            "sentence": sentence,
            "trend": Trend.STEADY,
            "maturity": 3,
            "reviewed_on": TODAY,
            **more,
        }
        stage.execute(update(AreaScope).where(AreaScope.engagement_id == on, AreaScope.area == area).values(said))

    return say


def a_ring(red=0, amber=0, green=0, out=0):
    """Twelve scopes as the ring takes them."""
    rags = [Rag.RED] * red + [Rag.AMBER] * amber + [Rag.GREEN] * green
    scopes = []
    for n in range(1, 13 - out):
        scopes.append(AreaScope(number=n, scope="lead", confirmed=rags[n - 1] if n <= len(rags) else None))
    return dial(scopes, plain=True)


@pytest.mark.parametrize(("ring", "said"), [
    (a_ring(), "We are getting to know your business."),
    (a_ring(out=12), "No work is running at the moment."),
    (a_ring(green=7), "Everything we looked at is on track."),
    (a_ring(amber=2, green=10), "On track, with two to watch."),
    (a_ring(red=1, green=11), "Mostly on track. One area needs action."),
    (a_ring(red=2, amber=4, green=6), "Mostly on track. Two areas need action."),
    (a_ring(red=1, amber=8, green=2, out=1), "One area needs action, eight to watch."),
    (a_ring(red=3), "Three areas need action."),
])  # fmt: skip
def test_the_headline(ring, said):
    assert words.headline(ring) == said


def test_the_same_in_figures():
    assert words.summary(a_ring(red=1, amber=2, green=7, out=1)) == (
        "Of the eleven areas in our care: seven on track, two to watch, one in need of action and one not looked at yet."
    )
    assert words.summary(a_ring(out=12)).startswith("What we did for you before stays here")


def test_what_needs_the_sponsor_stands_first(sign_in, cast, owe, judge, plain):
    owe(State.SUBMITTED)
    judge(Area.SEC, Rag.RED, "Two doors are open.", ask="Let us close the old accounts", ask_by=TODAY + timedelta(5))
    answer = sign_in(cast.cora).get("/portal")
    text = plain(answer)
    assert "Two things need you" in text
    assert "Let us close the old accounts" in text
    assert "Sign off “Supplier exit plan”" in text
    assert text.index("Two things need you") < text.index("Your twelve areas") < text.index("What is next")
    assert answer.text.index('class="needs"') < answer.text.index('<svg class="ring ring-hero"')


def test_the_most_urgent_is_the_one_with_the_button(sign_in, cast, owe, judge, stage):
    owe(State.SUBMITTED)
    judge(Area.SEC, Rag.RED, ask="First this", ask_by=TODAY)
    page = sign_in(cast.cora).get("/portal").text
    assert page.index("First this") < page.index("Sign off “")


def test_a_viewer_reads_what_waits_but_is_not_asked(sign_in, cast, owe, plain):
    owe(State.SUBMITTED)
    text = plain(sign_in(cast.vic).get("/portal"))
    assert "Waiting for your colleagues" in text
    assert "“Supplier exit plan” waits for a sign-off" in text
    assert "Cora is asked to answer" in text
    assert "need you" not in text


def test_with_nothing_to_do_it_says_so(sign_in, cast, plain):
    text = plain(sign_in(cast.cora).get("/portal"))
    assert "Nothing needs you today." in text
    assert "We are getting to know your business." in text


def test_the_twelve_in_plain_words(sign_in, cast, judge, plain):
    judge(Area.SEC, Rag.RED, "Two doors are open.", trend=Trend.WORSENING)
    judge(Area.BUD, Rag.AMBER, "Slightly over.")
    judge(Area.STR, Rag.GREEN, "The plan holds.", trend=Trend.IMPROVING)
    text = plain(sign_in(cast.vic).get("/portal"))
    for said in ("Protection against attack and loss", "Worse", "Needs action", "Two doors are open.", "Watch", "Better", "On track",
                 "Not looked at yet"):  # fmt: skip
        assert said in text
    for jargon in ("RAG", "Red", "Amber", "Green", "aturity", "RAID", "KPI"):
        assert jargon not in text, jargon


def test_two_engagements_have_one_ring(sign_in, cast, judge, stage, plain):
    """The one that leads the area speaks for it."""
    engagement(stage, 3, 1, lead=cast.persons.tess, sponsor=cast.contacts.cora, title="Second", scope="advise")
    judge(Area.SEC, Rag.GREEN, "The lead says.", on=1)
    judge(Area.SEC, Rag.RED, "The adviser says.", on=3)
    text = plain(sign_in(cast.cora).get("/portal"))
    assert "The lead says." in text
    assert "The adviser says." not in text


def test_an_engagement_that_is_only_planned_is_ours_alone(sign_in, cast, stage, plain):
    engagement(
        stage,
        3,
        1,
        lead=cast.persons.tess,
        sponsor=cast.contacts.cora,
        title="Secret plan",
        state=EngagementState.DRAFT,
    )
    for address in ("/portal", "/portal/time", "/portal/deliverables/new"):
        assert "Secret plan" not in sign_in(cast.cora).get(address).text


def test_what_we_did_and_what_is_next(sign_in, cast, judge, owe, stage, plain):
    shared = {"client_id": 1, "person_id": 2, "written_at": clock.now(), "happened_on": TODAY}
    stage.add_all([
        Activity(kind=ActivityKind.CALL, title="Spoke about the lease", visibility=Visibility.CLIENT, **shared),
        Activity(kind=ActivityKind.NOTE, title="They are difficult", visibility=Visibility.TEAM, **shared),
        Objective(client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="Quote within two days", mission_link="x",
                  due=TODAY + timedelta(20), visibility=Visibility.CLIENT),
        Objective(client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="Not shown to them", mission_link="x",
                  due=TODAY + timedelta(20), visibility=Visibility.TEAM),
    ])  # fmt: skip
    judge(Area.BUD, Rag.GREEN, review_due=TODAY + timedelta(9))
    owe(State.CHANGES_REQUESTED, title="Exit plan")
    owe(State.ACCEPTED, title="Budget paper")
    stage.commit()
    text = plain(sign_in(cast.cora).get("/portal"))
    for said in ("Spoke about the lease", "Budget paper", "Signed off by Cora", "The next version of “Exit plan”", "Quote within two days",
                 "We look again at “What technology costs and earns”", "Northwind CIO ends as agreed"):  # fmt: skip
        assert said in text, said
    for hidden in ("They are difficult", "Not shown to them"):
        assert hidden not in text
    assert "Quote within two days" not in plain(sign_in(cast.vic).get("/portal")), (
        "registers: only if the sponsor allows"
    )


def test_days_are_told_to_the_sponsor_alone(sign_in, cast, stage, plain):
    stage.add(
        TimeEntry(
            person_id=2,
            client_id=1,
            engagement_id=1,
            worked_on=TODAY,
            minutes=675,
            area=Area.VEN,
            logged_at=clock.now(),
        )
    )
    stage.commit()
    assert "2.5 days left 1.5 of 4 days used" in plain(sign_in(cast.cora).get("/portal"))
    text = plain(sign_in(cast.vic).get("/portal"))
    assert "days left" not in text
    assert "Days used" not in text
    assert sign_in(cast.vic).get("/portal/time").status_code == 403


def test_nothing_of_another_company(sign_in, world):
    for who in (world.cora, world.vic):
        for address in (
            "/portal",
            "/portal/deliverables",
            "/portal/timeline",
            "/portal/areas/vendors",
            "/portal/areas/strategy",
        ):
            page = sign_in(who).get(address).text
            assert "CANARY-U" not in page
            assert "INTERNAL" not in page
    assert "CANARY-N" in sign_in(world.cora).get("/portal/areas/vendors").text


def test_it_costs_the_same_for_many(sign_in, cast, owe, judge, stage, statements):
    cora, counts = sign_in(cast.cora), []
    for number in (1, 6):
        for n in range(number):
            owe(State.SUBMITTED, title=f"Paper {n}")
            owe(State.ACCEPTED, title=f"Done {n}")
            owe(State.CHANGES_REQUESTED, title=f"Again {n}")
            stage.add(Activity(kind=ActivityKind.CALL, title=f"Call {n}", visibility=Visibility.CLIENT, client_id=1, person_id=2,
                               written_at=clock.now(), happened_on=TODAY))  # fmt: skip
        stage.commit()
        with statements() as seen:
            assert cora.get("/portal").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


# --- One account, several companies ---


@pytest.fixture
def huw(stage, cast):
    """Sponsor at Northwind and viewer at Umbra, by one account."""
    stage.add_all([Contact(id=8, client_id=1, name="Huw"), Contact(id=9, client_id=2, name="Huw")])
    stage.flush()
    made = account(stage, "huw", Role.SPONSOR, contact_id=8, client_id=1)
    stage.add(Standing(account_id=made.id, role=Role.VIEWER, contact_id=9, client_id=2))
    stage.commit()
    made.at_umbra = stage.scalars(select(Standing.id).where(Standing.contact_id == 9)).one()
    return made


def test_changing_from_one_company_to_the_other(sign_in, huw, cast, owe):
    owe(State.SUBMITTED, title="Northwind's paper")
    browser = sign_in(huw)
    page = browser.get("/portal").text
    assert "Northwind&#39;s paper" in page
    assert "Umbra" in page, "the other company, by name, to change to"
    assert browser.post("/standing", data={"standing": str(huw.at_umbra)}).status_code == 303
    page = browser.get("/portal").text
    assert "Northwind&#39;s paper" not in page
    assert browser.get("/portal/deliverables").text.count("paper") == 0
    assert browser.get("/portal/time").status_code == 403, "at Umbra Huw only reads"


def test_a_page_of_the_other_company_writes_into_neither(sign_in, huw, cast, stage, plain):
    """Two tabs: what is sent from the one that was opened under the earlier company is stopped with a sentence."""
    browser = sign_in(huw)
    page = browser.get("/portal/colleagues").text
    worn = re.search(r'name="worn" value="(\d+)"', page).group(1)
    browser.post("/standing", data={"standing": str(huw.at_umbra), "worn": worn})
    for address, typed in (("/portal/colleagues", {"viewers_see_registers": "yes"}), ("/portal/decisions/1", {})):
        answer = browser.send(address, worn=worn, **typed)
        assert (answer.status_code, "another company" in plain(answer)) == (409, True), address
    stage.expire_all()
    assert not any(one.viewers_see_registers for one in stage.query(Client))
    back = {"standing": worn, "worn": str(huw.at_umbra)}
    assert browser.post("/standing", data=back).status_code == 303
    assert browser.send("/portal/colleagues", worn=worn, viewers_see_registers="yes").status_code == 303
    assert 'name="worn"' not in sign_in(cast.cora).get("/portal/colleagues").text, (
        "who has one company is asked nothing"
    )


def test_the_name_of_the_company_always_stands_above(sign_in, huw):
    browser = sign_in(huw)
    for name, standing in (("Northwind", None), ("Umbra", huw.at_umbra)):
        if standing:
            browser.post("/standing", data={"standing": str(standing)})
        for address in ("/portal", "/portal/deliverables", "/portal/timeline"):
            page = browser.get(address).text
            assert re.search(r'class="brand" href="/portal">.*?<span>' + name, page), (address, name)


def test_of_other_companies_nobody_reads_the_name(sign_in, cast):
    for who, name in ((cast.cora, "Umbra"), (cast.vic, "Umbra"), (cast.uma, "Northwind")):
        assert name not in sign_in(who).get("/portal").text


def test_only_the_own_companies_are_named(see, huw, cast):
    from crm.figures import own_companies

    for who, names in ((huw, {1: "Northwind", 2: "Umbra"}), (cast.cora, {1: "Northwind"}), (cast.ben, {})):
        with see(who):
            assert own_companies() == names


# --- In its order, and what is new ---


def opened(stage, cast, days_ago, who=1, client_id=1):
    at = clock.now() - timedelta(days=days_ago)
    stage.add(Opening(at=at, kind=Opened.HOME, title="First page", client_id=client_id, contact_id=who))
    stage.commit()


def test_the_order_of_the_page(sign_in, cast, owe, judge, plain):
    owe(State.SUBMITTED)
    judge(Area.SEC, Rag.GREEN, "All is shut.")
    text = plain(sign_in(cast.cora).get("/portal"))
    heads = ("One thing needs you", "Where we stand", "Your twelve areas", "What you got", "What is next")
    assert sorted(text.index(one) for one in heads) == [text.index(one) for one in heads]


def test_every_answer_has_two_buttons(sign_in, cast, owe, judge, stage):
    """Another answer where there is one, else somebody to ask; whoever only reads is asked for neither."""
    owed = owe(State.SUBMITTED)
    judge(Area.SEC, Rag.RED, ask="Close the old accounts", ask_by=TODAY)
    page = sign_in(cast.cora).get("/portal").text
    assert f'href="/portal/deliverables/{owed.id}/versions/{owed.versions[0].id}/changes"' in page
    assert 'href="mailto:ben@larkmoor.example?subject=Close%20the%20old%20accounts"' in page
    page = sign_in(cast.vic).get("/portal").text
    assert ("/changes" in page, "mailto:" in page) == (False, False)


def test_what_waiting_costs(sign_in, cast, stage, plain):
    stage.add(Decision(area=Area.VEN, question="Which printer?", options=["A", "B"], needed_by=TODAY - timedelta(15), cost_a_week=50_000,
                       owner_contact_id=1, client_id=1, made_at=clock.now(), changed_at=clock.now(), visibility=Visibility.CLIENT))  # fmt: skip
    stage.commit()
    assert "Waiting costs about £500 a week, £1,500 so far." in plain(sign_in(cast.cora).get("/portal"))


def test_what_changed_since_the_last_visit(sign_in, cast, owe, judge, stage, plain):
    """Since the last earlier day of this person at this company; the first visit has no news."""
    judge(Area.SEC, Rag.RED, "Two doors are open.", trend=Trend.WORSENING, reviewed_on=TODAY - timedelta(2))
    judge(Area.BUD, Rag.GREEN, "Fine.", reviewed_on=TODAY - timedelta(20))
    owe(State.ACCEPTED, title="Budget paper")
    owe(State.SUBMITTED, title="Exit plan")
    cora = sign_in(cast.cora)
    opened(stage, cast, 1, who=2)
    opened(stage, cast, 1, who=3, client_id=2)
    assert "Since you were here" not in plain(cora.get("/portal")), "what others opened is no visit of hers"
    assert "Since you were here" not in plain(cora.get("/portal")), "and today is not an earlier day"
    opened(stage, cast, 30)
    opened(stage, cast, 9)
    page = cora.get("/portal")
    news = plain(page).partition("Since you were here")[2].partition("Longer is stronger")[0]
    for said in (
        "Protection against attack and loss",
        "Needs action, worse than before",
        "“Exit plan” was sent to you",
        "Budget paper",
    ):
        assert said in news, said
    assert "What technology costs" not in news
    assert faults(page.text) == []
    assert stage.scalars(select(Opening.contact_id).where(Opening.at > clock.now() - timedelta(hours=1))).all() == [1]


def test_nothing_new_is_said(sign_in, cast, judge, stage, plain):
    judge(Area.SEC, Rag.GREEN, "Shut.", reviewed_on=TODAY - timedelta(20))
    opened(stage, cast, 3)
    assert "Nothing changed." in plain(sign_in(cast.cora).get("/portal"))


def test_a_new_client_is_welcomed(sign_in, cast, stage, judge):
    """Who we are and what happens next; no dial without marks, for the sponsor and for whoever looks on."""
    stage.execute(update(AreaScope).where(AreaScope.area == Area.SEC).values(review_due=TODAY + timedelta(9)))
    stage.commit()
    for who, said in ((cast.cora, "You decide."), (cast.vic, "You read.")):
        page = sign_in(who).get("/portal").text
        for text in ("Who we are", "Ben, your part-time CIO, from Larkmoor.", "What happens next", said):
            assert text in page, text
        assert 'class="ring ring-hero"' not in page
        assert "Not looked at yet" not in page
        assert faults(page) == []
    judge(Area.SEC, Rag.GREEN)
    assert "Who we are" not in sign_in(cast.cora).get("/portal").text


def test_decided_saved_and_renewed(sign_in, cast, stage, judge, plain):
    judge(Area.SEC, Rag.GREEN)
    row = {"client_id": 1, "made_at": clock.now(), "changed_at": clock.now(), "visibility": Visibility.CLIENT}
    paid = {"type": SavingType.COST_OUT, "annual_target": 900_000, "status": SavingStatus.REALISED}
    stage.add_all([
        Decision(area=Area.VEN, question="Which printer?", options=["A", "B"], needed_by=TODAY, status=DecisionStatus.DECIDED, outcome="The small one",
                 decided_on=TODAY - timedelta(3), owner_contact_id=1, **row),
        Saving(area=Area.BUD, title="Lines", annual_realised=1_240_000, proof=Proof.INVOICE, **paid, **row),
        Saving(area=Area.BUD, title="Hoped for", annual_realised=5_000_000, proof=Proof.ESTIMATE, **paid, **row),
        VendorContract(area=Area.VEN, vendor="Telephone Ltd", what="Lines", tier=Tier.COMMODITY, annual_cost=1, end=TODAY + timedelta(60), notice_days=20, **row),
        VendorContract(area=Area.VEN, vendor="Hidden Ltd", what="Lines", tier=Tier.COMMODITY, annual_cost=1, end=TODAY + timedelta(60), notice_days=20,
                       **row | {"visibility": Visibility.TEAM}),
    ])  # fmt: skip
    stage.commit()
    text = plain(sign_in(cast.cora).get("/portal"))
    for said in (
        "Which printer?",
        "Decided: The small one",
        "£12,400",
        "saved each year",
        "Telephone Ltd: Lines",
        "The last day to end or change",
    ):
        assert said in text, said
    assert "Hidden Ltd" not in text
    text = plain(sign_in(cast.vic).get("/portal"))
    assert "Which printer?" in text, "decisions are read by whoever only reads, too"
    for hidden in ("£12,400", "Telephone Ltd"):
        assert hidden not in text
