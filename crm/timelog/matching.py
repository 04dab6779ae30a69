"""How well words name something: by a code, by the beginning of a name, or nearly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from crm.core.lists import folded
from crm.core.twelve import TWELVE, Area
from crm.timelog.queries import Owed, Work

EXACT, WORD, BEGINNING, NEARLY = 100.0, 97.0, 92.0, 91.0
SURE, ASKED, NEAR = 86.0, 70.0, 6.0  # from here on it is taken, asked about; as near as this is as good
SHORT = 3  # letters that a beginning has at least

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Hits(Generic[Thing]):
    """What was named, best first; several where nothing says which."""

    score: float = 0.0
    found: Sequence[Thing] = field(default_factory=tuple)


def best(words: str, things: Sequence[Thing], score: Callable[[str, Thing], float]) -> Hits[Thing]:
    """The things that words name as well as any other. Their order stays: those used last come first."""
    plain = folded(words).strip()
    scored = [(score(plain, one), one) for one in things] if len(plain) >= SHORT else []
    top = max((one for one, _ in scored), default=0.0)
    least = top if top >= EXACT else top - NEAR
    return Hits(top, tuple(thing for one, thing in scored if top and one >= least))


def name_of_work(plain: str, work: Work) -> float:
    """The client's name, or the title. One word of a title is no name, and of a client's only the first is a sure one."""
    client, title = folded(work.client), folded(work.title)
    if plain in {client, title}:
        return EXACT
    if " " not in plain:
        return max(nearness(plain, (client.split() or [""])[0]), min(nearness(plain, client), SURE - NEAR))
    titled = max(nearness(plain, title), nearness(plain, f"{client} {title}"))
    return max(nearness(plain, client), titled if titled >= SURE else 0.0)


def title_of_owed(plain: str, owed: Owed) -> float:
    """A title as a whole, or nearly: half of one is no name."""
    return fuzz.ratio(plain, folded(owed.title)) if len(plain) > SHORT else 0.0


def nearness(plain: str, name: str) -> float:
    """How well words stand for a name, from 0 to 100."""
    if plain == name:
        return EXACT
    words, many = name.split(), len(plain.split())
    windows = [" ".join(words[n : n + many]) for n in range(len(words) - many + 1)]
    if plain in windows:
        return WORD
    if len(plain) >= SHORT and any(one.startswith(plain) for one in windows):
        return BEGINNING
    return min(max((fuzz.ratio(plain, one) for one in (name, *windows)), default=0.0), NEARLY)


def area(words: str, *, at_least: int = 3) -> Area | None:
    """One of the twelve by its letters or its name, by the beginning of one, or with a slip of the finger."""
    plain = folded(words).strip()
    if len(plain) < at_least:
        return None
    names = {row.code: {folded(row.code.value), row.slug, folded(row.short), folded(row.name)} for row in TWELVE}
    exact = [code for code, called in names.items() if plain in called]
    begun = [
        code for code, called in names.items() if len(plain) > SHORT and any(one.startswith(plain) for one in called)
    ]
    slips = [
        code for code, called in names.items() if len(plain) > SHORT + 1 and any(fuzz.ratio(plain, one) >= 90 for one in called)
    ]  # fmt: skip
    found = exact or begun or slips
    return found[0] if len(found) == 1 else None
