"""The rows of the registers of the engagements in depth: typed as the book has them, by whoever leads."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, inspect, select

from crm.areas import catalogue
from crm.areas.data.models import Reading, Signal
from crm.areas.stakeholders.models import Stakeholder
from crm.areas.strategy.models import Objective
from crm.areas.talent.models import SkillRecord
from crm.core.calendar import month_after, month_of
from crm.core.columns import HundredthsType
from crm.core.db import db
from crm.core.ownership import Visibility
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
                row = register.entry(
                    client_id=engagement.client_id, area=area.code, made_at=made_at, changed_at=made_at,
                    made_by_id=lead.person_id, changed_by_id=lead.person_id,
                    visibility=Visibility.TEAM if register.entry in OURS_ALONE else Visibility.CLIENT,
                )  # fmt: skip
                _fill(scene, code, row, dict(said))
                db.session.add(row)


def _fill(scene: Scene, code: str, row: RegisterEntry, said: dict[str, Any]) -> None:
    """Names become the people and goals that they name, T-40 becomes a day, and units become pence."""
    columns = inspect(type(row)).columns
    if "fiscal_year" in columns:
        said["fiscal_year"] = _year_of_the_books(scene.almanac.today)
    if "departments" in columns:
        said.setdefault("departments", [])
    if "shared_with" in columns:
        said.setdefault("shared_with", [])
    if isinstance(row, Signal):
        row.readings = _readings(scene.almanac.day(said["latest_on"]), said.pop("readings"))
    if owner := said.pop("owner", None):
        _give(scene, code, row, owner)
    for name, value in said.items():
        if name == "objective":
            row.objective_id = db.session.scalars(  # type: ignore[attr-defined]
                select(Objective.id).where(Objective.client_id == row.client_id, Objective.title == value)
            ).one()
        elif name not in columns:  # a contact of the client, by name
            setattr(row, f"{name}_id", scene.contacts[code, value].id)
        else:
            setattr(row, name, _typed(scene, columns[name].type, value))


def _typed(scene: Scene, kind: Any, value: Any) -> Any:
    if isinstance(kind, Date):
        return scene.almanac.day(value)
    if isinstance(kind, HundredthsType):
        return Decimal(str(value))
    return value * PENCE if isinstance(kind, BigInteger) else value


def _give(scene: Scene, code: str, row: Any, owner: str) -> None:
    """To a contact, to one of us, or to a plain name such as a supplier's."""
    contact, person = scene.contacts.get((code, owner)), scene.people.get(owner)
    row.owner_contact_id, row.owner_person_id = contact and contact.id, person and person.id
    row.owner_name = "" if contact or person else owner


def _readings(latest: date, values: list[float]) -> list[Reading]:
    """One a month, the last of them in the month of `latest`."""
    last = month_of(latest)
    return [Reading(month_after(last, n - len(values)), Decimal(str(value))) for n, value in enumerate(values, 1)]


def _year_of_the_books(today: date) -> str:
    first = today.year if today.month >= 4 else today.year - 1
    return f"{first}/{(first + 1) % 100:02}"
