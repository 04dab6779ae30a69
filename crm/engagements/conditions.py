"""What must hold before an engagement may move (docs/domain.md: invariants 1 to 4 and 20, life cycles).

Each question answers with everything that is missing at once, and where to mend it. What stands to the right of this
package (objectives, pairs, deliverables, locked months) is handed in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.core.errors import Refused
from crm.core.twelve import Area, Scope
from crm.core.words import listed, month
from crm.engagements.models import Engagement
from crm.engagements.people import MOST_SPONSORS, AssignmentRole, Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementModel

Elsewhere = Mapping[Area, str]  # areas that another active engagement of the client leads, and its code


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way: what it is, and what mends it: a tab, or a question of the activation."""

    says: str
    mend: str = ""


def refuse(step: str, missing: Sequence[Missing]) -> None:
    """Raises Refused with everything that is missing."""
    if missing:
        raise Refused(f"{step}, still missing: {'; '.join(one.says for one in missing)}.")


def to_activate(
    engagement: Engagement, *, is_priced: bool, objectives: int, pairs: int, elsewhere: Elsewhere
) -> list[Missing]:
    """Draft to active: invariants 1 to 4 and 20, and the day it was signed."""
    found = [
        Missing(says, mend)
        for says, mend, is_there in (
            ("the day it was signed", "signed", engagement.signed_on),
            ("a price", "terms", is_priced),
            ("a sponsor of the client who decides", "team", engagement.sponsors),
            ("a business objective of the client", "registers", objectives),
            ("a mentoring pair", "registers", pairs or engagement.model is not EngagementModel.MENTORING),
        )
        if not is_there
    ]
    if len(engagement.sponsors) > MOST_SPONSORS:
        found.append(Missing("two sponsors at most", "team"))
    return found + to_be_led(engagement) + to_hold(engagement, elsewhere)


def to_be_led(engagement: Engagement) -> list[Missing]:
    """Invariant 3: one lead consultant, whose part is confirmed."""
    leads = [one for one in engagement.assignments if one.role is AssignmentRole.LEAD]
    confirmed = [one for one in leads if one.status is Status.CONFIRMED]
    if not confirmed:
        waiting = any(one.status is Status.TENTATIVE for one in leads)
        return [Missing("the lead’s confirmation" if waiting else "a lead consultant", "team")]
    apart = (engagement.lead_between(one.begins, one.ends, besides=one) is None for one in confirmed)
    return [] if all(apart) else [Missing("one lead at a time: two parts overlap", "team")]


def to_hold(engagement: Engagement, elsewhere: Elsewhere) -> list[Missing]:
    """Invariants 1, 2, 4 and 20: twelve areas, each held by somebody of the right side, or out for a reason."""
    confirmed = {one.person_id for one in engagement.assignments if one.status is Status.CONFIRMED}
    scopes = engagement.scopes
    in_lead = [one for one in scopes if one.scope is Scope.LEAD]
    checks: tuple[tuple[str, Iterable[AreaScope], Callable[[AreaScope], bool]], ...] = (
        ("a consultant who holds {}", in_lead, lambda row: row.holder_person_id is not None),
        ("a confirmed part for whoever holds {}", in_lead, lambda row: row.holder_person_id in {None, *confirmed}),
        ("a contact of the client who answers for {}", (one for one in scopes if one.scope in {Scope.ADVISE, Scope.OVERSEE}),
         lambda row: row.has_holder),
        ("why {} is out of scope", (one for one in scopes if not one.is_in), lambda row: bool(row.reason)),
        ("who at the client holds {}, which is out of scope", (one for one in scopes if not one.is_in), lambda row: row.has_holder),
    )  # fmt: skip
    found = [] if len(scopes) == len(Area) else [Missing("the twelve areas", "areas")]
    for says, rows, holds in checks:
        short = [row.responsibility.short for row in rows if not holds(row)]
        if short:
            found.append(Missing(says.format(listed(short)), "holders"))
    if engagement.model is EngagementModel.NON_EXEC and in_lead:
        led = listed(one.responsibility.short for one in in_lead)
        found.append(Missing(f"another scope for {led}: a non-executive leads no area", "areas"))
    return found + [
        Missing(f"another scope for {one.responsibility.short}: {elsewhere[one.area]} leads it", "areas")
        for one in in_lead
        if one.area in elsewhere
    ]


def to_resume(engagement: Engagement, elsewhere: Elsewhere) -> list[Missing]:
    """Paused to active: somebody else may lead an area by now."""
    return to_be_led(engagement) + to_hold(engagement, elsewhere)


def last_month(engagement: Engagement) -> date:
    return engagement.ends.replace(day=1)


def to_close(engagement: Engagement, *, live: Sequence[str], is_locked: bool) -> list[Missing]:
    """Closing to closed. `live`: the codes of deliverables in a live state; `is_locked`: its last month."""
    found = []
    if live:
        some = [*live[:5], f"{len(live) - 5} more"] if len(live) > 5 else live
        found.append(Missing(f"an end for {listed(some)}: accepted or cancelled", "deliverables"))
    since = engagement.closing_began_on
    unseen = [
        one.responsibility.short
        for one in engagement.scopes
        if one.is_in and (since is None or one.reviewed_on is None or one.reviewed_on < since)
    ]
    if unseen:
        every = len(unseen) == sum(one.is_in for one in engagement.scopes)
        found.append(Missing(f"a closing review of {'every area in scope' if every else listed(unseen)}", "areas"))
    if not is_locked:
        found.append(Missing(f"the lock of {month(last_month(engagement))}, its last month", "time"))
    if not engagement.handover_note:
        found.append(Missing("a handover note"))
    return found
