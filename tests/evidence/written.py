"""Rows as the book's examples write them: T-40 is a day, a name is whoever it names, and what is not said is not known."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import BigInteger, Boolean, Date, Enum, Integer, inspect

from crm.areas import catalogue
from crm.areas.data.forecast import Reading
from crm.core.calendar import month_after, month_of
from crm.core.clock import now
from crm.core.columns import HundredthsType
from crm.registers.models import DepartmentsType

BOOK = tomllib.loads((Path(__file__).parent / "vectors.toml").read_text())
ENTRIES = {register.entry.__name__: (area, register.entry) for area, register in catalogue.registers()}
OTHER_NAMES = {"kind": "type", "source": "origin", "process": "title", "archived": "archived_at"}


def day(text, today):
    """T-40 and T+25"""
    return today + timedelta(days=int(text[1:]))


def put(stage, client_id, rows, today, *, contact=1, person=2):
    """The rows of an example into the registers of a client; objectives first, for others name them."""
    goals, put_down = [], []
    for name in sorted(rows, key=lambda one: one != "Objective"):
        area, entry = ENTRIES[name]
        for said in rows[name]:
            row = entry(**columns(entry, area, said, today, client_id, goals, contact, person))
            stage.add(row)
            stage.flush()
            put_down.append(row)
            if name == "Objective":
                goals.append(row.id)
    stage.commit()
    return put_down


def columns(entry, area, said, today, client_id, goals=(), contact=1, person=2):
    kept = inspect(entry).columns
    made = {"client_id": client_id, "area": area.code, "made_at": now() - timedelta(days=30), "changed_at": now()}
    for said_name, value in said.items():
        known = OTHER_NAMES.get(said_name, said_name)
        name = known if known in kept else said_name
        if name == "owner":
            made["owner_name"] = value
        elif name == "readings":
            figures = value.split(",")
            last = month_of(day(said["latest_on"], today))
            made[name] = [
                Reading(month_after(last, n - len(figures)), Decimal(one)) for n, one in enumerate(figures, 1)
            ]
        elif name == "objective":
            made["objective_id"] = goals[int(value[-1]) - 1]
        elif name == "archived_at":
            made[name] = now()
        elif name in kept:
            made[name] = _typed(kept[name].type, value, today)
        else:
            made[f"{name}_id"] = person if name == "mentor" else contact
    return _asked_for(entry) | made


def _typed(kind, value, today):
    if isinstance(kind, Date):
        return day(value, today)
    return Decimal(str(value)) if isinstance(kind, HundredthsType) else value


def _asked_for(entry):
    """What a row cannot be without, where the example does not care."""
    mapper = inspect(entry)
    found = {}
    for name, column in mapper.columns.items():
        if column.nullable or column.default is not None or column.primary_key or column.info.get("derived"):
            continue
        kind = column.type
        if isinstance(kind, DepartmentsType):
            found[name] = []
        elif isinstance(kind, Enum):
            found[name] = kind.enums[0]
        elif isinstance(kind, Boolean):
            found[name] = False
        elif isinstance(kind, HundredthsType | BigInteger | Integer):
            found[name] = 1
        elif isinstance(kind, Date):
            found[name] = now().date()
        else:
            found[name] = "x"
    return {
        name: value
        for name, value in found.items()
        if name not in {"client_id", "area", "kind", "made_at", "changed_at"}
    }
