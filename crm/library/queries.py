"""What is asked of the library: one template by its key, the practice's own as a list."""

import re

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.twelve import OF, Area
from crm.library.models import OWN, OwnTemplate
from crm.library.typical import SAID, Template, typical

T = OwnTemplate


def template_of(key: str) -> Template | None:
    """The book's or one of the practice's own; archived ones too, for what was made from them."""
    if found := typical().get(key):
        return found
    number = re.fullmatch(rf"{OWN}([0-9]{{1,9}})", key)
    own = db.session.get(OwnTemplate, int(number[1])) if number else None
    return own.as_template() if own else None


def own_templates() -> Select[OwnTemplate]:
    return select(T).options(joinedload(T.author))


LISTING = Listing(
    sorts={"name": (T.name,), "area": (T.area, T.name), "days": (T.days,)},
    key=T.id,
    search=(T.name, T.what),
    filters=(
        Filter("area", "Area", [(one.value, f"{OF[one].number} {OF[one].name}") for one in Area], lambda value: T.area == value,
               blank="Any area"),
        Filter("cadence", "How often", [(one.value, words) for one, words in SAID.items()], lambda value: T.cadence == value,
               blank="Any rhythm"),
        Filter("state", "In use or archived", [("used", "In use"), ("archived", "Archived")],
               lambda value: T.archived_at.is_(None) if value == "used" else T.archived_at.is_not(None),
               blank="Also archived", default="used"),
    ),
)  # fmt: skip
