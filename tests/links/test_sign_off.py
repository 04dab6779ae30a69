"""Signing off from a mail: two clicks without a password, once, by one person, for one version; opening changes nothing."""

import contextlib
import io
import re

import pytest
from sqlalchemy import select

from crm.accounts.models import Standing
from crm.audit.models import AuditEntry, Opened, Opening
from crm.clients.models import Client, Contact, Department
from crm.core.db import Model, db
from crm.core.viewer import Role, Viewer, viewing_as
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, How, Said, SignOff
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.outbox.models import Outbox
from crm.timelog.models import TimeEntry
from tests.cast import TODAY


def version_of(owed):
    return owed.versions[-1]


def rows_of(stage):
    stage.rollback()
    return {
        table.name: stage.execute(select(table).order_by(*table.primary_key.columns)).all()
        for table in Model.metadata.sorted_tables
        if table.name != "rate_count"
    }


def test_two_clicks_and_the_receipt(stranger, press, cast, ask, link_in, stage, again, plain):
    owed = ask()
    address = link_in(cast.cora)
    page = stranger.get(address)
    for said in ("Supplier exit plan", "Accept version 1", "Ask for changes", "days are left", "Cora", "Northwind"):
        assert said in plain(page)
    assert "Set-Cookie" not in page.headers
    assert page.headers["Referrer-Policy"] == "no-referrer"
    answer = press(address, name="Cora Brackenhill", remark="Clear.")
    assert (answer.status_code, answer.location) == (303, address)
    version = again(version_of(owed))
    assert (version.state, version.decided_by_id, version.remark) == (State.ACCEPTED, 1, "Clear.")
    (said,) = version.sign_offs
    assert (said.said, said.how, said.name, said.sponsor_id, said.by_id, said.digest, said.address) == (
        Said.YES, How.MAIL, "Cora Brackenhill", 1, 1, version.digest, "127.0.0.1",
    )  # fmt: skip
    (line,) = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "deliverable.accept"))
    assert (line.contact_id, line.via, line.to_state) == (1, "mail", "accepted")
    receipt = plain(stranger.get(address))
    for words in ("Thank you, Cora.", "Receipt", "Cora Brackenhill", "127.0.0.1", version.digest, "(UTC)"):
        assert words in receipt
    assert "Accept version" not in receipt


def test_the_other_way_out(stranger, press, cast, ask, link_in, again, plain):
    owed = ask()
    address = link_in(cast.cora)
    point = version_of(owed).criteria[0].id
    assert "What should be different?" in plain(stranger.get(f"{address}/changes"))
    refused = press(address, "changes", remark="Not good")
    assert refused.status_code == 422
    assert "Not good" in refused.text
    answer = press(address, "changes", **{f"comments-{point}": "It says nothing of the price"})
    assert answer.status_code == 303
    version = again(version_of(owed))
    assert (version.state, version.sign_offs[0].said) == (State.CHANGES_REQUESTED, Said.CHANGES)
    assert "You asked for changes to version 1." in plain(stranger.get(address))


def test_a_mail_scanner_changes_nothing(stranger, cast, ask, link_in, stage):
    """It follows every link, as often as it likes, by GET and HEAD."""
    ask()
    address = link_in(cast.cora)
    before = rows_of(stage)
    for _ in range(3):
        assert stranger.get(address).status_code == 200
        assert stranger.head(address).status_code == 200
        assert stranger.get(f"{address}/changes").status_code == 200
    assert rows_of(stage) == before


def test_what_is_opened_by_a_link_stands_in_the_access_log(stranger, sign_in, cast, ask, link_in, stage, plain):
    """Once the answer has told them from a mail scanner: by the name of whom the link was given to, once an hour."""
    owed = ask()
    address = link_in(cast.cora)
    for _ in range(2):
        stranger.get(address)
    assert stage.scalars(select(Opening)).all() == []
    version = version_of(owed)
    assert stranger.send(f"{address}/acceptance", name="Cora", version=version.version).status_code == 303
    for _ in range(2):
        stranger.get(address)
    (line,) = stage.scalars(select(Opening))
    assert (line.kind, line.subject_id, line.title) == (Opened.VERSION, version.id, "Supplier exit plan, version 1")
    assert (line.client_id, line.engagement_id, line.contact_id) == (1, 1, 1)
    assert "Seen by Cora" in plain(sign_in(cast.ben).get(f"/deliverables/{owed.id}"))


