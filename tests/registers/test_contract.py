"""What every register of the house keeps to, whichever area it belongs to; and that a new one is one module."""

import subprocess
import sys
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import inspect, select

from crm.areas import catalogue
from crm.areas.talent.models import MentoringPair
from crm.core.forms import OURS, Day, Parsed, Prose, Tick
from crm.core.lists import Listing
from crm.core.ownership import ClientOwned, Shareable
from crm.core.twelve import TWELVE
from crm.registers.models import RegisterEntry
from tests.html import faults

ALL = list(catalogue.registers())
EACH = pytest.mark.parametrize(("area", "register"), ALL, ids=[f"{area.slug}/{one.slug}" for area, one in ALL])
FILLED = {  # an answer that each form accepts
    "objectives": {"title": "Quotes the same day", "mission_link": "Fast answers", "owner_name": "A supplier", "status": "on_track"},
    "mentoring": {"mentee_id": "1", "mentor_id": "2", "goal": "Speak to the board", "competency": "business", "status": "active"},
    "initiatives": {"title": "One quote path", "departments": ["sales", "finance"], "status": "active", "annual_value": "42000"},
    "services": {"name": "Mail and files", "type": "productivity", "criticality": "critical", "sourcing": "managed_service",
                 "availability_target": "99.9", "availability_actual": "99.5"},
    "equipment": {"name": "Office laptops", "type": "laptop", "count": "26", "owner_type": "company", "stage": "use"},
    "improvements": {"title": "Enquiry to quote", "problem": "Seven spreadsheets", "departments": ["sales"], "value_type": "time",
                     "stage": "mapped", "owner_name": "Sion", "owner_department": "sales"},
    "channels": {"name": "Web shop", "type": "shop", "revenue_last_quarter": "1960000", "satisfaction": "3.9"},
    "controls": {"ref": "CE-FW-1", "title": "Firewalls reviewed", "origin": "cyber_essentials", "csf_function": "protect",
                 "state": "in_place", "evidence_url": "https://documents.example/fw", "last_tested": "2026-10-01"},
    "incidents": {"happened_on": "2026-05-01", "summary": "A mail asked to change bank details", "severity": "3"},
    "lines": {"name": "Office licences", "fiscal_year": "2026/27", "category": "software", "type": "run", "annual_budget": "9500",
              "forecast_full_year": "9900"},
    "savings": {"title": "Licences of leavers", "type": "cost_out", "status": "agreed", "annual_target": "2400", "proof": "none"},
    "contracts": {"vendor": "Harbour Telecom", "what": "Lines and handsets", "tier": "important", "status": "active",
                  "annual_cost": "7200", "end": "2027-02-05", "notice_days": "30", "decision": "undecided"},
    "skills": {"role": "Systems engineer", "person": "Jas", "department": "it", "employment": "employee", "main_skill": "Networks",
               "level_now": "2", "level_needed": "4", "critical_role": "yes"},
    "ideas": {"title": "Order by voice", "problem": "Chefs have wet hands", "source_department": "sales", "submitted_on": "2026-09-01",
              "value_type": "revenue", "stage": "screened", "stage_since": "2026-10-01"},
    "assets": {"name": "Customers", "domain": "customer", "owner_department": "sales", "personal_data": "yes",
               "classification": "confidential", "shared_with": ["it"]},
    "signals": {"name": "Enquiries a month", "department": "sales", "unit": "enquiries", "threshold": "260", "bad_direction": "up",
                "readings": "2026-09 201\n2026-10 212"},
    "obligations": {"title": "Data protection law", "origin": "law", "topic": "data_protection", "status": "partly", "impact": "high"},
    "stakeholders": {"contact_id": "1", "department": "executive", "influence": "5", "stance": "champion", "trust_score": "4"},
    "commitments": {"what": "Wireless at the saw", "to_contact_id": "1", "department": "operations", "promised_on": "2026-10-01",
                    "due": "2026-12-01", "status": "open"},
    "critical-services": {"name": "Order and stock", "mtpd_hours": "8", "rto_hours": "4", "rpo_hours": "1", "exercise_result": "none",
                          "backup": "verified"},
    "risks": {"title": "Stock system fails", "type": "risk", "likelihood": "3", "impact": "5", "response": "A spare server"},
    "actions": {"title": "Ask for prices", "owner_name": "A supplier", "due": "2026-12-01"},
    "decisions": {"question": "Renew or change?", "options": "Renew\nChange", "owner_name": "The board", "needed_by": "2026-12-01"},
    "assurance": {"title": "Test from outside", "received_on": "2026-11-01", "from_whom": "A tester", "proof": "test",
                  "also": ["CMP"], "link": "https://documents.example/test"},
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
    assert all(getattr(row, name) is not None for name in FILLED[register.slug])


@EACH
def test_what_is_derived_is_never_typed(area, register, app):
    """A derived column is filled by derive(), stands in no form, and follows what is typed."""
    columns = inspect(register.entry).columns
    worked_out = {name for name, column in columns.items() if column.info.get("derived")}
    with app.test_request_context(method="POST"):
        assert not worked_out & {field.name for field in register.form()}
    has_rule = register.entry.derive is not RegisterEntry.derive
    assert has_rule == bool(worked_out)


@pytest.mark.engine_free
@EACH
def test_rows_cost_no_statements(area, register, sign_in, cast, stage, statements):
    """A list costs as many statements for many rows as for one, and no page more than twelve beyond session and viewer."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    ben.send(f"{here}new", **FILLED[register.slug])
    ben.get(here)
    with statements() as few:
        ben.get(here)
    for _ in range(4):
        ben.send(f"{here}new", **FILLED[register.slug])
    with statements() as many:
        ben.get(here)
    assert len(few) == len(many) <= 12
    row = stage.scalars(select(register.entry)).first()
    for page in ("new", f"{row.id}"):
        with statements() as seen:
            ben.get(f"{here}{page}")
        assert len(seen) <= 12, page
    with statements() as seen:
        ben.send(f"{here}{row.id}", version=row.version, **FILLED[register.slug])
    assert len([one for one in seen if not one.lstrip().upper().startswith("SELECT")]) <= 8


@EACH
def test_every_sort_and_filter_is_sql(area, register, sign_in, cast, stage, words):
    """Each order, each filter and a search, by what the page offers: none is refused by the database."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    ben.send(f"{here}new", **FILLED[register.slug])
    label = stage.scalars(select(register.entry)).one().label
    listing = register.listing
    for asked in [f"sort=-{name}" for name in listing.sorts] + ["q=" + label.split(", ")[0]]:
        answer = ben.get(f"{here}?{asked}")
        assert (answer.status_code, label.split(", ")[0] in words(answer)) == (200, True), asked
    for one in listing.filters:
        counts = [
            ben.get(f"{here}?{one.name}={value}").get_data(as_text=True).count('data-label="Read by"')
            for value, _ in one.choices
        ]
        assert 0 <= sum(counts) <= 2, one.name  # two: a row of two departments


LONGEST = ("é" * 10_000, "https://documents.example/" + "é" * 974, "é" * 1000, "é" * 500, "é" * 200, "é" * 60, "é" * 20,
           "999999999.99", "999999999", "999999", "3650", "100", "99", "5")  # fmt: skip


def taken(field, text):
    try:
        field.raw_data = [text]
        field.process_formdata([text])
    except ValueError:
        return False
    return True


@EACH
def test_what_the_form_takes_the_table_keeps(area, register, sign_in, cast, stage, app):
    """The longest and largest answers of every field at once: no CHECK refuses what a parser let through."""
    said = dict(FILLED[register.slug])
    with app.test_request_context(method="POST"):
        for field in register.form():
            is_typed = (
                isinstance(field, Parsed | Prose) and not isinstance(field, Day | Tick) and field.name not in OURS
            )
            if is_typed and field.name not in {"owner_name", "person"}:
                said[field.name] = next(text for text in LONGEST if taken(field, text))
            elif isinstance(field, Tick):
                said[field.name] = "yes"
    here = f"/clients/1/areas/{area.slug}/{register.slug}/"
    answer = sign_in(cast.ben).send(f"{here}new", **said)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert stage.scalars(select(register.entry)).one()


@pytest.mark.engine_free
@EACH
def test_nobody_else_comes_in(area, register, sign_in, world, stage):
    """In the world of canaries: each team its own client's rows, and no row by the address of another client."""
    ours, theirs = (
        stage.scalars(select(register.entry.id).where(register.entry.client_id == client)).first() for client in (1, 2)
    )
    pages = ("", "rows.csv", "new", f"{ours}")
    for name, status in (
        ("ben", 200),
        ("ada", 200),
        ("eve", 404),
        ("finn", 404),
        ("cora", 403),
        ("uma", 403),
        ("abe", 403),
    ):
        browser = sign_in(getattr(world, name))
        for page in pages:
            assert browser.get(f"/clients/1/areas/{area.slug}/{register.slug}/{page}").status_code == status, (
                name,
                page,
            )
    finn, here = sign_in(world.finn), f"/clients/2/areas/{area.slug}/{register.slug}/"
    for page in ("", "rows.csv", "new", f"{theirs}"):
        text = finn.get(f"{here}{page}").get_data(as_text=True)
        assert "CANARY-N" not in text, page
        assert page == "new" or "CANARY-U" in text, page
    assert finn.get(f"{here}{ours}").status_code == 404, "a row by the address of another client"
    for step in ("archive", "restoration", "sharing", "return"):
        assert finn.send(f"{here}{ours}/{step}", version="1").status_code == 404, step


@pytest.mark.engine_free
@EACH
def test_its_pages_are_valid(area, register, sign_in, cast, stage):
    """Empty list, new, refused, list with a row, the row, archived, as somebody of the team and by the rules of HTML."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    shown = [ben.get(here), ben.get(f"{here}new"), ben.send(f"{here}new")]
    ben.send(f"{here}new", **FILLED[register.slug])
    row = stage.scalars(select(register.entry)).one()
    shown += [ben.get(here), ben.get(f"{here}{row.id}")]
    ben.send(f"{here}{row.id}/archive", version=row.version)
    shown += [ben.get(f"{here}{row.id}"), ben.get(f"{here}?kept=archived")]
    assert [answer.status_code for answer in shown] == [200, 200, 422, 200, 200, 200, 200]
    for answer in shown:
        assert faults(answer.get_data(as_text=True)) == []


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
    assert set(row.label.split(", ")) <= {str(one) for one in FILLED[register.slug].values()} | {
        cast.contacts.cora.name
    }
    called = row.label.split(", ")[0]
    assert called in words(ben.get(here))
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
    assert called in csv


def test_one_more_register_is_a_model_a_form_a_line_and_a_migration(root):
    """In a process of its own, for it adds a table to the house: tests/registers/one_more.py."""
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(root / "tests/registers/one_more.py")]
    done = subprocess.run(run, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "[100%]" in done.stdout


def test_no_such_register(sign_in, cast):
    ben = sign_in(cast.ben)
    for address in ("strategy/perils", "security/objectives", "gardening/objectives"):
        assert ben.get(f"/clients/1/areas/{address}/").status_code == 404
    assert ben.get("/clients/2/areas/strategy/objectives/").status_code == 404


def test_a_mentoring_pair_is_overdue_after_45_days():
    today = date(2026, 11, 17)
    for last, overdue in ((None, True), (today - timedelta(45), False), (today - timedelta(46), True)):
        assert MentoringPair(last_session=last).is_overdue(today) is overdue
