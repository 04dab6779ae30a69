"""Every address of the house and who may use it: the list that a review reads, and that the matrix walks.

Access of a role: none (refused), own (Northwind's, never Umbra's), all (both clients'). Roles: see WHO.
`own` and `foreign` fill the ids of the address; `fields` is an answer that the form takes. A route that is not
written here fails the matrix, and so does a line whose route is gone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from crm.core.calendar import quarter_after
from crm.library.typical import typical
from tests.cast import TODAY, YEAR
from tests.files.samples import picture

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
    by_link: bool = False  # opened by whoever holds the link, signed in or not: its secret is the sign-in

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
    "GET /look.css": Route(ANYBODY),
    "GET /sw.js": Route(ANYBODY),
    "GET /app.webmanifest": Route(ANYBODY),
    "GET /offline": Route(ANYBODY),
    "GET /logo/<string(length=64):digest>.png": Route(ANYBODY, {"digest": "0" * 64}),
    "GET /sign-in": Route(ANYBODY),
    "POST /sign-in": Route({}, fields={"email": "nobody@example.test", "password": "wrong wrong wrong"}),
    "POST /sign-out": Route(EVERYBODY | {"anonymous": "all"}),
}
ROUTES |= {
    # notices and mail: everybody their own
    "GET /notices": Route(EVERYBODY),
    "GET /notices/list.csv": Route(EVERYBODY),
    "POST /notices/read": Route(EVERYBODY),
    "POST /notices/<id:notice_id>": Route({"lead": "own"}, {"notice_id": 1}, {"notice_id": 11}),
    "POST /notices/<id:notice_id>/read": Route({"sponsor": "own"}, {"notice_id": 2}, {"notice_id": 12}),
    "GET /me/calendar": Route(EVERYBODY),
    "POST /me/calendar": Route(EVERYBODY),
    "POST /me/calendar/<id:feed_id>/end": Route({"sponsor": "own"}, {"feed_id": 1}, {"feed_id": 11}),
    "GET /calendar/<string(length=43):secret>.ics": Route(ANYBODY, {"secret": "n" * 43}, by_link=True),
    "GET /me/mail": Route(EVERYBODY),
    "POST /me/mail": Route(
        EVERYBODY,
        fields=dict.fromkeys(
            ("deliverable", "review", "comment", "mention", "meeting", "action", "time", "other", "digest"), "weekly"
        )
        | {"weekly_on": "2", "zone": "Europe/Paris"},
    ),
}
ROUTES |= {
    # search
    "GET /search": Route(desk(), query="?q=canary"),
    "GET /search/palette": Route(desk(), query="?q=canary"),
}


def over(engagement_id: int) -> dict[str, Any]:
    """A month of this engagement in which more was used than was there."""
    return {"month": f"{TODAY - timedelta(100):%Y-%m}", "engagement_id": engagement_id}


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
    "GET /time/log": Route(desk()),
    "POST /time/log": Route({"lead": "all", "member": "all"}, fields=a_log),
    "GET /time/waiting": Route(desk()),
    "POST /time/waiting": Route({"lead": "all", "member": "all"}, fields=a_log),
    "GET /time/periods": Route(only("partner")),
    "GET /time/periods/<string:month>": Route(only("partner"), {"month": "2024-02"}),
    "POST /time/periods/<string:month>/lock": Route(only("partner"), {"month": "2024-03"}),
    "POST /time/periods/<string:month>/reopen": Route(
        only("partner"), {"month": "2024-02"}, fields={"reason": "Ben was missing"}
    ),
    "GET /time/periods/<string:month>/entries": Route(only("partner"), {"month": "2024-02"}, query="?show=waiting"),
    "GET /time/periods/<string:month>/overage/<id:engagement_id>": Route(only("partner"), over(1), over(2)),
    "POST /time/periods/<string:month>/overage/<id:engagement_id>": Route(
        only("partner"), over(1), over(2), fields={"choice": "absorb", "reason": "They waited for us"}
    ),
    "POST /time/periods/<string:month>/reminders": Route(only("partner"), {"month": f"{TODAY:%Y-%m}"}),
    # statements
    "GET /statements/<id:statement_id>": Route(
        {"lead": "own", "partner": "all"}, {"statement_id": 1}, {"statement_id": 11}
    ),
    "GET /statements/<id:statement_id>/statement.pdf": Route(
        {"lead": "own", "partner": "all"}, {"statement_id": 1}, {"statement_id": 11}
    ),
    "GET /statements/<id:statement_id>/statement.csv": Route(
        {"lead": "own", "partner": "all"}, {"statement_id": 1}, {"statement_id": 11}
    ),
    "GET /portal/time/statements/<id:statement_id>": Route(
        {"sponsor": "own"}, {"statement_id": 1}, {"statement_id": 11}
    ),
    "GET /portal/time/statements/<id:statement_id>/statement.pdf": Route(
        {"sponsor": "own"}, {"statement_id": 1}, {"statement_id": 11}
    ),
    "GET /portal/time/statements/<id:statement_id>/statement.csv": Route(
        {"sponsor": "own"}, {"statement_id": 1}, {"statement_id": 11}
    ),
    # time looked at, and put right
    "GET /time/approval": Route(desk()),
    "GET /time/approval/<string:month>": Route(desk(), {"month": f"{TODAY:%Y-%m}"}),
    "POST /time/approval/<string:month>": Route(
        {"lead": "own", "partner": "all"},
        {"month": f"{TODAY:%Y-%m}"},
        fields={"engagement": "1", "seen": "1-1,11-1"},
    ),
    "GET /time/approval/<id:engagement_id>/<string:month>": Route(
        {"lead": "own", "partner": "all"},
        {"engagement_id": 1, "month": f"{TODAY:%Y-%m}"},
        {"month": f"{TODAY:%Y-%m}", "engagement_id": 2},
    ),
    "POST /time/approval/<id:engagement_id>/<string:month>": Route(
        {"lead": "own", "partner": "all"},
        {"engagement_id": 1, "month": f"{TODAY:%Y-%m}"},
        {"month": f"{TODAY:%Y-%m}", "engagement_id": 2},
        fields={"seen": "1-1,11-1"},
    ),
    "POST /time/approval/entries/<id:entry_id>": Route(
        {"lead": "own", "partner": "all"}, {"entry_id": 1}, {"entry_id": 11}, fields={"said": "Was it that long?"}
    ),
    "POST /time/entries/<id:entry_id>/explanation": Route(
        {"lead": "own"}, {"entry_id": 1}, {"entry_id": 11}, fields={"said": "It was the workshop"}
    ),
    "GET /time/entries/<id:entry_id>/adjustment": Route(
        {"lead": "own", "partner": "all"}, {"entry_id": 1}, {"entry_id": 11}
    ),
    "POST /time/entries/<id:entry_id>/adjustment": Route(
        {"lead": "own", "partner": "all"},
        {"entry_id": 1},
        {"entry_id": 11},
        fields=lambda: {"duration": "0:30", "worked_on": TODAY.isoformat(), "reason": "It was shorter than that"},
    ),
    "GET /time/export": Route(desk(), query="?from=2024-01-01"),
    "GET /time/export/time.csv": Route(desk(), query="?from=2024-01-01&shape=kimai"),
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
    "GET /time/import/<id:batch_id>/progress": Route({"lead": "own"}, {"batch_id": 1}, {"batch_id": 11}),
    "GET /time/import/<id:batch_id>/undo": Route({"lead": "own", "partner": "all"}, {"batch_id": 8}, {"batch_id": 18}),
    "POST /time/import/<id:batch_id>/undo": Route(
        {"lead": "own", "partner": "all"}, {"batch_id": 8}, {"batch_id": 18}, {"reason": "The wrong file"}
    ),
    "GET /time/import/<id:batch_id>/bad.csv": Route({"lead": "own"}, {"batch_id": 1}, {"batch_id": 11}),
    "GET /time/choices": Route(desk(), query="?work=1"),
    "GET /time/line": Route(desk(), query="?line=1h+NORTH+call"),
    "GET /time/line/reading": Route(desk(), query="?line=1h+NORTH+call"),
    "GET /time/line/before": Route(desk()),
    "GET /time/grammar": Route(desk()),
    "GET /time/timer": Route(desk()),
    "POST /time/timer": Route(
        {"member": "all", "stranger": "all", "partner": "all"}, fields={"line": "call"}
    ),  # the lead's waits
    "POST /time/timer/stop": Route({}),  # it was stopped: tests/timelog/test_timer.py
    "POST /time/timer/on": Route({"lead": "all"}),
    "POST /time/timer/drop": Route({"lead": "all"}),
    "POST /time/timer/line": Route({"lead": "all"}, fields={"line": "30m NORTH call"}),
    "POST /time/line": Route({"lead": "all", "member": "all"}, fields={"line": "30m NORTH call"}),
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
    "GET /workload/effort": Route(desk()),
    "GET /workload/effort/<id:person_id>": Route({"lead": "own", "partner": "all"}, {"person_id": 2}, {"person_id": 6}),
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
    "GET /engagements/<id:engagement_id>/retainer": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/retainer": Route(PARTNER, E, E_FOREIGN, lambda: SEEN | {
        "begins": f"{TODAY:%Y-%m}", "quantity": "5", "unit": "days", "monthly_fee": "5200", "cap": "2", "keeps": "1",
        "used_first": "rolled_first", "overage": "ask", "overage_rate": "1100", "part_first": "yes", "part_last": "yes",
    }),
    "GET /engagements/<id:engagement_id>/terms": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/terms": Route(PARTNER, E, E_FOREIGN, lambda: SEEN | TERM | {
        "starts": str(TODAY - YEAR), "ends": str(TODAY + YEAR), "signed_on": "2026-01-01", "price_kind": "retainer",
        "days_a_month": "4", "monthly_fee": "4200", "rollover_cap": "0", "overage_rate": "1100"}),  # months of it are locked: they stay
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
    "GET /clients/<id:client_id>/risks/list.csv": Route(staff(), {"client_id": 1}, {"client_id": 2}),
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
    "GET /clients/<id:client_id>/registers": Route(staff(), *OF_CLIENT),
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
    "POST /clients/<id:client_id>/contacts/<id:contact_id>/vouching": Route(only("partner"), *CONTACT),
    "POST /clients/<id:client_id>/contacts/<id:contact_id>/archive": Route(staff(), *CONTACT),
    "POST /clients/<id:client_id>/contacts/<id:contact_id>/restore": Route(
        staff(), {"client_id": 1, "contact_id": 5}, {"client_id": 2, "contact_id": 15}
    ),
    # what passed between us
    "GET /clients/<id:client_id>/activity": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/activity.csv": Route(staff(), *OF_CLIENT),
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
MEETING = ({"client_id": 1, "meeting_id": 1}, {"client_id": 2, "meeting_id": 11})
CALLED_OFF = ({"client_id": 1, "meeting_id": 5}, {"client_id": 2, "meeting_id": 15})
HELD = ({"client_id": 1, "meeting_id": 3}, {"client_id": 2, "meeting_id": 13})
A_LINE = "action: Ask around by 2099-01-05"
A_PROMISE = "A list by 2099-01-05 @cora #finance"


def a_meeting() -> dict[str, str]:
    return {
        "title": "Management meeting",
        "kind": "management",
        "on": TODAY.isoformat(),
        "agenda": "Where we stand",
        "shown": "asked",
    }


ROUTES |= {
    # meetings, promises, and what is agreed in one line
    "GET /clients/<id:client_id>/meetings/": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/meetings/list.csv": Route(staff(), *OF_CLIENT),
    "GET /engagements/<id:engagement_id>/meetings": Route(staff(), E, E_FOREIGN),
    "GET /clients/<id:client_id>/meetings/new": Route(staff(), *OF_CLIENT),
    "POST /clients/<id:client_id>/meetings/new": Route(staff(), *OF_CLIENT, a_meeting),
    "GET /clients/<id:client_id>/meetings/<id:meeting_id>": Route(staff(), *MEETING),
    "POST /clients/<id:client_id>/meetings/<id:meeting_id>": Route(staff(), *MEETING, {"note": "Only ours"}),
    "GET /clients/<id:client_id>/meetings/<id:meeting_id>/edit": Route(staff(), *MEETING),
    "POST /clients/<id:client_id>/meetings/<id:meeting_id>/edit": Route(staff(), *MEETING, a_meeting),
    "GET /clients/<id:client_id>/meetings/<id:meeting_id>/minutes": Route(staff(), *MEETING),
    "POST /clients/<id:client_id>/meetings/<id:meeting_id>/holding": Route(staff(), *MEETING),
    "GET /clients/<id:client_id>/meetings/<id:meeting_id>/cancellation": Route(staff(), *MEETING),
    "POST /clients/<id:client_id>/meetings/<id:meeting_id>/cancellation": Route(staff(), *MEETING, {"reason": "Cora is away"}),
    "POST /clients/<id:client_id>/meetings/<id:meeting_id>/revival": Route(staff(), *CALLED_OFF),
    "POST /clients/<id:client_id>/meetings/<id:meeting_id>/sharing": Route(staff(), *HELD),
    "GET /clients/<id:client_id>/lines": Route(staff(), *OF_CLIENT),
    "GET /clients/<id:client_id>/lines/reading": Route(staff(), *OF_CLIENT, query="?line=action:+Ask+around"),
    "POST /clients/<id:client_id>/lines": Route(staff(), *OF_CLIENT, {"line": A_LINE, "seen": A_LINE}),
    "GET /today/promises/reading": Route(desk(), query="?line=A+list"),
    "POST /today/promises": Route({"lead": "all", "member": "all"}, fields={"line": A_PROMISE, "seen": A_PROMISE}),
    "GET /portal/meetings": Route(client()),
    "GET /portal/meetings/list.csv": Route(client()),
    "GET /portal/meetings/<id:meeting_id>": Route(client(), {"meeting_id": 4}, {"meeting_id": 14}),
    "POST /portal/actions/<id:action_id>/done": Route({}, {"action_id": 144}, {"action_id": 244}),  # whose it is: tests/meetings
}  # fmt: skip
# of the account library: they answer 404 to everybody (tests/accounts/test_steps.py)
NOT_OFFERED = {
    "/verify", "/fs-static/<path:filename>", "/tf-setup", "/tf-setup/<token>", "/tf-rescue", "/tf-select", "/mf-recovery-codes",
    "/wan-register", "/wan-register/<token>", "/wan-delete", "/wan-verify", "/wan-verify/<token>",
}  # fmt: skip
OWN_KEY = {"passkey_id": 1}, {"passkey_id": 11}  # Ben's and Finn's
LINK = {"token": "0" * 64}
ROUTES |= {
    # the second step of a sign-in: without a first one it leads back to the door, and who is in is sent home
    "GET /sign-in/code": Route(EVERYBODY),
    "POST /sign-in/code": Route(EVERYBODY, fields={"code": "123456"}),
    "GET /sign-in/recovery": Route(EVERYBODY),
    "POST /sign-in/recovery": Route(EVERYBODY, fields={"code": "1a2b-3c4d-5e6f"}),
    "GET /sign-in/passkey": Route(ANYBODY),
    "POST /sign-in/passkey": Route(ANYBODY),
    "POST /sign-in/passkey/<token>": Route({}, {"token": "x"}, fields={"credential": "{}"}),
    # by mail, which the practice does not allow here: tests/settings/test_by_mail.py
    "GET /sign-in/by-mail": Route({}),
    "POST /sign-in/by-mail": Route({}, fields={"email": "cora@example.test"}),
    "GET /sign-in/by-mail/sent": Route({}),
    "GET /sign-in/by-mail/<string(length=64):token>": Route({}, LINK),
    "POST /sign-in/by-mail/<string(length=64):token>": Route({}, LINK),
    # one's own keys
    "GET /me/keys": Route(EVERYBODY),
    "GET /me/keys/app": Route(EVERYBODY),
    "POST /me/keys/app": Route({}, fields={"code": "123456", "seed": "not ours"}),
    "GET /me/keys/app/end": Route(EVERYBODY),
    "POST /me/keys/app/end": Route({"lead": "own"}),
    "POST /me/keys/passkeys/options": Route(EVERYBODY, fields={"name": "Another phone"}),
    "POST /me/keys/passkeys": Route({}, fields={"state": "not ours", "credential": "{}"}),
    "GET /me/keys/passkeys/<id:passkey_id>": Route({"lead": "own"}, *OWN_KEY),
    "POST /me/keys/passkeys/<id:passkey_id>": Route({"lead": "own"}, *OWN_KEY, fields={"name": "My phone"}),
    "POST /me/keys/passkeys/<id:passkey_id>/end": Route({"lead": "own"}, *OWN_KEY),
    "GET /me/keys/codes": Route(EVERYBODY),
    "POST /me/keys/codes": Route({"lead": "own"}),
    "GET /me/proof": Route(EVERYBODY),
    "POST /me/proof": Route({}, fields={"password": "not the right one"}),
    "POST /me/proof/passkey/options": Route(EVERYBODY),
    "POST /me/proof/passkey": Route(EVERYBODY, fields={"state": "not ours", "credential": "{}"}),  # back, with a sentence
    # the office
    "GET /settings/sign-in": Route(only("admin")),
    "POST /settings/sign-in": Route(only("admin"), fields={"mail_sign_in": "yes"}),
    "GET /settings/accounts/<id:account_id>/second-factor": Route(only("admin"), {"account_id": 2}, {"account_id": 6}),
    "POST /settings/accounts/<id:account_id>/second-factor": Route(
        only("admin"), {"account_id": 2}, {"account_id": 6}, fields={"reason": "Lost his phone"}),
}  # fmt: skip


def _owed(own: int) -> dict[str, Any]:
    """A deliverable of the world: 1 planned, 2 submitted, 3 accepted, 4 being written, 5 reviewed, 6 proposed, 7 ready,
    8 corrected. Umbra's are ten more."""
    return {"own": {"deliverable_id": own}, "foreign": {"deliverable_id": own + 10}}


