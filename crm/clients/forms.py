"""What is asked about clients, their departments and people, and what passed between us."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from wtforms.validators import StopValidation

from crm.clients.models import TITLE_WORDS, ActivityKind, Consent, Department, DepartmentKind, Title
from crm.core import inputs
from crm.core.clock import today
from crm.core.forms import Choice, Chosen, Day, Form, Line, Parsed, Prose, Sum, Tick
from crm.core.words import worded

KINDS = [(kind.value, worded(kind)) for kind in DepartmentKind]
CONSENTS = [
    (Consent.NOT_ASKED.value, "Not asked yet"), (Consent.GIVEN.value, "Given"), (Consent.WITHDRAWN.value, "Withdrawn"),
]  # fmt: skip
FOR_PARTNERS = ("code", "confidential")


class ClientForm(Form):
    """A client's particulars. Consultants do not see what only partners decide."""

    name = Line("Name", ask="Write the client’s name")
    code = Parsed("Code", inputs.code, ask="Write a code of 2 to 6 letters, like BRK")
    sector = Line("Sector")
    town = Line("Town")
    region = Parsed("Public holidays of", inputs.region)
    headcount = Parsed("People who work there", partial(inputs.whole, at_most=10_000_000))
    revenue = Sum("Revenue a year")
    mission = Line("Mission", at_most=500)
    has_cto = Tick("They have a CTO")
    cio = Line(TITLE_WORDS[Title.CIO])
    cto = Line(TITLE_WORDS[Title.CTO])
    it_director = Line(TITLE_WORDS[Title.IT_DIRECTOR])
    it_manager = Line(TITLE_WORDS[Title.IT_MANAGER])
    it_lead = Line(TITLE_WORDS[Title.IT_LEAD])
    viewers_see_registers = Tick("Viewers may read the shared register rows")
    confidential = Tick("Confidential")

    def for_a_consultant(self) -> None:
        for name in FOR_PARTNERS:
            del self[name]

    @property
    def holders(self) -> dict[str, str]:
        return {title.value: self[title.value].data for title in Title}

    def show_clash(self, subject: Any) -> None:
        super().show_clash(subject)
        stand = subject.holders
        for title, typed in self.holders.items():
            if stand.get(title, "") != typed:
                self.clash[title] = stand.get(title) or "nothing"

    def changes(self, subject: Any) -> str:
        """Who holds a title too: the roster is no column of the client."""
        stand = subject.holders
        moved = [
            f"{TITLE_WORDS[title]}: {stand.get(title) or 'nobody'}, now {typed or 'nobody'}"
            for title, typed in self.holders.items()
            if stand.get(title, "") != typed
        ]
        return "\n".join(filter(None, [super().changes(subject), *moved]))


class NoteForm(Form):
    body = Prose("What we say among ourselves", ask="Write what the team should know")


class ReasonForm(Form):
    reason = Line("Why", at_most=500, ask="Say why, for whoever reads the history")


class WallForm(Form):
    person_id = Choice("Who", kind=int, ask="Choose who shall not see this client", blank="Choose a person")
    reason = Line("Why", at_most=500, ask="Say why; only partners read it")


class DepartmentForm(Form):
    kind = Choice("Kind", KINDS, kind=DepartmentKind, ask="Choose what kind of department it is", blank="Choose a kind")
    name = Line("Name", ask="Write what they call it, like Warehouse and depots")
    people = Parsed("People", partial(inputs.whole, at_most=1_000_000))


class ContactForm(Form):
    """A person at the client. What only we may read about them is written as an internal activity, never here."""

    name = Line("Name", ask="Write their name")
    role = Line("Role")
    email = Parsed("Mail address", inputs.mail)
    phone = Line("Telephone", at_most=40)
    department_id = Choice("Department", kind=int, blank="None")
    is_head = Tick("Head of the department")
    decides = Tick("May sponsor an engagement")
    consent = Choice("Consent to news beyond the engagement", CONSENTS, kind=Consent, ask="Choose one")
    consent_on = Day("Since")

    def of(self, departments: Iterable[Department]) -> None:
        self.department_id.of((one.id, one.name) for one in departments)

    def validate_is_head(self, field: Tick) -> None:
        if field.data and not self.department_id.data:
            raise StopValidation("Choose the department that they head")

    def validate_consent_on(self, field: Day) -> None:
        if self.consent.data != Consent.NOT_ASKED.value and not field.data and not field.errors:
            raise StopValidation("Write the day on which they said so, like 2026-11-20")
        if field.data and field.data > today():
            raise StopValidation("Write a day that has been, like 2026-11-20")


class ActivityForm(Form):
    """What passed between us. Who may read it is chosen once; the form that corrects it does not ask again."""

    kind = Choice(
        "What was it",
        [(kind.value, worded(kind)) for kind in ActivityKind],
        kind=ActivityKind,
        ask="Choose what it was",
    )
    happened_on = Day("When", ask="Write the day, like 2026-11-20")
    title = Line("In one line", ask="Say in one line what it was about")
    body = Prose("What was said, decided or promised", at_most=50_000)
    contacts = Chosen("Who of the client", kind=int)
    colleagues = Chosen("Who else of us", kind=int)
    engagement_id = Choice("Engagement", kind=int, blank="None")
    shared = Tick("The client may read this")
    next_step = Line("Next step")
    next_owner = Choice("Whose", kind=int, blank="Mine")
    next_due = Day("By")

    def of(self, contacts: Iterable[Any], colleagues: Iterable[Any], engagements: Iterable[Any]) -> None:
        self.contacts.of((one.id, one.name) for one in contacts)
        people = [(one.id, one.name) for one in colleagues]
        self.colleagues.of(people)
        if "next_owner" in self:
            self.next_owner.of(people)
        self.engagement_id.of((one.id, f"{one.code} {one.title}") for one in engagements)

    def for_a_correction(self) -> None:
        for name in ("shared", "next_step", "next_owner", "next_due"):
            del self[name]

    def validate_happened_on(self, field: Day) -> None:
        if field.data and field.data > today():
            raise StopValidation("Write a day that has been; what is to come is a follow-up")

    def validate_next_due(self, field: Day) -> None:
        if self.next_step.data and not field.data and not field.errors:
            raise StopValidation("Say by when, like 2026-11-20")
        not_gone(field)


class FollowUpForm(Form):
    title = Line("What", ask="Say in one line what is to be done")
    person_id = Choice("Who", kind=int, ask="Choose who does it")
    due = Day("By", ask="Say by when, like 2026-11-20")

    def validate_due(self, field: Day) -> None:
        not_gone(field)


class MoveForm(Form):
    due = Day("By", ask="Say by when, like 2026-11-20")

    def validate_due(self, field: Day) -> None:
        not_gone(field)


def not_gone(field: Day) -> None:
    if field.data and field.data < today():
        raise StopValidation(f"Write a day from today on, like {today().isoformat()}")
