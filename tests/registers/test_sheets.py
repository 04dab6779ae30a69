"""Registers as sheets: exports, templates, and rows that somebody brings."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crm.areas.stakeholders.models import Stakeholder
from crm.areas.strategy.models import Objective
from crm.areas.vendors.models import VendorContract
from crm.audit.models import AuditEntry, AuditText
from crm.core.tables import Unreadable
from crm.core.workbook import Money, Sheet, xlsx_of
from crm.core.xlsx import rows_of_xlsx
from crm.registers.imports import files
from crm.registers.imports.models import RowImport
from crm.registers.models import RegisterEntry
from tests.html import faults
from tests.registers.test_contract import EACH, FILLED

GOALS = "/clients/1/areas/strategy/objectives/"
DEALS = "/clients/1/areas/vendors/contracts/"


def lines_of(answer):
    return [line for _, line in rows_of_xlsx(io.BytesIO(answer.data), 10_000)]


def bring(browser, here, body, name="rows.csv"):
    body = body.encode() if isinstance(body, str) else body
    return browser.send(f"{here}import", file=(io.BytesIO(body), name))


def take(browser, at, **said):
    return browser.send(f"{at}/taking", version="1", **said)


def told(stage, register):
    """What the rows of a register say, field by field, without who and when."""
    stage.expire_all()
    own = {"id", "made_at", "changed_at", "made_by_id", "changed_by_id", "version", "source"}
    columns = [one.key for one in RegisterEntry.__mapper__.columns] + [
        one.key for one in register.entry.__mapper__.columns
    ]
    return [
        {name: getattr(row, name) for name in sorted({*columns} - own)}
        for row in stage.scalars(
            select(register.entry).where(register.entry.archived_at.is_(None)).order_by(register.entry.id)
        )
    ]


@EACH
def test_what_goes_out_comes_in_again(area, register, sign_in, cast, stage, words):
    """Every field as XLSX, brought back by its headings: the same row once more, of the client and its area."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    ben.send(f"{here}new", **FILLED[register.slug])
    out = ben.get(f"{here}fields.xlsx")
    row = stage.scalars(select(register.entry)).one()
    before = told(stage, register)
    ben.send(f"{here}{row.id}/archive", version=row.version)
    brought = bring(ben, here, out.data, "rows.xlsx")
    assert brought.status_code == 303, words(brought)
    assert "1 row can be imported" in words(ben.get(brought.location)), words(ben.get(brought.location))
    assert take(ben, brought.location).status_code == 303
    assert told(stage, register) == before
    csv = ben.get(f"{here}fields.csv").data
    assert bring(ben, here, csv).status_code == 303
    assert "named below" in words(ben.get(bring(ben, here, csv).location)), "it is known by its name"


@EACH
def test_the_template_says_what_it_takes(area, register, sign_in, cast, stage, words):
    """Headings by the form, the needed ones marked; its own examples are a row that can be taken."""
    ben, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/"
    headings = lines_of(ben.get(f"{here}template.xlsx"))[0]
    assert any(one.endswith(" *") for one in headings)
    assert (
        ben.get(f"{here}template.csv").get_data(as_text=True).lstrip("\ufeff").strip().count(",") >= len(headings) - 1
    )
    with zipfile.ZipFile(io.BytesIO(ben.get(f"{here}template.xlsx").data)) as packed:
        said = packed.read("xl/sharedStrings.xml").decode()
    assert "Example" in said
    page = ben.get(f"{here}import").get_data(as_text=True)
    assert faults(page) == []
    examples = dict(zip(headings, EXAMPLES(page), strict=True))
    body = xlsx_of(Sheet("Rows", headings, [list(examples.values())]))
    brought = bring(ben, here, body, "rows.xlsx")
    dry = ben.get(brought.location)
    assert "1 row can be imported" in words(dry), words(dry)
    assert faults(dry.get_data(as_text=True)) == []


def EXAMPLES(page):  # noqa: N802
    import re
    from html import unescape

    found = re.findall(r'data-label="Example">(.*?)</td>', page, re.DOTALL)
    return [unescape(one) if one != "–" else "" for one in found]


