"""Deliverables: each lives its life by the product's own verbs, with papers that read like papers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm.clients.models import Client, Contact
from crm.core.calendar import after_working_days
from crm.core.inputs import MINUTES_A_DAY
from crm.core.ownership import OpenTo, Visibility
from crm.core.twelve import Area
from crm.deliverables.agreed import Criterion
from crm.deliverables.models import SMALL, Deliverable
from crm.deliverables.rounds.models import Outcome, ReviewPoint, ReviewRound
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, VersionComment
from crm.demo.attached import attach
from crm.demo.book import Almanac, book
from crm.demo.scene import Scene, Work
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.people.models import Person

ANSWERED = {State.ACCEPTED, State.CHANGES_REQUESTED}
SENT = {State.SUBMITTED, *ANSWERED}


@dataclass
class Owed:
    """A deliverable as the book or the rules want it: what, whose, by when, and how far it is."""

    type: str
    area: Area
    title: str
    assignment: Assignment
    estimate: Decimal
    actual: Decimal
    due: date
    state: State
    submitted: date | None = None
    decided: date | None = None
    versions: int = 1
    reviewer: Person | None = None
    note: str = ""
    helper: Assignment | None = None
    deemed: bool = False  # signed off by silence, as agreed


@dataclass
class Desk:
    """Where one engagement's papers are written."""

    scene: Scene
    engagement: Engagement
    client: Client
    sponsor: Contact
    owner: Person
    reviewer: Person
    chance: Random
    late: list[Any] = field(default_factory=list)  # rows that wait for the ids of others

    @property
    def almanac(self) -> Almanac:
        return self.scene.almanac

    def tell(self, paper: Deliverable, verb: str, by: Any, at: datetime, *, before: State | None, **more: Any) -> None:
        """The trail's line of a deed just done: what it led to is the state of the paper now."""
        was = before and before.value
        self.scene.tell(at, f"deliverable.{verb}", paper, by, before=was, after=paper.state.value, **more)


def write_paper(desk: Desk, owed: Owed, number: int) -> Deliverable:
    """From the first mention to where it stands today, by the verbs of the model itself."""
    whose = {"client_id": desk.engagement.client_id, "engagement_id": desk.engagement.id}
    what = book("words")["types"][owed.type]
    paper = Deliverable(
        number=number, title=owed.title, type=owed.type, area=owed.area, purpose=f"{what['what']}.", estimate=owed.estimate,
        assignment_id=owed.assignment.id, baseline_due=owed.due, due=owed.due, state=State.PROPOSED,
        visibility=Visibility.TEAM, **whose,
    )  # fmt: skip
    paper.criteria = [Criterion(position=n, text=text, **whose) for n, text in enumerate(_criteria(desk, owed), 1)]
    begun = _begun(desk, owed)
    made = max(desk.engagement.starts, begun - timedelta(days=14))
    desk.tell(paper, "propose", desk.owner, desk.almanac.at(made, 10, 20), before=None)
    paper.plan()
    desk.tell(paper, "plan", _lead(desk), desk.almanac.at(made, 15, 20), before=State.PROPOSED)
    if owed.state is not State.PLANNED:
        _begin(desk, paper, owed, begun, 1)
        _send(desk, paper, owed)
    if owed.actual:
        last = min(owed.submitted or desk.almanac.ago(1), desk.almanac.ago(1))
        desk.scene.work.append(Work(paper, owed.assignment, begun, last, int(owed.actual * MINUTES_A_DAY)))
    return paper


def _begun(desk: Desk, owed: Owed) -> date:
    """Work begins early enough for the days it took, and not before its owner is there."""
    last = owed.submitted or min(owed.due, desk.almanac.ago(1))
    return min(max(owed.assignment.begins, last - timedelta(days=14 + int(owed.actual * 6))), last)


def _lead(desk: Desk) -> Person:
    team = next(team for key, team in desk.scene.teams.items() if desk.scene.engagements[key] is desk.engagement)
    return next(person for person in desk.scene.people.values() if person.id == team[0].person_id)


