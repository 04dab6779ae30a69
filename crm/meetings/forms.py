from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import HiddenField

from crm.clients.models import Contact
from crm.core import inputs
from crm.core.clock import today
from crm.core.errors import Refused
from crm.core.forms import Choice, Chosen, Day, Form, Line, Lines, Parsed, Prose, Several
from crm.meetings.models import KIND_WORDS, SHOWN_WORDS, Meeting, MeetingKind, ShownTo
from crm.meetings.reading import LONGEST
from crm.people.models import Person


class MeetingForm(Form):
    """When, where, who is asked to come, and what is to be talked about."""

    title = Line("What is it", ask="Name the meeting, like Management meeting November")
    kind = Choice(
        "Kind",
        [(one, KIND_WORDS[one]) for one in MeetingKind],
        kind=MeetingKind,
        ask="Choose a kind",
        default=MeetingKind.OTHER,
    )
    on = Day("Day", ask="Say on which day it is", default=today)
    begins = Parsed("Time", inputs.time_of_day)
    place = Line("Where")
    engagement_id = Choice("Engagement", kind=int, blank="None in particular")
    contacts = Chosen("Of the client", kind=int)
    colleagues = Chosen("Of ours", kind=int)
    others = Lines("Others, one name a line", at_most=20, each=200)
    shown = Choice(
        "The client sees day, time, title, place and who comes",
        [(one, SHOWN_WORDS[one]) for one in ShownTo],
        kind=ShownTo,
        ask="Say whether the client sees the appointment",
        default=ShownTo.ASKED,
    )
    agenda = Lines("Agenda, one point a line", at_most=30, each=200)

    def offer(self, contacts: Iterable[Contact], people: Iterable[Person], engagements: Iterable[Any]) -> None:
        self.contacts.of((one.id, one.name) for one in contacts)
        self.colleagues.of((one.id, one.name) for one in people)
        self.engagement_id.of((one.id, f"{one.code}, {one.title}") for one in engagements)


class CancelForm(Form):
    reason = Line("Why", ask="Say why, like: Carys is abroad that week")


class MinutesForm(Form):
    """What was said on each point, who came, and what the team notes for itself."""

    present = Chosen("Who was there", kind=int)
    minutes = Several("Minutes", lambda text: inputs.prose(text, at_most=20_000))
    note = Prose("Internal note", at_most=20_000)
    # without script the box for one line stands in this form: one press sends both
    line = Line("In one line", at_most=LONGEST)
    seen = HiddenField(default="")

    def offer(self, meeting: Meeting) -> None:
        self.present.of((one.id, one.who) for one in meeting.attendees)
        self.minutes.of((one.id, one.title) for one in meeting.agenda)

    @property
    def is_shown(self) -> bool:
        return is_shown(self)


class LineForm(Form):
    """One line, and the same line as it was last shown back: what differs is shown before it is kept."""

    line = Line("In one line", at_most=LONGEST, ask="Write a line, like: action: Gwen renews the certificate by Friday")
    seen = HiddenField(default="")

    @property
    def is_shown(self) -> bool:
        return is_shown(self)

    def refuse(self, problems: Sequence[str]) -> None:
        for one in problems:
            self.blame(Refused(one, "line"))


def is_shown(form: MinutesForm | LineForm) -> bool:
    """This very line was shown back as it is understood."""
    line = str(form.line.data or "").split()
    return bool(line) and str(form.seen.data or "").split() == line
