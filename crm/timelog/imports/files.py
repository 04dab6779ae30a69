"""A file of another tool: its encoding, its delimiter, where its header stands, and which column is what.

All is told from the file itself; nothing is kept in memory but the row at hand.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import BinaryIO
from zoneinfo import ZoneInfo

from crm.core.tables import DELIMITERS, TITLES, Unreadable, encoding_of, lines_of, plain_name, size_of
from crm.core.xlsx import is_xlsx, rows_of_xlsx
from crm.timelog.imports import cells
from crm.timelog.imports.cells import Evidence, Moment
from crm.timelog.imports.models import DayOrder, Source

BYTES, ROWS = 50 * 1024 * 1024, 200_000  # what docs/import.md promises
SHEET_BYTES, SHEET_ROWS = 5 * 1024 * 1024, 20_000  # of a workbook, which is unpacked as a whole
HEAD = 256 * 1024  # bytes in which the header must stand
A_DAY = 24 * 60

# What a column may be called, when letters, spaces and signs are made plain; where several are there, the first named
# here counts. Kimai writes its headings in the language of whoever exports.
CALLED: dict[str, tuple[str, ...]] = {
    "date": ("date", "day", "spent date", "spent on", "worked on", "work date", "datum", "fecha", "data"),
    "start_date": ("start date",),
    "end_date": ("end date", "stop date"),
    "start": ("start", "start time", "from", "begin", "started at", "start at", "time start", "von", "beginn", "de", "début",
              "van", "desde", "inicio", "da", "inizio"),
    "end": ("end", "end time", "stop", "stop time", "to", "ended at", "end at", "time end", "bis", "ende", "à", "fin",
            "tot", "einde", "hasta", "a", "fine"),
    "clock": ("duration (h)", "duration", "duration (hh:mm:ss)", "time (h)", "length", "dauer", "durée", "duur", "duración", "durata"),
    "hours": ("hours", "duration (decimal)", "hours (decimal)", "time (hours)", "decimal hours", "decimal", "hours worked", "stunden"),
    "minutes": ("minutes", "duration (minutes)", "minutes worked"),
    "person": ("name", "full name", "person", "employee", "member", "consultant", "who", "mitarbeiter", "nom", "naam", "nombre", "nome"),
    "user": ("user", "user name", "username", "benutzer", "benutzername", "utilisateur", "gebruiker", "usuario", "utente"),
    "first": ("first name", "firstname", "vorname"),
    "last": ("last name", "lastname", "surname", "nachname"),
    "mail": ("email", "e-mail", "user email", "email address", "mail", "e-mail-adresse", "correo electrónico"),
    "client": ("client", "customer", "client name", "account", "company", "kunde", "klant", "cliente"),
    "project": ("project", "project name", "engagement", "projekt", "projet", "proyecto", "progetto"),
    "code": ("project code", "code", "engagement code", "project number", "projektnummer"),
    "task": ("task", "activity", "task name", "area", "service", "tätigkeit", "activité", "activiteit", "actividad", "attività", "category"),
    "note": ("notes", "note", "description", "comment", "comments", "memo", "details", "beschreibung", "kommentar",
             "beschrijving", "omschrijving", "descripción", "descrizione"),
    "billable": ("billable", "billable?", "is billable", "abrechenbar", "facturable", "factureerbaar", "fatturabile"),
}  # fmt: skip
FIELDS = {name: canonical for canonical, names in CALLED.items() for name in names}
RANK = {name: place for names in CALLED.values() for place, name in enumerate(names)}
DAYS, LENGTHS = ("date", "start_date", "start"), ("clock", "hours", "minutes", "end")

NAMES = {
    Source.HARVEST: "Harvest",
    Source.TOGGL: "Toggl Track",
    Source.CLOCKIFY: "Clockify",
    Source.KIMAI: "Kimai",
    Source.SOLIDTIME: "solidtime",
    Source.GENERIC: "the generic format",
}
KIMAI = (
    {"customer", "activity", "duration"}, {"kunde", "tätigkeit", "dauer"}, {"client", "activité", "durée"},
    {"klant", "activiteit", "duur"}, {"cliente", "actividad", "duración"}, {"cliente", "attività", "durata"},
)  # fmt: skip
# Which columns say that a file is an export of this tool, and what it cannot do without.
MARKS: dict[Source, Callable[[set[str]], bool]] = {
    Source.KIMAI: lambda names: any(words <= names for words in KIMAI),
    Source.SOLIDTIME: lambda names: {"description", "start", "end"} <= names
    and ("duration (decimal)" in names or {"user name", "user email"} <= names),
    Source.CLOCKIFY: lambda names: bool(names & {"duration (h)", "duration (decimal)"}),
    Source.TOGGL: lambda names: {"start date", "duration"} <= names and bool(names & {"user", "email", "description"}),
    Source.HARVEST: lambda names: {"date", "hours"} <= names and bool(names & {"first name", "project code", "invoiced?", "billable?"}),
}  # fmt: skip
NEEDS = {
    Source.KIMAI: {"date": "date", "duration": "clock", "customer": "client"},
    Source.SOLIDTIME: {"start": "start", "end": "end"},
    Source.CLOCKIFY: {"start date": "start_date", "duration (h)": "clock"},
    Source.TOGGL: {"start date": "start_date", "duration": "clock"},
    Source.HARVEST: {"date": "date", "hours": "hours"},
}


@dataclass(frozen=True)
class Layout:
    """What was found out about a file before its rows are read."""

    source: Source
    encoding: str
    delimiter: str
    header_line: int
    width: int
    columns: Mapping[str, int]  # canonical name to place

    def has(self, *names: str) -> bool:
        return any(name in self.columns for name in names)


@dataclass(frozen=True)
class Reading:
    """One row as it was read."""

    line: int
    person: str = ""
    mail: str = ""
    client: str = ""
    project: str = ""
    code: str = ""
    task: str = ""
    note: str = ""
    date_text: str = ""
    time_text: str = ""
    when: Moment | None = None
    minutes: int | None = None
    billable: bool = True
    problem: str = ""


@dataclass
class Survey:
    """What a first walk through the file tells: how many rows there are, and what the dates say."""

    rows: int = 0
    evidence: Evidence = field(default_factory=Evidence)


def as_text(file: BinaryIO) -> BinaryIO:
    """The file itself; of a workbook the first sheet that is not hidden, as a CSV whose lines are those of the sheet.
    Raises Unreadable."""
    if not is_xlsx(file):
        return file
    size = size_of(file)
    if size > SHEET_BYTES:
        raise Unreadable(
            f"The workbook has {size / 1024 / 1024:.1f} MB; at most {SHEET_BYTES // (1024 * 1024)} MB can be read. "
            "Save the sheet as CSV and bring that."
        )
    out = io.BytesIO()
    writer, at = csv.writer(codecs.getwriter("utf-8")(out)), 0
    for line, row in rows_of_xlsx(file, SHEET_ROWS + TITLES, with_times=True):
        if line > ROWS:
            raise Unreadable(f"Something stands below row {ROWS:,} of the sheet. Bring only the rows with time.")
        writer.writerows([] for _ in range(at + 1, line))
        writer.writerow([_one_line(cell) for cell in row])
        at = line
    return out


def _one_line(cell: str) -> str:
    """A row of the sheet is a line of the file; a note has its lines back where it is read."""
    return "\u2028".join(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def layout_of(file: BinaryIO, source: Source | None = None) -> Layout:
    """Where the header is and what each column means. Raises Unreadable in words for whoever brought the file."""
    size = size_of(file)
    if size > BYTES:
        raise Unreadable(f"The file has {size // (1024 * 1024)} MB; at most {BYTES // (1024 * 1024)} MB can be read.")
    if size == 0:
        raise Unreadable("The file is empty.")
    encoding = encoding_of(file)
    file.seek(0)
    head = codecs.getincrementaldecoder(encoding)(errors="replace").decode(file.read(HEAD))
    found = [one for delimiter in DELIMITERS for one in _headers(head, delimiter)]
    if not found:
        raise Unreadable(
            "No line of the first thirty names columns that hold time: it takes a day (Date or Start date) and a duration "
            "(Hours, Duration, or Start and End)."
        )
    best = max(found, key=lambda one: (len(one.columns), -one.header_line))
    return _of_source(replace(best, encoding=encoding), source)


def _headers(head: str, delimiter: str) -> Iterator[Layout]:
    """The lines that could be the header, read with this delimiter."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            if begins > TITLES:
                return
            names = [plain_name(cell) for cell in row]
            known = sorted((RANK[name], place) for place, name in enumerate(names) if name in FIELDS)
            columns: dict[str, int] = {}
            for _, place in known:
                columns.setdefault(FIELDS[names[place]], place)
            if any(one in columns for one in DAYS) and any(one in columns for one in LENGTHS) and len(columns) > 2:
                yield Layout(_source(set(names)), "", delimiter, begins, len(row), columns)
            begins = reader.line_num + 1
    except csv.Error:
        return


