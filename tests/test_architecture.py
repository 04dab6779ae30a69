"""The order of the house, kept by tests with a planted example of what each must find."""

import ast
import hashlib
import json
import re
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes
from sqlalchemy import CheckConstraint, Enum, ForeignKeyConstraint, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from crm.access.pages import Pages
from crm.access.policy import MAY
from crm.core import ownership
from crm.core.db import Model
from crm.core.twelve import TWELVE
from crm.schema import TABLES
from crm.sight import NAMED
from tests.routes import NOT_OFFERED

pytestmark = pytest.mark.engine_free
ROOT = Path(__file__).parent.parent
ORDER = [
    "core",
    "practice",
    "accounts",
    "audit",
    "outbox",
    "access",
    "people",
    "clients",
    "files",
    "links",
    "engagements",
    "reviews",
    "maturity",
    "library",
    "deliverables",
    "plans",
    "timelog",
    "retainers",
    "closing",
    "invoices",
    "registers",
    "areas",
    "evidence",
    "kpis",
    "meetings",
    "search",
    "schema",
    "sight",
    "figures",
    "health",
    "workload",
    "feeds",
    "archive",
    "margin",
    "portal",
    "desk",
    "home",
    "demo",
    "settings",
    "commands",
    "pages",
    "refusals",
    "app",
    "wsgi",
]
SOURCES = sorted((ROOT / "crm").rglob("*.py"))
SOURCES = [path for path in SOURCES if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def imported(source):
    """Every module of the house that a source imports when it is read (not inside functions or TYPE_CHECKING)."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crm"):
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "crm" else [node.module]
            yield from names
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("crm."))


def points_right(source, home):
    return [away for away in imported(source) if ORDER.index(away.split(".")[1]) > ORDER.index(home)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_left(path):
    home = path.relative_to(ROOT).with_suffix("").parts
    if len(home) > 1 and home[1] != "__init__":
        assert points_right(path.read_text(), home[1]) == []
    if home[1:2] == ("areas",) and len(home) == 4:
        others = [
            away
            for away in imported(path.read_text())
            if away.startswith("crm.areas.") and away.split(".")[2] != home[2]
        ]
        assert others == [], "the twelve do not know each other"


def test_the_import_test_finds_a_wrong_import():
    assert points_right("from crm.deliverables.models import State", "clients") == ["crm.deliverables.models"]


def test_the_linter_knows_the_same_order():
    listed = (ROOT / ".importlinter").read_text().split("layers =\n")[1].split("\n\n")[0].split()
    assert listed == ORDER[::-1]


def test_the_linter_knows_the_twelve():
    """By name: a star would count the catalogue and the views, which must know all twelve, as areas."""
    listed = (ROOT / ".importlinter").read_text().split("modules =\n")[1].split()
    assert listed == [f"crm.areas.{area.slug}" for area in TWELVE]


LAYERS = ("states", "versions", "models", "forms", "queries", "notices", "operations")


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem in LAYERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_layers_inside_a_feature(path):
    home = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for away in imported(path.read_text()):
        package, _, layer = away.rpartition(".")
        if package == home and layer in LAYERS:
            assert LAYERS.index(layer) <= LAYERS.index(path.stem), away


def traps(source):
    """What a limit's lambda must not hold: defaults, branches, `is`, attributes of anything but the row."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"limit", "with_loader_criteria"}:
            for fn in (argument for argument in node.args if isinstance(argument, ast.Lambda)):
                row = fn.args.args[0].arg
                if fn.args.defaults or fn.args.kw_defaults:
                    yield "default", fn.lineno
                for inner in ast.walk(fn.body):
                    if isinstance(inner, ast.IfExp | ast.BoolOp | ast.Is | ast.IsNot):
                        yield "branch", fn.lineno
                    if isinstance(inner, ast.Attribute):
                        base = inner
                        while isinstance(base, ast.Attribute | ast.Call):
                            base = base.value if isinstance(base, ast.Attribute) else base.func
                        if getattr(base, "id", row) != row:
                            yield "attribute", fn.lineno


def test_limits_hold_no_trap():
    assert not [*traps((ROOT / "crm/sight.py").read_text())]
    for planted in (
        "limit(A, lambda row, c=c: row.x == c)",
        "limit(A, lambda row: row.x == viewer.x)",
        "limit(A, lambda row: true() if x is None else row.x == x)",
        "with_loader_criteria(A, lambda r: x or r.y)",
    ):
        assert [*traps(planted)], planted


DOORS = re.compile(
    r"\btext\(|__table__\b|with_loader_criteria|\.connect\(\)|\.connection\(|bulk_save|bulk_insert|bulk_update|from_statement|\.query\("
    r"|exec_driver_sql"
)
MAY_NAME_TABLES = {"crm/sight.py", "crm/core/db.py"}


def test_the_back_doors_are_named():
    for path in SOURCES:
        if str(path.relative_to(ROOT)) not in MAY_NAME_TABLES:
            assert not DOORS.findall(path.read_text()), path
    assert DOORS.findall("session.execute(text('select 1'))")


UNLIMITED = {  # who may run a named statement, and where
    "demo/bulk.py": {"demo.load"},
    "practice/models.py": {"practice.next_number", "practice.forget_logo"},
    "outbox/inbox.py": {"notices.count"},
    "deliverables/queries.py": {"deliverables.reviewers"},
    "deliverables/chains/queries.py": {"deliverables.chain"},
    "deliverables/talk/queries.py": {"comments.readers"},
    "files/keeping.py": {"files.room"},
    "closing/operations.py": {"closing.freeze"},
    "timelog/approval/operations.py": {"time.approve"},
    "timelog/queries.py": {"timelog.invoiced"},
    "search/lines.py": {"search.write"},
    "search/rows.py": {"search.write"},
    "areas/asking.py": {"decisions.contract"},
    "links/operations.py": {"links.keep"},
    "settings/queries.py": {"settings.accounts"},
    "settings/mail_queries.py": {"settings.mail"},
    "settings/storage_queries.py": {"settings.files"},
    "settings/keys/queries.py": {"settings.accounts"},
    "timelog/imports/staging.py": {"imports.stage"},
    "evidence/keeping.py": {"evidence.keep"},
    "timelog/many.py": {"timelog.log_each"},
    "audit/trail.py": {"audit.each"},
    "timelog/imports/checking.py": {"imports.stage", "imports.take"},
    "invoices/models.py": {"invoices.next_number"},
    "invoices/drafts.py": {"invoices.draft", "invoices.mark_billed"},
    "invoices/billing/models.py": {"invoices.next_number"},
    "sight.py": {"sight.reach"},
    "figures.py": {
        "sight.cards",
        "sight.names",
        "timelog.figures",
        "invoices.late",
        "engagements.standing",
        "reviews.last",
        "workload.plan",
        "workload.logged",
    },
}


def test_named_statements_stand_where_the_list_says():
    found = {}
    for path in SOURCES:
        names = set(re.findall(r"""\bnamed["']?\s*[:=]\s*["']([a-z_.]+)["']""", path.read_text()))
        if names:
            found[str(path.relative_to(ROOT / "crm"))] = names
    for place, names in found.items():
        assert names <= UNLIMITED.get(place, set()), (place, names)
    assert set().union(*found.values()) <= NAMED


GUARDED = {
    "datetime.now": {"crm/core/clock.py"},
    "date.today": set(),
    "|safe": set(),
    "Markup(": {"crm/core/markdown.py"},
    "setattr(": set(),
    ".commit()": {"crm/core/db.py", "crm/accounts/security.py"},
    "time.sleep": set(),
}


@pytest.mark.parametrize("word", GUARDED)
def test_words_that_stand_nowhere_else(word):
    places = {str(path.relative_to(ROOT)) for path in SOURCES if word in path.read_text()}
    assert places <= GUARDED[word]


def test_every_table_names_its_owner():
    owners = tuple(
        one
        for one in vars(ownership).values()
        if isinstance(one, type)
        and one.__module__ == ownership.__name__
        and one not in {ownership.Visibility, ownership.OpenTo, ownership.OfOneClient}
    )
    free = {table.__name__ for table in TABLES if not issubclass(table, owners)}
    assert free == {"Practice", "Person", "Client", "Engagement"}
    assert {mapper.class_ for mapper in Model.registry.mappers} == set(TABLES)


def test_keys_carry_the_client():
    """A key to a row of a client names the client too."""
    trail = {"audit_text", "audit_entry", "standing", "search_line"}
    # rows of a person of ours, not of a client, though they may name one
    own_work = {
        ("time_note", "time_entry"),
        ("time_check", "time_entry"),
        ("time_entry", "time_entry"),
        ("audit_entry", "contact"),
        ("standing", "contact"),
    }
    owned = {
        table.name for table in Model.metadata.tables.values() if "client_id" in table.c and table.name not in trail
    }
    for table in Model.metadata.tables.values():
        for key in table.constraints:
            if (
                isinstance(key, ForeignKeyConstraint)
                and key.referred_table.name in owned
                and (table.name, key.referred_table.name) not in own_work
            ):
                assert "client_id" in key.column_keys, (table.name, key.column_keys)


def test_leaves_repeat_the_client():
    for mapper in Model.registry.mappers:
        if mapper.inherits:
            assert mapper.local_table.c.client_id.index
            assert any(
                "client_id" in key.column_keys
                for key in mapper.local_table.constraints
                if isinstance(key, ForeignKeyConstraint)
            )


def test_mixin_columns_are_assigned():
    for node in ast.walk(ast.parse((ROOT / "crm/core/ownership.py").read_text())):
        assert not isinstance(node, ast.AnnAssign) or node.value is not None


def test_every_column_of_words_is_bounded():
    """Both engines refuse the same values: SQLite alone keeps over-long text and unknown words."""
    for table in Model.metadata.tables.values():
        names = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        for column in table.columns:
            kind = getattr(column.type, "impl_instance", column.type)
            if isinstance(kind, Enum):
                assert f"ck_{table.name}_{column.name}_known" in names
            elif isinstance(kind, String):
                assert f"ck_{table.name}_{column.name}_fits" in names, (table.name, column.name)


def test_every_table_compiles_on_both_engines():
    for table in Model.metadata.tables.values():
        for dialect in (sqlite.dialect(), postgresql.dialect()):
            assert str(CreateTable(table).compile(dialect=dialect))


def test_every_page_has_roles(app):
    open_to_all = {"static", "health.healthz"}
    steps = ("login", "logout", "two_factor_token_validation", "mf_recovery", "wan_signin", "wan_signin_response")
    open_to_all |= {f"security.{name}" for name in steps}
    for rule in app.url_map.iter_rules():
        if rule.rule not in NOT_OFFERED and rule.endpoint not in open_to_all:
            assert isinstance(app.blueprints[rule.endpoint.rpartition(".")[0]], Pages), rule


def test_every_verb_is_in_the_policy():
    pattern = re.compile(r"""(?:\bact\(\s*(?:g\.)?viewer,\s*|\bmay\((?:g\.viewer,\s*)?)["']([a-z_.]+)["']""")
    used = {verb for path in (*SOURCES, *TEMPLATES) for verb in pattern.findall(path.read_text())}
    assert used <= set(MAY), used - set(MAY)


STYLED = re.compile(r"\sstyle=|<style|<script>|\son[a-z]+=|\|\s*safe\b|hx-on")


def macros_of(source):
    """The macros that a template imports and never names, and the shared ones that it calls and never imports."""
    parsed = jinja2.Environment(autoescape=True).parse(source)
    pairs = [one for node in parsed.find_all(nodes.FromImport) for one in node.names]
    brought = {one[1] if isinstance(one, tuple) else one for one in pairs}
    every = list(parsed.find_all(nodes.Name))
    own = {
        one.name for one in (*every, *parsed.find_all(nodes.Macro)) if isinstance(one, nodes.Macro) or one.ctx != "load"
    }
    named = {one.name for one in every if one.ctx == "load"}
    called = {one.node.name for one in parsed.find_all(nodes.Call) if isinstance(one.node, nodes.Name)}
    return brought - named, (called & SHARED) - brought - own


SHARED = {
    macro.name
    for path in (ROOT / "templates/macros").glob("*.html")
    for macro in jinja2.Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Macro)
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_import_what_they_call(path):
    """A part that calls what its page imported breaks in the next page that includes it."""
    assert macros_of(path.read_text()) == (set(), set())


def test_the_import_of_a_macro_is_found():
    source = '{% from "macros/ui.html" import icon, tag as mark %}{{ icon("x") }}{% if rag("g") %}{% endif %}'
    assert macros_of(source) == ({"mark"}, {"rag"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_the_policy(path):
    assert not STYLED.findall(path.read_text())


FORM_IN_P = re.compile(r"<p\b[^>]*>(?:(?!</p>).)*?\{\{ ?button\(", re.DOTALL)


def test_no_button_stands_in_a_paragraph():
    """`button` is a form, which ends the paragraph around it."""
    assert [str(path) for path in TEMPLATES if FORM_IN_P.search(path.read_text())] == []
    assert FORM_IN_P.search("<p class='mt'>Or {{ button('/x', 'y') }}</p>")


ONE_MACHINE = re.compile(r"(?<![\w.}:/])/(?:home|root|Users)/\w")


def test_no_file_of_ours_names_a_place_of_one_machine():
    for path in [*SOURCES, *TEMPLATES, *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "Makefile"]:
        assert not ONE_MACHINE.search(path.read_text()), path
    assert ONE_MACHINE.search("open('/home/ada/practice.db')")


def test_what_others_made_lies_with_its_version_licence_and_digest():
    static = ROOT / "static"
    listed = json.loads((static / "vendor/manifest.json").read_text())
    for one in listed:
        assert one["version"]
        assert (static / one["license_file"]).is_file()
        assert hashlib.sha256((static / one["file"]).read_bytes()).hexdigest() == one["sha256"], one["file"]
    theirs = {
        *static.glob("vendor/*/*.js"),
        *static.glob("fonts/*.woff2"),
        *static.glob("fonts/*.ttf"),
        static / "icons/sprite.svg",
    }
    assert {str(path.relative_to(static)) for path in theirs} == {one["file"] for one in listed}


@pytest.mark.parametrize("sheet", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda sheet: sheet.stem)
def test_style_sheets_close_what_they_open(sheet):
    """A brace that is missing nests all that follows, and a browser says nothing of it."""
    depth = 0
    for number, text in enumerate(re.sub(r"/\*.*?\*/", blank_lines, sheet.read_text(), flags=re.DOTALL).split("\n"), 1):
        assert not (text.startswith("@layer") and depth), f"line {number} stands inside of what was not closed"
        depth += text.count("{") - text.count("}")
    assert depth == 0


def blank_lines(comment):
    return "\n" * comment[0].count("\n")
