"""What people type about an engagement, its terms, its team and its twelve areas."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Field

from crm.clients.models import Contact
from crm.core import inputs
from crm.core.errors import Refused
from crm.core.forms import Choice, Choices, Chosen, Day, Form, Line, Parsed, Prose, Sum, Tick, said
from crm.core.twelve import OF, TWELVE, Area, Scope
from crm.core.words import amount
from crm.engagements.models import Engagement
from crm.engagements.people import MOST_SPONSORS, Assignment, AssignmentRole
from crm.engagements.scopes import AreaScope
from crm.engagements.states import MODEL_WORDS, BoardRole, EngagementModel, Overage, PriceKind, Signers
from crm.engagements.terms import Agreed, Part, Price, ScopeOf
from crm.people.models import Person

BOARD_WORDS = {
    BoardRole.NONE: "None",
    BoardRole.REPORTS_TO_BOARD: "Reports to the board",
    BoardRole.ATTENDS_BOARD: "Attends the board",
    BoardRole.BOARD_MEMBER: "Board member",
    BoardRole.COMMITTEE_MEMBER: "Member of a board committee",
}
PRICE_WORDS = {PriceKind.RETAINER: "Retainer", PriceKind.FIXED_PRICE: "Fixed price", PriceKind.DAY_RATE: "Day rate"}
OVERAGE_WORDS = {
    Overage.ASK: "Ask the sponsor first",
    Overage.BILL: "Bill it at the overage rate",
    Overage.ABSORB: "Absorb it as goodwill",
}
ROLE_WORDS = {
    AssignmentRole.LEAD: "Lead",
    AssignmentRole.SPECIALIST: "Specialist",
    AssignmentRole.MENTOR: "Mentor",
    AssignmentRole.REVIEWER: "Reviewer",
}
SCOPE_WORDS = {Scope.LEAD: "Lead", Scope.ADVISE: "Advise", Scope.OVERSEE: "Oversee", Scope.OUT: "Out"}
LEVELS = [Decimal(halves) / 2 for halves in range(11)]
MORE_PEOPLE = 4  # rows of the first form; the team's own page takes any number
ONE_DAY = "Write the days a month, like 4 or 1.5"


def named(rows: Iterable[Person | Contact]) -> Choices:
    return [(row.id, row.name) for row in rows]


def in_wrong_order(first: Field, last: Field) -> bool:
    return bool(first.data and last.data and last.data < first.data)


class AgreementForm(Form):
    """What is agreed, in words."""

    title = Line("Title", ask="Write a title, like Virtual CIO")
    board_role = Choice(
        "Board role", BOARD_WORDS.items(), kind=BoardRole, ask="Choose a board role", default=BoardRole.NONE
    )
    scope_note = Prose("What is agreed beyond the twelve scopes", at_most=1000)
    authority_note = Prose("What we may decide for the client", at_most=500)


class TermsForm(Form):
    """Dates and price: for partners."""

    starts = Day("Starts", ask="Choose the first day")
    ends = Day("Ends", ask="Choose the last day")
    signed_on = Day("Signed on")
    notice_days = Parsed(
        "Notice in days",
        lambda text: inputs.whole(text, at_most=366),
        ask="Write the days of notice, like 30",
        default=30,
    )
    price_kind = Choice("Price", PRICE_WORDS.items(), kind=PriceKind, blank="Not agreed yet")
    days_a_month = Parsed("Days a month", lambda text: inputs.days(text, at_most=31))
    monthly_fee = Sum("Monthly fee")
    rollover_cap = Parsed("Days that roll over at most", lambda text: inputs.days(text, at_most=31))
    amount = Sum("Fixed price")
    budget_days = Parsed("Budget or cap in days", inputs.days)
    day_rate = Sum("Day rate")
    overage = Choice(
        "Work beyond the days agreed", OVERAGE_WORDS.items(), kind=Overage, ask="Choose one", default=Overage.ASK
    )
    overage_rate = Sum("Overage rate a day")
    authority_limit = Sum("We may approve spending up to")

    def model_now(self) -> EngagementModel | None:
        """Of which model the price is."""
        raise NotImplementedError

    @property
    def price(self) -> Price | None:
        """The price as it was typed; what belongs to another mechanic is left out."""
        if self.price_kind.data is None:
            return None
        of = {name: self[name].data for name in Price.answers()}
        return Price.of(self.price_kind.data, **of)

    def validate(self, *args: Any, **options: Any) -> bool:
        if not super().validate(*args, **options):
            return False
        if in_wrong_order(self.starts, self.ends):
            self.blame(Refused("It cannot end before it starts", "ends"))
        model = self.model_now()
        if self.price and model:
            for error in self.price.lacks(model):
                self.blame(error)
        return not self.problems


class TermsOfOneForm(TermsForm):
    """The terms of an engagement that stands."""

    def __init__(self, engagement: Engagement, **options: Any) -> None:
        self.engagement = engagement
        super().__init__(obj=Agreed(engagement, engagement.terms), **options)

    def model_now(self) -> EngagementModel:
        return self.engagement.model

    def show_clash(self, subject: Engagement) -> None:
        super().show_clash(Agreed(subject, subject.terms))

    def changes_of_terms(self) -> str:
        return self.changes(Agreed(self.engagement, self.engagement.terms))


class NewForm(AgreementForm, TermsForm):
    """One form for a new engagement of one client: it becomes a draft, whatever is still open."""

    model = Choice("Engagement model", MODEL_WORDS.items(), kind=EngagementModel, ask="Choose a model")
    follows_id = Choice("Follows", kind=int, blank="None, it is a new beginning")
    sponsors = Chosen("Sponsors", kind=int)
    lead_id = Choice("Lead consultant", kind=int, blank="Not named yet")
    lead_days = Parsed("Days a month", lambda text: inputs.days(text, at_most=31))
    said_yes = Tick("These people have said yes")

    def model_now(self) -> EngagementModel | None:
        chosen = self.model.data
        return EngagementModel(chosen) if chosen else None

    def offer(self, persons: Iterable[Person], deciders: Iterable[Contact], earlier: Iterable[Engagement]) -> None:
        people = named(persons)
        self.lead_id.of(people)
        for person, _, _ in self.rows:
            person.of(people)
        self.sponsors.of(named(deciders))
        self.follows_id.of((one.id, f"{one.code} {one.title}") for one in earlier)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Who else: person, role and days, a row each."""
        return [(self[f"person_{n}"], self[f"role_{n}"], self[f"days_{n}"]) for n in range(1, MORE_PEOPLE + 1)]

    @property
    def team(self) -> list[Part]:
        lead = self.lead_id.data
        parts = [Part(lead, AssignmentRole.LEAD, self.lead_days.data or Decimal(0))] if lead else []
        for person, role, days in self.rows:
            if person.data:
                parts.append(Part(person.data, role.data, days.data or Decimal(0)))
        return parts

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if len(self.sponsors.data or ()) > MOST_SPONSORS:
            self.blame(Refused("Choose one or two sponsors", "sponsors"))
        pairs = [(self.lead_id, self.lead_days), *((person, days) for person, _, days in self.rows)]
        for person, days in pairs:
            if person.data and days.data is None and not days.errors:
                self.blame(Refused(ONE_DAY, days.name))
        return is_valid and not self.problems


