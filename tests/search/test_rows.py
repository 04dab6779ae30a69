"""Rows of registers are found by what they are called and say, and the index follows whatever is done to them."""

import io

import pytest
from sqlalchemy import select

from crm.areas.vendors.models import VendorContract
from crm.clients.models import Client, Contact
from crm.core.db import transaction
from crm.core.viewer import SYSTEM, viewing_as
from crm.search.lines import rebuild
from crm.search.models import Kind, SearchLine
from tests.registers.test_contract import EACH, FILLED

DEALS = "/clients/1/areas/vendors/contracts/"


def lines(stage):
    stage.expire_all()
    return stage.scalars(select(SearchLine).where(SearchLine.kind == Kind.ROW).order_by(SearchLine.id)).all()


def said(line):
    return {
        name: getattr(line, name)
        for name in ("thing_id", "client_id", "title", "beside", "place", "visibility", "folded")
    }


@EACH
def test_a_row_is_found(area, register, sign_in, cast, stage, words):
    """By its register and by what it is called; the result leads to it, and to nobody else."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    ben.send(f"{here}new", **FILLED[register.slug])
    row = stage.scalars(select(register.entry)).one()
    (line,) = lines(stage)
    assert (line.href, line.client_id, line.visibility) == (f"{here}{row.id}", 1, "team")
    assert row.label.startswith(line.title) or line.title.startswith(row.label)
    asked = f"{row.label.split()[0]} {register.one}"
    assert f'href="{here}{row.id}"' in ben.get(f"/search?q={asked}").get_data(as_text=True)
    assert f'href="{here}{row.id}"' in ben.get(f"/search/palette?q={asked}").get_data(as_text=True)
    for stranger in (cast.eve, cast.finn):
        assert here not in sign_in(stranger).get(f"/search?q={asked}").get_data(as_text=True)


def test_the_line_follows_the_row(sign_in, cast, stage):
    """Changed, archived, restored; and what a rebuild writes is what stands there."""
    ben = sign_in(cast.ben)
    ben.send(f"{DEALS}new", **FILLED["contracts"])
    row = stage.scalars(select(VendorContract)).one()
    ben.send(f"{DEALS}{row.id}", version=row.version, **FILLED["contracts"] | {"what": "Telephone lines"})
    (line,) = lines(stage)
    assert (line.title, line.beside) == ("Harbour Telecom, Telephone lines", "Contract, Northwind")
    assert "telephone" in line.folded
    for step, there in (("archive", 0), ("restoration", 1), ("sharing", 1)):
        stage.expire_all()
        ben.send(f"{DEALS}{row.id}/{step}", version=row.version)
        assert len(lines(stage)) == there, step
    before = [said(line) for line in lines(stage)]
    rebuild_all(ben)
    assert [said(line) for line in lines(stage)] == before


def rebuild_all(browser):
    with browser.application.app_context(), viewing_as(SYSTEM, via="command"), transaction():
        assert rebuild()["row"] == 1


def test_a_contact_and_a_client_called_anew(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/clients/1/areas/stakeholders/stakeholders/new", **FILLED["stakeholders"])
    stage.get(Contact, 1).name = "Coralie"
    stage.commit()
    assert [line.title for line in lines(stage)] == ["Coralie"]
    stage.get(Client, 1).name = "Northbreeze"
    stage.commit()
    assert [line.beside for line in lines(stage)] == ["Stakeholder, Northbreeze"]


def test_imported_rows_are_found_and_cost_few_statements(sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)
    sheet = "Vendor,What for,How much hangs on the vendor,Cost in a year\n" + "".join(
        f"V{n},Lines,Important,{n}\n" for n in range(60)
    )
    at = ben.send(f"{DEALS}import", file=(io.BytesIO(sheet.encode()), "rows.csv")).location
    with statements() as seen:
        ben.send(f"{at}/taking", version="1")
    assert len(lines(stage)) == 60
    assert len([one for one in seen if "INSERT INTO search_line" in one]) == 1


@pytest.mark.engine_free
def test_a_row_is_found_in_one_search(sign_in, cast, words):
    """ "That contract with the telephone company", over all one's clients."""
    ben = sign_in(cast.ben)
    ben.send(f"{DEALS}new", **FILLED["contracts"] | {"what": "Telephone lines"})
    page = words(ben.get("/search?q=contract+telephone"))
    assert "Harbour Telecom, Telephone lines" in page
    assert "1 result" in page