def _begin(desk: Desk, paper: Deliverable, owed: Owed, on: date, number: int) -> None:
    before = paper.state
    paper.begin()
    version = paper.versions[-1]
    version.visibility = Visibility.TEAM
    finished = owed.state in SENT or number < owed.versions
    version.text = _text(desk, owed, finished=finished, number=number)
    version.changes = book("words")["remarks"]["changed"] if number > 1 else ""
    desk.tell(paper, "begin", desk.owner, desk.almanac.at(on, 9, 20), before=before)
    if number == owed.versions:
        at = desk.almanac.at(on, 16, 20)
        attach(paper, version, client=desk.client.name, by=desk.owner.id, at=at, sent=owed.state in SENT)


def _send(desk: Desk, paper: Deliverable, owed: Owed) -> None:
    """Review, submission and answer, once for each version but as far as the state goes."""
    if owed.state is State.IN_PROGRESS:
        return
    first = owed.submitted or desk.almanac.ago(2)
    for number in range(1, owed.versions + 1):
        last_one = number == owed.versions
        sent_on = first if last_one else first - timedelta(days=8 * (owed.versions - number))
        if not _reviewed(desk, paper, owed, sent_on):
            return
        before = paper.state
        answer_by = after_working_days(sent_on, 10, "GB-ENG")
        paper.submit(by=desk.owner.id, at=desk.almanac.at(sent_on, 11, 30), asked=desk.sponsor.id, answer_by=answer_by)
        desk.tell(paper, "submit", desk.owner, desk.almanac.at(sent_on, 11, 20), before=before, open_to=OpenTo.CLIENT)
        if last_one and owed.state is State.SUBMITTED:
            return
        if last_one and owed.state is State.ACCEPTED:
            _accept(desk, paper, owed)
            return
        _send_back(desk, paper, owed, (owed.decided if last_one else None) or sent_on + timedelta(days=3))
        if not last_one:
            _begin(desk, paper, owed, sent_on + timedelta(days=4), number + 1)


def _reviewed(desk: Desk, paper: Deliverable, owed: Owed, sent_on: date) -> bool:
    """Whether it came through the internal review; small ones skip it."""
    if owed.estimate < SMALL and owed.state is not State.INTERNAL_REVIEW:
        return True
    begun = max(sent_on - timedelta(days=2), desk.engagement.starts)
    paper.ask_for_review(reviewer_id=desk.reviewer.id)
    desk.tell(paper, "ask_review", desk.owner, desk.almanac.at(begun, 9, 20), before=State.IN_PROGRESS)
    if owed.state is State.INTERNAL_REVIEW:
        return False
    remark = desk.chance.choice(book("words")["remarks"]["reviewed"])
    number = len(paper.versions)
    desk.late.append((paper, lambda: _round(desk, paper, number, remark, begun)))
    paper.pass_review()
    desk.tell(paper, "pass_review", desk.reviewer, desk.almanac.at(begun, 16, 20), before=State.INTERNAL_REVIEW)
    return True


def _round(desk: Desk, paper: Deliverable, number: int, remark: str, begun: date) -> ReviewRound:
    """One round that passed, with a remark on the whole and each criterion looked at."""
    whose = {"client_id": paper.client_id, "engagement_id": paper.engagement_id}
    return ReviewRound(
        deliverable_id=paper.id, number=number, about=number, reviewer_id=desk.reviewer.id, remark=remark,
        asked_at=desk.almanac.at(begun, 9, 20), ended_at=desk.almanac.at(begun, 16), outcome=Outcome.PASSED,
        points=[ReviewPoint(position=one.position, criterion=one.text, holds=True, **whose) for one in paper.criteria],
        **whose,
    )  # fmt: skip


