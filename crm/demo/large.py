"""A large practice, as it would stand after ten years: to measure with, and to see lists that are long."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.accounts.models import Account, Standing
from crm.areas.strategy.models import Objective
from crm.audit.models import AuditEntry
from crm.clients.models import Activity, ActivityKind, Attendee, Client, Contact, Department, DepartmentKind, FollowUp
from crm.core.calendar import DAY, after_working_days, is_working_day, month_after, month_end, month_of
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.ownership import OpenTo, Visibility
from crm.core.twelve import OF, Area, Scope
from crm.core.viewer import SYSTEM, Role, viewing_as
from crm.deliverables.models import Contribution, Criterion, Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion
from crm.demo import rows
from crm.demo.book import Almanac, book
from crm.demo.bulk import Bulk
from crm.engagements.models import (
    AreaScope,
    Assignment,
    AssignmentRole,
    BoardRole,
    Engagement,
    EngagementModel,
    EngagementState,
    PriceKind,
    Rag,
    Sponsorship,
    Status,
    Terms,
    Trend,
    default_scope,
)
from crm.evidence.keeping import touch
from crm.people.models import CostRate, Leave, LeaveStatus, Period, PeriodState, Person, PersonKind, WorkingPattern
from crm.practice.models import Numbering, Practice
from crm.reviews.models import Review, ReviewState
from crm.search import lines
from crm.timelog.models import TimeEntry, TimeKind, TimeNote

REGION = "GB-ENG"
YEARS = 10
STEP = (
    DepartmentKind.EXECUTIVE,
    DepartmentKind.FINANCE,
    DepartmentKind.OPERATIONS,
    DepartmentKind.SALES,
    DepartmentKind.IT,
)
MINUTES = (30, 30, 45, 60, 60, 90, 90, 120, 180)
KINDS = (TimeKind.INTERNAL, TimeKind.TRAINING, TimeKind.PRESALES)
OURS = {"visibility": Visibility.TEAM}
THEIRS = {"visibility": Visibility.CLIENT}


Deed = tuple[str, State, State, datetime, int | None, int | None]  # verb, from, to, when, person, contact


@dataclass(frozen=True)
class Size:
    """How large: the figures of `make bench`, or a tenth of them."""

    clients: int
    people: int
    engagements: int
    deliverables: int
    entries: int
    of_one: int = 100  # rows in the registers of the client that is shown
    of_each: int = 30  # and of every other one

    @property
    def rows(self) -> int:
        """About how many rows that makes, for the progress bar."""
        return (
            self.entries + 11 * self.deliverables + 130 * self.engagements + self.of_one + self.of_each * self.clients
        )


LARGE = Size(
    clients=500, people=100, engagements=1_500, deliverables=60_000, entries=1_000_000, of_one=2_000, of_each=50
)
TENTH = Size(clients=50, people=10, engagements=150, deliverables=6_000, entries=100_000, of_one=2_000, of_each=50)


@dataclass(frozen=True)
class Place:
    """Somebody's place on one engagement, as far as logging needs it."""

    engagement_id: int
    client_id: int
    first: date
    last: date
    areas: list[Area]
    dues: list[date]  # of the engagement's deliverables, in order
    papers: list[int]


@dataclass(frozen=True)
class Service:
    """One engagement while its rows are made: whose it is, from when to when, and who serves and who answers."""

    on: dict[str, int]
    model: EngagementModel
    first: date
    last: date
    team: list[int]
    assignments: list[int]
    sponsor: int
    holder: int


@dataclass
class Made:
    """What has been made so far, by id."""

    size: Size
    almanac: Almanac
    chance: Random
    bulk: Bulk
    people: list[int] = field(default_factory=list)
    away: list[set[date]] = field(default_factory=list)  # beside people
    contacts: dict[int, list[int]] = field(default_factory=dict)  # of each client: its sponsor first, its viewer second
    places: dict[int, list[Place]] = field(default_factory=dict)  # of each person

    worked: dict[int, tuple[list[date], list[float]]] = field(default_factory=dict)  # by place among the people
    numbered: int = 0

    @property
    def today(self) -> date:
        return self.almanac.today

    @property
    def first_day(self) -> date:
        return month_after(month_of(self.today), -12 * YEARS)

    def next_number(self) -> int:
        self.numbered += 1
        return self.numbered

    def pick(self, name: str) -> Any:
        return self.chance.choice(book("large")[name])


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
        for number, (client_id, first, last) in enumerate(_terms_of_service(made), 1):
            _engagement(made, number, client_id, first, last)
            if number % 10 == 0:
                made.bulk.flush()
        made.bulk.flush()
        _registers(made)
        for month in _months(made):
            _month_of_time(made, month)
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


