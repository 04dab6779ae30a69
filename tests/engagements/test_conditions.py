"""The life cycle's conditions, one by one (docs/domain.md, life cycles; invariants 1 to 4 and 20). No database."""

from datetime import date, timedelta

import pytest

from crm.core.errors import Refused
from crm.core.twelve import Area, Scope
from crm.engagements import conditions
from crm.engagements.models import Engagement, Pause, twelve_scopes
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.scopes import default_scope
from crm.engagements.states import EngagementModel, EngagementState

TODAY = date(2026, 11, 17)
BEN, TESS, CORA = 2, 5, 1
ALL = {"is_priced": True, "objectives": 1, "pairs": 1, "elsewhere": {}}


def part(
    person=BEN, role=AssignmentRole.LEAD, status=Status.CONFIRMED, begins=date(2026, 1, 1), ends=date(2026, 12, 31)
):
    return Assignment(
        person_id=person, role=role, status=status, begins=begins, ends=ends, days_a_month=4, mode="virtual"
    )


def engagement(model=EngagementModel.PART_TIME, state=EngagementState.DRAFT, **but):
    """One that lacks nothing."""
    made = Engagement(
        id=1, client_id=1, number=14, title="CIO", model=model, state=state, starts=date(2026, 1, 1),
        ends=date(2026, 12, 31), signed_on=date(2025, 12, 18), handover_note="", notice_given_on=None,
    )  # fmt: skip
    made.scopes.extend(twelve_scopes(made))
    made.assignments.append(part())
    made.sponsors.append(Sponsorship(contact_id=CORA))
    for row in made.scopes:
        row.reason = ""
        if row.scope is Scope.LEAD:
            row.holder_person_id = BEN
        else:
            row.holder_contact_id, row.reason = CORA, "Not part of this agreement" if row.scope is Scope.OUT else ""
    for name, value in but.items():
        vars(type(made))[name].__set__(made, value)
    return made


def missing(made, **but):
    return [one.says for one in conditions.to_activate(made, **(ALL | but))]


@pytest.mark.parametrize("model", EngagementModel)
def test_one_that_lacks_nothing_may_become_active(model):
    assert missing(engagement(model)) == []


@pytest.mark.parametrize(
    ("model", "lead", "advise", "oversee", "out"),
    [("virtual", 0, 12, 0, 0), ("part_time", 12, 0, 0, 0), ("non_exec", 0, 0, 12, 0), ("mentoring", 0, 2, 0, 10)],
)
def test_twelve_scopes_from_the_models_defaults(model, lead, advise, oversee, out):
    scopes = [default_scope(EngagementModel(model), area) for area in Area]
    assert [scopes.count(one) for one in Scope] == [lead, advise, oversee, out]
    assert [row.number for row in engagement(EngagementModel(model)).scopes] == list(range(1, 13))


def test_signed_on():
    assert missing(engagement(signed_on=None)) == ["the day it was signed"]


def test_a_price():
    assert missing(engagement(), is_priced=False) == ["a price"]


def test_an_objective():
    assert missing(engagement(), objectives=0) == ["a business objective of the client"]


def test_a_pair_when_mentoring():
    assert missing(engagement(EngagementModel.MENTORING), pairs=0) == ["a mentoring pair"]
    assert missing(engagement(EngagementModel.VIRTUAL), pairs=0) == []


def test_one_or_two_sponsors():
    made = engagement()
    made.sponsors.clear()
    assert missing(made) == ["a sponsor of the client who decides"]
    made.sponsors.extend(Sponsorship(contact_id=n) for n in (1, 2, 3))
    assert missing(made) == ["two sponsors at most"]


def test_one_lead_who_said_yes():
    made = engagement(EngagementModel.VIRTUAL)
    made.assignments[0].status = Status.TENTATIVE
    assert missing(made) == ["the lead’s confirmation"]
    made.assignments[0].status = Status.ENDED
    assert missing(made) == ["a lead consultant"]
    made.assignments[:] = [part(ends=date(2026, 6, 30)), part(TESS, begins=date(2026, 7, 1))]
    assert missing(made) == []
    made.assignments[1].begins = date(2026, 6, 30)
    assert missing(made) == ["one lead at a time: two parts overlap"]


def test_a_consultant_holds_what_we_lead():
    made = engagement()
    made.scope_of(Area.VEN).holder_person_id = None
    made.scope_of(Area.SEC).holder_person_id = TESS
    assert missing(made) == ["a consultant who holds Vendors", "a confirmed part for whoever holds Security"]
    made.assignments.append(part(TESS, AssignmentRole.SPECIALIST))
    assert missing(made) == ["a consultant who holds Vendors"]


def test_a_contact_answers_for_what_we_advise_or_oversee():
    made = engagement(EngagementModel.NON_EXEC)
    for area in (Area.STR, Area.BUD):
        made.scope_of(area).holder_contact_id = None
    made.scope_of(Area.STR).holder_person_id = BEN
    assert missing(made) == ["a contact of the client who answers for Strategy and Budget"]


