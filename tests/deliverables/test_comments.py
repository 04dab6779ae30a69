"""What is said about a deliverable: who reads it is chosen when it is written, and nothing of ours gets out."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.audit.models import AuditEntry, AuditText
from crm.core import clock
from crm.core.viewer import SYSTEM, viewing_as
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.talk.models import Comment, TeamComment
from crm.deliverables.versions import DeliverableVersion
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from tests.html import faults


@pytest.fixture
def paper(owe):
    return owe(State.SUBMITTED)


def desk(owed, more=""):
    return f"/deliverables/{owed.id}/comments{more}"


def portal(owed, more=""):
    return f"/portal/deliverables/{owed.id}/comments{more}"


def told(stage, app):
    """Who is told what, as things stand: (reader, subject, text)."""
    with app.app_context(), viewing_as(SYSTEM, zone="UTC"):
        return [
            (letter.to.name, letter.subject, letter.text)
            for row in stage.scalars(select(Outbox).order_by(Outbox.id))
            if row.topic.startswith("comment.")
            for letter in letters_of(row.topic, row.payload)
        ]


def test_ours_stays_ours_and_theirs_is_read_by_both(sign_in, cast, paper, stage):
    ben, cora = sign_in(cast.ben), sign_in(cast.cora)
    assert ben.send(desk(paper), body="The price is *too low*", readers="team").status_code == 303
    assert ben.send(desk(paper), body="Page two is **new**", readers="open", about="1").status_code == 303
    assert cora.send(portal(paper), body="Thank you <script>alert(1)</script>").status_code == 303
    ours, theirs = ben.get(desk(paper)).text, cora.get(portal(paper)).text
    assert "<em>too low</em>" in ours
    assert "<strong>new</strong>" in ours
    assert "&lt;script&gt;alert" in ours
    assert "Team only" in ours
    assert "too low" not in theirs
    assert "<strong>new</strong>" in theirs
    assert "on version 1" in theirs
    assert "Team only" not in theirs
    assert faults(ours) == faults(theirs) == []
    assert [type(one) for one in stage.scalars(select(TeamComment))] == [TeamComment]


def test_who_reads_it_must_be_said_and_never_changes(sign_in, cast, paper, stage):
    ben = sign_in(cast.ben)
    answer = ben.send(desk(paper), body="Who reads this?")
    assert (answer.status_code, "Who reads this?" in answer.text) == (422, True)
    ben.send(desk(paper), body="Ours", readers="team")
    key = stage.scalars(select(TeamComment.id)).one()
    ben.send(desk(paper, f"/team/{key}"), body="Ours still", readers="open")
    assert stage.scalars(select(Comment)).all() == []
    assert ben.get(desk(paper, f"/open/{key}")).status_code == 404


def test_nothing_is_said_before_the_client_about_what_they_do_not_see(sign_in, cast, owe, stage):
    draft = owe(State.IN_PROGRESS)
    assert sign_in(cast.ben).send(desk(draft), body="Look", readers="open").status_code == 422
    assert sign_in(cast.cora).get(portal(draft)).status_code == 404
    assert sign_in(cast.cora).send(portal(draft), body="Look").status_code == 404
    assert stage.scalars(select(Comment)).all() == []


def test_nobody_else_reads_or_says_anything(sign_in, cast, paper):
    for who, url, status in (
        (cast.eve, desk(paper), 404), (cast.finn, desk(paper), 404), (cast.uma, portal(paper), 404),
        (cast.cora, desk(paper), 403), (cast.abe, desk(paper), 403),
    ):  # fmt: skip
        assert sign_in(who).get(url).status_code == status
        assert sign_in(who).send(url, body="x", readers="open").status_code == status


def test_the_same_press_says_it_once(sign_in, cast, paper, stage):
    first, second = (sign_in(cast.vic).send(portal(paper), once="the-same", body="Twice?") for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(stage.scalars(select(Comment)).all()) == 1


def test_ones_own_is_put_right_and_taken_back_with_a_mark(sign_in, cast, paper, stage):
    ben, tess, cora = (sign_in(one) for one in (cast.ben, cast.tess, cast.cora))
    ben.send(desk(paper), body="First words", readers="open")
    key = stage.scalars(select(Comment.id)).one()
    assert tess.send(desk(paper, f"/open/{key}"), body="Not hers").status_code == 403
    assert cora.send(portal(paper, f"/{key}"), body="Not hers").status_code == 403
    assert ben.send(desk(paper, f"/open/{key}"), version=7, body="Too late").status_code == 409
    assert ben.send(desk(paper, f"/open/{key}"), version=1, body="Second words").status_code == 303
    shown = cora.get(portal(paper)).text
    assert ("First words" in shown, "Second words" in shown, ", edited " in shown) == (False, True, True)
    assert ben.send(desk(paper, f"/open/{key}/withdrawal"), version=2).status_code == 303
    assert ben.send(desk(paper, f"/open/{key}/withdrawal"), version=3).status_code == 409
    shown = cora.get(portal(paper)).text
    assert ("Second words" in shown, "Ben withdrew this" in shown) == (False, True)
    kept = stage.execute(
        select(AuditEntry.verb, AuditText.body, AuditEntry.open_to).join(
            AuditText, AuditText.id == AuditEntry.reason_id
        )
    ).all()
    assert [tuple(row) for row in kept] == [
        ("comment.revise", "First words", "partners"), ("comment.withdraw", "Second words", "partners"),
    ]  # fmt: skip


def test_who_may_be_called_by_name(sign_in, cast, paper):
    """Cora sees no partner's name, nobody sees Eve's, and Uma is another company's."""
    ours, theirs = (sign_in(who).get(url).text for who, url in ((cast.ben, desk(paper)), (cast.cora, portal(paper))))
    assert [f"@{name}<" in ours for name in ("Ada", "Ben", "Tess", "Cora", "Vic", "Eve", "Uma")] == [True] * 5 + [
        False
    ] * 2
    assert [f"@{name}<" in theirs for name in ("Ben", "Tess", "Cora", "Vic", "Ada", "Eve")] == [True] * 4 + [False] * 2


