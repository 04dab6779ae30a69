"""Why the health of an engagement is what it is: plain sentences, each with the page where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from crm.core import words
from crm.core.twelve import OF
from crm.engagements.scopes import Rag
from crm.health.formulas import CONTACT, LATE_AMBER, AreaWork, Cause, Part
from crm.health.queries import Judged
from crm.invoices.lateness import lateness_of

NAMED = 2  # areas of one kind that are named before they are only counted


@dataclass(frozen=True)
class Reason:
    """One thing that takes from the health. `forces`: the best verdict that it leaves. `asks`: who may open the page."""

    part: Part
    text: str
    href: str
    forces: Rag | None = None
    asks: str = ""


def reasons(judged: Judged) -> list[Reason]:
    """What forces the verdict first, then by part."""
    found = [*_delivery(judged), *_progress(judged), *_commercial(judged), *_relationship(judged)]
    rank = {Rag.RED: 0, Rag.AMBER: 1, None: 2}
    return sorted(found, key=lambda one: rank[one.forces])


def _page(judged: Judged, tab: str = "") -> str:
    return f"/engagements/{judged.engagement.id}{tab}"


def _delivery(judged: Judged) -> Iterator[Reason]:
    kept, due = judged.work.on_time.kept, judged.work.on_time.due
    if Cause.LATE in judged.health.forced_by:
        latest = judged.late[0]
        text = f"{latest.code} {latest.title} is more than {LATE_AMBER} days late"
        yield Reason(Part.DELIVERY, text, f"/deliverables/{latest.id}", Rag.AMBER)
    if kept < due:
        text = f"{kept} of {words.plural(due, 'deliverable')} due in the last 90 days went out in time"
        yield Reason(Part.DELIVERY, text, _page(judged, "/deliverables"))
    if Cause.LEAD in judged.health.forced_by:
        yield Reason(Part.DELIVERY, "Nobody leads it today", _page(judged, "/team"), Rag.AMBER)


def _progress(judged: Judged) -> Iterator[Reason]:
    weak = [one for one in judged.work.areas if not one.is_good]
    stale = [one for one in weak if not one.is_fresh]
    if len(stale) > NAMED:
        text = f"{len(stale)} areas have no fresh review, {OF[stale[0].area].short} among them"
        yield Reason(Part.PROGRESS, text, _page(judged, "/review"))
    else:
        for one in stale:
            yield _of_area(judged, one, "has no fresh review")
    for one in weak:
        if one.is_fresh:
            why = "getting worse" if one.is_worsening else "neither an initiative nor a deliverable is on it"
            yield _of_area(judged, one, f"is red, and {why}")


def _of_area(judged: Judged, one: AreaWork, says: str) -> Reason:
    area = OF[one.area]
    return Reason(Part.PROGRESS, f"{area.short} {says}", _page(judged, f"/areas/{area.slug}"))


def _commercial(judged: Judged) -> Iterator[Reason]:
    colour, burn = judged.work.commercial, judged.burn
    if colour in {Rag.AMBER, Rag.RED}:
        text = "More days will be needed than were agreed"
        if burn and burn.burn is None:
            text = "Days are used in a month that has none"
        elif burn:
            used, gone = (words.percent(one * 100 if one is not None else None, 0) for one in (burn.burn, burn.pace))
            text = f"{used} of the month’s days are used, {gone} of its working days are gone"
        yield Reason(Part.COMMERCIAL, text, _page(judged, "/time"))
    late = lateness_of(judged.work.invoice_late)
    if late.at_most is not None:
        text = f"An invoice is {words.plural(late.days, 'day')} late"
        forces = Rag.RED if late.is_red else None
        yield Reason(Part.COMMERCIAL, text, _page(judged, "/invoices"), forces, "invoice.read")


def _relationship(judged: Judged) -> Iterator[Reason]:
    days, row = judged.work.contact_days, judged.engagement
    if days > CONTACT:
        text = f"The last call, meeting or visit with the sponsor was {days} days ago"
        if row.met_on is None or row.met_on < row.starts:
            text = f"No call, meeting or visit with the sponsor for {days} days"
        forces = Rag.RED if Cause.CONTACT in judged.health.forced_by else None
        yield Reason(Part.RELATIONSHIP, text, f"/clients/{row.client_id}/activity", forces)