def test_out_asks_for_a_reason_and_a_holder():
    made = engagement(EngagementModel.MENTORING)
    made.scope_of(Area.INN).reason = ""
    made.scope_of(Area.DAT).holder_contact_id = None
    assert missing(made) == ["why Innovation is out of scope", "who at the client holds Data, which is out of scope"]


def test_a_non_executive_leads_no_area():
    made = engagement(EngagementModel.NON_EXEC)
    row = made.scope_of(Area.SEC)
    row.scope, row.holder_person_id = Scope.LEAD, BEN
    assert missing(made) == ["another scope for Security: a non-executive leads no area"]


def test_two_active_engagements_do_not_lead_the_same_area():
    assert missing(engagement(), elsewhere={Area.DAT: "ENG-009"}) == ["another scope for Data: ENG-009 leads it"]
    assert missing(engagement(EngagementModel.VIRTUAL), elsewhere={Area.DAT: "ENG-009"}) == []


def test_a_refusal_names_everything_that_is_missing():
    made = engagement(signed_on=None)
    made.sponsors.clear()
    found = conditions.to_activate(made, **(ALL | {"objectives": 0}))
    with pytest.raises(Refused) as refused:
        conditions.refuse("Not active yet", found)
    assert str(refused.value) == (
        "Not active yet, still missing: the day it was signed; a sponsor of the client who decides; a business objective of the client."
    )
    conditions.refuse("Not active yet", [])


def test_activation_plans_the_first_reviews():
    made = engagement(EngagementModel.MENTORING)
    made.scope_of(Area.STK).review_due = date(2026, 12, 1)
    made.activate(TODAY)
    assert made.state is EngagementState.ACTIVE
    assert made.scope_of(Area.TAL).review_due == TODAY + timedelta(92)
    assert made.scope_of(Area.STK).review_due == date(2026, 12, 1), "a day that was set stands"
    assert made.scope_of(Area.SEC).review_due is None, "out of scope is not reviewed"


@pytest.mark.parametrize(
    ("step", "origins"),
    [
        (lambda made: made.activate(TODAY), {"draft"}),
        (lambda made: made.cancel(TODAY), {"draft"}),
        (lambda made: made.pause(TODAY, TODAY), {"active"}),
        (lambda made: made.resume(TODAY), {"paused"}),
        (lambda made: made.begin_closing(TODAY, TODAY), {"active", "paused"}),
        (lambda made: made.close(TODAY), {"closing"}),
    ],
)
@pytest.mark.parametrize("state", EngagementState)
def test_who_may_become_what(step, origins, state):
    made = engagement(state=state)
    if state in origins:
        step(made)
        assert made.state is not state
    else:
        with pytest.raises(Refused, match=rf"ENG-014 is {state.value}"):
            step(made)


def pause(begins, until, ended_on=None):
    return Pause(begins=begins, until=until, ended_on=ended_on)


def test_a_pause_stands_still_at_most_62_days_a_year():
    made = engagement(state=EngagementState.ACTIVE)
    with pytest.raises(Refused, match="at most 62 days a year, and 62 are left"):
        made.pause(date(2026, 3, 1), date(2026, 5, 2))
    assert made.pause(date(2026, 3, 1), date(2026, 5, 1)).until == date(2026, 5, 1)


def test_earlier_pauses_of_the_year_count_as_they_were():
    made = engagement(state=EngagementState.ACTIVE)
    made.pauses.append(pause(date(2026, 2, 1), date(2026, 3, 31), ended_on=date(2026, 2, 20)))
    with pytest.raises(Refused, match="42 are left"):
        made.pause(date(2026, 6, 1), date(2026, 7, 13))
    made.pause(date(2026, 6, 1), date(2026, 7, 12))


def test_what_lies_more_than_a_year_back_does_not_count():
    made = engagement(state=EngagementState.ACTIVE)
    made.pauses.append(pause(date(2025, 5, 1), date(2025, 6, 30)))
    made.pause(date(2026, 6, 1), date(2026, 7, 31))


def test_a_pause_lies_within_the_term():
    made = engagement(state=EngagementState.ACTIVE)
    for until, field in ((date(2027, 1, 1), "within its term"), (TODAY - timedelta(1), "before it begins")):
        with pytest.raises(Refused, match=field):
            made.pause(TODAY, until)


@pytest.mark.parametrize(
    ("begins", "until", "last"),
    [(date(2026, 11, 3), date(2026, 12, 1), date(2026, 11, 16)), (TODAY, date(2026, 12, 1), TODAY),
     (date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 9))],
)  # fmt: skip
def test_it_goes_on_and_yesterday_was_the_last_paused_day(begins, until, last):
    made = engagement(state=EngagementState.PAUSED)
    made.pauses.append(pause(begins, until))
    made.resume(TODAY)
    assert (made.state, made.pauses[0].ended_on) == (EngagementState.ACTIVE, last)


