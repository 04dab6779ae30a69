"""What is done with an initiative beyond what is done with any row."""

from datetime import date

from crm.access.act import act
from crm.areas.strategy.models import Initiative
from crm.core.calendar import quarter_end
from crm.core.clock import now
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import day


def move_initiative(initiative: Initiative, quarter: date, *, viewer: Viewer, press: Press) -> Initiative:
    """Another quarter on the roadmap; what was agreed first stays as it was agreed."""
    before = day(initiative.due) if initiative.due else "nothing"
    change = f"Due now: {before}, now {day(quarter_end(quarter))}"
    with act(viewer, "initiative.move", initiative, press=press, reason=change):
        initiative.move_to(quarter)
        initiative.touch(now(), viewer.person_id)
    return initiative
