"""The roadmap: the initiatives of a client by quarter, moved by dragging or by a field."""

from flask import Response, flash, g, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.strategy import operations as do
from crm.areas.strategy.area import AREA, INITIATIVES
from crm.areas.strategy.forms import QuarterForm
from crm.areas.strategy.models import Initiative
from crm.areas.strategy.queries import initiatives_of
from crm.areas.strategy.roadmap import Roadmap
from crm.core.calendar import quarter_end
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Press, plain_sum
from crm.core.lists import csv_of
from crm.core.twelve import OF
from crm.core.web import answer
from crm.core.words import cell, day, iso, quarter
from crm.registers.place import Place
from crm.registers.queries import one_row

pages = Pages("roadmap", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/strategy/initiatives")
HEADINGS = ("Quarter", "Initiative", "Status", "Owner", "Departments", "Lenses told", "Value a year", "Cost, once",
            "Payback, months", "Agreed first", "Due now")  # fmt: skip


def the_roadmap(client_id: int) -> Roadmap:
    return Roadmap(db.session.scalars(initiatives_of(client_id)).unique().all(), today())


def page_of(place: Place, refused: QuarterForm | None = None, entry_id: int = 0) -> str:
    """The roadmap; where a move was refused, with the form as it was sent in its row."""
    road = the_roadmap(place.client.id)

    def form_of(row: Initiative) -> QuarterForm:
        if refused and row.id == entry_id:
            return refused
        form = QuarterForm(None, data={"version": row.version})
        form.offer(one for one in road.ahead if one != row.quarter)
        return form

    return place.show(
        "areas/strategy/roadmap.html",
        view="Roadmap",
        has_rows=bool(road.rows),
        export=url_for(".export", client_id=place.client.id),
        road=road,
        form=refused,
        form_of=form_of if may(g.viewer, "initiative.move", place.client) else None,
        today=road.today,
        OF=OF,
    )


@pages.get("/roadmap")
def show(client_id: int) -> str:
    return page_of(Place.of(client_id, AREA, INITIATIVES))


@pages.post("/<id:entry_id>/quarter")
def move(client_id: int, entry_id: int) -> ResponseReturnValue:
    row: Initiative | None = db.session.scalar(one_row(INITIATIVES, client_id, entry_id))
    if row is None:
        raise NotFound
    place, title = Place(row.client, AREA, INITIATIVES), row.title
    form = QuarterForm()
    form.offer(Roadmap((), today()).ahead)
    form.quarter.id = f"quarter-{entry_id}"

    def deed(press: Press) -> Initiative:
        moved = do.move_initiative(row, form.quarter.data, viewer=g.viewer, press=press)
        flash(f"{title}: due on {day(quarter_end(form.quarter.data))} now.", "g")
        return moved

    here = url_for(".show", client_id=client_id, _anchor=f"initiative-{entry_id}")
    return answer(form, deed, lambda _: page_of(place, form, entry_id), leads_to=here)


@pages.get("/roadmap.csv")
def export(client_id: int) -> Response:
    place = Place.of(client_id, AREA, INITIATIVES)
    return csv_of(HEADINGS, (_cells(one) for one in the_roadmap(client_id).rows), f"{place.client.code}-roadmap")


def _cells(one: Initiative) -> tuple[str, ...]:
    sums = ("" if value is None else plain_sum(value) for value in (one.annual_value, one.one_off_cost))
    payback = "" if one.payback_months is None else cell(one.payback_months)
    return (quarter(one.planned_for) if one.planned_for else "", one.title, cell(one.status), one.owner, cell(one.departments),
            cell(one.lens_count), *sums, payback, iso(one.baseline_due), iso(one.due))  # fmt: skip
