"""Actions, decisions, questions and promises in one line each: read while one types, shown back, then kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.across.models import Decision, RaidItem
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Press
from crm.core.twelve import OF, Area
from crm.core.web import answer
from crm.core.words import day
from crm.desk.clients import the_client
from crm.engagements.queries import assignable
from crm.meetings.forms import LineForm
from crm.meetings.models import Meeting
from crm.meetings.operations import Source, keep_line
from crm.meetings.queries import PLACES, origin_of, people_asked
from crm.meetings.reading import LineKind, Party, Said, read_line
from crm.people.models import Person
from crm.registers.models import RegisterEntry
from crm.reviews.models import Review

pages = Pages("lines", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/lines")
SOURCES: dict[str, type[Any]] = {"meeting": Meeting, "review": Review, "raid_item": RaidItem, "decision": Decision}


@dataclass
class Box:
    """The box for one line, wherever it stands: where it posts to, what it offers, and what was kept last."""

    action: str
    reading: str  # where htmx asks for the reading
    form: LineForm
    usual: LineKind = LineKind.ACTION
    hint: str = ""
    said: Said | None = None
    added: RegisterEntry | None = None
    source: Source = field(default_factory=lambda: Source("client"))

    @property
    def added_at(self) -> str:
        return address_of(self.added) if self.added else ""


def address_of(row: RegisterEntry) -> str:
    return url_for(
        "registers.entry", client_id=row.client_id, slug=OF[row.area].slug, register=PLACES[row.kind], entry_id=row.id
    )


HINTS = {
    LineKind.ACTION: "Like: action: Gwen renews the certificate by Friday @gwen. Also decision:, question: and promise:",
    LineKind.PROMISE: "Like: Wireless at the saw by end of month @gwen",
}


def box_for(client_id: int, source: Source, usual: LineKind = LineKind.ACTION, form: LineForm | None = None) -> Box:
    """The box beside what its lines come from; after a line was kept it says so."""
    asked: dict[str, Any] = {"source": name_of(source), "usual": usual.value}
    return Box(
        url_for("lines.add", client_id=client_id, **asked), url_for("lines.reading", client_id=client_id, **asked),
        form or LineForm(formdata=None), usual, HINTS[usual], source=source, added=_added(client_id),
    )  # fmt: skip


def name_of(source: Source) -> str:
    return f"{source.kind}-{source.row.id}" if source.row is not None else source.kind


def _added(client_id: int) -> RegisterEntry | None:
    """The row of the line that was kept last, in the address."""
    asked = request.args.get("added", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    kept = select(RegisterEntry).where(RegisterEntry.id == int(asked), RegisterEntry.client_id == client_id)
    found = db.session.scalars(kept).unique().one_or_none()
    return found if found is not None and found.kind in PLACES else None


def _source(client_id: int) -> Source:
    kind, _, key = request.args.get("source", "client").partition("-")
    if kind in {"client", "engagement"}:
        return Source(kind)
    if kind not in SOURCES or not (key.isascii() and key.isdigit() and len(key) < 10):
        raise NotFound
    model = SOURCES[kind]
    wanted = select(model).where(model.id == int(key), model.client_id == client_id)
    found = db.session.scalars(wanted.options(joinedload(model.client)) if kind != "review" else wanted).one_or_none()
    if found is None:
        raise NotFound
    return Source(kind, found)


def _usual() -> LineKind:
    asked = request.args.get("usual", "")
    return LineKind(asked) if asked in set(LineKind) else LineKind.ACTION


def back_to(client_id: int, source: Source) -> Any:
    """Where a line that was kept leads: to what it came from, with a word that it was kept."""

    if source.kind == "meeting":
        there = url_for("client_meetings.show", client_id=client_id, meeting_id=source.row.id)
    elif source.kind == "review":
        area = OF[source.row.area].slug
        there = url_for("area.review", engagement_id=source.row.engagement_id, slug=area, review_id=source.row.id)
    elif source.kind in {"raid_item", "decision"}:
        there = address_of(source.row)
    else:
        there = url_for("client_meetings.index", client_id=client_id)

    def leads(row: RegisterEntry) -> str:
        known = inspect(row).identity  # without reading it again
        return f"{there}?added={known[0] if known else row.id}#lines"

    return leads


def parties(
    client_ids: Iterable[int], *, names: dict[int, str] | None = None, people: Iterable[Person] = ()
) -> list[Party]:
    found = [
        Party(f"contact-{key}", name, client_id, kind, (names or {}).get(client_id, ""))
        for key, name, client_id, kind in db.session.execute(people_asked(list(client_ids)))
    ]
    return found + [Party(f"person-{one.id}", one.name) for one in people]


def ourselves() -> Party | None:
    return Party(f"person-{g.viewer.person_id}", g.signed.account.name) if g.viewer.person_id else None


def read_for(client_id: int, source: Source, text: str, usual: LineKind = LineKind.ACTION) -> Said:
    area: Area | None = getattr(source.row, "area", None)
    people = parties([client_id], people=db.session.scalars(assignable(client_id)))
    return read_line(text, people, today(), usual=usual, writer=ourselves(), area=area)


@pages.get("")
def show(client_id: int) -> ResponseReturnValue:
    client, source = the_client(client_id), _source(client_id)
    if not may(g.viewer, "action.note", client):
        raise NotPermitted("action.note")
    return _page(client, source, LineForm(formdata=None))


def _page(client: Client, source: Source, form: LineForm, said: Said | None = None) -> str:
    box = box_for(client.id, source, _usual(), form)
    box.said = said
    return render_template("meetings/line.html", client=client, lines=box, about=about(source))


def about(source: Source) -> str:
    if source.row is None:
        return ""
    return str(getattr(source.row, "title", "") or getattr(source.row, "label", "") or source.row.sentence)


@pages.get("/reading")
def reading(client_id: int) -> ResponseReturnValue:
    """How a line is understood so far, for whoever is still typing it."""
    client, source = the_client(client_id), _source(client_id)
    return show_reading(request.args.get("line", ""), lambda text: read_for(client.id, source, text, _usual()))


def show_reading(text: str, read: Any) -> str:
    try:
        said, trouble = (read(text) if text.strip() else None), ""
    except ValueError as error:
        said, trouble = None, str(error)
    return render_template("meetings/_reading.html", said=said, line=" ".join(text.split()), trouble=trouble)


@pages.post("")
def add(client_id: int) -> ResponseReturnValue:
    """Kept when it was shown back as it stands; else shown first."""
    client, source = the_client(client_id), _source(client_id)
    if not may(g.viewer, "action.note", client):
        raise NotPermitted("action.note")
    return kept(
        lambda text: read_for(client_id, source, text, _usual()),
        lambda said, press: keep_line(said, client, source, viewer=g.viewer, press=press),
        lambda form, said: _page(the_client(client_id), _source(client_id), form, said),
        leads_to=back_to(client_id, source),
    )


def kept(read: Any, deed: Any, page: Any, *, leads_to: Any) -> ResponseReturnValue:
    """The answer to a line: what is wrong with it, or how it is understood, or that it was kept."""
    form, said = LineForm(), None
    if form.validate():
        try:
            said = read(form.line.data)
        except ValueError as error:
            form.blame(Refused(str(error), "line"))
        else:
            form.refuse(said.problems)
    if said is None or said.problems:
        return str(page(form, said)), 422
    if not form.is_shown:
        return str(page(form, said))

    def keep(press: Press) -> RegisterEntry:
        found: RegisterEntry = deed(said, press)
        return found

    return answer(form, keep, lambda form: str(page(form, said)), leads_to=leads_to)


# Beside what a line comes from, and back


def line_box(kind: str, row: Any) -> Box:
    """The box for actions about a risk, a question or a review, for its page."""
    return box_for(row.client_id, Source(kind, row))


class CameFrom(NamedTuple):
    """What a row came from, or led to: in which words, what it is called, and where it is."""

    words: str
    title: str
    href: str


def came_from(row: Any) -> list[CameFrom]:
    """Where an action, a decision or a promise came from, as far as this viewer sees it."""
    found = []
    for key, model, words in (
        ("raid_item_id", RaidItem, "About"),
        ("decision_id", Decision, "Follows from"),
        ("revises_id", Decision, "Asked anew; before"),
    ):
        if named := getattr(row, key, None):
            found += [CameFrom(words, one.label, address_of(one)) for one in [db.session.get(model, named)] if one]
    if isinstance(row, Decision):
        again = db.session.scalars(select(Decision).where(Decision.revises_id == row.id)).unique()
        found += [CameFrom("Asked anew as", one.label, address_of(one)) for one in again]
    origin = origin_of(row)
    if origin and origin.meeting_id and (meeting := db.session.get(Meeting, origin.meeting_id)):
        href = url_for("client_meetings.show", client_id=meeting.client_id, meeting_id=meeting.id)
        found.append(CameFrom("Agreed in", f"{meeting.title}, {day(meeting.on)}", href))
    if origin and origin.review_id and (review := db.session.get(Review, origin.review_id)):
        area = OF[review.area]
        href = url_for("area.review", engagement_id=review.engagement_id, slug=area.slug, review_id=review.id)
        found.append(CameFrom("Follows from the review", f"{area.name}, {day(review.published_on)}", href))
    return found


pages.add_app_template_global(line_box)
pages.add_app_template_global(came_from)
