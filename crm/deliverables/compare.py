"""Two versions of a deliverable compared, for the team; the client compares those that they were given."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.core import inputs
from crm.core.web import from_address
from crm.deliverables.differences import Difference, Side, difference
from crm.deliverables.models import Deliverable
from crm.deliverables.queries import for_comparison
from crm.deliverables.tabs import tabs_of
from crm.deliverables.versions import DeliverableVersion

pages = Pages("deliverable_versions", __name__, roles=DESK, url_prefix="/deliverables/<id:deliverable_id>/compare")


def _asked(name: str, versions: Sequence[DeliverableVersion], otherwise: DeliverableVersion) -> DeliverableVersion:
    number = from_address(name, inputs.whole)
    return next((one for one in versions if one.number == number), otherwise)


def compared(owed: Deliverable, title: str) -> Difference | None:
    """The two versions that the address names, the older one first: else the last two. None where there is one only."""
    if len(owed.versions) < 2:
        return None
    *_, before, last = owed.versions
    pair = _asked("from", owed.versions, before), _asked("to", owed.versions, last)
    old, new = sorted(pair, key=lambda one: one.number)
    return difference(_side(owed, old, title), _side(owed, new, title))


def _side(owed: Deliverable, version: DeliverableVersion, title: str) -> Side:
    """What was frozen with it; of a draft, what is agreed now."""
    criteria = [one.text for one in version.criteria] if version.submitted_at else owed.criteria_lines
    files = (f"{one.name}, SHA-256 {one.digest[:12]}…" for one in version.attached if not one.is_proof)
    return Side(version.number, version.title or title, version.text, version.link, tuple(criteria), tuple(files))


@pages.get("")
def compare(deliverable_id: int) -> ResponseReturnValue:
    owed = for_comparison(deliverable_id)
    return render_template(
        "deliverables/compare.html", owed=owed, tabs=tabs_of(owed), compared=compared(owed, owed.title)
    )
