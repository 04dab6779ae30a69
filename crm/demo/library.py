"""What the practice makes again and again: templates of its own, and what its engagements owe by rhythm."""

from datetime import timedelta
from decimal import Decimal

from crm.core.clock import today
from crm.core.db import db
from crm.core.twelve import Area
from crm.demo.scene import Scene
from crm.engagements.people import AssignmentRole, Status
from crm.engagements.states import EngagementState
from crm.library.models import OwnTemplate
from crm.library.typical import Cadence, typical
from crm.plans.models import Recurrence

OURS = (
    (Area.SEC, "Answers for the cyber insurer", "1.5", Cadence.YEARLY, "What the insurer asks, with proof for each answer",
     ("What they ask", "What we answer", "Proof", "What to mend before renewal"), ("Every answer has proof or says that there is none",), "ruth"),
    (Area.VEN, "One page before a renewal talk", "0.25", Cadence.ON_EVENT, "What we want, what we can give, when we leave",
     ("Aim", "Figures of the last year", "What we can give", "When we walk away"), ("Agreed with the sponsor before the talk",), "ingrid"),
    (Area.STK, "Letter to all staff after a change", "0.25", Cadence.ON_EVENT, "What changes on Monday, whom to ask",
     ("What changes", "Why", "What you do", "Whom to ask"), ("A colleague outside IT read it first",), "ruth"),
)  # fmt: skip
AGAIN = {"E01": ("STR-D4", "BUD-D3"), "E05": ("ITM-D2",), "E06": ("STR-D7", "SEC-D5")}
FIRST = timedelta(days=40)  # beyond what is opened ahead, so that the figures of the demo stay the book's


def remember(scene: Scene) -> None:
    for area, name, days, cadence, what, outline, criteria, author in OURS:
        own = OwnTemplate(author_id=scene.people[author].id)
        own.revise(
            area=area,
            name=name,
            days=Decimal(days),
            cadence=cadence,
            what=what,
            outline=list(outline),
            criteria=list(criteria),
        )
        db.session.add(own)
    for key, types in AGAIN.items():
        for type_ in types:
            _again(scene, key, type_)


def _again(scene: Scene, key: str, type_: str) -> None:
    engagement, template = scene.engagements[key], typical()[type_]
    lead = next(
        (one for one in engagement.assignments if one.role is AssignmentRole.LEAD and one.status is Status.CONFIRMED),
        None,
    )
    inside = next((one for one in engagement.scopes if one.area is template.area and one.is_in), None)
    if engagement.state is not EngagementState.ACTIVE or inside is None:
        return
    made = Recurrence(client_id=engagement.client_id, engagement_id=engagement.id)
    made.revise(
        area=template.area, title=template.name, type=template.key, purpose=template.what, cadence=template.cadence,
        next_due=today() + FIRST, ahead=21, estimate=template.days,
        assignment_id=lead.id if lead else None, criteria_lines=list(template.criteria),
    )  # fmt: skip
    db.session.add(made)
