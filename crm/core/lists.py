"""Lists that are searched, sorted, filtered and paged in SQL, with their state in the address, and their CSV."""

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import IO, Any

from flask import Response, has_request_context, request, url_for
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select, true
from werkzeug.datastructures import MultiDict

from crm.core.db import db
from crm.core.workbook import XLSX_TYPE, xlsx_file

PER_PAGE, LAST_PAGE = 50, 200
AT_MOST = 20_000  # rows of one export


PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})


def folded(text: str) -> str:
    """Lower case without accents, so that "mull" finds Müller and "lodz" finds Łódź on both engines."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(PLAIN)


def holds(column: Any, words: str) -> ColumnElement[bool]:
    """Rows whose column holds every word, in any case."""
    escaped = (re.sub(r"([\\%_])", r"\\\1", word) for word in words.split())
    return and_(true(), *(column.ilike(f"%{word}%", escape="\\") for word in escaped))


@dataclass(frozen=True)
class Filter:
    """One choice above a list: its name in the address, its label, its choices and what it asks of a row."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    where: Callable[[str], SQLColumnExpression[bool]]
    blank: str = "Any"
    default: str = ""
    rare: bool = False  # folded away until it is asked for


@dataclass(frozen=True)
class Listing:
    """What a list can do. `sorts` maps the name in the address to columns; the first is the default, and `newest_first`
    turns it round.

    `key` makes every order total, so that no row is on two pages.
    """

    sorts: Mapping[str, Sequence[Any]]
    key: Any
    search: Sequence[Any] = ()
    filters: Sequence[Filter] = ()
    per_page: int = PER_PAGE
    newest_first: bool = False

    @property
    def default(self) -> str:
        """The order when the address says none."""
        return ("-" if self.newest_first else "") + next(iter(self.sorts))

    @property
    def bound(self) -> int:
        """How many rows can be reached by paging; further nobody counts."""
        return LAST_PAGE * self.per_page


