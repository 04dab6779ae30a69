"""The access log: who opened what was published. A line a look, for ever as it was written, and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from crm.access.tidy import old_openings
from crm.audit import openings
from crm.audit.models import Opened, Opening
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, viewing_as
from crm.deliverables.states import State
from crm.engagements.scopes import AreaScope, Rag
from crm.reviews.models import Review, ReviewState
from tests.cast import TODAY
from tests.html import faults


def lines(stage):
    stage.expire_all()
    return stage.scalars(select(Opening).order_by(Opening.id)).all()


def an_opening(**more):
    said = {
        "kind": Opened.VERSION,
        "subject_id": 1,
        "title": "Plan",
        "client_id": 1,
        "engagement_id": 1,
        "contact_id": 2,
    }
    return Opening(**{"at": clock.now(), **said, **more})


@pytest.fixture
def said(stage, cast):
    """A published review of the contracts, and one of Umbra."""
    for number, on, author in ((1, cast.north, 2), (2, cast.umbra, 6)):
        stage.add(Review(id=number, client_id=on.client_id, engagement_id=on.id, area=Area.VEN, state=ReviewState.PUBLISHED, rag=Rag.GREEN,
                         sentence="It runs.", published_at=clock.now(), published_on=TODAY, author_id=author, visibility=Visibility.CLIENT))  # fmt: skip
    standing = {"confirmed": Rag.GREEN, "sentence": "It runs.", "reviewed_on": TODAY}
    stage.execute(update(AreaScope).where(AreaScope.area == Area.VEN).values(standing))
    stage.commit()


def test_a_look_is_one_line_and_looking_again_is_none(sign_in, cast, owe, stage):
    owed, vic = owe(State.SUBMITTED), sign_in(cast.vic)
    for _ in range(2):
        vic.get(f"/portal/deliverables/{owed.id}")
    (line,) = lines(stage)
    assert (line.kind, line.subject_id, line.title) == (
        Opened.VERSION,
        owed.versions[0].id,
        "Supplier exit plan, version 1",
    )
    assert (line.client_id, line.engagement_id, line.contact_id, line.person_id) == (1, 1, 2, None)
    sign_in(cast.cora).get(f"/portal/deliverables/{owed.id}")
    assert [one.contact_id for one in lines(stage)] == [2, 1]


def test_what_was_not_read_leaves_no_line(sign_in, cast, owe, stage):
    owed = owe(State.SUBMITTED)
    sign_in(cast.uma).get(f"/portal/deliverables/{owed.id}")
    sign_in(cast.cora).send(f"/portal/deliverables/{owed.id}/versions/{owed.versions[0].id}/changes")
    sign_in(cast.ben).get(f"/deliverables/{owed.id}")
    sign_in(cast.cora).head(f"/portal/deliverables/{owed.id}")
    assert lines(stage) == []


def test_an_area_and_its_team(sign_in, cast, said, owe, stage, words):
    """The team reads beside the thing who has seen it; another team does not."""
    ben, owed = sign_in(cast.ben), owe(State.SUBMITTED)
    area = "/engagements/1/areas/vendors/reviews/1"
    assert area in ben.get("/engagements/1/areas/vendors").text
    for address in (area, f"/deliverables/{owed.id}"):
        assert "Nobody of the client has opened it yet." in words(ben.get(address)), address
    sign_in(cast.vic).get("/portal/areas/vendors")
    sign_in(cast.cora).get("/portal/areas/vendors/why/1")
    sign_in(cast.vic).get(f"/portal/deliverables/{owed.id}")
    on = f"{TODAY:%a} {TODAY.day} {TODAY:%b}"
    assert f"Seen by Vic on {on} and Cora on {on}." in words(ben.get(area))
    page = ben.get(f"/deliverables/{owed.id}")
    assert f"Seen by Vic on {on}." in words(page)
    assert faults(page.text) == []
    assert sign_in(cast.finn).get(area).status_code == 404


def test_the_sponsor_reads_the_log_of_the_own_company(sign_in, cast, stage, words):
    stage.add_all([
        an_opening(), an_opening(title="Theirs", client_id=2, engagement_id=2, contact_id=3),
        an_opening(kind=Opened.ARCHIVE, subject_id=None, title="Everything", contact_id=None, person_id=2),
    ])  # fmt: skip
    stage.commit()
    page = sign_in(cast.cora).get("/portal/opened")
    assert faults(page.text) == []
    assert "Plan Documents Vic" in words(page)
    assert "Everything as one file Ben of Larkmoor" in words(page)
    assert "Theirs" not in page.text
    narrow = words(sign_in(cast.cora).get("/portal/opened?kind=archive"))
    assert ("Plan Documents" in narrow, "Ben of Larkmoor" in narrow) == (False, True)
    assert "Plan Documents" in words(sign_in(cast.cora).get("/portal/opened?who=2&q=pla"))
    assert sign_in(cast.vic).get("/portal/opened").status_code == 403
    assert 'href="/portal/opened"' in sign_in(cast.cora).get("/portal").text
    assert 'href="/portal/opened"' not in sign_in(cast.vic).get("/portal").text


def test_a_viewer_has_their_own_lines_alone(see, cast, stage):
    stage.add_all([an_opening(), an_opening(contact_id=1)])
    stage.commit()
    with see(cast.vic) as session:
        assert [one.contact_id for one in session.scalars(select(Opening))] == [2]


def test_the_log_is_kept_as_it_was_written(cast, stage, app):
    """Both engines refuse a change, and taking a line away before its 24 months are over; then the worker does."""
    old = clock.now() - openings.KEPT - timedelta(days=1)
    stage.add_all([an_opening(), an_opening(at=old)])
    stage.commit()
    for deed in (update(Opening).values(title="Another"), delete(Opening).where(Opening.at > old)):
        with pytest.raises(DatabaseError):
            stage.execute(deed)
        stage.rollback()
    with app.app_context(), viewing_as(SYSTEM):
        old_openings()
    assert [one.title for one in lines(stage)] == ["Plan"]


@pytest.mark.engine_free
def test_a_line_that_cannot_be_written_takes_no_page_away(sign_in, cast, owe, stage, monkeypatch):
    def full(**_):
        raise OperationalError("INSERT", {}, RuntimeError("database or disk is full"))

    owed = owe(State.SUBMITTED)
    monkeypatch.setattr(openings, "account_session", full)
    assert sign_in(cast.vic).get(f"/portal/deliverables/{owed.id}").status_code == 200
    assert lines(stage) == []


def test_it_costs_the_same_for_many(sign_in, cast, stage, statements):
    cora, counts = sign_in(cast.cora), []
    for number in (1, 30):
        stage.add_all(an_opening(title=f"Paper {n}", contact_id=1 + n % 2) for n in range(number))
        stage.commit()
        with statements() as seen:
            assert cora.get("/portal/opened").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts
