"""A calendar file proposes entries: each is looked at, corrected and ticked, and the same event is taken once."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field

from crm.access.pages import DESK, Pages
from crm.clients.models import Contact
from crm.core import inputs
from crm.core.clock import today, zone
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Asked, Choice, Day, Form, Line, Press
from crm.core.web import answer
from crm.core.words import clock_hours
from crm.timelog.bulk import offers
from crm.timelog.ics import BYTES, SHOWN, Happened, events_of, guess, stretch_of
from crm.timelog.many import Change, ground_of, make_changes, weigh
from crm.timelog.models import TimeEntry, TimeKind
from crm.timelog.operations import Stint
from crm.timelog.queries import Work, work_of
from crm.timelog.sheet import Key

pages = Pages("proposals", __name__, roles=DESK, url_prefix="/time/calendar")
STRETCHES = [("week", "The week of that day"), ("month", "The month of that day")]


class FileForm(Form):
    file = FileField(
        "Calendar file", validators=[Asked("Choose the file that your calendar exported, like calendar.ics")]
    )
    day = Day("Day", ask="Choose a day, like 2026-11-20")
    stretch = Choice("How much of it", STRETCHES, ask="Choose the week or the month")


@dataclass
class Proposal:
    """One line: an event, and what it is to be as an entry."""

    place: int
    mark: str
    day: date | None
    duration: str
    what: str
    title: str
    is_taken: bool
    fault: str = ""


class Lines(Field):
    """The proposals as they came back, corrected."""

    data: Any

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        super().process(None, *args, **options)
        self.lines: list[Proposal] = []
        for place in range(SHOWN):
            said = partial(_said, formdata or {}, place)
            if formdata is None or not said("mark"):
                continue
            line = Proposal(
                place, said("mark"), None, said("duration"), said("what"), said("title"), bool(said("take"))
            )
            try:
                line.mark = inputs.digest(line.mark)
                line.day = inputs.day(said("day"))
                line.title = inputs.line(line.title)
            except ValueError as error:
                line.fault, line.title = str(error), line.title[:200]
            self.lines.append(line)
        self.data = [(one.mark, one.day, one.duration, one.what, one.title, one.is_taken) for one in self.lines]


def _said(formdata: Mapping[str, str], place: int, name: str) -> str:
    return formdata.get(f"{name}-{place}", "")


class TakeForm(Form):
    lines = Lines("Events")
    reason = Line("Reason, when outside the agreed dates", at_most=500)


def key_of(mark: str) -> str:
    """An event as one person takes it: another may take the same meeting."""
    return hashlib.sha256(f"ics:{g.viewer.person_id}:{mark}".encode()).hexdigest()


def taken_before(marks: Sequence[str]) -> set[str]:
    """The keys of events that were taken already, deleted since or not."""
    keys = [key_of(mark) for mark in marks]
    mine = select(TimeEntry.import_key).where(TimeEntry.import_key.in_(keys), TimeEntry.person_id == g.viewer.person_id)
    return {key for key in db.session.scalars(mine) if key}


@pages.get("")
def show() -> ResponseReturnValue:
    return page(FileForm(formdata=None, day=today(), stretch="week"))


def page(form: FileForm) -> str:
    return render_template("timelog/calendar.html", form=form, at_most=BYTES // (1024 * 1024), today=today())


@pages.post("")
def read() -> ResponseReturnValue:
    """The events of a file as lines to confirm. Nothing of the file is kept."""
    form = FileForm(CombinedMultiDict([request.files, request.form]))
    if not form.validate():
        return page(form), 422
    first, last = stretch_of(form.day.data, is_month=form.stretch.data == "month")
    try:
        found = events_of(form.file.data.stream.read(BYTES + 1), first, min(last, today()), zone(), _my_mail())
    except ValueError as error:
        form.file.errors = [str(error)]
        return page(form), 422
    works, taken = work_of(g.viewer.person_id, today()), taken_before([one.mark for one in found.events])
    fresh = [one for one in found.events if key_of(one.mark) not in taken]
    return lines_page(
        TakeForm(formdata=None), works, _proposed(fresh[:SHOWN], works), taken=len(found.events) - len(fresh), unread=found.unread,
        more=len(fresh[SHOWN:]), stretch=(first, last),
    )  # fmt: skip


def _my_mail() -> str:
    account = g.signed.account
    return str(account.email).lower()


def _proposed(events: Sequence[Happened], works: Sequence[Work]) -> list[Proposal]:
    asked = select(Contact.client_id, Contact.email).where(Contact.client_id.in_({work.client_id for work in works}))
    domains: dict[int, set[str]] = {}
    for client_id, mail in db.session.execute(asked):
        if mail:
            domains.setdefault(client_id, set()).add(mail.lower().rpartition("@")[2])
    lines = []
    for place, event in enumerate(events):
        work = guess(event, works, domains)
        what = f"{work.engagement_id}.{work.usual_area}.0.billable" if work and work.usual_area else ""
        lines.append(
            Proposal(place, event.mark, event.day, clock_hours(event.minutes), what, event.title, is_taken=bool(what))
        )
    return lines


def lines_page(form: TakeForm, works: Sequence[Work], lines: Sequence[Proposal], **told: Any) -> str:
    return render_template(
        "timelog/proposals.html", form=form, lines=lines, offers=offers(works), told=told,
        asks_reason=any("outside your dates" in one.fault for one in lines),
    )  # fmt: skip


@pages.post("/take")
def take() -> ResponseReturnValue:
    """Those that are ticked become entries, all or none."""
    works = work_of(g.viewer.person_id, today(), hold=True)
    form = TakeForm(request.form)
    ticked = [one for one in form.lines.lines if one.is_taken]
    taken = taken_before([one.mark for one in ticked])
    changes, at = [], []
    for one in ticked:
        stint = None if one.fault else _stint(one, works, form.reason.data or "")
        if stint and key_of(one.mark) not in taken:
            taken.add(key_of(one.mark))
            changes.append(Change(None, stint, key_of(one.mark)))
            at.append(one)
    verdicts = weigh(changes, ground_of(g.viewer.person_id or 0, changes))
    for one, verdict in zip(at, verdicts, strict=True):
        one.fault = str(verdict) if isinstance(verdict, Refused) else ""
    wrong = sum(bool(one.fault) for one in ticked)

    def deed(press: Press) -> None:
        if wrong or not ticked:
            raise Refused("Nothing was saved." if ticked else "Tick the events that were work.", "lines")
        make_changes(changes, verdicts, viewer=g.viewer, press=press, why_void="")

    def again(refused: TakeForm) -> str:
        if refused.lines.errors:
            refused.trouble, refused.lines.errors = str(refused.lines.errors[0]), []
        refused.once.data = secrets.token_urlsafe(16)
        refused.once.raw_data = [refused.once.data]
        return lines_page(refused, work_of(g.viewer.person_id, today()), form.lines.lines)

    day = min((one.day for one in ticked if one.day), default=today())
    return answer(form, deed, again, leads_to=url_for("week.show", day=day))


def _stint(line: Proposal, works: Sequence[Work], reason: str) -> Stint | None:
    """What the line says; what is wrong with it is put beside it."""
    try:
        key, minutes = Key.read(line.what), inputs.duration(line.duration)
    except ValueError as error:
        line.fault = str(error) if line.what else "Choose what it was for"
        return None
    work = next((one for one in works if one.engagement_id == key.engagement_id), None)
    if key.engagement_id and work is None:
        line.fault = "Choose what it was for"
        return None
    kind: TimeKind = key.kind
    return Stint(
        work, minutes, line.day or today(), kind=kind, area=key.area, deliverable_id=key.deliverable_id or None,
        note=line.title, reason=reason,
    )  # fmt: skip
