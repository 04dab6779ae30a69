"""The heat map as pages and exports show it: a cell says its figure, its band in words, and what else to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crm.core import words
from crm.core.inputs import MINUTES_A_DAY
from crm.people.models import PersonKind
from crm.workload.formulas import NONE, WEEKS_AHEAD, Band, load
from crm.workload.plan import Row, Week, total_load

# How deep a cell is coloured; "over" and "severe" are outlined and cornered.
SHADES = {Band.SPARE: "1", Band.HEALTHY: "2", Band.FULL: "4", Band.OVER: "over", Band.SEVERE: "severe"}
DEEPER = 80  # from here on a healthy week is coloured one step deeper
NAMED = 3  # people of one sentence


@dataclass(frozen=True)
class Cell:
    """One week of one person, as it is shown."""

    week: date
    shade: str
    text: str
    word: str = ""  # the band, for whoever does not see the colour
    tentative: bool = False
    away: bool = False  # leave or a holiday in a week that is worked


@dataclass(frozen=True)
class Line:
    """One person of the heat map. Without an id there is nothing to open."""

    name: str
    kind: PersonKind
    cells: tuple[Cell, ...]
    id: int | None = None
    capacity: Fraction | None = None
    total: Fraction | None = None


def shade_of(found: Fraction | None, band: Band | None) -> str:
    if found is None or band is None:
        return "leave"
    if band is Band.HEALTHY and found >= DEEPER:
        return "3"
    return SHADES[band] if found else "0"


def cell_of(week: Week) -> Cell:
    """With figures: for partners, and for oneself."""
    has_tentative = week.tentative > 0
    away = bool(week.days_away or week.holidays)
    if week.unplaced:
        return Cell(week.begins, "severe", "?", "cannot be placed", has_tentative, away)
    if week.load is None or week.band is None:
        return Cell(week.begins, "leave", week.closed)
    text = words.decimals(week.load, 1)
    return Cell(week.begins, shade_of(week.load, week.band), text, week.band.value, has_tentative, away)


def word_of(week: Week) -> Cell:
    """In words only: what colleagues may know of each other."""
    if week.load is None or week.band is None:
        return Cell(week.begins, "leave", week.closed)
    return Cell(week.begins, SHADES[week.band], week.band.value.capitalize())


def full_line(row: Row) -> Line:
    capacity = max((week.delivery for week in row.weeks), default=NONE)
    cells = tuple(cell_of(week) for week in row.weeks)
    return Line(row.name, row.member.kind, cells, row.member.id, capacity, row.load)


def worded_line(row: Row) -> Line:
    return Line(row.name, row.member.kind, tuple(word_of(week) for week in row.weeks))


def lines_for(rows: Sequence[Row], *, me: int | None, in_full: bool) -> list[Line]:
    """Partners see everybody in full, worst first. A consultant sees themselves so, and of others the bands in words."""
    if in_full:
        return [full_line(row) for row in rows]
    own = [full_line(row) for row in rows if row.member.id == me]
    others = [row for row in rows if row.member.id != me]
    return own + [worded_line(row) for row in sorted(others, key=lambda row: row.name)]


def totals_of(rows: Iterable[Row], weeks: Sequence[date]) -> tuple[list[Fraction | None], Fraction | None]:
    """The load of the whole practice, week by week and over all of them."""
    every = list(rows)
    each = [total_load(row.weeks[n] for row in every) for n in range(len(weeks))]
    return each, total_load(week for row in every for week in row.weeks)


def by_excess(rows: Iterable[Row]) -> list[Row]:
    """Whoever is overloaded in the next six weeks, the most days too many first."""
    return sorted((row for row in rows if row.is_overloaded), key=lambda row: (-row.too_much, row.name))


def by_room(rows: Iterable[Row]) -> list[Row]:
    """Whoever has room, the most first, so that a sentence on the most says what the table shows."""
    return sorted((row for row in rows if row.has_room), key=lambda row: (-row.free, row.is_partner, row.name))


def called(rows: Sequence[Row], among: Iterable[Row]) -> list[str]:
    """First names, or whole names where two share one."""
    firsts = [row.name.split()[0] for row in among]
    return [first if firsts.count(first := row.name.split()[0]) == 1 else row.name for row in rows]


def answer_of(rows: Sequence[Row]) -> str:
    """The sentence under the title: who is over in the next six weeks, and who has room."""
    if not rows:
        return "Nobody is here in these weeks."
    over = by_excess(rows)
    sentences = []
    for row, name in zip(over[:NAMED], called(over[:NAMED], rows), strict=True):
        sentences.append(f"{name} is over in {_weeks(len(row.weeks_over))}.")
    if len(over) > NAMED:
        sentences.append(f"{words.in_words(len(over) - NAMED)} more are over as well.")
    if not over:
        sentences.append(f"Nobody is overloaded in the next {words.in_words(WEEKS_AHEAD).lower()} weeks.")
    room = by_room(rows)
    if room:
        names = called(room[:NAMED], rows)
        sentences.append(
            f"{words.listed(names)} {'has' if len(names) == 1 else 'have'} {'the most ' if len(room) > NAMED else ''}room."
        )
    else:
        sentences.append("Nobody has a day a week to spare.")
    return " ".join(sentences)


def own_answer(row: Row | None) -> str:
    """The same sentence to a consultant, about themselves."""
    if row is None:
        return "How full the weeks of your colleagues are."
    if row.is_overloaded:
        return f"You are over in {_weeks(len(row.weeks_over))}."
    return f"You have {words.decimals(row.free, 1)} days free in the next six weeks."


def _weeks(number: int) -> str:
    six = words.in_words(WEEKS_AHEAD).lower()
    if number == WEEKS_AHEAD:
        return f"all of the next {six} weeks"
    return f"{words.in_words(number).lower()} of the next {six} weeks"


# Logged against planned


def kept(minutes: int, planned: Fraction) -> Fraction | None:
    """Logged client work as % of what was planned. None when nothing was."""
    return load(Fraction(minutes, MINUTES_A_DAY), planned)


def logged_cell(week: Week, minutes: int) -> Cell:
    days = Fraction(minutes, MINUTES_A_DAY)
    found = kept(minutes, week.planned)
    if found is None:
        if not minutes:
            return Cell(
                week.begins,
                "leave",
                week.closed or words.NOTHING,
                "" if week.closed else "nothing planned, nothing logged",
            )
        return Cell(week.begins, "over", f"+{words.decimals(days, 1)} d", "not planned")
    if found > 105:
        return Cell(week.begins, "over", words.decimals(found, 1), "more than planned")
    if found >= 95:
        return Cell(week.begins, "4", words.decimals(found, 1), "as planned")
    shade = "3" if found >= DEEPER else "2" if found >= 60 else "1"
    return Cell(
        week.begins, shade, words.decimals(found, 1), "less than planned" if found >= 60 else "far less than planned"
    )


def logged_line(row: Row, minutes: Mapping[int, int], finished: int) -> Line:
    """`finished` weeks are over; the running one is shown and does not count in the total."""
    cells = tuple(logged_cell(week, minutes.get(n, 0)) for n, week in enumerate(row.weeks))
    planned = sum((week.planned for week in row.weeks[:finished]), NONE)
    total = kept(sum(minutes.get(n, 0) for n in range(finished)), planned)
    return Line(row.name, row.member.kind, cells, row.member.id, planned, total)


def logged_answer(lines: Sequence[Line], practice: Fraction | None, finished: int) -> str:
    if practice is None:
        return "Nothing was planned in these weeks."
    sentences = [
        f"{words.percent(practice)} of what was planned was logged in {words.plural(finished, 'finished week')}."
    ]
    most = sorted(
        (line for line in lines if line.total is not None and line.total > 105), key=lambda line: -(line.total or NONE)
    )
    least = sorted(
        (line for line in lines if line.total is not None and line.total < 60), key=lambda line: line.total or NONE
    )
    if most:
        sentences.append(f"{words.listed(line.name for line in most[:NAMED])} logged more than planned.")
    if least:
        sentences.append(f"{words.listed(line.name for line in least[:NAMED])} logged less than 60 %.")
    return " ".join(sentences)
