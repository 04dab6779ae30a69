"""The library: the book's 73, the practice's own, and a deliverable that begins with one of them."""

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.core.twelve import Area
from crm.deliverables.models import Deliverable
from crm.library.models import OwnTemplate
from crm.library.typical import Cadence, typical
from tests.cast import TODAY

NEW = {
    "name": "Cyber insurance answers", "area": "SEC", "days": "1.5", "cadence": "yearly", "what": "What insurers ask",
    "outline": "What they ask\nWhat we answer", "criteria": "Every answer has proof",
}  # fmt: skip


def test_the_73_of_the_book():
    found = typical()
    assert len(found) == 73
    assert Counter(one.area for one in found.values()) == dict.fromkeys(Area, 6) | {
        Area.STR: 7,
        Area.SEC: 7,
        Area.INN: 5,
    }
    assert Counter(one.cadence for one in found.values()) == {
        Cadence.YEARLY: 27, Cadence.ON_EVENT: 16, Cadence.ONCE: 11, Cadence.QUARTERLY: 7, Cadence.MONTHLY: 6,
        Cadence.HALF_YEARLY: 6,
    }  # fmt: skip
    assert sum(one.days for one in found.values()) == Decimal("120.5")
    assert all(one.name and one.what and len(one.outline) >= 3 and one.criteria for one in found.values())


def test_what_a_client_reads_of_them_is_plain():
    """Its purpose and criteria become those of the deliverable, which a client reads."""
    for one in typical().values():
        assert not {"RAG", "KPI", "RAID"} & set(" ".join((one.what, *one.criteria)).replace(",", " ").split()), one.key


def test_a_deliverable_begins_with_a_template(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    assert "Use it" in words(ben.get("/library/VEN-D3"))
    page = ben.get("/deliverables/new?template=VEN-D3", follow_redirects=True).get_data(as_text=True)
    for answer in ('value="Renewal recommendation"', 'value="VEN-D3"', 'value="0.5"', "Alternatives were priced"):
        assert answer in page
    fields = {"title": "Renewal recommendation", "area": "VEN", "type": "VEN-D3", "estimate": "0.5",
              "criteria_lines": "Alternatives were priced", "baseline_due": str(TODAY), "plan": "1",
              "assignment_id": str(next(one.id for one in cast.north.assignments if one.person_id == 2))}  # fmt: skip
    assert ben.send("/deliverables/new/1", **fields).status_code == 303
    owed = stage.scalars(select(Deliverable)).one()
    assert ben.send(f"/deliverables/{owed.id}/work", version=owed.version).status_code == 303
    text = ben.get(f"/deliverables/{owed.id}/text").get_data(as_text=True)
    assert "## How it served" in text, "an empty version begins with the outline"
    stage.expire_all()
    written = stage.get(Deliverable, owed.id).current
    assert written.text == "", "which is no text yet"
    text = "## How it served\n\n<script>alert(1)</script>"
    assert ben.send(f"/deliverables/{owed.id}/text", text=text, changes="", version=written.version).status_code == 303
    page = ben.get(f"/deliverables/{owed.id}").get_data(as_text=True)
    assert "<h3>How it served</h3>" in page
    assert "<script>alert" not in page


def test_a_template_of_our_own(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    own = ben.send("/library/own/new", **NEW).location
    key = f"OWN-{own.rpartition('/')[2]}"
    assert "What we answer" in words(sign_in(cast.eve).get(own))
    assert "Cyber insurance answers" in words(ben.get("/library/own?area=SEC&q=insurance"))
    assert f'value="{key}"' in ben.get(f"/deliverables/new/1?template={key}").get_data(as_text=True)
    assert ben.send(f"{own}/edit", **NEW | {"days": "2"}).status_code == 303
    assert ben.send(f"{own}/edit", **NEW | {"days": "3"}).status_code == 409, "somebody was faster"
    assert ben.send(f"{own}/archive", version=2).status_code == 303
    assert ben.send(f"{own}/archive", version=3).status_code == 409
    assert "Cyber insurance answers" not in words(ben.get("/library/own"))
    assert "Cyber insurance answers" in words(ben.get("/library/own?state=archived"))
    stage.expire_all()
    assert stage.scalars(select(OwnTemplate.days)).one() == 2


def test_pressing_twice_makes_one(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    places = {ben.send("/library/own/new", once="twice", **NEW).location for _ in range(2)}
    assert len(places) == 1
    assert len(stage.scalars(select(OwnTemplate)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Give it a name"),
        ({"days": "0"}, "Write more than 0 days"),
        ({"area": "XXX"}, "Choose one of the list"),
        ({"cadence": ""}, "Choose how often it comes"),
    ],
)
def test_bad_answers_stand_beside_their_fields(typed, says, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).send("/library/own/new", **NEW | typed)
    assert (answer.status_code, says in words(answer)) == (422, True)
    assert "What we answer" in answer.get_data(as_text=True)
    assert stage.scalars(select(OwnTemplate)).all() == []


def test_only_its_author_or_a_partner_changes_it(sign_in, cast):
    own = sign_in(cast.ben).send("/library/own/new", **NEW).location
    assert sign_in(cast.eve).send(f"{own}/edit", **NEW).status_code == 403
    assert sign_in(cast.ada).send(f"{own}/edit", **NEW).status_code == 303
    assert sign_in(cast.cora).get("/library").status_code == 403


def test_a_list_of_many_costs_no_more(sign_in, cast, stage, statements):
    def cost():
        with statements() as seen:
            assert sign_in(cast.ben).get("/library/own").status_code == 200
        return len(seen)

    stage.add(OwnTemplate(area=Area.SEC, name="A", days=1, cadence=Cadence.ONCE, author_id=2))
    stage.commit()
    few = cost()
    stage.add_all(
        OwnTemplate(area=Area.SEC, name=f"B{n}", days=1, cadence=Cadence.ONCE, author_id=2) for n in range(60)
    )
    stage.commit()
    assert cost() == few <= 4