@dataclass
class Page:
    """One page of a list, and where its neighbours are."""

    listing: Listing
    rows: Sequence[Any]
    number: int
    total: int
    sort: str
    descending: bool
    words: str
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        return max(1, min(LAST_PAGE, -(-self.total // self.listing.per_page)))

    @property
    def is_capped(self) -> bool:
        """There are more rows than can be reached by paging: search and filters lead to them."""
        return self.total > self.listing.bound

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.listing.per_page + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.words) or any(map(self._is_set, self.listing.filters))

    @property
    def has_rare(self) -> bool:
        """One of the folded filters is set, so they stand open."""
        return any(self._is_set(one) for one in self.listing.filters if one.rare)

    def _is_set(self, one: Filter) -> bool:
        return bool(self.chosen[one.name]) and self.chosen[one.name] != one.default

    def address(self, **changes: Any) -> str:
        """This list with something changed; what is at its default is left out."""
        state: dict[str, Any] = {"q": self.words, "sort": ("-" if self.descending else "") + self.sort, **self.chosen}
        state |= changes
        defaults: dict[str, Any] = {"q": "", "sort": self.listing.default, "page": 1}
        defaults |= {one.name: one.default for one in self.listing.filters}
        kept = {name: value for name, value in state.items() if value != defaults.get(name, None) and value is not None}
        return url_for(request.endpoint or "", **(request.view_args or {}) | kept)

    def exported_by(self, endpoint: str, **where: Any) -> str:
        """The address of the file that has what this list shows, over all its pages."""
        return f"{url_for(endpoint, **where)}?{self.address().partition('?')[2]}"

    def sorted_by(self, name: str) -> str:
        """The address that sorts by this column, or turns the order round."""
        turned = name == self.sort and not self.descending
        return self.address(sort=("-" if turned else "") + name)

    def aria_sort(self, name: str) -> str | None:
        return ("descending" if self.descending else "ascending") if name == self.sort else None


def arranged(
    query: Select[Any], listing: Listing, asked: MultiDict[str, str] | None = None
) -> tuple[Select[Any], str, bool, str, dict[str, str]]:
    """The query with the words, filters and order of the address. Unknown names and values count as not given."""
    asked = request.args if asked is None else asked
    words = " ".join(asked.get("q", "").replace("\0", "").split())[:200]
    if words and listing.search:
        query = query.where(or_(*(holds(column, words) for column in listing.search)))
    chosen = {}
    for one in listing.filters:
        value = asked.get(one.name, one.default)
        chosen[one.name] = value if value in {name for name, _ in one.choices} else one.default if value else ""
        if chosen[one.name]:
            query = query.where(one.where(chosen[one.name]))
    name = asked.get("sort", "")
    if name.removeprefix("-") not in listing.sorts:
        name = listing.default
    descending, name = name.startswith("-"), name.removeprefix("-")
    columns = [*listing.sorts[name], listing.key]
    query = query.order_by(None).order_by(*((column.desc() if descending else column.asc()) for column in columns))
    return query, name, descending, words, chosen


def page_of(query: Select[Any], listing: Listing, *, scalars: bool = True, total: int | None = None) -> Page:
    """The page that the address asks for: one statement for the count and one for the rows.

    Where a row is wide or the list is long, select the keys alone and load the rows of the page by them: what is
    skipped on the way to a far page is then read from an index.
    """
    arrangement, sort, descending, words, chosen = arranged(query, listing)
    if total is None:
        keys = arrangement.order_by(None).options().with_only_columns(listing.key)
        counted = keys.limit(listing.bound + 1).subquery()
        said = query.get_execution_options()
        total = db.session.scalar(select(func.count()).select_from(counted).execution_options(**said)) or 0
    asked = request.args.get("page", "1")
    number = int(asked) if re.fullmatch(r"[0-9]{1,4}", asked) else 1
    number = max(1, min(number, LAST_PAGE, -(-total // listing.per_page) or 1))
    cut = arrangement.limit(listing.per_page).offset((number - 1) * listing.per_page)
    rows = db.session.scalars(cut).unique().all() if scalars else db.session.execute(cut).all()
    return Page(listing, rows, number, total, sort, descending, words, chosen)


FORMULA = re.compile("^[\\s\"'\u200b\u200c\u200d\u2060\ufeff\x00-\x1f]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]")
FIGURE = re.compile(r"^-?[0-9]+([.,:][0-9]+)?$")


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) and not FIGURE.match(text) else text


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> Response:
    """The list for a spreadsheet: a CSV file of UTF-8 with its mark, or a workbook where the address says `as=xlsx`; one
    heading line either way. Written to disk before it is sent, so that no list fills the memory and the viewer's eyes are
    still open when the rows are read."""
    if has_request_context() and request.args.get("as") == "xlsx":
        file = xlsx_file(name, headings, ([as_cell(cell) for cell in row] for row in rows))
        return sent(file, f"{name}.xlsx", XLSX_TYPE)
    return sent(csv_file(headings, rows), f"{name}.csv", "text/csv")


IN_MEMORY, PIECE = 1 << 20, 1 << 16  # bytes of a file that need no disk; bytes sent at once


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """No cell of it is taken for a formula."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()
    return file


WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_cell(value: Any) -> Any:
    """What a workbook can reckon with: a number or a day that is written as one. All else stays text."""
    if not isinstance(value, str):
        return value
    if WHOLE.fullmatch(value):
        return Decimal(value)
    if ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def sent(file: IO[bytes], file_name: str, kind: str) -> Response:
    """A file that the browser keeps, piece by piece from where it was written."""
    size = file.tell()
    file.seek(0)
    answer = Response(_pieces(file), mimetype=kind)
    answer.content_length = size
    answer.call_on_close(file.close)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def download(body: str | bytes, file_name: str, kind: str) -> Response:
    """A file that the browser keeps and does not show."""
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def all_rows(query: Select[Any], listing: Listing, *, scalars: bool = True) -> Sequence[Any]:
    """Every row that the list shows over all its pages, for an export."""
    arrangement = arranged(query, listing)[0].limit(AT_MOST)
    return db.session.scalars(arrangement).unique().all() if scalars else db.session.execute(arrangement).all()
