"""Risks and questions of all twelve areas: what must be decided, what may go wrong, what is to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, g
from flask.typing import ResponseReturnValue

from crm.access.pages import PORTAL, Pages
from crm.areas.across.models import LIVE, Action, ActionStatus, Assurance, Decision, DecisionStatus, RaidItem
from crm.areas.catalogue import ACROSS
from crm.core.clock import today
from crm.core.db import db
from crm.portal.rows import Shelf, list_file, list_page
from crm.portal.shell import page
from crm.registers.models import RegisterEntry
from crm.registers.queries import counts_of

pages = Pages("portal_questions", __name__, roles=PORTAL, url_prefix="/portal/questions")
FIRST = 6  # open ones of each list


@dataclass(frozen=True)
class Open:
    """Which rows of a list wait for something, and the most urgent of them first."""

    name: str
    where: tuple[Any, ...]
    order: tuple[Any, ...]


OPEN: Mapping[type[RegisterEntry], Open] = {
    Decision: Open("to be decided", (Decision.status == DecisionStatus.NEEDED,), (Decision.needed_by,)),
    RaidItem: Open("open", (RaidItem.status.in_(LIVE),), (RaidItem.score.desc(),)),
    Action: Open("to be done", (Action.status == ActionStatus.OPEN,), (Action.due,)),
    Assurance: Open("newest", (), (Assurance.received_on.desc(),)),
}


@dataclass(frozen=True)
class Waiting:
    shelf: Shelf
    name: str
    rows: list[Any]


def _waiting(shelf: Shelf) -> Waiting:
    asked = OPEN[shelf.register.entry]
    found = shelf.rows().where(*asked.where).order_by(*asked.order, shelf.register.entry.id).limit(FIRST)
    return Waiting(shelf, asked.name, list(db.session.scalars(found).unique()))


def _shelf(register: str) -> Shelf:
    found = next((one for one in ACROSS if one.slug == register), None)
    if found is None:
        abort(404)
    return Shelf(None, found)


@pages.get("")
def overview() -> ResponseReturnValue:
    numbers = counts_of(g.viewer.client_id or 0)
    found = {one.entry: Shelf(None, one, numbers[one.kind][0]) for one in ACROSS if one.kind in numbers}
    return page("portal/questions.html", lists=[_waiting(found[one]) for one in OPEN if one in found], today=today())


@pages.get("/<string:register>/")
def index(register: str) -> ResponseReturnValue:
    return list_page(_shelf(register))


@pages.get("/<string:register>/rows.csv")
def export(register: str) -> ResponseReturnValue:
    return list_file(_shelf(register))
