"""Every button of the house: pressed twice it does it once, and pressed on what somebody else changed it says so."""

import pytest

from tests import cast as people
from tests import world as full_world
from tests.routes import ROUTES, WHO
from tests.test_matrix import Walker, rules_of

ENDS_THE_SESSION = {  # its own, in this list
    "POST /sign-out", "POST /me/sessions/<id:session_id>/end", "POST /me/keys/app/end", "POST /me/keys/codes",
    "POST /me/keys/passkeys/<id:passkey_id>/end",
}  # fmt: skip
NOTHING_SEEN = {  # what begins something, or says outright what shall be: there is nothing that it could overwrite
    "POST /sign-in/code", "POST /sign-in/recovery", "POST /sign-in/passkey", "POST /me/proof/passkey/options", "POST /me/proof/passkey",
    "POST /me/keys/passkeys/options",
    "POST /standing", "POST /sign-out", "POST /today", "POST /time", "POST /time/line", "POST /time/timer", "POST /time/timer/line", "POST /time/log", "POST /time/waiting", "POST /time/import",
    "POST /time/mine/change",  # names every entry in the version that was chosen: tests/timelog/test_bulk.py
    "POST /time/calendar", "POST /time/calendar/take",  # reads a file and keeps nothing; logs what is new
    "POST /time/grid",  # each cell carries its own version
    "POST /clients/<id:client_id>/areas/<slug>/<register>/import",
    "POST /time/periods/<string:month>/lock", "POST /time/periods/<string:month>/reminders", "POST /engagements/<id:engagement_id>/closing/<id:step_id>",
    "POST /clients/<id:client_id>/walls/<id:wall_id>/lower", "POST /clients/<id:client_id>/activities",
    "POST /settings/mail/<id:message_id>/retry", "POST /deliverables/new/<id:engagement_id>",
    "POST /portal/deliverables/new/<id:engagement_id>",
    "POST /settings/accounts/new/<any(person,contact):kind>/<id:whom_id>",
    "POST /clients/<id:client_id>/risks/actions", "POST /forgotten", "POST /portal/people", "POST /settings/accounts/new/colleague",
    "POST /portal/delegates", "POST /sign/<string(length=64):secret>/code",
    "POST /portal/people/<id:standing_id>/again", "POST /portal/people/<id:standing_id>/remove",
    # one's own notices: read is read
    "POST /me/calendar", "POST /me/calendar/<id:feed_id>/end", "POST /notices/read", "POST /notices/<id:notice_id>", "POST /notices/<id:notice_id>/read",
    # adds something said, noted or promised
    "POST /clients/<id:client_id>/lines", "POST /today/promises",
    "POST /deliverables/<id:deliverable_id>/comments", "POST /portal/deliverables/<id:deliverable_id>/comments",
    # money that came in: one payment more, which changes none that is there
    "POST /invoices/<id:invoice_id>/payments",
    # says outright what a day costs from a day on
    "POST /margin/rates", "POST /margin/rates/<id:rate_id>/removal",
    # compares a file with what is kept, and keeps nothing
    "POST /deliverables/check", "POST /portal/deliverables/check",
    # names every draft as it was seen: tests/reviews/test_run.py
    "POST /engagements/<id:engagement_id>/review/publication",
    # names every entry as it was seen: tests/timelog/test_approval.py
    "POST /time/approval/<id:engagement_id>/<string:month>", "POST /time/approval/<string:month>",
    # names every draft as it was seen: tests/invoices/test_issuing.py
    "POST /invoices/month/<string:month>",
    # each answer carries a mark of its own: tests/maturity/test_answers.py
    "POST /assessments/<id:assessment_id>/areas/<slug>", "POST /assessments/<id:assessment_id>/answers/<question_id>",
}  # fmt: skip
BUTTONS = [
    name for name, route in ROUTES.items() if name.startswith("POST") and any(route.may(role) != "none" for role in WHO)
]


@pytest.fixture
def press(app, storage, stage, scene):
    """Press a button as somebody who may. `press.walker.digest()` tells what all rows are then."""
    walker = Walker(
        app, storage, scene, "every state", lambda: full_world.build(stage, people.enter(stage), every_state=True)
    )

    def pressing(name, **form):
        route, rule = ROUTES[name], rules_of(app)[name]
        role = next(role for role in ("lead", "partner", "sponsor", *WHO) if route.may(role) != "none")
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, dict(route.own))
        fields = route.fields() if callable(route.fields) else route.fields
        browser = people.browser_of(app, getattr(walker.cast, WHO[role]))
        typed = {"once": "twice", "version": "1", **fields, **form}
        return browser.post(address + route.query, data=typed)

    pressing.walker = walker
    return pressing


@pytest.mark.parametrize("name", [name for name in BUTTONS if name not in ENDS_THE_SESSION])
def test_pressed_twice_it_is_done_once(name, press):
    first = press(name)
    done = press.walker.digest()
    second = press(name)
    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert press.walker.digest() == done


@pytest.mark.parametrize("once", ["", "never pressed", "k" * 65, "\x00", "’" * 64])
def test_a_key_that_was_never_pressed_leads_nowhere(once, sign_in, cast):
    assert sign_in(cast.ada).send("/clients/1/walls/999/lower", once=once or None).status_code == 404


@pytest.mark.parametrize("name", [name for name in BUTTONS if name not in NOTHING_SEEN and not name.endswith("/new")])
def test_what_changed_meanwhile_is_not_overwritten(name, press):
    assert press(name, version="7").status_code == 409
