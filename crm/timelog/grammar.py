"""The line that logs time: how long, for whom, what; several entries with `;` between them.

    1.5 BRA SEC board call
    30m brackenhill yesterday supplier call // they want to leave
    2h internal team day; 45m ENG-014 DEL-231 first draft
    #action BRA SEC Gwen renews the certificate

What counts stands in front, in any order: a duration, a day, a client, an area, a deliverable, a kind. The first word that
is none of these begins the note that the client may read; `//` begins the one that only the practice reads. Nothing is
asked of the database and nothing is kept here. The preview is this reading, and what is saved is this reading too.
"""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from crm.core import inputs
from crm.core.codes import engagement_code
from crm.core.errors import Refused
from crm.core.lists import folded
from crm.core.twelve import Area
from crm.timelog import matching
from crm.timelog.models import FOR_NOBODY, TimeKind
from crm.timelog.queries import RECENT, Work
from crm.timelog.reading import Entry, Form, Known, Offer, Opening, Problem, Reading
from crm.timelog.taken import EXAMPLE, Taken
from crm.timelog.tokens import Token, belong_together, day_of, form_of, minutes_of, parts_of

LONGEST, MOST = 1000, 20  # characters of a line, entries in it
KINDS = {kind.value: kind for kind in TimeKind} | {"pre-sales": TimeKind.PRESALES}
ALWAYS_A_KIND = {"goodwill", "billable", "presales", "pre-sales"}  # the others are words of a note, too
SAT = {"with", "in", "on", "down", "through", "at", "beside"}
LITTLE = {"for", "at", "on", "in", "to", "with"}  # between what counts they say nothing
ENGAGEMENT = re.compile(r"eng-?0*([0-9]{1,6})", re.ASCII)
DELIVERABLE = re.compile(r"del-?0*([0-9]{1,6})", re.ASCII)
AS_A_DAY = re.compile(r"[0-9]{1,2}/[0-9]{1,2}(/[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.([0-9]+)?", re.ASCII)  # fmt: skip
AS_A_TIME = re.compile(r"[0-9]+([.,:h][0-9]+)?[a-z]*", re.ASCII)
SPLIT = re.compile(r"-|–|\.\.")
BETWEEN = {"-", "–", "to", "until", "till", ".."}
NO_RANGES = "Say how long it took and on one day; write several days as several entries, like 2 BRA mon; 2 BRA tue"


def read(text: str, known: Known, *, timed: bool = True) -> Reading:
    """What a line says. Raises Refused for a line that is none; whatever else is wrong stands in its entries.

    `timed` is false where no duration is asked: a timer finds it out.
    """
    try:
        line = inputs.line(text, at_most=LONGEST)
    except ValueError as error:
        raise Refused(str(error), "line") from None
    parts = parts_of(line)
    if not parts:
        raise Refused(f"Write how long, for whom and what, like {EXAMPLE}", "line")
    if len(parts) > MOST:
        raise Refused(f"Write at most {MOST} entries in one line, this is {len(parts)}", "line")
    entries: list[Entry] = []
    opening: Opening | None = None
    for tokens in parts:
        part = _Part(line, tokens, known, timed=timed)
        entry, opened = part.read(entries[-1] if entries else None, already=opening is not None)
        entries += [entry] if entry else []
        opening = opened or opening
    return Reading(line, tuple(entries), opening)


Deed = Callable[[], None]


