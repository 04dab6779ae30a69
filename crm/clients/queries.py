"""What pages ask about clients: selects with all that is needed loaded."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.clients.models import Activity, ActivityKind, Attendee, Client, ClientNote, Contact, Department, FollowUp, Wall
from crm.core.lists import Filter, Listing
from crm.core.ownership import Visibility
from crm.core.words import worded

A_PAGE = 20  # activities


def sectors() -> Select[str]:
    """The sectors that clients have, for filters and for whoever types one."""
    return select(Client.sector).where(Client.sector != "").distinct().order_by(Client.sector)


def note_of(client_id: int) -> Select[ClientNote]:
    return select(ClientNote).where(ClientNote.client_id == client_id).options(joinedload(ClientNote.person))


def walls_of(client_id: int) -> Select[Wall]:
    return select(Wall).where(Wall.client_id == client_id).options(joinedload(Wall.person)).order_by(Wall.id)


# People of a client


def departments_of(client_id: int) -> Select[Department, Contact]:
    """Each department with its head, if it has one; the archived last."""
    heads = (Contact.department_id == Department.id) & (Contact.client_id == Department.client_id) & Contact.is_head
    order = (case((Department.archived_at.is_(None), 0), else_=1), func.lower(Department.name))
    return (
        select(Department, Contact).outerjoin(Contact, heads).where(Department.client_id == client_id).order_by(*order)
    )


def departments_to_choose(client_id: int, chosen: int | None) -> Select[Department]:
    """Those that are not archived, and the one that is chosen already."""
    open_ones = Department.archived_at.is_(None) | (Department.id == (chosen or 0))
    return select(Department).where(Department.client_id == client_id, open_ones).order_by(func.lower(Department.name))


def contacts_of(client_id: int) -> Select[Contact]:
    return select(Contact).where(Contact.client_id == client_id).options(joinedload(Contact.department))


def contacts_first(client_id: int, number: int) -> Select[Contact]:
    """The few to know: who may sponsor, then who heads a department."""
    order = (Contact.decides.desc(), Contact.is_head.desc(), func.lower(Contact.name), Contact.id)
    return contacts_of(client_id).where(Contact.archived_at.is_(None)).order_by(*order).limit(number)


def contacts_to_choose(client_id: int, chosen: Iterable[int] = ()) -> Select[Contact]:
    there = Contact.archived_at.is_(None) | Contact.id.in_(list(chosen))
    return select(Contact).where(Contact.client_id == client_id, there).order_by(func.lower(Contact.name), Contact.id)


def contacts_listing(departments: Iterable[Department]) -> Listing:
    within = [(str(one.id), one.name) for one in departments]
    return Listing(
        sorts={"name": [func.lower(Contact.name)], "role": [func.lower(Contact.role)]},
        key=Contact.id,
        search=[Contact.name, Contact.role, Contact.email, Contact.phone],
        filters=[
            Filter("department", "Department", within, lambda value: Contact.department_id == int(value), "Any department"),
            Filter("state", "State", [("archived", "Archived")], lambda _: Contact.archived_at.is_not(None), "Not archived"),
        ],
    )  # fmt: skip


# Activities and follow-ups


def timeline(*criteria: Any) -> Select[Activity]:
    """Activities with who wrote them and who else was there, newest first."""
    there = selectinload(Activity.attendees).options(joinedload(Attendee.contact), joinedload(Attendee.person))
    order = (Activity.happened_on.desc(), Activity.id.desc())
    return select(Activity).where(*criteria).options(joinedload(Activity.person), there).order_by(*order)


def activities_listing() -> Listing:
    readers = [("client", "The client may read"), ("team", "Internal")]
    return Listing(
        sorts={"day": [Activity.happened_on]},
        key=Activity.id,
        search=[Activity.title, Activity.body],
        filters=[
            Filter("kind", "Kind", [(kind.value, worded(kind)) for kind in ActivityKind], lambda value: Activity.kind == ActivityKind(value), "All kinds"),
            Filter("readers", "Who may read it", readers, lambda value: Activity.visibility == Visibility(value), "All readers"),
        ],
        per_page=A_PAGE,
        newest_first=True,
    )  # fmt: skip


def activities_with(contact_id: int, newest: int) -> Select[Activity]:
    present = select(Attendee.activity_id).where(Attendee.contact_id == contact_id)
    return timeline(Activity.id.in_(present)).limit(newest)


def follow_ups_about(client_id: int) -> Select[FollowUp]:
    """What is still to be done about this client, whoever does it."""
    open_ones = select(FollowUp).where(FollowUp.client_id == client_id, FollowUp.done_at.is_(None))
    return open_ones.options(joinedload(FollowUp.person)).order_by(FollowUp.due, FollowUp.id).limit(50)
