"""The people of the practice: the list with everybody's load, one person whole, hiring, patterns, the last day."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Response, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, STAFF, Pages
from crm.audit.trail import history_of
from crm.core.calendar import DAY, monday_of, region_name
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.lists import Listing, all_rows, csv_of, page_of
from crm.core.viewer import Role
from crm.core.web import answer, page_or_part
from crm.core.words import decimals, iso
from crm.desk import people_queries
from crm.people import queries
from crm.people.forms import LEAVE_KINDS, WAYS, NewPersonForm, PatternForm, PersonForm, week_and_more
from crm.people.models import Leave, Person, PersonKind, WorkingPattern
from crm.people.operations import add_person, drop_pattern, revise_person, set_pattern
from crm.workload import heat
from crm.workload.formulas import WEEKS_AHEAD
from crm.workload.plan import WEEKS_SHOWN, Row, rows_of, weeks_from
from crm.workload.queries import load_team

pages = Pages("people", __name__, roles=STAFF, url_prefix="/people")
office = Pages("staffing", __name__, roles=PARTNERS, url_prefix="/people")
HOLIDAYS = 6


def in_full() -> bool:
    """Partners see figures of everybody; others their own, and of colleagues the bands (docs/domain.md, who sees what)."""
    return bool(g.viewer.role is Role.PARTNER)


def with_load() -> bool:
    """The workload is nothing to whoever keeps the house."""
    return bool(g.viewer.role is not Role.ADMIN)


def _six_weeks() -> list[Row]:
    weeks = weeks_from(monday_of(today()), WEEKS_AHEAD)
    return rows_of(load_team(weeks[0], weeks[-1] + 6 * DAY), weeks) if with_load() else []


def _listing(rows: Sequence[Row]) -> Listing:
    return people_queries.people_listing(rows, today(), in_full=in_full(), with_load=with_load())


@pages.get("")
def everybody() -> ResponseReturnValue:
    rows = _six_weeks()
    page = page_of(queries.everybody(), _listing(rows))
    return page_or_part(
        "people/list.html", "people/_list.html", page=page, rows={row.member.id: row for row in rows},
        leave=_leave_ahead(page.rows), in_full=in_full(), with_load=with_load(), state_of=people_queries.state_of,
        said=heat.answer_of(rows) if in_full() else "", states=dict(people_queries.STATES), today=today(),
        export=page.exported_by(".export"),
    )  # fmt: skip


def _leave_ahead(people: Sequence[Person]) -> Mapping[int, Leave]:
    """The next leave of each. Admins are given none."""
    found: dict[int, Leave] = {}
    for leave in db.session.scalars(queries.coming_leave([one.id for one in people], today())):
        found.setdefault(leave.person_id, leave)
    return found


@pages.get("/people.csv")
def export() -> Response:
    team = _six_weeks()
    people = all_rows(queries.everybody(), _listing(team))
    rows, leave = {row.member.id: row for row in team}, _leave_ahead(people)
    states = dict(people_queries.STATES)
    headings = ["Name", "Role", "Mail", "Base", "First day", "Last day"]
    if with_load():
        headings += ["This week", "Six weeks", "Load %, six weeks", "Days free, six weeks", "Next leave from", "to"]
    return csv_of(headings, (_exported(one, rows.get(one.id), leave.get(one.id), states) for one in people), "people")


def _exported(person: Person, row: Row | None, leave: Leave | None, states: Mapping[str, str]) -> list[str]:
    cells = [person.name, person.kind.value, person.email, person.base, iso(person.joined_on), iso(person.left_on)]
    if not with_load():
        return cells
    knows = row is not None and (in_full() or person.id == g.viewer.person_id)
    band = row.weeks[0].band if row else None
    return [
        *cells, band.value if band else "", states.get(people_queries.state_of(row), "") if row else "",
        decimals(row.load, 1) if knows and row and row.load is not None else "",
        decimals(row.free, 2) if knows and row else "",
        iso(leave.begins) if leave else "", iso(leave.ends) if leave else "",
    ]  # fmt: skip


@pages.get("/<id:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    return person_page(person_id)


def person_page(person_id: int, form: Form | None = None) -> str:
    """Somebody whole: to partners and to themselves with figures, reasons and what was refused."""
    person, on = _person(person_id), today()
    own = person.id == g.viewer.person_id
    knows = in_full() or own
    weeks = weeks_from(monday_of(on), WEEKS_SHOWN)
    row = next(iter(rows_of(load_team(weeks[0], weeks[-1] + 6 * DAY, [person.id]), weeks) if with_load() else ()), None)
    leaves = db.session.scalars(queries.leaves_of(person.id).limit(40)).all() if with_load() else []
    return render_template(
        "people/show.html", person=person, own=own, knows=knows, row=row, weeks=weeks, today=on, with_load=with_load(),
        line=(heat.full_line(row) if knows else heat.worded_line(row)) if row else None, ways=dict(WAYS),
        staffing=people_queries.staffing(db.session.scalars(people_queries.assignments_of(person.id)), on),
        coming=[one for one in reversed(leaves) if one.ends >= on and (knows or one.is_open)],
        earlier=[one for one in leaves if one.ends < on],
        reasons={one.leave_id: one for one in db.session.scalars(queries.reasons_of(person.id))} if knows else {},
        kinds=dict(LEAVE_KINDS), state=people_queries.state_of(row) if row else "", states=dict(people_queries.STATES),
        holidays=sorted((day, name) for day, name in row.member.capacity.holidays.items() if day >= on)[:HOLIDAYS] if row else [],
        stands_for=db.session.get(Person, person.stands_for_id) if person.stands_for_id else None,
        pattern=pattern_on(person, on), region_name=region_name, partner=in_full(), press=Form(version=str(person.version)),
        history=_history(person, leaves) if in_full() else [], trouble=form.trouble if form else "",
    )  # fmt: skip


def _person(person_id: int) -> Person:
    return db.session.scalars(queries.person_with_patterns(person_id)).one_or_none() or abort(404)


def _history(person: Person, leaves: Sequence[Leave]) -> Sequence[object]:
    return db.session.scalars(history_of(person, *person.patterns, *leaves, newest=40)).unique().all()


def pattern_on(person: Person, on: date) -> WorkingPattern | None:
    """The pattern in force; before the first begins, the first."""
    begun = [one for one in person.patterns if one.begins <= on]
    return begun[-1] if begun else next(iter(person.patterns), None)


# What partners do


@office.get("/new")
def new() -> ResponseReturnValue:
    practice = g.practice
    form = NewPersonForm(
        region=practice.region, delivery_share=practice.consultant_share, utilisation_target=practice.consultant_target,
        kind=PersonKind.CONSULTANT, joined_on=today(),
    )  # fmt: skip
    return new_page(form)


@office.post("/new")
def add() -> ResponseReturnValue:
    form = NewPersonForm()
    return answer(
        form,
        lambda press: add_person(viewer=g.viewer, press=press, on=today(), **week_and_more(form)),
        new_page,
        leads_to=lambda person: url_for("people.show", person_id=person.id),
    )  # fmt: skip


def new_page(form: Form) -> str:
    return render_template("people/new.html", form=form)


@office.get("/<id:person_id>/edit")
def edit(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    return edit_page(person, PersonForm(obj=person))


@office.post("/<id:person_id>/edit")
def revise(person_id: int) -> ResponseReturnValue:
    person, form = _person(person_id), PersonForm()
    return answer(
        form,
        lambda press: revise_person(person, viewer=g.viewer, press=press, **form.fields()),
        lambda form: edit_page(_person(person_id), form),
        leads_to=url_for("people.show", person_id=person_id),
    )


def edit_page(person: Person, form: Form) -> str:
    found = people_queries.staffing(db.session.scalars(people_queries.assignments_of(person.id)), today())
    return render_template("people/edit.html", person=person, form=form, staffing=found)


@office.get("/<id:person_id>/patterns/new")
def new_pattern(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    now = pattern_on(person, today())
    form = PatternForm(obj=now) if now else PatternForm(region=g.practice.region)
    form.begins.data, form.version.data = None, "1"
    return pattern_page(person, None, form)


@office.post("/<id:person_id>/patterns/new")
def add_pattern(person_id: int) -> ResponseReturnValue:
    return _set(_person(person_id), None)


@office.get("/<id:person_id>/patterns/<id:pattern_id>")
def pattern(person_id: int, pattern_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    found = _pattern(person, pattern_id)
    return pattern_page(person, found, PatternForm(obj=found))


@office.post("/<id:person_id>/patterns/<id:pattern_id>")
def revise_pattern(person_id: int, pattern_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    return _set(person, _pattern(person, pattern_id))


def _pattern(person: Person, pattern_id: int) -> WorkingPattern:
    return next((one for one in person.patterns if one.id == pattern_id), None) or abort(404)


def _set(person: Person, found: WorkingPattern | None) -> ResponseReturnValue:
    person_id, pattern_id, form = person.id, found.id if found else None, PatternForm()
    return answer(
        form,
        lambda press: set_pattern(person, found, viewer=g.viewer, press=press, **week_and_more(form)),
        lambda form: pattern_page(again := _person(person_id), _pattern(again, pattern_id) if pattern_id else None, form),
        leads_to=url_for("people.show", person_id=person_id),
    )  # fmt: skip


def pattern_page(person: Person, found: WorkingPattern | None, form: Form) -> str:
    press = Form(formdata=None, version=str(person.version))
    return render_template("people/pattern.html", person=person, pattern=found, form=form, press=press)


@office.post("/<id:person_id>/patterns/<id:pattern_id>/drop")
def drop(person_id: int, pattern_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    found = _pattern(person, pattern_id)
    return answer(
        Form(),
        lambda press: drop_pattern(person, found, viewer=g.viewer, press=press),
        lambda form: person_page(person_id, form),
        leads_to=url_for("people.show", person_id=person_id),
    )