def _source(names: set[str]) -> Source:
    return next((source for source, is_it in MARKS.items() if is_it(names)), Source.GENERIC)


def _of_source(layout: Layout, wanted: Source | None) -> Layout:
    """The tool that somebody named goes before the one that the header suggests, if the file can be one of its."""
    if wanted is None or wanted is layout.source or wanted is Source.GENERIC:
        return replace(layout, source=wanted or layout.source)
    missing = [name.capitalize() for name, column in NEEDS[wanted].items() if column not in layout.columns]
    if missing:
        raise Unreadable(
            f"This is no export of {NAMES[wanted]}: there is no column {' or '.join(missing)}. "
            f"It looks like {NAMES[layout.source]}."
        )
    return replace(layout, source=wanted)


def rows_of(file: BinaryIO, layout: Layout) -> Iterator[tuple[int, Sequence[str], str]]:
    """Line, cells and problem of every row below the header that is not empty. Raises Unreadable."""
    read = 0
    for line, row in lines_of(file, layout.encoding, layout.delimiter):
        if line <= layout.header_line or not any(cell.strip() for cell in row):
            continue
        read += 1
        if read > ROWS:
            raise Unreadable(f"The file has more than {ROWS:,} rows. Bring it in parts, by year for example.")
        problem = ""
        if len(row) > layout.width and any(cell.strip() for cell in row[layout.width :]):
            problem = f"The row has {len(row)} cells and the header {layout.width}: a {DELIMITERS[layout.delimiter]} is not in quotes"
        yield line, row, problem


