"""Reviews: what was said of each area, from the first look to the latest, by the product's own `publish`."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from crm.core.db import db
from crm.core.ownership import OpenTo
from crm.core.twelve import CADENCE, Area
from crm.demo.book import book
from crm.demo.filled import RUNNING
from crm.demo.scene import Scene
from crm.desk.judged import evidence_of, with_rows
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaOverride, AreaScope, Rag, Trend
from crm.engagements.states import EngagementState
from crm.reviews.models import RANK, Review, ReviewState
from crm.reviews.operations import Known, freeze

BY_RANK = {rank: rag for rag, rank in RANK.items()}
STEPS = {Trend.IMPROVING: -1, Trend.STEADY: 0, Trend.WORSENING: 1}
FRESH = {31: (3, 16), 92: (4, 55)}  # days ago of the latest review, by cadence


def judge(scene: Scene) -> None:
    """Oldest engagement first, so that each review knows the one before it, whichever engagement made it."""
    rows = sorted(book("practice")["engagements"], key=lambda row: scene.engagements[row["key"]].starts)
    for row in rows:
        engagement = scene.engagements[row["key"]]
        if engagement.state is EngagementState.DRAFT:
            continue
        chance = scene.almanac.dice(f"reviews {row['key']}")
        for scope in engagement.scopes:
            if scope.is_in:
                _judge_area(scene, row, scope, chance)


def keep_reasons(scene: Scene) -> None:
    """What the rules found, beside the latest reviews of running engagements; only where it comes to what the review
    says that it came to."""
    for engagement in scene.engagements.values():
        if engagement.state not in RUNNING:
            continue
        scopes = [scope for scope in engagement.scopes if scope.is_in]
        for scope in scopes:
            set_committed_value(scope, "engagement", engagement)
        found = with_rows(scopes, evidence_of(scopes, scene.almanac.today), scene.almanac.today)
        latest = (scene.verdicts[engagement.client_id, scope.area] for scope in scopes)
        freeze(
            [
                one
                for one in latest
                if one.engagement_id == engagement.id and one.suggested == found[one.area].suggested
            ],
            {area: Known(evidence=evidence) for area, evidence in found.items()},
        )


def _judge_area(scene: Scene, row: dict[str, Any], scope: AreaScope, chance: Random) -> None:
    engagement = scene.engagements[row["key"]]
    days = _days(scene, row, engagement, scope, chance)
    said = book("depth").get(row["key"], {}).get("reviews", {}).get(scope.area)
    colours = _backwards(said, len(days), chance) if said else _forwards(row, scope.area, len(days), chance)
    levels = _levels(said["maturity"] if said else _from_to(engagement, colours, chance), len(days))
    lead = scene.teams[row["key"]][0].person_id
    author = next(person for person in scene.people.values() if person.id == lead)
    for n, (on, rag, level) in enumerate(zip(days, colours, levels, strict=True)):
        before = scene.verdicts.get((engagement.client_id, scope.area))
        at = scene.almanac.at(on, 15, 5 * scope.number % 60)
        review = Review(
            client_id=engagement.client_id, engagement_id=engagement.id, area=scope.area, rag=rag, maturity=level, author_id=lead,
            sentence=_sentence(scope.area, rag, before, chance), state=ReviewState.DRAFT, ask="", override_reason="",
        )  # fmt: skip
        if rag is Rag.RED:
            review.ask, review.ask_of = (
                chance.choice(book("words")["asks"]["all"]),
                scene.head_of(row["client"], "executive").name,
            )
            review.ask_by = on + timedelta(days=21)
        if said and n == len(days) - 1:
            _as_written(scene, review, said)
        elif n == len(days) - 1 and engagement.state in RUNNING:
            review.suggested = rag  # the rows are made as good as the colour
        review.publish(scope, at=at, on=on, last=before.rag if before else None)
        if before and before.engagement_id == engagement.id:
            before.supersede()
        scope.target = min(Decimal(5), max(levels) + Decimal(chance.choice(("0.5", "1", "1", "1.5"))))
        if review.override_until:
            db.session.add(AreaOverride(
                scope_id=scope.id, engagement_id=engagement.id, client_id=scope.client_id, until=review.override_until,
                suggested=review.suggested,
            ))  # fmt: skip
        scene.verdicts[engagement.client_id, scope.area] = review
        db.session.add(review)
        scene.tell(at, "review.publish", review, author, before="draft", after="published", open_to=OpenTo.CLIENT)


def _days(scene: Scene, row: dict[str, Any], engagement: Engagement, scope: AreaScope, chance: Random) -> list[date]:
    """Back from the latest by the cadence of the scope. A closing review ends what is closed; a pause stops the clock."""
    rhythm = CADENCE[scope.scope]
    latest = scene.almanac.ago(chance.randint(*FRESH[rhythm]))
    if engagement.state is EngagementState.CLOSED:
        latest = engagement.ends - timedelta(days=chance.randint(0, 9))
    elif "paused_from" in row:
        latest = scene.almanac.day(row["paused_from"]) - timedelta(days=chance.randint(2, 12))
    days = [max(latest, engagement.starts + timedelta(days=5))]
    while days[0] - timedelta(days=rhythm) >= engagement.starts + timedelta(days=14):
        days.insert(0, days[0] - timedelta(days=rhythm - chance.randint(0, 2)))
    return days


def _backwards(said: dict[str, Any], number: int, chance: Random) -> list[Rag]:
    """From what is said now and whether it got better, to how it may have begun. Nobody leaves an area red for long."""
    colours = [Rag(said["confirmed"])]
    for n in range(number - 1):
        step = STEPS[Trend(said["trend"])] if n == 0 else chance.choices((-1, 0, 1), (2, 5, 1))[0]
        long_red = colours[:2] == [Rag.RED, Rag.RED]
        colours.insert(0, BY_RANK[min(2, max(0, RANK[colours[0]] + (1 if long_red else step)))])
    return colours


def _forwards(row: dict[str, Any], area: Area, number: int, chance: Random) -> list[Rag]:
    """Red or amber in five areas of eight at first, then one step better every second review, more often than not."""
    always, lately = row.get("always", {}).get(area), row.get("lately", {}).get(area)
    if always:
        return [Rag(always)] * number
    if lately:
        return [BY_RANK[max(0, RANK[Rag(lately)] - 1)]] * (number - 1) + [Rag(lately)]
    colours = [chance.choices((Rag.RED, Rag.AMBER, Rag.GREEN), (1, 4, 3))[0]]
    for n in range(1, number):
        better = n % 2 == 0 and chance.random() < 0.6
        colours.append(BY_RANK[min(2, RANK[colours[-1]] + better)])
    return colours


def _from_to(engagement: Engagement, colours: list[Rag], chance: Random) -> list[float]:
    first = chance.choice((0.5, 1.0, 1.5, 2.0))
    gain = (
        chance.choice((1.0, 1.5, 2.0))
        if engagement.state is EngagementState.CLOSED
        else 0.5 * min(3, len(colours) // 2)
    )
    return [first, first + gain]


def _levels(from_to: Iterable[float], number: int) -> list[Decimal]:
    first, now = from_to
    now = first if number == 1 else now
    way = [first + (now - first) * n / max(1, number - 1) for n in range(number - 1)]
    return [Decimal(int(level * 2)) / 2 for level in [*way, now]]


def _sentence(area: Area, rag: Rag, before: Review | None, chance: Random) -> str:
    own: str = book("words")["areas"][area][rag]
    if before is None or before.rag is not rag:
        return own
    return str(chance.choice(book("words")["reviews"][rag]))


def _as_written(scene: Scene, review: Review, said: dict[str, Any]) -> None:
    review.trend, review.sentence, review.suggested = Trend(said["trend"]), said["sentence"], Rag(said["suggested"])
    if "ask" in said:
        review.ask, review.ask_of, review.ask_by = said["ask"], said["ask_of"], scene.almanac.day(said["ask_by"])
    if "override_reason" in said:
        review.override_reason, review.override_until = (
            said["override_reason"],
            scene.almanac.day(said["override_until"]),
        )