def test_pressed_twice_it_is_one_answer(stranger, cast, ask, link_in, stage, again):
    seen = version_of(ask()).version
    address = link_in(cast.cora)
    answers = [stranger.send(f"{address}/acceptance", once="k", version=seen, name="Cora") for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, address)] * 2
    other = stranger.send(f"{address}/acceptance", once="another", name="Cora")
    assert other.status_code == 409
    assert "used already" in other.text
    assert stranger.send(f"{address}/acceptance", once="k", version=seen, name="Somebody else").status_code == 422
    assert len(stage.scalars(select(SignOff)).all()) == 1
    assert stranger.send(f"{address}/changes", name="Cora").status_code in {409, 422}


@pytest.mark.parametrize("secret", ["0" * 64, "x" * 64, "short", "%00" * 64])
def test_an_address_that_never_was_is_not_there(stranger, cast, secret):
    assert stranger.get(f"/sign/{secret}").status_code == 404


def test_the_link_of_another_client_opens_its_own_thing_only(stranger, app, cast, ask, owe, link_in, stage):
    """The lock proves it: whatever its reader asks for, only that version comes; and nothing else is theirs to do."""
    owed, other = ask(), owe(State.SUBMITTED, title="Another of Northwind")
    foreign = owe(State.SUBMITTED, on=cast.umbra, owner="finn", title="Umbra's")
    assert "Another of Northwind" not in stranger.get(link_in(cast.cora)).text
    only = Viewer(Role.SPONSOR, contact_id=1, client_id=1, only=("deliverable_version", version_of(owed).id))
    with app.app_context(), viewing_as(only):
        assert db.session.scalars(select(Deliverable.id)).all() == [owed.id]
        assert db.session.scalars(select(DeliverableVersion.id)).all() == [version_of(owed).id]
        assert db.session.scalars(select(Engagement.id)).all() == [1]
        assert db.session.scalars(select(Client.id)).all() == [1]
        for nothing in (Department, TimeEntry, AuditEntry, Standing, Outbox):
            assert db.session.scalars(select(nothing)).all() == []
    assert {other.id, foreign.id}.isdisjoint({owed.id})


@pytest.mark.parametrize("end", ["withdrawn", "right", "contact", "account", "answered", "expired", "newer", "closed"])
def test_a_dead_link_says_why_and_answers_nothing(
    stranger, sign_in, cast, ask, link_in, stage, again, links, plain, end
):
    owed = ask()
    address = link_in(cast.cora)
    says = KILLED[end](stage, sign_in, cast, owed, links)
    stage.commit()
    page = stranger.get(address)
    assert page.status_code == 410
    assert says in plain(page)
    assert "Supplier exit plan" not in page.text or end == "answered"
    before = again(version_of(owed)).state
    assert stranger.send(f"{address}/acceptance", name="Cora").status_code == 410
    assert again(version_of(owed)).state is before


def _withdraw(stage, sign_in, cast, owed, links):
    sign_in(cast.ben).send(f"/deliverables/{owed.id}/withdrawal", version=owed.version, reason="A figure is wrong")
    return "It was taken back"


def _lose_the_right(stage, sign_in, cast, owed, links):
    stage.add(Contact(id=9, client_id=1, name="Dora", email="d@client1.example", decides=True))
    stage.flush()
    stage.delete(stage.scalars(select(Sponsorship).where(Sponsorship.contact_id == 1)).one())
    stage.add(Sponsorship(contact_id=9, client_id=1, engagement_id=1))
    return "not yours to give any more"


