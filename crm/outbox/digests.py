"""Letters that gather others: the daily and the weekly one, and what is due on a Monday.

Every minute the worker asks whose letter is due: at seven in the morning of its reader, each day or on the day of the
week that they chose; ours is on Mondays. The key of a letter names its week or day and its reader, so there is one,
however many workers run; it takes with it what waited before that hour. A worker that was away catches up with the last
hour that passed, once. What the letter says is found when it leaves: an event that is no longer so, or that the reader
may no longer see, is left out, and a letter with nothing in it is not sent.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account, Standing
from crm.core.clock import UTC_ZONE, now
from crm.core.db import Model, db, reading, transaction
from crm.core.viewer import SYSTEM, Role, Viewer, viewing_as
from crm.core.words import day, in_words, plural
from crm.outbox.inbox import choice_of
from crm.outbox.kinds import Kind, Pace, pace_of
from crm.outbox.mail import sees
from crm.outbox.models import MailChoice, Notice, Outbox, post
from crm.outbox.notices import Addressee, Item, Letter, letters_of, notice, whoever_is
from crm.practice.models import Practice

MORNING = time(7)
AT_MOST = 40  # things in one letter; the list inside the house has them all
NEWS = "What happened"

Due = Callable[[Viewer, datetime], Iterable[Item]]
DUE: list[Due] = []  # what is due for a person of ours in the week that begins, found by packages further right


def due(tells: Due) -> Due:
    """This function says what is due for a viewer. It is called with their eyes."""
    if tells not in DUE:
        DUE.append(tells)
    return tells


def last_hour(moment: datetime, zone: ZoneInfo, weekday: int | None = None) -> datetime:
    """The latest seven o'clock that has passed there: of any day, or of this day of the week."""
    there = moment.astimezone(zone)
    on = there.date() if there.time() >= MORNING else there.date() - timedelta(1)
    if weekday is not None:
        on -= timedelta((on.weekday() - weekday) % 7)
    return datetime.combine(on, MORNING, zone)


def key_of(mark: str, hour: datetime, pace: Pace) -> str:
    """digest:2026-W47:person:5, or digest:2026-11-22:contact:3"""
    year, week, _ = hour.date().isocalendar()
    return f"digest:{f'{year}-W{week:02}' if pace is Pace.WEEKLY else hour.date().isoformat()}:{mark}"


# --- who gets one now ---


class Clockwork:
    """What is chosen and what is usual, read once for one round."""

    def __init__(self) -> None:
        practice = db.session.get(Practice, 1)
        self.zone = ZoneInfo(practice.zone) if practice else UTC_ZONE
        chosen = db.session.scalars(select(MailChoice))
        self.choices = {one.account_id: one for one in chosen}

    def hour(self, moment: datetime, account_id: int | None, pace: Pace, *, ours: bool) -> datetime:
        choice = self.choices.get(account_id or 0)
        zone = ZoneInfo(choice.zone) if choice and choice.zone else self.zone
        if pace is Pace.DAILY:
            return last_hour(moment, zone)
        return last_hour(moment, zone, 0 if ours or choice is None else choice.weekly_on)

    def wants_mondays(self, standing: Standing) -> bool:
        choice = self.choices.get(standing.account_id)
        return pace_of(Kind.DIGEST, standing.viewer().audience, choice.paces if choice else {}) is not Pace.NEVER


def gather(moment: datetime | None = None) -> None:
    """Queue every letter whose hour has come, and give it what waited for it. Cheap when there is none."""
    moment = moment or now()
    with viewing_as(SYSTEM):
        with reading():
            wanted = _wanted(moment)
            known = set(db.session.scalars(select(Outbox.key).where(Outbox.key.in_(wanted))))
            db.session.rollback()
        for key in wanted.keys() - known:
            with transaction():
                _queue(key, *wanted[key])


Wanted = tuple[str, Pace, datetime]  # the reader, how often, and the hour that has come


def _wanted(moment: datetime) -> dict[str, Wanted]:
    found: dict[str, Wanted] = {}
    clockwork = Clockwork()
    accounts = {
        f"person:{one.person_id}" if one.person_id else f"contact:{one.contact_id}": one.account_id
        for one in db.session.scalars(select(Standing).where(Standing.ended_at.is_(None)))
    }
    waiting = select(Notice).where(Notice.waits_for.is_not(None), Notice.gathered_in == "").order_by(Notice.id)
    for row in db.session.scalars(waiting):
        pace = row.waits_for or Pace.WEEKLY
        hour = clockwork.hour(moment, accounts.get(row.mark), pace, ours=row.person_id is not None)
        if row.at < hour:
            found[key_of(row.mark, hour, pace)] = row.mark, pace, hour
    consult = (
        select(Standing)
        .join(Account, Account.id == Standing.account_id)
        .where(Standing.role.in_([Role.CONSULTANT, Role.PARTNER]), Standing.ended_at.is_(None), Account.active)
        .options(joinedload(Standing.account))
    )
    for standing in db.session.scalars(consult):
        hour = clockwork.hour(moment, standing.account_id, Pace.WEEKLY, ours=True)
        if clockwork.wants_mondays(standing) and standing.account.created_at < hour:
            mark = f"person:{standing.person_id}"
            found[key_of(mark, hour, Pace.WEEKLY)] = mark, Pace.WEEKLY, hour
    return found


