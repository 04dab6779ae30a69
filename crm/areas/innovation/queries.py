"""What the funnel asks about ideas: sums by stage, and the newest of each."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from crm.areas.innovation.models import RUNNING, Idea, IdeaStage
from crm.clients.models import DepartmentKind

SHOWN = 12  # ideas of a stage on the page; the others stand in the rows
ANSWERED_WITHIN, YEAR = timedelta(days=30), timedelta(days=365)


def _of(client_id: int) -> ColumnElement[bool]:
    return and_(Idea.client_id == client_id, Idea.archived_at.is_(None))


def _sum(column: Any, *where: Any) -> Any:
    return func.coalesce(func.sum(case((and_(*where), column), else_=0) if where else column), 0)


def stages_of(client_id: int, today: date) -> Select[Any]:
    """By stage, in the order of crm.areas.innovation.funnel.Stage."""
    is_running = Idea.stage.in_(RUNNING)
    columns: list[Any] = [
        Idea.stage, func.count(), _sum(Idea.cost_limit), _sum(Idea.spent),
        _sum(1, is_running, Idea.overspent),
        _sum(1, is_running, or_(Idea.ends_on.is_(None), Idea.ends_on < today)),
        _sum(1, Idea.stage == IdeaStage.NEW, Idea.submitted_on < today - ANSWERED_WITHIN),
        _sum(1, Idea.source_department != DepartmentKind.IT),
        _sum(1, Idea.stage == IdeaStage.SCALED, Idea.stage_since >= today - YEAR),
    ]  # fmt: skip
    return select(*columns).where(_of(client_id)).group_by(Idea.stage)


def newest_of(client_id: int) -> Select[Any]:
    """The newest of each stage."""
    place = func.row_number().over(partition_by=Idea.stage, order_by=(Idea.stage_since.desc(), Idea.id))
    ranked = select(Idea.id.label("id"), place.label("place")).where(_of(client_id)).subquery()
    return (
        select(Idea)
        .join(ranked, ranked.c.id == Idea.id)
        .where(ranked.c.place <= SHOWN)
        .order_by(Idea.stage_since.desc(), Idea.id)
    )
