"""The usual rows that a client may start with, by area: starter.toml beside the area, in the words of its forms.

They are read by the register's own form, as rows that somebody types, and wait to be confirmed: nobody has looked yet.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import select

from crm.areas.catalogue import registers_of
from crm.areas.offers import offer_to
from crm.clients.models import Client
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.tables import plain
from crm.core.viewer import Viewer
from crm.registers.cells import Reader
from crm.registers.models import RegisterEntry
from crm.registers.register import Area, Register


@cache
def _kept(slug: str) -> Mapping[str, Sequence[Mapping[str, str]]]:
    file = Path(__file__).parent / slug / "starter.toml"
    return tomllib.loads(file.read_text()) if file.exists() else {}


def usual(area: Area, register: Register) -> Sequence[Mapping[str, str]]:
    """The answers of each usual row of a register, by the names of its form's fields."""
    year = str(today().year)
    return [
        {name: text.replace("{year}", year) for name, text in row.items()}
        for row in _kept(area.slug).get(register.slug, ())
    ]


def registers_with_usual(area: Area) -> list[Register]:
    return [one for one in registers_of(area) if one.slug in _kept(area.slug)]


def usual_entries(client: Client, area: Area, register: Register, viewer: Viewer) -> Iterator[RegisterEntry]:
    """The usual rows that are not there yet. What was archived is not brought back."""
    form, moment = register.form(formdata=None, meta={"csrf": False}), now()
    offer = offer_to(form, client)
    offer.fill(form)
    name = next(iter(register.columns.values()))
    there = select(getattr(register.entry, name)).where(
        register.entry.client_id == client.id, register.entry.area == area.code
    )
    known = {plain(one) for one in db.session.scalars(there)}
    rows = usual(area, register)
    reader = Reader(form, offer, rows)
    for row in rows:
        if plain(row[name]) in known:
            continue
        answers = reader.read(row)
        if answers.problems:
            raise ValueError(f"{area.slug}/starter.toml, {register.slug}: {answers.problems}")
        entry = register.entry(
            client_id=client.id, area=area.code, to_be_confirmed=True, made_at=moment, made_by_id=viewer.person_id,
            changed_at=moment, changed_by_id=viewer.person_id,
        )  # fmt: skip
        form.write(entry)
        yield entry
