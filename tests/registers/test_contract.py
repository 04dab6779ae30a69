"""What every register of the house keeps to, whichever area it belongs to; and that a new one is one module."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import inspect, select

from crm.areas import catalogue
from crm.areas.strategy.models import Objective
from crm.areas.talent.models import MentoringPair
from crm.core.forms import OURS, Line
from crm.core.lists import Listing
from crm.core.ownership import ClientOwned, Shareable
from crm.core.twelve import TWELVE, Area
from crm.registers.forms import EntryForm
from crm.registers.models import RegisterEntry
from crm.registers.register import Register

ALL = list(catalogue.registers())
EACH = pytest.mark.parametrize(("area", "register"), ALL, ids=[f"{area.slug}/{one.slug}" for area, one in ALL])
FILLED = {  # an answer that each form accepts
    "objectives": {"title": "Quotes the same day", "mission_link": "Fast answers", "owner_name": "A supplier", "status": "on_track"},
    "mentoring": {"mentee_id": "1", "mentor_id": "2", "goal": "Speak to the board", "competency": "business", "status": "active"},
}  # fmt: skip


def test_twelve_areas_in_the_order_of_the_dial():
    assert [(one.number, one.code, one.slug) for one in catalogue.TWELVE] == [
        (row.number, row.code, row.slug) for row in TWELVE
    ]
    assert catalogue.area_of("gardening") is None


def test_addresses_and_kinds_are_given_once():
    assert len({(area.slug, one.slug) for area, one in ALL}) == len(ALL)
    assert len({one.kind for _, one in ALL}) == len(ALL)


def test_every_row_of_the_stem_stands_in_a_register():
    kinds = {mapper.polymorphic_identity for mapper in inspect(RegisterEntry).self_and_descendants} - {None}
    assert kinds == {one.kind for _, one in ALL}


@EACH
def test_a_row_belongs_to_a_client_and_is_shared_or_not(area, register):
    assert issubclass(register.entry, RegisterEntry)
    assert issubclass(register.entry, ClientOwned)
    assert issubclass(register.entry, Shareable)
    keys = {tuple(key.column_keys) for key in inspect(register.entry).local_table.foreign_key_constraints}
    assert ("id", "client_id") in keys, "the row's key names its client"
    assert register.entry.label is not RegisterEntry.label, "each says what its rows are called"


@EACH
def test_the_list_shows_sorts_and_searches_what_the_row_has(area, register):
    assert all(hasattr(register.entry, name) for name in register.columns.values())
    assert isinstance(register.listing, Listing)
    assert next(iter(register.columns.values())) in register.listing.sorts, "the name of a row can be sorted by"
    assert register.listing.search
    assert register.empty.endswith(".")
    assert register.title[0].isupper()
    assert register.one[0].islower()


@EACH
def test_the_form_writes_what_the_row_keeps(area, register, app):
    with app.test_request_context(method="POST"):
        form = register.form()
        names = {field.name for field in form} - OURS
        assert names
        assert all(hasattr(register.entry, name) for name in names)
        for field in form:
            assert field.label.text or field.name in OURS


@EACH
def test_a_filled_form_is_accepted_and_an_empty_one_asks(area, register, app):
    people = [SimpleNamespace(id=n, name=str(n)) for n in (1, 2)]

    def sent(answers):
        with app.test_request_context(method="POST", data=answers):
            form = register.form()
            form.offer(SimpleNamespace(name="Northwind", mission="x"), people, people)
            return form.validate(), form

    assert not sent({})[0]
    is_valid, form = sent(FILLED[register.slug])
    assert is_valid, form.errors
    row = register.entry()
    form.write(row)
    assert row.label in FILLED[register.slug].values()


@EACH
def test_its_pages(area, register, sign_in, cast, stage, words):
    """List, add, read, change, share, take back, archive, restore, CSV: the same for all."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    assert register.empty in words(ben.get(here))
    added = ben.send(f"{here}new", **FILLED[register.slug])
    assert (added.status_code, added.location) == (303, here)
    row = stage.scalars(select(register.entry)).one()
    one = f"{here}{row.id}"
    assert (row.client_id, row.area, row.visibility, row.made_by_id) == (1, area.code, "team", 2)
    assert row.label in words(ben.get(here))
    assert row.label in words(ben.get(one))
    for step, state in (("sharing", "client"), ("return", "team")):
        stage.expire_all()
        assert ben.send(f"{one}/{step}", version=row.version).status_code == 303, step
        stage.expire_all()
        assert row.visibility == state
    for step, archived in (("archive", True), ("restoration", False)):
        assert ben.send(f"{one}/{step}", version=row.version).status_code == 303, step
        stage.expire_all()
        assert bool(row.archived_at) == archived
    answer = ben.send(one, version=row.version, **FILLED[register.slug])
    assert (answer.status_code, answer.location) == (303, one)
    csv = ben.get(f"{here}rows.csv").get_data(as_text=True)
    assert next(iter(register.columns)) in csv.splitlines()[0]
    assert row.label in csv


def test_a_new_register_is_one_module(monkeypatch, sign_in, cast, stage, words):
    """A form, a list of columns and a row: no page, no operation, no template of its own."""

    class RiskForm(EntryForm):
        title = Line("Risk", ask="Name the risk")
        mission_link = Line("What it threatens", ask="Say what it threatens")

    risks = Register(
        slug="risks", title="Risks", one="risk", entry=Objective, form=RiskForm,
        columns={"Risk": "title", "What it threatens": "mission_link"}, empty="Write down what could go wrong.",
    )  # fmt: skip
    security = next(one for one in catalogue.TWELVE if one.code is Area.SEC)
    monkeypatch.setattr(catalogue, "TWELVE", tuple(
        type(one)(one.number, one.code, one.slug, one.title, (risks,)) if one is security else one for one in catalogue.TWELVE
    ))  # fmt: skip
    ben, here = sign_in(cast.ben), "/clients/1/areas/security/risks/"
    assert "Write down what could go wrong." in words(ben.get(here))
    answer = ben.send(f"{here}new", title="", mission_link="Orders")
    assert (answer.status_code, "Name the risk" in words(answer)) == (422, True)
    assert ben.send(f"{here}new", title="No restore was tried", mission_link="Orders").status_code == 303
    row = stage.scalars(select(Objective)).one()
    assert (row.area, row.title) == (Area.SEC, "No restore was tried")
    assert "No restore was tried" in words(ben.get(here))
    assert "Risks" in words(ben.get("/engagements/1/areas/security"))


def test_no_such_register(sign_in, cast):
    ben = sign_in(cast.ben)
    for address in ("strategy/risks", "security/objectives", "gardening/objectives"):
        assert ben.get(f"/clients/1/areas/{address}/").status_code == 404
    assert ben.get("/clients/2/areas/strategy/objectives/").status_code == 404


def test_a_mentoring_pair_is_overdue_after_45_days():
    today = date(2026, 11, 17)
    for last, overdue in ((None, True), (today - timedelta(45), False), (today - timedelta(46), True)):
        assert MentoringPair(last_session=last).is_overdue(today) is overdue
