"""What the names of another tool may mean here, as far as this viewer may say so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from crm.clients.models import Client
from crm.core.db import db
from crm.core.twelve import OF, TWELVE, Area
from crm.core.viewer import Role, Viewer
from crm.engagements.models import Engagement
from crm.people.models import Person, PersonKind
from crm.timelog.imports.models import ImportName, MappedKind, MappedName, Meaning
from crm.timelog.models import FOR_NOBODY
from crm.timelog.queries import LOGGABLE

SKIP = "skip"
CODE = re.compile(r"ENG-([0-9]{1,6})", re.IGNORECASE)
OF_TASK = {word.casefold(): row.code for row in TWELVE for word in (row.code.value, row.slug, row.short, row.name)}
LEFT_OUT = {SKIP, "leave out", "left out"}
FOR_PRACTICE = {kind.value for kind in FOR_NOBODY}
ALLOWED = {
    MappedKind.PERSON: "Write the mail address of somebody of the practice, or skip",
    MappedKind.PROJECT: "Write the code of an engagement, like ENG-014, or internal, presales, training, travel or skip",
    MappedKind.TASK: "Write an area, like SEC or Security, or skip",
}


@dataclass(frozen=True)
class Somebody:
    id: int
    name: str
    email: str


@dataclass(frozen=True)
class Somewhere:
    """An engagement that time may be imported for."""

    id: int
    client_id: int
    code: str
    client: str
    title: str


@dataclass(frozen=True)
class Meanings:
    """Everything that a name may mean: people by mail address, engagements by code, areas, practice time, or nothing."""

    people: Mapping[str, Somebody]
    places: Mapping[str, Somewhere]
    me: Somebody | None = None  # whose time it is when a file names nobody

    def of(self, kind: MappedKind, text: str) -> Meaning:
        """What was written for a name of this kind. Raises ValueError in words for whoever wrote it."""
        said = " ".join(text.split())
        if said.casefold() in LEFT_OUT:
            return Meaning(SKIP, left_out=True)
        found = {MappedKind.PERSON: self._person, MappedKind.PROJECT: self._project, MappedKind.TASK: _task}[kind](said)
        if found is None:
            raise ValueError(ALLOWED[kind])
        return found

    def _person(self, said: str) -> Meaning | None:
        one = self.people.get(said.casefold())
        return Meaning(one.email, by_id=one.id) if one else None

    def _project(self, said: str) -> Meaning | None:
        if said.casefold() in FOR_PRACTICE:
            return Meaning(said.casefold(), time_kind=said.casefold())
        code = CODE.match(said)
        one = self.places.get(f"ENG-{int(code[1]):03}") if code else None
        return Meaning(one.code, engagement_id=one.id, client_id=one.client_id) if one else None

    def shown(self, name: ImportName) -> str:
        """What a name means, as people read it."""
        if name.left_out:
            return "left out"
        if name.area:
            return OF[name.area].short
        person = self.people.get(name.target.casefold())
        place = self.places.get(name.target)
        return person.name if person else f"{place.code} {place.client}, {place.title}" if place else name.target

    def guess(self, kind: MappedKind, name: str, code: str, *, likely: bool) -> str:
        """What a name means for certain, or in all likelihood where somebody looks at it before it counts."""
        parts = [part.casefold() for part in name.split("\t")]
        if kind is MappedKind.TASK:
            area = OF_TASK.get(parts[0])
            return area.value if area else ""
        if kind is MappedKind.PERSON:
            return self._guess_person(parts)
        return self._guess_place(parts, code, likely=likely)

    def _guess_person(self, parts: Sequence[str]) -> str:
        name, mail = parts
        if not name and not mail:
            return self.me.email if self.me else ""
        called = [one.email for one in self.people.values() if one.name.casefold() == name]
        return mail if mail in self.people else called[0] if len(called) == 1 else ""

    def _guess_place(self, parts: Sequence[str], code: str, *, likely: bool) -> str:
        client, project = parts
        for text in (code, project):
            written = CODE.search(text)
            if written and f"ENG-{int(written[1]):03}" in self.places:
                return f"ENG-{int(written[1]):03}"
        of_client = [one for one in self.places.values() if client and one.client.casefold() == client]
        called = [one.code for one in of_client if one.title.casefold() == project]
        if len(called) == 1:
            return called[0]
        if likely and len(of_client) == 1:
            return of_client[0].code
        return project if likely and not client and project in FOR_PRACTICE else ""


def _task(said: str) -> Meaning | None:
    area: Area | None = OF_TASK.get(said.casefold()) or OF_TASK.get(said.partition(" ")[0].casefold())
    return Meaning(area.value, area=area) if area else None


def meanings_of(viewer: Viewer, *, alone: bool = True) -> Meanings:
    """What this viewer may import: a consultant their own time, a partner anyone's. Two statements.

    `alone`: whether a file that names nobody is the viewer's own time.
    """
    people = select(Person.id, Person.name, Person.email).where(
        Person.kind.in_([PersonKind.CONSULTANT, PersonKind.PARTNER])
    )
    if viewer.role is not Role.PARTNER:
        people = people.where(Person.id == viewer.person_id)
    places = (
        select(Engagement.id, Engagement.client_id, Engagement.number, Client.name, Engagement.title)
        .join(Client, Client.id == Engagement.client_id)
        .where(Engagement.state.in_(LOGGABLE))
        .order_by(Client.name, Engagement.number)
    )
    found = [Somebody(*row) for row in db.session.execute(people.order_by(Person.name))]
    codes = [
        Somewhere(id_, client_id, f"ENG-{number:03}", client, title)
        for id_, client_id, number, client, title in db.session.execute(places)
    ]
    me = next((one for one in found if one.id == viewer.person_id), None)
    return Meanings(
        {one.email.casefold(): one for one in found}, {one.code: one for one in codes}, me if alone else None
    )


def remembered(viewer: Viewer, names: Iterable[ImportName]) -> dict[tuple[MappedKind, str], MappedName]:
    """What this viewer said of these names before."""
    asked = {name.name for name in names}
    kept = select(MappedName).where(MappedName.person_id == viewer.person_id)
    return {(one.kind, one.name): one for one in db.session.scalars(kept) if one.name in asked}
