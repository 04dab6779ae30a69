"""The fields of a register's form as columns of a sheet: how a value is told in a cell, and how a cell is answered.

Import and typing share the form, so they share its rules; here stands only how words of a sheet become its answers.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field

from crm.clients.models import Client, Contact
from crm.core.forms import OURS, Choice, Chosen, Day, Line, Parsed, Prose, Sum, Tick
from crm.core.lists import FORMULA, safe_cell
from crm.core.tables import plain
from crm.core.words import worded
from crm.core.workbook import Money
from crm.people.models import Person
from crm.registers.forms import (
    ConsultantChoice,
    ContactChoice,
    EngagementChoice,
    EntryForm,
    PartyChoice,
    RowChoice,
    YesNo,
)
from crm.registers.models import RegisterEntry
from crm.timelog.imports.cells import NUMBERS, Evidence, moment

YES, NO = "yes", "no"
SHOWN = 14  # allowed words that a sentence names; more stand in the template
TO_BE_FOUND = (ContactChoice, ConsultantChoice, PartyChoice, RowChoice, EngagementChoice)
BROKEN = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME|NUM|NULL)[!?]?")


@dataclass(frozen=True)
class Offer:
    """Whom and what the rows of a client may name: loaded once, however many rows are told or read."""

    client: Client
    contacts: Sequence[Contact]
    persons: Sequence[Person]
    rows: Mapping[str, Sequence[RegisterEntry]] = field(default_factory=dict)  # by their kind
    engagements: Mapping[int, str] = field(default_factory=dict)  # what each is called

    def fill(self, form: EntryForm) -> None:
        form.offer(self.client, self.contacts, self.persons)
        for named in form.of_rows:
            named.of((one.id, one.label) for one in self.rows[named.of_kind])
        for tracked in form.of_engagements:
            tracked.of(self.engagements.items())


def fields_of(form: EntryForm) -> Iterator[Field]:
    return (one for one in form if one.name not in OURS)


def is_required(one: Field) -> bool:
    """Whether an empty cell is refused: it is not where typing begins with an answer."""
    return bool(getattr(one, "ask", "") or one.flags.required) and one.default is None


# Telling: a value of a row as a cell.


def told(value: Any, *, is_sum: bool = False) -> Any:
    """A value as a sheet keeps it: a day is a day, a number a number, and what is several is a list with commas."""
    empty: tuple[Any, ...] = (None, "", [])
    match value:
        case _ if value in empty:
            cell: Any = None
        case int() if is_sum:
            cell = Money(value)
        case bool():
            cell = YES if value else NO
        case list():
            cell = safe_cell(", ".join(str(told(one)) for one in value))
        case Enum():
            cell = safe_cell(worded(str(value.value)))
        case int() | Decimal() | date():
            cell = value
        case _:
            cell = safe_cell(value)
    return cell


class Teller:
    """The rows of a register as lines that the import reads back."""

    def __init__(self, form: EntryForm, offer: Offer) -> None:
        self.fields = list(fields_of(form))
        self.words = {one.name: _said(one, offer) for one in self.fields if isinstance(one, Choice | Chosen)}

    def line(self, row: RegisterEntry) -> list[Any]:
        return [self._cell(one, getattr(row, one.name)) for one in self.fields]

    def _cell(self, one: Field, value: Any) -> Any:
        if isinstance(one, YesNo) and isinstance(value, bool):
            return YES if value else NO
        if isinstance(one, Choice) and value is not None:
            return safe_cell(self.words[one.name].get(str(value), ""))
        if isinstance(one, Chosen):
            return safe_cell(", ".join(self.words[one.name][str(key)] for key in value or ()))
        if isinstance(value, list):
            return safe_cell("\n".join(str(part) for part in value))
        return told(value, is_sum=isinstance(one, Sum) and value is not None)


# Reading: a cell as the answer of a field.


@dataclass
class Answers:
    """What the cells of one line answer, and what is wrong with them or worth a look."""

    said: MultiDict[str, str] = field(default_factory=MultiDict)
    problems: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


class Reader:
    """Lines of a sheet through the register's own form, which is made once and filled anew for each."""

    def __init__(self, form: EntryForm, offer: Offer, lines: Sequence[Mapping[str, str]]) -> None:
        self.form, self.offer = form, offer
        self.fields = {one.name: one for one in fields_of(form)}
        self.found = {name: _lookup(one, offer) for name, one in self.fields.items() if isinstance(one, Choice)}
        self.orders = {name: _order(lines, name) for name, one in self.fields.items() if isinstance(one, Day)}

    def read(self, cells: Mapping[str, str]) -> Answers:
        """Fill the form with a line, and say what is wrong with it by the name of the field."""
        answers = Answers()
        for name, one in self.fields.items():
            text = unguarded(cells.get(name, "").strip())
            if BROKEN.fullmatch(text):
                answers.problems[name] = "The spreadsheet could not work this cell out: write what it should say"
            elif text:
                self._answer(one, text, answers)
            elif one.default is not None:
                answers.said[name] = _first(one)
        self.form.process(answers.said)
        self.form.trouble = ""
        if not self.form.validate():
            for name, errors in self.form.errors.items():
                if name in self.fields:
                    answers.problems.setdefault(name, str(errors[0]))
        if self.form.trouble:
            answers.problems.setdefault("", self.form.trouble)
        return answers

    def _answer(self, one: Field, text: str, answers: Answers) -> None:
        try:
            if isinstance(one, Choice):
                self._choose(one, text, answers)
            elif isinstance(one, Chosen):
                answers.said.setlist(one.name, list(_several(one, text)))
            elif isinstance(one, Day):
                answers.said[one.name] = _day(text, self.orders[one.name])
            else:
                answers.said[one.name] = _typed(one, text)
        except ValueError as error:
            answers.problems[one.name] = str(error)
            answers.said[one.name] = text

    def _choose(self, one: Choice, text: str, answers: Answers) -> None:
        keys = self.found[one.name].get(plain(text), ())
        if len(keys) == 1:
            answers.said[one.name] = keys[0][0]
            if isinstance(one, TO_BE_FOUND):
                one.of(keys)  # looked up already: a long list is not gone through again
            return
        by_name = one.name.replace("_party", "_name")
        if not keys and isinstance(one, PartyChoice) and by_name in self.fields and "@" not in text:
            if by_name not in answers.said:
                answers.said[by_name] = text
                answers.remarks[one.name] = "Nobody in the lists has this name: it is taken as a plain name"
            return
        raise ValueError(_unknown(one, text, self.offer, several=len(keys)))


