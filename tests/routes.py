"""Every address of the house and who may use it: the list that a review reads, and that the matrix walks.

Access of a role: none (refused), own (Northwind's, never Umbra's), all (both clients'). Roles: see WHO.
`own` and `foreign` fill the ids of the address; `fields` is an answer that the form takes. A route that is not
written here fails the matrix, and so does a line whose route is gone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from crm.core.calendar import quarter_after
from tests.cast import TODAY, YEAR

WHO = {
    "anonymous": None,
    "viewer": "vic",
    "sponsor": "cora",
    "lead": "ben",
    "member": "tess",
    "stranger": "eve",
    "partner": "ada",
    "admin": "abe",
}
SEES_BOTH = {"partner"}
OF_THE_CLIENT = {"viewer", "sponsor"}


@dataclass(frozen=True)
class Route:
    """One method of one address."""

    access: Mapping[str, str]
    own: Mapping[str, Any] = field(default_factory=dict)
    foreign: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(default_factory=dict)
    query: str = ""

    def may(self, role: str) -> str:
        return self.access.get(role, "none")


def staff(**but: str) -> dict[str, str]:
    """Consultants on the engagement and partners; say what differs."""
    return {"lead": "own", "member": "own", "partner": "all", **but}


def desk(**but: str) -> dict[str, str]:
    """Every consultant and partner: pages that show each what they may see."""
    return {"lead": "all", "member": "all", "stranger": "all", "partner": "all", **but}


def client(**but: str) -> dict[str, str]:
    return {"viewer": "own", "sponsor": "own", **but}


def only(*roles: str, access: str = "all") -> dict[str, str]:
    return dict.fromkeys(roles, access)


EVERYBODY = {role: "all" for role in WHO if role != "anonymous"}
ANYBODY = dict.fromkeys(WHO, "all")

ROUTES: dict[str, Route] = {
    "GET /": Route(EVERYBODY),
    "GET /menu": Route(desk(admin="all")),
    "POST /standing": Route(EVERYBODY, fields={"standing": "0"}),
    "GET /healthz": Route(ANYBODY),
    "GET /sign-in": Route(ANYBODY),
    "POST /sign-in": Route({}, fields={"email": "nobody@example.test", "password": "wrong wrong wrong"}),
    "POST /sign-out": Route(EVERYBODY | {"anonymous": "all"}),
}
ROUTES |= {
    # search
    "GET /search": Route(desk(), query="?q=canary"),
    "GET /search/palette": Route(desk(), query="?q=canary"),
}


class AFile(BytesIO):
    """A small export, which can be sent again after it was sent."""

    def __init__(self, body: bytes = b"Date,Hours,Project\n2024-03-04,1,Anything\n") -> None:
        super().__init__(body)

    def close(self) -> None:
        self.seek(0)


def a_log() -> dict[str, str]:
    """Half an hour for Northwind, today."""
    return {"work": "1", "pick": "30", "worked_on": TODAY.isoformat()}


ROUTES |= {
    # time
    "GET /today": Route(desk()),
    "POST /today": Route({"lead": "all", "member": "all"}, fields=a_log),
    "POST /today/follow-ups/<id:follow_up_id>/done": Route({"lead": "own"}, {"follow_up_id": 1}, {"follow_up_id": 11}),
    "POST /today/follow-ups/<id:follow_up_id>/open": Route({"lead": "own"}, {"follow_up_id": 1}, {"follow_up_id": 11}),
    "GET /time": Route(desk()),
    "POST /time": Route({"lead": "all", "member": "all"}, fields=a_log),
    "GET /time/periods": Route(only("partner")),
    "GET /time/periods/<string:month>": Route(only("partner"), {"month": "2024-02"}),
    "POST /time/periods/<string:month>/lock": Route(only("partner"), {"month": "2024-03"}),
    "POST /time/periods/<string:month>/reopen": Route(
        only("partner"), {"month": "2024-02"}, fields={"reason": "Ben was missing"}
    ),
    "GET /time/import": Route(desk()),
    "POST /time/import": Route(desk(), fields=lambda: {"file": (AFile(), "time.csv"), "source": ""}),
    "GET /time/import/<id:batch_id>": Route({"lead": "own"}, {"batch_id": 1}, {"batch_id": 11}),
    "POST /time/import/<id:batch_id>/order": Route(
        {"lead": "own"}, {"batch_id": 4}, {"batch_id": 14}, {"order": "day_first"}
    ),
    "POST /time/import/<id:batch_id>/names": Route(
        {"lead": "own"},
        {"batch_id": 1},
        {"batch_id": 11},
        {"people-1": "ben@larkmoor.example", "projects-2": "ENG-001", "tasks-3": "SEC", "notes_for": "internal"},
    ),
    "POST /time/import/<id:batch_id>/take": Route({"lead": "own"}, {"batch_id": 7}, {"batch_id": 17}),
    "POST /time/import/<id:batch_id>/drop": Route({"lead": "own"}, {"batch_id": 1}, {"batch_id": 11}),
    "GET /time/import/<id:batch_id>/bad.csv": Route({"lead": "own"}, {"batch_id": 1}, {"batch_id": 11}),
    "GET /time/choices": Route(desk(), query="?work=1"),
    "GET /time/entries/<id:entry_id>": Route({"lead": "own"}, {"entry_id": 1}, {"entry_id": 11}),
    "POST /time/entries/<id:entry_id>": Route(
        {"lead": "own"},
        {"entry_id": 1},
        {"entry_id": 11},
        lambda: {"work": "1", "duration": "1:30", "worked_on": TODAY.isoformat()},
    ),
    "POST /time/entries/<id:entry_id>/void": Route({"lead": "own"}, {"entry_id": 1}, {"entry_id": 11}),
    "POST /time/entries/<id:entry_id>/restore": Route({"lead": "own"}, {"entry_id": 2}, {"entry_id": 12}),
}
ROUTES |= {
    # workload: partners see everybody; a consultant opens their own weeks only
    "GET /practice": Route(only("partner")),
    "GET /workload": Route(desk()),
    "GET /workload/allocated.csv": Route(desk()),
    "GET /workload/logged": Route(desk()),
    "GET /workload/logged.csv": Route(desk()),
    "GET /workload/utilisation": Route(desk()),
    "GET /workload/utilisation.csv": Route(desk()),
    "GET /workload/<id:person_id>": Route({"lead": "own", "partner": "all"}, {"person_id": 2}, {"person_id": 6}),
}
E, E_FOREIGN = {"engagement_id": 1}, {"engagement_id": 2}
PART, PART_FOREIGN = E | {"assignment_id": 1}, E_FOREIGN | {"assignment_id": 2}
AREA_OF = {"slug": "vendors"}
REASONED = {"override_reason": "Seen on paper", "override_until": str(TODAY + timedelta(30))}
REGISTER = {"slug": "strategy", "register": "objectives"}
SHEET, BROUGHT = {"kind": "csv"}, {"lead": "own"}
SHEET_ONE, SHEET_FOREIGN = REGISTER | {"client_id": 1, "batch_id": 1}, REGISTER | {"client_id": 2, "batch_id": 11}
ROW, ROW_FOREIGN = REGISTER | {"client_id": 1, "entry_id": 1}, REGISTER | {"client_id": 2, "entry_id": 11}
LEADS = {"lead": "own", "partner": "all"}
PARTNER = only("partner")
SEEN = {"version": "2"}  # the world wrote its canaries into the engagement
TERM = {"starts": "2026-01-01", "ends": "2030-12-31", "notice_days": "30", "overage": "ask"}
OBJECTIVE = {"title": "Quotes", "mission_link": "Fast", "owner_name": "A supplier", "status": "on_track"}


def the_twelve() -> dict[str, Any]:
    """What is not sent stays: scopes and holders of either client."""
    areas = ("STR", "ITM", "DXT", "SEC", "BUD", "VEN", "TAL", "INN", "DAT", "CMP", "STK", "BCD")
    return SEEN | {f"{area}_target": "4" for area in areas}


ROUTES |= {
    # engagements
    "GET /engagements": Route(desk()),
    "GET /engagements/list.csv": Route(desk()),
    "GET /engagements/others": Route(desk()),
    "GET /engagements/new": Route(PARTNER, query="?client=1"),
    "POST /engagements/new": Route(PARTNER, query="?client=1", fields=TERM | {"title": "New", "model": "virtual", "board_role": "none"}
                                   | {f"role_{n}": "specialist" for n in range(1, 5)}),
    "GET /engagements/<id:engagement_id>": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/deliverables": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/time": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/team": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/registers": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/history": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/edit": Route(LEADS, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/edit": Route(LEADS, E, E_FOREIGN, SEEN | {"title": "New", "board_role": "none"}),
    "GET /engagements/<id:engagement_id>/terms": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/terms": Route(PARTNER, E, E_FOREIGN, lambda: SEEN | TERM | {
        "starts": str(TODAY - YEAR), "ends": str(TODAY + YEAR), "signed_on": "2026-01-01", "price_kind": "day_rate", "day_rate": "1050"}),
    "GET /engagements/<id:engagement_id>/areas": Route(LEADS, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/areas": Route(LEADS, E, E_FOREIGN, the_twelve),
    "GET /engagements/<id:engagement_id>/assignments/new": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/assignments/new": Route(PARTNER, E, E_FOREIGN, lambda: {
        "person_id": "1", "role": "reviewer", "mode": "virtual", "begins": str(TODAY), "ends": str(TODAY), "days_a_month": "1"}),
    "GET /engagements/<id:engagement_id>/assignments/<id:assignment_id>": Route(PARTNER, PART, PART_FOREIGN),
    "POST /engagements/<id:engagement_id>/assignments/<id:assignment_id>": Route(PARTNER, PART, PART_FOREIGN, lambda: {
        "role": "lead", "mode": "virtual", "begins": str(TODAY), "ends": str(TODAY + YEAR), "days_a_month": "1"}),
    "POST /engagements/<id:engagement_id>/assignments/<id:assignment_id>/confirmation": Route({}, PART, PART_FOREIGN),
    "GET /engagements/<id:engagement_id>/assignments/<id:assignment_id>/end": Route(PARTNER, PART, PART_FOREIGN),
    "POST /engagements/<id:engagement_id>/assignments/<id:assignment_id>/end": Route(
        PARTNER, PART, PART_FOREIGN, lambda: {"ends": str(TODAY + timedelta(30))}),
    "GET /engagements/<id:engagement_id>/sponsors/new": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/sponsors/new": Route({}, E, E_FOREIGN, {"contact_id": "1"}),
    "POST /engagements/<id:engagement_id>/sponsors/<id:sponsorship_id>/removal": Route(
        {}, E | {"sponsorship_id": 1}, E_FOREIGN | {"sponsorship_id": 2}),
    "GET /engagements/<id:engagement_id>/activation": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/activation": Route({}, E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/cancellation": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/cancellation": Route({}, E, E_FOREIGN, {"reason": "No"}),
    "GET /engagements/<id:engagement_id>/pause": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/pause": Route(PARTNER, E, E_FOREIGN, lambda: SEEN | {
        "reason": "Holidays", "until": str(TODAY + timedelta(20))}),
    "GET /engagements/<id:engagement_id>/resumption": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/resumption": Route({}, E, E_FOREIGN, {"days_1": "4", "days_3": "4"}),
    "GET /engagements/<id:engagement_id>/closing": Route(LEADS, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/closing": Route(LEADS, E, E_FOREIGN, lambda: SEEN | {"notice_given_on": str(TODAY)}),
    "POST /engagements/<id:engagement_id>/closing/<id:step_id>": Route(
        LEADS, E | {"step_id": 1}, E_FOREIGN | {"step_id": 11}, {"done": "yes"}),
    "GET /engagements/<id:engagement_id>/handover": Route(LEADS, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/handover": Route(LEADS, E, E_FOREIGN, SEEN | {"handover_note": "All is well."}),
    "GET /engagements/<id:engagement_id>/closure": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/closure": Route({}, E, E_FOREIGN),
    # areas
    "GET /engagements/<id:engagement_id>/areas.json": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/areas.csv": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/areas/<slug>": Route(staff(), AREA_OF | E, AREA_OF | E_FOREIGN),
    "POST /engagements/<id:engagement_id>/areas/<slug>": Route(
        staff(), AREA_OF | E, AREA_OF | E_FOREIGN, {"rag": "green", "sentence": "Well", "version": "0"}),
    "POST /engagements/<id:engagement_id>/areas/<slug>/publication": Route(
        LEADS, AREA_OF | E, AREA_OF | E_FOREIGN, {"rag": "green", "sentence": "Well", "version": "0", **REASONED}),
    "GET /engagements/<id:engagement_id>/areas/<slug>/reviews/<id:review_id>": Route(
        staff(), AREA_OF | E | {"review_id": 1}, AREA_OF | E_FOREIGN | {"review_id": 11}),
    # the review run
    "GET /engagements/<id:engagement_id>/review": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/review/<slug>": Route(staff(), AREA_OF | E, AREA_OF | E_FOREIGN),
    "POST /engagements/<id:engagement_id>/review/<slug>": Route(
        staff(), AREA_OF | E, AREA_OF | E_FOREIGN, {"rag": "green", "sentence": "Well", "version": "0"}),
    "POST /engagements/<id:engagement_id>/review/publication": Route(LEADS, E, fields={"seen": "2-1"}),  # names its drafts; foreign: tests/reviews
    # registers
    "GET /clients/<id:client_id>/areas/<slug>/<register>/": Route(staff(), REGISTER | {"client_id": 1}, REGISTER | {"client_id": 2}),
    "POST /clients/<id:client_id>/areas/<slug>/usual-rows": Route(
        staff(), {"slug": "security", "client_id": 1}, {"slug": "security", "client_id": 2}, SEEN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/usual-rows": Route(
        staff(), {"slug": "security", "register": "controls", "client_id": 1}, {"slug": "security", "register": "controls", "client_id": 2}, SEEN),
    **{f"GET /clients/<id:client_id>/areas/<slug>/<register>/{sheet}": Route(staff(), REGISTER | SHEET | {"client_id": 1}, REGISTER | SHEET | {"client_id": 2})
       for sheet in ("rows.<kind>", "fields.<kind>")},
    "GET /clients/<id:client_id>/areas/<slug>/<register>/template.<kind>": Route(
        staff(), REGISTER | SHEET | {"client_id": 1}, REGISTER | SHEET | {"client_id": 2}),
    "GET /clients/<id:client_id>/areas/<slug>/<register>/import": Route(staff(), REGISTER | {"client_id": 1}, REGISTER | {"client_id": 2}),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/import": Route(
        staff(), REGISTER | {"client_id": 1}, REGISTER | {"client_id": 2}, lambda: {"file": (AFile(b"Objective,How it serves the mission,Owner\nx,y,z\n"), "x.csv")}),
    "GET /clients/<id:client_id>/areas/<slug>/<register>/import/<id:batch_id>": Route(BROUGHT, SHEET_ONE, SHEET_FOREIGN),
    "GET /clients/<id:client_id>/areas/<slug>/<register>/import/<id:batch_id>/bad.csv": Route(BROUGHT, SHEET_ONE, SHEET_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/import/<id:batch_id>/taking": Route(BROUGHT, SHEET_ONE, SHEET_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/import/<id:batch_id>/dropping": Route(BROUGHT, SHEET_ONE, SHEET_FOREIGN),
    "GET /clients/<id:client_id>/areas/<slug>/<register>/new": Route(
        staff(), REGISTER | {"client_id": 1}, REGISTER | {"client_id": 2}),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/new": Route(
        staff(), REGISTER | {"client_id": 1}, REGISTER | {"client_id": 2}, OBJECTIVE),
    "GET /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>": Route(staff(), ROW, ROW_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>": Route(staff(), ROW, ROW_FOREIGN, OBJECTIVE),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/confirmation": Route({}, ROW, ROW_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/archive": Route(staff(), ROW, ROW_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/restoration": Route({}, ROW, ROW_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/sharing": Route(staff(), ROW, ROW_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/return": Route(
        staff(), ROW | {"entry_id": 2}, ROW_FOREIGN | {"entry_id": 12}),
}  # fmt: skip


OPEN_QUESTION, OPEN_QUESTION_FOREIGN = {"decision_id": 142}, {"decision_id": 242}
RISK, RISK_FOREIGN = {"item_id": 140}, {"item_id": 240}
STEP = {"slug": "strategy", "register": "risks", "step": "living"}
RISK_STEP, RISK_STEP_FOREIGN = STEP | {"client_id": 1, "entry_id": 139}, STEP | {"client_id": 2, "entry_id": 239}
ROUTES |= {
    # risks, actions and decisions
    "GET /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/steps/<step>": Route(staff(), RISK_STEP, RISK_STEP_FOREIGN),
    "POST /clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/steps/<step>": Route(
        staff(), RISK_STEP, RISK_STEP_FOREIGN, {"reason": "Less than the remedy"}),
    "GET /clients/<id:client_id>/risks": Route(staff(), {"client_id": 1}, {"client_id": 2}),
    "POST /clients/<id:client_id>/risks/actions": Route(staff(), {"client_id": 1}, {"client_id": 2}, lambda: {
        "title": "Ask around", "area": "STR", "owner_party": "person-2", "due": str(TODAY + timedelta(5))}),
    "GET /renewals/<id:contract_id>/question": Route(staff(), {"contract_id": 103}, {"contract_id": 203}),
    "POST /renewals/<id:contract_id>/question": Route({}, {"contract_id": 103}, {"contract_id": 203}, lambda: {
        "question": "Renew?", "contact_id": "1", "options": "Renew\nExit", "recommendation": "Exit", "needed_by": str(TODAY)}),
    "GET /portal/decisions/<id:decision_id>": Route(client(), OPEN_QUESTION, OPEN_QUESTION_FOREIGN),
    "POST /portal/decisions/<id:decision_id>": Route(
        only("sponsor", access="own"), OPEN_QUESTION, OPEN_QUESTION_FOREIGN, {"option": "Renew", "reason": "As before"}),
    "GET /portal/risks/<id:item_id>": Route(client(), RISK, RISK_FOREIGN),
    "POST /portal/risks/<id:item_id>": Route({}, RISK, RISK_FOREIGN, {"words": "So be it"}),
}  # fmt: skip


def a_note() -> dict[str, str]:
    return {"kind": "note", "happened_on": TODAY.isoformat(), "title": "Said on the stairs"}


OF_CLIENT = ({"client_id": 1}, {"client_id": 2})
NAMED = {"name": "A name", "code": "ANY"}
DEPARTMENT = ({"client_id": 1, "department_id": 1}, {"client_id": 2, "department_id": 11})
CONTACT = ({"client_id": 1, "contact_id": 6}, {"client_id": 2, "contact_id": 16})
ACTIVITY = ({"client_id": 1, "activity_id": 1}, {"client_id": 2, "activity_id": 11})
FOLLOW_UP = ({"client_id": 1, "follow_up_id": 1}, {"client_id": 2, "follow_up_id": 11})
WALL = ({"client_id": 1, "wall_id": 1}, {"client_id": 2, "wall_id": 11})

ROUTES |= {
    # clients
    "GET /clients": Route(desk(), query="?q=canary"),
    "GET /clients/list.csv": Route(desk()),
    "GET /clients/new": Route(only("partner")),
    "POST /clients/new": Route(only("partner"), fields=NAMED),
    "GET /clients/<id:client_id>": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/engagements": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/history": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/edit": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/edit": Route(staff(), *OF_CLIENT, NAMED | {"version": "2"}),
    "GET /clients/<id:client_id>/note": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/note": Route(staff(), *OF_CLIENT, {"body": "What we know"}),
    # refused while an engagement lives, and while it is not archived: tests/clients/test_client.py
    "POST /clients/<id:client_id>/archive": Route({}, *OF_CLIENT),
    "POST /clients/<id:client_id>/restore": Route({}, *OF_CLIENT),
    "GET /clients/<id:client_id>/walls": Route(only("partner"), *OF_CLIENT),
    # who may be walled off is another for each client: tests/clients/test_walls.py
    "POST /clients/<id:client_id>/walls": Route({}, *OF_CLIENT),
    "GET /clients/<id:client_id>/walls/<id:wall_id>/lower": Route(only("partner"), *WALL),
    "POST /clients/<id:client_id>/walls/<id:wall_id>/lower": Route(only("partner"), *WALL, {"reason": "It is over"}),
    # their people
    "GET /clients/<id:client_id>/people": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/contacts.csv": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/departments": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/departments/<string:kind>": Route(
        staff(), {"client_id": 1, "kind": "finance"}, {"client_id": 2, "kind": "finance"}
    ),
    "GET /clients/<id:client_id>/departments/new": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/departments/new": Route(staff(), *OF_CLIENT, {"kind": "legal", "name": "Law"}),
    "GET /clients/<id:client_id>/departments/<id:department_id>/edit": Route(staff(), *DEPARTMENT),
    "POST /clients/<id:client_id>/departments/<id:department_id>/edit": Route(
        staff(), *DEPARTMENT, {"kind": "legal", "name": "Law"}
    ),
    "POST /clients/<id:client_id>/departments/<id:department_id>/archive": Route(staff(), *DEPARTMENT),
    "POST /clients/<id:client_id>/departments/<id:department_id>/restore": Route(
        staff(), {"client_id": 1, "department_id": 2}, {"client_id": 2, "department_id": 12}
    ),
    "GET /clients/<id:client_id>/contacts/<id:contact_id>": Route(staff(), *CONTACT),
    "GET /clients/<id:client_id>/contacts/new": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/contacts/new": Route(staff(), *OF_CLIENT, {"name": "Nell", "consent": "not_asked"}),
    "GET /clients/<id:client_id>/contacts/<id:contact_id>/edit": Route(staff(), *CONTACT),
    "POST /clients/<id:client_id>/contacts/<id:contact_id>/edit": Route(
        staff(), *CONTACT, {"name": "Nell", "consent": "not_asked"}
    ),
    "POST /clients/<id:client_id>/contacts/<id:contact_id>/archive": Route(staff(), *CONTACT),
    "POST /clients/<id:client_id>/contacts/<id:contact_id>/restore": Route(
        staff(), {"client_id": 1, "contact_id": 5}, {"client_id": 2, "contact_id": 15}
    ),
    # what passed between us
    "GET /clients/<id:client_id>/activity": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/activities": Route(staff(), *OF_CLIENT, a_note),
    "GET /clients/<id:client_id>/activities/<id:activity_id>/edit": Route({"lead": "own"}, *ACTIVITY),
    "POST /clients/<id:client_id>/activities/<id:activity_id>/edit": Route({"lead": "own"}, *ACTIVITY, a_note),
    "GET /clients/<id:client_id>/follow-ups/new": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/follow-ups/new": Route(
        staff(), *OF_CLIENT, lambda: {"title": "Call them", "person_id": "1", "due": TODAY.isoformat()}
    ),
    "POST /clients/<id:client_id>/follow-ups/<id:follow_up_id>/done": Route({"lead": "own"}, *FOLLOW_UP),
    "POST /clients/<id:client_id>/follow-ups/<id:follow_up_id>/open": Route({"lead": "own"}, *FOLLOW_UP),
    "GET /clients/<id:client_id>/follow-ups/<id:follow_up_id>/edit": Route({"lead": "own"}, *FOLLOW_UP),
    "POST /clients/<id:client_id>/follow-ups/<id:follow_up_id>/edit": Route(
        {"lead": "own"}, *FOLLOW_UP, lambda: {"title": "Call them", "person_id": "1", "due": TODAY.isoformat()}
    ),
    "POST /today/follow-ups/<id:follow_up_id>/due": Route(
        {"lead": "own"}, {"follow_up_id": 1}, {"follow_up_id": 11}, lambda: {"due": TODAY.isoformat()}
    ),
}
NOT_OFFERED = {"/verify", "/fs-static/<path:filename>"}  # of the account library: they answer 404 to everybody


def _owed(own: int) -> dict[str, Any]:
    """A deliverable of the world: 1 planned, 2 submitted, 3 accepted, 4 being written, 5 reviewed, 6 proposed, 7 ready,
    8 corrected. Umbra's are ten more."""
    return {"own": {"deliverable_id": own}, "foreign": {"deliverable_id": own + 10}}


