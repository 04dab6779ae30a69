"""What is not taken: each hostile file gets a sentence that says what is wrong, and nothing of it is kept."""

import io

import pytest
from werkzeug.datastructures import FileStorage

from crm.core.errors import Refused
from crm.files.checking import NotTaken, check, kind_of, name_of
from crm.files.keeping import brought
from crm.files.kinds import FileKind
from crm.files.store import store
from tests.files import samples

pytestmark = pytest.mark.engine_free
PLAIN = b"Plain words\n"


@pytest.mark.parametrize(("given", "name"), [
    ("plan.pdf", "plan.pdf"),
    ("../../etc/plan.pdf", "plan.pdf"),
    ("C:\\Users\\ann\\plan.pdf", "plan.pdf"),
    ("  plan.pdf ", "plan.pdf"),
    ("Übergabe.pdf", "Übergabe.pdf"),
    ("Vertrag “neu”.pdf", "Vertrag “neu”.pdf"),
])  # fmt: skip
def test_of_a_name_the_last_part_counts(given, name):
    assert name_of(given) == name


@pytest.mark.parametrize(("given", "says"), [
    ("plan\x07.pdf", "letters that cannot be shown"),
    ("plan\r\nSet-Cookie: x.pdf", "letters that cannot be shown"),
    ("gpj\u202efdp.exe", "letters that cannot be shown"),
    ("..", "no name"),
    ("", "no name"),
    ("a" * 160 + ".pdf", "at most 150"),
    ("plan.exe", "files that end in .exe are not taken"),
    ("plan.svg", "files that end in .svg are not taken"),
    ("plan.html", "files that end in .html are not taken"),
    ("plan.zip", "files that end in .zip are not taken"),
    ("plan.docm", "files that end in .docm are not taken"),
    ("plan", "files without an ending are not taken"),
    (".pdf", "begins with a dot"),
    ("..x.pdf", "begins with a dot"),
    ("plan.pdf.exe", "files that end in .exe are not taken"),
    ("plan.exe.pdf", "two endings, .exe and .pdf"),
    ("plan.html.txt", "two endings, .html and .txt"),
])  # fmt: skip
def test_names_that_are_not_taken(given, says):
    with pytest.raises(NotTaken, match=says):
        kind_of(name_of(given))


def test_a_number_before_the_ending_is_no_second_ending():
    assert kind_of("plan.v2.final.pdf") is FileKind.PDF
    assert kind_of("photo.JPEG") is FileKind.JPG


