"""The forms of people: who they are, how they work, when they are away."""

from functools import partial
from typing import Any

from wtforms import Form as Fields

from crm.core import inputs
from crm.core.errors import Refused
from crm.core.forms import Choice, Chosen, Day, Form, Line, Parsed, Prose
from crm.people.models import WEEKDAYS, Leave, PersonKind

KINDS = ((PersonKind.CONSULTANT, "Consultant"), (PersonKind.PARTNER, "Partner"), (PersonKind.ADMIN, "Admin"))
WAYS = (
    ("virtual", "Virtual"),
    ("part_time", "Part-time on site"),
    ("non_exec", "Non-executive"),
    ("mentoring", "Mentoring"),
)
LEAVE_KINDS = (
    ("annual", "Holiday"),
    ("medical", "Illness or medical"),
    ("family", "Family"),
    ("training", "Training"),
    ("unpaid", "Unpaid"),
    ("other", "Something else"),
)
SHARES = (
    (100, "Whole days"),
    (75, "Three quarters of each day"),
    (50, "Half of each day"),
    (25, "A quarter of each day"),
)


def percentage(label: str, *, at_least: int = 0, default: int) -> Parsed:
    """A whole number of per cents."""
    parser = partial(inputs.whole, at_least=at_least, at_most=100)
    return Parsed(
        label, parser, ask=f"Write a whole number from {at_least} to 100, like {default or 50}", default=default
    )


class _Profile(Fields):
    """Who somebody is to the world, and from when to when they are with us."""

    name = Line("Name", at_most=120, ask="Write the name, like Helen Ashdown")
    email = Parsed("Mail address", inputs.mail, ask="Write the mail address, like helen@practice.example")
    kind = Choice("Role", KINDS, kind=PersonKind, ask="Choose the role")
    base = Line("Base", at_most=120, description="Where they work from, like Shrewsbury")
    ways = Chosen("Ways of working they offer", WAYS)
    background = Line(
        "Background", at_most=200, description="In a line, like “IT director in food wholesale, 20 years”"
    )
    story = Prose("Profile", at_most=500, description="What clients may read, at most 500 characters")
    joined_on = Day("First day")


class _Pattern(Fields):
    """A week of work: % of each weekday, whose public holidays, how much of it for clients."""

    mon = percentage("Monday", default=100)
    tue = percentage("Tuesday", default=100)
    wed = percentage("Wednesday", default=100)
    thu = percentage("Thursday", default=100)
    fri = percentage("Friday", default=100)
    sat = percentage("Saturday", default=0)
    sun = percentage("Sunday", default=0)
    region = Parsed(
        "Region of public holidays", inputs.region, ask="Write the region, like GB-ENG, GB-SCT, IE or DE-BY"
    )
    delivery_share = percentage("For clients, %", at_least=1, default=80)
    utilisation_target = percentage("Target of billable utilisation, %", default=70)


def week_and_more(form: Any) -> dict[str, Any]:
    """The answers of a form, the shares of the seven days as one."""
    answers = form.fields()
    week = {day: answers.pop(day) for day in WEEKDAYS}
    return {**answers, "week": week}


class PersonForm(_Profile, Form):
    """Of somebody who is here already: their last day too."""

    left_on = Day("Last day", description="Empty while nothing is agreed. Earlier weeks keep their figures")


class PatternForm(_Pattern, Form):
    begins = Day("From", ask="Write the day from which it holds, like 2026-12-01")


class NewPersonForm(_Profile, _Pattern, Form):
    """Somebody new, with their first week of work."""


class LeaveForm(Form):
    begins = Day("First day away", ask="Write the first day, like 2026-12-21")
    ends = Day("Last day away", description="Empty for one day")
    share = Choice("How much of each day", SHARES, kind=int, ask="Choose how much of each day")
    kind = Choice("Reason", LEAVE_KINDS, ask="Choose the reason")
    note = Line("Note", at_most=200)

    def validate(self, *args: Any, **options: Any) -> bool:
        if not super().validate(*args, **options):
            return False
        begins, ends = self.begins.data, self.ends.data or self.begins.data
        self.ends.data = ends
        if begins and ends and ends < begins:
            self.blame(Refused("The last day lies before the first one", "ends"))
            return False
        return True


class RefusalForm(Form):
    answer = Line("Why not", at_most=200, ask="Say why, like “two reviews at Saltmarsh fall into that week”")


def leave_form_of(leave: Leave, kind: str, note: str) -> LeaveForm:
    form = LeaveForm(obj=leave, kind=kind, note=note)
    shares = dict(SHARES) | ({} if leave.share in dict(SHARES) else {leave.share: f"{leave.share} % of each day"})
    form.share.of(shares.items())
    kinds = dict(LEAVE_KINDS) | ({} if kind in dict(LEAVE_KINDS) else {kind: kind.capitalize()})
    form.kind.of(kinds.items())
    return form
