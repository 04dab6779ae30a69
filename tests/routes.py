"""Every address of the house and who may use it: the list that a review reads, and that the matrix walks.

Access of a role: none (refused), own (Northwind's, never Umbra's), all (both clients'). Roles: see WHO.
`own` and `foreign` fill the ids of the address; `fields` is an answer that the form takes. A route that is not
written here fails the matrix, and so does a line whose route is gone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cast import TODAY

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
    "GET /workload": Route(desk()),
    "GET /workload/allocated.csv": Route(desk()),
    "GET /workload/logged": Route(desk()),
    "GET /workload/logged.csv": Route(desk()),
    "GET /workload/utilisation": Route(desk()),
    "GET /workload/utilisation.csv": Route(desk()),
    "GET /workload/<id:person_id>": Route({"lead": "own", "partner": "all"}, {"person_id": 2}, {"person_id": 6}),
}
NOT_OFFERED = {"/verify", "/fs-static/<path:filename>"}  # of the account library: they answer 404 to everybody
