"""The figures of an area as its page shows them."""

from crm.areas.catalogue import area_of
from crm.engagements.scopes import AreaScope
from crm.evidence.judging import reads_rows
from crm.kpis.lines import Line
from crm.kpis.queries import lines_of


def kpis_for(scope: AreaScope) -> list[Line] | None:
    """None where the client keeps its rows to itself: of what we oversee we read them only when they are shared."""
    area = area_of(scope.responsibility.slug)
    return lines_of(area, scope.client_id) if area and reads_rows(scope) else None