def _leave(stage, sign_in, cast, owed, links):
    stage.get(Contact, 1).archived_at = stage.get(Contact, 1).archived_at or links()[0].made_at
    return "not yours to give any more"


def _close(stage, sign_in, cast, owed, links):
    cast.cora.active = False
    return "not yours to give any more"


def _answer(stage, sign_in, cast, owed, links):
    version = version_of(owed)
    address = f"/portal/deliverables/{owed.id}/versions/{version.id}/acceptance"
    assert sign_in(cast.cora).send(address, version=version.version).status_code == 303
    return "It was answered since. Cora signed it off"


def _expire(stage, sign_in, cast, owed, links):
    (link,) = links()
    link.expires_on = version_of(owed).answer_by = TODAY.replace(year=TODAY.year - 1)
    return "The link in that mail lived until"


def _replace(stage, sign_in, cast, owed, links):
    (link,) = links()
    link.ended_at = link.made_at
    return "A newer mail took the place of this one"


def _close_engagement(stage, sign_in, cast, owed, links):
    cast.north.state = "closed"
    return "The engagement is closed"


KILLED = {
    "withdrawn": _withdraw, "right": _lose_the_right, "contact": _leave, "account": _close, "answered": _answer,
    "expired": _expire, "newer": _replace, "closed": _close_engagement,
}  # fmt: skip


def test_what_is_sent_again_has_a_link_of_its_own(stranger, sign_in, cast, ask, link_in, stage, again, plain):
    """Taken back and sent again: the old link stays dead, although it is the same version."""
    owed = ask()
    old = link_in(cast.cora)
    ben = sign_in(cast.ben)
    ben.send(f"/deliverables/{owed.id}/withdrawal", version=owed.version, reason="A figure is wrong")
    owed = again(owed)
    owed.state = State.READY
    stage.commit()
    ben.send(f"/deliverables/{owed.id}/submission", version=again(owed).version, asked_id="1", review_days="10")
    new = link_in(cast.cora)
    assert old != new
    assert stranger.get(old).status_code == 410
    assert stranger.send(f"{new}/acceptance", name="Cora", version=version_of(again(owed)).version).status_code == 303


def test_a_text_that_changed_since_is_not_accepted(stranger, cast, ask, link_in, again):
    owed = ask()
    address = link_in(cast.cora)
    stale = stranger.send(f"{address}/acceptance", name="Cora", version=77)
    assert stale.status_code == 409
    assert again(version_of(owed)).state is State.SUBMITTED


def test_the_secret_is_kept_nowhere(stranger, app, cast, ask, link_in, links, stage):
    ask()
    address = link_in(cast.cora)
    secret = address.removeprefix("/sign/")
    (link,) = links()
    assert secret not in repr([getattr(link, column.key) for column in link.__table__.columns])
    heard = io.StringIO()
    with contextlib.redirect_stderr(heard):
        stranger.get(address)
        stranger.send(f"{address}/acceptance", name="")
        stranger.get(f"/sign/{'0' * 64}")
    assert secret not in heard.getvalue()
    for row in stage.scalars(select(Outbox)):
        assert secret not in repr(row.payload)


def test_a_mail_tried_twice_carries_the_same_address(cast, ask, links, app):
    ask()
    (link,) = links()
    with app.app_context():
        assert link.secret == link.secret
        assert re.fullmatch("[0-9a-f]{64}", link.secret)


def test_guessing_is_slowed(stranger, cast):
    codes = [stranger.get(f"/sign/{n:064}").status_code for n in range(25)]
    assert codes[:20] == [404] * 20
    assert codes[-1] == 429


def test_a_page_costs_few_statements(stranger, cast, ask, link_in, statements):
    version = version_of(ask()).version
    address = link_in(cast.cora)
    with statements() as seen:
        stranger.get(address)
    assert len(seen) <= 12, seen
    with statements() as seen:
        assert stranger.send(f"{address}/acceptance", name="Cora", version=version).status_code == 303
    assert len(seen) <= 17, seen  # five of them read what the answer is judged by
