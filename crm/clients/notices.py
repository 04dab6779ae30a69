"""Where somebody of a client is written to: who hears that it changed, and that a partner is asked to stand for it."""

from collections.abc import Iterator

from crm.clients.models import Client, Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.viewer import Viewer
from crm.outbox.held import UNPROVEN
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person
from crm.people.queries import partners
from crm.practice.models import Practice


def tell_of_a_new_address(contact: Contact, before: str, by: Viewer) -> None:
    """Counted by the row's version: each change is told."""
    db.session.flush()
    said = {"contact_id": contact.id, "before": before, "by_person_id": by.person_id}
    post("contact.address_left", key=f"contact:{contact.id}:left:{contact.version}", **said)
    if contact.email and not contact.is_vouched:
        post(UNPROVEN, key=f"contact:{contact.id}:unproven:{contact.email}"[-200:], contact_id=contact.id)


def let_mail_go(contact: Contact) -> None:
    db.session.flush()
    post("mail.let_go", key=f"contact:{contact.id}:vouched:{contact.version}", to=f"contact:{contact.id}")


@notice("contact.address_left")
def tell_the_old_address(contact_id: int, before: str, by_person_id: int | None) -> Iterator[Letter]:
    contact = db.session.get(Contact, contact_id)
    if contact is None or contact.email == before:
        return
    practice, by = db.session.get_one(Practice, 1), db.session.get(Person, by_person_id) if by_person_id else None
    yield Letter(
        to=contact, about=contact, subject=f"{practice.name} writes to you elsewhere now", address=before,
        text=f"{by.name if by else 'Somebody'} of {practice.name} wrote down another mail address for you. From now on we write there, "
        "and no longer here.\n\nIf you know of it, there is nothing to do. If not, answer whoever you work with there at once: "
        "nothing that you sign off or decide leads there before a partner has said that the address is yours.",
        path="/sign-in", link="To the door", kind=Kind.SECURITY,
    )  # fmt: skip


@notice(UNPROVEN)
def ask_a_partner_to_stand_for_it(contact_id: int) -> Iterator[Letter]:
    """Told for as long as it is so."""
    contact = db.session.get(Contact, contact_id)
    if contact is None or contact.is_vouched or not contact.email or contact.archived_at:
        return
    client = db.session.get_one(Client, contact.client_id)
    for partner in db.session.scalars(partners(today())):
        yield Letter(
            to=partner, about=contact, subject=f"Is this the mail address of {contact.name}?",
            text=f"{contact.name} of {client.name} answers for the client by links in mails, and has no way in of their own. Their mail "
            f"address is {contact.email} now, and nobody has said yet that it is theirs. Ask them by telephone, then say so on "
            "their page. Until then such mails wait.",
            path=f"/clients/{client.id}/contacts/{contact.id}", link="Open their page", kind=Kind.SECURITY,
        )  # fmt: skip