def _step(slug: str, own: int, access: Mapping[str, str], **fields: str) -> dict[str, Route]:
    """A step of a deliverable's life: its page, and its button."""
    address = f"/deliverables/<id:deliverable_id>/{slug}"
    there = _owed(own)
    return {f"GET {address}": Route(access, **there), f"POST {address}": Route(access, **there, fields=fields)}


OWN_TEMPLATE = {"template_id": 1}
TEMPLATE = {"name": "Cyber insurance answers", "area": "SEC", "days": "1.5", "cadence": "yearly"}
AUTHOR = {"lead": "all", "partner": "all"}
AGAIN, AGAIN_FOREIGN = {"engagement_id": 1, "recurrence_id": 1}, {"engagement_id": 2, "recurrence_id": 11}
KEYS = ",".join(f"'{key}'" for key in typical())


def a_pack() -> dict[str, str]:
    """A board pack each month, from next month on."""
    return {
        "title": "Board pack", "area": "STR", "cadence": "monthly", "next_due": str(TODAY + timedelta(40)), "ahead": "14",
        "estimate": "0.5", "criteria_lines": "Page one can be read alone",
    }  # fmt: skip


ROUTES |= {
    # the library, and what comes again
    "GET /library": Route(desk()),
    f"GET /library/<any({KEYS}):key>": Route(desk(), {"key": "STR-D1"}),
    "GET /library/own": Route(desk()),
    "GET /library/own.csv": Route(desk()),
    "GET /library/own/new": Route(desk(), query="?from=STR-D1"),
    "POST /library/own/new": Route(desk(), fields=TEMPLATE),
    "GET /library/own/<id:template_id>": Route(desk(), OWN_TEMPLATE),
    "GET /library/own/<id:template_id>/edit": Route(AUTHOR, OWN_TEMPLATE),
    "POST /library/own/<id:template_id>/edit": Route(AUTHOR, OWN_TEMPLATE, fields=TEMPLATE),
    "POST /library/own/<id:template_id>/<any(archive,restore):way>": Route(AUTHOR, OWN_TEMPLATE | {"way": "archive"}),
    "GET /engagements/<id:engagement_id>/first-100-days": Route(LEADS, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/first-100-days": Route(
        LEADS, E, E_FOREIGN, SEEN | {"chosen": "1", "due-1": str(TODAY + timedelta(9)), "days-1": "1.5"}
    ),
    "GET /engagements/<id:engagement_id>/repeats": Route(staff(), E, E_FOREIGN),
    "GET /engagements/<id:engagement_id>/repeats/new": Route(LEADS, E, E_FOREIGN, query="?template=STR-D7"),
    "POST /engagements/<id:engagement_id>/repeats/new": Route(LEADS, E, E_FOREIGN, a_pack),
    "GET /engagements/<id:engagement_id>/repeats/<id:recurrence_id>/edit": Route(LEADS, AGAIN, AGAIN_FOREIGN),
    "POST /engagements/<id:engagement_id>/repeats/<id:recurrence_id>/edit": Route(LEADS, AGAIN, AGAIN_FOREIGN, a_pack),
    "POST /engagements/<id:engagement_id>/repeats/<id:recurrence_id>/end": Route(LEADS, AGAIN, AGAIN_FOREIGN),
}
TABS, TAB = "mine,late,waiting,'signed-off',all", {"view": "late"}
LEAD, REVIEWER = only("lead", access="own"), only("partner")
AGREED = {"agreed_by_id": "1", "agreed_on": TODAY.isoformat(), "reason": "They said so"}
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
    "GET /deliverables/check": Route(desk()),
    "POST /deliverables/check": Route(desk(), fields={"fingerprint": 64 * "a"}),
    "POST /deliverables/<id:deliverable_id>/files": Route(
        only("lead", access="own"), **_owed(4), fields=lambda: {"uploads": (AFile(b"Plain words"), "notes.txt")}
    ),
    "POST /deliverables/<id:deliverable_id>/files/<id:file_id>/removal": Route(
        only("lead", access="own"), {"deliverable_id": 4, "file_id": 1}, {"deliverable_id": 14, "file_id": 11}
    ),
    "GET /files/<id:file_id>": Route({**staff(), **client()}, {"file_id": 3}, {"file_id": 13}),
    "GET /files/<id:file_id>/pages/<id:page>": Route(
        {**staff(), **client()}, {"page": "1", "file_id": 2}, {"page": "1", "file_id": 12}
    ),
    "GET /portal/deliverables/check": Route(client()),
    "POST /portal/deliverables/check": Route(client(), fields={"fingerprint": 64 * "a"}),
    "GET /deliverables/<id:deliverable_id>/edit": Route(staff(member="none"), **_owed(6)),
    "POST /deliverables/<id:deliverable_id>/edit": Route(
        staff(member="none"), **_owed(6), fields={"title": "Exit plan", "area": "VEN"}
    ),
    **_step("plan", 6, LEAD),
    **_step("work", 1, LEAD),
    **_step("text", 4, LEAD, text="A text"),
    **_step("review", 4, LEAD, reviewer_id="5"),
    **_step("review/pass", 5, REVIEWER, everything="yes"),
    **_step("review/return", 5, REVIEWER, remark="A figure is missing"),
    **_step("submission", 7, LEAD, asked_id="1", review_days="10"),
    **_step("withdrawal", 2, LEAD, reason="The wrong text"),
    **_step("acceptance", 2, LEAD, given_by_id="1", given_on=AGREED["agreed_on"], proof="By phone"),
    **_step("correction", 3, LEAD, reason="A figure is wrong"),
    **_step("correction/end", 8, LEAD, reason="It was right"),
    **_step("baseline", 1, LEAD, becomes="2099-01-01", **AGREED),
    **_step("cancellation", 4, LEAD, **AGREED),
}
TALK, NOTE = "/deliverables/<id:deliverable_id>/comments", "<any(open,team):kind>/<id:comment_id>"
CHAIN = "/deliverables/<id:deliverable_id>/chain"
OWN_NOTE = {"own": {"deliverable_id": 2, "kind": "team", "comment_id": 1}, "foreign": {"deliverable_id": 12, "kind": "team", "comment_id": 11}}  # fmt: skip
AWAITED = {"own": {"deliverable_id": 4, "wait_id": 2}, "foreign": {"deliverable_id": 14, "wait_id": 12}}
ROUTES |= {
    # what is said about a deliverable, its reviews, its versions and what it waits for
    f"GET {TALK}": Route(staff(), **_owed(2)),
    f"POST {TALK}": Route(staff(), **_owed(2), fields={"body": "Well said", "readers": "team"}),
    f"GET {TALK}/{NOTE}": Route(only("lead", access="own"), **OWN_NOTE),
    f"POST {TALK}/{NOTE}": Route(only("lead", access="own"), **OWN_NOTE, fields={"body": "Better said"}),
    f"POST {TALK}/{NOTE}/withdrawal": Route(only("lead", access="own"), **OWN_NOTE),
    "GET /deliverables/<id:deliverable_id>/reviews": Route(staff(), **_owed(1)),
    "GET /deliverables/<id:deliverable_id>/compare": Route(staff(), **_owed(8)),
    "GET /deliverables/figures": Route(desk()),
    "GET /deliverables/figures/on-time": Route(desk()),
    "GET /deliverables/figures/on-time.csv": Route(desk()),
    "GET /deliverables/figures/sign-off": Route(desk()),
    f"GET {CHAIN}": Route(staff(), **_owed(4)),
    f"POST {CHAIN}/<any(deliverable,decision,input):kind>": Route(
        staff(member="none"),
        {"deliverable_id": 4, "kind": "input"},
        {"deliverable_id": 14, "kind": "input"},
        {"what": "Last year's invoices", "needed_by": "2099-01-01"},
    ),
    f"POST {CHAIN}/<id:wait_id>/end": Route(staff(member="none"), **AWAITED),
    f"POST {CHAIN}/<id:wait_id>/received": Route(staff(), **AWAITED),
}
WHOM = "<any(person,contact):kind>/<id:whom_id>"
DEEDS = "any(close,invite,reopen,sessions,withdraw)"
UMA = {"kind": "contact", "whom_id": 3}  # what is not there: tests/settings
ACCOUNTS = {"account_id": 2}, {"account_id": 9}  # Ben's and Uma's: an admin reaches both
KEYS = {"email": "new@client2.example", "password": "ferry-lantern-cobalt-9"}
LINK = {"token": "not-one-of-ours"}
PRACTICE = {
    "name": "Larkmoor", "currency": "EUR", "zone": "Europe/Dublin", "region": "IE", "review_days": "8", "override_days": "60",
    "consultant_share": "75", "partner_share": "30", "consultant_target": "65", "partner_target": "35", "approval": "require", "timer_step": "6",
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
    "GET /settings/practice/logo": Route(only("admin")),
    "POST /settings/practice/logo": Route(only("admin"), fields=lambda: {"logo": (AFile(picture()), "logo.png")}),
    "POST /settings/practice/logo/removal": Route(only("admin")),
    "GET /settings/accounts": Route(only("admin"), query="?state=open"),
    "GET /settings/accounts.csv": Route(only("admin"), query="?state=open"),
    "GET /settings/accounts/new": Route(only("admin"), query="?q=north"),
    "GET /settings/accounts/new/colleague": Route(only("admin")),
    "POST /settings/accounts/new/colleague": Route(
        only("admin"), fields={"name": "Zoe", "email": "zoe@larkmoor.example", "role": "consultant"}
    ),
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
    "GET /settings/mail/waiting.csv": Route(only("admin")),
    "GET /settings/mail/letters/<id:letter_id>": Route({}, {"letter_id": 1}, {"letter_id": 11}),  # of the demo only
    "POST /settings/mail/retry": Route(only("admin")),
    "POST /settings/mail/<id:message_id>/retry": Route(only("admin"), {"message_id": 1}, {"message_id": 11}),
    # a leaver: the screen of tests/settings/test_leavers.py
    "GET /settings/leavers": Route(only("admin"), query="?q=north"),
    f"GET /settings/leavers/{WHOM}": Route(only("admin"), {"kind": "person", "whom_id": 3}),
    f"POST /settings/leavers/{WHOM}": Route(only("admin"), {"kind": "person", "whom_id": 3}),
    # a company's own people; that a sponsor is nobody's to remove: tests/settings
    "GET /portal/people": Route(only("sponsor")),
    "POST /portal/people": Route(only("sponsor"), fields={"name": "Gwen", "email": "gwen@client1.example"}),
    "POST /portal/people/<id:standing_id>/again": Route({"sponsor": "own"}, {"standing_id": 8}, {"standing_id": 9}),
    "POST /portal/people/<id:standing_id>/remove": Route({"sponsor": "own"}, {"standing_id": 8}, {"standing_id": 9}),
    # before the door: what a link of ours opens is told in tests/settings
    "GET /invitation/<token>": Route({}, LINK),
    "POST /invitation/<token>": Route({}, LINK, fields={"password": KEYS["password"]}),
    "GET /reset/<token>": Route({}, LINK),
    "POST /reset/<token>": Route({}, LINK, fields={"password": KEYS["password"]}),
    "GET /address/<token>": Route({}, LINK),
    "POST /address/<token>": Route({}, LINK),
    "GET /forgotten": Route(ANYBODY),
    "POST /forgotten": Route(ANYBODY, fields={"email": "cora@example.test"}),
    "GET /done/<any(password,address,stopped):what>": Route(ANYBODY, {"what": "password"}),
    # one's own
    "POST /me/address": Route({}, fields={"email": "new@client2.example", "password": "wrong"}),
    "POST /me/address/drop": Route(EVERYBODY),
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
    # who a name is that came with imported time: partners say it
    "GET /people/<id:person_id>/who": Route(PARTNER, {"person_id": 61}, {"person_id": 62}, query="?real=2"),
    "POST /people/<id:person_id>/who": Route(PARTNER, {"person_id": 61}, {"person_id": 62}, {"real": "2"}),
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
SAID = "/portal/deliverables/<id:deliverable_id>/comments/<id:comment_id>"
OWN_WORD = {"own": {"deliverable_id": 2, "comment_id": 2}, "foreign": {"deliverable_id": 12, "comment_id": 12}}
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
    "GET /portal/timeline/list.csv": Route(client()),
    "GET /portal/deliverables": Route(client()),
    "GET /portal/deliverables/<id:deliverable_id>": Route(client(), **SENT),
    f"POST {ANSWER}/acceptance": Route(SPONSOR, **VERSION, fields={"remark": "Clear."}),
    f"GET {ANSWER}/changes": Route(SPONSOR, **VERSION),
    f"POST {ANSWER}/changes": Route(SPONSOR, **VERSION, fields={"comments-2": "It says nothing of the price"}),
    "GET /portal/deliverables/<id:deliverable_id>/compare": Route(client(), **SENT),
    "GET /portal/deliverables/<id:deliverable_id>/comments": Route(client(), **SENT),
    "POST /portal/deliverables/<id:deliverable_id>/comments": Route(client(), **SENT, fields={"body": "We agree"}),
    f"GET {SAID}": Route(SPONSOR, **OWN_WORD),
    f"POST {SAID}": Route(SPONSOR, **OWN_WORD, fields={"body": "We agree in full"}),
    f"POST {SAID}/withdrawal": Route(SPONSOR, **OWN_WORD),
    "GET /portal/deliverables/new": Route(SPONSOR),
    "GET /portal/deliverables/new/<id:engagement_id>": Route(SPONSOR, {"engagement_id": 1}, {"engagement_id": 2}),
    "POST /portal/deliverables/new/<id:engagement_id>": Route(
        SPONSOR, {"engagement_id": 1}, {"engagement_id": 2}, fields={"title": "A plan", "area": "VEN"}
    ),
    "GET /portal/questions": Route(client()),
    "GET /portal/questions/<string:register>/": Route(client(), {"register": "risks"}),
    "GET /portal/questions/<string:register>/rows.csv": Route(client(), {"register": "risks"}),
    "GET /portal/colleagues": Route(SPONSOR),
    "GET /portal/opened": Route(SPONSOR),
    "GET /portal/opened/list.csv": Route(SPONSOR),
    "GET /portal/archive.zip": Route(SPONSOR),
    "GET /clients/<id:client_id>/archive.zip": Route(staff(member="none"), *OF_CLIENT),
    "POST /portal/colleagues": Route(SPONSOR, fields={"viewers_see_registers": "yes", "version": "2"}),
    "GET /portal/time": Route(SPONSOR),
    "GET /portal/time/entries.csv": Route(SPONSOR),
    "GET /portal/time/<int(fixed_digits=4):year>": Route(SPONSOR, {"year": TODAY.year}),
    "GET /portal/time/<int(fixed_digits=4):year>/entries.csv": Route(SPONSOR, {"year": TODAY.year}),
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

ROUTES |= {
    # storage, for admins
    "GET /settings/storage": Route(only("admin")),
    "POST /settings/storage": Route(only("admin"), fields={"file_quota": "500"}),
    "GET /settings/storage/<id:client_id>": Route(only("admin"), {"client_id": 1}),
    "POST /settings/storage/<id:client_id>": Route(only("admin"), {"client_id": 1}, fields={"megabytes": "700"}),
}

# from a mail, without a session
LINK, ASKED = {"secret": "n" * 64}, {"secret": "m" * 64}
ROUTES |= {
    "GET /sign/<string(length=64):secret>": Route(ANYBODY, LINK, by_link=True),
    "POST /sign/<string(length=64):secret>/acceptance": Route(ANYBODY, LINK, fields={"name": "Cora"}, by_link=True),
    "GET /sign/<string(length=64):secret>/changes": Route(ANYBODY, LINK, by_link=True),
    "POST /sign/<string(length=64):secret>/changes": Route(
        ANYBODY, LINK, fields={"name": "Cora", "comments-2": "The price is missing"}, by_link=True
    ),
    "GET /sign/<string(length=64):secret>/files/<id:file_id>": Route(ANYBODY, LINK | {"file_id": 2}, by_link=True),
    "GET /sign/<string(length=64):secret>/files/<id:file_id>/pages/<id:page>": Route(
        ANYBODY, LINK | {"file_id": 2, "page": "1"}, by_link=True
    ),
    "POST /sign/<string(length=64):secret>/decision": Route(ANYBODY, ASKED, fields={"option": "Renew"}, by_link=True),
    "GET /sign/<string(length=64):secret>/certificate.pdf": Route({}, LINK, by_link=True),  # it waits for an answer yet
    "GET /portal/deliverables/<id:deliverable_id>/versions/<id:version_id>/certificate.pdf": Route(
        client(), {"deliverable_id": 3, "version_id": 3}, {"deliverable_id": 13, "version_id": 13}
    ),
    "GET /deliverables/<id:deliverable_id>/versions/<id:version_id>/certificate.pdf": Route(
        staff(), {"deliverable_id": 3, "version_id": 3}, {"deliverable_id": 13, "version_id": 13}
    ),
    "POST /sign/<string(length=64):secret>/rating": Route({}, LINK, fields={"score": "5"}, by_link=True),
    "POST /sign/<string(length=64):secret>/code": Route(ANYBODY, LINK, by_link=True),
    "POST /sign/<string(length=64):secret>/code/entry": Route({}, LINK, fields={"code": "000000"}, by_link=True),
    "POST /portal/deliverables/<id:deliverable_id>/versions/<id:version_id>/rating": Route(
        only("sponsor", access="own"), {"deliverable_id": 8, "version_id": 8}, {"deliverable_id": 18, "version_id": 18},
        {"score": "5", "sentence": "Clear"}),
    "GET /portal/delegates": Route(only("sponsor")),
    "POST /portal/delegates": Route(only("sponsor"), fields={
        "delegate_id": "2", "begins": TODAY.isoformat(), "until": (TODAY + timedelta(3)).isoformat()}),
    "POST /portal/delegates/<id:delegation_id>/end": Route(
        only("sponsor", access="own"), {"delegation_id": 1}, {"delegation_id": 11}),
    "GET /engagements/<id:engagement_id>/sign-off": Route(PARTNER, E, E_FOREIGN),
    "POST /engagements/<id:engagement_id>/sign-off": Route(
        PARTNER, E, E_FOREIGN, lambda: SEEN | {"signers": "all", "deemed": "yes"}),
}  # fmt: skip


def an_address() -> dict[str, str]:
    """How somebody is billed."""
    return {
        "legal_name": "Somebody Ltd", "line1": "1 High Street", "city": "York", "country": "GB", "category": "S", "tax_rate": "20", "payment_days": "14",
        "tax_number": "GB987654321",
    }  # fmt: skip


def an_expense() -> dict[str, str]:
    return {
        "spent_on": TODAY.isoformat(),
        "category": "travel",
        "amount": "45.50",
        "tax": "",
        "note": "Train",
        "rebillable": "yes",
    }


A_LINE = {"text": "A workshop", "quantity": "1.5", "unit": "day", "price": "1100", "category": "S", "tax_rate": "20"}
READS = {"lead": "own", "partner": "all"}
DRAFT, ISSUED = ({"invoice_id": 1}, {"invoice_id": 11}), ({"invoice_id": 2}, {"invoice_id": 12})
ROUTES |= {
    # money
    "GET /expenses": Route(desk()),
    "GET /expenses/list.csv": Route(desk()),
    "GET /expenses/new": Route(desk()),
    "POST /expenses/new": Route(
        {"lead": "all", "member": "all", "partner": "all"}, fields=lambda: {"engagement_id": "1", **an_expense()}
    ),
    "GET /expenses/<id:expense_id>": Route(staff(), {"expense_id": 1}, {"expense_id": 11}),
    "GET /expenses/<id:expense_id>/edit": Route({"lead": "own"}, {"expense_id": 1}, {"expense_id": 11}),
    "POST /expenses/<id:expense_id>/edit": Route(
        {"lead": "own"}, {"expense_id": 1}, {"expense_id": 11}, lambda: {"engagement_id": "1", **an_expense()}
    ),
    "POST /expenses/<id:expense_id>/approval": Route({"partner": "all"}, {"expense_id": 1}, {"expense_id": 11}),
    "POST /expenses/<id:expense_id>/refusal": Route(
        READS, {"expense_id": 1}, {"expense_id": 11}, {"remark": "Whose was it?"}
    ),
    "POST /expenses/<id:expense_id>/withdrawal": Route({"lead": "own"}, {"expense_id": 1}, {"expense_id": 11}),
    "GET /expenses/<id:expense_id>/files/receipt": Route(staff(), {"expense_id": 1}, {"expense_id": 11}),
    "GET /engagements/<id:engagement_id>/invoices": Route(READS, {"engagement_id": 1}, {"engagement_id": 2}),
    "GET /invoices": Route(desk()),
    "GET /invoices/list.csv": Route(desk()),
    "GET /invoices/books/<any(xero,quickbooks):book>.csv": Route(only("partner"), {"book": "xero"}),
    "GET /invoices/new": Route(only("partner")),
    "POST /invoices/new": Route(only("partner"), fields={"engagement_id": "1", "month": ""}),
    "GET /invoices/month/<string:month>": Route(only("partner"), {"month": "2024-02"}),
    "POST /invoices/month/<string:month>": Route(
        only("partner"), {"month": "2024-02"}, fields={"invoice": str(DRAFT[0]["invoice_id"]), "seen": "1-1"}
    ),
    "POST /invoices/month": Route(only("partner"), fields={"month": "2024-02"}),
    "GET /invoices/<id:invoice_id>": Route(READS, *DRAFT),
    "POST /invoices/<id:invoice_id>": Route(only("partner"), *DRAFT, {"payment_days": "14", "note": "Thank you"}),
    "POST /invoices/<id:invoice_id>/lines": Route(only("partner"), *DRAFT, A_LINE),
    "POST /invoices/<id:invoice_id>/milestones": Route({}, *DRAFT, {"percent": "30"}),  # Northwind has a retainer
    "GET /invoices/<id:invoice_id>/lines/<id:line_id>": Route(
        only("partner"), {"invoice_id": 1, "line_id": 1}, {"invoice_id": 11, "line_id": 11}
    ),
    "POST /invoices/<id:invoice_id>/lines/<id:line_id>": Route(
        only("partner"), {"invoice_id": 1, "line_id": 1}, {"invoice_id": 11, "line_id": 11}, A_LINE
    ),
    "POST /invoices/<id:invoice_id>/lines/<id:line_id>/removal": Route(
        only("partner"), {"invoice_id": 1, "line_id": 1}, {"invoice_id": 11, "line_id": 11}
    ),
    "POST /invoices/<id:invoice_id>/removal": Route(only("partner"), *DRAFT),
    "POST /invoices/<id:invoice_id>/issue": Route(only("partner"), *DRAFT),
    "POST /invoices/<id:invoice_id>/void": Route(only("partner"), *ISSUED, {"reason": "Sent to the wrong company"}),
    "POST /invoices/<id:invoice_id>/payments": Route(
        only("partner"), *ISSUED, lambda: {"paid_on": TODAY.isoformat(), "amount": "100"}
    ),
    "POST /invoices/<id:invoice_id>/payments/<id:payment_id>/removal": Route(
        only("partner"), {"invoice_id": 2, "payment_id": 1}, {"invoice_id": 12, "payment_id": 11}
    ),
    "GET /invoices/<id:invoice_id>/invoice.pdf": Route(READS, *ISSUED),
    "GET /invoices/<id:invoice_id>/invoice.xml": Route(READS, *ISSUED),
    "GET /invoices/settings": Route(only("partner")),
    "POST /invoices/settings": Route(
        only("partner"), fields=lambda: {**an_address(), "iban": "GB33BUKB20201555555555"}
    ),
    "GET /clients/<id:client_id>/billing": Route(only("partner"), {"client_id": 1}, {"client_id": 2}),
    "POST /clients/<id:client_id>/billing": Route(
        only("partner"), {"client_id": 1}, {"client_id": 2}, lambda: {**an_address(), "file_format": "cii"}
    ),
    "GET /portal/invoices": Route({"sponsor": "all"}),
    "GET /portal/invoices/list.csv": Route({"sponsor": "own"}),
    "GET /portal/invoices/<id:invoice_id>": Route({"sponsor": "own"}, *ISSUED),
    "GET /portal/invoices/<id:invoice_id>/invoice.pdf": Route({"sponsor": "own"}, *ISSUED),
    "GET /portal/invoices/<id:invoice_id>/invoice.xml": Route({"sponsor": "own"}, *ISSUED),
    "GET /portal/invoices/<id:invoice_id>/files/<id:line_id>": Route(
        {"sponsor": "own"}, {"invoice_id": 2, "line_id": 2}, {"invoice_id": 12, "line_id": 12}
    ),
}
ROUTES |= {
    # what is earned and what it costs: partners, and nobody else (invariant 16)
    "GET /margin": Route(only("partner")),
    "GET /margin/rows": Route(only("partner")),
    "GET /margin/margin.csv": Route(only("partner")),
    "GET /margin/margin.xlsx": Route(only("partner")),
    "GET /margin/rates": Route(only("partner")),
    "POST /margin/rates": Route(only("partner"), fields={"person_id": "2", "begins": "2024-03-01", "per_day": "450"}),
    "POST /margin/rates/<id:rate_id>/removal": Route(only("partner"), {"rate_id": 1}),
}
ROUTES |= {
    # the week as a table
    "GET /time/grid": Route(desk(), query=f"?day={TODAY}"),
    "POST /time/grid": Route(
        {"lead": "all", "member": "all"},
        fields={f"c.1.STR.0.billable.{TODAY.weekday()}": "0:15"},
        query=f"?day={TODAY}",
    ),
}
ROUTES |= {
    # one's own time as a list, and several entries changed at once
    "GET /time/mine": Route(desk()),
    "GET /time/mine/list.csv": Route(desk()),
    "GET /time/mine/change": Route(desk(), query="?entry=1-1&shift=0"),
    "POST /time/mine/change": Route(
        {"lead": "all"}, fields={"seen": "1-1", "client_note": "Board call", "reason": "As agreed by phone"}
    ),
}
ROUTES |= {
    # a calendar file proposes entries
    "GET /time/calendar": Route(desk()),
    "POST /time/calendar": Route(
        desk(), fields=lambda: {"file": (a_calendar(), "calendar.ics"), "day": TODAY.isoformat(), "stretch": "week"}
    ),
    "POST /time/calendar/take": Route(
        {"lead": "all", "member": "all"},
        fields={
            "mark-0": "a" * 64,
            "take-0": "yes",
            "day-0": TODAY.isoformat(),
            "duration-0": "1:00",
            "what-0": "1.STR.0.billable",
        },
    ),
}


def a_calendar() -> AFile:
    return AFile(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nEND:VCALENDAR\r\n")
