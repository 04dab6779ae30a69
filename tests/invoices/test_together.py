"""Sixteen invoices are issued at the same moment: their numbers are 1 to 16, none twice and none left out."""

import re
from collections import Counter
from datetime import date

from sqlalchemy import select

from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.models import Invoice, InvoiceLine
from crm.people.models import CostRate
from tests import cast as people
from tests.cast import TODAY
from tests.invoices.parties import larkmoor
from tests.routes import an_address
from tests.test_concurrency import AT_ONCE, together

__all__ = ["together"]


def test_sixteen_numbers_without_a_gap(together, cast, stage):
    stage.add(larkmoor())
    stage.add(Billing(id=1, client_id=1, legal_name="Northwind Ltd", line1="2 High St", city="York"))
    on = {"client_id": 1, "engagement_id": 1}
    for key in range(1, AT_ONCE + 1):
        stage.add(Invoice(id=key, made_at=cast.ada.created_at, net=100, tax=20, total=120, **on))
        stage.flush()
        stage.add(
            InvoiceLine(
                id=key, invoice_id=key, position=1, text="Work", price=100, net=100, month=date(2026, 10, 1), **on
            )
        )
    stage.commit()
    answers = together(cast.ada, lambda browser, number: browser.send(f"/invoices/{number + 1}/issue"))
    for _ in range(3):  # a busy database says so, and the button is pressed again
        again = [n for n, one in enumerate(answers) if one.status_code == 503]
        if not again:
            break
        answers = together(cast.ada, lambda browser, number: browser.send(f"/invoices/{number + 1}/issue"))
    numbers = sorted(stage.scalars(select(Invoice.number).where(Invoice.number.is_not(None))))
    assert numbers == [f"{TODAY.year}-{n:04}" for n in range(1, AT_ONCE + 1)]
    assert stage.scalars(select(Issuer.number_last)).one() == AT_ONCE


def test_of_sixteen_who_say_first_one_is_kept_and_the_others_see_it(together, app, cast, stage):
    """How a client is billed, how the practice stands on invoices, what a day costs: nobody breaks it, nobody overwrites
    unseen."""
    ada = people.browser_of(app, cast.ada)
    for address, table in (("/clients/1/billing", Billing), ("/invoices/settings", Issuer)):
        assert re.search(r'name="version"[^>]* value="0"', ada.get(address).text)
        answers = together(
            cast.ada, lambda browser, number, to=address: _said(browser, to, number, city=f"Town {number}")
        )
        assert Counter(one.status_code for one in answers) == {303: 1, 409: AT_ONCE - 1}
        won = next(number for number, one in enumerate(answers) if one.status_code == 303)
        lost = next(one for one in answers if one.status_code == 409)
        assert stage.scalars(select(table)).one().city == f"Town {won}"
        assert f"Town {won}" in lost.text, "what stands now, beside what was typed"
    answers = together(cast.ada, lambda browser, number: _said(browser, "/margin/rates", number, person_id="2", begins="2026-01-01", per_day=f"{400 + number}"))  # fmt: skip
    assert {one.status_code for one in answers} <= {303, 422}
    assert len(stage.scalars(select(CostRate)).all()) == 1


def _said(browser, address, number, **typed):
    answer = browser.send(address, version=0, **an_address() | typed)
    return (
        _said(browser, address, number, **typed) if answer.status_code == 503 else answer
    )  # a busy machine: try again
