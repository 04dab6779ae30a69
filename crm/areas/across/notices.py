"""Who hears of a question to decide or a risk to live with. To clients: what is asked, by when, one link."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.areas.across.models import Decision, DecisionStatus, RaidItem, RaidStatus
from crm.clients.models import Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.words import day, money, worded
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.states import LIVE
from crm.links.models import MailLink, Opens
from crm.links.operations import make_link
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person
from crm.practice.models import Practice

TO_ANSWER_LATE = timedelta(days=7)  # from the asking, where the day that was said has passed


def announce(event: str, row: Decision | RaidItem) -> None:
    """Queue what happened to it. Counted by the row's version: what happens again is told again."""
    post(event, key=f"entry:{row.id}:{event}:{row.version}", entry_id=row.id)


def ask_decider(decision: Decision, event: str = "decision.asked", occasion: str = "") -> bool:
    """Queue the question with a link of its own for whoever decides. False where this occasion had its mail before."""
    if decision.owner_contact_id is None or decision.made_at is None:
        return False
    key = f"entry:{decision.id}:{event}:{occasion or decision.version}"
    answer_by = today() + TO_ANSWER_LATE if decision.needed_by < today() else decision.needed_by
    link = make_link(
        decision.owner_contact_id, decision.client_id, Opens.DECISION, decision.id, asked_at=decision.made_at,
        answer_by=answer_by, occasion=occasion or f"asked {decision.version}",
        mail_key=f"{key}:contact:{decision.owner_contact_id}",
    )  # fmt: skip
    if link:
        post(event, key=key, entry_id=decision.id, link_id=link.id)
    return link is not None


def _found(model: type[Any], entry_id: int) -> Any:
    return db.session.scalars(select(model).where(model.id == entry_id).options(joinedload(model.client))).one_or_none()


def _leads(client_id: int) -> list[Person]:
    """Whoever leads an engagement of the client today."""
    on = today()
    found = select(Person).join(Assignment, Assignment.person_id == Person.id).where(
        Assignment.client_id == client_id, Assignment.role == AssignmentRole.LEAD, Assignment.status == Status.CONFIRMED,
        Assignment.begins <= on, Assignment.ends >= on,
    )  # fmt: skip
    return list(db.session.scalars(found.order_by(Person.id)).unique())


def _sponsors(client_id: int) -> list[Contact]:
    found = (
        select(Contact)
        .join(Sponsorship, Sponsorship.contact_id == Contact.id)
        .join(Engagement, Engagement.id == Sponsorship.engagement_id)
        .where(Contact.client_id == client_id, Engagement.state.in_(LIVE))
    )
    return list(db.session.scalars(found.order_by(Contact.id)).unique())


@notice("decision.asked")
def ask_who_decides(entry_id: int, link_id: int = 0) -> Iterator[Letter]:
    yield from _question(entry_id, link_id, "For your decision by")


@notice("decision.reminded")
def remind_who_decides(entry_id: int, link_id: int) -> Iterator[Letter]:
    """Each reminder has a link of its own, and ends the older one."""
    yield from _question(entry_id, link_id, "Waiting for your decision by")


def _question(entry_id: int, link_id: int, subject: str) -> Iterator[Letter]:
    asked: Decision | None = _found(Decision, entry_id)
    if asked is None or asked.archived_at or asked.status is not DecisionStatus.NEEDED or asked.owner_contact is None:
        return
    link = db.session.get(MailLink, link_id) if link_id else None
    if link and (link.ended_at or link.contact_id != asked.owner_contact_id):
        return
    options = "\n".join(f"- {one}" for one in asked.options)
    advice = f"\n\nWhat we recommend: {asked.recommendation}" if asked.recommendation else ""
    costs = ""
    if asked.cost_a_week:
        costs = f"\n\nEach week of waiting costs about {money(asked.cost_a_week, db.session.get_one(Practice, 1).currency)}."
    when = day(asked.needed_by)
    asks = f"We ask you to decide by {when}:"
    if asked.needed_by < today():
        subject, asks = (
            "Still for your decision, needed by",
            f"Your decision was needed by {when}, and we still ask for it:",
        )
    yield Letter(
        to=asked.owner_contact, about=asked, subject=f"{subject} {when}: {asked.question}",
        text=f"{asks}\n\n{asked.question}\n\nYou can choose:\n\n{options}{advice}{costs}",
        path=f"/sign/{link.secret}" if link else f"/portal/decisions/{asked.id}", link="Read it and decide",
        kind=Kind.DECISION, inside=f"/portal/decisions/{asked.id}",
    )  # fmt: skip