def test_closing_begins_within_sixty_days_or_by_notice():
    made = engagement(state=EngagementState.ACTIVE, ends=TODAY + timedelta(61))
    with pytest.raises(Refused, match="more than 60 days") as refused:
        made.begin_closing(TODAY)
    assert refused.value.field == "notice_given_on"
    made.ends = TODAY + timedelta(60)
    steps = made.begin_closing(TODAY)
    assert (made.state, made.closing_began_on, len(steps)) == (EngagementState.CLOSING, TODAY, 5)


def test_notice_opens_closing_at_any_time_and_is_not_given_tomorrow():
    made = engagement(state=EngagementState.PAUSED)
    made.pauses.append(pause(TODAY - timedelta(3), TODAY + timedelta(9)))
    with pytest.raises(Refused, match="by notice"):
        made.begin_closing(TODAY)
    with pytest.raises(Refused, match="today or earlier"):
        made.begin_closing(TODAY, TODAY + timedelta(1))
    made.begin_closing(TODAY, TODAY - timedelta(2))
    assert made.notice_given_on == TODAY - timedelta(2)
    assert made.pauses[0].ended_on == TODAY - timedelta(1)


def closing():
    made = engagement(
        EngagementModel.VIRTUAL,
        EngagementState.CLOSING,
        closing_began_on=date(2026, 11, 1),
        handover_note="All is well.",
    )
    for row in made.scopes:
        row.reviewed_on = date(2026, 11, 2)
    return made


def not_closed(made, live=(), is_locked=True):
    return [one.says for one in conditions.to_close(made, live=live, is_locked=is_locked)]


def test_what_lacks_nothing_may_close():
    made = closing()
    assert not_closed(made) == []
    made.close(TODAY)
    assert made.state is EngagementState.CLOSED
    assert (made.assignments[0].status, made.assignments[0].ends) == (Status.ENDED, TODAY)


def test_no_deliverable_is_live():
    assert not_closed(closing(), live=["DEL-003"]) == ["an end for DEL-003: accepted or cancelled"]
    many = [f"DEL-00{n}" for n in range(1, 8)]
    assert not_closed(closing(), live=many)[0].endswith("DEL-005 and 2 more: accepted or cancelled")


def test_every_area_in_scope_has_its_closing_review():
    made = closing()
    made.scope_of(Area.SEC).reviewed_on = date(2026, 10, 31)
    made.scope_of(Area.BCD).reviewed_on = None
    made.scope_of(Area.INN).scope, made.scope_of(Area.INN).reviewed_on = Scope.OUT, None
    assert not_closed(made) == ["a closing review of Security and Continuity"]


def test_the_last_month_is_locked():
    assert conditions.last_month(closing()) == date(2026, 12, 1)
    assert not_closed(closing(), is_locked=False) == ["the lock of December 2026, its last month"]


def test_a_handover_note():
    made = closing()
    made.handover_note = ""
    assert not_closed(made) == ["a handover note"]


def test_a_cancelled_draft_plans_nobody():
    made = engagement()
    made.assignments[:] = [part(status=Status.TENTATIVE, begins=TODAY + timedelta(9)), part(TESS)]
    made.cancel(TODAY)
    assert [(one.status, one.ends) for one in made.assignments] == [
        (Status.ENDED, TODAY + timedelta(9)), (Status.ENDED, TODAY),
    ]  # fmt: skip


def test_an_assignment_ends_on_its_last_day():
    one = part()
    one.end(TODAY + timedelta(3), TODAY)
    assert (one.status, one.ends) == (Status.CONFIRMED, TODAY + timedelta(3))
    one.end(TODAY, TODAY)
    assert (one.status, one.ends) == (Status.ENDED, TODAY)
    with pytest.raises(Refused, match="ended already"):
        one.end(TODAY, TODAY)
    with pytest.raises(Refused, match="before it began"):
        part(begins=TODAY).end(TODAY - timedelta(1), TODAY)


def test_the_name_that_people_ask_for():
    made = engagement()
    past, now, later, maybe = (
        part(1, ends=date(2026, 3, 31), status=Status.ENDED), part(2, begins=date(2026, 4, 1)),
        part(3, begins=date(2026, 12, 1)), part(4, status=Status.TENTATIVE),
    )  # fmt: skip
    for parts, person in (([past, maybe, later, now], 2), ([past, later, maybe], 3), ([past, maybe], 4), ([past], 1)):
        made.assignments[:] = parts
        assert made.who_leads(TODAY).person_id == person
    made.assignments[:] = [part(role=AssignmentRole.SPECIALIST)]
    assert made.who_leads(TODAY) is None