def test_whoever_is_called_gets_a_letter_and_ours_says_nothing(sign_in, cast, paper, stage, app):
    ben = sign_in(cast.ben)
    ben.send(desk(paper), body="@Tess look, @Cora must not know, @Ben neither", readers="team")
    ben.send(desk(paper), body="@Cora is that **right**? @Eve", readers="open")
    letters = told(stage, app)
    assert [(who, "must not know" in text) for who, _, text in letters] == [("Tess", False), ("Cora", False)]
    assert "is that right?" in letters[1][2]


def test_a_title_that_is_being_changed_is_not_told_to_the_client(sign_in, cast, paper, stage, app):
    """They read of it as it was called when they were given it, also in mails."""
    stage.execute(update(DeliverableVersion).values(title="Exit plan"))
    stage.execute(update(Deliverable).values(title="Exit plan, unless they pay"))
    stage.commit()
    sign_in(cast.ben).send(desk(paper), body="@Cora and @Tess look", readers="open")
    letters = {who: subject + text for who, subject, text in told(stage, app)}
    assert ("Exit plan" in letters["Cora"], "unless they pay" in letters["Cora"]) == (True, False)
    assert "unless they pay" in letters["Tess"]


def test_the_team_hears_of_what_the_client_says(sign_in, cast, paper, stage, app):
    sign_in(cast.cora).send(portal(paper), body="@Ben is page two final?")
    assert sorted(who for who, *_ in told(stage, app)) == ["Ben", "Tess"], "Ben by name, Tess because she owns it"
    comment = stage.scalars(select(Comment)).one()
    comment.withdraw(clock.now())
    stage.commit()
    assert told(stage, app) == [], "what was taken back is not told any more"


def test_a_mention_added_later_is_told_once(sign_in, cast, paper, stage, app):
    ben = sign_in(cast.ben)
    ben.send(desk(paper), body="@Cora look", readers="open")
    key = stage.scalars(select(Comment.id)).one()
    ben.send(desk(paper, f"/open/{key}"), version=1, body="@Cora and @Vic look")
    marks = [row.payload["marks"] for row in stage.scalars(select(Outbox).order_by(Outbox.id))]
    assert marks == ["contact:1", "contact:2"]


def test_a_long_talk_costs_what_a_short_one_does(sign_in, cast, paper, stage, statements):
    whose = {"client_id": 1, "engagement_id": 1, "deliverable_id": paper.id}
    counts = []
    for n in (1, 45):
        for i in range(n):
            at = clock.now() + timedelta(seconds=i)
            stage.add(Comment(body=f"open {n}-{i}", contact_id=1, at=at, **whose))
            stage.add(TeamComment(body=f"ours {n}-{i}", person_id=2, at=at, **whose))
        stage.commit()
        for who, url in ((cast.ben, desk(paper)), (cast.cora, portal(paper))):
            with statements() as seen:
                assert sign_in(who).get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:], counts
    assert max(counts) <= 12
    last = sign_in(cast.ben).get(desk(paper, "?page=5")).text
    assert last.count('class="event"') == 92 - 80
