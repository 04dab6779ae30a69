"""Other terms from a month on: agreed by a partner, never for what is locked or invoiced; old months stay."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.audit.models import AuditText
from crm.core.calendar import month_after, month_of
from crm.core.clock import now
from crm.core.viewer import SYSTEM
from crm.engagements.models import Engagement, Terms
from crm.engagements.retained import FrozenMonth, Order, RetainerFee, RetainerTerms, Unit
from crm.engagements.states import EngagementModel
from crm.people.models import Period, PeriodState
from crm.retainers.operations import take_effect
from crm.retainers.queries import months_of
from tests.cast import TODAY, YEAR, looking

URL = "/engagements/1/retainer"
THIS = month_of(TODAY)
NEXT = month_after(THIS)
SIX = {
    "begins": f"{THIS:%Y-%m}", "quantity": "45", "unit": "hours", "monthly_fee": "6,300", "cap": "7.5", "keeps": "2", "used_first": "grant_first",
    "overage": "bill", "overage_rate": "1150", "part_first": "yes", "part_last": "yes", "warns_sponsor": "yes",
}  # fmt: skip


@pytest.fixture
def history(stage):
    def read():
        stage.expire_all()
        stage.rollback()
        rows = stage.scalars(
            select(RetainerTerms).where(RetainerTerms.engagement_id == 1).order_by(RetainerTerms.begins)
        )
        fees = {one.terms_id: one for one in stage.scalars(select(RetainerFee))}
        return [(one, fees[one.id]) for one in rows]

    return read


@pytest.fixture
def version(stage):
    def read():
        stage.rollback()
        return stage.scalar(select(Engagement.version).where(Engagement.id == 1))

    return read


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("tess", 403), ("eve", 404), ("cora", 403), ("abe", 403)])
def test_terms_are_agreed_by_partners(who, status, sign_in, cast, history):
    browser = sign_in(getattr(cast, who))
    assert [browser.get(URL).status_code, browser.send(URL, **SIX).status_code] == [status, status]
    assert len(history()) == 1


def test_old_months_stay_and_the_head_says_what_holds(app, sign_in, cast, stage, history, words):
    answer = sign_in(cast.ada).send(URL, **SIX)
    assert answer.status_code == 303, words(answer)
    (before, _), (after, fee) = history()
    assert (before.days, before.cap_days, after.begins) == (4, 0, THIS)
    assert (after.unit, after.days, after.cap_days, after.keeps, after.used_first) == (
        Unit.HOURS,
        6,
        1,
        2,
        Order.GRANT_FIRST,
    )
    assert (fee.monthly_fee, fee.overage_rate, after.warns_sponsor) == (630_000, 115_000, True)
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    assert (stage.get(Engagement, 1).days_a_month, terms.monthly_fee, terms.overage, terms.rollover_cap) == (
        6,
        630_000,
        "bill",
        1,
    )
    with looking(app, SYSTEM):
        assert [one.grant for one in months_of([1], TODAY)[1]][-2:] == [4, 6]
    team = words(sign_in(cast.ben).get("/engagements/1/team"))
    assert "45 h 6 days at most 1 day" in team
    assert "£6,300" in team
    assert "£" not in words(sign_in(cast.tess).get("/engagements/1/team"))
    text = stage.scalars(select(AuditText).order_by(AuditText.id.desc())).first()
    assert (f"From {THIS:%B %Y}" in text.body, "A month: 4, now 45" in text.body, text.open_to) == (
        True,
        True,
        "partners",
    )


def test_what_begins_later_takes_effect_when_its_month_comes(app, sign_in, cast, stage, history):
    sign_in(cast.ada).send(URL, **(SIX | {"begins": f"{NEXT:%Y-%m}"}))
    assert (stage.get(Engagement, 1).days_a_month, history()[1][0].begins) == (4, NEXT)
    history()[1][0].begins = THIS
    stage.commit()
    with app.app_context():
        take_effect()
    stage.expire_all()
    assert stage.get(Engagement, 1).days_a_month == 6


def test_terms_of_the_same_month_give_way(sign_in, cast, history, version):
    ada = sign_in(cast.ada)
    ada.send(URL, **SIX)
    ada.send(URL, version=version(), **(SIX | {"quantity": "50"}))
    assert [(one.begins, one.quantity) for one, _ in history()][1:] == [(THIS, 50)]


@pytest.mark.parametrize(
    ("but", "sentence"),
    [({"begins": "2001-01"}, "Choose one of the list"), ({"quantity": ""}, "Write how much a month"), ({"cap": "60"}, "write 45 or less"),
     ({"keeps": "13"}, "Choose one of the list"), ({"monthly_fee": "dear"}, "5200 or 5200.50"), ({"overage_rate": ""}, "Write the price of a day")],
)  # fmt: skip
def test_terms_that_cannot_be(but, sentence, sign_in, cast, history, words):
    answer = sign_in(cast.ada).send(URL, **(SIX | but))
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert len(history()) == 1


@pytest.mark.parametrize("how", ["locked", "invoiced"])
def test_what_is_settled_is_not_agreed_anew(how, sign_in, cast, stage, history, version, words):
    if how == "locked":
        stage.add(Period(month=THIS, state=PeriodState.LOCKED, locked_at=now()))
    else:
        stage.add(
            FrozenMonth(client_id=1, engagement_id=1, month=THIS, granted=4, rolled_in=0, minutes=0, used=0, overage=0, rolled_out=0,
                        lapsed=4, lapsing=0, frozen_at=now())
        )  # fmt: skip
    stage.commit()
    ada = sign_in(cast.ada)
    assert f'value="{THIS:%Y-%m}"' not in ada.get(URL).text
    assert ada.send(URL, **SIX).status_code == 422
    assert ada.send(URL, **(SIX | {"begins": f"{NEXT:%Y-%m}"})).status_code == 303
    price = {"starts": str(TODAY - YEAR), "ends": str(TODAY + YEAR), "signed_on": "2026-01-18", "notice_days": "30", "price_kind": "retainer",
             "days_a_month": "5", "monthly_fee": "4200", "overage": "ask", "overage_rate": "1100"}  # fmt: skip
    answer = ada.send("/engagements/1/terms", version=version(), **price)
    assert (answer.status_code in {409, 422}, "is locked or invoiced" in words(answer)) == (True, True)
    assert [one.begins for one, _ in history()][1:] == [NEXT]


def test_a_non_executive_rolls_nothing_over(sign_in, cast, stage, history, words):
    stage.get(Engagement, 1).model = EngagementModel.NON_EXEC
    stage.commit()
    answer = sign_in(cast.ada).send(URL, version=2, **SIX)
    assert (answer.status_code, "write 0" in words(answer)) == (422, True)


def test_a_price_agreed_while_it_runs_holds_from_this_month(app, sign_in, cast, stage, history):
    price = {"starts": str(TODAY - YEAR), "ends": str(TODAY + YEAR), "signed_on": "2026-01-18", "notice_days": "30", "price_kind": "retainer",
             "days_a_month": "6", "monthly_fee": "6300", "overage": "bill", "overage_rate": ""}  # fmt: skip
    sign_in(cast.ada).send("/engagements/1/terms", **price)
    (_, _), (after, fee) = history()
    assert (after.begins, after.days, after.cap, fee.monthly_fee, fee.overage_rate) == (THIS, 6, 3, 630_000, 105_000)
    with looking(app, SYSTEM):
        assert [one.grant for one in months_of([1], TODAY + timedelta(31))[1]][-3:] == [4, 6, Decimal(6)]
