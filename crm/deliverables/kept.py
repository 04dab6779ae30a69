"""How well promises are kept and how soon clients answer: the figures, each opening exactly the rows that it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.core import inputs
from crm.core.clock import today
from crm.core.db import db
from crm.core.lists import PER_PAGE, csv_of
from crm.core.viewer import Role
from crm.core.web import page_number
from crm.core.words import iso
from crm.deliverables import figures
from crm.deliverables.queries import engagement_for_new
from crm.people.models import Person

pages = Pages("deliverable_figures", __name__, roles=DESK, url_prefix="/deliverables/figures")


@dataclass(frozen=True)
class Whose:
    """Of which engagement or consultant a figure is; of neither, of all that the viewer sees."""

    name: str
    filters: dict[str, int]

    def address(self, endpoint: str) -> str:
        return url_for(endpoint, **{name.removesuffix("_id"): key for name, key in self.filters.items()})  # type: ignore[arg-type]


def _asked(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return inputs.whole(text, at_least=1, at_most=2**31 - 1)
    except ValueError:
        abort(404)


def whose() -> Whose:
    """Of colleagues a consultant has no figures; an engagement that they do not see is not there."""
    engagement_id, person_id = _asked("engagement"), _asked("person")
    if engagement_id is not None:
        engagement = engagement_for_new(engagement_id)
        return Whose(f"{engagement.client.name}, {engagement.code}", {"engagement_id": engagement_id})
    if person_id is not None:
        if not in_full() and person_id != g.viewer.person_id:
            abort(404)
        return Whose(db.get_or_404(Person, person_id).name, {"person_id": person_id})
    return Whose("The practice" if in_full() else "Your engagements", {})


def in_full() -> bool:
    return bool(g.viewer.role is Role.PARTNER)


def cut(rows: Sequence[Any]) -> tuple[Sequence[Any], int, int]:
    """This page of the rows, its number and the last one's."""
    last = max(1, -(-len(rows) // PER_PAGE))
    number = min(page_number(), last)
    return rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, last


@pages.get("")
def show() -> ResponseReturnValue:
    """Both figures: of all, by engagement and by consultant."""
    on, stood_still = today(), figures.pauses()
    owed = figures.promises(on, stood_still)
    answered = figures.answers(g.practice.region, stood_still, since=on - figures.YEAR)
    people = {one.person_id: (one.person, "") for one in owed if one.person_id}
    people |= {one.person_id: (one.person, "") for one in answered if one.person_id}
    if not in_full():
        people = {key: name for key, name in people.items() if key == g.viewer.person_id}
    lines, number, last = cut(figures.lines_of(owed, answered, "engagement_id", figures.engagement_names()))
    return render_template(
        "deliverables/figures.html", on_time=figures.rate_of(owed), sign_off=figures.median_of(answered), answered=len(answered),
        engagements=lines, people=figures.lines_of(owed, answered, "person_id", people), number=number, last=last,
        in_full=in_full(),
    )  # fmt: skip


@pages.get("/on-time")
def on_time() -> ResponseReturnValue:
    of = whose()
    found = figures.promises(today(), figures.pauses(), **of.filters)
    found.sort(key=lambda one: (one.is_kept, one.baseline_due))
    rows, number, last = cut(found)
    return render_template(
        "deliverables/on_time.html",
        of=of,
        rate=figures.rate_of(found),
        rows=rows,
        number=number,
        last=last,
        today=today(),
    )


@pages.get("/on-time.csv")
def export_on_time() -> Response:
    on, of = today(), whose()
    found = figures.promises(on, figures.pauses(), **of.filters)
    return csv_of(
        ("Reference", "Title", "Client", "Owner", "Agreed date", "Submitted", "On time", "Why"),
        ((one.code, one.title, one.client, one.person, iso(one.baseline_due), iso(one.sent.submitted_at) if one.sent else "",
          "yes" if one.is_kept else "no", one.why(on)) for one in found),
        f"on-time-{on}",
    )  # fmt: skip


@pages.get("/sign-off")
def sign_off() -> ResponseReturnValue:
    of = whose()
    since = None if "engagement_id" in of.filters else today() - figures.YEAR
    found = figures.answers(g.practice.region, figures.pauses(), since=since, **of.filters)
    rows, number, last = cut(found)
    return render_template(
        "deliverables/sign_off.html", of=of, median=figures.median_of(found), total=len(found), rows=rows, number=number,
        last=last, since=since,
    )  # fmt: skip
