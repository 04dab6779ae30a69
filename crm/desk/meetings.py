"""Meetings of a client: planned, run with the keyboard alone, held, and their minutes shared. And promises, in one line."""

from collections.abc import Iterable
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.audit.trail import history_of
from crm.clients.models import Client
from crm.clients.queries import contacts_to_choose
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Form, Press
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.web import answer, page_or_part
from crm.core.words import in_words, iso, plural
from crm.desk.clients import tabs_of, the_client
from crm.desk.engagement import tab as engagement_tab
from crm.desk.lines import Box, address_of, back_to, box_for, read_for
from crm.engagements.desk import the_engagement
from crm.engagements.queries import assignable, engagements_to_choose
from crm.meetings import operations as do
from crm.meetings import queries as ask
from crm.meetings.forms import CancelForm, LineForm, MeetingForm, MinutesForm
from crm.meetings.models import (
    AGENDAS,
    KIND_WORDS,
    STATE_WORDS,
    Meeting,
    MeetingAttendee,
    MeetingKind,
    MeetingState,
    ShownTo,
)
from crm.meetings.operations import Source
from crm.meetings.reading import LONGEST, LineKind, Said
from crm.registers.models import RegisterEntry

LONGEST_ADDRESS = 900  # that a line goes back in: some letters take nine of an address