def _step(slug: str, own: int, access: Mapping[str, str], **fields: str) -> dict[str, Route]:
    """A step of a deliverable's life: its page, and its button."""
    address = f"/deliverables/<id:deliverable_id>/{slug}"
    there = _owed(own)
    return {f"GET {address}": Route(access, **there), f"POST {address}": Route(access, **there, fields=fields)}


TABS, TAB = "mine,late,waiting,'signed-off',all", {"view": "late"}
LEAD, REVIEWER = only("lead", access="own"), only("partner")
AGREED = {"agreed_by_id": "1", "agreed_on": date.today().isoformat(), "reason": "They said so"}
ROUTES |= {
    "GET /deliverables": Route(desk()),
    f"GET /deliverables/<any({TABS}):view>": Route(desk(), own=TAB),
    f"GET /deliverables/<any(open,{TABS}):view>.csv": Route(desk(), own=TAB),
    "GET /deliverables/new": Route(desk()),
    "GET /deliverables/new/<id:engagement_id>": Route(staff(), {"engagement_id": 1}, {"engagement_id": 2}),
    "POST /deliverables/new/<id:engagement_id>": Route(
        staff(), {"engagement_id": 1}, {"engagement_id": 2}, fields={"title": "Exit plan", "area": "VEN"}
    ),
    "GET /deliverables/<id:deliverable_id>": Route(staff(), **_owed(4)),
    "GET /deliverables/<id:deliverable_id>/edit": Route(staff(member="none"), **_owed(6)),
    "POST /deliverables/<id:deliverable_id>/edit": Route(
        staff(member="none"), **_owed(6), fields={"title": "Exit plan", "area": "VEN"}
    ),
    **_step("plan", 6, LEAD),
    **_step("work", 1, LEAD),
    **_step("text", 4, LEAD, text="A text"),
    **_step("review", 4, LEAD, reviewer_id="5"),
    **_step("review/pass", 5, REVIEWER),
    **_step("review/return", 5, REVIEWER, remark="A figure is missing"),
    **_step("submission", 7, LEAD, asked_id="1", review_days="10"),
    **_step("withdrawal", 2, LEAD, reason="The wrong text"),
    **_step("acceptance", 2, LEAD, given_by_id="1", given_on=AGREED["agreed_on"], proof="By phone"),
    **_step("correction", 3, LEAD, reason="A figure is wrong"),
    **_step("correction/end", 8, LEAD, reason="It was right"),
    **_step("baseline", 1, LEAD, becomes="2099-01-01", **AGREED),
    **_step("cancellation", 4, LEAD, **AGREED),
}
WHOM = "<any(person,contact):kind>/<id:whom_id>"
DEEDS = "any(close,reopen,sessions)"
UMA = {"kind": "contact", "whom_id": 3}  # what is not there: tests/settings
ACCOUNTS = {"account_id": 2}, {"account_id": 9}  # Ben's and Uma's: an admin reaches both
KEYS = {"email": "new@client2.example", "password": "ferry-lantern-cobalt-9"}
PRACTICE = {
    "name": "Larkmoor", "currency": "EUR", "zone": "Europe/Dublin", "region": "IE", "review_days": "8", "override_days": "60",
    "consultant_share": "75", "partner_share": "30", "consultant_target": "65", "partner_target": "35",
}  # fmt: skip
ROUTES |= {
    # the office
    "GET /settings": Route(only("admin")),
    "GET /settings/rules": Route(only("admin", "partner")),
    "GET /settings/rules/<key>": Route(only("admin"), {"key": "VEN-R1"}),
    "POST /settings/rules/<key>": Route(only("admin"), {"key": "VEN-R1"}, {}, {"amber": "2", "red": "4"}),
    "POST /settings/rules/<key>/reset": Route(only("admin"), {"key": "VEN-R1"}),
    "GET /settings/practice": Route(only("admin")),
    "POST /settings/practice": Route(only("admin"), fields=PRACTICE),
    "GET /settings/accounts": Route(only("admin"), query="?state=open"),
    "GET /settings/accounts/new": Route(only("admin"), query="?q=north"),
    f"GET /settings/accounts/new/{WHOM}": Route(only("admin"), UMA),
    f"POST /settings/accounts/new/{WHOM}": Route(only("admin"), UMA, fields=KEYS | {"role": "viewer"}),
    "GET /settings/accounts/<id:account_id>": Route(only("admin"), *ACCOUNTS),
    "POST /settings/accounts/<id:account_id>": Route(
        only("admin"), *ACCOUNTS, fields={"name": "Ben", "email": "ben@other.example"}
    ),
    "POST /settings/accounts/<id:account_id>/password": Route(
        only("admin"), *ACCOUNTS, fields={"password": KEYS["password"]}
    ),
    f"POST /settings/accounts/<id:account_id>/<{DEEDS}:deed>": Route(only("admin"), {"deed": "close", "account_id": 2}),
    "GET /settings/accounts/<id:account_id>/roles": Route(only("admin"), *ACCOUNTS),
    f"GET /settings/accounts/<id:account_id>/roles/{WHOM}": Route(only("admin"), UMA | {"account_id": 2}),
    f"POST /settings/accounts/<id:account_id>/roles/{WHOM}": Route(
        only("admin"), UMA | {"account_id": 2}, fields={"role": "viewer"}
    ),
    "POST /settings/accounts/<id:account_id>/roles/<id:standing_id>/end": Route(
        {},
        {"account_id": 2, "standing_id": 2},  # nobody ends the last one
    ),
    "GET /settings/mail": Route(only("admin")),
    "POST /settings/mail/<id:message_id>/retry": Route(only("admin"), {"message_id": 1}, {"message_id": 11}),
    # one's own
    "GET /me": Route(EVERYBODY),
    "POST /me": Route(EVERYBODY, fields={"name": "Somebody", "theme": "dark", "single_keys": "yes"}),
    "POST /me/password": Route({}, fields={"password": "wrong", "new_password": KEYS["password"]}),
    "GET /me/kept/<id:kept_id>": Route({"lead": "own"}, {"kept_id": 1}, {"kept_id": 11}),
    "POST /me/sessions": Route(EVERYBODY),
    "POST /me/sessions/<id:session_id>/end": Route({"lead": "own"}, {"session_id": 2}, {"session_id": 9}),
}


