"""PDF from a template and data: tagged and accessible where the fonts have every letter, else plain. Slow enough to
stay out of a write transaction (tens of milliseconds). Data are values, never markup; no file but the given is read."""

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from crm.core.log import log

HOUSE = Path(__file__).parent.parent.parent
TEMPLATES, FONTS = HOUSE / "templates" / "pdf", HOUSE / "static" / "fonts"


@cache
def _nowhere() -> str:
    """An empty folder: without one the compiler would read what lies in the working directory."""
    return tempfile.mkdtemp(prefix="pdf-")


def pdf_of(template: str, data: Mapping[str, Any]) -> bytes:
    """The pages of `templates/pdf/<template>.typ`; all that people wrote reaches it as JSON."""
    files = {
        "main.typ": (TEMPLATES / f"{template}.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    options: dict[str, Any] = {
        "root": _nowhere(),
        "format": "pdf",
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
    }
    try:
        return bytes(typst.compile(files, pdf_standards=["ua-1"], **options))
    except typst.TypstError as error:  # a letter that no font has, like 日: readable, but not tagged as accessible
        log.info("pdf without accessibility", template=template, error=type(error).__name__)
        return bytes(typst.compile(files, **options))