def _terms_of_service(made: Made) -> list[tuple[int, date, date]]:
    """Three engagements a client, one after the other; for three clients of five the last one runs today. By their start."""
    found = []
    each = made.size.engagements // made.size.clients
    for client in made.contacts:
        runs = client % 5 < 3
        last = (
            made.today + made.chance.randint(35, 330) * DAY if runs else made.today - made.chance.randint(40, 700) * DAY
        )
        for _ in range(each):
            first = max(made.first_day, last - made.chance.randint(540, 1_050) * DAY)
            first = first if first < last else last - 30 * DAY
            found.append((client, first, last))
            last = first - made.chance.randint(20, 90) * DAY
    return sorted(found, key=lambda one: one[1:])


def _engagement(made: Made, number: int, client: int, first: date, last: date) -> None:
    chance, bulk = made.chance, made.bulk
    live = last >= made.today
    model = EngagementModel.VIRTUAL if number % 3 else EngagementModel.PART_TIME
    days = Decimal(chance.choice((2, 3, 4, 5)))
    engagement = bulk.add(
        Engagement, number=number, client_id=client, title="Virtual CIO" if number % 3 else "Part-time CIO", model=model,
        board_role=BoardRole.REPORTS_TO_BOARD, state=EngagementState.ACTIVE if live else EngagementState.CLOSED, starts=first,
        ends=last, signed_on=first - 14 * DAY, days_a_month=days,
    )  # fmt: skip
    on = {"client_id": client, "engagement_id": engagement}
    bulk.add(
        Terms,
        price_kind=PriceKind.RETAINER,
        monthly_fee=int(days * 105_000),
        overage_rate=110_000,
        rollover_cap=days / 2,
        **on,
    )
    bulk.add(Sponsorship, contact_id=made.contacts[client][0], **on)
    team = [made.people[(client + step) % len(made.people)] for step in (0, 1 + client % 7)]
    assignments = []
    for person, share, role in zip(
        team, (Decimal("0.7"), Decimal("0.3")), (AssignmentRole.LEAD, AssignmentRole.SPECIALIST), strict=True
    ):
        status = Status.CONFIRMED if live else Status.ENDED
        assignments.append(
            bulk.add(
                Assignment,
                person_id=person,
                role=role,
                mode=model,
                status=status,
                begins=first,
                ends=last,
                days_a_month=days * share,
                **on,
            )
        )
    areas = [area for area in OF if default_scope(model, area) is not Scope.OUT]
    service = Service(on, model, first, last, team, assignments, made.contacts[client][0], made.contacts[client][2])
    _verdicts(made, service)
    papers = _papers(made, service)
    for person in team:
        place = Place(
            engagement, client, first, last, areas, [due for due, _ in papers], [paper for _, paper in papers]
        )
        made.places.setdefault(person, []).append(place)
    _talk(made, service)


def _verdicts(made: Made, service: Service) -> None:
    """Three reviews of each area, the latest of which speaks for it."""
    chance, on, lead, first = made.chance, service.on, service.team[0], service.first
    until = min(service.last, made.today - DAY)
    for area, row in OF.items():
        said = book("words")["areas"][area]
        scope = default_scope(service.model, area)
        for step in range(3):
            day = until - (100 * (2 - step) + chance.randint(0, 25)) * DAY
            if day < first and step < 2:
                continue
            day, rag = max(day, first), chance.choices((Rag.RED, Rag.AMBER, Rag.GREEN), (1, 3, 5))[0]
            at, level = made.almanac.at(day, 15), Decimal(chance.randint(2, 8)) / 2
            asked = (
                {"ask": "Decide between two offers", "ask_of": "The sponsor", "ask_by": day + 21 * DAY}
                if rag is Rag.RED
                else {}
            )
            made.bulk.add(
                Review, area=area, state=ReviewState.PUBLISHED if step == 2 else ReviewState.SUPERSEDED, rag=rag, trend=Trend.STEADY,
                maturity=level, sentence=said[rag], published_at=at, published_on=day, author_id=lead,
                **{"ask": "", "ask_of": "", "ask_by": None, **asked}, **THEIRS, **on,
            )  # fmt: skip
        held = {"holder_person_id": lead} if scope is Scope.LEAD else {"holder_contact_id": service.holder}
        made.bulk.add(
            AreaScope, area=area, number=row.number, scope=scope, target=min(Decimal(5), level + 1), confirmed=rag, trend=Trend.STEADY,
            maturity=level, sentence=said[rag], reviewed_on=day, review_due=day + (31 if scope is Scope.LEAD else 92) * DAY,
            **{"holder_person_id": None, "holder_contact_id": None, **held},
            ask=asked.get("ask", ""), ask_by=asked.get("ask_by"), **on,
        )  # fmt: skip


