"""What somebody means with one line: an action, what was decided, a question, a promise; by when, and who.

    action: Gwen renews the certificate by Friday @gwen #security
    decision: The stock system is replaced in spring @carys
    question: Where do the backups go? A second site / The cloud by 3 December @carys
    promise: Wireless at the saw by end of month @gwen

Nothing is kept here: the reading is shown to whoever wrote it, and what is a guess says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from crm.clients.models import DepartmentKind
from crm.core import inputs
from crm.core.lists import folded
from crm.core.twelve import OF, TWELVE, Area
from crm.core.words import listed, worded

LONGEST = 400
A_WEEK = timedelta(days=7)
TITLE = 200  # characters of what a row is called


class LineKind(StrEnum):
    ACTION = "action"
    DECISION = "decision"
    QUESTION = "question"
    PROMISE = "promise"


OPENINGS = {
    "action": LineKind.ACTION, "todo": LineKind.ACTION, "decision": LineKind.DECISION, "decided": LineKind.DECISION,
    "question": LineKind.QUESTION, "ask": LineKind.QUESTION, "promise": LineKind.PROMISE, "promised": LineKind.PROMISE,
}  # fmt: skip
OPENING = re.compile(rf"({'|'.join(OPENINGS)})\s*:\s*", re.IGNORECASE)
TAG = re.compile(r"(?:^|(?<=\s))([@#])([\w.'’-]+)")
DUE = re.compile(r"\b(?:by|until|due|before)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Party:
    """Somebody whom a line may name."""

    key: str  # contact-3 or person-2
    name: str
    client_id: int | None = None  # of a contact
    department: DepartmentKind | None = None
    of_whom: str = ""  # the client's name, where several are in question

    @property
    def is_contact(self) -> bool:
        return self.key.startswith("contact-")

    @property
    def id(self) -> int:
        return int(self.key.partition("-")[2])

    def answers_to(self, tag: str) -> int:
        """How well: 2 by a whole name or both names, 1 by a beginning, 0 not at all."""
        words = folded(self.name).split()
        plain = folded(tag).rstrip(".'’-")
        run = re.sub(r"[.\s'’-]", "", plain)
        if plain in words or run == "".join(words):
            return 2
        return int(any(one.startswith(plain) for one in words) or "".join(words).startswith(run)) if run else 0


@dataclass(frozen=True)
class Said:
    """One line as it is understood."""

    kind: LineKind
    title: str
    who: Party | None
    due: date
    area: Area
    options: tuple[str, ...] = ()
    department: DepartmentKind | None = None
    guessed: frozenset[str] = frozenset()  # which of who, due and area nobody said
    problems: tuple[str, ...] = ()

    @property
    def responsibility_name(self) -> str:
        return OF[self.area].short


@dataclass
class _Parts:
    """A line taken apart while it is read."""

    text: str
    people: Sequence[Party]
    problems: list[str] = field(default_factory=list)
    guessed: set[str] = field(default_factory=set)
    who: Party | None = None
    area: Area | None = None
    department: DepartmentKind | None = None
    due: date | None = None

    def take_tags(self) -> None:
        for sign, tag in TAG.findall(self.text):
            self._person(tag) if sign == "@" else self._place(tag)
        self.text = " ".join(TAG.sub(" ", self.text).split())

    def _person(self, tag: str) -> None:
        ranked = [(one.answers_to(tag), one) for one in self.people]
        best = max((rank for rank, _ in ranked), default=0)
        found = [one for rank, one in ranked if rank == best] if best else []
        if not found:
            self.problems.append(f"Nobody here is called “{tag}”: write a name of theirs, like @gwen or @gwen.parry")
        elif len(found) > 1:
            names = listed(f"{one.name}{f' of {one.of_whom}' if one.of_whom else ''}" for one in found[:4])
            self.problems.append(f"@{tag} may be {names}: write more of the name, like @first.last")
        else:
            self.who = found[0]

    def _place(self, tag: str) -> None:
        plain = tag.lower()
        area = next(
            (row.code for row in TWELVE if plain in {row.code.value.lower(), row.slug, row.short.lower()}), None
        )
        department = next((one for one in DepartmentKind if plain in {one.value, worded(one).lower()}), None)
        if area is None and department is None:
            near = [row.code for row in TWELVE if row.slug.startswith(plain)]
            area = near[0] if len(near) == 1 and len(plain) > 2 else None
        if area is None and department is None:
            self.problems.append(f"#{tag} is none of the twelve areas: write its letters, like #SEC, or its name")
        self.area, self.department = area or self.area, department or self.department

    def take_due(self, today: date) -> None:
        """The last “by …” that is a day."""
        for found in reversed(list(DUE.finditer(self.text))):
            words = self.text[found.end() :].split()
            for many in range(min(4, len(words)), 0, -1):
                try:
                    self.due = inputs.spoken_day(" ".join(words[:many]).rstrip(".;:!?,"), today)
                except ValueError:
                    continue
                rest = " ".join(words[many:])
                self.text = f"{self.text[: found.start()].rstrip(' ,;')} {rest}".strip()
                return

    def guess_who(self) -> None:
        """Whose name the line begins with, where that is one person alone."""
        first = (self.text.split() or [""])[0]
        named = [
            one for one in self.people if first and one.name.split() and folded(one.name.split()[0]) == folded(first)
        ]
        if self.who is None and len(named) == 1:
            self.who = named[0]
            self.guessed.add("who")


def read_line(
    text: str,
    people: Sequence[Party],
    today: date,
    *,
    usual: LineKind = LineKind.ACTION,
    writer: Party | None = None,
    area: Area | None = None,
) -> Said:
    """`usual` is what a line without an opening is; `area` is where its source stands."""
    line = inputs.line(text, at_most=LONGEST)
    opening = OPENING.match(line)
    kind = OPENINGS[opening[1].lower()] if opening else usual
    parts = _Parts(line[opening.end() :] if opening else line, people)
    parts.take_tags()
    parts.take_due(today)
    options: tuple[str, ...] = ()
    if kind is LineKind.QUESTION:
        question, mark, rest = parts.text.partition("?")
        chosen = tuple(one.strip() for one in rest.split("/") if one.strip())
        parts.text, options = question + mark, chosen if len(chosen) > 1 else ("Yes", "No")
    elif kind is not LineKind.DECISION:
        parts.guess_who()
    _check(kind, parts, writer)
    if parts.due is None:
        parts.due = today + A_WEEK
        parts.guessed.add("due")
    if kind is LineKind.PROMISE:
        parts.area = Area.STK  # where every promise is kept
    if parts.area is None:
        parts.guessed.add("area")
    title = parts.text.strip(" ,;")
    title = title[:1].upper() + title[1:]
    if not title:
        parts.problems.append("Say what it is about, like: action: Gwen renews the certificate by Friday")
    elif len(title) > TITLE:
        parts.problems.append(f"Say it in {TITLE} characters, this is {len(title)}")
    department = parts.department or (parts.who.department if parts.who else None)
    return Said(
        kind, title, parts.who, parts.due, parts.area or area or Area.STR, options, department, frozenset(parts.guessed), tuple(parts.problems)
    )  # fmt: skip


def _check(kind: LineKind, parts: _Parts, writer: Party | None) -> None:
    """Who is missing, and whether it may be them."""
    if kind is LineKind.ACTION and parts.who is None and not parts.problems:
        parts.who = writer
        parts.guessed.add("who")
        if writer is None:
            parts.problems.append("Say who does it, like @gwen")
    if kind is LineKind.QUESTION and (parts.who is None or not parts.who.is_contact) and not parts.problems:
        parts.problems.append("Say who of the client decides, like @carys")
    if kind is LineKind.PROMISE and not parts.problems:
        if parts.who is None or not parts.who.is_contact:
            parts.problems.append("Say to whom of the client it was promised, like @gwen")
        elif parts.department is None and parts.who.department is None:
            parts.problems.append(f"No department of {parts.who.name} is known: add it, like #finance or #operations")
