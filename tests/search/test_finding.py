"""Words and prefixes over the lines one may see; codes first; no text can break it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.clients.models import Client, Contact
from crm.core.clock import now
from crm.deliverables.models import Deliverable
from crm.search import queries
from crm.search.queries import Sought

MADE = {"client_id": 1, "engagement_id": 1}


@pytest.fixture
def shelf(stage, cast):
    north = stage.get(Client, 1)
    north.name, north.code, north.town, north.mission = "Brackenhill Joinery", "BRK", "Hull", "Doors that close"
    cora = stage.get(Contact, 1)
    cora.name, cora.role, cora.email = "Zoë Müller", "Managing director", "zoe.muller@brackenhill.example"
    stage.add_all(
        [
            Deliverable(id=1, number=231, title="Exit plan: warehouse system", type="VEN-D2", area="VEN", **MADE),
            Deliverable(id=2, number=23, title="Closing door 231", area="SEC", **MADE),
            Deliverable(id=3, number=2310, title="Plan B", area="STR", **MADE),
            Deliverable(id=4, number=5, title="Umbra exit", area="STR", client_id=2, engagement_id=2),
        ]
    )
    stage.flush()
    return cast


def found(see, who, text, number=8):
    with see(who) as session:
        return [line.code or line.title for line in session.scalars(queries.nearest(Sought.in_text(text), number))]


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("exit", ["DEL-231"]),
        ("EXI plan", ["DEL-231"]),
        ("exit nothing", []),
        ("xit", []),
        ("muller", ["Zoë Müller"]),
        ("MÜLL zoe", ["Zoë Müller"]),
        ("zoe.muller@brack", ["Zoë Müller"]),
        ("hull", ["BRK"]),
        ("ven-d2", ["DEL-231"]),
        ("cybersecurity", ["DEL-023"]),
        ("part time", ["ENG-001"]),
        ("plan brackenhill", ["DEL-2310", "DEL-231"]),
        ("brackenhill", ["BRK", "Vic", "Zoë Müller", "ENG-001", "DEL-023", "DEL-231", "DEL-2310"]),
        ("umbra", []),
        ("---", None),
    ],
)
def test_words_and_prefixes(text, results, see, shelf):
    if results is None:
        assert Sought.in_text(text).words == ()
    else:
        assert found(see, shelf.ben, text) == results


@pytest.mark.parametrize("text", ["231", "del-231", "DEL 231", "del231", "0231", " Del-231 "])
def test_a_code_comes_first(text, see, shelf):
    assert found(see, shelf.ben, text)[0] == "DEL-231"


def test_a_number_is_found_in_every_kind_and_in_words(see, shelf):
    assert found(see, shelf.ada, "1") == ["ENG-001"]
    assert found(see, shelf.ada, "5") == ["DEL-005"]
    assert found(see, shelf.ben, "231") == ["DEL-231", "DEL-023", "DEL-2310"]
    assert found(see, shelf.ben, "brk")[0] == "BRK"
    everything = ["BRK", "DEL-023", "DEL-231", "DEL-2310", "ENG-001", "Vic", "Zoë Müller"]  # of theirs, by their code
    assert sorted(found(see, shelf.ben, "BRK", 20)) == everything


def test_the_archived_come_last(see, shelf, stage):
    assert found(see, shelf.ben, "brackenhill")[:2] == ["BRK", "Vic"]
    stage.get(Client, 1).archived_at = now()
    stage.flush()
    assert found(see, shelf.ben, "brackenhill")[-1] == "BRK"


def test_nobody_finds_what_they_may_not_see(see, shelf):
    assert found(see, shelf.ada, "exit") == ["DEL-231", "DEL-005"]
    for who in (shelf.eve, shelf.abe, shelf.uma, shelf.cora):
        assert found(see, who, "exit") == []
    assert found(see, shelf.cora, "muller") == ["Zoë Müller"]
    assert found(see, shelf.uma, "231") == []


def test_what_was_looked_for_is_marked():
    def pieces(text, typed):
        return "".join(f"[{part}]" if hit else part for part, hit in queries.marked(text, Sought.in_text(typed)))

    assert pieces("Supplier exit plan", "EX pla") == "Supplier [ex]it [pla]n"
    assert pieces("Zoë Müller, Größe", "mull gros") == "Zoë [Müll]er, [Größ]e"
    assert pieces("DEL-231", "del-23") == "[DEL]-[23]1"
    assert pieces("<b>exit</b>", "b") == "<[b]>exit</[b]>"


def test_marking_loses_no_letter():
    @given(st.text(max_size=60), st.text(max_size=30))
    @settings(max_examples=500)
    def keeps(text, typed):
        assert "".join(part for part, _ in queries.marked(text, Sought.in_text(typed))) == text

    keeps()


NASTY = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="\"'*():^-+&|!<>\\%_{}~ .,;ab1\0AND OR NOT NEAR", max_size=60),
    st.sampled_from(["NEAR(a b)", '"', "a OR b", "a AND NOT b", "'); DROP TABLE client; --", "folded:a", "*", "a*b", "^a", "\ud800", "é" * 300]),
)  # fmt: skip


@pytest.fixture
def looking_at_the_shelf(see, shelf):
    with see(shelf.ben) as session:
        yield session


@given(text=NASTY)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_question(text, looking_at_the_shelf):
    session, sought = looking_at_the_shelf, Sought.in_text(text)
    assert len(sought.text) <= queries.LONGEST
    if sought.words:
        for line in session.scalars(queries.nearest(sought, 50)):
            assert line.code in sought.codes or all(re.search(rf"(^| ){word}", line.folded) for word in sought.words)


@given(title=st.text(min_size=1, max_size=40), taken=st.integers(1, 6))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_it_is_called_it_is_found(title, taken, stage, shelf, see):
    """By the beginning of any word of its title, on either engine, in any script."""
    title = "".join(letter for letter in title if letter != "\0" and not "\ud800" <= letter <= "\udfff")
    words = Sought.in_text(title).words
    stage.get(Deliverable, 1).title = title
    stage.flush()
    for word in words:
        assert "DEL-231" in found(see, shelf.ben, word[:taken], 50), (title, word)
