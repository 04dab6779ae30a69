"""Every address x method x role x {own, foreign, missing, own parent with foreign child}, with canaries in the pages
and a digest of all rows before and after. Twelve planted holes show that it finds what it is for."""

import hashlib

import pytest
from flask import Blueprint, g, redirect, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.access.pages import DESK, EVERYBODY, PORTAL, Pages
from crm.accounts.session import account_session
from crm.clients.models import Client, ClientNote
from crm.core.db import Model, db
from crm.core.web import HEADERS, KEPT
from crm.deliverables.models import Deliverable
from crm.files.serving import SANDBOX
from tests import cast as people
from tests import world as full_world
from tests.routes import NOT_OFFERED, OF_THE_CLIENT, ROUTES, SEES_BOTH, WHO, Route

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
NOBODYS = 999_999
NOT_DIGESTED = {"signed_in", "rate_count", "opening"}


class Walker:
    """Calls every route as everybody on a world that is put back after each write."""

    def __init__(self, app, storage, scene, name, build):
        self.app, self.storage, self.name = app, storage, name
        self.build = lambda: scene(name, build)
        self.restore()

    def restore(self):
        with self.app.app_context():
            db.engine.dispose()
        self.cast = self.build()
        known = self.storage.digests
        self.before = known[self.name] = known.get(self.name) or self.digest()
        self.mark = self.storage.mark(anew=True)

    def has_changed(self):
        """Whether any row changed. The engine's own mark of writing is asked first: it costs nothing."""
        mark = self.storage.mark()
        if mark == self.mark:
            return False
        self.mark = mark
        return self.digest() != self.before

    def digest(self):
        """Every row of every table but sessions, counters and the access log."""
        found = hashlib.sha256()
        with self.app.app_context(), db.engine.execution_options(writes=False).connect() as connection:
            for table in Model.metadata.sorted_tables:
                if table.name not in NOT_DIGESTED:
                    order = ", ".join(column.name for column in table.primary_key)
                    rows = connection.exec_driver_sql(f'SELECT * FROM "{table.name}" ORDER BY {order}').all()
                    found.update(repr((table.name, rows)).encode())
        return found.digest()

    def call(self, name, rule, route, role, ids):
        """The answer of one call, and whether a row changed. Puts the world back when one did."""
        browser = people.browser_of(self.app, getattr(self.cast, WHO[role])) if WHO[role] else self.app.test_client()
        address = rule.rule
        for key in rule.arguments:
            address = address.replace(
                next(part for part in address.split("<") if f"{key}>" in part).split(">")[0].join("<>"),
                str(ids.get(key, "")),
            )
        method = name.split()[0]
        fields = route.fields() if callable(route.fields) else route.fields
        typed = {"once": "matrix", "version": "1", **fields} if method in UNSAFE else {}
        answer = browser.open(address + route.query, method=method, data=typed or None)
        text = answer.get_data().decode(errors="replace")  # a PDF is no text
        wrote = self.has_changed()
        if wrote:
            self.restore()
        return answer, text, wrote


def rules_of(app):
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if rule.endpoint != "static" and rule.rule not in NOT_OFFERED
    }


def cases(rule, route):
    yield "own", dict(route.own)
    if not route.foreign:
        return
    yield "foreign", dict(route.foreign)
    last = list(route.foreign)[-1]
    yield "missing", {**route.own, last: NOBODYS}
    if sum(isinstance(value, int) for value in route.foreign.values()) > 1:  # a parent and a child, not a slug
        yield "mixed", {**route.own, last: route.foreign[last]}


def expected(access, which):
    return access != "none" and which != "missing" and (which == "own" or (access == "all" and which != "mixed"))


def is_allowed(answer):
    to_the_door = (
        answer.status_code in {302, 303}
        and (answer.location or "").startswith("/sign-in")
        and answer.request.path != "/sign-out"
    )
    return answer.status_code < 400 and not to_the_door


def is_told_elsewhere(walker, rule, role, which):
    """Whom a page's roles refuse, whatever the row, is refused before any row is asked for: SQLite's run tells it."""
    pages = walker.app.blueprints.get(rule.endpoint.split(".")[0])
    if walker.storage.name != "postgresql" or which == "own" or not isinstance(pages, Pages):
        return False
    return not WHO[role] or getattr(walker.cast, WHO[role]).viewer.role not in pages.roles


