"""The deeds on templates of one's own."""

from decimal import Decimal

from crm.access.act import act
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Press
from crm.core.twelve import Area
from crm.core.viewer import Viewer
from crm.library.models import OwnTemplate
from crm.library.typical import Cadence


def add_template(
    *, viewer: Viewer, press: Press, area: Area, name: str, days: Decimal, cadence: Cadence, what: str, outline: list[str],
    criteria: list[str],
) -> OwnTemplate:  # fmt: skip
    made = OwnTemplate(author_id=viewer.person_id)
    with act(viewer, "template.add", made, press=press):
        made.revise(area=area, name=name, days=days, cadence=cadence, what=what, outline=outline, criteria=criteria)
        db.session.add(made)
    return made


def revise_template(
    made: OwnTemplate, *, viewer: Viewer, press: Press, area: Area, name: str, days: Decimal, cadence: Cadence, what: str,
    outline: list[str], criteria: list[str],
) -> None:  # fmt: skip
    with act(viewer, "template.revise", made, press=press):
        made.revise(area=area, name=name, days=days, cadence=cadence, what=what, outline=outline, criteria=criteria)


def archive_template(made: OwnTemplate, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "template.archive", made, press=press):
        made.archive(now())


def restore_template(made: OwnTemplate, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "template.restore", made, press=press):
        made.restore()