def _team_row(n: int) -> dict[str, Any]:
    roles = [(role, words) for role, words in ROLE_WORDS.items() if role is not AssignmentRole.LEAD]
    return {
        f"person_{n}": Choice(f"Person {n}", kind=int, blank="Nobody"),
        f"role_{n}": Choice(
            f"Role {n}", roles, kind=AssignmentRole, ask="Choose a role", default=AssignmentRole.SPECIALIST
        ),
        f"days_{n}": Parsed(f"Days a month {n}", lambda text: inputs.days(text, at_most=31)),
    }


NewEngagementForm: type[NewForm] = type(
    "NewEngagementForm", (NewForm,), {name: f for n in range(1, MORE_PEOPLE + 1) for name, f in _team_row(n).items()}
)


class PartForm(Form):
    """A person's part in an engagement."""

    role = Choice(
        "Role", ROLE_WORDS.items(), kind=AssignmentRole, ask="Choose a role", default=AssignmentRole.SPECIALIST
    )
    mode = Choice("Way of working", MODEL_WORDS.items(), kind=EngagementModel, ask="Choose a way of working")
    begins = Day("From", ask="Choose the first day")
    ends = Day("Until", ask="Choose the last day")
    days_a_month = Parsed("Days a month", lambda text: inputs.days(text, at_most=31), ask=ONE_DAY)

    def validate(self, *args: Any, **options: Any) -> bool:
        if not super().validate(*args, **options):
            return False
        if in_wrong_order(self.begins, self.ends):
            self.blame(Refused("It cannot end before it begins", "ends"))
        return not self.problems


class NewPartForm(PartForm):
    person_id = Choice("Person", kind=int, ask="Choose a person")
    said_yes = Tick("They have said yes")
    takes_over = Tick("They take over the lead: the present lead’s part ends the day before")


class LastDayForm(Form):
    ends = Day("Last day", ask="Choose the last day")


class SponsorForm(Form):
    contact_id = Choice("Sponsor", kind=int, ask="Choose a contact who decides")


class SigningForm(Form):
    """How texts are signed off, as it was agreed."""

    signers = Choice(
        "Where there are two sponsors",
        [(Signers.ANY, "The yes of one is enough"), (Signers.ALL, "Both must say yes")],
        kind=Signers,
        ask="Choose one",
    )
    deemed = Tick("No answer within the review days counts as a yes")


class ReasonForm(Form):
    reason = Prose("Why", at_most=1000, ask="Say why in a sentence")