def problems_of(walker, name, rule, route):
    found = []
    for role in WHO:
        not_there = {}
        for which, ids in cases(rule, route):
            if is_told_elsewhere(walker, rule, role, which):
                continue
            answer, text, wrote = walker.call(name, rule, route, role, ids)
            where = (name, role, which, answer.status_code)
            want, got = expected(route.may(role), which), is_allowed(answer)
            if answer.status_code >= 500:
                found.append(("broke", where))
            if got != want:
                found.append(("allowed" if got else "refused", where, text[:200] if not got else ""))
            if wrote and (not got or name.startswith("GET")):
                found.append(("wrote", where))
            if role not in SEES_BOTH and "CANARY-U" in text:
                found.append(("foreign data", where))
            if role in OF_THE_CLIENT and "INTERNAL" in text:
                found.append(("internal note", where))
            if role in {"stranger", "admin", "anonymous"} and "CANARY-N" in text and not route.by_link:
                found.append(("data of a client", where))
            headers = HEADERS | ({"Referrer-Policy": "no-referrer"} if route.by_link else {})
            if is_a_file(name) and answer.status_code == 200:
                headers["Content-Security-Policy"] = SANDBOX
            for header in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
                if answer.headers.get(header) != headers[header]:
                    found.append((header, where))
            kept = KEPT.get(rule.endpoint, "no-store") if answer.status_code == 200 else "no-store"
            if answer.headers.get("Cache-Control") != kept:
                found.append(("cached", where))
            if which in {"foreign", "missing"} and route.may(role) == "own":
                not_there[which] = (answer.status_code, _plain(text))
        if len(set(not_there.values())) > 1 or {code for code, _ in not_there.values()} - {404}:
            found.append(("foreign and missing differ", (name, role, {k: v[0] for k, v in not_there.items()})))
    return found


def is_a_file(name):
    """What people brought is sent as a file, shut in tighter than any page."""
    return name.startswith("GET ") and "/files/" in name


def _plain(text):
    """A page without what changes from call to call."""
    import re

    return re.sub(r'value="[^"]*"', "", text)


@pytest.fixture
def walker(app, storage, stage, scene):
    def build():
        return full_world.build(stage, people.enter(stage), every_state=True)

    return Walker(app, storage, scene, "every state", build)


def test_the_list_is_the_house(app):
    """A removed or an added route shows in review: it stands in tests/routes.py."""
    rules = rules_of(app)
    assert set(rules) - set(ROUTES) == set(), "routes without a line in tests/routes.py"
    assert set(ROUTES) - set(rules) == set(), "lines whose route is gone"
    for name, rule in rules.items():
        missing = set(rule.arguments) - set(ROUTES[name].own)
        assert not missing, f"{name}: no sample for {missing}"
        assert app.view_functions[rule.endpoint].__name__, "the guard against forged forms asks a view for its name"


@pytest.mark.parametrize("name", ROUTES)
def test_route(name, walker):
    rules = rules_of(walker.app)
    if name not in rules:
        pytest.fail("its route is gone")
    assert problems_of(walker, name, rules[name], ROUTES[name]) == []


# --- Twelve planted holes: each a mistake that somebody will make one day ---

holes = Blueprint("unguarded", __name__, url_prefix="/hole")
desk = Pages("desk_holes", __name__, roles=DESK, url_prefix="/hole")
portal = Pages("portal_holes", __name__, roles=PORTAL, url_prefix="/hole")
anyone = Pages("any_holes", __name__, roles=EVERYBODY, url_prefix="/hole")


def seen_by_everybody():
    """What a developer writes who goes round the lock: a session of their own."""
    return Session(db.engine.execution_options(opened_by="outbox"))


@holes.get("/1")
def no_policy():
    with seen_by_everybody() as session:
        return session.get(Client, 2).mission


@desk.get("/2/<id:client_id>")
def foreign_row(client_id):
    with seen_by_everybody() as session:
        return session.get(Client, client_id).mission


@desk.get("/3/<id:client_id>")
def foreign_is_403(client_id):
    found = db.session.get(Client, client_id)
    return ("ok", 200) if found else ("not yours", 403) if client_id == 2 else ("not there", 404)


@portal.get("/4/<id:client_id>")
def internal_note(client_id):
    db.get_or_404(Client, client_id)
    with seen_by_everybody() as session:
        return session.scalars(select(ClientNote).where(ClientNote.client_id == client_id)).one().body


