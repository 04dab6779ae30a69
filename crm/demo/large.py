"""A large practice, as it would stand after ten years: to measure with, and to see lists that are long."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.accounts.models import Account, Standing
from crm.areas.strategy.models import Objective
from crm.clients.models import Client, Contact, Department, DepartmentKind
from crm.core.calendar import DAY, month_after, month_of
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, Role, viewing_as
from crm.demo import rows
from crm.demo.book import Almanac, book
from crm.demo.bulk import Bulk
from crm.demo.large_made import REGION, THEIRS, Made, Size
from crm.demo.large_service import engagement_of, terms_of_service
from crm.demo.large_time import month_of_time, months
from crm.evidence.keeping import touch
from crm.people.models import CostRate, Leave, LeaveStatus, Period, PeriodState, Person, PersonKind, WorkingPattern
from crm.practice.models import Numbering, Practice
from crm.search import lines

STEP = (
    DepartmentKind.EXECUTIVE,
    DepartmentKind.FINANCE,
    DepartmentKind.OPERATIONS,
    DepartmentKind.SALES,
    DepartmentKind.IT,
)


def load(size: Size, seed: int, password: str, tick: Callable[[int], None]) -> None:
    """All of it or nothing, in one transaction; `tick` hears how many rows were written. `password` is hashed already."""
    zone = book("practice")["practice"]["zone"]
    with viewing_as(SYSTEM, via="command", zone=zone), transaction():
        almanac = Almanac(today(), ZoneInfo(zone), seed)
        made = Made(size, almanac, almanac.dice("large"), Bulk(tick))
        _open_office(made)
        for client in range(size.clients):
            _client(made, client)
        made.bulk.flush()
        for number, (client_id, first, last) in enumerate(terms_of_service(made), 1):
            engagement_of(made, number, client_id, first, last)
            if number % 10 == 0:
                made.bulk.flush()
        made.bulk.flush()
        _registers(made)
        for month in months(made):
            month_of_time(made, month)
            made.bulk.flush()
        made.bulk.count_on()
        _keys(made, password)
        _numbers(made)
        lines.rebuild()
        touch(None)


def _open_office(made: Made) -> None:
    said = {name: value for name, value in book("practice")["practice"].items() if name not in {"overage_rate", "name"}}
    db.session.add(Practice(id=1, is_demo=True, name="Highmoor CIO Partners", **said))
    db.session.flush()
    names = [f"{first} {last}" for last in book("large")["last"] for first in book("large")["first"]]
    made.chance.shuffle(names)
    partners = max(2, made.size.people // 10)
    for n in range(made.size.people):
        kind = PersonKind.PARTNER if n < partners else PersonKind.CONSULTANT
        made.people.append(_person(made, names[n], kind))
        made.away.append(_leave(made, made.people[-1], n))
    _person(made, "Sam Pell", PersonKind.ADMIN)
    month = made.first_day
    while month < month_of(made.today):
        locked = made.almanac.at(min(month_after(month) + 3 * DAY, made.today), 0)
        made.bulk.add(Period, month=month, state=PeriodState.LOCKED, locked_at=locked)
        month = month_after(month)
    made.bulk.flush()


def _person(made: Made, name: str, kind: PersonKind) -> int:
    email = f"{name.lower().replace(' ', '.')}@highmoor.example"
    person = made.bulk.add(Person, name=name, email=email, kind=kind, base=made.pick("town"), modes="virtual,part_time")
    if kind is not PersonKind.ADMIN:
        partner = kind is PersonKind.PARTNER
        made.bulk.add(
            WorkingPattern, person_id=person, begins=made.first_day, region=REGION, delivery_share=40 if partner else 80,
            utilisation_target=40 if partner else 70, fri=0 if made.chance.random() < 0.15 else 100,
        )  # fmt: skip
        made.bulk.add(CostRate, person_id=person, begins=made.first_day, per_day=made.chance.randint(32, 62) * 1_000)
    return person


def _leave(made: Made, person: int, n: int) -> set[date]:
    """A week in spring, two in summer, one in winter, each year and the next; colleagues stagger theirs."""
    away = set()
    for year in range(made.first_day.year, made.today.year + 2):
        for month, days in ((4, 5), (7 + n % 2, 12), (12, 5)):
            first = date(year, month, 1 + 3 * (n % 5))
            made.bulk.add(Leave, person_id=person, begins=first, ends=first + days * DAY, status=LeaveStatus.APPROVED)
            away |= {first + day * DAY for day in range(days + 1)}
    return away


def _client(made: Made, n: int) -> None:
    parts, chance = book("large"), made.chance
    place = f"{parts['place'][n % 50]}{parts['ending'][n // 50 % 15]}"
    (trade, sector), kind = parts["trade"][n % 10], parts["kind"][n // 7 % 4]
    code = "".join(chr(65 + n // 26**power % 26) for power in (2, 1, 0))
    client = made.bulk.add(
        Client, code=f"{place[0]}{code}".upper(), name=f"{place} {trade} {kind}", sector=sector, town=made.pick("town"),
        headcount=chance.randint(25, 300), revenue=chance.randint(2, 60) * 100_000_000, has_cto=n % 9 == 0,
        mission=f"Good {sector} for everybody in {made.pick('town')}", confidential=n % 25 == 0,
    )  # fmt: skip
    made.contacts[client] = []
    domain = f"{place.lower()}{n}.example"
    for step, department in enumerate(STEP):
        under = made.bulk.add(
            Department,
            client_id=client,
            kind=department,
            name=department.value.capitalize(),
            people=chance.randint(2, 60),
        )
        name = f"{made.pick('first')} {made.pick('last')}"
        made.contacts[client].append(
            made.bulk.add(
                Contact, client_id=client, name=name, role=f"Head of {department.value}", department_id=under, is_head=True,
                email=f"{name.lower().replace(' ', '.')}.{step}@{domain}", decides=step == 0,
            )
        )  # fmt: skip
    made.bulk.add(
        Objective, client_id=client, area=Area.STR, title=made.pick("goals"), mission_link="The mission", measure="days",
        target=Decimal(2), current=Decimal(3), due=made.today + 120 * DAY, owner_contact_id=made.contacts[client][2],
        made_at=made.almanac.at(made.first_day, 10), changed_at=made.almanac.at(made.first_day, 10), **THEIRS,
    )  # fmt: skip


def _registers(made: Made) -> None:
    """A believable number of rows for every client, and as many as anybody will ever have for the one that is shown."""
    shown = _shown_client(made)
    for client, contacts in made.contacts.items():
        number = made.size.of_one if client == shown else made.size.of_each
        rows.write(made.bulk, made.almanac, made.chance, client, contacts=contacts, number=number)
        if client % 20 == 0 or client == shown:
            made.bulk.flush()
    made.bulk.flush()


def _keys(made: Made, password: str) -> None:
    """Accounts for all of ours and for sponsor and viewer of every client; those that are shown come first."""
    people = list(db.session.execute(select(Person.id, Person.email, Person.name, Person.kind).order_by(Person.id)))
    wanted = [one for pair in made.contacts.values() for one in pair[:2]]
    contacts = list(
        db.session.execute(select(Contact.id, Contact.email, Contact.name, Contact.client_id, Contact.decides))
    )
    theirs = {one.id: one for one in contacts}
    shown_people, shown_contacts = _shown(made)
    first = [one.id for one in people if one.kind is PersonKind.ADMIN]
    everybody = [
        *((one, None) for one in shown_people), *((None, one) for one in shown_contacts), *((one, None) for one in first),
        *((one.id, None) for one in people if one.id not in {*shown_people, *first}),
        *((None, one) for one in wanted if one not in shown_contacts),
    ]  # fmt: skip
    ours = {one.id: one for one in people}
    made_at = made.almanac.at(made.today - 60 * DAY, 9)
    for person, contact in everybody:
        row = ours[person] if person else theirs[contact or 0]
        account = Account(email=row.email, name=row.name, password=password, created_at=made_at)
        if person:
            account.standings = [Standing(role=Role(row.kind.value), person_id=person)]
        else:
            role = Role.SPONSOR if row.decides else Role.VIEWER
            account.standings = [Standing(role=role, contact_id=contact, client_id=row.client_id)]
        db.session.add(account)
        if len(db.session.new) > 20:
            db.session.flush()
    db.session.flush()


def _shown_client(made: Made) -> int:
    """Whose rows are opened with the two who are shown: their contacts come first."""
    sponsor = _shown(made)[1][0]
    return next(client for client, contacts in made.contacts.items() if sponsor in contacts)


def _shown(made: Made) -> tuple[list[int], list[int]]:
    """A partner, a consultant who leads two that run, one who shares none with them; a client's two and another's sponsor."""
    partners = max(2, made.size.people // 10)
    live = {
        person: {one.engagement_id for one in places if one.last >= made.today}
        for person, places in made.places.items()
    }
    leading = max(made.people[partners:], key=lambda one: len(live.get(one, ())))
    other = next(one for one in made.people[partners:] if live.get(one) and not live[one] & live[leading])
    client = next(one.client_id for one in made.places[leading] if one.last >= made.today)
    another = next(one.client_id for one in made.places[other] if one.last >= made.today and one.client_id != client)
    return [made.people[0], leading, other], [*made.contacts[client][:2], made.contacts[another][0]]


def _numbers(made: Made) -> None:
    for kind, last in (("engagement", made.size.engagements), ("deliverable", made.numbered)):
        numbering = db.session.get(Numbering, kind)
        if numbering:
            numbering.last = last
    db.session.flush()
