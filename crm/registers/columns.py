"""The fields of a register's form as the columns of a template: heading, what it takes, an example."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import Field

from crm.core.clock import today
from crm.core.forms import Choice, Chosen, Day, Line, Lines, Parsed, Prose, Tick
from crm.core.tables import plain_name
from crm.registers.cells import NO, Offer, fields_of, is_required, words_of
from crm.registers.forms import ConsultantChoice, ContactChoice, EngagementChoice, EntryForm, PartyChoice, RowChoice


@dataclass(frozen=True)
class Column:
    """One field of the form as a column."""

    name: str
    heading: str
    is_required: bool
    allowed: str
    example: str
    words: tuple[str, ...] = ()  # where they are few enough to choose from


def columns_of(form: EntryForm, offer: Offer) -> list[Column]:
    return [
        Column(one.name, one.label.text, is_required(one), _allowed(one), "" if _is_other(one, form) else _example(one, offer), tuple(words_of(one)))
        for one in fields_of(form)
    ]  # fmt: skip


def _is_other(one: Field, form: EntryForm) -> bool:
    """A plain name beside a list of people: one of the two is answered."""
    return one.name.endswith("_name") and one.name.replace("_name", "_party") in form


PEOPLE = {
    PartyChoice: "Name or mail address of a contact or of somebody of the practice; another name is taken as it stands",
    ConsultantChoice: "Name or mail address of somebody of the practice",
    ContactChoice: "Name or mail address of one of the client’s contacts",
    RowChoice: "Name of a row, as it stands in that list",
    EngagementChoice: "Code of an engagement, like ENG-014",
}


def _allowed(one: Field) -> str:
    if type(one) in PEOPLE:
        return PEOPLE[type(one)]
    if words := words_of(one):
        return f"One of: {', '.join(words)}"
    if isinstance(one, Chosen):
        return f"One or more, with commas between: {', '.join(text for _, text in one.choices)}"
    kind = "Text of one line" if isinstance(one, Line) else one.description or "Text, also of several lines"
    return _refusal(one) or kind


def _refusal(one: Field) -> str:
    """What a parser says to what it cannot read is what it allows."""
    try:
        getattr(one, "parser", str)("?")
    except ValueError as error:
        return str(error)
    return ""


LIKE = re.compile(r"\b[Ll]ike (?P<example>[^;]+?)(?: or [^;]*)?(?:;.*)?$")


def _example(one: Field, offer: Offer) -> str:
    """An answer that the form takes, where one must be given or helps."""
    if isinstance(one, ContactChoice | ConsultantChoice | PartyChoice):
        times = Counter(each.name for each in (offer.persons if isinstance(one, ConsultantChoice) else offer.contacts))
        return next((name for name, number in times.items() if number == 1), "")
    if isinstance(one, Tick):
        return NO
    if isinstance(one, Lines):
        return "Yes\nNo" if is_required(one) else ""
    if isinstance(one, Prose | Line) or not isinstance(one, Choice | Chosen | Parsed):
        return _like(_asked(one) or one.description or "") or ("In a few words" if is_required(one) else "")
    return _needed(one) if is_required(one) else ""


def _needed(one: Field) -> str:
    if isinstance(one, Day):
        return today().isoformat()
    if isinstance(one, Choice):
        return (words_of(one) or [""])[0]
    return str(one.choices[0][1]) if isinstance(one, Chosen) else _like(_refusal(one))


def _asked(one: Field) -> str:
    return next((rule.sentence for rule in one.validators if hasattr(rule, "sentence")), "")


def _like(sentence: str) -> str:
    found = LIKE.search(sentence)
    return found["example"] if found else ""


def match(headings: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Which column of the file is which field, by its heading."""
    known = {plain_name(one.heading): one.name for one in columns} | {
        one.name.replace("_", " "): one.name for one in columns
    }
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if name := known.get(plain_name(heading)):
            found.setdefault(name, place)
    return found
