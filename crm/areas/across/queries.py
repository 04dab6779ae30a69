"""What pages ask about risks, actions and decisions, in one area or across all of a client's."""

from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from crm.areas.across.models import Action, ActionStatus, Decision, DecisionStatus, RaidItem, RaidStatus, RaidType
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.twelve import OF, TWELVE
from crm.core.words import worded

LIVE = (RaidStatus.OPEN, RaidStatus.MITIGATING)
ITEM, ACTION, DECISION = RaidItem, Action, Decision
AT_MOST = 50


def items_of(client_id: int) -> Select[Any]:
    return select(ITEM).where(ITEM.client_id == client_id, ITEM.archived_at.is_(None))


def items_listing() -> Listing:
    """Risks and their kin across the areas: the worst first, and those that live unless one asks for others."""
    marks = [(str(n), str(n)) for n in range(1, 6)]
    return Listing(
        sorts={
            "score": (ITEM.score,), "title": (ITEM.title,), "type": (ITEM.type,), "owner": (ITEM.owner_words(),),
            "area": (ITEM.area,), "review": (ITEM.next_review,), "status": (ITEM.status,),
        },
        key=ITEM.id,
        search=[ITEM.title, ITEM.response, ITEM.owner_words()],
        filters=[
            Filter("state", "Live or settled", [("live", "Open and being dealt with"), ("settled", "Closed and accepted")],
                   lambda value: ITEM.status.in_(LIVE) if value == "live" else ITEM.status.not_in(LIVE),
                   blank="Also closed and accepted", default="live"),
            Filter("type", "Type", [(one.value, worded(one)) for one in RaidType], ITEM.type.__eq__, blank="Any type"),
            Filter("area", "Area", [(row.code.value, row.short) for row in TWELVE], ITEM.area.__eq__, blank="Any area"),
            Filter("likelihood", "How likely", marks, lambda value: ITEM.likelihood == int(value), blank="However likely"),
            Filter("impact", "How bad", marks, lambda value: ITEM.impact == int(value), blank="However bad"),
        ],
        newest_first=True,
    )  # fmt: skip


def open_actions(client_id: int) -> Select[Any]:
    """What is to be done for a client, the most urgent first."""
    found = select(ACTION).where(
        ACTION.client_id == client_id, ACTION.status == ActionStatus.OPEN, ACTION.archived_at.is_(None)
    )
    return found.order_by(ACTION.due, ACTION.id).limit(AT_MOST)


def actions_of(item: RaidItem | Decision) -> Select[Any]:
    """What was agreed about a risk or a question, open ones first."""
    key = ACTION.raid_item_id if isinstance(item, RaidItem) else ACTION.decision_id
    found = select(ACTION).where(key == item.id, ACTION.client_id == item.client_id, ACTION.archived_at.is_(None))
    return found.order_by(ACTION.status != ActionStatus.OPEN, ACTION.due, ACTION.id).limit(AT_MOST)


def needed_decisions(client_id: int | None = None) -> Select[Any]:
    """Questions that nobody has answered, the most urgent first: of one client, or of all that the viewer sees."""
    found = select(DECISION).where(DECISION.status == DecisionStatus.NEEDED, DECISION.archived_at.is_(None))
    if client_id is not None:
        found = found.where(DECISION.client_id == client_id)
    return found.order_by(DECISION.needed_by, DECISION.id).limit(AT_MOST)


class Asked(NamedTuple):
    """An open question, and the area that it stands in."""

    id: int
    slug: str


def asked_about(contract_ids: list[int]) -> dict[int, Asked]:
    """The open question about each of these contracts, where there is one."""
    found = select(DECISION.contract_id, DECISION.id, DECISION.area).where(
        DECISION.contract_id.in_(contract_ids),
        DECISION.status == DecisionStatus.NEEDED,
        DECISION.archived_at.is_(None),
    )
    return {
        contract: Asked(decision, OF[area].slug) for contract, decision, area in db.session.execute(found) if contract
    }


def risks_to_accept() -> Select[Any]:
    """Risks that the sponsor is asked to live with, the worst first."""
    found = select(ITEM).where(
        ITEM.status == RaidStatus.OPEN, ITEM.acceptance_asked_on.is_not(None), ITEM.archived_at.is_(None)
    )
    return found.order_by(ITEM.score.desc(), ITEM.id).limit(AT_MOST)


def cells_of(client_id: int) -> dict[tuple[int, int], int]:
    """How many live items stand in each cell of the matrix: likelihood and impact."""
    counted = select(ITEM.likelihood, ITEM.impact, func.count()).where(*_live(client_id))
    found = db.session.execute(counted.group_by(ITEM.likelihood, ITEM.impact))
    return {(likelihood, impact): number for likelihood, impact, number in found}


def _live(client_id: int) -> tuple[Any, ...]:
    return ITEM.client_id == client_id, ITEM.status.in_(LIVE), ITEM.archived_at.is_(None)
