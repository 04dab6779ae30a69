"""The three engagements in depth are judged as the book says they are."""

from collections import Counter

from sqlalchemy import select

from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import half_up
from crm.engagements.models import Engagement
from crm.evidence import keeping
from crm.evidence.models import AreaSummary

SAID = {
    1: {
        "STR": ("amber", "92.9"), "ITM": ("amber", "85.7"), "DXT": ("green", "100.0"), "SEC": ("amber", "86.7"),
        "BUD": ("green", "96.2"), "VEN": ("amber", "90.0"), "TAL": ("amber", "92.3"), "INN": (None, None),
        "DAT": ("amber", "89.3"), "CMP": ("green", "96.4"), "STK": ("green", "100.0"), "BCD": ("amber", "86.7"),
    },
    2: {
        "STR": ("amber", "92.9"), "ITM": ("amber", "88.5"), "DXT": ("amber", "92.9"), "SEC": ("amber", "86.7"),
        "BUD": ("amber", "87.5"), "VEN": ("amber", "83.3"), "TAL": ("amber", "92.9"), "INN": ("green", "100.0"),
        "DAT": ("green", "96.4"), "CMP": ("green", "100.0"), "STK": ("amber", "92.9"), "BCD": ("green", "100.0"),
    },
    3: {
        "STR": ("green", "100.0"), "ITM": ("green", "100.0"), "DXT": ("amber", "87.5"), "SEC": ("green", "100.0"),
        "BUD": ("green", "100.0"), "VEN": ("amber", "87.5"), "TAL": ("amber", "75.0"), "INN": ("green", "100.0"),
        "DAT": ("green", "100.0"), "CMP": ("green", "100.0"), "STK": ("green", "100.0"), "BCD": ("green", "100.0"),
    },
}  # fmt: skip


def test_the_verdicts_of_the_book_come_out(demo, app):
    kept = demo.scalars(select(AreaSummary)).all()
    found = {number: {} for number in SAID}
    for one in kept:
        if one.engagement_id in SAID:
            found[one.engagement_id][one.area] = (
                one.suggested,
                (one.health is not None and str(half_up(one.health))) or None,
            )
    assert found == SAID
    live = demo.scalars(select(Engagement.id).where(Engagement.state.in_(keeping.LIVE))).all()
    assert Counter(one.engagement_id for one in kept) == dict.fromkeys(live, 12)
    with app.app_context(), viewing_as(SYSTEM, zone="Europe/London"):
        assert [str(one) for one in keeping.prove(kept[0].computed_on)] == []
