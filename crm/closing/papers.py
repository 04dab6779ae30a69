"""A statement as a PDF and as CSV: the same figures for the practice and for the sponsor, made from what was frozen."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response

from crm.accounts.mark import mark_of
from crm.closing.models import Statement
from crm.core.db import only_read
from crm.core.lists import csv_of
from crm.core.pdf import pdf_of
from crm.core.twelve import OF, Area
from crm.core.words import count_days, day, day_month, decimals, moment
from crm.core.words import month as month_of
from crm.engagements.models import Engagement
from crm.practice.models import Practice

HEADS = ("Day", "Who", "Area", "Days", "Counts", "What was done")


def figures(statement: Statement) -> list[tuple[str, str]]:
    """What the month came to, in the words of the portal."""
    if statement.granted is None:
        return [("Days used", count_days(statement.used))]
    found = [("Agreed for the month", statement.granted), ("From the month before", statement.rolled_in),
             ("Available", statement.available), ("Used", statement.used)]  # fmt: skip
    found += [
        (words, days)
        for words, days in (
            ("Over what was available", statement.overage), ("Of that charged", statement.billed),
            ("Of that not charged", statement.absorbed), ("Moves to the next month", statement.rolled_out),
            ("Lapses with this month", statement.lapsed),
        )
        if days
    ]  # fmt: skip
    return [(words, count_days(days)) for words, days in found]


def said(line: dict[str, Any]) -> str:
    """What was done, and what it corrects."""
    if not line["corrects"]:
        return str(line["note"])
    corrects = f"Correction of {day_month(date.fromisoformat(line['corrects']))}"
    return f"{corrects}: {line['note']}" if line["note"] else corrects


def date_of(line: dict[str, Any]) -> date:
    return date.fromisoformat(line["day"])


def area_of(line: dict[str, Any]) -> str:
    return OF[Area(line["area"])].plain if line["area"] else ""


def _cells(statement: Statement) -> Iterator[tuple[str, ...]]:
    for one in statement.lines:
        yield one["day"], one["who"], area_of(one), one["days"], "yes" if one["counts"] else "no", said(one)


def name_of(statement: Statement, engagement: Engagement) -> str:
    number = f"-{statement.number}" if statement.number > 1 else ""
    return f"{engagement.code}-{statement.month:%Y-%m}-statement{number}"


def as_csv(statement: Statement, engagement: Engagement) -> Response:
    return csv_of(HEADS, _cells(statement), name_of(statement, engagement))


def as_pdf(statement: Statement, engagement: Engagement, practice: Practice) -> Response:
    """Made from the frozen rows each time, with no transaction open."""
    data, name = data_of(statement, engagement, practice), name_of(statement, engagement)
    only_read()
    mark = list(mark_of(practice.logo) or b"")  # as figures: JSON has no bytes
    answer = Response(pdf_of("statement", data | {"logo": mark}), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer


def data_of(statement: Statement, engagement: Engagement, practice: Practice) -> dict[str, Any]:
    free = sum((Decimal(one["days"]) for one in statement.lines if not one["counts"]), Decimal(0))
    return {
        "heading": f"Days in {month_of(statement.month)}", "title": engagement.title, "code": engagement.code,
        "client": engagement.client.name, "practice": practice.name,
        "replaced": f"A newer statement took its place on {day(statement.replaced_at.date())}." if statement.replaced_at else "",
        "number": f"{statement.number}. statement" if statement.number > 1 else "", "frozen": moment(statement.frozen_at),
        "figures": figures(statement), "used": decimals(statement.used), "free": decimals(free) if free else "",
        "lines": [
            {"day": day(date_of(one)), "who": one["who"], "area": area_of(one), "days": one["days"], "note": said(one),
             "counts": one["counts"]}
            for one in statement.lines
        ],
        "digest": statement.digest,
    }  # fmt: skip
