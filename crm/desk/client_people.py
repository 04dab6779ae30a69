"""The people of a client: departments and contacts."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.audit.trail import history_of
from crm.clients import operations, queries
from crm.clients.forms import CONSENTS, ContactForm, DepartmentForm
from crm.clients.models import Client, Contact, Department
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.web import answer
from crm.core.words import iso
from crm.desk import client_queries
from crm.desk.clients import press_of, tabs_of, the_client

pages = Pages("client_people", __name__, roles=DESK, url_prefix="/clients/<id:client_id>")
SAID = dict(CONSENTS)


@pages.get("/people")
def show(client_id: int) -> ResponseReturnValue:
    return _people_page(the_client(client_id))


def _people_page(client: Client, trouble: str = "") -> str:
    departments = db.session.execute(queries.departments_of(client.id)).all()
    page = page_of(_asked(client), queries.contacts_listing(row.Department for row in departments))
    export = page.exported_by(".export", client_id=client.id)
    return render_template(
        "clients/people.html", client=client, tab="People", tabs=tabs_of(client), departments=departments, page=page,
        sponsors=client_queries.sponsors_of(client.id), press_of=press_of, trouble=trouble, export=export,
    )  # fmt: skip


def _asked(client: Client) -> Select[Contact]:
    """The contacts that a list is made of: the archived only when they are asked for."""
    contacts = queries.contacts_of(client.id)
    return contacts if request.args.get("state") == "archived" else contacts.where(Contact.archived_at.is_(None))


@pages.get("/contacts.csv")
def export(client_id: int) -> Response:
    client = the_client(client_id)
    departments = [row.Department for row in db.session.execute(queries.departments_of(client_id))]
    sponsors = client_queries.sponsors_of(client_id)
    return csv_of(
        ("Name", "Role", "Department", "Head", "Mail", "Telephone", "May sponsor", "Sponsors", "Consent", "Since"),
        (
            (one.name, one.role, one.department.name if one.department else "", "yes" if one.is_head else "", one.email, one.phone,
             "yes" if one.decides else "", " ".join(sponsors.get(one.id, ())), SAID[one.consent], iso(one.consent_on))
            for one in all_rows(_asked(client), queries.contacts_listing(departments))
        ),
        f"contacts-{client.code.lower()}",
    )  # fmt: skip


# Departments


@pages.get("/departments/new")
def new_department(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    _who_may(client, "department.add")
    return _department_page(client, DepartmentForm())


@pages.post("/departments/new")
def add_department(client_id: int) -> ResponseReturnValue:
    client, form = the_client(client_id), DepartmentForm()
    return answer(
        form,
        lambda press: operations.add_department(
            Department(client_id=client_id, client=client, **form.fields()), viewer=g.viewer, press=press
        ),
        lambda form: _department_page(client, form),
        leads_to=_people_of(client, "departments"),
    )


@pages.route("/departments/<id:department_id>/edit", methods=["GET", "POST"])
def edit_department(client_id: int, department_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    department = _of(client, Department, department_id)
    form = DepartmentForm(obj=department)
    if request.method == "GET":
        _who_may(client, "department.revise")
        return _department_page(client, form, department)
    return answer(
        form,
        lambda press: operations.revise_department(
            department, form.fields(), changes=form.changes(department), viewer=g.viewer, press=press
        ),
        lambda form: _department_page(client, form, department),
        leads_to=_people_of(client, "departments"),
    )


@pages.post("/departments/<id:department_id>/archive")
def archive_department(client_id: int, department_id: int) -> ResponseReturnValue:
    return _pressed(client_id, department_id, Department, operations.archive_department)


@pages.post("/departments/<id:department_id>/restore")
def restore_department(client_id: int, department_id: int) -> ResponseReturnValue:
    return _pressed(client_id, department_id, Department, operations.restore_department)


def _department_page(client: Client, form: Form, department: Department | None = None) -> str:
    return render_template(
        "clients/department_form.html", client=client, form=form, department=department, press_of=press_of
    )


# Contacts


@pages.get("/contacts/<id:contact_id>")
def contact(client_id: int, contact_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    found = db.one_or_404(queries.contacts_of(client_id).where(Contact.id == contact_id))
    return render_template(
        "clients/contact.html", client=client, contact=found, sponsors=client_queries.sponsored_by(contact_id), press_of=press_of,
        activities=db.session.scalars(queries.activities_with(contact_id, queries.A_PAGE)).all(),
        history=db.session.scalars(history_of(found)).all(),
    )  # fmt: skip


@pages.get("/contacts/new")
def new_contact(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    _who_may(client, "contact.add")
    return _contact_page(client, _contact_form(client))


@pages.post("/contacts/new")
def add_contact(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    form = _contact_form(client)
    return answer(
        form,
        lambda press: operations.add_contact(
            Contact(client_id=client_id, client=client), form.fields(), viewer=g.viewer, press=press
        ),
        lambda form: _contact_page(client, form),
        leads_to=_people_of(client, "contacts"),
    )


@pages.route("/contacts/<id:contact_id>/edit", methods=["GET", "POST"])
def edit_contact(client_id: int, contact_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    found = _of(client, Contact, contact_id)
    form = _contact_form(client, found)
    if request.method == "GET":
        _who_may(client, "contact.revise")
        return _contact_page(client, form, found)
    return answer(
        form,
        lambda press: operations.revise_contact(
            found, form.fields(), changes=form.changes(found), viewer=g.viewer, press=press
        ),
        lambda form: _contact_page(client, form, found),
        leads_to=url_for(".contact", client_id=client_id, contact_id=contact_id),
    )


@pages.post("/contacts/<id:contact_id>/vouching")
def vouch(client_id: int, contact_id: int) -> ResponseReturnValue:
    """A partner stands for their mail address."""
    client = the_client(client_id)
    found = _of(client, Contact, contact_id)
    return answer(
        Form(),
        lambda press: operations.vouch_for_contact(found, viewer=g.viewer, press=press),
        lambda form: _people_page(client, form.trouble),
        leads_to=url_for(".contact", client_id=client_id, contact_id=contact_id),
    )


@pages.post("/contacts/<id:contact_id>/archive")
def archive_contact(client_id: int, contact_id: int) -> ResponseReturnValue:
    sponsors = client_queries.sponsored_by(contact_id)

    def archive(found: Contact, **how: Any) -> Contact:
        return operations.archive_contact(found, sponsors=sponsors, **how)

    return _pressed(client_id, contact_id, Contact, archive)


@pages.post("/contacts/<id:contact_id>/restore")
def restore_contact(client_id: int, contact_id: int) -> ResponseReturnValue:
    return _pressed(client_id, contact_id, Contact, operations.restore_contact)


def _contact_form(client: Client, contact: Contact | None = None) -> ContactForm:
    form = ContactForm(obj=contact)
    form.of(db.session.scalars(queries.departments_to_choose(client.id, contact.department_id if contact else None)))
    return form


def _contact_page(client: Client, form: Form, contact: Contact | None = None) -> str:
    return render_template("clients/contact_form.html", client=client, form=form, contact=contact)


# What they have in common


def _who_may(client: Client, verb: str) -> None:
    """A form is shown to whoever may send it."""
    if not may(g.viewer, verb, client):
        abort(403)


def _of(client: Client, model: type[Any], key: int) -> Any:
    """A thing of this client, or 404: another client's is not there."""
    return db.one_or_404(select(model).where(model.id == key, model.client_id == client.id))


def _people_of(client: Client, part: str) -> str:
    return url_for("client_people.show", client_id=client.id, _anchor=part)


def _pressed(client_id: int, key: int, model: type[Any], operation: Callable[..., Any]) -> ResponseReturnValue:
    """A button of a list: where it is refused, the list says why."""
    client = the_client(client_id)
    thing = _of(client, model, key)

    def deed(press: Press) -> Any:
        return operation(thing, viewer=g.viewer, press=press)

    return answer(
        Form(), deed, lambda form: _people_page(the_client(client_id), form.trouble),
        leads_to=_people_of(client, "departments" if model is Department else "contacts"),
    )  # fmt: skip
