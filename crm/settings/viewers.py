"""What a sponsor does about the colleagues who look in: lets them in, asks again, ends it."""

from sqlalchemy import select

from crm.access.act import act
from crm.accounts.models import Account, Standing
from crm.clients.models import Contact
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Role, Viewer
from crm.settings.colleague_queries import account_for_a_viewer
from crm.settings.invitations import begin_invitation, send_again
from crm.settings.notices import announce_access, announce_viewer
from crm.settings.operations import only_one
from crm.settings.queries import open_invitation

ELSEWHERE = "This address cannot be let in from here. Ask us, and we do it with you."


def invite_viewer(*, viewer: Viewer, press: Press, name: str, email: str, department_id: int | None) -> Standing:
    """A contact of their own company and an account to look on with; whoever has one already keeps it."""
    standing = Standing(role=Role.VIEWER, client_id=viewer.client_id)
    with act(viewer, "viewer.invite", standing, press=press, reason=f"{name}, {email}"):
        contact = _contact(viewer, name, email, department_id)
        account = account_for_a_viewer(viewer, email)
        if account is None:
            account = Account(email=email, name=name, created_at=now(), standings=[])
            db.session.add(account)
            only_one(email)
        elif not _may_have(account, viewer):
            raise Refused(ELSEWHERE, "email")
        standing.contact_id, standing.account_id = contact.id, account.id
        db.session.add(standing)
        db.session.flush()
        _write_to(account, standing, viewer)
        announce_viewer("invited", contact, viewer, standing.id)
    return standing


def _contact(viewer: Viewer, name: str, email: str, department_id: int | None) -> Contact:
    """Whoever of the company has this address already, or somebody new."""
    known = select(Contact).where(
        Contact.client_id == viewer.client_id, Contact.email == email, Contact.archived_at.is_(None)
    )
    found = db.session.scalars(known.order_by(Contact.id).limit(1)).one_or_none()
    if found is None:
        found = Contact(client_id=viewer.client_id, name=name, email=email, vouched=email, department_id=department_id)
        db.session.add(found)
        db.session.flush()
    elif department_id:
        found.department_id = department_id
    return found


def _may_have(account: Account, viewer: Viewer) -> bool:
    """Not our own people, not who is here already. Who was closed comes back only where nobody else had let them in, and
    where it was a removal: what the office closed while they stood for something would open with all that they were."""
    if any(one.client_id == viewer.client_id for one in account.hats) and account.active:
        raise Refused("Whoever has this address looks in already. You find them below", "email")
    if any(one.person_id for one in account.standings):
        return False
    return account.active or not (account.hats or any(one.client_id != viewer.client_id for one in account.standings))


def _write_to(account: Account, standing: Standing, viewer: Viewer) -> None:
    """The way in for who is new or comes back; for who has a password elsewhere a word that there is more to see."""
    if not account.active:
        account.reopen()
        account.password = None
    if account.password is None:
        waiting = open_invitation(account.id)
        if waiting:
            waiting.withdraw(now())
        begin_invitation(account, viewer)
    else:
        announce_access(account, standing)


def invite_viewer_again(standing: Standing, *, viewer: Viewer, press: Press) -> Standing:
    with act(viewer, "viewer.invite_again", standing, press=press):
        send_again(standing.account, viewer)
    return standing


def remove_viewer(standing: Standing, contact: Contact, *, viewer: Viewer, press: Press) -> Standing:
    """They look in no more from this moment on. The contact stays: what was said with them stays, too."""
    with act(viewer, "viewer.remove", standing, press=press, reason=contact.name):
        account = standing.account
        standing.end(now())
        if not account.hats:
            waiting = open_invitation(account.id)
            if waiting:
                waiting.withdraw(now())
            account.close(now())
        announce_viewer("removed", contact, viewer, standing.id)
    return standing
