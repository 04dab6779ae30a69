"""All drafts of a month issued at one press: looked at first, numbered without gaps, each that fails told with its reason."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.models import Invoice, InvoiceLine, InvoiceState
from crm.outbox.models import Outbox
from crm.people.models import Period, PeriodState
from tests.cast import TODAY
from tests.invoices.parties import larkmoor
from tests.invoices.test_stories import LAST

MONTH = f"/invoices/month/{LAST:%Y-%m}"


@pytest.fixture
def drafts(stage, cast):
    """Two of Northwind and one of Umbra, all ready to be issued."""
    stage.add(Period(id=9, month=LAST, state=PeriodState.LOCKED))
    stage.add(larkmoor())
    for number, (client, name) in enumerate([(1, "Northwind Ltd"), (1, "Northwind Ltd"), (2, "Umbra Ltd")], 1):
        if number != 2:
            stage.add(Billing(id=client, client_id=client, legal_name=name, line1="2 High St", city="York"))
        on = {"client_id": client, "engagement_id": client}
        stage.add(Invoice(id=number, month=LAST, made_at=cast.ada.created_at, net=10_000, tax=2000, total=12_000, **on))
        stage.flush()
        stage.add(
            InvoiceLine(
                id=number, invoice_id=number, position=1, text="Work", price=10_000, net=10_000, month=LAST, **on
            )
        )
    stage.commit()
    return cast


def fields_of(page):
    """What the page would send: the drafts that are ticked, and the version that each was seen in."""
    ticked = re.findall(r'name="invoice" value="(\d+)" checked', page)
    return {"invoice": ticked, "seen": re.search(r'name="seen" value="([^"]*)"', page)[1]}


def states(stage):
    stage.expire_all()
    return stage.execute(select(Invoice.id, Invoice.number, Invoice.state).order_by(Invoice.id)).all()


def test_a_partner_looks_at_the_drafts_of_a_month_and_issues_them_at_one_press(sign_in, drafts, stage, words):
    ada = sign_in(drafts.ada)
    assert MONTH in ada.get("/invoices").text
    seen = ada.get(MONTH)
    assert "3 drafts over £360 can be issued" in words(seen)
    fields = fields_of(seen.text)
    assert fields == {"invoice": ["1", "2", "3"], "seen": "1-1,2-1,3-1"}
    answers = [ada.send(MONTH, once="m", **fields) for _ in range(2)]
    assert {(one.status_code, one.location) for one in answers} == {(303, MONTH)}
    assert states(stage) == [(n, f"{TODAY.year}-{n:04}", InvoiceState.ISSUED) for n in (1, 2, 3)]
    told = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "invoice.issue").order_by(AuditEntry.subject_id))
    assert [(one.subject_id, one.from_state, one.to_state) for one in told] == [
        (n, "draft", "issued") for n in (1, 2, 3)
    ]
    assert stage.scalars(select(Outbox.topic)).all() == ["invoice.issued"] * 3
    after = words(ada.get(MONTH))
    assert f"3 invoices of {LAST:%B %Y} are issued, {TODAY.year}-0001 to {TODAY.year}-0003: £360." in after
    assert "Nothing is drafted" in after


def test_one_that_changed_meanwhile_stays_and_leaves_no_gap(sign_in, drafts, stage, words):
    ada = sign_in(drafts.ada)
    fields = fields_of(ada.get(MONTH).text)
    changed = stage.get(Invoice, 2)
    changed.note = "Another sentence"
    stage.commit()
    assert ada.send(MONTH, **fields).status_code == 303
    assert [number for _, number, _ in states(stage)] == [f"{TODAY.year}-0001", None, f"{TODAY.year}-0002"]
    assert stage.get(Issuer, 1).number_last == 2
    after = words(ada.get(MONTH))
    assert "Northwind stays a draft: It changed since you opened this page." in after
    assert "1 draft over £120 can be issued. It gets the next number" in after


def test_one_that_fails_after_it_took_its_number_gives_it_back(sign_in, drafts, stage, words, monkeypatch):
    from crm.core.errors import Refused
    from crm.invoices import operations

    close = operations._close_months

    def refuse_the_second(invoice, viewer):
        close(invoice, viewer)
        if invoice.id == 2:
            raise Refused("The statement is newer than this draft.")

    monkeypatch.setattr(operations, "_close_months", refuse_the_second)
    ada = sign_in(drafts.ada)
    assert ada.send(MONTH, **fields_of(ada.get(MONTH).text)).status_code == 303
    assert [number for _, number, _ in states(stage)] == [f"{TODAY.year}-0001", None, f"{TODAY.year}-0002"]
    assert stage.get(Issuer, 1).number_last == 2
    assert "Northwind stays a draft: The statement is newer" in words(ada.get(MONTH))


def test_what_is_missing_is_said_before_and_never_ticked(sign_in, drafts, stage, words):
    stage.get(Billing, 2).city = ""
    stage.commit()
    ada = sign_in(drafts.ada)
    page = ada.get(MONTH)
    assert "Something is missing" in words(page)
    assert fields_of(page.text)["invoice"] == ["1", "2"]
    forced = ada.send(MONTH, invoice=["3"], seen="3-1")
    assert (forced.status_code, "Nothing was issued. Umbra:" in words(forced)) == (409, True)
    assert all(number is None for _, number, _ in states(stage))
    assert stage.get(Issuer, 1).number_last == 0


@pytest.mark.parametrize(
    ("fields", "code", "says"),
    [
        ({"invoice": [], "seen": "1-1"}, 422, "Tick the drafts that you issue"),
        ({"invoice": ["x"], "seen": "1-1"}, 422, "Choose from the list"),
        ({"invoice": ["1"], "seen": ""}, 422, "There is nothing to issue"),
        ({"invoice": ["77"], "seen": "77-1"}, 303, "none of these is a draft any more"),
        ({"invoice": ["1"], "seen": "2-1"}, 303, "none of these is a draft any more"),
    ],
)
def test_nothing_is_issued_that_was_not_seen_and_ticked(fields, code, says, sign_in, drafts, stage, words):
    ada = sign_in(drafts.ada)
    answer = ada.send(MONTH, **fields)
    assert (answer.status_code, says in words(ada.get(MONTH) if code == 303 else answer)) == (code, True)
    assert all(number is None for _, number, _ in states(stage))


def test_the_page_asks_no_more_for_many_drafts_than_for_few(sign_in, drafts, stage, statements, cast):
    ada, counts = sign_in(drafts.ada), []
    for more in (0, 12):
        for number in range(10, 10 + more):
            on = {"client_id": 1, "engagement_id": 1}
            stage.add(Invoice(id=number, month=LAST, made_at=cast.ada.created_at - timedelta(1), **on))
            stage.flush()
            stage.add(
                InvoiceLine(id=number, invoice_id=number, position=1, text="Work", price=1, net=1, month=LAST, **on)
            )
        stage.commit()
        with statements() as asked:
            assert ada.get(MONTH).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_only_partners_issue(sign_in, drafts):
    for who, code in (("ben", 403), ("cora", 403), ("abe", 403)):
        assert sign_in(getattr(drafts, who)).get(MONTH).status_code == code
    assert sign_in(drafts.ada).get("/invoices/month/2026-13").status_code == 404
