"""Whom and what the rows of a client may name."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from crm.areas.catalogue import entry_of
from crm.clients.models import Client, Contact
from crm.core.db import db
from crm.engagements.queries import assignable, contacts_of, engagements_to_choose
from crm.people.models import Person
from crm.registers.cells import Offer
from crm.registers.forms import EntryForm
from crm.registers.models import RegisterEntry
from crm.registers.queries import AT_MOST, rows_to_choose


def offer_to(form: EntryForm, client: Client, row: RegisterEntry | None = None, *, at_most: int = AT_MOST) -> Offer:
    """One statement for each kind of thing that the form names; whom the row names stays on offer when they have left."""
    contacts = list(db.session.scalars(contacts_of(client.id)))
    persons = list(db.session.scalars(assignable(client.id)))
    if row:
        theirs, ours = form.names_now(row)
        gone = (db.session.get(Contact, key) for key in sorted(theirs - {one.id for one in contacts}))
        left = (db.session.get(Person, key) for key in sorted(ours - {one.id for one in persons}))
        contacts, persons = [*contacts, *filter(None, gone)], [*persons, *filter(None, left)]
    rows = {}
    for named in form.of_rows:
        stands = getattr(row, named.name) if row else None
        found = rows_to_choose(entry_of(named.of_kind), client.id, stands, at_most=at_most)
        rows[named.of_kind] = db.session.scalars(found).all()
    return Offer(client, contacts, persons, rows, _engagements_of(form, client, row))


def everything_of(form: EntryForm, client: Client) -> Offer:
    """Also who has left and what was archived: to tell the rows that name them."""
    contacts = db.session.scalars(select(Contact).where(Contact.client_id == client.id)).all()
    rows = {}
    for named in form.of_rows:
        entry = entry_of(named.of_kind)
        found = select(entry).where(entry.client_id == client.id).options(lazyload("*"))
        rows[named.of_kind] = db.session.scalars(found).all()
    persons = db.session.scalars(select(Person)).all()
    return Offer(client, contacts, persons, rows, _engagements_of(form, client, None))


def _engagements_of(form: EntryForm, client: Client, row: RegisterEntry | None) -> dict[int, str]:
    """Those that the viewer sees; one that they do not see stays where it is, without its name."""
    if not form.of_engagements:
        return {}
    stands = {getattr(row, one.name) for one in form.of_engagements} - {None} if row else set()
    seen = {one.id: f"{one.code}, {one.title}" for one in db.session.scalars(engagements_to_choose(client.id))}
    return dict.fromkeys(stands, "An engagement of another team") | seen
