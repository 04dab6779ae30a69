"""Taking time along: the page that asks for whom, from when to when and in whose shape, and the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from crm.access.pages import DESK, Pages
from crm.clients.models import Client
from crm.core import inputs
from crm.core.calendar import month_of
from crm.core.clock import today, zone
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.core.lists import csv_of
from crm.core.twelve import OF
from crm.core.viewer import Role
from crm.core.web import from_address
from crm.engagements.models import Engagement
from crm.people.models import Person
from crm.timelog.imports.files import NAMES
from crm.timelog.imports.models import Source
from crm.timelog.imports.shapes import Line, table_of
from crm.timelog.models import TimeEntry, TimeKind, TimeNote

pages = Pages("take_time", __name__, roles=DESK, url_prefix="/time/export")
AT_ONCE = 1_000
SHAPES = [(source.value, name) for source, name in NAMES.items()]


@dataclass(frozen=True)
class Asked:
    """What of the time, as the address says it; what it says wrongly is what stands there without it."""

    begins: date
    ends: date
    client_id: int | None
    person_id: int | None
    shape: Source

    @property
    def state(self) -> dict[str, Any]:
        return {
            "from": self.begins,
            "to": self.ends,
            "client": self.client_id,
            "person": self.person_id,
            "shape": self.shape.value,
        }


def asked() -> Asked:
    """A consultant's own time; to partners anybody's."""
    begins, ends = from_address("from", inputs.day) or month_of(today()), from_address("to", inputs.day) or today()
    person = _number("person") if g.viewer.role is Role.PARTNER else g.viewer.person_id
    said = request.args.get("shape", "")
    shape = Source(said) if said in {one.value for one in Source} else Source.GENERIC
    return Asked(min(begins, ends), max(begins, ends), _number("client"), person, shape)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


@pages.get("")
def show() -> ResponseReturnValue:
    what = asked()
    number, minutes = db.session.execute(
        _of(select(func.count(TimeEntry.id), func.coalesce(func.sum(TimeEntry.minutes), 0)), what)
    ).one()
    is_partner = g.viewer.role is Role.PARTNER
    return render_template(
        "timelog/imports/take.html", what=what, number=number, minutes=int(minutes), shapes=SHAPES,
        clients=db.session.execute(select(Client.id, Client.name).order_by(Client.name)).all(),
        people=db.session.execute(select(Person.id, Person.name).order_by(Person.name)).all() if is_partner else (),
    )  # fmt: skip


@pages.get("/time.csv")
def export() -> Response:
    what = asked()
    headings, rows = table_of(what.shape, _lines(what), zone())
    return csv_of(headings, rows, f"time-{what.shape.value}-{what.begins}-{what.ends}")


def _of(query: Any, what: Asked) -> Any:
    query = query.where(TimeEntry.voided_at.is_(None), TimeEntry.worked_on.between(what.begins, what.ends))
    if what.person_id:
        query = query.where(TimeEntry.person_id == what.person_id)
    return query.where(TimeEntry.client_id == what.client_id) if what.client_id else query


def _lines(what: Asked) -> Iterator[Line]:
    """Read by the thousand, so that no length fills the memory. What was corrected after it was invoiced comes as it was;
    other tools know no time below nothing."""
    columns = (
        TimeEntry.worked_on, TimeEntry.minutes, Person.name, Person.email, Client.name, Engagement.number, Engagement.title, TimeEntry.area,
        TimeEntry.client_note, TimeNote.body, TimeEntry.kind,
    )  # fmt: skip
    query = (
        _of(select(*columns), what)
        .select_from(TimeEntry)
        .join(Person, Person.id == TimeEntry.person_id)
        .outerjoin(Client, Client.id == TimeEntry.client_id)
        .outerjoin(Engagement, Engagement.id == TimeEntry.engagement_id)
        .outerjoin(TimeNote, TimeNote.entry_id == TimeEntry.id)
        .where(TimeEntry.minutes > 0)
        .order_by(TimeEntry.worked_on, Person.email, TimeEntry.id)
    )  # fmt: skip
    found = db.session.execute(query, execution_options={"yield_per": AT_ONCE})
    return (_line(row) for row in found)


def _line(row: Sequence[Any]) -> Line:
    day, minutes, person, mail, client, number, title, area, client_note, body, kind = row
    code = engagement_code(number) if number else ""
    note = client_note if not body else f"{client_note} {body}".strip()
    return Line(
        day, minutes, person, mail, client or "", code, title or TimeKind(kind).value, OF[area].short if area else "",
        note, kind == TimeKind.BILLABLE,
    )  # fmt: skip
