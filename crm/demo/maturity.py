"""Assessments: answers that come to the levels which the book gives, by the product's own scoring and `finish`."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm.core.db import db
from crm.core.ownership import OpenTo, Visibility
from crm.core.twelve import Area
from crm.demo.book import book
from crm.demo.scene import Scene
from crm.maturity.models import Answer, Assessment, AssessmentState, Purpose, results_of
from crm.maturity.questions import Chapter, chapters
from crm.maturity.scoring import score_of

TRIES = 20_000  # throws of the dice until an area comes to its level; a few hundred do


def assess(scene: Scene) -> None:
    before: dict[str, int] = {}
    for row in book("maturity")["runs"]:
        before = _assess(scene, row, before if row.get("level") else {})


def _assess(scene: Scene, row: dict[str, Any], before: dict[str, int]) -> dict[str, int]:
    """One run, with all of its answers; gives the scores by question."""
    engagement, by = scene.engagements.get(row.get("engagement", "")), scene.people[row["by"]]
    client_id = engagement.client_id if engagement else scene.clients[row["client"]].id
    code = next(code for code, client in scene.clients.items() if client.id == client_id)
    run = Assessment(
        client_id=client_id, engagement_id=engagement.id if engagement else None, title=row["title"], purpose=Purpose(row["purpose"]),
        state=AssessmentState.OPEN, visibility=Visibility.TEAM, began_on=scene.almanac.day(row["began"]), begun_by_id=by.id,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    at = scene.almanac.at(run.began_on, 9, 30)
    scene.tell(at, "assessment.begin", run, by, after="open")
    scores = _scores(row, before, scene.almanac.dice(f"maturity {code} {row['title']}"))
    answers = _answers(scene, row, run, scores)
    for number, answer in enumerate(answers):  # in the order of the talk, two minutes each
        answer.take(answer.given, by=by.id, at=at + timedelta(minutes=2 * number))
    db.session.add_all(answers)
    if "finished" in row:
        db.session.add_all(run.finish(results_of(answers), scene.almanac.day(row["finished"])))
        scene.tell(
            scene.almanac.at(run.on, 16, 40), "assessment.finish", run, by, before="open", after="finished", open_to=OpenTo.CLIENT
        )  # fmt: skip
    db.session.flush()
    return scores


def _scores(row: dict[str, Any], before: dict[str, int], chance: Random) -> dict[str, int]:
    wanted = row.get("areas") or {
        area: said["maturity"][row["level"]] for area, said in book("depth")[row["engagement"]]["reviews"].items()
    }
    if "engagement" in row:  # what is out of scope is asked too, and stays as it was
        wanted = {area: wanted.get(area, 1.0) for area in Area}
    found: dict[str, int] = {}
    for area, level in wanted.items():
        found |= _to_reach(Decimal(str(level)), chapters()[Area(area)], before, chance)
    return found


def _to_reach(level: Decimal, chapter: Chapter, before: dict[str, int], chance: Random) -> dict[str, int]:
    """Scores that come to this level, none lower than it was before."""
    choices = [
        [one.score for one in question.options if one.score >= before.get(question.id, 0)]
        for question in chapter.questions
    ]
    for _ in range(TRIES):
        scores = [
            chance.choices(offer, [float(1 / (1 + abs(one - level)) ** 2) for one in offer])[0] for offer in choices
        ]
        if score_of(scores, len(choices)).level == level:
            return {question.id: score for question, score in zip(chapter.questions, scores, strict=True)}
    raise ValueError(f"no answers on {chapter.area.code} come to level {level}")


def _answers(scene: Scene, row: dict[str, Any], run: Assessment, scores: dict[str, int]) -> list[Answer]:
    """What whoever holds the area at the client said, or whoever the book says."""
    code = next(code for code, client in scene.clients.items() if client.id == run.client_id)
    holders = book("depth").get(row.get("engagement", ""), {}).get("holders", {})
    made = []
    for question, score in scores.items():
        comment, name = row.get("comments", {}).get(question, ("", holders.get(question[:3], "")))
        contact = scene.contacts.get((code, name))
        by_words = "" if contact or name in scene.people else name
        made.append(
            Answer(
                client_id=run.client_id, assessment_id=run.id, question=question, score=score, not_applicable=False,
                comment=comment, said_by_id=contact and contact.id, said_by=by_words,
            )
        )  # fmt: skip
    return made