@desk.get("/5/<id:client_id>")
def get_writes(client_id):
    client = db.get_or_404(Client, client_id)
    with account_session(writes=True) as session:
        session.execute(update(Client).where(Client.id == client.id).values(town="read"))
    return "ok"


@desk.post("/6/<id:client_id>")
def writes_before_asking(client_id):
    with account_session(writes=True) as session:
        session.execute(update(Client).where(Client.id == client_id).values(town="written"))
    db.get_or_404(Client, client_id)
    return redirect("/")


@desk.get("/7/<id:client_id>/<id:deliverable_id>")
def child_of_another(client_id, deliverable_id):
    db.get_or_404(Client, client_id)
    with seen_by_everybody() as session:
        return session.get(Deliverable, deliverable_id).title


@desk.get("/8/<id:client_id>")
def breaks_when_missing(client_id):
    return db.session.get(Client, client_id).name


@anyone.post("/9/<id:deliverable_id>")
def everybody_writes(deliverable_id):
    found = db.get_or_404(Deliverable, deliverable_id)
    found.purpose = "written by anybody"
    db.session.commit()
    return redirect("/")


@portal.get("/10")
def a_list_of_all():
    with seen_by_everybody() as session:
        return " ".join(session.scalars(select(Client.mission)))


@desk.get("/11/<id:client_id>")
def tells_that_it_is_there(client_id):
    found = db.session.get(Client, client_id)
    if not found:
        with seen_by_everybody() as session:
            there = session.get(Client, client_id)
            return ("there is no such client" if there is None else "you may not see it"), 404
    return "ok"


@desk.get("/12/<id:client_id>")
def for_the_wrong_role(client_id):
    if g.viewer.role == "partner" and request.args.get("x") is None:
        return "partners not", 403
    return db.get_or_404(Client, client_id).name


OWN, FOREIGN = {"client_id": 1}, {"client_id": 2}
STAFF = {"lead": "own", "member": "own", "partner": "all"}
PLANTED = {
    "GET /hole/1": (Route({}), "allowed"),
    "GET /hole/2/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "foreign data"),
    "GET /hole/3/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "foreign and missing differ"),
    "GET /hole/4/<id:client_id>": (Route({"viewer": "own", "sponsor": "own"}, OWN, FOREIGN), "internal note"),
    "GET /hole/5/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "wrote"),
    "POST /hole/6/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "wrote"),
    "GET /hole/7/<id:client_id>/<id:deliverable_id>": (
        Route(STAFF, OWN | {"deliverable_id": 1}, FOREIGN | {"deliverable_id": 11}), "foreign data"),
    "GET /hole/8/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "broke"),
    "POST /hole/9/<id:deliverable_id>": (Route({"lead": "own"}, {"deliverable_id": 2}, {"deliverable_id": 12}), "allowed"),
    "GET /hole/10": (Route({"viewer": "all", "sponsor": "all"}), "foreign data"),
    "GET /hole/11/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "foreign and missing differ"),
    "GET /hole/12/<id:client_id>": (Route(STAFF, OWN, FOREIGN), "refused"),
}  # fmt: skip


@pytest.fixture(scope="module")
def holed(storage, tmp_path_factory):
    """An application with the holes in it, on the same database."""
    import crm

    app = crm.create_app(
        {"TESTING": True, "WTF_CSRF_ENABLED": False, "DATABASE_URL": storage.url, "INSTANCE": tmp_path_factory.mktemp("holes"),
         "LOG_LEVEL": "CRITICAL", "PROPAGATE_EXCEPTIONS": False}
    )  # fmt: skip
    for blueprint in (holes, desk, portal, anyone):
        app.register_blueprint(blueprint)
    app.testing = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("name", PLANTED)
def test_the_matrix_finds_the_planted_hole(name, holed, storage, stage, scene):
    walker = Walker(holed, storage, scene, "world", lambda: full_world.build(stage, people.enter(stage)))
    route, kind = PLANTED[name]
    found = problems_of(walker, name, rules_of(holed)[name], route)
    assert kind in {problem[0] for problem in found}, found


def test_the_list_finds_a_route_without_a_policy(holed):
    from crm.access.pages import Pages as Kept

    unguarded = [r.endpoint for r in holed.url_map.iter_rules() if r.endpoint.startswith("unguarded.")]
    assert unguarded
    assert not isinstance(holed.blueprints["unguarded"], Kept)
