"""What the names of another tool may mean here, as far as this viewer may say so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select

from crm.clients.models import Client
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.core.twelve import OF, TWELVE, Area
from crm.core.viewer import Role, Viewer
from crm.engagements.models import Engagement
from crm.people.models import NOWHERE, Person, PersonKind
from crm.timelog.imports.models import ImportName, MappedKind, MappedName, Meaning
from crm.timelog.models import FOR_NOBODY
from crm.timelog.queries import LOGGABLE

SKIP, PLACEHOLDER = "skip", "placeholder"
CODE = re.compile(r"ENG-([0-9]{1,6})", re.IGNORECASE)
OF_TASK = {word.casefold(): row.code for row in TWELVE for word in (row.code.value, row.slug, row.short, row.name)}
LEFT_OUT = {SKIP, "leave out", "left out"}
FOR_PRACTICE = {kind.value for kind in FOR_NOBODY}
ALLOWED = {
    MappedKind.PERSON: "Write the mail address of somebody of the practice, or skip; a partner may write placeholder",
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
    placing: bool = False  # whether somebody unknown may come as a placeholder
    known_as: Mapping[str, Somebody] = field(default_factory=dict)  # by name and address of who stands for them

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
        if self.placing and said.casefold() == PLACEHOLDER:
            return Meaning(PLACEHOLDER)
        one = self.known_as.get(said.casefold()) or self.people.get(said.casefold())
        return Meaning(one.email, by_id=one.id) if one else None

    def _project(self, said: str) -> Meaning | None:
        if said.casefold() in FOR_PRACTICE:
            return Meaning(said.casefold(), time_kind=said.casefold())
        code = CODE.match(said)
        one = self.places.get(engagement_code(int(code[1]))) if code else None
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

    def is_its_placeholder(self, name: ImportName, target: str) -> bool:
        """Whether it means the placeholder of that very name: that is said by the word, not by an address nobody has."""
        one = self.people.get(target.casefold()) if self.placing and target.casefold().endswith(f"@{NOWHERE}") else None
        return one is not None and one.name == next(filter(None, name.parts), "Somebody")

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
        if mail not in self.people and not called and name in self.known_as:
            return self.known_as[name].email
        return mail if mail in self.people else called[0] if len(called) == 1 else ""

    def _guess_place(self, parts: Sequence[str], code: str, *, likely: bool) -> str:
        client, project = parts
        for text in (code, project):
            written = CODE.search(text)
            if written and engagement_code(int(written[1])) in self.places:
                return engagement_code(int(written[1]))
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
    people = select(Person.id, Person.name, Person.email, Person.stands_for_id).where(
        Person.kind.in_([PersonKind.CONSULTANT, PersonKind.PARTNER])
    )
    if viewer.role is not Role.PARTNER:
        people = people.where(or_(Person.id == viewer.person_id, Person.stands_for_id == viewer.person_id))
    places = (
        select(Engagement.id, Engagement.client_id, Engagement.number, Client.name, Engagement.title)
        .join(Client, Client.id == Engagement.client_id)
        .where(Engagement.state.in_(LOGGABLE))
        .order_by(Client.name, Engagement.number)
    )
    every = db.session.execute(people.order_by(Person.name)).all()
    found = [Somebody(id_, name, email) for id_, name, email, stands_for in every if stands_for is None]
    by_id = {one.id: one for one in found}
    tied = [(row, by_id[row.stands_for_id]) for row in every if row.stands_for_id in by_id]
    codes = [
        Somewhere(id_, client_id, engagement_code(number), client, title)
        for id_, client_id, number, client, title in db.session.execute(places)
    ]
    me = next((one for one in found if one.id == viewer.person_id), None)
    return Meanings(
        {one.email.casefold(): one for one in found},
        {one.code: one for one in codes},
        me if alone else None,
        viewer.role is Role.PARTNER,
        {text.casefold(): real for row, real in tied for text in (row.name, row.email)},
    )


def remembered(viewer: Viewer, names: Iterable[ImportName]) -> dict[tuple[MappedKind, str], MappedName]:
    """What this viewer said of these names before."""
    return _kept(names, MappedName.person_id == viewer.person_id)


def told(viewer: Viewer, names: Iterable[ImportName]) -> dict[tuple[MappedKind, str], str]:
    """What was said of these names before: by the viewer, else, to a partner, by another partner and last. A consultant
    says what names mean for their own time alone."""
    names = [*names]
    found = remembered(viewer, names)
    if viewer.role is Role.PARTNER:
        partners = select(Person.id).where(Person.kind == PersonKind.PARTNER)
        found = _kept(names, MappedName.person_id.in_(partners)) | found
    return {key: one.target for key, one in found.items()}


def _kept(names: Iterable[ImportName], whose: ColumnElement[bool]) -> dict[tuple[MappedKind, str], MappedName]:
    asked = {name.name for name in names}
    kept = select(MappedName).where(whose).order_by(MappedName.said_at, MappedName.id)
    return {(one.kind, one.name): one for one in db.session.scalars(kept) if one.name in asked}
