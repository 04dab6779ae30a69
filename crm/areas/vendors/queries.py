"""Contracts by the day to speak by, across all clients that the viewer sees."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.areas.vendors.models import ContractStatus, RenewalDecision, VendorContract
from crm.clients.models import Client
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.words import worded

AHEAD, SOON = timedelta(days=180), timedelta(days=60)
CONTRACT = VendorContract
UNDECIDED = CONTRACT.decision == RenewalDecision.UNDECIDED


def _running() -> ColumnElement[bool]:
    return and_(CONTRACT.status == ContractStatus.ACTIVE, CONTRACT.archived_at.is_(None), Client.archived_at.is_(None))


def contracts_of(client_id: int) -> Select[Any]:
    """Those of one client that are not over, by the day to speak by; what has none comes last."""
    return (
        select(CONTRACT)
        .where(CONTRACT.client_id == client_id, CONTRACT.archived_at.is_(None), CONTRACT.status != ContractStatus.ENDED)
        .order_by(CONTRACT.notice_by.is_(None), CONTRACT.notice_by, CONTRACT.id)
    )


def one_contract(contract_id: int) -> Select[Any]:
    """One contract with its client, for whoever asks what may be done with it."""
    return select(CONTRACT).where(CONTRACT.id == contract_id).options(joinedload(CONTRACT.client))


def renewals(today: date) -> Select[Any]:
    """Contracts whose day to speak by lies in the next 180 days, and those that passed it with nothing decided."""
    ahead = CONTRACT.notice_by.between(today, today + AHEAD)
    missed = and_(CONTRACT.notice_by < today, UNDECIDED)
    found = select(CONTRACT).join(CONTRACT.client).where(_running(), or_(ahead, missed))
    return found.options(contains_eager(CONTRACT.client))


def renewals_to_show(today: date) -> Select[Any]:
    """The same with who serves each client: what may be done with a contract is asked row by row."""
    return renewals(today).options(contains_eager(CONTRACT.client).selectinload(Client.assignments))


def renewals_asked(today: date) -> tuple[int, int]:
    """How many passed their day undecided, and how many need a decision within 60 days: one statement."""
    missed = func.sum(case((CONTRACT.notice_by < today, 1), else_=0))
    soon = func.sum(case((CONTRACT.notice_by.between(today, today + SOON), 1), else_=0))
    found = select(missed, soon).select_from(CONTRACT).join(CONTRACT.client).where(_running(), UNDECIDED)
    counted = db.session.execute(found).one()
    return int(counted[0] or 0), int(counted[1] or 0)


def clients_renewing(today: date) -> list[tuple[str, str]]:
    """The clients whose contracts the list holds, to choose one of."""
    found = renewals(today).options().with_only_columns(Client.id, Client.name).distinct().order_by(Client.name)
    return [(str(key), name) for key, name in db.session.execute(found)]


def listing(clients: Sequence[tuple[str, str]]) -> Listing:
    decisions = [(one.value, worded(one)) for one in RenewalDecision]
    return Listing(
        sorts={
            "notice_by": (CONTRACT.notice_by,), "client": (Client.name,), "vendor": (CONTRACT.vendor,),
            "cost": (CONTRACT.annual_cost,), "end": (CONTRACT.end,), "satisfaction": (CONTRACT.satisfaction,),
            "decision": (CONTRACT.decision,),
        },
        key=CONTRACT.id,
        search=[CONTRACT.vendor, CONTRACT.what, Client.name, Client.code],
        filters=[
            Filter("client", "Client", clients, lambda value: Client.id == int(value), blank="Any client"),
            Filter("decision", "Decision", decisions, CONTRACT.decision.__eq__, blank="Any decision"),
        ],
    )  # fmt: skip
