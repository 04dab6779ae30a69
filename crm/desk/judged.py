"""What the rules say of an engagement's areas, as reviews keep it."""

from collections.abc import Sequence
from datetime import date

from crm.core.twelve import Area
from crm.engagements.models import AreaScope
from crm.figures import last_colours
from crm.reviews.frozen import Evidence
from crm.reviews.operations import Known


def evidence_of(scopes: Sequence[AreaScope], on: date) -> dict[Area, Evidence]:  # noqa: ARG001
    """What the rules say of each of these areas of one engagement."""
    return {}


def known_of(scopes: Sequence[AreaScope], on: date) -> dict[Area, Known]:
    """What whoever publishes these areas must know of each."""
    if not scopes:
        return {}
    last, evidence = last_colours(scopes[0].client_id), evidence_of(scopes, on)
    return {one.area: Known(last.get(one.area), evidence.get(one.area)) for one in scopes}
