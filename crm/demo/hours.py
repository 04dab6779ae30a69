"""Time: what the plan of each week left in the log, in believable pieces on days that were worked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from crm.core.calendar import WEEK, monday_of, month_of
from crm.core.db import db
from crm.core.inputs import MINUTES_A_DAY
from crm.core.ownership import Visibility
from crm.core.twelve import OF, Area, Scope
from crm.demo.book import book
from crm.demo.days import Worker, each_day
from crm.demo.scene import Scene, Work
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Status
from crm.people.models import Leave, PersonKind, WorkingPattern
from crm.timelog.models import TimeEntry, TimeKind, TimeNote

PIECES = (225, 180, 120, 90, 60, 45, 30)
WEIGHT = {Scope.LEAD: 3, Scope.ADVISE: 2, Scope.OVERSEE: 1, Scope.OUT: 0}
FULL = 570  # minutes after which a day takes no more, unless it must
NEARLY, A_DAY = 630, 225  # minutes of a month of 1.5 days that are used by now: 93 %; and what is added to one day
FORGOTTEN = ("callum", "tomasz")  # two people who have not logged two days of this month yet


@dataclass(frozen=True)
class Piece:
    """Minutes to place on one of some days."""

    minutes: int
    days: tuple[date, ...]
    kind: TimeKind
    engagement: Engagement | None = None
    area: Area | None = None
    deliverable: Any = None
    note: str = ""


@dataclass
class Log:
    """One person's log while it is written: how full each day is already."""

    scene: Scene
    key: str
    worker: Worker
    chance: Random
    skipped: set[date]

    def __post_init__(self) -> None:
        self.load: dict[date, int] = {}
        self.person = self.scene.people[self.key]
        self.until = self.scene.almanac.ago(1)

    def workdays(self, first: date, last: date) -> tuple[date, ...]:
        last = min(last, self.until)
        return tuple(day for day in each_day(first, last) if day not in self.skipped and self.worker.net(day) > 0)

    def place(self, piece: Piece) -> TimeEntry | None:
        """On the emptiest of its days; what finds no room was not done, but work on a paper always was."""
        if not piece.days:
            return None
        day = min(
            piece.days, key=lambda one: (self.load.get(one, 0) / float(self.worker.net(one)), self.chance.random())
        )
        if self.load.get(day, 0) + piece.minutes > FULL * self.worker.net(day) and piece.deliverable is None:
            return None
        self.load[day] = self.load.get(day, 0) + piece.minutes
        return entry_of(self.scene, self.person.id, piece, day, self.chance)


def entry_of(scene: Scene, person_id: int, piece: Piece, day: date, chance: Random) -> TimeEntry:
    whose = piece.engagement
    return TimeEntry(
        person_id=person_id, worked_on=day, minutes=piece.minutes, kind=piece.kind, area=piece.area, client_note=piece.note,
        engagement_id=whose and whose.id, client_id=whose and whose.client_id,
        deliverable_id=piece.deliverable and piece.deliverable.id,
        logged_at=scene.almanac.at(day, chance.randint(16, 19), chance.randint(0, 59)),
    )  # fmt: skip


def split(minutes: int, chance: Random) -> Iterator[int]:
    """Into the lengths that people log; nothing shorter than half an hour is left over."""
    while minutes >= 30:
        fitting = [one for one in PIECES if one == minutes or one <= minutes - 30]
        piece = chance.choice(fitting) if fitting else minutes
        yield piece
        minutes -= piece


def log_hours(scene: Scene) -> None:
    patterns = {one.person_id: one for one in db.session.scalars(select(WorkingPattern))}
    leaves = db.session.scalars(select(Leave)).all()
    entries: list[TimeEntry] = []
    for key, person in scene.people.items():
        if person.id in patterns:
            worker = Worker(patterns[person.id], [one for one in leaves if one.person_id == person.id])
            log = Log(scene, key, worker, scene.almanac.dice(f"time {key}"), set())
            log.skipped = _forgotten(log)
            entries += _log_of(log)
    entries.sort(key=lambda one: (one.worked_on, one.logged_at, one.person_id))
    db.session.add_all(entries)
    db.session.flush()
    _asides(scene, entries)
    _outside(scene)
    _adjust(scene, entries)
    _nearly_used(scene, entries)


def _forgotten(log: Log) -> set[date]:
    if log.key not in FORGOTTEN:
        return set()
    this_month = log.workdays(month_of(log.scene.almanac.today), log.until)
    return set(this_month[-3:-1] if len(this_month) > 3 else this_month[:2])


