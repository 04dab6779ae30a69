"""What each engagement owes: as the book says in depth, by the rules of the generation everywhere else."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.twelve import Area, Scope
from crm.deliverables.agreed import Contribution, Criterion
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.demo.answers import SILENT, answer_all
from crm.demo.book import book
from crm.demo.papers import Desk, Owed, write_paper
from crm.demo.remarks import remark, supersede_one
from crm.demo.scene import Scene
from crm.demo.spine import best_at
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole
from crm.engagements.states import EngagementState
from crm.practice.models import Numbering

STEP = Decimal("0.1")  # of a day: 45 minutes


def owe(scene: Scene) -> None:
    """Numbered in the order of the book: those in depth first, then engagement by engagement."""
    rows = sorted(book("practice")["engagements"], key=lambda row: row["key"] not in book("depth"))
    number, late = 0, []
    papers: list[Deliverable] = []
    for row in rows:
        engagement, chance = scene.engagements[row["key"]], scene.almanac.dice(f"deliverables {row['key']}")
        if engagement.state is EngagementState.DRAFT:
            continue
        deep = book("depth").get(row["key"])
        owed = _as_written(scene, row, deep) if deep else _by_rule(scene, row, chance)
        if row["key"] == SILENT:
            engagement.deemed = True
            max((one for one in owed if one.state is State.ACCEPTED), key=lambda one: one.due).deemed = True
        for one in owed:
            number += 1
            desk = _desk(scene, row, engagement, one, chance)
            paper = write_paper(desk, one, number)
            late += desk.late
            db.session.add(paper)
            papers.append(paper)
            if one.helper:
                late.append((paper, _share_of(paper, one.helper, chance.choice((20, 25, 30, 40)))))
        if row["key"] in {"E05", "E06"}:
            number += 1
            db.session.add(_proposal(scene, row, engagement, number))
    db.session.flush()
    db.session.add_all(make() for _, make in late)
    supersede_one(scene, papers, next(iter(book("depth"))))
    db.session.flush()
    answer_all(scene, papers)
    remark(scene)
    numbering = db.session.get(Numbering, "deliverable")
    if numbering:
        numbering.last = number


def _share_of(paper: Deliverable, helper: Assignment, share: int) -> Any:
    return lambda: Contribution(
        client_id=paper.client_id,
        engagement_id=paper.engagement_id,
        deliverable_id=paper.id,
        assignment_id=helper.id,
        share=share,
    )


def _desk(scene: Scene, row: dict[str, Any], engagement: Engagement, owed: Owed, chance: Random) -> Desk:
    owner = next(one for one in scene.people.values() if one.id == owed.assignment.person_id)
    others = [one["who"] for one in row["plan"] if scene.people[one["who"]] is not owner]
    reviewer = (
        owed.reviewer or scene.people[chance.choice(others or ["helen" if owner.name != "Helen Ashdown" else "marcus"])]
    )
    sponsor = scene.head_of(row["client"], "executive")
    return Desk(scene, engagement, scene.clients[row["client"]], sponsor, owner, reviewer, chance)


def _as_written(scene: Scene, row: dict[str, Any], deep: dict[str, Any]) -> list[Owed]:
    almanac, found = scene.almanac, []
    for one in deep["deliverables"]:
        state, due = State(one["status"]), almanac.day(one["baseline_due"])
        submitted = almanac.day(one["submitted"]) if "submitted" in one else None
        if state is State.CHANGES_REQUESTED:
            submitted = due - timedelta(days=4)
        found.append(
            Owed(
                type=one["type"], area=Area(one["area"]), title=one["title"], due=due, state=state, submitted=submitted,
                assignment=_assignment(scene, row["key"], one["owner"]), estimate=Decimal(str(one["estimate"])),
                actual=Decimal(str(one["actual"])), decided=almanac.day(one["decided"]) if "decided" in one else None,
                versions=one.get("versions", 1), note=one.get("note", ""),
                reviewer=scene.people[one["reviewer"]] if "reviewer" in one else None,
            )
        )  # fmt: skip
    return found


def _assignment(scene: Scene, key: str, who: str) -> Assignment:
    return next(one for one in scene.teams[key] if one.person_id == scene.people[who].id)


def _by_rule(scene: Scene, row: dict[str, Any], chance: Random) -> list[Owed]:
    """One or two of each area in lead or advise, as far as the agreed days carry, spread over the engagement."""
    engagement = scene.engagements[row["key"]]
    picked = _picked(row, engagement, chance)
    first, last = engagement.starts + timedelta(days=20), engagement.ends - timedelta(days=6)
    gap = (last - first) / max(1, len(picked) - 1)
    dues = [first + gap * n + timedelta(days=chance.randint(-4, 4)) for n in range(len(picked))]
    owed = [
        _one(scene, row, code, max(due, engagement.starts + timedelta(days=9)), chance)
        for code, due in zip(picked, dues, strict=True)
    ]
    stands = _stands_on(scene, row)
    past = [one for one in owed if one.due < stands]
    for one in past:
        _answered(one, chance, stands)
    if engagement.state is not EngagementState.CLOSED:
        _live(past, [one for one in owed if one.due >= stands], chance, stands, overdue=row["key"] != "E06")
    return owed


def _stands_on(scene: Scene, row: dict[str, Any]) -> date:
    """The day its work stands on: today, or the last day before a pause; the day after the end when it is closed."""
    engagement, almanac = scene.engagements[row["key"]], scene.almanac
    if engagement.state is EngagementState.CLOSED:
        return engagement.ends + timedelta(days=1)
    return almanac.day(row["paused_from"]) if "paused_from" in row else almanac.today


def _picked(row: dict[str, Any], engagement: Engagement, chance: Random) -> list[str]:
    types = book("words")["types"]
    months = (engagement.ends - engagement.starts).days / 30.4
    budget = 0.62 * months * sum(one["days"] for one in row["plan"])
    areas = [scope.area for scope in engagement.scopes if scope.scope in {Scope.LEAD, Scope.ADVISE}]
    first = [code for code in ("STR-D1",) if Area.STR in areas]
    rest = [
        code
        for area in areas
        for code in chance.sample([one for one in types if one[:3] == area], chance.choice((1, 2)))
    ]
    rest = [code for code in rest if code not in first]
    chance.shuffle(rest)
    picked: list[str] = []
    for code in first + rest:
        if sum(types[one]["days"] for one in picked) + types[code]["days"] <= max(budget, 2):
            picked.append(code)
    return picked


def _one(scene: Scene, row: dict[str, Any], code: str, due: date, chance: Random) -> Owed:
    what, area = book("words")["types"][code], Area(code[:3])
    team = [
        one
        for one in scene.teams[row["key"]]
        if one.role is not AssignmentRole.REVIEWER and one.begins <= due - timedelta(days=20)
    ]
    team = team or scene.teams[row["key"]][:1]
    owner = _assignment(scene, row["key"], best_at(area, [scene.keyed(one.person_id) for one in team]))
    others = [one for one in team if one is not owner]
    estimate = Decimal(str(what["days"]))
    actual = (estimate * Decimal(str(round(chance.uniform(0.8, 1.2), 2)))).quantize(STEP)
    return Owed(
        type=code, area=area, title=what["name"], assignment=owner, estimate=estimate, actual=actual, due=due, state=State.PLANNED,
        helper=chance.choice(others) if others and estimate >= 2 and chance.random() < 0.5 else None,
    )  # fmt: skip


def _answered(one: Owed, chance: Random, stands: date) -> None:
    """Accepted: most in time, every seventh up to fifteen days late."""
    away = -chance.randint(1, 5) if chance.random() < 0.85 else chance.randint(2, 15)
    one.state, one.submitted = State.ACCEPTED, min(one.due + timedelta(days=away), stands - timedelta(days=5))
    one.decided = min(one.submitted + timedelta(days=chance.randint(1, 7)), stands - timedelta(days=1))
    if one.estimate >= 1 and chance.random() < 0.12:
        one.versions = 2


def _live(past: list[Owed], ahead: list[Owed], chance: Random, stands: date, *, overdue: bool) -> None:
    """Each live engagement has one overdue and one waiting for its sponsor, and something in hand."""
    if overdue and past:
        one = past[-1]
        one.state, one.submitted, one.decided, one.versions = State.IN_PROGRESS, None, None, 1
        one.due, one.actual = stands - timedelta(days=chance.randint(3, 12)), (one.estimate / 2).quantize(STEP)
    waiting = past[-2:-1] if overdue else past[-1:]
    for one in waiting or ahead[:1]:
        one.due = stands - timedelta(days=chance.randint(1, 3))
        one.state, one.submitted, one.decided, one.versions = State.SUBMITTED, one.due - timedelta(days=2), None, 1
    left = [one for one in ahead if one.state is State.PLANNED]
    for one in left:
        one.actual = Decimal(0)
    for one in left[:1]:
        one.state, one.actual = State.IN_PROGRESS, (one.estimate / 4).quantize(STEP)


def _proposal(scene: Scene, row: dict[str, Any], engagement: Engagement, number: int) -> Deliverable:
    """What a sponsor asked for and nobody has planned yet: theirs to see from the first day."""
    sponsor = scene.head_of(row["client"], "executive")
    whose = {"client_id": engagement.client_id, "engagement_id": engagement.id}
    asked = Deliverable(
        number=number, title="Which AI tools may see client data?", type="INN-D5", area=Area.INN, state=State.PROPOSED,
        purpose="One page for everybody: what is allowed, what is not, whom to ask.", visibility=Visibility.TEAM,
        proposed_by_id=sponsor.id, due=scene.almanac.today + timedelta(days=45), **whose,
    )  # fmt: skip
    asked.criteria = [Criterion(position=1, text="It fits on one page and names the tools we use", **whose)]
    at = scene.almanac.at(scene.almanac.ago(6), 12, 5)
    scene.tell(at, "deliverable.propose", asked, sponsor, after="proposed")
    return asked
