"""What is said about papers, how they were reviewed, what they wait for, and one that a newer version took the place of."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from crm.clients.models import Contact
from crm.core.calendar import after_working_days
from crm.core.db import db
from crm.core.ownership import OpenTo
from crm.deliverables.chains.models import Wait
from crm.deliverables.models import Deliverable
from crm.deliverables.rounds.models import Outcome, ReviewPoint, ReviewRound
from crm.deliverables.states import OURS_TO_DO, State
from crm.deliverables.talk.models import Comment, TeamComment
from crm.demo.book import Almanac
from crm.demo.scene import Scene

OLD = 45  # days since the yes, from which a paper is corrected in the demo
REGION = "GB-ENG"


def supersede_one(scene: Scene, papers: Sequence[Deliverable], key: str) -> None:
    """The oldest signed-off paper of an engagement gets a second version, with a sentence that is new and one put right."""
    engagement, almanac = scene.engagements[key], scene.almanac
    done = [
        one for one in papers if one.engagement_id == engagement.id and one.state is State.ACCEPTED and one.accepted_on
    ]
    old = [one for one in done if one.accepted_on and (almanac.today - one.accepted_on).days > OLD]
    paper = min(old or done, key=lambda one: one.accepted_on or date.max, default=None)
    if paper is None or paper.assignment_id is None:
        return
    owner = scene.people[scene.keyed(_person_of(scene, paper))]
    sponsor = db.session.get_one(Contact, paper.versions[-1].decided_by_id)
    begun = almanac.ago(24)
    before = paper.state
    paper.correct()
    scene.tell(almanac.at(begun, 9, 5), "deliverable.correct", paper, owner, before=before.value, after=paper.state.value,
               reason="Two figures came late from finance.", open_to=OpenTo.TEAM)  # fmt: skip
    version = paper.versions[-1]
    lines = version.text.split("\n")
    lines[-1] = f"{lines[-1]} The two figures from finance are in it now."
    version.text = "\n".join([*lines, "", "What changed: the yearly cost is the one that finance confirmed."])
    version.changes = "The yearly cost is the one that finance confirmed."
    sent = almanac.at(almanac.ago(20), 11, 30)
    paper.state = State.READY
    paper.submit(by=owner.id, at=sent, asked=sponsor.id, answer_by=after_working_days(almanac.ago(20), 10, REGION))
    scene.tell(sent, "deliverable.submit", paper, owner, before=State.READY.value, after=State.SUBMITTED.value, open_to=OpenTo.CLIENT)  # fmt: skip
    decided = almanac.at(almanac.ago(17), 16, 10)
    paper.accept(version, by=sponsor.id, at=decided, remark="Now it is the figure I know.")
    scene.tell(decided, "deliverable.accept", paper, sponsor, before=State.SUBMITTED.value, after=State.ACCEPTED.value,
               reason="Now it is the figure I know.", open_to=OpenTo.CLIENT)  # fmt: skip


def _person_of(scene: Scene, paper: Deliverable) -> int:
    return next(one.person_id for team in scene.teams.values() for one in team if one.id == paper.assignment_id)


def remark(scene: Scene) -> None:
    """Once all papers have their keys."""
    for engagement in scene.engagements.values():
        papers = db.session.scalars(
            select(Deliverable).where(Deliverable.engagement_id == engagement.id).order_by(Deliverable.due, Deliverable.id)
        ).all()  # fmt: skip
        for paper in papers:
            if paper.state in {State.SUBMITTED, State.CHANGES_REQUESTED}:
                _talk(scene, paper)
            if paper.state is State.INTERNAL_REVIEW:
                _review(scene.almanac, paper)
        _chain(
            scene.almanac, [one for one in papers if one.state in OURS_TO_DO and one.accepted_on is None and one.due]
        )


def _talk(scene: Scene, paper: Deliverable) -> None:
    """A question, an answer, and a word among ourselves."""
    version, almanac = paper.versions[-1], scene.almanac
    owner = scene.people[scene.keyed(_person_of(scene, paper))]
    asked = version.asked_id or version.decided_by_id
    if version.submitted_at is None or asked is None:
        return
    sponsor = db.session.get_one(Contact, asked)
    whose = {"client_id": paper.client_id, "engagement_id": paper.engagement_id, "deliverable_id": paper.id, "about": version.number}  # fmt: skip
    day = min(version.submitted_at + timedelta(hours=26), almanac.at(almanac.ago(1), 15))
    db.session.add_all([
        Comment(contact_id=sponsor.id, at=day, **whose,
                body="I read it on the train. **Page two** is the part I will be asked about: is the cost for *one* year or for three?"),
        TeamComment(person_id=owner.id, at=day + timedelta(minutes=20), **whose,
                    body="Careful here: the three-year figure still has the old licence price in it. I check it before we answer."),
        Comment(person_id=owner.id, at=day + timedelta(hours=1), edited_at=day + timedelta(hours=2), **whose,
                body=f"@{sponsor.name} for one year. Over three years:\n\n- licences as they are now\n- support at the price agreed until next autumn"),
    ])  # fmt: skip


def _review(almanac: Almanac, paper: Deliverable) -> None:
    """Came back once with remarks, and is being read again."""
    whose = {"client_id": paper.client_id, "engagement_id": paper.engagement_id}
    first, *others = paper.criteria
    db.session.add_all([
        ReviewRound(
            deliverable_id=paper.id, number=1, about=1, reviewer_id=paper.reviewer_id, asked_at=almanac.at(almanac.ago(6), 9, 20),
            ended_at=almanac.at(almanac.ago(5), 16), outcome=Outcome.RETURNED, remark="Nearly there. The first page must stand alone.",
            points=[
                ReviewPoint(position=1, criterion=first.text, holds=False, remark="The figures are there, but not where they come from.", **whose),
                *(ReviewPoint(position=n, criterion=one.text, holds=True, **whose) for n, one in enumerate(others, 2)),
            ], **whose,
        ),
        ReviewRound(deliverable_id=paper.id, number=2, about=1, reviewer_id=paper.reviewer_id, asked_at=almanac.at(almanac.ago(2), 9, 20), **whose),
    ])  # fmt: skip


def _chain(almanac: Almanac, papers: Sequence[Deliverable]) -> None:
    """Where something is late, the next two wait for it, one after the other; and it waits for the client."""
    late = [one for one in papers if one.due and one.due < almanac.today]
    if not late or len(papers) < 2:
        return
    root, following = late[0], [one for one in papers if one.due and one.due >= almanac.today][:2]
    whose = {"client_id": root.client_id, "engagement_id": root.engagement_id}
    db.session.add(
        Wait(deliverable_id=root.id, what="Last year’s invoices of the five largest suppliers", needed_by=almanac.today + timedelta(days=8), **whose)
    )  # fmt: skip
    for waits, awaited in zip(following, [root, *following], strict=False):
        db.session.add(Wait(deliverable_id=waits.id, on_id=awaited.id, **whose))
