"""Files as people bring them, and as somebody brings them who means harm."""

import io
import struct
import zipfile
import zlib

import typst
from PIL import Image

from crm.files.kinds import PACKED, FileKind


def pdf(pages=1, words="Exit plan"):
    """A PDF of so many pages."""
    text = "\n#pagebreak()\n".join(f"= {words}\nPage {n} of {pages}" for n in range(1, pages + 1))
    return typst.compile(text.encode())


def picture(kind="PNG", size=(40, 30), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **more)
    return out.getvalue()


def located():
    """A photograph that says where it was taken, and who took it."""
    seen = Image.Exif()
    seen[0x013B] = "Somebody at home"
    return picture("JPEG", exif=seen)


def office(kind=FileKind.DOCX, *, types="<Types/>", **parts):
    """A file of an office, with its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", types)
        packed.writestr(PACKED[kind], "<document>Words</document>")
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


def bomb():
    """250 MB of nothing, in a document of a quarter of a megabyte."""
    return office(**{"word/media/nothing.bin": bytes(250 * 1024 * 1024)})


def many():
    return office(**{f"word/part{n}.xml": "" for n in range(2_100)})


def huge_picture(width=30_000, height=30_000):
    """A PNG of a few bytes that says it has 900 megapixels."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )


def locked_pdf():
    """A PDF whose password is not the empty one."""
    key = b"<" + b"11" * 32 + b">"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O " + key + b" /U " + key + b" /P -4 >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % one for one in places)
    trailer = b"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00><00>] >>"
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        trailer,
        len(body),
    )
