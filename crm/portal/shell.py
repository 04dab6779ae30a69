"""What stands around every page of the portal: the company that is looked at, and the others of the same account."""

from dataclasses import dataclass
from typing import Any

from flask import g, render_template

from crm.clients.models import Client
from crm.core.db import db
from crm.core.viewer import Audience, Role
from crm.core.web import is_part
from crm.figures import own_companies


@dataclass(frozen=True)
class Hat:
    """Another company, or our own practice, that the same account stands for."""

    standing_id: int
    name: str
    is_worn: bool


def hats() -> list[Hat]:
    """All that this account may look through. Asked only of those who have more than one."""
    standings = g.signed.standings
    if len(standings) < 2:
        return []
    names = own_companies()
    worn = g.signed.standing.id
    return [Hat(one.id, names.get(one.client_id, g.practice.name), one.id == worn) for one in standings]


def reads_lists() -> bool:
    """Whether this reader reads the shared rows of registers: a viewer does when the sponsor allows it. A statement that
    could bring none is not asked; sight.py decides, not this."""
    return g.viewer.role is Role.SPONSOR or company().viewers_see_registers


def company() -> Client:
    """The company that is looked at, read once a page."""
    if "company" not in g:
        g.company = db.session.get_one(Client, g.viewer.client_id)
    found: Client = g.company
    return found


def around() -> dict[str, Any]:
    """What every page on the client's side is drawn with."""
    return {"company": company(), "hats": hats(), "decides": g.viewer.role is Role.SPONSOR}


def surroundings() -> dict[str, Any]:
    """For pages that both sides have: what the portal's frame shows; the desk's needs nothing."""
    return around() if g.viewer.audience is Audience.CLIENT else {}


def page(template: str, part: str = "", /, **shown: Any) -> str:
    """A page of the portal, or its part alone when htmx asks for one."""
    if part and is_part():
        return render_template(part, **shown)
    return render_template(template, **around(), **shown)
