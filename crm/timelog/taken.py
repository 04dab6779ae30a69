"""What was taken of one entry while its line is read: kept without a contradiction, then settled into the entry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crm.core.lists import folded
from crm.core.twelve import OF, Area
from crm.core.words import listed
from crm.timelog import matching
from crm.timelog.models import FOR_NOBODY, TimeKind
from crm.timelog.queries import RECENT, Owed, Work
from crm.timelog.reading import Entry, Known, Offer, Problem
from crm.timelog.tokens import Token, day_of, form_of, minutes_of, quoted

NOTE, INTERNAL = 500, 2000  # characters that each may hold
EXAMPLE = "1.5 BRA SEC board call"


@dataclass
class Taken:
    """What an entry says so far, and what is wrong in it."""

    line: str
    tokens: list[Token]
    known: Known
    timed: bool = True
    minutes: int | None = None
    day: date | None = None
    kind: TimeKind | None = None
    area: Area | None = None
    owed: Owed | None = None
    works: list[Work] = field(default_factory=list)  # more than one: not yet clear which
    named: tuple[Token, ...] = ()  # what named them
    notes: list[str] = field(default_factory=list)
    guessed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    hints: list[Problem] = field(default_factory=list)

    @property
    def work(self) -> Work | None:
        return self.works[0] if len(self.works) == 1 else None

    # Each thing once

    def keep_area(self, area: Area) -> None:
        if self.area not in {None, area}:
            self.problems.append(Problem(f"Two areas are named: {self.area} and {area}"))
        self.area = area

    def keep_works(self, found: list[Work], token: Token) -> None:
        """What was named; a second name makes the first one plainer, or contradicts it."""
        if not found:
            self.problems.append(self.whose(f"{token.word} is no engagement on which you log time"))
            return
        both = [one for one in found if one in self.works] if self.works else found
        if not both:
            said = f"{self.works[0].name} and {found[0].name}"
            self.problems.append(Problem(f"Two clients are named, {said}: write one, or two entries with ; between"))
            return
        self.works, self.named = both, (token,)

    def keep_owed(self, number: int, word: str) -> None:
        """A deliverable, named by its code; it says the engagement too."""
        found = [(work, one) for work in self.known.works for one in work.owed if one.number == number]
        if not found:
            self.problems.append(Problem(f"{word} is no open deliverable of an engagement on which you log time"))
            return
        work, self.owed = found[0]
        if self.works and work not in self.works:
            self.problems.append(
                Problem(f"{self.owed.code} is a deliverable of {work.name}, not of {self.works[0].name}")
            )
        elif not self.works or self.work is None:
            self.works = [work]

    def keep_day(self, day: date) -> None:
        self.day = day

    def keep_minutes(self, minutes: int) -> None:
        self.minutes = minutes

    def keep_titled(self, owed: Owed) -> None:
        self.owed = owed

    def no_day(self, word: str) -> None:
        """It stands for a day all the same, so that one problem is told and not two."""
        self.day = self.known.today
        self.problems.append(Problem(f"{word} is no day of the calendar"))

    def no_duration(self, word: str) -> None:
        self.minutes = 0
        offers = (Offer(f"{word} minutes", f"{word}m{self.line[len(word) :]}"),) if word.isdigit() else ()
        said = f"{word} is no duration up to 24 hours: write 2.5, 6:30, 6h30, 15m or 0.2d"
        self.problems.append(Problem(said, offers if self.line.startswith(word) else ()))

    def keep_kind(self, kind: TimeKind, token: Token, *, is_clear: bool) -> None:
        self.kind = kind
        if not is_clear:
            offers = (
                Offer(f"{kind.value.capitalize()} time", self.instead(token, f"{token.word},")),
                Offer("A word of the note", self.with_rest_quoted(token)),
            )
            self.problems.append(Problem(f"Is “{token.word}” the kind of time, or does the note begin there?", offers))

    def keep_name(self, hits: matching.Hits[Work], named: tuple[Token, ...]) -> None:
        said = self.line[named[0].begins : named[-1].ends].rstrip(",:")
        if hits.score < matching.SURE:
            self.works, self.named = [], named
            offers = self.offers(hits.found, named)
            self.problems.append(Problem(f"Nobody is called “{said}” quite so. Is it one of these?", offers))
        elif self.works:
            self.works = list(hits.found) if len(hits.found) == 1 else self.works
        else:
            self.works, self.named = list(hits.found), named

    # All together

    def entry(self, note: str) -> Entry:
        """All that was taken, with what is missing or contradicts itself; `note` is the one that only the practice reads."""
        if self.minutes is None and self.timed:
            self._duration_at_the_end()
        if self.minutes is None and self.timed:
            self.problems.append(Problem(f"Say first how long it took, like {EXAMPLE}"))
        if self.day and self.day > self.known.today:
            self.problems.append(Problem("That day is still to come. Log time for today or an earlier day."))
        client_note = " ".join(one for one in self.notes if one).strip()
        for text, most, of in ((client_note, NOTE, "note"), (note, INTERNAL, "internal note")):
            if len(text) > most:
                self.problems.append(Problem(f"Write at most {most} characters in the {of}, this is {len(text)}"))
        is_ours = not self.works and self.kind in FOR_NOBODY and not self.owed
        work, kind = self.work, self.kind
        if is_ours:
            self._ours(client_note)
        elif work is None:
            self._unclear(client_note)
        else:
            kind = kind or TimeKind.BILLABLE
            self._settle_area(work)
        guessed = self.guessed | ({"day"} if self.day is None else set())
        self._overlooked(client_note)
        minutes = self.minutes or None
        return Entry(
            minutes, self.day or self.known.today, work, kind, None if is_ours else self.area, self.owed, client_note, note,
            frozenset(guessed), tuple(self.problems), tuple(self.hints),
        )  # fmt: skip

    def _duration_at_the_end(self) -> None:
        """One may say last how long it took, where it cannot be a number of the note: 1.5, 6:30, 15m."""
        words = self.notes[-1].split() if self.notes else []
        if words and not words[-1].isdigit() and (minutes := minutes_of(words[-1])) is not None:
            self.minutes = minutes
            self.notes[-1] = self.notes[-1][: -len(words[-1])].rstrip(" ,:")

    def _ours(self, client_note: str) -> None:
        """Practice time has neither client nor area; a client in its note was perhaps meant."""
        if self.area is not None and "area" not in self.guessed:
            self.problems.append(Problem(f"Time without a client has no area: leave out {self.area}, or say for whom"))
        self.area = None
        self.guessed.discard("area")
        if found := self._in_the_note(client_note):
            self.hints.append(self.whose("Is it for a client?", found))

    def _unclear(self, client_note: str) -> None:
        """Nobody said for whom, or not clearly enough."""
        if self.works:
            said = " ".join(one.word for one in self.named)
            named = listed(f"{one.code} {one.title}" for one in self.works[:RECENT])
            offers = self.offers(self.works, self.named)
            self.problems.append(Problem(f"“{said}” may be {named}: write the code", offers))
        elif not any(one.offers for one in self.problems):
            self.problems.append(self.whose(f"Say for whom, like {EXAMPLE}", self._in_the_note(client_note)))

    def _in_the_note(self, client_note: str) -> list[Work]:
        words = set(re.findall(r"\w+", folded(client_note)))
        return [one for one in self.known.works if words & {folded(one.client_code), folded(one.client).split()[0]}]

    def _settle_area(self, work: Work) -> None:
        """The area that was said, or that of the deliverable, or the one used last there; always one in scope."""
        if self.owed and self.area is not None and "area" in self.guessed:
            self.area = None
            self.guessed.discard("area")
        if self.owed and self.area not in {None, self.owed.area}:
            self.problems.append(Problem(f"{self.owed.code} belongs to {OF[self.owed.area].short}, not to {self.area}"))
        if self.owed and self.area is None:
            self.area = self.owed.area
        if self.area is None:
            self.area = work.usual_area
            self.guessed.add("area")
        if self.area not in work.areas:
            ours = listed(OF[one].short for one in work.areas) or "nothing"
            self.problems.append(
                Problem(f"{self.area or 'An area'} is not in scope at {work.name}, where we have {ours}")
            )

    def _overlooked(self, client_note: str) -> None:
        """A day at the end of the note counts as a word of it: said, since it may have been meant otherwise."""
        last = client_note.rsplit(maxsplit=1)[-1] if client_note else ""
        if self.day is None and last and day_of(last, self.known):
            said = f"“{last}” stands in the note. Write it before the note to log on that day."
            self.hints.append(Problem(said))

    # What was perhaps meant

    def instead(self, token: Token, text: str) -> str:
        return f"{self.line[: token.begins]}{text}{self.line[token.ends :]}"

    def with_before(self, token: Token, text: str) -> str:
        return f"{self.line[: token.begins]}{text} {self.line[token.begins :]}"

    def with_rest_quoted(self, token: Token) -> str:
        """From this word to the end of the note in quotes."""
        end = next((one.begins for one in self.tokens if one.begins > token.begins and one.text.startswith("//")), None)
        end = self.tokens[-1].ends if end is None else end
        note = self.line[token.begins : end].rstrip()
        return f"{self.line[: token.begins]}{quoted(note)}{self.line[token.begins + len(note) :]}"

    def offers(self, works: Sequence[Work], named: Sequence[Token]) -> tuple[Offer, ...]:
        begins, ends = named[0].begins, named[-1].ends
        return tuple(
            Offer(f"{one.name}, {one.code}", f"{self.line[:begins]}{one.code}{self.line[ends:]}")
            for one in works[:RECENT]
        )

    def whose(self, says: str, works: Sequence[Work] = ()) -> Problem:
        """Engagements to choose from, put where the note begins or at the end of what was taken."""
        first = self.tokens[0] if self.tokens else None
        if first is None:
            return Problem(says)
        lead = first if form_of(first) or minutes_of(first.word) is not None else None
        at = lead.ends if lead else first.begins
        before, behind = self.line[:at], self.line[at:].lstrip() if not lead else self.line[at:]
        glue = " " if lead else ""
        return Problem(
            says,
            tuple(
                Offer(f"{one.name}, {one.code}", f"{before}{glue}{one.code}{'' if lead else ' '}{behind}")
                for one in (works or self.known.works)[:RECENT]
            ),
        )