@notice("decision.decided")
def tell_the_leads_what_was_decided(entry_id: int) -> Iterator[Letter]:
    said: Decision | None = _found(Decision, entry_id)
    if said is None or said.status is not DecisionStatus.DECIDED:
        return
    why = f"\n\n{said.owner} writes: {said.reason}" if said.reason else ""
    for person in _leads(said.client_id):
        yield Letter(
            to=person, about=said, subject=f"Decided: {said.question}",
            text=f"{said.owner} of {said.client.name} decided on {day(said.decided_on)}: {said.outcome}.{why}",
            path=f"/clients/{said.client_id}/risks", link="Open the decisions", kind=Kind.DECISION,
        )  # fmt: skip


@notice("decision.recorded")
def tell_what_was_recorded(entry_id: int) -> Iterator[Letter]:
    """Whoever is said to have decided hears of it; of what the board decided, the sponsors."""
    said: Decision | None = _found(Decision, entry_id)
    if said is None or said.status is not DecisionStatus.DECIDED:
        return
    for contact in [said.owner_contact] if said.owner_contact else _sponsors(said.client_id):
        yield Letter(
            to=contact, about=said, subject=f"Recorded: {said.question}",
            text=f"We wrote down that {said.owner} decided on {day(said.decided_on)}: {said.outcome}. "
            "If that is not so, tell us at once.",
            path=f"/portal/decisions/{said.id}", link="Look at the record", kind=Kind.DECISION,
        )  # fmt: skip


@notice("raid.asked")
def ask_to_live_with_it(entry_id: int) -> Iterator[Letter]:
    item: RaidItem | None = _found(RaidItem, entry_id)
    if item is None or item.archived_at or not item.waits_for_the_sponsor:
        return
    for contact in _sponsors(item.client_id):
        yield Letter(
            to=contact, about=item, subject=f"A risk that needs your word: {item.title}",
            text=f"We ask whether you are willing to live with this risk:\n\n{item.title}\n\n"
            f"How likely: {item.likelihood} of 5. How bad: {item.impact} of 5.",
            path=f"/portal/risks/{item.id}", link="Read it and answer", kind=Kind.DECISION,
        )  # fmt: skip


@notice("raid.accepted")
def tell_the_leads_of_the_risk(entry_id: int) -> Iterator[Letter]:
    item: RaidItem | None = _found(RaidItem, entry_id)
    if item is None or item.status is not RaidStatus.ACCEPTED_RISK:
        return
    for person in _leads(item.client_id):
        yield Letter(
            to=person, about=item, subject=f"{worded(item.status)}: {item.title}",
            text=f"The sponsor of {item.client.name} lives with this risk.\n\n{item.acceptance}",
            path=f"/clients/{item.client_id}/risks", link="Open the risks", kind=Kind.DECISION,
        )  # fmt: skip


@notice("raid.recorded")
def tell_in_whose_name(entry_id: int) -> Iterator[Letter]:
    """As with a sign-off: whoever is said to have accepted hears of it."""
    item: RaidItem | None = _found(RaidItem, entry_id)
    if item is None or item.status is not RaidStatus.ACCEPTED_RISK or item.accepted_by_id is None:
        return
    contact = db.session.get(Contact, item.accepted_by_id)
    if contact:
        yield Letter(
            to=contact, about=item, subject=f"Recorded in your name: {item.title}",
            text=f"We wrote down that you accepted this risk on {day(item.accepted_on)}. If that is not so, tell us at once."
            f"\n\nThe proof given:\n\n{item.acceptance}",
            path=f"/portal/risks/{item.id}", link="Look at the record", kind=Kind.DECISION,
        )  # fmt: skip