class PauseForm(ReasonForm):
    until = Day("Last day of the pause", ask="Choose the last day of the pause")


class ResumeForm(Form):
    """The planned days of everybody on the team, confirmed again."""

    @classmethod
    def of(cls, assignments: Iterable[Assignment], *, version: int) -> "ResumeForm":
        fields = {
            f"days_{one.id}": Parsed(
                f"{one.person.name}, days a month",
                lambda text: inputs.days(text, at_most=31),
                ask=ONE_DAY,
                default=one.days_a_month,
            )
            for one in assignments
        }
        made: ResumeForm = type("ResumeOfOneForm", (cls,), fields)(data={"version": version})
        return made

    @property
    def days(self) -> list[Field]:
        return [field for field in self if field.name.startswith("days_")]

    @property
    def planned(self) -> dict[int, Decimal]:
        return {int(field.name.removeprefix("days_")): field.data for field in self.days}


class ClosingForm(Form):
    notice_given_on = Day("Notice was given on")


class HandoverForm(Form):
    handover_note = Prose("Handover note", at_most=2000)


class ActivationForm(Form):
    """What activation asks for where it is not said yet: the day of signing, and who holds what."""

    signed_on = Day("Signed on")
    lead_holder_id = Choice("Who holds the areas that we lead", kind=int)
    holder_id = Choice("Who at the client answers where we advise or oversee", kind=int)
    out_reason = Line("Why these areas are out of scope", at_most=500)
    out_holder_id = Choice("Who at the client holds them", kind=int)


# The twelve in one form: seven answers an area, named by its code.


def holder_of(row: AreaScope) -> str:
    if row.holder_person_id is not None:
        return f"person-{row.holder_person_id}"
    return f"contact-{row.holder_contact_id}" if row.holder_contact_id is not None else ""


class TwelveForm(Form):
    """Scope, holder, reason, target and next review of all twelve areas."""

    def __init__(self, engagement: Engagement, holders: Choices, **options: Any) -> None:
        super().__init__(data=stands(engagement) | {"version": engagement.version}, **options)
        for area in Area:
            self[f"{area}_holder"].of(holders)

    def of(self, area: Area) -> dict[str, Any]:
        """The fields of one area by their last name."""
        return {name: self[f"{area}_{name}"] for name in ROW}

    @property
    def answers(self) -> dict[Area, ScopeOf]:
        found = {}
        for area in Area:
            given = {name: field.data for name, field in self.of(area).items()}
            held_by = given.pop("holder")
            kind, key = inputs.party(held_by) if held_by else ("", 0)
            found[area] = ScopeOf(
                person_id=key if kind == "person" else None, contact_id=key if kind == "contact" else None, **given
            )
        return found

    def show_clash(self, subject: Engagement) -> None:
        super().show_clash(subject)
        for name, value in stands(subject).items():
            if value != self[name].data and (value or self[name].data):
                self.clash[name] = said(self[name], value)

    def changes(self, subject: Engagement) -> str:
        """Area by area, what becomes another."""
        found = []
        for name, value in stands(subject).items():
            now = self[name].data
            if value != now and (value or now):
                found.append(f"{self[name].label.text}: {said(self[name], value)}, now {said(self[name], now)}")
        return "\n".join(found)


ROW = ("scope", "holder", "reason", "target", "review_due", "rows_shared")


def stands(engagement: Engagement) -> dict[str, Any]:
    """What the form of the twelve shows when it opens."""
    found: dict[str, Any] = {}
    for row in engagement.scopes:
        values = (row.scope, holder_of(row) or None, row.reason, row.target, row.review_due, row.rows_shared)
        found |= {f"{row.area}_{name}": value for name, value in zip(ROW, values, strict=True)}
    return found


def _fields_of(area: Area) -> Mapping[str, Any]:
    short = OF[area].short
    levels = [(amount(level), amount(level)) for level in LEVELS]
    return {
        f"{area}_scope": Choice(f"{short}: scope", SCOPE_WORDS.items(), kind=Scope, ask="Choose a scope"),
        f"{area}_holder": Choice(f"{short}: holder", blank="Nobody yet"),
        f"{area}_reason": Line(f"{short}: why it is out", at_most=500),
        f"{area}_target": Choice(f"{short}: target level", levels, kind=Decimal, blank="None"),
        f"{area}_review_due": Day(f"{short}: next review"),
        f"{area}_rows_shared": Tick(f"{short}: the client shares its rows with us"),
    }


ScopesForm: type[TwelveForm] = type(
    "ScopesForm", (TwelveForm,), {name: f for row in TWELVE for name, f in _fields_of(row.code).items()}
)


def a_year_from(day: date) -> date:
    """The day before its first return: the last day of a year that begins then."""
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        later = day.replace(year=day.year + 1, day=28)
    return date.fromordinal(later.toordinal() - 1)
