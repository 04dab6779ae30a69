"""The twelve areas of an engagement for spreadsheets and for programs, at an address that stays (docs/api/areas.md)."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, request
from sqlalchemy import select

from crm.access.pages import DESK, Pages
from crm.core.clock import today
from crm.core.db import db
from crm.core.lists import csv_of
from crm.core.words import half_up
from crm.engagements.desk import the_engagement
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.judging import judge
from crm.evidence.verdicts import Grey, Judgement
from crm.reviews.models import Review, ReviewState

pages = Pages("areas_out", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>")
SCHEMA, VERSION = "twelvefold.areas", 1


@pages.get("/areas.json")
def as_json(engagement_id: int) -> Response:
    engagement = the_engagement(engagement_id)
    told = {
        "schema": SCHEMA, "version": VERSION, "as_of": today(), "engagement": _named(engagement), "areas": told_of(engagement),
    }  # fmt: skip
    answer = Response(json.dumps(told, default=plain, ensure_ascii=False, indent=1), mimetype="application/json")
    return _while_unchanged(answer)


@pages.get("/areas.csv")
def as_csv(engagement_id: int) -> Response:
    engagement = the_engagement(engagement_id)
    rows = [_flat(one) for one in told_of(engagement)]
    answer = csv_of(list(rows[0]), (list(row.values()) for row in rows), f"{engagement.code}-areas")
    return _while_unchanged(answer)


def _while_unchanged(answer: Response) -> Response:
    """304 to whoever has it already."""
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def told_of(engagement: Engagement) -> list[dict[str, Any]]:
    """Each of the twelve in the order of the dial. What is not ours says whose it is, and is judged by nobody."""
    ours = [scope for scope in engagement.scopes if scope.is_in]
    judged = judge(ours, today()) if engagement.is_open else {}
    speaking = select(Review).where(Review.engagement_id == engagement.id, Review.state == ReviewState.PUBLISHED)
    reviews = {one.area: one for one in db.session.scalars(speaking)}
    return [_told(scope, judged.get(scope.area), reviews.get(scope.area)) for scope in engagement.scopes]


def _named(engagement: Engagement) -> dict[str, Any]:
    client = {"id": engagement.client_id, "code": engagement.client.code, "name": engagement.client.name}
    return {
        "id": engagement.id, "code": engagement.code, "title": engagement.title, "model": engagement.model,
        "state": engagement.state, "starts": engagement.starts, "ends": engagement.ends, "client": client,
    }  # fmt: skip


def _told(scope: AreaScope, judged: Judgement | None, review: Review | None) -> dict[str, Any]:
    area = scope.responsibility
    return {
        "number": area.number, "code": area.code, "slug": area.slug, "name": area.name,
        "scope": scope.scope, "out_because": scope.reason or None, "rows_shared": scope.rows_shared,
        "holder": {"side": _side(scope), "name": scope.holder} if scope.holder else None,
        "confirmed": scope.confirmed if scope.is_in else None,
        "suggested": judged.suggested if judged else None,
        "grey": _grey(scope, judged),
        "health": None if judged is None or judged.health is None else half_up(judged.health, 1),
        "coverage": None if judged is None else half_up(100 * judged.coverage, 1),
        "trend": scope.trend, "sentence": scope.sentence or None, "maturity": scope.maturity, "target": scope.target,
        "reviewed_on": scope.reviewed_on, "review_due": scope.review_due,
        "override": _override(review), "ask": _ask(review),
    }  # fmt: skip


def _side(scope: AreaScope) -> str:
    return "practice" if scope.holder_person_id else "client"


def _grey(scope: AreaScope, judged: Judgement | None) -> str | None:
    """Why nothing is suggested."""
    if not scope.is_in:
        return Grey.OUT
    return judged.grey if judged else None


def _override(review: Review | None) -> dict[str, Any] | None:
    if review is None or review.override_until is None:
        return None
    return {
        "reason": review.override_reason,
        "until": review.override_until,
        "expired": review.override_until < today(),
    }


def _ask(review: Review | None) -> dict[str, Any] | None:
    if review is None or review.rag is not Rag.RED:
        return None
    return {"what": review.ask, "of": review.ask_of, "by": review.ask_by}


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """One line of a spreadsheet: what lies inside has a name of two parts, and its columns are always there."""
    inside = {"holder": ("side", "name"), "override": ("reason", "until", "expired"), "ask": ("what", "of", "by")}
    row: dict[str, Any] = {}
    for name, value in told.items():
        if name in inside:
            row |= {f"{name}_{part}": (value or {}).get(part) for part in inside[name]}
        else:
            row[name] = value
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()}


def plain(value: date | Decimal) -> str | float:
    """A day as ISO has it, a level or a score as a number."""
    return value.isoformat() if isinstance(value, date) else float(value)
