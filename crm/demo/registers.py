"""The rows of the registers of the engagements in depth: typed as the book has them, by whoever leads."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, inspect, select

from crm.areas import catalogue
from crm.areas.across.models import Action
from crm.areas.data.forecast import Reading
from crm.areas.stakeholders.models import Stakeholder
from crm.areas.strategy.models import Objective
from crm.areas.talent.models import SkillRecord
from crm.areas.vendors.models import VendorContract
from crm.core.calendar import month_after, month_of
from crm.core.columns import HundredthsType
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.demo.book import book
from crm.demo.office import PENCE
from crm.demo.scene import Scene
from crm.registers.models import RegisterEntry

OURS_ALONE = (SkillRecord, Stakeholder)  # what the client's people do not read of each other


def write_down(scene: Scene) -> None:
    """Every row of the book; those of an engagement are made on its first day."""
    for key, kinds in book("registers").items():
        engagement, lead = scene.engagements[key], scene.teams[key][0]
        made_at = scene.almanac.at(engagement.starts, 10)
        code = next(code for code, client in scene.clients.items() if client.id == engagement.client_id)
        for area, register in catalogue.registers():
            for said in kinds.get(register.entry.__name__, ()):
                visibility = Visibility.TEAM if register.entry in OURS_ALONE else Visibility.CLIENT
                own = {
                    "client_id": engagement.client_id, "area": area.code, "made_at": made_at, "changed_at": made_at,
                    "made_by_id": lead.person_id, "changed_by_id": lead.person_id, "visibility": visibility,
                }  # fmt: skip
                if register.across:
                    own |= {"engagement_id": engagement.id, "area": Area(said["area"])}
                    own |= {"visibility": Visibility(said.get("visibility", visibility))}
                row = register.entry(**own, **_columns(scene, code, register.entry, said))
                db.session.add(row)
                scene.tell(made_at, "register.add", row, scene.people[scene.keyed(lead.person_id)])
                if "actions" in said:
                    db.session.flush()
                for follows in said.get("actions", ()):
                    db.session.add(Action(**own, raid_item_id=row.id, **_columns(scene, code, Action, follows)))


def _columns(scene: Scene, code: str, entry: type[RegisterEntry], said: dict[str, Any]) -> dict[str, Any]:
    """Names become the people and goals that they name, T-40 becomes a day, and units become pence."""
    columns = inspect(entry).columns
    made: dict[str, Any] = {name: [] for name in ("departments", "shared_with", "also") if name in columns}
    if "fiscal_year" in columns:
        made["fiscal_year"] = year_of_the_books(scene.almanac.today)
    for name, value in said.items():
        if name in {"area", "visibility", "actions"}:
            continue
        if name == "owner":
            made |= owner_of(scene, code, value)
        elif name == "objective":
            made["objective_id"] = _goal(scene.clients[code].id, value)
        elif name == "contract":
            made["contract_id"] = _contract(scene.clients[code].id, value)
        elif name == "readings":
            made[name] = _readings(scene.almanac.day(said["latest_on"]), value)
        elif name in columns:
            made[name] = _typed(scene, columns[name].type, value)
        else:  # a contact of the client, by name
            made[f"{name}_id"] = scene.contacts[code, value].id
    return made


def _goal(client_id: int, title: str) -> int:
    return db.session.scalars(
        select(Objective.id).where(Objective.client_id == client_id, Objective.title == title)
    ).one()


def _contract(client_id: int, vendor: str) -> int:
    return db.session.scalars(
        select(VendorContract.id).where(VendorContract.client_id == client_id, VendorContract.vendor == vendor)
    ).one()


def _typed(scene: Scene, kind: Any, value: Any) -> Any:
    if isinstance(kind, Date):
        return scene.almanac.day(value)
    if isinstance(kind, HundredthsType):
        return Decimal(str(value))
    return value * PENCE if isinstance(kind, BigInteger) else value


def owner_of(scene: Scene, code: str, owner: str) -> dict[str, Any]:
    """A contact, one of us, or a plain name such as a supplier's."""
    if contact := scene.contacts.get((code, owner)):
        return {"owner_contact_id": contact.id}
    person = scene.people.get(owner)
    return {"owner_person_id": person.id} if person else {"owner_name": owner}


def _readings(latest: date, values: list[float]) -> list[Reading]:
    """One a month, the last of them in the month of `latest`."""
    last = month_of(latest)
    return [Reading(month_after(last, n - len(values)), Decimal(str(value))) for n, value in enumerate(values, 1)]


def year_of_the_books(today: date) -> str:
    first = today.year if today.month >= 4 else today.year - 1
    return f"{first}/{(first + 1) % 100:02}"