def a_profile(**more: str) -> dict[str, str]:
    return {"name": "Zoe Lark", "email": "zoe@larkmoor.example", "kind": "consultant", **more}


BEN, PATTERN = {"person_id": 2}, {"person_id": 2, "pattern_id": 21}
FINN, HIS_PATTERN = {"person_id": 6}, {"person_id": 6, "pattern_id": 31}
A_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "100") | {"sat": "0", "sun": "0"}
A_WEEK |= {"region": "GB-ENG", "delivery_share": "80", "utilisation_target": "70"}
OWN_LEAVE, LEAVE, HIS_LEAVE = {"lead": "own", "partner": "all"}, {"leave_id": 2}, {"leave_id": 12}
AWAY = {"begins": "2098-05-05", "share": "100", "kind": "annual"}
PARTNER = only("partner")
ROUTES |= {
    # people: colleagues see who is there and how full their weeks are; leave has a page for its own person and partners
    "GET /people": Route(desk(admin="all")),
    "GET /people/people.csv": Route(desk(admin="all")),
    "GET /people/<id:person_id>": Route(desk(admin="all"), BEN, FINN),
    "GET /people/new": Route(PARTNER),
    "POST /people/new": Route(PARTNER, fields=a_profile(**A_WEEK)),
    "GET /people/<id:person_id>/edit": Route(PARTNER, BEN, FINN),
    "POST /people/<id:person_id>/edit": Route(PARTNER, BEN, FINN, a_profile()),
    "GET /people/<id:person_id>/patterns/new": Route(PARTNER, BEN, FINN),
    "POST /people/<id:person_id>/patterns/new": Route(PARTNER, BEN, FINN, {"begins": "2098-05-05", **A_WEEK}),
    "GET /people/<id:person_id>/patterns/<id:pattern_id>": Route(PARTNER, PATTERN, HIS_PATTERN),
    "POST /people/<id:person_id>/patterns/<id:pattern_id>": Route(
        PARTNER, PATTERN, HIS_PATTERN, {"begins": "2098-05-05", **A_WEEK}
    ),
    "POST /people/<id:person_id>/patterns/<id:pattern_id>/drop": Route(PARTNER, PATTERN, HIS_PATTERN),
    "GET /people/<id:person_id>/leave/new": Route(OWN_LEAVE, BEN, FINN),
    "POST /people/<id:person_id>/leave/new": Route(OWN_LEAVE, BEN, FINN, AWAY),
    "GET /people/leave/<id:leave_id>": Route(OWN_LEAVE, LEAVE, HIS_LEAVE),
    "GET /people/leave/<id:leave_id>/edit": Route(OWN_LEAVE, LEAVE, HIS_LEAVE),
    "POST /people/leave/<id:leave_id>/edit": Route(OWN_LEAVE, LEAVE, HIS_LEAVE, AWAY),
    "POST /people/leave/<id:leave_id>/approval": Route(PARTNER, LEAVE, HIS_LEAVE),
    "POST /people/leave/<id:leave_id>/refusal": Route(
        PARTNER, LEAVE, HIS_LEAVE, {"answer": "Two reviews fall into it"}
    ),
    "POST /people/leave/<id:leave_id>/withdrawal": Route(OWN_LEAVE, LEAVE, HIS_LEAVE),
}
SENT = {"own": {"deliverable_id": 2}, "foreign": {"deliverable_id": 12}}
VERSION = {"own": {"deliverable_id": 2, "version_id": 2}, "foreign": {"deliverable_id": 12, "version_id": 12}}
LIST = {"slug": "vendors", "register": "contracts"}
ANSWER = "/portal/deliverables/<id:deliverable_id>/versions/<id:version_id>"
SPONSOR = only("sponsor", access="own")
ROUTES |= {
    # the client's portal; a viewer reads, a sponsor answers
    "GET /portal": Route(client()),
    "GET /portal/areas/<string:slug>": Route(client(), {"slug": "vendors"}),
    "GET /portal/areas/<string:slug>/why/<id:review_id>": Route(
        client(), {"slug": "vendors", "review_id": 1}, {"slug": "vendors", "review_id": 11}
    ),
    "GET /portal/areas/<string:slug>/<string:register>/": Route(client(), LIST),
    "GET /portal/areas/<string:slug>/<string:register>/rows.csv": Route(client(), LIST),
    # as long as the sponsor keeps the lists from viewers, a row is not there for them
    "GET /portal/areas/<string:slug>/<string:register>/<id:entry_id>": Route(
        only("sponsor", access="own"), LIST | {"entry_id": 104}, LIST | {"entry_id": 204}
    ),
    "GET /portal/timeline": Route(client()),
    "GET /portal/deliverables": Route(client()),
    "GET /portal/deliverables/<id:deliverable_id>": Route(client(), **SENT),
    f"POST {ANSWER}/acceptance": Route(SPONSOR, **VERSION, fields={"remark": "Clear."}),
    f"GET {ANSWER}/changes": Route(SPONSOR, **VERSION),
    f"POST {ANSWER}/changes": Route(SPONSOR, **VERSION, fields={"comments-2": "It says nothing of the price"}),
    "GET /portal/deliverables/new": Route(SPONSOR),
    "GET /portal/deliverables/new/<id:engagement_id>": Route(SPONSOR, {"engagement_id": 1}, {"engagement_id": 2}),
    "POST /portal/deliverables/new/<id:engagement_id>": Route(
        SPONSOR, {"engagement_id": 1}, {"engagement_id": 2}, fields={"title": "A plan", "area": "VEN"}
    ),
    "GET /portal/questions": Route(client()),
    "GET /portal/questions/<string:register>/": Route(client(), {"register": "risks"}),
    "GET /portal/questions/<string:register>/rows.csv": Route(client(), {"register": "risks"}),
    "GET /portal/colleagues": Route(SPONSOR),
    "POST /portal/colleagues": Route(SPONSOR, fields={"viewers_see_registers": "yes", "version": "2"}),
    "GET /portal/time": Route(SPONSOR),
    "GET /portal/time/entries.csv": Route(SPONSOR),
}
ROUTES |= {
    # renewals: to each the contracts of the clients that they see
    "GET /renewals": Route(desk()),
    "GET /renewals.csv": Route(desk()),
}
SIGNAL = "/clients/<id:client_id>/areas/data/signals/<id:entry_id>"
READ, READ_FOREIGN = {"client_id": 1, "entry_id": 127}, {"client_id": 2, "entry_id": 227}
ROUTES |= {
    # views of registers: what they show is of one client
    "GET /clients/<id:client_id>/areas/strategy/initiatives/roadmap": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/strategy/initiatives/roadmap.csv": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/areas/strategy/initiatives/<id:entry_id>/quarter": Route(
        staff(),
        {"client_id": 1, "entry_id": 105},
        {"client_id": 2, "entry_id": 205},
        lambda: {"quarter": quarter_after(TODAY, 2).isoformat()},
    ),
    "GET /clients/<id:client_id>/areas/data/signals/forecast": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/data/signals/readings.csv": Route(staff(), *OF_CLIENT),
    f"GET {SIGNAL}/readings": Route(staff(), READ, READ_FOREIGN),
    f"POST {SIGNAL}/readings": Route(staff(), READ, READ_FOREIGN, {"month": "2026-07", "value": "3"}),
    f"GET {SIGNAL}/readings/<id:reading_id>": Route(
        staff(), READ | {"reading_id": 1270}, READ_FOREIGN | {"reading_id": 2270}
    ),
    f"POST {SIGNAL}/readings/<id:reading_id>": Route(
        staff(), READ | {"reading_id": 1270}, READ_FOREIGN | {"reading_id": 2270}, {"value": "3"}
    ),
    f"POST {SIGNAL}/readings/<id:reading_id>/removal": Route(
        staff(), READ | {"reading_id": 1270}, READ_FOREIGN | {"reading_id": 2270}
    ),
    "GET /clients/<id:client_id>/areas/continuity/critical-services/recovery": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/continuity/critical-services/recovery.csv": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/budget/lines/by-category": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/budget/lines/by-category.csv": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/talent/skills/matrix": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/talent/skills/matrix.csv": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/innovation/ideas/funnel": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/areas/vendors/contracts/calendar": Route(staff(), *OF_CLIENT),
}
RUN, ENDED_RUN = ({"assessment_id": 2}, {"assessment_id": 12}), ({"assessment_id": 1}, {"assessment_id": 11})
ASSESSED = {"title": "Baseline", "purpose": "baseline", "engagement_id": "", "began_on": "2026-11-02"}
AREA_OF_RUN = tuple(ids | {"slug": "vendors"} for ids in RUN)
ANSWER_IN_RUN = tuple(ids | {"question_id": "VEN-Q2"} for ids in RUN)
ROUTES |= {
    # maturity: 1 is finished, 2 is open; what begins one is refused while another is open: tests/maturity
    "GET /clients/<id:client_id>/maturity": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/maturity/new": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/maturity/new": Route({}, *OF_CLIENT, fields=ASSESSED),
    "GET /engagements/<id:engagement_id>/maturity": Route(staff(), {"engagement_id": 1}, {"engagement_id": 2}),
    "POST /engagements/<id:engagement_id>/maturity": Route(
        {"lead": "own", "partner": "all"},
        {"engagement_id": 1},
        {"engagement_id": 2},
        fields={"areas": "VEN", "version": "2"},
    ),
    "GET /portal/progress": Route(client()),
    "GET /assessments/<id:assessment_id>": Route(staff(), *ENDED_RUN),
    "GET /assessments/<id:assessment_id>/answers.csv": Route(staff(), *ENDED_RUN),
    "GET /assessments/<id:assessment_id>/comparison": Route(staff(), *ENDED_RUN),
    "GET /assessments/<id:assessment_id>/areas/<slug>": Route(staff(), *AREA_OF_RUN),
    "POST /assessments/<id:assessment_id>/areas/<slug>": Route(
        staff(),
        *AREA_OF_RUN,
        fields={
            "VEN-Q2-score": "5",
            "VEN-Q2-comment": "Said",
            "VEN-Q2-seen": "0",
            "speaker": "Nell",
            "then": "security",
        },
    ),
    "POST /assessments/<id:assessment_id>/answers/<question_id>": Route(
        staff(), *ANSWER_IN_RUN, fields={"VEN-Q2-score": "na", "VEN-Q2-by": "Nell", "VEN-Q2-seen": "0"}
    ),
    "GET /assessments/<id:assessment_id>/edit": Route(staff(), *RUN),
    "POST /assessments/<id:assessment_id>/edit": Route(staff(), *RUN, fields=ASSESSED),
    "POST /assessments/<id:assessment_id>/finish": Route({"lead": "own", "partner": "all"}, *RUN),
    "GET /assessments/<id:assessment_id>/aside": Route({"lead": "own", "partner": "all"}, *RUN),
    "POST /assessments/<id:assessment_id>/aside": Route(
        {"lead": "own", "partner": "all"}, *RUN, fields={"reason": "They left"}
    ),
}