def _log_of(log: Log) -> list[TimeEntry]:
    """Papers first, with exactly the days they took; then each week what the plan leaves; then the practice's own."""
    scene, me = log.scene, log.person.id
    found: list[TimeEntry | None] = []
    spent: dict[tuple[int, date], int] = {}
    for work in scene.work:
        if work.assignment.person_id == me:
            for piece in _of_paper(log, work):
                entry = log.place(piece)
                found.append(entry)
                if entry:
                    done = work.assignment.id, monday_of(entry.worked_on)
                    spent[done] = spent.get(done, 0) + piece.minutes
    first = log.until
    for key, team in scene.teams.items():
        for assignment in team:
            if assignment.person_id == me and assignment.status is not Status.TENTATIVE:
                first = min(first, assignment.begins)
                for week in _weeks(assignment.begins, min(assignment.ends, log.until)):
                    already = spent.get((assignment.id, week), 0)
                    found += [log.place(one) for one in _of_week(log, key, assignment, week, already)]
    for week in _weeks(first, log.until):
        found += [log.place(piece) for piece in _for_nobody(log, week, first)]
    return [entry for entry in found if entry]


def _weeks(first: date, last: date) -> Iterator[date]:
    week = monday_of(first)
    while week <= last:
        yield week
        week += WEEK