def _lookup(one: Choice, offer: Offer) -> dict[str, list[tuple[str, str]]]:
    """What each word leads to: the words of a fixed list, names and mail addresses of people, names of rows."""
    found: dict[str, list[tuple[str, str]]] = {}
    mails = _mails(one, offer)
    for key, text in one.choices:
        if not key:
            continue
        other = (
            text.partition(",")[0]
            if isinstance(one, EngagementChoice)
            else mails.get(key, "")
            if isinstance(one, TO_BE_FOUND)
            else key
        )
        for word in {plain(text), plain(other)} - {""}:
            found.setdefault(word, []).append((key, text))
    return found


def _mails(one: Field, offer: Offer) -> dict[str, str]:
    """The mail addresses of whom one may choose, by the key of the choice."""
    contact, person = ("", "") if not isinstance(one, PartyChoice) else ("contact-", "person-")
    found: dict[str, str] = {}
    if isinstance(one, ContactChoice | PartyChoice):
        found |= {f"{contact}{each.id}": each.email or "" for each in offer.contacts}
    if isinstance(one, ConsultantChoice | PartyChoice):
        found |= {f"{person}{each.id}": each.email or "" for each in offer.persons}
    return found


def _said(one: Field, offer: Offer) -> dict[str, str]:
    """How each choice is told: by its words, and people of one name by their mail address."""
    mails, times = _mails(one, offer), Counter(plain(text) for _, text in one.choices)
    return {str(key): mails.get(key) or text if times[plain(text)] > 1 else text for key, text in one.choices}


def _unknown(one: Choice, text: str, offer: Offer, *, several: int) -> str:
    said = f"“{text[:60]}”"
    if several:
        tell = "give one of them another name" if isinstance(one, RowChoice) else "write the mail address"
        return f"{said} is the name of {several}: {tell}"
    if isinstance(one, RowChoice):
        return f"{said} is no row of that list in use: write its name as it stands there, or add it first"
    if isinstance(one, EngagementChoice):
        return f"{said} is no engagement of {offer.client.name} that you see: write its code, like ENG-014"
    if isinstance(one, TO_BE_FOUND):
        ours = "" if isinstance(one, ContactChoice) else " or somebody of the practice"
        return f"{said} is not in the list: write the name or mail address of a contact of {offer.client.name}{ours}" if not isinstance(
            one, ConsultantChoice) else f"{said} is not in the list: write the name or mail address of somebody of the practice"  # fmt: skip
    return f"{said} is not allowed: write {either(words_of(one))}"


def _several(one: Chosen, text: str) -> Iterator[str]:
    known = {plain(word): key for key, label in one.choices for word in (key, label)}
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        if plain(part) not in known:
            raise ValueError(
                f"“{part.strip()[:60]}” is not allowed: write {either([label for _, label in one.choices])}"
            )
        yield known[plain(part)]


def _order(lines: Sequence[Mapping[str, str]], name: str) -> Any:
    """Whether a column of dates begins with the day or the month, told by the whole of it."""
    evidence = Evidence()
    for one in lines:
        evidence.hear(one.get(name, ""))
    return evidence.order


def _day(text: str, order: Any) -> str:
    first = NUMBERS.match(plain(text))
    if order is None and first and int(first[1]) <= 12 and int(first[3]) <= 12 and first[1] != first[3]:
        raise ValueError(f"“{text[:20]}” could be two days: write it like 2026-11-20")
    try:
        return moment(text, order).day.isoformat()
    except ValueError as error:
        raise ValueError(f"{error}: write it like 2026-11-20") from None


def _typed(one: Field, text: str) -> str:
    """A number without what sheets put around it; text as it stands."""
    if isinstance(one, Prose | Line) or not isinstance(one, Parsed):
        return text
    bare = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text.replace("\u00a0", " ")).removesuffix("%").strip()
    return re.sub(r"^(-?[0-9]+)\.0+$", r"\1", bare)


def _first(one: Field) -> str:
    """What the form begins with where nothing is typed."""
    value = one.default() if callable(one.default) else one.default
    return value.isoformat() if isinstance(value, date) else str(value)


def unguarded(text: str) -> str:
    """Without the sign that our exports put before what a spreadsheet could take for a formula."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def words_of(one: Field) -> list[str]:
    if isinstance(one, Tick | YesNo):
        return [YES, NO]
    if isinstance(one, Choice) and not isinstance(one, TO_BE_FOUND):
        return [text for key, text in one.choices if key]
    return []


def either(words: Sequence[str]) -> str:
    if len(words) > SHOWN:
        return "one of the words in the template"
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