def test_the_list_goes_out_with_real_days_and_sums(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send(f"{DEALS}new", **FILLED["contracts"] | {"vendor": "=cmd|x"})
    body = ben.get(f"{DEALS}rows.xlsx").data
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        cells, said = (packed.read(f"xl/{part}.xml").decode() for part in ("worksheets/sheet1", "sharedStrings"))
    assert "<v>7200</v>" in cells
    assert f"<v>{(date(2027, 2, 5) - date(1899, 12, 30)).days}</v>" in cells
    assert "<f>" not in cells
    assert "<t>'=cmd|x</t>" in said, "guarded as in CSV"
    assert "'=cmd|x" in ben.get(f"{DEALS}rows.csv").get_data(as_text=True)
    assert lines_of(ben.get(f"{DEALS}rows.xlsx"))[0][-3:] == ["Shared with the client", "To be confirmed", "Archived"]
    assert ben.get(f"{DEALS}rows.ods").status_code == 404


SHEET = """Objective;How it serves the mission;Owner;Due;Now;Status;Colour
Quotes the same day;Fast answers;Cora;05/12/2026;80.5 %;On track;blue
Nothing lost;Trust;somebody@nowhere.example;31/12/2026;many;Fine;
"'-5 degrees";Fast answers;Harbour Ltd;2026-12-06;;;
"""


def test_a_bad_row_is_named_and_nothing_is_taken(sign_in, cast, stage, words):
    """Line, column, what stands there and what is allowed; mended, all of it is taken."""
    ben = sign_in(cast.ben)
    at = bring(ben, GOALS, SHEET).location
    dry = words(ben.get(at))
    for said in ("1 row of 3 cannot be taken", "Line 3 Owner somebody@nowhere.example", "mail address of a contact of", "3 Now many Write a number",
                 "3 Status Fine “Fine” is not allowed: write On track, At risk, Off track, Met or Dropped", "Not read", "Colour",
                 "4 Owner Harbour Ltd Nobody in the lists has this name"):  # fmt: skip
        assert said in dry, (said, dry)
    assert "3,Status,Fine" in ben.get(f"{at}/bad.csv").get_data(as_text=True)
    refused = take(ben, at)
    assert (refused.status_code, "Nothing was imported: 1 row cannot be taken" in words(refused)) == (409, True)
    assert stage.scalars(select(Objective)).all() == []
    mended = SHEET.replace("somebody@nowhere.example", "Cora").replace("many", "1,200").replace("Fine", "at_risk")
    at = bring(ben, GOALS, mended).location
    done = take(ben, at)
    assert (done.status_code, done.location) == (303, GOALS)
    rows = stage.scalars(select(Objective).order_by(Objective.id)).all()
    assert [(row.title, row.due, row.current, row.status, row.source) for row in rows] == [
        ("Quotes the same day", date(2026, 12, 5), Decimal("80.5"), "on_track", "import"),
        ("Nothing lost", date(2026, 12, 31), Decimal(1200), "at_risk", "import"),
        ("-5 degrees", date(2026, 12, 6), None, "on_track", "import"),
    ]
    assert [(row.owner_contact_id, row.owner_name) for row in rows] == [(1, ""), (1, ""), (None, "Harbour Ltd")]
    assert (rows[0].made_by_id, rows[0].visibility, rows[0].to_be_confirmed) == (2, "team", False)
    entry = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "register.take_rows")).one()
    assert (entry.client_id, stage.get(AuditText, entry.reason_id).body) == (1, "rows.csv: 3 rows")
    again = take(ben, at)
    assert (again.status_code, stage.scalar(select(func.count(Objective.id)))) == (409, 3)
    assert stage.get(RowImport, int(at.rpartition("/")[2])).body == b"", "its lines are forgotten"


def test_pressing_twice_takes_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    at = bring(ben, GOALS, "Objective,How it serves the mission,Owner\na,b,Somebody Else\n").location
    assert [take(ben, at, once="one press").location for _ in (1, 2)] == [GOALS, GOALS]
    assert stage.scalar(select(func.count(Objective.id))) == 1