def _papers(made: Made, service: Service) -> list[tuple[date, int]]:
    """Spread evenly over the engagement: what is past was accepted, but for a few; what is ahead is planned."""
    each = made.size.deliverables // made.size.engagements
    types = list(book("words")["types"])
    found = []
    for n in range(each):
        due = service.first + (service.last - service.first) * (n + 1) / each
        code, who = made.chance.choice(types), made.chance.choice((0, 0, 0, 1))
        found.append((due, _paper(made, service, (code, _state(made, due), due), who)))
        if n % 6 == 0:
            made.bulk.add(
                Contribution,
                deliverable_id=found[-1][1],
                assignment_id=service.assignments[1 - who],
                share=30,
                **service.on,
            )
    return found


def _state(made: Made, due: date) -> State:
    away = (due - made.today).days
    if away > 30:
        return State.PLANNED
    if away > 0:
        return made.chance.choice((State.PLANNED, State.IN_PROGRESS, State.IN_PROGRESS, State.SUBMITTED))
    if away > -20:
        return made.chance.choice(
            (State.ACCEPTED, State.ACCEPTED, State.SUBMITTED, State.IN_PROGRESS, State.CHANGES_REQUESTED)
        )
    return State.ACCEPTED if made.chance.random() < 0.97 else State.CANCELLED


def _paper(made: Made, service: Service, paper: tuple[str, State, date], who: int) -> int:
    (code, state, due), on, sponsor = paper, service.on, service.sponsor
    person, assignment = service.team[who], service.assignments[who]
    chance, bulk, what = made.chance, made.bulk, book("words")["types"][code]
    sent = state in {State.SUBMITTED, State.ACCEPTED, State.CHANGES_REQUESTED}
    submitted = (
        min(due, made.today)
        - (chance.randint(1, 6) if chance.random() < 0.85 else -min(6, max(0, (made.today - due).days))) * DAY
    )
    submitted = min(submitted, made.today - DAY)
    decided = min(submitted + chance.randint(1, 8) * DAY, made.today - DAY)
    number = bulk.add(
        Deliverable, number=made.next_number(), title=what["name"], type=code, area=Area(code[:3]), purpose=what["what"], state=state,
        assignment_id=assignment, estimate=Decimal(str(what["days"])), baseline_due=due, due=due,
        accepted_on=decided if state is State.ACCEPTED else None, **(THEIRS if sent else OURS), **on,
    )  # fmt: skip
    texts = chance.sample(book("words")["criteria"]["all"], 2)
    for position, text in enumerate(texts, 1):
        bulk.add(Criterion, deliverable_id=number, position=position, text=text, **on)
    at, answered = made.almanac.at(submitted, 11), made.almanac.at(decided, 16)
    if state not in {State.PLANNED, State.CANCELLED}:
        words = book("words")["areas"][code[:3]]
        body = "\n\n".join(
            (f"{what['name']}. {words['looked']}", " ".join(words["findings"]), " ".join(words["recommend"]))
        )
        given = state in {State.ACCEPTED, State.CHANGES_REQUESTED}
        version = bulk.add(
            DeliverableVersion, deliverable_id=number, number=1, state=state, title=what["name"], text=body,
            submitted_by_id=person if sent else None, submitted_at=at if sent else None, asked_id=sponsor if sent else None,
            answer_by=after_working_days(submitted, 10, REGION) if sent else None, decided_by_id=sponsor if given else None,
            decided_at=answered if given else None, digest="0" * 64 if sent else "", **(THEIRS if sent else OURS), **on,
        )  # fmt: skip
        for position, text in enumerate(texts if sent else (), 1):
            bulk.add(FrozenCriterion, version_id=version, position=position, text=text, **THEIRS, **on)
    _trail(
        made,
        on,
        number,
        [("deliverable.plan", State.PROPOSED, State.PLANNED, made.almanac.at(submitted - 40 * DAY, 10), person, None)],
    )
    if sent:
        deeds: list[Deed] = [("deliverable.submit", State.READY, State.SUBMITTED, at, person, None)]
        if state is State.ACCEPTED:
            deeds.append(("deliverable.accept", State.SUBMITTED, State.ACCEPTED, answered, None, sponsor))
        _trail(made, on, number, deeds)
    return number


