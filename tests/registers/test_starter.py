"""Starting with the usual rows: each is one that the form takes, waits to be confirmed, and is there once."""

import pytest
from sqlalchemy import func, select

from crm.areas.catalogue import TWELVE
from crm.areas.security.models import SecurityControl
from crm.areas.starter import _kept, registers_with_usual
from crm.audit.models import AuditEntry
from crm.registers.models import RegisterEntry

SETS = [(area, register) for area in TWELVE for register in registers_with_usual(area)]
CONTROLS = "/clients/1/areas/security/controls/"


def start(browser, stage, address):
    from crm.clients.models import Client

    stage.expire_all()
    return browser.send(f"/clients/1/areas/{address}/usual-rows", version=stage.get(Client, 1).version)


def test_every_set_is_of_a_register():
    for area in TWELVE:
        assert set(_kept(area.slug)) == {one.slug for one in registers_with_usual(area)}
    kept = {f"{area.slug}/{one.slug}": len(_kept(area.slug)[one.slug]) for area, one in SETS}
    assert (kept["security/controls"], kept["compliance/obligations"], kept["budget/lines"]) == (23, 14, 10)
    assert sum(number for name, number in kept.items() if name.endswith("/risks")) == 6


@pytest.mark.parametrize(("area", "register"), SETS, ids=[f"{area.slug}/{one.slug}" for area, one in SETS])
def test_the_usual_rows_of_a_register(area, register, sign_in, cast, stage, words):
    """Offered where there is nothing, written at once, each to be confirmed; asked again it adds what is missing."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    assert "Start with the usual rows" in words(ben.get(here))
    done = start(ben, stage, f"{area.slug}/{register.slug}")
    assert (done.status_code, done.location) == (303, here)
    rows = stage.scalars(select(register.entry)).all()
    assert len(rows) == len(_kept(area.slug)[register.slug])
    assert {(row.to_be_confirmed, row.area, row.visibility, row.made_by_id) for row in rows} == {
        (True, area.code, "team", 2)
    }
    shown = words(ben.get(here))
    assert "To be confirmed" in shown
    assert "Start with the usual rows" not in shown
    again = start(ben, stage, f"{area.slug}/{register.slug}")
    assert (again.status_code, "are here already" in words(again)) == (409, True)
    assert stage.scalar(select(func.count(register.entry.id))) == len(rows)


def test_an_area_starts_at_once_and_what_was_put_away_stays_away(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    assert "Start with the usual rows" in words(ben.get("/engagements/1/registers"))
    start(ben, stage, "security")
    assert stage.scalar(select(func.count(RegisterEntry.id))) == 25
    row = stage.scalars(select(SecurityControl).where(SecurityControl.ref == "CE-1")).one()
    ben.send(f"{CONTROLS}{row.id}/archive", version=row.version)
    assert start(ben, stage, "security").status_code == 409
    line = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "register.start")).one()
    assert (line.client_id, line.subject_kind) == (1, "client")


def test_who_may_start(sign_in, cast, stage):
    for name, status in (("eve", 404), ("finn", 404), ("cora", 403), ("abe", 403), ("tess", 303)):
        assert start(sign_in(getattr(cast, name)), stage, "security/controls").status_code == status, name
    ada = sign_in(cast.ada)
    assert start(ada, stage, "talent/mentoring").status_code == 404
    assert start(ada, stage, "innovation").status_code == 404