def test_names_that_are_known_are_left_out_or_not(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    sheet = "Objective,How it serves the mission,Owner\nOne,b,Sam\nTwo,b,Sam\n ONE ,b,Sam\n"
    at = bring(ben, GOALS, sheet).location
    assert "1 row is named below" in words(ben.get(at))
    take(ben, at, leave_out_known="yes")
    at = bring(ben, GOALS, sheet).location
    nothing = take(ben, at, leave_out_known="yes")
    assert (nothing.status_code, "There is nothing new" in words(nothing)) == (409, True)
    take(ben, at)
    titles = stage.scalars(select(Objective.title).order_by(Objective.id)).all()
    assert titles == ["One", "Two", "One", "Two", "ONE"]


def test_an_import_is_ones_own(sign_in, cast, stage):
    """Not another consultant's, not a partner's, not by the address of another register or client."""
    at = bring(sign_in(cast.ben), GOALS, "Objective,How it serves the mission,Owner\na,b,Sam\n").location
    for name, status in (("tess", 404), ("ada", 404), ("eve", 404), ("finn", 404), ("cora", 403), ("abe", 403)):
        browser = sign_in(getattr(cast, name))
        assert browser.get(at).status_code == status, name
        assert take(browser, at).status_code == status, name
        assert browser.send(f"{at}/dropping", version="1").status_code == status, name
    ben = sign_in(cast.ben)
    assert ben.get(at.replace("strategy/objectives", "strategy/initiatives")).status_code == 404
    second = bring(ben, GOALS, "Objective,How it serves the mission,Owner\nb,b,Sam\n").location
    assert take(ben, at).status_code == 409, "a newer file of the same list puts the older away"
    assert ben.send(f"{second}/dropping", version="1").location == GOALS
    assert ben.get(second).status_code == 200


def test_whoever_serves_no_more_takes_nothing(sign_in, cast, stage):
    from datetime import timedelta

    from tests.cast import TODAY

    ben = sign_in(cast.ben)
    at = bring(ben, GOALS, "Objective,How it serves the mission,Owner\na,b,Sam\n").location
    for part in cast.north.assignments:
        part.ends = TODAY - timedelta(3)
    stage.commit()
    assert ben.get(at).status_code == 200
    assert take(ben, at).status_code == 403
    assert bring(ben, GOALS, "Objective,How it serves the mission,Owner\na,b,Sam\n").status_code == 403


def test_people_of_one_name_are_told_by_their_mail(sign_in, cast, stage, words):
    cast.contacts.vic.name, cast.contacts.vic.email = cast.contacts.cora.name, "vic@northwind.example"
    stage.commit()
    ben, here = sign_in(cast.ben), "/clients/1/areas/stakeholders/stakeholders/"
    sheet = "Who,Department,Influence,Stance\n{},Executive,5,Champion\n"
    assert "is the name of 2: write the mail address" in words(
        ben.get(bring(ben, here, sheet.format(cast.contacts.cora.name)).location)
    )
    take(ben, bring(ben, here, sheet.format("vic@northwind.example")).location)
    assert stage.scalars(select(Stakeholder)).one().contact_id == cast.contacts.vic.id
    assert "vic@northwind.example" in ben.get(f"{here}fields.csv").get_data(as_text=True)


def test_ambiguous_days_are_asked_for(sign_in, cast, words):
    ben = sign_in(cast.ben)
    sheet = "Objective,How it serves the mission,Owner,Due\na,b,Sam,03/04/2027\n"
    assert "“03/04/2027” could be two days: write it like 2026-11-20" in words(
        ben.get(bring(ben, GOALS, sheet).location)
    )


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return out.getvalue()


def a_sheet(cells, *, before="", coded="utf-8", look=0):
    """A workbook with these rows of XML in its sheet; `look`: the number format of its only style."""
    with zipfile.ZipFile(io.BytesIO(xlsx_of(Sheet("Rows", ["Objective"])))) as made:
        parts = {one: made.read(one).decode() for one in made.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<?xml version="1.0" encoding="{coded}"?>{before}<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
    )
    if look:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="{look}"/></cellXfs></styleSheet>'
    return packed(**parts)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "a bomb": (packed(**{"xl/workbook.xml": "a" * 60_000_000}), "unpacks to more"),
    "many members": (packed(**{f"part{n}": "x" for n in range(1_001)}), "unpacks to more"),
    "far to the right": (a_sheet('<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>'), "right of column 300"),
    "far below": (a_sheet('<row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row>'), "no heading line"),
    "entities": (a_sheet("<row><c t='str'><v>&l9;</v></c></row>", before=f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]>"), "damaged"),
    "cut off": (a_sheet("")[:900], "damaged"),
    "not XML": (a_sheet("<row"), "damaged"),
    "no sheet": (packed(**{"word/document.xml": "<a/>"}), "no sheet"),
    "a string that is not there": (a_sheet('<row><c t="s"><v>7</v></c></row>'), "damaged"),
    "a string far away": (a_sheet(f'<row><c t="s"><v>{"9" * 5000}</v></c></row>'), "damaged"),
    "a share beyond measure": (a_sheet('<row><c s="0"><v>9e999999</v></c></row>', look=9), "damaged"),
    "a day that is no number": (a_sheet('<row><c s="0"><v>NaN</v></c></row>', look=14), "damaged"),
    "letters of nobody": (a_sheet("<row/>", coded="nobody"), "damaged"),
    "letters of several bytes": (a_sheet("<row/>", coded="shift_jis"), "damaged"),
    "empty": (b"", "The file is empty"),
    "no text": (b"\x00\x01\x02\xff" * 50, "no text file"),
    "no headings": (b"a,b\nc,d\n", "no heading line"),
    "a column less": (b"Objective,Owner\nx,y\n", "no column \u201cHow it serves the mission\u201d"),
    "headings alone": (b"Objective,How it serves the mission\n", "no row below"),
    "too long": (b"Objective,How it serves the mission\n" + b"x,y\n" * 10_001, "more than 10,000 rows"),
}  # fmt: skip


@pytest.mark.engine_free
@pytest.mark.parametrize("file", HOSTILE)
def test_files_that_are_refused(file, sign_in, cast, words, stage):
    body, says = HOSTILE[file]
    answer = bring(sign_in(cast.ben), GOALS, body, "rows.xlsx")
    assert (answer.status_code, says in words(answer)) == (422, True), words(answer)
    assert stage.scalars(select(RowImport)).all() == []


@pytest.mark.engine_free
def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(files, "BYTES", 1024 * 1024)
    with pytest.raises(Unreadable, match="at most 1 MB"):
        files.table_of(io.BytesIO(b"x" * (1024 * 1024 + 1)), [])


@pytest.mark.engine_free
def test_letters_that_no_form_takes_are_bad_rows_and_no_error(sign_in, cast, words):
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("a_xD800_b", "x", "_x0000_", "#REF!"))
    heads = "".join(
        f'<c t="inlineStr"><is><t>{text}</t></is></c>'
        for text in ("Objective", "How it serves the mission", "Owner", "Now")
    )
    ben = sign_in(cast.ben)
    brought = bring(ben, GOALS, a_sheet(f"<row>{heads}</row><row>{cells}</row>"), "x.xlsx")
    assert "could not work this cell out" in words(ben.get(brought.location))