def _trail(made: Made, on: dict[str, int], number: int, deeds: list[Deed]) -> None:
    for verb, before, after, at, person, contact in deeds:
        made.bulk.add(
            AuditEntry, at=at, audience="practice" if person else "client", verb=verb, subject_kind="deliverable", subject_id=number,
            code=f"DEL-{number:03}", from_state=before.value, to_state=after.value, via="web", request_id="", person_id=person,
            contact_id=contact, open_to=OpenTo.TEAM if verb == "deliverable.plan" else OpenTo.CLIENT, **on,
        )  # fmt: skip


def _talk(made: Made, service: Service) -> None:
    on, lead, sponsor, last = service.on, service.team[0], service.sponsor, service.last
    said, day = book("words")["activities"]["client"], min(last, made.today - DAY)
    for n in range(20):
        if day < service.first:
            break
        kind, title, body = made.chance.choice(said)
        words = {"head": "the sponsor", "town": "town"}
        shown = THEIRS if n % 4 else OURS
        activity = made.bulk.add(
            Activity, kind=ActivityKind(kind), happened_on=day, title=title.format(**words), body=body.format(**words),
            person_id=lead, written_at=made.almanac.at(day, 18), **shown, **on,
        )  # fmt: skip
        made.bulk.add(Attendee, client_id=on["client_id"], activity_id=activity, contact_id=sponsor, **shown)
        day -= made.chance.randint(12, 40) * DAY
    if last >= made.today:
        for n in (-2, 0, 9):
            due = made.today + n * DAY
            made.bulk.add(
                FollowUp,
                client_id=on["client_id"],
                person_id=lead,
                title="Ring about the open question",
                due=due,
                done_at=None,
            )


def _registers(made: Made) -> None:
    """A believable number of rows for every client, and as many as anybody will ever have for the one that is shown."""
    shown = _shown_client(made)
    for client, contacts in made.contacts.items():
        number = made.size.of_one if client == shown else made.size.of_each
        rows.write(made.bulk, made.almanac, made.chance, client, contacts=contacts, number=number)
        if client % 20 == 0 or client == shown:
            made.bulk.flush()
    made.bulk.flush()


def _months(made: Made) -> Iterator[date]:
    month = made.first_day
    while month <= made.today:
        yield month
        month = month_after(month)


def _month_of_time(made: Made, month: date) -> None:
    """Each person's share of the entries, spread evenly over the days they worked; those of one month at a time."""
    for n, person in enumerate(made.people):
        days, already = _worked(made, n)
        quota = made.size.entries * (n + 1) // len(made.people) - made.size.entries * n // len(made.people)
        places = [one for one in made.places.get(person, ()) if one.first <= month_end(month) and one.last >= month]
        first, last = bisect_right(days, month - DAY), bisect_right(days, month_end(month))
        for at in range(first, last):
            until = min(quota, round(already[at] * quota))
            since = round(already[at - 1] * quota) if at else 0
            _day_of_time(made, person, days[at], until - since, places)


def _worked(made: Made, n: int) -> tuple[list[date], list[float]]:
    """The days that somebody worked, and what share of all of them has passed with each."""
    if n not in made.worked:
        every = (made.first_day + step * DAY for step in range((made.today - made.first_day).days))
        days = [day for day in every if is_working_day(day, REGION) and day not in made.away[n]]
        made.worked[n] = days, [total / len(days) for total in accumulate([1] * len(days))]
    return made.worked[n]


def _day_of_time(made: Made, person: int, day: date, number: int, places: list[Place]) -> None:
    chance, bulk = made.chance, made.bulk
    running = [one for one in places if one.first <= day <= one.last]
    at = made.almanac.at(day, 17, 30)
    notes = book("words")["notes"]
    for _ in range(number):
        row = {"person_id": person, "worked_on": day, "minutes": chance.choice(MINUTES), "logged_at": at}
        if not running or chance.random() < 0.12:
            kind = chance.choice(KINDS)
            bulk.add(
                TimeEntry,
                kind=kind,
                client_note=chance.choice(notes[kind]),
                engagement_id=None,
                client_id=None,
                area=None,
                deliverable_id=None,
                **row,
            )
            continue
        one = chance.choice(running)
        paper = (
            one.papers[min(bisect_right(one.dues, day), len(one.papers) - 1)]
            if one.papers and chance.random() < 0.4
            else None
        )
        on = {"engagement_id": one.engagement_id, "client_id": one.client_id}
        entry = bulk.add(
            TimeEntry, kind=TimeKind.BILLABLE, area=chance.choice(one.areas), deliverable_id=paper,
            client_note=chance.choice(notes["client"]), **on, **row,
        )  # fmt: skip
        if chance.random() < 0.03:
            bulk.add(TimeNote, entry_id=entry, person_id=person, body="Keep the first half hour short", **on)


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
