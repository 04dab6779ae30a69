"""The map file of the command line: a CSV table of the names in an export and what they mean here."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from crm.core.lists import safe_cell
from crm.core.tables import DELIMITERS, Unreadable, encoding_of, plain_name
from crm.timelog.imports.cells import unguarded
from crm.timelog.imports.models import ImportName, MappedKind

HEADER = ("kind", "name", "detail", "rows", "means")
HELP = (
    "# Fill in the column means, save as CSV, and run the command again with --map and this file.",
    "# person: the mail address of somebody of the practice, or skip",
    "# project: the code of an engagement like ENG-014, or internal, presales, training, travel, or skip",
    "# task: an area: STR ITM DXT SEC BUD VEN TAL INN DAT CMP STK BCD, or skip; empty where its project has none",
)
Key = tuple[MappedKind, str]


def read_map(path: Path) -> Mapping[Key, str]:
    """What each name means. Raises Unreadable in words for whoever wrote the file."""
    with path.open("rb") as file:
        encoding = encoding_of(file)
    text = path.read_text(encoding)
    lines = [line for line in text.splitlines() if line.strip(' ,;\t"') and not line.lstrip('"').startswith("#")]
    delimiter = max(DELIMITERS, key=(lines or [""])[0].count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    heads = [plain_name(cell) for cell in rows[0]] if rows else []
    if not {"kind", "name", "means"} <= set(heads):
        raise Unreadable(
            "The map needs the columns kind, name, detail and means; it is the file that this command writes."
        )
    return dict(_meaning(number, dict(zip(heads, row, strict=False))) for number, row in enumerate(rows[1:], 2))


def _meaning(number: int, cells: Mapping[str, str]) -> tuple[Key, str]:
    said = cells.get("kind", "").strip().casefold()
    try:
        kind = MappedKind(said)
    except ValueError:
        raise Unreadable(f"Row {number} of the map: the kind is person, project or task, not “{said[:40]}”.") from None
    name, detail = (unguarded(cells.get(column, "")) for column in ("name", "detail"))
    key = name if kind is MappedKind.TASK else f"{name}\t{detail}"
    return (kind, key), cells.get("means", "").strip()


def write_map(path: Path, names: Iterable[ImportName], means: Mapping[int, str]) -> None:
    """Every name of the file, with what is known of it; the rest is for somebody to fill in."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("\n".join(HELP) + "\n")
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for name in names:
            parts = [*name.parts, ""][:2]
            writer.writerow([name.kind.value, *map(safe_cell, parts), name.rows, means.get(name.id, "")])
