"""Departments: what touches each of them, over every register that names one."""

import pytest

from crm.areas.stakeholders.models import Commitment
from crm.areas.strategy.models import Initiative
from crm.areas.transformation.models import ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.clients.models import Contact, Department, DepartmentKind
from crm.desk.department_queries import departmental
from tests.cast import TODAY
from tests.kpis.conftest import put  # noqa: F401  a fixture

ALL = "/clients/1/departments"
IT_ALONE = {"departments": ["it"], "technology_change": "A tool", "status": "approved"}


@pytest.fixture
def rows(put, stage):  # noqa: F811
    stage.add(Department(id=1, client_id=1, kind=DepartmentKind.SALES, name="Sales floor"))
    stage.flush()
    stage.add(Contact(id=9, client_id=1, name="Zoe Head", department_id=1, is_head=True))
    stage.commit()
    put(Initiative, {"title": "Quote path", "departments": ["sales", "it"], "status": "active", "people_change": "x"}, IT_ALONE,
        {"departments": ["sales"], "status": "done"})  # fmt: skip
    put(
        Commitment,
        {"what": "A second terminal", "department": "sales", "due": TODAY},
        {"department": "sales", "status": "kept"},
    )
    put(ProcessImprovement, {"title": "Stock count", "owner_department": "sales", "departments": ["sales", "finance"]})
    put(VendorContract, {})
    put(Initiative, {"title": "Theirs", "departments": ["sales"], "status": "active"}, client_id=2)


@pytest.mark.engine_free
def test_every_register_that_names_a_department_is_asked():
    named = {register.slug: names for _, register, names in departmental()}
    assert named["initiatives"] == ("departments",)
    assert set(named["improvements"]) == {"owner_department", "departments"}
    assert "contracts" not in named


def test_what_touches_whom(rows, sign_in, cast, words, statements):
    ben = sign_in(cast.ben)
    with statements() as seen:
        said = words(ben.get(ALL))
    assert "Sales floor Zoe Head" in said
    assert "1 of 2 1 of 2 1 –" in said, "initiatives, promises, processes, signals of sales"
    assert "Cross-department share 50.0 %" in said
    assert "Technology-only share 50.0 %" in said
    assert len(seen) <= 12


def test_one_department(rows, sign_in, cast, words, statements):
    ben = sign_in(cast.ben)
    with statements() as seen:
        answer = ben.get(f"{ALL}/sales")
    said = words(answer)
    assert "3 areas and 5 rows touch it" in said
    assert all(text in said for text in ("Quote path", "A second terminal", "Stock count", "Headed by Zoe Head"))
    assert "Theirs" not in said
    assert len(seen) <= 12


def test_a_department_with_much_to_do_shows_the_first_and_leads_to_all(put, sign_in, cast, words, statements):  # noqa: F811
    ben = sign_in(cast.ben)
    counts = []
    for number in (1, 30):
        put(Initiative, *({"title": f"Change {n}", "departments": ["hr"]} for n in range(number)))
        with statements() as seen:
            answer = ben.get(f"{ALL}/hr")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "All 31" in words(answer)
    assert 'initiatives/?departments=hr"' in answer.get_data(as_text=True)


def test_nobody_and_nothing(cast, sign_in, words):
    ben = sign_in(cast.ben)
    assert "No departments yet" in words(ben.get(ALL))
    assert "Nothing touches it yet" in words(ben.get(f"{ALL}/legal"))
    assert ben.get(f"{ALL}/gardening").status_code == 404
