"""The words of a line that logs time, and what a word says by itself: a duration, a day, a form."""

import re
from dataclasses import dataclass
from datetime import date

from crm.core import inputs
from crm.core.lists import folded
from crm.timelog.reading import Form, Known

PIECE = re.compile(r'"(?:[^"]|"")*"|“[^”]*”|;|[^\s;]+')


@dataclass(frozen=True)
class Token:
    """A word of the line, or a quoted text, and where it stands."""

    text: str
    begins: int
    ends: int

    @property
    def is_quoted(self) -> bool:
        return len(self.text) > 1 and self.text[0] in '"“' and self.text[-1] in '"”'

    @property
    def word(self) -> str:
        return self.text.rstrip(",:")

    @property
    def is_last_of_its_part(self) -> bool:
        return self.text != self.word

    @property
    def said(self) -> str:
        """A quoted text without its quotes."""
        return self.text[1:-1].replace('""', '"') if self.text[0] == '"' else self.text[1:-1]


def parts_of(line: str) -> list[list[Token]]:
    """The words of each entry."""
    parts: list[list[Token]] = [[]]
    for found in PIECE.finditer(line):
        if found[0] == ";":
            parts.append([])
        else:
            parts[-1].append(Token(found[0], found.start(), found.end()))
    return [one for one in parts if one]


def form_of(token: Token) -> Form | None:
    """#decision, #risk and the others; None for any other word."""
    word = token.word.lower()
    return Form(word[1:]) if word[:1] == "#" and word[1:] in set(Form) else None


def minutes_of(text: str) -> int | None:
    """A duration in minutes; None for what is none."""
    try:
        return inputs.duration(text)
    except ValueError:
        return None


def belong_together(first: str, second: str) -> bool:
    """1h 30m, 2 hours, 90 min: two words of one duration."""
    units = ("h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "minutes", "d", "day", "days")
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", first, re.ASCII):
        return second.lower() in units
    return bool(re.fullmatch(r"[0-9]+h", first.lower(), re.ASCII) and re.fullmatch(r"[0-9]+(m|min)?", second.lower(), re.ASCII))  # fmt: skip


def day_of(text: str, known: Known) -> date | None:
    """A day, where the words are one. What is also a client's code is the client's."""
    words = set(folded(text).split())
    if any(folded(one.client_code) in words for one in known.works):
        return None
    try:
        return inputs.worked_day(text, known.today, day_first=known.day_first)
    except ValueError:
        return None


def quoted(text: str) -> str:
    """The text as PIECE takes it for one piece."""
    return '"' + text.replace('"', '""') + '"'
