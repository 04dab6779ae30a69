"""Letting people in by mail: invited, asked again, let off, and in."""

from crm.access.act import act
from crm.accounts.invitations import INVITED_FOR, Invitation
from crm.accounts.models import Account, Standing
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Role, Viewer
from crm.core.words import worded
from crm.people.models import Person, PersonKind, WorkingPattern
from crm.people.queries import whoever_has
from crm.practice.models import Practice
from crm.settings.notices import announce_invitation, announce_password, announce_role
from crm.settings.operations import STRONG, Hat, only_one
from crm.settings.queries import account_by_mail, open_invitation


def invite(*, viewer: Viewer, hat: Hat, email: str, press: Press) -> Account:
    """An account without a password, and a mail whose link sets the first one."""
    account = Account(email=email, name=hat.whom.name, created_at=now())
    account.standings = [hat.standing()]
    with act(viewer, "account.invite", account, press=press, reason=str(hat)):
        if account_by_mail(viewer, email):
            raise Refused(f"{email} has an account already. Give it this role there, or write another address", "email")
        db.session.add(account)
        only_one(email)
        begin_invitation(account, viewer)
        if hat.role in STRONG:
            announce_role(account, hat.role, viewer)
    return account


def invite_colleague(*, viewer: Viewer, press: Press, name: str, email: str, role: Role) -> Account:
    """Somebody new to the practice, with the usual week from today on, which partners change; and their way in."""
    account = Account(email=email, name=name, created_at=now())
    with act(viewer, "account.invite", account, press=press, reason=f"{worded(role)}: {name}, new to the practice"):
        if account_by_mail(viewer, email):
            raise Refused(f"{email} has an account already. Give it this role there, or write another address", "email")
        if db.session.scalar(whoever_has(email)) is not None:
            raise Refused("Somebody of the practice has this address already: choose them from the list", "email")
        person = Person(name=name, email=email, kind=PersonKind(role.value))
        db.session.add(person)
        db.session.flush()
        _usual_week(person)
        account.standings = [Standing(role=role, person_id=person.id)]
        db.session.add(account)
        only_one(email)
        begin_invitation(account, viewer)
        if role in STRONG:
            announce_role(account, role, viewer)
    return account


def _usual_week(person: Person) -> None:
    """Monday to Friday with the practice's figures. An admin keeps the house and has none."""
    practice = db.session.get_one(Practice, 1)
    if person.kind is PersonKind.ADMIN:
        return
    is_partner = person.kind is PersonKind.PARTNER
    db.session.add(
        WorkingPattern(
            person_id=person.id, begins=today(), region=practice.region,
            delivery_share=practice.partner_share if is_partner else practice.consultant_share,
            utilisation_target=practice.partner_target if is_partner else practice.consultant_target,
        )
    )  # fmt: skip


def begin_invitation(account: Account, viewer: Viewer) -> Invitation:
    """Inside the deed that made or reopened the account."""
    moment = now()
    made = Invitation(
        account_id=account.id, by_account_id=viewer.account_id, made_at=moment, expires_at=moment + INVITED_FOR
    )
    db.session.add(made)
    db.session.flush()
    announce_invitation(made)
    return made


def invite_again(account: Account, *, viewer: Viewer, press: Press) -> Account:
    """A new link for seven days more; the one of before is dead."""
    with act(viewer, "account.invite_again", account, press=press):
        send_again(account, viewer)
    return account


def send_again(account: Account, viewer: Viewer) -> None:
    if not account.active:
        raise Refused("This account is closed. Open it again first.")
    if account.password:
        raise Refused(f"{account.name} has a password already: nothing is left to be accepted.")
    account.end_links()
    waiting = open_invitation(account.id)
    if waiting is None:
        begin_invitation(account, viewer)
        return
    waiting.send_again(now())
    db.session.flush()
    announce_invitation(waiting)


def withdraw(account: Account, *, viewer: Viewer, press: Press) -> Account:
    """They are not to come in after all: the link is dead and the account closed."""
    with act(viewer, "account.withdraw", account, press=press):
        waiting = open_invitation(account.id)
        if waiting is None:
            raise Refused("No invitation of this account is open.")
        waiting.withdraw(now())
        account.close(now())
    return account


def accept(account: Account, *, viewer: Viewer, press: Press, hashed: str) -> Account:
    """Their own password, and the way in. The link is used by it."""
    with act(viewer, "own.accept_invitation", account, press=press):
        waiting = open_invitation(account.id)
        if waiting is None or waiting.is_over(now()):
            raise Refused("This invitation is over. Ask for a new one.")
        waiting.accept(now())
        account.set_password(hashed, now())
    return account


def reset_password(account: Account, *, viewer: Viewer, press: Press, hashed: str) -> Account:
    """By the link of a mail: every session ends, and the owner is told."""
    with act(viewer, "own.reset_password", account, press=press):
        account.set_password(hashed, now())
        db.session.flush()
        announce_password(account, by="link")
    return account