class _Part(Taken):
    """One entry while it is read, from the front: what counts is taken, the rest is the note."""

    def read(self, before: Entry | None, *, already: bool) -> tuple[Entry | None, Opening | None]:
        """The entry, the form that it opens, or both. What opens a form may stand for the client of the entry before."""
        internal = next((n for n, one in enumerate(self.tokens) if one.text.startswith("//")), len(self.tokens))
        mark = next((n for n, one in enumerate(self.tokens[:internal]) if form_of(one)), None)
        front = self.tokens[: internal if mark is None else mark]
        rest = self._take(front)
        self.notes += [self._said(rest)] if rest else []
        note = self._internal(self.tokens[internal:])
        if mark is None or (form := form_of(self.tokens[mark])) is None:
            return self.entry(note), None
        is_entry = self.minutes is not None
        entry = self.entry(note) if is_entry else None
        behind = self.tokens[mark + 1 : internal]
        about = _Part(self.line, behind, self.known, works=list(self.works), area=self.area, named=self.named)
        about.minutes, about.day, about.kind = 0, self.known.today, TimeKind.BILLABLE  # no time is told behind the mark
        told = " ".join([*about.notes, about._said(about._take(behind))]).strip()
        return entry, self._opening(form, about, told, before, is_entry=is_entry, already=already)

    def _opening(
        self, form: Form, about: "_Part", told: str, before: Entry | None, *, is_entry: bool, already: bool
    ) -> Opening:
        front = " ".join(self.notes)
        problems = list(about.problems) if is_entry else [*self.problems, *about.problems]
        if not told:
            told, front = front, ""
        if front and not is_entry:
            problems.append(Problem(f"Say how long it took, or leave out “{_short(front)}” before #{form}"))
        if already:
            problems.append(Problem("Write one form in a line: one of #decision, #risk, #promise and #action"))
        work = about.work or (before.work if before and not about.works else None)
        if work is None and not any(one.offers for one in problems):
            problems.append(about.whose(f"Say for which client it is, like #{form} BRA …"))
        area = about.area or (before.area if before and work is before.work else None)
        return Opening(form, told, work, area or (work.usual_area if work else None), tuple(problems))

    # What counts, from the front

    def _take(self, tokens: list[Token]) -> list[Token]:
        """Take what counts; gives back the words of the note."""
        at = 0
        while at < len(tokens):
            if tokens[at].is_quoted:
                self.notes.append(tokens[at].said)
                at += 1
                continue
            found = self._find(tokens, at)
            if found is None and folded(tokens[at].word) in LITTLE and at + 1 < len(tokens):
                found = self._find(tokens, at + 1)
                at += found is not None
            if found is None:
                break
            used, deed = found
            deed()
            at += used
        return tokens[at:]

    def _find(self, tokens: list[Token], at: int, *, ahead: bool = False) -> tuple[int, Deed] | None:
        """What begins at a word: how many words, and what they do. `ahead` looks whether something counts, no further."""
        if tokens[at].is_quoted:
            return (1, _nothing) if ahead else None
        for way in (self._range, self._marked, self._a_code, self._a_day, self._a_duration):
            if (found := way(tokens, at)) is not None:
                return found
        for guess in (self._a_kind, self._an_area, self._a_name, self._a_deliverable):
            if (found := guess(tokens, at, ahead)) is not None:
                return found
        return None

    def _range(self, tokens: list[Token], at: int) -> tuple[int, Deed] | None:
        """From when to when, or from which day to which: refused."""
        word = tokens[at].word
        halves = SPLIT.split(word)
        apart = [one.word for one in tokens[at : at + 3]]
        if not day_of(word, self.known) and len(halves) == 2 and all(self._is_a_time(one) for one in halves):
            used = 1
        elif (
            len(apart) == 3 and apart[1].lower() in BETWEEN and self._is_a_time(apart[0]) and self._is_a_time(apart[2])
        ):
            used = 3
        else:
            return None
        ends = (halves[0], halves[-1]) if used == 1 else (apart[0], apart[2])
        if self.minutes is not None and not any(day_of(one, self.known) for one in ends):
            return None  # numbers in a note
        return used, lambda: self.problems.append(Problem(NO_RANGES))

    def _is_a_time(self, word: str) -> bool:
        return bool(AS_A_TIME.fullmatch(word.lower()) or AS_A_DAY.fullmatch(word) or day_of(word, self.known))

    def _marked(self, tokens: list[Token], at: int) -> tuple[int, Deed] | None:
        """#SEC, #security: an area, without a doubt."""
        word = tokens[at].word
        if not word.startswith("#") or len(word) < 2:
            return None
        area = matching.area(word[1:])
        if area is None:
            said = f"{word} is none of the twelve areas, and none of #decision, #risk, #promise and #action"
            return 1, lambda: self.problems.append(Problem(said))
        return 1, lambda: self.keep_area(area)

    def _a_code(self, tokens: list[Token], at: int) -> tuple[int, Deed] | None:
        """BRA, ENG-014, DEL-231, SEC. While no client is named, a client's code goes before an area's."""
        token, word = tokens[at], tokens[at].word
        plain = folded(word)
        if found := DELIVERABLE.fullmatch(plain):
            return 1, lambda: self.keep_owed(int(found[1]), word)
        if found := ENGAGEMENT.fullmatch(plain):
            code = engagement_code(int(found[1]))
            return 1, lambda: self.keep_works([one for one in self.known.works if one.code == code], token)
        of_client = [one for one in self.known.works if folded(one.client_code) == plain]
        if of_client and (not self.works or word == word.upper()) and not self._is_the_area(plain):
            return 1, lambda: self.keep_works(of_client, token)
        area = next((one for one in Area if one.value == word.upper()), None)
        if area and (self.area is None or self.area is area):
            return 1, lambda: self.keep_area(area)
        return None

    def _is_the_area(self, plain: str) -> bool:
        """Whether the letters of a client's code mean the area that is called the same: a client is named already."""
        return bool(self.works) and plain.upper() in set(Area)

    def _a_day(self, tokens: list[Token], at: int) -> tuple[int, Deed] | None:
        if self.day is not None or self._is_a_verb(tokens, at):
            return None
        for used in (3, 2, 1):
            words = [one.word for one in tokens[at : at + used]]
            if len(words) == used and (day := day_of(" ".join(words), self.known)):
                return used, partial(self.keep_day, day)
        word = tokens[at].word
        if folded(word) == "tomorrow":  # no word of a note, and refused like every day to come
            return 1, partial(self.keep_day, self.known.today + timedelta(1))
        if AS_A_DAY.fullmatch(word):
            return 1, lambda: self.no_day(word)
        return None

    def _is_a_verb(self, tokens: list[Token], at: int) -> bool:
        """Sat with the board: no Saturday."""
        then = tokens[at + 1].word.lower() if at + 1 < len(tokens) else ""
        return bool(self.works) and tokens[at].text.lower() == "sat" and then in SAT

    def _a_duration(self, tokens: list[Token], at: int) -> tuple[int, Deed] | None:
        if self.minutes is not None:
            return None
        for used in (2, 1):
            words = [one.word for one in tokens[at : at + used]]
            if len(words) == used and (used == 1 or belong_together(*words)):
                minutes = minutes_of("".join(words))
                if minutes is not None:
                    return used, partial(self.keep_minutes, minutes)
        word = tokens[at].word
        if AS_A_TIME.fullmatch(word.lower()) and not word.isalpha() and self.timed and at == 0:
            return 1, lambda: self.no_duration(word)
        return None

    def _a_kind(self, tokens: list[Token], at: int, ahead: bool) -> tuple[int, Deed] | None:
        """Goodwill, training and the others; where it may as well be a word of the note, one is asked."""
        word = folded(tokens[at].word)
        if self.kind is not None or word not in KINDS:
            return None
        if ahead:
            return 1, _nothing
        is_clear = word in ALWAYS_A_KIND or not self.works or self._stands_alone(tokens, at, 1)
        return 1, lambda: self.keep_kind(KINDS[word], tokens[at], is_clear=is_clear)

    def _an_area(self, tokens: list[Token], at: int, ahead: bool) -> tuple[int, Deed] | None:
        """An area by its name. Where the note goes on with it, it says the area and stays in the note."""
        if self.area is not None:
            return None
        for used in range(min(6, len(tokens) - at), 0, -1):
            found = matching.area(" ".join(one.word for one in tokens[at : at + used]), at_least=4)
            if found is None:
                continue
            if ahead or self._stands_alone(tokens, at, used):
                return used, partial(self.keep_area, found)
            self.area = self.area or (found if self.works and all(found in one.areas for one in self.works) else None)
            self.guessed |= {"area"} if self.area else set()
            return None
        return None

    def _a_name(self, tokens: list[Token], at: int, ahead: bool) -> tuple[int, Deed] | None:
        """A client or an engagement by its name, as it is written or nearly."""
        if self.work is not None or (ahead and self.works):
            return None
        among = self.works or list(self.known.works)
        hits: matching.Hits[Work] = matching.Hits()
        used = 0
        for many in range(min(5, len(tokens) - at), 0, -1):
            words = " ".join(one.word for one in tokens[at : at + many])
            tried = matching.best(words, among, matching.name_of_work)
            if tried.score > hits.score:
                hits, used = tried, many
        least = matching.SURE if self.works else matching.WORD if self.kind in FOR_NOBODY else matching.ASKED
        if hits.score < least or (hits.score < matching.SURE and self._is_named_by_code(tokens[at + used :])):
            return None
        named = tuple(tokens[at : at + used])
        return used, lambda: self.keep_name(hits, named)

    def _is_named_by_code(self, tokens: Sequence[Token]) -> bool:
        codes = {code for one in self.known.works for code in (folded(one.client_code), folded(one.code))}
        return any(folded(one.word) in codes for one in tokens)

    def _a_deliverable(self, tokens: list[Token], at: int, ahead: bool) -> tuple[int, Deed] | None:
        """A deliverable by its title, as it is written or nearly; never by half of it."""
        if self.owed is not None or self.work is None or ahead:
            return None
        owed = self.work.owed
        for used in range(min(10, len(tokens) - at), 0, -1):
            hits = matching.best(" ".join(one.word for one in tokens[at : at + used]), owed, matching.title_of_owed)
            if hits.score >= matching.SURE and len(hits.found) == 1 and self._stands_alone(tokens, at, used):
                return used, partial(self.keep_titled, hits.found[0])
            if hits.score >= matching.SURE:
                offers = tuple(Offer(f"{one.code} {one.title}", self.with_before(tokens[at], one.code)) for one in hits.found[:RECENT])  # fmt: skip
                self.hints.append(Problem("Is it for a deliverable?", offers))
                return None
        return None

    def _stands_alone(self, tokens: list[Token], at: int, used: int) -> bool:
        """Whether words end a part: by a comma, the end, or something that counts behind them."""
        if tokens[at + used - 1].is_last_of_its_part or at + used >= len(tokens):
            return True
        return self._find(tokens, at + used, ahead=True) is not None

    # The notes

    def _said(self, tokens: Sequence[Token]) -> str:
        """Words as they stand in the line; one quoted text without its quotes."""
        if not tokens:
            return ""
        return (
            tokens[0].said
            if len(tokens) == 1 and tokens[0].is_quoted
            else self.line[tokens[0].begins : tokens[-1].ends]
        )

    def _internal(self, tokens: Sequence[Token]) -> str:
        """What stands behind //."""
        if not tokens:
            return ""
        first = tokens[0]
        rest = Token(first.text[2:], first.begins + 2, first.ends)
        return self._said([*([rest] if rest.text else []), *tokens[1:]]).strip()


def _nothing() -> None:
    """What is only looked at."""


def _short(text: str) -> str:
    return text if len(text) < 40 else f"{text[:38]}…"