def survey(file: BinaryIO, layout: Layout, tick: Callable[[int], None] = lambda _: None) -> Survey:
    """Walk through the file once, for the number of rows and what its dates say."""
    found, place = Survey(), [layout.columns[name] for name in DAYS if name in layout.columns][:1]
    for _, row, _ in rows_of(file, layout):
        found.rows += 1
        for one in place:
            if one < len(row):
                found.evidence.hear(row[one])
        tick(1)
    if not found.rows:
        raise Unreadable("There is a header and no row below it.")
    return found


def readings_of(
    file: BinaryIO, layout: Layout, order: DayOrder | None, zone: ZoneInfo, *, after: int = 0
) -> Iterator[Reading]:
    """Every row, read, without as many as were read before. What cannot be read says why and is not lost."""
    for line, row, problem in islice(rows_of(file, layout), after, None):
        yield _read(Row(line, row, layout.columns), order, zone, problem)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, by what their columns are."""

    line: int
    cells: Sequence[str]
    places: Mapping[str, int]

    def __call__(self, name: str) -> str:
        place = self.places.get(name, -1)
        return self.cells[place] if 0 <= place < len(self.cells) else ""


def _read(cell: Row, order: DayOrder | None, zone: ZoneInfo, problem: str) -> Reading:
    day_text = cell("date") or cell("start_date") or cell("start")
    time_text = (
        cell("clock") or cell("hours") or cell("minutes") or " to ".join(filter(None, (cell("start"), cell("end"))))
    )
    found = Reading(cell.line, date_text=_short(day_text), time_text=_short(time_text), problem=problem)
    if problem:
        return found
    try:
        found = _named(cell, found)
        when, minutes = _worked(cell, order, zone)
        billable = cells.is_billable(cell("billable"))
    except ValueError as error:
        return replace(found, problem=str(error))
    if minutes > A_DAY:
        return replace(found, when=when, problem=f"It takes {minutes // 60:,} hours; a day has 24")
    return replace(found, when=when, minutes=minutes, billable=billable)


def _named(cell: Row, found: Reading) -> Reading:
    named = cells.name(cell("person")) or cells.name(cell("user"))
    whole = named or " ".join(filter(None, (cells.name(cell("first")), cells.name(cell("last")))))
    return replace(
        found, person=whole[: cells.NAME], mail=cells.name(cell("mail")).lower(), client=cells.name(cell("client")),
        project=cells.name(cell("project")), code=cells.name(cell("code")), task=cells.name(cell("task")),
        note=cells.note(cell("note")),
    )  # fmt: skip


def _short(text: str) -> str:
    """A cell as it is shown beside its problem."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:200]


def _worked(cell: Row, order: DayOrder | None, zone: ZoneInfo) -> tuple[Moment, int]:
    """The day, in the zone of the practice, and the minutes: as they stand there, else from start to end."""
    begins = _begin(cell, order)
    if begins.offset is not None:
        here = cells.local(begins, zone)
        begins = Moment(here.date(), here.time().replace(tzinfo=None), None)
        aware = here
    else:
        aware = None
    for name, unit in (("clock", 3600), ("hours", 3600), ("minutes", 60)):
        if text := cell(name).strip():
            return begins, cells.minutes(text, unit)
    if begins.clock is None or not cell("end").strip():
        raise ValueError("There is neither a duration nor a start and an end")
    start = aware or cells.local(begins, zone)
    ends = _end(cell, begins, order)
    finish = cells.local(ends, zone)
    seconds = cells.between(start, finish)
    if seconds < 0:
        raise ValueError("It ends before it begins")
    return begins, cells.rounded(seconds)


def _begin(cell: Row, order: DayOrder | None) -> Moment:
    """Day and time of the start, from one cell or from two."""
    day_text, start = cell("date") or cell("start_date"), cell("start")
    if not day_text.strip():
        return cells.moment(start, order)
    day = cells.moment(day_text, order)
    if not start.strip() or day.clock is not None:
        return day
    try:
        return Moment(day.day, cells.clock(start))
    except ValueError:
        return cells.moment(start, order)  # a whole instant beside a date of its own


def _end(cell: Row, begins: Moment, order: DayOrder | None) -> Moment:
    """Day and time of the end; a time of day that lies before the start is on the next day."""
    end, end_date = cell("end"), cell("end_date")
    try:
        clock = cells.clock(end)
    except ValueError:
        return cells.moment(end, order)
    if end_date.strip():
        return Moment(cells.moment(end_date, order).day, clock)
    over_midnight = begins.clock is not None and clock < begins.clock
    return Moment(begins.day + timedelta(over_midnight), clock)