HOSTILE = {
    "empty": ("plan.pdf", lambda: b"", "is empty"),
    "large": ("plan.txt", lambda: b"a" * (25 * 1024 * 1024 + 1), "25.0 MB; at most 25 MB"),
    "png as pdf": ("plan.pdf", samples.picture, "is no PDF: what is in it says otherwise. It looks like PNG"),
    "pdf as png": ("plan.png", samples.pdf, "is no PNG: what is in it says otherwise. It looks like PDF"),
    "text as docx": ("plan.docx", lambda: PLAIN, "is no DOCX: what is in it says otherwise"),
    "xlsx as docx": ("plan.docx", lambda: samples.office(FileKind.XLSX), "is no DOCX: what is in it says otherwise"),
    "archive as pptx": ("plan.pptx", lambda: samples.office(FileKind.DOCX), "is no PPTX"),
    "pdf behind rubbish": ("plan.pdf", lambda: b"MZ" + samples.pdf(), "is no PDF"),
    "zip behind a pdf": ("plan.pdf", lambda: samples.pdf() + samples.office(), "something behind its end|end is missing"),
    "page behind a pdf": ("plan.pdf", lambda: samples.pdf() + b"<script>alert(1)</script>", "something behind its end"),
    "half a pdf": ("plan.pdf", lambda: samples.pdf()[:600], "is not whole: its end is missing"),
    "zip bomb": ("plan.docx", samples.bomb, "unpacks to more than can be taken"),
    "many parts": ("plan.docx", samples.many, "unpacks to more than can be taken"),
    "climbing part": ("plan.docx", lambda: samples.office(**{"../evil.xml": "x"}), "names that no office writes"),
    "macros": ("plan.docx", lambda: samples.office(**{"word/vbaProject.bin": b"x"}), "holds macros"),
    "macros by type": ("plan.docx", lambda: samples.office(types="<T>macroEnabled</T>"), "holds macros"),
    "cut zip": ("plan.docx", lambda: samples.office()[:-30], "is damaged"),
    "locked office": ("plan.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "protected by a password"),
    "csv with nul": ("rows.csv", lambda: b"a,b\n1,\x002\n", "no plain text"),
    "csv with bell": ("rows.csv", lambda: b"a,b\n1,\x072\n", "no plain text"),
    "page as text": ("notes.txt", lambda: b"\n <!DOCTYPE html><script>1</script>", "is a web page or XML"),
    "svg as markdown": ("notes.md", lambda: b"<svg onload='x'>", "is a web page or XML"),
    "program as text": ("notes.txt", lambda: b"#!/bin/sh\nrm -r x\n", "is no plain text"),
    "pdf as text": ("notes.txt", samples.pdf, "is no plain text"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_content_that_does_not_agree(name):
    given, made, says = HOSTILE[name]
    with pytest.raises(NotTaken, match=says):
        check(io.BytesIO(made()), given)


@pytest.mark.parametrize(("given", "made"), [
    ("plan.pdf", samples.pdf), ("shot.png", samples.picture), ("shot.jpg", lambda: samples.picture("JPEG")),
    ("plan.docx", samples.office), ("rows.xlsx", lambda: samples.office(FileKind.XLSX)),
    ("talk.pptx", lambda: samples.office(FileKind.PPTX)), ("rows.csv", lambda: "Größe,Wert\n1,2\n".encode("cp1252")),
    ("notes.txt", lambda: "Grüße".encode("utf-16")), ("notes.md", lambda: "\ufeff# Plan\n".encode()),
])  # fmt: skip
def test_what_is_taken(given, made):
    assert check(io.BytesIO(made()), given) == (given, kind_of(given))


# What only a reader of such files finds, in its own process.


@pytest.fixture
def bring(application):
    """Bring files as a form gives them; what the store holds afterwards."""

    def of(**files):
        uploads = [FileStorage(io.BytesIO(body), name) for name, body in files.items()]
        with application.app_context():
            before = {one.path for one in store().everything()}
            try:
                with brought(uploads) as found:
                    return found
            finally:
                of.kept = {one.path for one in store().everything()} - before

    return of


@pytest.mark.parametrize(("name", "made", "says"), [
    ("plan.pdf", samples.locked_pdf, "protected by a password"),
    ("plan.pdf", lambda: b"%PDF-1.7\nnothing of it\n%%EOF\n", "is damaged, or is no PDF"),
    ("shot.png", samples.huge_picture, "more than 40 megapixels"),
    ("shot.png", lambda: samples.picture()[:60], "is damaged, or is no PNG"),
    ("shot.jpg", lambda: b"\xff\xd8\xff\xe0" + b"<script>" * 50, "is damaged, or is no JPG"),
])  # fmt: skip
def test_what_the_reader_refuses(bring, name, made, says):
    with pytest.raises(Refused, match=says):
        bring(**{name: made()})
    assert bring.kept == set()


def test_one_bad_file_keeps_none_and_each_is_named(bring):
    with pytest.raises(Refused) as refused:
        bring(**{"good.txt": PLAIN, "bad.exe": b"x", "empty.md": b""})
    assert [one.split(":")[0].split(" is")[0] for one in refused.value.sentences] == ["bad.exe", "empty.md"]
    assert bring.kept == set()


def test_a_picture_loses_what_is_hidden_in_it(bring, application):
    [kept] = bring(**{"photo.jpg": samples.located()})
    with application.app_context():
        body = b"".join(store().read(next(path for path in bring.kept if path.startswith("files/"))))
    assert b"Somebody at home" in samples.located()
    assert b"Somebody" not in body
    assert b"Exif" not in body
    assert kept.digest != kept.source_digest


def test_what_hangs_behind_a_picture_is_gone(bring, application):
    bring(**{"shot.png": samples.picture() + b"<script>alert(1)</script>PK\x03\x04"})
    with application.app_context():
        body = b"".join(store().read(next(path for path in bring.kept if path.startswith("files/"))))
    assert b"script" not in body
    assert b"PK" not in body


def test_pages_are_counted_and_the_first_is_drawn(bring):
    [kept] = bring(**{"plan.pdf": samples.pdf(3)})
    assert (kept.pages, kept.digest) == (3, kept.source_digest)
    assert [path for path in bring.kept if path.startswith("pictures/")]
