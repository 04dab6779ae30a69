"""A process of its own that opens what strangers brought: counts pages, draws them, makes pictures anew.

It is run by its path, knows nothing of the house, and may be killed: what breaks a reader of PDF files breaks only this
process. It says one line of JSON. `drawing.py` starts it, and docs/files.md says which limits it has.
"""

import json
import resource
import sys
import warnings
from pathlib import Path

MEMORY, SECONDS, WRITTEN = 1536 * 1024 * 1024, 20, 64 * 1024 * 1024
PIXELS = 40_000_000  # of a picture that is taken
DRAWN = 4_000_000  # of a picture that is made of a page
ENCRYPTED, BROKEN, LARGE = "encrypted", "broken", "large"


class Refusal(Exception):
    """In one word, why not."""


def bound() -> None:
    """From here on: so much memory, so many seconds of work, so many bytes written, and no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw_page(source: Path, target: Path, page: int, width: int) -> dict[str, int]:
    """One page of a PDF as PNG, and how many pages there are. Raises Refusal."""
    import pypdfium2 as pdfium

    try:
        paper = pdfium.PdfDocument(source)
        pages = len(paper)
    except pdfium.PdfiumError as error:
        raise Refusal(ENCRYPTED if "password" in str(error).lower() else BROKEN) from None
    if not 1 <= page <= pages:
        raise Refusal(BROKEN)
    try:
        drawn = paper[page - 1]
        wide, high = drawn.get_size()
        scale = min(width / max(wide, 1), (DRAWN / max(wide * high, 1)) ** 0.5)
        picture = drawn.render(scale=scale, may_draw_forms=False).to_pil()
    except pdfium.PdfiumError:
        raise Refusal(BROKEN) from None
    picture.save(target, "PNG", optimize=False)
    return {"pages": pages}


def make_anew(source: Path, target: Path, kind: str, width: int, height: int) -> dict[str, int]:
    """A picture read and written again, turned as it is meant, without anything but its pixels. Raises Refusal.

    With a width and height it is made smaller than these, and PNG, to be shown in a page.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    formats = {"png": ["PNG"], "jpg": ["JPEG"]}[kind]
    try:
        with Image.open(source, formats=formats) as found:
            if found.width * found.height > PIXELS:
                raise Refusal(LARGE)
            picture = ImageOps.exif_transpose(found)
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal(LARGE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError):
        raise Refusal(BROKEN) from None
    if width:
        if picture.mode in {"1", "P"}:  # colours of a list cannot be mixed
            picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        picture.thumbnail((width, height))
        kind = "png"
    allowed = {"png": {"1", "L", "LA", "P", "RGB", "RGBA"}, "jpg": {"L", "RGB"}}[kind]
    if picture.mode not in allowed:
        picture = picture.convert("RGBA" if kind == "png" and "transparency" in picture.info else "RGB")
    clean = Image.new(picture.mode, picture.size)
    if picture.mode == "P":
        clean.putpalette(picture.getpalette() or [])
    clean.paste(picture)
    more = (
        {"transparency": picture.info["transparency"]} if picture.mode == "P" and "transparency" in picture.info else {}
    )
    if kind == "png":
        clean.save(target, "PNG", **more)
    else:
        clean.save(target, "JPEG", quality=92)
    return {"pages": 1, "width": clean.width, "height": clean.height}


def main(words: list[str]) -> int:
    deed, source, target, kind_or_page, width, height = words
    bound()
    try:
        if deed == "page":
            said: dict[str, object] = dict(draw_page(Path(source), Path(target), int(kind_or_page), int(width)))
        else:
            said = dict(make_anew(Path(source), Path(target), kind_or_page, int(width), int(height)))
    except Refusal as refusal:
        said = {"refused": str(refusal)}
    except MemoryError:
        said = {"refused": LARGE}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
