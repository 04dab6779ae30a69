"""J11: what stands in the way of closing a month, overage, the lock and its statements, opening it again."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm.clients.models import Wall
from crm.closing.models import HealthFigure, MonthFigure, OverageDecision, Settled, Statement, TimeReminder
from crm.closing.operations import mark_invoiced
from crm.core import clock
from crm.core.calendar import DAY, is_working_day, month_end, month_of
from crm.core.errors import Refused
from crm.core.twelve import Area
from crm.engagements.retained import FrozenMonth, RetainerTerms
from crm.engagements.scopes import AreaScope
from crm.engagements.states import Overage
from crm.outbox.models import Outbox
from crm.people.models import Period, PeriodState
from crm.practice.models import Approval, Practice
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry
from tests import cast as people
from tests.cast import TODAY
from tests.health.well import make_well

MONTH = month_of(month_of(TODAY) - DAY)
NAME = f"{MONTH:%Y-%m}"
PAGE = f"/time/periods/{NAME}"
WORKED = [d for n in range(31) if (d := MONTH + n * DAY) <= month_end(MONTH) and is_working_day(d, "GB-ENG")]
NORTH = {"client_id": 1, "engagement_id": 1, "person_id": 2}
UMBRA = {"client_id": 2, "engagement_id": 2, "person_id": 6}


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def log(stage, whose, *minutes, day=None, note="Worked", **more):
    for n, one in enumerate(minutes):
        stage.add(
            TimeEntry(
                worked_on=day or WORKED[n],
                minutes=one,
                area=Area.STR,
                client_note=note,
                logged_at=clock.now(),
                **whose,
                **more,
            )
        )
    stage.commit()


def agree(stage, overage):
    for one in stage.scalars(select(RetainerTerms)):
        one.overage = overage
    stage.commit()


def standing(stage, engagement_id=1):
    stage.expire_all()
    rows = select(Statement).where(Statement.engagement_id == engagement_id, Statement.month == MONTH)
    return stage.scalars(rows.order_by(Statement.number)).all()


def test_the_answer_comes_first_and_each_figure_opens_its_rows(sign_in, cast, stage):
    log(stage, NORTH, 450, 450, 450, 450, 225)  # half a day over four
    log(stage, UMBRA, 60, note="")
    ada = sign_in(cast.ada)
    page = plain(ada.get(PAGE))
    assert f"Four things stand in the way of closing {MONTH:%B}." in page
    assert "5 people with working days without time" in page
    assert "1 entry without a note for the client Finn" in page
    assert "6 entries not approved" in page
    assert "1 engagement with overage that the sponsor was not asked about" in page
    assert "absorbed at the lock: 0.5 days" in page
    assert "3.87 days of 1 retainer lapse with this month" in page  # Umbra: 4 less 0.13, and nothing rolls over
    assert len(re.findall("Finn", plain(ada.get(f"{PAGE}/entries?show=noteless")))) > 0
    assert plain(ada.get(f"{PAGE}/entries?show=waiting")).count("ENG-001") == 5
    assert ada.get(f"{PAGE}/entries?show=nothing").status_code == 404


def test_a_correction_needs_no_note(sign_in, cast, stage):
    log(stage, UMBRA, 60)
    log(stage, UMBRA, -30, note="", adjusts_id=stage.scalars(select(TimeEntry.id)).one())
    assert "Every entry for a client says what was done" in plain(sign_in(cast.ada).get(PAGE))


def test_reminding_by_one_button_once_a_day(sign_in, cast, stage):
    log(stage, UMBRA, 60, note="")
    ada = sign_in(cast.ada)
    assert ada.send(f"{PAGE}/reminders", once="a").status_code == 303
    told = stage.scalars(select(TimeReminder)).all()
    assert len(told) == len({one.person_id for one in told}) == 5
    finn = next(one for one in told if one.person_id == 6)
    assert (finn.missing, finn.noteless) == (len(WORKED) - 1, 1)
    assert [one.topic for one in stage.scalars(select(Outbox))] == ["time.reminded"] * 5
    assert "reminded today: Ada, Ben" in plain(ada.get(PAGE))
    assert "Remind them" not in plain(ada.get(PAGE)), "whoever needs it was"
    assert ada.send(f"{PAGE}/reminders", once="b").status_code == 409
    assert len(stage.scalars(select(TimeReminder)).all()) == 5


@pytest.mark.parametrize(
    ("agreed", "decide", "billed", "absorbed"),
    [
        (Overage.ASK, None, "0", "0.50"),
        (Overage.ASK, {"choice": "bill", "agreed_by_id": "1", "agreed_on": TODAY.isoformat()}, "0.50", "0"),
        (Overage.BILL, None, "0.50", "0"),
        (Overage.BILL, {"choice": "absorb", "reason": "They waited for us"}, "0", "0.50"),
        (Overage.ABSORB, None, "0", "0.50"),
    ],
)
def test_overage_is_billed_with_a_yes_and_else_absorbed(agreed, decide, billed, absorbed, sign_in, cast, stage):
    agree(stage, agreed)
    log(stage, NORTH, 450, 450, 450, 450, 225)
    ada = sign_in(cast.ada)
    if decide:
        saved = ada.send(f"{PAGE}/overage/1", **decide)
        assert (saved.status_code, saved.location) == (303, f"{PAGE}#h-overage")
    assert ada.send(f"{PAGE}/lock").status_code == 303
    (statement,) = standing(stage)
    figures = (statement.used, statement.available, statement.overage, statement.billed, statement.absorbed)
    assert figures == tuple(map(Decimal, ("4.50", "4", "0.50", billed, absorbed)))
    practice = stage.scalars(select(MonthFigure).where(MonthFigure.person_id.is_(None))).one()
    assert (practice.minutes, practice.absorbed) == (2025, Decimal(absorbed))
    if Decimal(absorbed):
        assert "88.9 % of that is paid for" in plain(ada.get(PAGE))  # 1,800 of 2,025 minutes


def test_overage_needs_who_and_when(sign_in, cast, stage):
    log(stage, NORTH, 1440, 450)
    ada = sign_in(cast.ada)
    refused = ada.send(f"{PAGE}/overage/1", choice="bill", reason="Cora called me")
    assert refused.status_code == 422
    assert "Choose the sponsor who said yes" in refused.text
    assert "Cora called me" in refused.text
    assert stage.scalars(select(OverageDecision)).all() == []
    assert ada.send(f"{PAGE}/overage/2", choice="absorb").status_code == 404  # nothing over there
    assert ada.send(f"{PAGE}/overage/1", choice="absorb").status_code == 303
    assert ada.send(f"{PAGE}/lock").status_code == 303
    assert ada.send(f"{PAGE}/overage/1", choice="absorb").status_code == 409
    assert stage.scalars(select(OverageDecision.choice)).all() == [Settled.ABSORB]


def test_a_statement_is_frozen_at_the_lock(sign_in, cast, stage):
    log(stage, NORTH, 50, 50, 50, note="Workshop")
    log(stage, NORTH, 90, kind="goodwill", note="=1+1")
    ada = sign_in(cast.ada)
    ada.send(f"{PAGE}/lock")
    (statement,) = standing(stage)
    assert (statement.minutes, statement.used) == (150, Decimal("0.33"))
    assert [(one["days"], one["counts"]) for one in statement.lines] == [
        ("0.11", True),
        ("0.20", False),
        ("0.11", True),
        ("0.11", True),
    ]
    assert len(statement.digest) == 64
    cora = sign_in(cast.cora)
    shown = plain(cora.get(f"/portal/time/statements/{statement.id}"))
    assert "0.33 days used" in shown
    assert "not charged" in shown
    sheet = cora.get(f"/portal/time/statements/{statement.id}/statement.csv")
    assert f"{WORKED[0]},Ben" in sheet.text
    assert "'=1+1" in sheet.text
    paper = cora.get(f"/portal/time/statements/{statement.id}/statement.pdf")
    assert (paper.data[:5], paper.mimetype) == (b"%PDF-", "application/pdf")
    assert f"statement of {MONTH:%B}".lower() in plain(cora.get("/portal/time")).lower()
    for who, code in (("ben", 200), ("ada", 200), ("tess", 404), ("finn", 404)):
        assert sign_in(getattr(cast, who)).get(f"/statements/{statement.id}").status_code == code
    assert sign_in(cast.vic).get(f"/portal/time/statements/{statement.id}").status_code == 403
    assert sign_in(cast.uma).get(f"/portal/time/statements/{statement.id}").status_code == 404
    for change in (
        f"UPDATE statement SET used = 0 WHERE id = {statement.id}",
        f"DELETE FROM statement WHERE id = {statement.id}",
    ):
        with pytest.raises(DBAPIError):
            stage.execute(text(change))
        stage.rollback()


def test_a_wall_keeps_no_client_out_of_the_lock(sign_in, cast, stage):
    stage.add(Wall(client_id=2, person_id=1, reason="x"))
    log(stage, UMBRA, 60)
    ada = sign_in(cast.ada)
    assert ada.send(f"{PAGE}/lock").status_code == 303
    (statement,) = standing(stage, 2)
    assert ada.get(f"/statements/{statement.id}").status_code == 404
    assert "Umbra" not in ada.get(PAGE).text


def test_the_practice_may_require_approval(sign_in, cast, stage):
    stage.get(Practice, 1).approval = Approval.REQUIRE
    log(stage, NORTH, 60)
    ada, number = sign_in(cast.ada), stage.scalars(select(TimeEntry.id)).one()
    refused = ada.send(f"{PAGE}/lock")
    assert (refused.status_code, "1 entry is not approved yet" in refused.text) == (409, True)
    assert stage.scalars(select(Period)).all() == []
    assert ada.send(f"/time/approval/1/{NAME}", seen=f"{number}-1").status_code == 303
    assert ada.send(f"{PAGE}/lock").status_code == 303


def test_opened_and_locked_again_a_newer_statement_follows(sign_in, cast, stage):
    log(stage, NORTH, 60)
    log(stage, UMBRA, 60)
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    ada.send(f"{PAGE}/lock")
    assert ada.send(f"{PAGE}/reopen", reason="Ben's week was missing", version=1).status_code == 303
    assert len(standing(stage)) == 1  # it stands until the next lock
    assert ben.send("/time", work="1", duration="1:00", worked_on=WORKED[3].isoformat()).status_code == 303
    assert ada.send(f"{PAGE}/lock", version=2).status_code == 303
    old, new = standing(stage)
    assert (old.replaced_at is not None, new.replaced_at, new.number, new.minutes) == (True, None, 2, 120)
    assert [one.number for one in standing(stage, 2)] == [1]  # nothing changed there
    cora = sign_in(cast.cora)
    assert cora.get(f"/portal/time/statements/{old.id}").status_code == 404
    assert cora.get(f"/portal/time/statements/{new.id}").status_code == 200
    assert "A newer statement took its place" in ben.get(f"/statements/{old.id}").text


def invoice(app, cast, engagement_id, number="2026-001"):
    with people.looking(app, cast.ada):
        mark_invoiced(engagement_id, MONTH, number, cast.ada.viewer)


def test_an_invoiced_month_stays_for_its_engagement(app, sign_in, cast, stage):
    log(stage, NORTH, 60)
    log(stage, UMBRA, 60)
    with pytest.raises(Refused, match="not locked"):
        invoice(app, cast, 1)
    ada = sign_in(cast.ada)
    ada.send(f"{PAGE}/lock")
    invoice(app, cast, 1)
    invoice(app, cast, 1, "2026-002")  # the first one was voided
    row = stage.scalars(select(EngagementMonth).where(EngagementMonth.month == MONTH)).one()
    assert (row.state, row.invoice_number) == (MonthState.INVOICED, "2026-002")
    assert stage.scalars(select(FrozenMonth).where(FrozenMonth.month == MONTH)).one().engagement_id == 1
    assert "2026-002" in ada.get(PAGE).text
    ada.send(f"{PAGE}/reopen", reason="Umbra's day was missing", version=1)
    day = {"duration": "1:00", "worked_on": WORKED[3].isoformat()}
    assert sign_in(cast.ben).send("/time", work="1", **day).status_code == 422
    assert sign_in(cast.finn).send("/time", work="2", **day).status_code == 303
    ada.send(f"{PAGE}/lock", version=2)
    assert [one.number for one in standing(stage)] == [1]
    assert [one.number for one in standing(stage, 2)] == [1, 2]


def test_a_correction_counts_in_the_open_month_and_says_of_what(app, sign_in, cast, stage):
    before = month_of(MONTH - DAY)
    stage.add(TimeEntry(id=101, worked_on=before + 2 * DAY, minutes=120, area=Area.STR, logged_at=clock.now(), **NORTH))
    stage.add(
        EngagementMonth(engagement_id=1, client_id=1, month=before, state=MonthState.INVOICED, invoice_number="x")
    )
    log(stage, NORTH, 450)
    right = {"duration": "1:00", "worked_on": WORKED[1].isoformat(), "reason": "Was an hour less"}
    assert sign_in(cast.ben).send("/time/entries/101/adjustment", **right).status_code == 303
    sign_in(cast.ada).send(f"{PAGE}/lock")
    (statement,) = standing(stage)
    assert (statement.minutes, statement.used) == (390, Decimal("0.87"))
    assert [one["days"] for one in statement.lines] == ["1.00", "-0.13"]
    shown = plain(sign_in(cast.cora).get(f"/portal/time/statements/{statement.id}"))
    assert f"Correction of 3 {before:%b}" in shown


def healths(stage, engagement_id=1):
    stage.expire_all()
    rows = select(HealthFigure).where(HealthFigure.engagement_id == engagement_id).order_by(HealthFigure.written_at)
    return stage.scalars(rows).all()


def test_the_lock_writes_health_into_the_history(sign_in, cast, stage):
    make_well(stage, cast, met_on=MONTH, engagements=[1])
    stage.add(Wall(client_id=2, person_id=cast.persons.ada.id))
    stage.commit()
    ada = sign_in(cast.ada)
    ada.send(f"{PAGE}/lock")
    (first,) = healths(stage)
    assert (first.month, first.verdict, first.score) == (MONTH, "green", Decimal(95)), "on the month's last day"
    assert (first.delivery, first.progress, first.commercial, first.relationship) == (100, 100, 100, 75)
    assert len(healths(stage, 2)) == 1, "also behind the wall of whoever locks"
    page = plain(ada.get("/engagements/1"))
    assert f"G 95 {MONTH:%b %Y}" in page
    ada.send(f"{PAGE}/reopen", reason="An entry was missing", version=1)
    for row in stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1)):
        row.reviewed_on = None
    stage.commit()
    assert f"G 95 {MONTH:%b %Y}" in plain(ada.get("/engagements/1")), "what was written stands until the next lock"
    ada.send(f"{PAGE}/lock", version=2)
    assert [one.score for one in healths(stage)] == [95, 65]
    page = plain(ada.get("/engagements/1"))
    assert f"A 65 {MONTH:%b %Y}" in page
    assert f"95 {MONTH:%b %Y}" not in page


def test_health_of_an_invoiced_month_stays_as_it_is(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    ada.send(f"{PAGE}/lock")
    stage.add(EngagementMonth(month=MONTH, state=MonthState.INVOICED, invoice_number="x", invoiced_at=clock.now(), engagement_id=1, client_id=1))  # fmt: skip
    stage.commit()
    ada.send(f"{PAGE}/reopen", reason="An entry was missing", version=1)
    ada.send(f"{PAGE}/lock", version=2)
    assert [len(healths(stage, one)) for one in (1, 2)] == [1, 2]


def test_the_statements_of_a_lock_do_not_grow_with_the_engagements(sign_in, cast, stage, statements):
    ada, counts = sign_in(cast.ada), []
    log(stage, NORTH, 60)
    for n in (1, 3):
        if n == 3:
            log(stage, NORTH, 30, 30, 30, 30)
            log(stage, UMBRA, 30, 30, 30, 30)
        with statements() as seen:
            assert ada.send(f"{PAGE}/lock", version=n - 1 or 1).status_code == 303
        counts.append(len(seen))
        ada.send(f"{PAGE}/reopen", reason="Once more, for the count", version=n)
    assert counts[0] <= 23, counts
    assert counts[1] <= counts[0] + 1, counts  # one more says that older statements are followed by newer ones


def test_pages_cost_the_same_with_many_rows(sign_in, cast, stage, statements):
    ada, counts = sign_in(cast.ada), []
    for number in (5, 20):
        log(stage, NORTH, *[1] * min(number, len(WORKED)))
        log(stage, UMBRA, *[900] * min(number, len(WORKED)), note="")
        costs = []
        for page in (PAGE, f"{PAGE}/entries?show=waiting", f"{PAGE}/overage/2"):
            with statements() as seen:
                assert ada.get(page).status_code == 200, page
            costs.append(len(seen))
        counts.append(costs)
    assert counts[0] == counts[1], counts
    assert max(counts[0]) <= 12, counts


@pytest.mark.parametrize("who", ["ben", "eve", "abe", "cora"])
def test_closing_is_the_partners(who, sign_in, cast, stage):
    log(stage, NORTH, 1440, 1440)
    browser = sign_in(getattr(cast, who))
    for address in (f"{PAGE}/reminders", f"{PAGE}/overage/1"):
        assert browser.send(address, choice="absorb").status_code == 403
    assert stage.scalars(select(TimeReminder)).all() == []
    assert stage.scalars(select(Period.state)).all() in ([], [PeriodState.OPEN])


def test_nobody_is_reminded_of_a_day_to_come(sign_in, cast, stage):
    this = month_of(TODAY)
    answer = sign_in(cast.ada).send(f"/time/periods/{this:%Y-%m}/reminders")
    assert answer.status_code in {303, 409}
    longest = (TODAY - this) / timedelta(days=1)
    assert all(one.missing <= longest for one in stage.scalars(select(TimeReminder)))