def _of_paper(log: Log, work: Work) -> Iterator[Piece]:
    """Spread over the weeks in which it was written."""
    days = log.workdays(max(work.first, work.assignment.begins), work.last)
    days = days or log.workdays(work.assignment.begins, work.last)
    paper = work.deliverable
    pieces = list(split(work.minutes, log.chance))
    for n, minutes in enumerate(pieces):
        near = days[len(days) * n // len(pieces) :][:4]
        yield Piece(
            minutes,
            near,
            TimeKind.BILLABLE,
            _engagement(log.scene, work.assignment),
            paper.area,
            paper,
            f"Work on: {paper.title if paper.visibility is Visibility.CLIENT else OF[paper.area].plain.lower()}",
        )


def _engagement(scene: Scene, assignment: Assignment) -> Engagement:
    return next(one for one in scene.engagements.values() if one.id == assignment.engagement_id)


def _of_week(log: Log, key: str, assignment: Assignment, week: date, already: int) -> Iterator[Piece]:
    engagement = log.scene.engagements[key]
    days = [
        day
        for day in log.workdays(max(week, assignment.begins), min(week + timedelta(days=6), assignment.ends))
        if not engagement.is_paused_on(day)
    ]
    planned = sum(log.worker.planned(assignment, engagement, day) for day in days)
    minutes = round(float(planned) * MINUTES_A_DAY * _factor(log, key, engagement, week) / 15) * 15 - already
    areas = [scope for scope in engagement.scopes if scope.is_in]
    for piece in split(minutes, log.chance):
        area = log.chance.choices(areas, [WEIGHT[one.scope] for one in areas])[0].area
        yield Piece(piece, tuple(days), _kind(log.chance), engagement, area, note=_note(area, log.chance))


def _factor(log: Log, key: str, engagement: Engagement, week: date) -> float:
    """How far the weeks of an engagement went beyond or stayed below its plan."""
    this_month = log.scene.almanac.day("BOM")
    if key == "E06":  # under-burns every other month, so that days roll over and lapse
        return 0.55 if (week.month + week.year * 12) % 2 else 1.05
    if key == "E13" and (engagement.ends - week).days < 92:
        return 1.15
    if key == "E02" and week >= log.scene.almanac.day("BOM-2"):
        return log.chance.uniform(1.05, 1.15)
    if key == "E05":
        return log.chance.uniform(0.9, 1.05)
    return log.chance.uniform(0.85, 1.12) if week < this_month else log.chance.uniform(0.9, 1.05)


def _kind(chance: Random) -> TimeKind:
    return chance.choices((TimeKind.BILLABLE, TimeKind.GOODWILL, TimeKind.TRAVEL), (95, 3, 2))[0]


def _note(area: Area, chance: Random) -> str:
    return str(
        chance.choice(
            book("words")["areas"][area]["notes"] if chance.random() < 0.6 else book("words")["notes"]["client"]
        )
    )


def _for_nobody(log: Log, week: date, first: date) -> Iterator[Piece]:
    """Internal work and training of everybody, and what partners do to win the next engagement."""
    days = log.workdays(max(week, first), week + timedelta(days=6))
    part = sum(log.worker.net(day) for day in days) / 5
    shares = {TimeKind.INTERNAL: 0.4, TimeKind.TRAINING: 0.3}
    if log.person.kind == PersonKind.PARTNER:
        shares |= {TimeKind.INTERNAL: 0.7, TimeKind.PRESALES: 1.2}
    for kind, share in shares.items():
        minutes = round(share * float(part) * MINUTES_A_DAY * log.chance.uniform(0.8, 1.2) / 15) * 15
        for piece in split(minutes, log.chance):
            yield Piece(piece, days, kind, note=str(log.chance.choice(book("words")["notes"][kind])))


def _add_note(entry: TimeEntry, *, body: str = "", reason: str = "") -> None:
    """What the team alone reads of an entry, or why it was logged as it was."""
    whose = {"person_id": entry.person_id, "client_id": entry.client_id, "engagement_id": entry.engagement_id}
    db.session.add(TimeNote(entry_id=entry.id, body=body, reason=reason, **whose))


def _asides(scene: Scene, entries: list[TimeEntry]) -> None:
    """Beside one entry in fourteen, what only the team reads."""
    chance = scene.almanac.dice("asides")
    sponsors = {client.id: scene.head_of(code, "executive").name for code, client in scene.clients.items()}
    for entry in entries:
        if entry.client_id and chance.random() < 0.07:
            body = chance.choice(book("words")["notes"]["inside"]).format(head=sponsors[entry.client_id].split()[0])
            _add_note(entry, body=body)


def _outside(scene: Scene) -> None:
    """Three entries outside the agreed dates, each with its reason."""
    chance, reasons = scene.almanac.dice("outside"), book("words")["notes"]["outside"]
    for key, reason, away in zip(("E11", "E13", "E05"), reasons, (6, 9, -4), strict=True):
        engagement, assignment = scene.engagements[key], scene.teams[key][0]
        day = (engagement.ends if away > 0 else engagement.starts) + timedelta(days=away)
        while day.weekday() > 3:
            day += timedelta(days=1 if away > 0 else -1)
        piece = Piece(45, (day,), TimeKind.BILLABLE, engagement, Area.ITM, note=book("words")["notes"]["client"][0])
        entry = entry_of(scene, assignment.person_id, piece, day, chance)
        entry.outside = True
        db.session.add(entry)
        db.session.flush()
        _add_note(entry, reason=reason)


def _adjust(scene: Scene, entries: list[TimeEntry]) -> None:
    """One entry of this month takes back an hour of a month that is locked."""
    almanac, ingrid = scene.almanac, scene.people["ingrid"]
    locked = [
        one
        for one in entries
        if one.person_id == ingrid.id and one.engagement_id and one.worked_on < almanac.day("BOM") and one.minutes >= 60
    ]
    wrong = locked[-1]
    entry = TimeEntry(
        person_id=ingrid.id, client_id=wrong.client_id, engagement_id=wrong.engagement_id, area=wrong.area, kind=wrong.kind,
        worked_on=max(almanac.day("BOM"), almanac.ago(1)), minutes=-60, adjusts_id=wrong.id, client_note="Correction of last month",
        logged_at=almanac.at(max(almanac.day("BOM"), almanac.ago(1)), 0, 1),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    _add_note(entry, reason=book("words")["notes"]["adjusted"])


def _nearly_used(scene: Scene, entries: list[TimeEntry]) -> None:
    """A committee meets this month: more than 90 per cent of its days are used, as far as there were days to work."""
    engagement, lead = scene.engagements["E03"], scene.teams["E03"][0].person_id
    this_month = [one for one in entries if one.worked_on >= scene.almanac.day("BOM")]
    counted = [one for one in this_month if one.engagement_id == engagement.id and one.kind is TimeKind.BILLABLE]
    lacks, chance = NEARLY - sum(one.minutes for one in counted), scene.almanac.dice("nearly used")
    for day in sorted({one.worked_on for one in this_month if one.person_id == lead}, reverse=True):
        if lacks > 0:
            note = book("words")["notes"]["client"][1]
            piece = Piece(min(lacks, A_DAY), (day,), TimeKind.BILLABLE, engagement, Area.STK, note=note)
            db.session.add(entry_of(scene, lead, piece, day, chance))
            lacks -= piece.minutes
    db.session.flush()
