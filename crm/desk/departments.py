"""The departments of a client: which areas, initiatives and promises touch each of them (F16)."""

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.areas.catalogue import TWELVE
from crm.areas.strategy.kpis import SHARES
from crm.clients import queries
from crm.clients.models import Contact, Department, DepartmentKind
from crm.core.clock import today
from crm.core.db import db
from crm.desk import department_queries as ask
from crm.desk.clients import tabs_of, the_client
from crm.kpis.queries import figures_of
from crm.meetings.queries import records_of

pages = Pages("client_departments", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/departments")
AREAS = {area.slug: area for area in TWELVE}


@pages.get("")
def show(client_id: int) -> str:
    client = the_client(client_id)
    known = ask.by_kind(iter(db.session.execute(queries.departments_of(client_id))))
    touched = ask.touched(client_id)
    kinds = [kind for kind in DepartmentKind if kind in known or kind in touched]
    return render_template(
        "clients/departments.html", client=client, tab="Departments", tabs=tabs_of(client), kinds=kinds, known=known, touched=touched,
        nothing=ask.Touched(), areas=AREAS, shares=figures_of(SHARES, client_id, today()), SHARES=SHARES, shown=ask.shown(),
    )  # fmt: skip


@pages.get("/<string:kind>")
def one(client_id: int, kind: str) -> str:
    if kind not in set(DepartmentKind):
        raise NotFound
    client, found = the_client(client_id), DepartmentKind(kind)
    known = ask.by_kind(iter(db.session.execute(queries.departments_of(client_id)))).get(found, [])
    people = (
        select(Contact).join(Department, Department.id == Contact.department_id).options(joinedload(Contact.department))
    )
    people = people.where(Contact.client_id == client_id, Contact.archived_at.is_(None), Department.kind == found)
    return render_template(
        "clients/department.html", client=client, kind=found, known=known, parts=ask.touching(client_id, found),
        record=records_of(client_id, today()).get(found),
        people=db.session.scalars(people.order_by(Contact.is_head.desc(), Contact.name, Contact.id).limit(ask.AT_MOST)).all(), today=today(),
    )  # fmt: skip