def _queue(key: str, mark: str, pace: Pace, hour: datetime) -> None:
    """The letter and what it takes with it, in one transaction: nothing waits in two letters, and nothing in none."""
    if not post("digest.gathered", key=key, letter_key=key, reader=mark, pace=pace.value, hour=hour.isoformat()):
        return
    of_whom = _whose(mark)
    waited = select(Notice).where(of_whom, Notice.waits_for == pace, Notice.gathered_in == "", Notice.at < hour)
    for row in db.session.scalars(waited.with_for_update()):
        row.gathered_in = key


def _whose(mark: str) -> Any:
    table, number = mark.split(":")
    return (Notice.person_id if table == "person" else Notice.contact_id) == int(number)


# --- what it says, when it leaves ---


def reader_of(mark: str) -> Any:
    table, number = mark.split(":")
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers}
    return db.session.get(models[table], int(number))


@notice("digest.gathered")
def gathered(letter_key: str, reader: str, pace: str, hour: str) -> Iterator[Letter]:
    """What is due, then what happened and is still so; no letter when there is neither."""
    to = reader_of(reader)
    addressee = whoever_is(to) if to else None
    if to is None or addressee is None:
        return
    ours = to.__tablename__ == "person"
    waits = _due_items(addressee, datetime.fromisoformat(hour)) if ours and pace == Pace.WEEKLY else []
    news = _still_so(addressee, letter_key)
    if not waits and not news:
        return
    items = [*waits[:AT_MOST], *news[:AT_MOST]]
    left = len(waits) + len(news) - len(items)
    more = f"\n\n{in_words(left)} more stand in the list." if left else ""
    yield Letter(
        to=to, about=to, subject=_subject(len(waits), len(news), datetime.fromisoformat(hour), pace),
        text=f"{_opening(len(waits), len(news), pace)}{more}",
        path="/today" if waits else "/notices" if addressee.viewer.account_id else "/portal",
        link="Open your day" if waits else "Open your notices" if addressee.viewer.account_id else "Open your status",
        kind=Kind.DIGEST, items=tuple(items),
    )  # fmt: skip


def _due_items(addressee: Addressee, hour: datetime) -> list[Item]:
    choice = choice_of(addressee.viewer.account_id)
    if pace_of(Kind.DIGEST, addressee.viewer.audience, choice.paces if choice else {}) is Pace.NEVER:
        return []
    with current_app.app_context(), reading(), viewing_as(addressee.viewer):
        return [item for tells in DUE for item in tells(addressee.viewer, hour)]


def _still_so(addressee: Addressee, key: str) -> list[Item]:
    """The events that waited for this letter, each asked again: is it still so, and may they still see it?"""
    found: dict[tuple[str, str], Item] = {}
    rows: Sequence[Notice] = db.session.scalars(
        select(Notice).where(Notice.gathered_in == key).order_by(Notice.at, Notice.id)
    ).all()
    for row in rows:
        letter = next((one for one in letters_of(row.topic, row.payload) if one.mark == row.mark), None)
        if letter and sees(addressee.viewer, letter.about):
            found[row.topic, repr(row.payload)] = Item(
                letter.subject, _first(letter.text), letter.behind_the_door, NEWS
            )
    return list(found.values())


def _first(text: str) -> str:
    """The first paragraph: the letter gathers, the page says it all."""
    paragraph = text.strip().split("\n\n")[0]
    return paragraph if len(paragraph) <= 400 else f"{paragraph[:397]}…"


def _subject(waits: int, news: int, hour: datetime, pace: str) -> str:
    if waits:
        return f"Your week from {day(hour.date())}: {plural(waits, 'thing')} due"
    since = "this week" if pace == Pace.WEEKLY else "since yesterday"
    return f"{plural(news, 'piece')} of news {since}"


def _opening(waits: int, news: int, pace: str) -> str:
    if waits and news:
        return "What is due comes first, then what happened since the last letter."
    if waits:
        return "This is due in the week that begins, or was due before it."
    often = "a week" if pace == Pace.WEEKLY else "a day"
    return f"This happened since the last letter. There is one {often} at most, and none when there is nothing to say."