pages = Pages("client_meetings", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/meetings")
engaged = Pages("engagement_meetings", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>/meetings")


def the_meeting(client_id: int, meeting_id: int) -> Meeting:
    found: Meeting = db.one_or_404(ask.one_meeting(client_id, meeting_id))
    return found


# The list, with what was promised


def overview(client: Client) -> dict[str, Any]:
    """Meetings, promises and how those were kept: the same on the client's page and on the engagement's."""
    records, page = ask.records_of(client.id, today()), page_of(ask.meetings_of(client.id), ask.meetings_listing())
    return {
        "page": page, "records": records, "export": page.exported_by("client_meetings.export", client_id=client.id),
        "promises": db.session.scalars(ask.open_promises(client.id)).unique().all(), "today": today(), "client": client,
        "STATE_WORDS": STATE_WORDS, "KIND_WORDS": KIND_WORDS, "address_of": address_of,
        "lines": box_for(client.id, Source("client"), LineKind.PROMISE) if may(g.viewer, "action.note", client) else None,
    }  # fmt: skip


@pages.get("/")
def index(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    shown = overview(client)
    return page_or_part(
        "meetings/index.html", "meetings/_list.html", tab="Meetings & promises", tabs=tabs_of(client), sentence=_sentence(shown), **shown
    )  # fmt: skip


@pages.get("/list.csv")
def export(client_id: int) -> Response:
    client = the_client(client_id)
    rows = (
        (one.title, KIND_WORDS[one.kind], iso(one.on), one.begins, one.place, one.made_by.name if one.made_by else "", STATE_WORDS[one.state])
        for one in all_rows(ask.meetings_of(client.id), ask.meetings_listing())
    )  # fmt: skip
    heads = ("Meeting", "Kind", "Day", "Begins", "Where", "Written by", "State")
    return csv_of(heads, rows, f"meetings-{client.code.lower()}")


def _sentence(shown: dict[str, Any]) -> str:
    """The answer first: what was promised and not kept yet, and what comes."""
    late = sum(one.is_overdue(shown["today"]) for one in shown["promises"])
    number = len(shown["promises"])
    if late and number == 1:
        return "The one open promise is past its day."
    if late:
        return f"{in_words(late)} of {plural(number, 'open promise')} {'is' if late == 1 else 'are'} past the day."
    return f"{plural(number, 'promise')} open, none of them late." if number else "No promise is open."


@engaged.get("")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    shown = overview(engagement.client)
    del shown["today"]  # the tab knows it
    return engagement_tab(engagement, "meetings", **shown)


# One more


@pages.route("/new", methods=["GET", "POST"])
def new(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    before = _before(client_id)
    form = MeetingForm(data=_proposed(before))
    _offer(form, client)

    def page(form: Form) -> str:
        if not may(g.viewer, "meeting.add", client):
            raise NotPermitted("meeting.add")
        return render_template(
            "meetings/form.html", client=client, form=form, meeting=None, before=before, told=[], KIND_WORDS=KIND_WORDS
        )

    def deed(press: Press) -> Meeting:
        meeting = Meeting(client_id=client.id, client=client, follows_id=before.id if before else None)
        return do.add_meeting(meeting, form.fields(), viewer=g.viewer, press=press)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=_here)


def _here(meeting: Meeting, **more: Any) -> str:
    return url_for("client_meetings.show", client_id=meeting.client_id, meeting_id=meeting.id, **more)


def _before(client_id: int) -> Meeting | None:
    """The meeting that the new one carries on from, by the address."""
    asked = request.args.get("after", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    return the_meeting(client_id, int(asked))


def _proposed(before: Meeting | None) -> dict[str, Any]:
    """What a new meeting begins with: the agenda of its kind; or who came, and the points, of the one before."""
    asked = request.args.get("kind", "")
    kind = MeetingKind(asked) if asked in set(MeetingKind) else MeetingKind.OTHER
    if before is None:
        title = "" if kind is MeetingKind.OTHER else KIND_WORDS[kind]
        return {
            "shown": ShownTo.ASKED,
            "kind": kind,
            "title": title,
            "agenda": list(AGENDAS[kind]),
            "colleagues": [g.viewer.person_id] if g.viewer.person_id else [],
        }
    titles = [one.title for one in before.agenda]
    first = f"What was agreed on {before.on.day} {before.on:%B}"
    return {
        "shown": _carried_on(before), "kind": before.kind, "title": before.title, "place": before.place, "begins": before.begins or None, "engagement_id": before.engagement_id,
        "contacts": [one.contact_id for one in before.attendees if one.contact_id],
        "colleagues": [one.person_id for one in before.attendees if one.person_id],
        "others": [one.name for one in before.attendees if one.name],
        "agenda": [first, *(one for one in titles if not one.startswith("What was agreed"))], "on": None,
    }  # fmt: skip


def _carried_on(before: Meeting) -> ShownTo:
    """What is kept from the client stays kept; nothing else is opened by the one before."""
    kept = before.shown_to(asks_them=_asks_them(before)) is ShownTo.NEVER
    return ShownTo.NEVER if kept else ShownTo.ASKED


def _asks_them(meeting: Meeting) -> bool:
    return any(one.contact_id for one in meeting.attendees)


def _offer(form: MeetingForm, client: Client, chosen: Iterable[int] = ()) -> None:
    form.offer(
        db.session.scalars(contacts_to_choose(client.id, chosen)).all(), db.session.scalars(assignable(client.id)).all(),
        db.session.scalars(engagements_to_choose(client.id)).all(),
    )  # fmt: skip


@pages.route("/<id:meeting_id>/edit", methods=["GET", "POST"])
def edit(client_id: int, meeting_id: int) -> ResponseReturnValue:
    client, meeting = the_client(client_id), the_meeting(client_id, meeting_id)
    stands = {name: getattr(meeting, name) for name in ("title", "kind", "on", "place", "engagement_id")}
    form = MeetingForm(data=stands | {
        "shown": meeting.shown_to(asks_them=_asks_them(meeting)), "version": str(meeting.version), "begins": meeting.begins or None,
        "contacts": [one.contact_id for one in meeting.attendees if one.contact_id],
        "colleagues": [one.person_id for one in meeting.attendees if one.person_id],
        "others": [one.name for one in meeting.attendees if one.name], "agenda": [one.title for one in meeting.agenda],
    })  # fmt: skip
    _offer(form, client, [one.contact_id for one in meeting.attendees if one.contact_id])

    def page(form: Form) -> str:
        if not may(g.viewer, "meeting.revise", meeting):
            raise NotPermitted("meeting.revise")
        return render_template(
            "meetings/form.html", client=client, form=form, meeting=meeting, before=None, KIND_WORDS=KIND_WORDS,
            told=_told(meeting) if meeting.state is MeetingState.DRAFT else [],
        )  # fmt: skip

    def deed(press: Press) -> Meeting:
        told = {name: getattr(meeting, name) for name in ("title", "on", "begins", "place")}
        changes = "\n".join(
            f"{name}: {was}, now {form[name].data}" for name, was in told.items() if (form[name].data or "") != was
        )
        return do.revise_meeting(meeting, form.fields(), changes=changes, viewer=g.viewer, press=press)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=_here(meeting))


# Running it


@pages.get("/<id:meeting_id>")
def show(client_id: int, meeting_id: int) -> ResponseReturnValue:
    meeting = the_meeting(client_id, meeting_id)
    return _page(meeting, _form_of(meeting))


def _form_of(meeting: Meeting) -> MinutesForm:
    note = db.session.scalars(ask.note_of(meeting.id)).one_or_none()
    form = MinutesForm(data={
        "version": str(meeting.version), "minutes": {one.id: one.minutes for one in meeting.agenda}, "note": note.body if note else "",
        "present": [one.id for one in meeting.attendees if one.present], "line": request.args.get("line", "")[:LONGEST],
    })  # fmt: skip
    form.offer(meeting)
    return form


def _page(meeting: Meeting, form: Form) -> str:
    client = the_client(meeting.client_id)
    agreed, before = ask.agreed(meeting)
    writes = meeting.is_open and may(g.viewer, "meeting.write", meeting)
    box = _box(meeting, form) if writes else None
    return render_template(
        "meetings/show.html", client=client, meeting=meeting, form=form, agreed=agreed, before=before, lines=box, writes=writes, today=today(),
        address_of=address_of, STATE_WORDS=STATE_WORDS, press=lambda: Form(None, data={"version": meeting.version}),
        follows=db.session.scalars(ask.next_after(meeting.id)).one_or_none(), history_rows=db.session.scalars(history_of(meeting)).all(),
        when=when_of(meeting), revives=meeting.can_be_revived(today()) and may(g.viewer, "meeting.revive", meeting),
    )  # fmt: skip


def _box(meeting: Meeting, form: Form) -> Box:
    """The box for one line with what was typed into it, and how that is understood."""
    typed = str(form["line"]._value())
    box = box_for(meeting.client_id, Source("meeting", meeting), form=LineForm(formdata=None, data={"line": typed}))
    box.form.line.errors = form["line"].errors
    if typed.strip() and not form["line"].errors:
        try:
            box.said = read_for(meeting.client_id, box.source, typed)
        except ValueError as error:
            box.form.trouble = str(error)
    return box


def when_of(meeting: Meeting) -> str:
    """Whether it is to come, today, or over."""
    if meeting.state is MeetingState.DRAFT:
        return "today" if meeting.on == today() else "ahead" if meeting.on > today() else "over"
    return "over"


@pages.post("/<id:meeting_id>")
def write(client_id: int, meeting_id: int) -> ResponseReturnValue:
    """The minutes are kept at every press; a line that came with them once it was shown back as it stands."""
    meeting = the_meeting(client_id, meeting_id)
    form, kept = MinutesForm(), list[RegisterEntry]()
    form.offer(meeting)

    said = _to_keep(meeting, form)

    def keep() -> None:
        if said is not None:
            kept.append(do.keep_line(said, meeting.client, Source("meeting", meeting), viewer=g.viewer))

    def deed(press: Press) -> Meeting:
        if said is None and len(leads(None)) > LONGEST_ADDRESS:
            raise Refused("Shorten the line: it is too long to be shown back to you", "line")
        typed = (form.minutes.data, set(form.present.data), form.note.data)
        return do.write_minutes(meeting, *typed, viewer=g.viewer, press=press, line=keep)

    def leads(_: Any) -> str:
        if kept:
            return str(back_to(client_id, Source("meeting", meeting))(kept[0]))
        line = form.line.data.strip()
        return _here(meeting, line=line, _anchor="lines") if line else _here(meeting)

    return answer(form, deed, lambda form: _page(the_meeting(client_id, meeting_id), form), leads_to=leads)


def _to_keep(meeting: Meeting, form: MinutesForm) -> Said | None:
    """The line as it is understood, where it was shown so and nothing is missing."""
    if not form.is_shown:
        return None
    try:
        said = read_for(meeting.client_id, Source("meeting", meeting), form.line.data)
    except ValueError:  # the page says what is wrong
        return None
    return None if said.problems else said


def _press(client_id: int, meeting_id: int, deed: Any, leads_to: str = "") -> ResponseReturnValue:
    meeting = the_meeting(client_id, meeting_id)
    return answer(
        Form(),
        lambda press: deed(meeting, viewer=g.viewer, press=press),
        lambda form: _refused(client_id, meeting_id, form.trouble),
        leads_to=leads_to or _here(meeting),
    )


def _refused(client_id: int, meeting_id: int, trouble: str) -> str:
    """The page as it stands, with the reason why the button did nothing."""
    meeting = db.one_or_404(ask.one_meeting(client_id, meeting_id).execution_options(populate_existing=True))
    form = MinutesForm(formdata=None, data={
        "version": str(meeting.version), "minutes": {one.id: one.minutes for one in meeting.agenda},
        "present": [one.id for one in meeting.attendees if one.present],
    })  # fmt: skip
    form.offer(meeting)
    form.trouble = trouble
    return _page(meeting, form)


@pages.post("/<id:meeting_id>/holding")
def hold(client_id: int, meeting_id: int) -> ResponseReturnValue:
    return _press(client_id, meeting_id, do.hold_meeting)


@pages.route("/<id:meeting_id>/cancellation", methods=["GET", "POST"])
def cancel(client_id: int, meeting_id: int) -> ResponseReturnValue:
    meeting = the_meeting(client_id, meeting_id)
    form = CancelForm(data={"version": str(meeting.version)})

    def page(form: Form) -> str:
        if not may(g.viewer, "meeting.cancel", meeting):
            raise NotPermitted("meeting.cancel")
        told = _told(meeting) if meeting.on >= today() else []
        return render_template("meetings/cancel.html", client=meeting.client, meeting=meeting, form=form, told=told)

    def deed(press: Press) -> Meeting:
        return do.cancel_meeting(meeting, reason=form.reason.data, viewer=g.viewer, press=press)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=_here(meeting))


def _told(meeting: Meeting) -> list[str]:
    """Who hears of a change: ours but oneself, and those of the client where they know of the appointment."""
    return [one.who for one in meeting.attendees if _is_told(one, meeting)]


def _is_told(one: MeetingAttendee, meeting: Meeting) -> bool:
    return bool(one.contact and meeting.is_shown) or bool(one.person and one.person_id != g.viewer.person_id)


@pages.post("/<id:meeting_id>/revival")
def revive(client_id: int, meeting_id: int) -> ResponseReturnValue:
    return _press(client_id, meeting_id, do.revive_meeting)


@pages.post("/<id:meeting_id>/sharing")
def share(client_id: int, meeting_id: int) -> ResponseReturnValue:
    return _press(client_id, meeting_id, do.share_meeting)


@pages.get("/<id:meeting_id>/minutes")
def minutes(client_id: int, meeting_id: int) -> ResponseReturnValue:
    """As it is printed, and as the client reads it."""
    meeting = the_meeting(client_id, meeting_id)
    agreed, _ = ask.agreed(meeting)
    return render_template(
        "meetings/minutes.html", client=meeting.client, meeting=meeting, agreed=agreed, today=today()
    )
