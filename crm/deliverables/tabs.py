"""The pages of one deliverable, and how much stands on each."""

from typing import Any

from flask import url_for

from crm.deliverables.models import Deliverable


def tabs_of(owed: Deliverable) -> list[tuple[str, str, int | None]]:
    """Text, address and number, for the macro `tabs`."""
    here: dict[str, Any] = {"deliverable_id": owed.id}
    found: list[tuple[str, str, int | None]] = [
        ("Paper", url_for("deliverables.show", **here), None),
        ("Comments", url_for("deliverable_comments.show", **here), owed.said),
        ("Review", url_for("deliverable_rounds.show", **here), owed.rounds),
        ("Waits for", url_for("deliverable_chain.show", **here), owed.waits),
    ]
    if len(owed.versions) > 1:
        found.append(("Compare", url_for("deliverable_versions.compare", **here), len(owed.versions)))
    return found
