"""Two versions compared: what is new, gone and changed, readable without colour; the client only what was sent."""

import time

import pytest

from crm.core import clock
from crm.core.ownership import Visibility
from crm.deliverables.differences import Side, difference, lines_of
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from tests.html import faults


def kinds(blocks):
    return [(block.kind, "|".join(f"{one.kind[0]}:{one.text}" for one in block.pieces)) for block in blocks]


@pytest.mark.engine_free
def test_lines_and_words():
    old = "Title\n\nWe keep the old supplier for a year.\nGone for good."
    new = "Title\nWe keep the new supplier for a year.\n\nOne line more that nobody had."
    assert kinds(lines_of(old, new)) == [
        ("same", "s:Title"),
        ("changed", "s:We keep the |g:old |n:new |s:supplier for a year."),
        ("gone", "g:Gone for good."),
        ("new", "n:One line more that nobody had."),
    ]
    assert lines_of("", "") == []


@pytest.mark.engine_free
def test_the_sentence():
    one = Side(1, "Plan", "a\nb", "", ("It works", "It is cheap"))
    two = Side(2, "The plan", "a\nb\nc", "https://x.example", ("It works",))
    assert difference(one, two).said == "1 line new; 1 criterion gone; another title; another link"
    assert difference(one, one).said == ""


@pytest.mark.engine_free
def test_another_file_under_the_same_name_is_another():
    def side(number, *files):
        return Side(number, "Plan", "a", "", (), files)

    old, new = side(1, "plan.pdf, SHA-256 1111…", "photo.png, SHA-256 2222…"), side(2, "plan.pdf, SHA-256 3333…")
    found = difference(old, new)
    assert found.said == "1 file changed and 1 file gone"
    assert [block.kind for block in found.files] == ["changed", "gone"]
    assert difference(old, old).said == ""


@pytest.mark.engine_free
@pytest.mark.parametrize("text", ["a\n" * 50_000, "ab " * 33_000, "".join(f"{n}\n" for n in range(16_000))])
def test_no_text_holds_the_server_up(text):
    began = time.process_time()
    lines_of(text, text[::-1])
    lines_of(text, "b\n" + text[:50_000])
    assert time.process_time() - began < 4


def second(stage, owed, state=State.SUBMITTED, **more):
    whose = {"client_id": owed.client_id, "engagement_id": owed.engagement_id}
    sent = {
        "submitted_at": clock.now(),
        "submitted_by_id": 2,
        "visibility": Visibility.CLIENT,
        "title": "Exit plan",
        "asked_id": 1,
    }
    version = DeliverableVersion(deliverable_id=owed.id, number=2, state=state, text="If we leave, all <i>comes</i> back.",
                                 **(sent if state is State.SUBMITTED else {}), **whose, **more)  # fmt: skip
    stage.add(version)
    stage.commit()


def test_both_sides_see_what_they_may(sign_in, cast, owe, stage):
    sent, draft = owe(State.CHANGES_REQUESTED), owe(State.ACCEPTED)
    second(stage, sent)
    second(stage, draft, State.IN_PROGRESS)
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    for page in (
        ben.get(f"/deliverables/{sent.id}/compare").text,
        cora.get(f"/portal/deliverables/{sent.id}/compare").text,
    ):
        assert "± Changed" in page or "− Gone" in page
        assert "&lt;i&gt;" in page
        assert faults(page) == []
    assert "&lt;i&gt;" in ben.get(f"/deliverables/{draft.id}/compare?from=1&to=2").text
    theirs = cora.get(f"/portal/deliverables/{draft.id}/compare?from=1&to=2").text
    assert "&lt;i&gt;" not in theirs
    assert "nothing to compare" in theirs
    assert sign_in(cast.uma).get(f"/portal/deliverables/{sent.id}/compare").status_code == 404