def _accept(desk: Desk, paper: Deliverable, owed: Owed) -> None:
    decided = owed.decided or desk.almanac.ago(1)
    if owed.deemed:
        _count_silence(desk, paper)
        return
    remark = desk.chance.choice(book("words")["remarks"]["accepted"])
    version = paper.versions[-1]
    paper.accept(version, by=desk.sponsor.id, at=desk.almanac.at(decided, 17, 10), remark=remark)
    desk.tell(
        paper,
        "accept",
        desk.sponsor,
        desk.almanac.at(decided, 17, 20),
        before=State.SUBMITTED,
        reason=remark,
        open_to=OpenTo.CLIENT,
    )


def _count_silence(desk: Desk, paper: Deliverable) -> None:
    """The day after the last review day, by nobody's hand."""
    version = paper.versions[-1]
    at = desk.almanac.at((version.answer_by or desk.almanac.ago(2)) + timedelta(days=1), 6, 10)
    paper.accept(version, by=None, at=at, deemed=True)
    desk.tell(paper, "deem", None, at, before=State.SUBMITTED, open_to=OpenTo.CLIENT)


def _send_back(desk: Desk, paper: Deliverable, owed: Owed, on: date) -> None:
    version = paper.versions[-1]
    said = book("words")["remarks"]
    remark = desk.chance.choice(said["sent_back"])
    comment = owed.note.removeprefix("Version 1 sent back: ") or desk.chance.choice(said["comments"])
    at = desk.almanac.at(on, 14, 25)
    paper.send_back(version, by=desk.sponsor.id, at=at, remark=remark)
    desk.late.append((paper, lambda: _comment(desk, version, comment, at)))
    desk.tell(
        paper,
        "send_back",
        desk.sponsor,
        desk.almanac.at(on, 14, 20),
        before=State.SUBMITTED,
        reason=remark,
        open_to=OpenTo.CLIENT,
    )


def _comment(desk: Desk, version: DeliverableVersion, body: str, at: Any) -> VersionComment:
    return VersionComment(
        client_id=version.client_id, engagement_id=version.engagement_id, version_id=version.id,
        criterion_id=version.criteria[0].id, contact_id=desk.sponsor.id, at=at, visibility=Visibility.CLIENT,
        body=f"{body[:1].upper()}{body[1:].rstrip('.')}.",
    )  # fmt: skip


def _criteria(desk: Desk, owed: Owed) -> list[str]:
    """What it must show, and two of the things that every good paper does."""
    parts = [one.strip() for one in book("words")["types"][owed.type]["what"].replace(";", ",").split(",")]
    parts = [one[:1].lower() + one[1:] if not one[1:2].isupper() else one for one in parts]
    shown = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return [f"It shows {shown}", *desk.chance.sample(book("words")["criteria"]["all"], 2)]


def _text(desk: Desk, owed: Owed, *, finished: bool, number: int) -> str:
    """A page and a half of plain sentences: why, how, what we found, what we recommend, what we need."""
    words, area, chance = book("words")["paper"], book("words")["areas"][owed.area], desk.chance
    heads = [one for (code, _), one in desk.scene.by_department.items() if code == desk.client.code]
    said = {"client": desk.client.name, "head": chance.choice(heads).name, "n": chance.randint(4, 9)}
    what = book("words")["types"][owed.type]["what"]
    found = chance.sample(area["findings"], 3)
    if owed.note.startswith("Found") and number == owed.versions:  # other notes are the team's own
        found.insert(0, f"{owed.note.rstrip('.')}.")
    lines = [
        f"{owed.title} for {desk.client.name}",
        "## Why this paper\n"
        + words["why"].format(what=what[:1].lower() + what[1:], **said)
        + f" What it serves: “{desk.client.mission}”.",
        "## How we worked\n" + f"{area['looked']} " + chance.choice(words["method"]).format(**said),
        "## What we found\n" + "\n".join(f"{n}. {one}" for n, one in enumerate(found, 1)),
    ]
    if finished:
        advice = chance.sample(area["recommend"], len(area["recommend"]))
        lines.append("## What we recommend\n" + "\n".join(f"{n}. {one}" for n, one in enumerate(advice, 1)))
        lines.append("## What we need from you\n" + chance.choice(words["needs"]).format(**said))
    else:
        lines.append(words["draft"])
    return "\n\n".join(lines)
