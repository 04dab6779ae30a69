"""The engagements of the large practice: their team and terms, reviews, deliverables, and what was talked about."""

from datetime import date, datetime
from decimal import Decimal

from crm.audit.models import AuditEntry
from crm.clients.models import Activity, ActivityKind, Attendee, FollowUp
from crm.core.calendar import DAY, after_working_days, month_of
from crm.core.codes import deliverable_code
from crm.core.ownership import OpenTo
from crm.core.twelve import OF, Area, Scope
from crm.deliverables.agreed import Contribution, Criterion
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion
from crm.demo.book import book
from crm.demo.large_made import OURS, REGION, THEIRS, Made, Place, Service
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.retained import Order, RetainerFee, RetainerTerms, Unit
from crm.engagements.scopes import AreaScope, Rag, Trend, default_scope
from crm.engagements.states import BoardRole, EngagementModel, EngagementState, Overage, PriceKind
from crm.reviews.models import Review, ReviewState

Deed = tuple[str, State, State, datetime, int | None, int | None]  # verb, from, to, when, person, contact


def terms_of_service(made: Made) -> list[tuple[int, date, date]]:
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


def engagement_of(made: Made, number: int, client: int, first: date, last: date) -> None:
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
    agreed = bulk.add(
        RetainerTerms, begins=month_of(first), unit=Unit.DAYS, quantity=days, cap=days / 2, keeps=1, used_first=Order.ROLLED_FIRST,
        overage=Overage.ASK, part_first=True, part_last=True, warns_sponsor=False, agreed_at=made.almanac.at(first, 9), version=1, **on,
    )  # fmt: skip
    bulk.add(RetainerFee, terms_id=agreed, monthly_fee=int(days * 105_000), overage_rate=110_000, **on)
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
            code=deliverable_code(number), from_state=before.value, to_state=after.value, via="web", request_id="", person_id=person,
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
