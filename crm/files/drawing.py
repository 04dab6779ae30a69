"""Pictures of pages, made by a process of its own: `workbench.py`, with its limits of memory, work and time."""

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from crm.core.errors import Refused
from crm.files.kinds import FileKind

BENCH = Path(__file__).with_name("workbench.py")
PATIENCE = 25  # seconds by the clock
AT_ONCE = 2  # in each process of the server
SHOWN, PAGES = 1200, 500  # pixels across a page that is shown; pages that are
_places = threading.BoundedSemaphore(AT_ONCE)
SAID = {
    "encrypted": "{name} is protected by a password, so nobody could read it here. Save it without one and bring that.",
    "broken": "{name} is damaged, or is no {kind}. Open it, save it anew and bring that.",
    "large": "{name} is a picture of more than 40 megapixels. Make it smaller, like 4000 by 3000.",
}


class CannotDraw(Exception):
    """In one word, why: encrypted, broken or large."""


def draw(source: Path, target: Path, kind: FileKind, page: int = 1, width: int = SHOWN) -> int:
    """Page `page` as a PNG of this width, into `target`; gives the number of pages. Raises CannotDraw."""
    if kind is FileKind.PDF:
        return int(_told("page", source, target, str(page), (width, 0))["pages"])
    return int(_told("picture", source, target, kind.value, (width, width * 4))["pages"])


def cleaned(source: Path, target: Path, kind: FileKind) -> None:
    """A picture without what is hidden in it. Raises CannotDraw."""
    _told("picture", source, target, kind.value)


def scaled(source: Path, target: Path, kind: FileKind, width: int, height: int) -> tuple[int, int]:
    """A picture as PNG that fits into these pixels; gives how large it is. Raises CannotDraw."""
    said = _told("picture", source, target, kind.value, (width, height))
    return int(said["width"]), int(said["height"])


def _told(deed: str, source: Path, target: Path, which: str, box: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    command = [sys.executable, "-I", str(BENCH), deed, str(source), str(target), which, *map(str, box)]
    try:
        with _places:
            done = subprocess.run(  # noqa: S603  our own program, and no word of it is a stranger's
                command, capture_output=True, timeout=PATIENCE, check=False, env={}, cwd=tempfile.gettempdir()
            )
        said: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise CannotDraw("broken") from None
    if "refused" in said:
        raise CannotDraw(str(said["refused"]))
    return said


def refusal(error: CannotDraw, name: str, kind: FileKind) -> Refused:
    return Refused(SAID[str(error)].format(name=name, kind=kind.value.upper()))