@pytest.mark.engine_free
def test_a_sheet_is_read_as_it_was_written():
    said = [["Text *", "Sum", "Day", "Number", "Yes"], ["a\nb & <c> _x000D_", Money(520050), date(2026, 11, 22), Decimal("-0.5"), True],
            [None, Money(-1), None, 12, False]]  # fmt: skip
    body = xlsx_of(Sheet("One", said[0], said[1:], {0: ["a", "b"]}), Sheet("Two", ["x"], [["y"]], wide=40))
    assert list(rows_of_xlsx(io.BytesIO(body), 9)) == [
        (1, ["Text *", "Sum", "Day", "Number", "Yes"]),
        (2, ["a\nb & <c> _x000D_", "5200.5", "2026-11-22", "-0.5", "yes"]),
        (3, ["", "-0.01", "", "12", "no"]),
    ]
    with pytest.raises(Unreadable, match="more than 2 rows"):
        list(rows_of_xlsx(io.BytesIO(body), 2))


def test_what_an_import_costs(sign_in, cast, stage, statements):
    """As many statements for many lines as for few, but for those that write them."""
    ben = sign_in(cast.ben)
    sheet = "Vendor,What for,How much hangs on the vendor,Cost in a year\n" + "".join(
        f"V{n},Lines,Important,{n}\n" for n in range(40)
    )
    seen = []
    for body in (sheet[:130].rpartition("\n")[0] + "\n", sheet):
        with statements() as brought:
            at = bring(ben, DEALS, body).location
        seen.append(len(brought))
        assert stage.scalars(select(RowImport).order_by(RowImport.id.desc())).first().bad == 0
    assert seen[0] <= seen[1] <= seen[0] + 2  # an earlier one is put away
    with statements() as taken:
        take(ben, at)
    assert stage.scalar(select(func.count(VendorContract.id))) == 40
    assert len([one for one in taken if one.lstrip().upper().startswith("SELECT")]) <= 16
