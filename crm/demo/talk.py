"""What passed between the practice and its clients, and what our people promised themselves to do next."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from crm.clients.models import Activity, Attendee, Contact, FollowUp
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.demo.book import book
from crm.demo.scene import Scene
from crm.engagements.models import Engagement
from crm.engagements.states import LIVE, EngagementState

DUE = (-3, 0, 2, 6, 11)  # days from today of a follow-up that is open


def talk(scene: Scene) -> None:
    """A call, meeting or visit with the sponsor every 9 to 24 days; now and then a note among ourselves."""
    latest: dict[str, Activity] = {}
    for row in book("practice")["engagements"]:
        engagement = scene.engagements[row["key"]]
        if engagement.state is EngagementState.DRAFT:
            continue
        chance = scene.almanac.dice(f"activities {row['key']}")
        for day in _days(scene, engagement, chance):
            activity = _with_sponsor(scene, row, day, chance)
            latest[row["key"]] = activity
            if chance.random() < 0.25:
                _among_ourselves(scene, row, day, chance)
    db.session.flush()
    _follow_ups(scene, latest)


def _days(scene: Scene, engagement: Engagement, chance: Random) -> list[date]:
    """Back from the latest, on weekdays: within a month for what is live, forty days ago for what is paused."""
    day = scene.almanac.ago(chance.randint(1, 6))
    if engagement.state is EngagementState.PAUSED:
        day = scene.almanac.ago(40)
    elif engagement.state is EngagementState.CLOSED:
        day = engagement.ends - timedelta(days=chance.randint(1, 10))
    days: list[date] = []
    while day >= engagement.starts:
        days.insert(0, max(engagement.starts, day - timedelta(days=max(0, day.weekday() - 4))))
        day -= timedelta(days=chance.randint(9, 24))
    return days


def _with_sponsor(scene: Scene, row: dict[str, Any], day: date, chance: Random) -> Activity:
    sponsor = scene.head_of(row["client"], "executive")
    guest = scene.head_of(row["client"], *chance.sample(("finance", "operations", "it", "sales"), 4))
    kind, title, body = chance.choice(book("words")["activities"]["client"])
    said = {"head": sponsor.name if kind == "call" else guest.name, "town": scene.clients[row["client"]].town}
    activity = _activity(scene, row, day, (kind, title.format(**said), body.format(**said)), Visibility.CLIENT)
    db.session.flush()
    for contact in {sponsor.id: sponsor} if kind == "call" else {sponsor.id: sponsor, guest.id: guest}:
        db.session.add(
            Attendee(
                client_id=activity.client_id, activity_id=activity.id, contact_id=contact, visibility=Visibility.CLIENT
            )
        )
    return activity


def _among_ourselves(scene: Scene, row: dict[str, Any], day: date, chance: Random) -> None:
    _activity(scene, row, day, chance.choice(book("words")["activities"]["team"]), Visibility.TEAM)


def _activity(scene: Scene, row: dict[str, Any], day: date, said: Sequence[str], visibility: Visibility) -> Activity:
    engagement, (kind, title, body) = scene.engagements[row["key"]], said
    activity = Activity(
        client_id=engagement.client_id, engagement_id=engagement.id, kind=kind, happened_on=day, title=title, body=body,
        person_id=scene.teams[row["key"]][0].person_id, written_at=scene.almanac.at(day, 18, 10), visibility=visibility,
    )  # fmt: skip
    db.session.add(activity)
    return activity


def _follow_ups(scene: Scene, latest: dict[str, Activity]) -> None:
    """Some overdue, some due today, some done: what a consultant finds in the morning."""
    chance, titles = scene.almanac.dice("follow-ups"), book("words")["follow_ups"]
    n = 0
    for row in book("practice")["engagements"]:
        engagement = scene.engagements[row["key"]]
        if engagement.state not in LIVE:
            continue
        for assignment in scene.teams[row["key"]][:2]:
            for done in (False, True):
                n += 1
                head: Contact = scene.head_of(row["client"], chance.choice(("finance", "operations", "it")))
                title = titles["all"][n % len(titles["all"])].format(
                    head=head.name, town=scene.clients[row["client"]].town
                )
                due = scene.almanac.today + timedelta(days=-12 - n % 5 if done else DUE[n // 2 % len(DUE)])
                db.session.add(
                    FollowUp(
                        client_id=engagement.client_id, activity_id=latest[row["key"]].id if not done else None,
                        person_id=assignment.person_id, title=title, due=due,
                        done_at=scene.almanac.at(due, 17) if done else None,
                    )
                )  # fmt: skip
