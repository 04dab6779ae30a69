"""Two versions side by side: what is new, gone, changed and kept, line by line and word by word."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from crm.core.words import listed, plural

SAME, NEW, GONE, CHANGED = "same", "new", "gone", "changed"
LINES = 2000  # that are compared one by one; where more differ, the one text is shown after the other
WORDS = 600  # of a paragraph that are compared one by one; what is longer is shown as gone and new


@dataclass(frozen=True)
class Piece:
    """Some words of a line, and whether they stand in both."""

    kind: str
    text: str


@dataclass(frozen=True)
class Block:
    """A line that is new, gone or changed, or a run of lines that stand in both."""

    kind: str
    pieces: tuple[Piece, ...]
    lines: int = 1


def lines_of(old: str, new: str) -> list[Block]:
    """From the older text to the newer one. Empty lines part paragraphs and are not compared."""
    before, after = _filled(old), _filled(new)
    begins = _alike(before, after)
    ends = _alike(before[begins:][::-1], after[begins:][::-1])
    middle, other = before[begins : len(before) - ends], after[begins : len(after) - ends]
    found = _same(before[:begins])
    if max(len(middle), len(other)) > LINES:
        found += [Block(GONE, (Piece(GONE, one),)) for one in middle] + [
            Block(NEW, (Piece(NEW, one),)) for one in other
        ]
    else:
        for tag, a, b, c, d in SequenceMatcher(None, middle, other).get_opcodes():
            found += _same(middle[a:b]) if tag == "equal" else _changed(middle[a:b], other[c:d])
    return found + _same(before[len(before) - ends :])


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the beginning stand in both."""
    return next(
        (n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]),
        min(len(before), len(after)),
    )


def _same(lines: Sequence[str]) -> list[Block]:
    return [Block(SAME, tuple(Piece(SAME, line) for line in lines), len(lines))] if lines else []


def _filled(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterable[Block]:
    for old, new in zip_longest(before, after):
        if old is None:
            yield Block(NEW, (Piece(NEW, new),))
        elif new is None:
            yield Block(GONE, (Piece(GONE, old),))
        else:
            yield from _line(old, new)


def _line(old: str, new: str) -> Iterable[Block]:
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) <= WORDS:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        if matcher.ratio() > 0.4:  # else hardly a word is kept: two lines are easier to read than their mixture
            yield Block(CHANGED, tuple(_pieces(matcher, before, after)))
            return
    yield Block(GONE, (Piece(GONE, old),))
    yield Block(NEW, (Piece(NEW, new),))


def _words(line: str) -> list[str]:
    """Words with the blanks after them, so that put together they are the line again."""
    return re.findall(r"\S+\s*|\s+", line)


def _pieces(matcher: "SequenceMatcher[str]", before: Sequence[str], after: Sequence[str]) -> Iterable[Piece]:
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(SAME, "".join(before[a:b]))
            continue
        if b > a:
            yield Piece(GONE, "".join(before[a:b]))
        if d > c:
            yield Piece(NEW, "".join(after[c:d]))


@dataclass(frozen=True)
class Side:
    """One version as it is compared."""

    number: int
    title: str
    text: str
    link: str
    criteria: tuple[str, ...]
    files: tuple[str, ...] = ()  # name and the beginning of the SHA-256


@dataclass(frozen=True)
class Difference:
    """What became of one version in another."""

    old: Side
    new: Side
    text: list[Block]
    criteria: list[Block]
    files: list[Block]

    @property
    def said(self) -> str:
        """In a sentence: 2 lines changed, 1 new; 1 criterion gone; 1 file new; another link."""
        parts = [listed(_counts(self.text, "line")), listed(_counts(self.criteria, "criterion", "criteria"))]
        parts += [listed(_counts(self.files, "file"))]
        parts += ["another title"] if self.old.title != self.new.title else []
        parts += ["another link"] if self.old.link != self.new.link else []
        return "; ".join(filter(None, parts))


def _counts(blocks: Iterable[Block], one: str, many: str = "") -> list[str]:
    kinds = [block.kind for block in blocks]
    return [f"{plural(n, one, many)} {kind}" for kind in (CHANGED, NEW, GONE) if (n := kinds.count(kind))]


def difference(old: Side, new: Side) -> Difference:
    return Difference(
        old, new, lines_of(old.text, new.text), lines_of("\n".join(old.criteria), "\n".join(new.criteria)),
        lines_of("\n".join(old.files), "\n".join(new.files)),
    )  # fmt: skip
