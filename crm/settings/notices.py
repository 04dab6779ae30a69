"""What an account's owner hears of it: the way in, and whatever was changed, for it may not have been them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Select, select

from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.models import Account, Standing
from crm.accounts.tokens import RESET_WITHIN, Link, token_of
from crm.clients.models import Client, Contact
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.viewer import Role, Viewer
from crm.core.words import moment, worded
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person
from crm.people.queries import partners
from crm.practice.models import Practice

CHANGED = {
    "owner": "The password of your account was changed on the page of your account",
    "admin": "An admin set a new password for your account",
    "link": "A new password was set for your account, by the link in a mail that we sent you",
}
NOT_ME = "If you know of it, there is nothing to do. If not, tell us at once."


def owner_of(account_id: int) -> Person | Contact | None:
    """Whom an account stands for now, as somebody who is written to."""
    worn = select(Standing).where(Standing.account_id == account_id, Standing.ended_at.is_(None)).order_by(Standing.id)
    standing = db.session.scalars(worn.limit(1)).one_or_none()
    if standing is None:
        return None
    if standing.person_id:
        return db.session.get_one(Person, standing.person_id)
    return db.session.get_one(Contact, standing.contact_id)


# --- a password was set ---


def announce_password(account: Account, *, by: str) -> None:
    """Counted by the row's version: each new password is told."""
    post("account.password_set", key=f"account:{account.id}:password:{account.version}", account_id=account.id, by=by)


@notice("account.password_set")
def tell_the_owner(account_id: int, *, by: str = "", own: bool = False) -> Iterator[Letter]:
    """`own` is how messages of before the link said it."""
    owner = owner_of(account_id)
    if owner is None:
        return
    yield Letter(
        to=owner,
        about=owner,
        subject="Your password was changed",
        text=(
            f"{CHANGED[by or ('owner' if own else 'admin')]}, and every other device was signed out. "
            f"The old password opens nothing any more.\n\n{NOT_ME}"
        ),
        path="/me",
        link="Your account",
        kind=Kind.SECURITY,
    )


# --- the way in ---


def announce_invitation(invitation: Invitation) -> None:
    """Each turn is told once; a turn that is over is told no more."""
    key = f"invitation:{invitation.id}:{invitation.sent}"
    post("account.invited", key=key, invitation_id=invitation.id, turn=invitation.sent)


@notice("account.invited")
def tell_whom_we_invite(invitation_id: int, turn: int) -> Iterator[Letter]:
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or not invitation.is_open or invitation.sent != turn or invitation.is_over(now()):
        return
    account, owner = db.session.get_one(Account, invitation.account_id), owner_of(invitation.account_id)
    if owner is None:
        return
    practice = db.session.get_one(Practice, 1)
    inviter = db.session.get(Account, invitation.by_account_id) if invitation.by_account_id else None
    invites = f"{inviter.name} of {_house_of(inviter, practice)}" if inviter else practice.name
    what = (
        f"to the pages that {practice.name} keeps for {_company(owner)}: how things stand, what waits for you, "
        "and what was delivered"
        if isinstance(owner, Contact)
        else f"to Twelvefold, in which {practice.name} works"
    )
    yield Letter(
        to=owner,
        about=owner,
        subject=f"Your way in to {practice.name}",
        text=(
            f"{invites} invites you {what}.\n\nChoose a password of your own, and you are in. You sign in with "
            f"{account.email}. The link works once, until {moment(invitation.expires_at)}.\n\n"
            "If you did not expect this, ignore it: without you nothing happens."
        ),
        address=account.email,  # whose key it is: somebody may stand for the same person by another account too
        path=f"/invitation/{token_of(Link.INVITATION, account, invitation.id)}",
        link="Choose your password",
        kind=Kind.SECURITY,
    )


def _company(contact: Contact) -> str:
    return db.session.get_one(Client, contact.client_id).name


def _house_of(account: Account, practice: Practice) -> str:
    whom = owner_of(account.id)
    return _company(whom) if isinstance(whom, Contact) else practice.name


def announce_role(account: Account, role: Role, by: Viewer) -> None:
    """Whoever may see everything, or let others in, is let in before the partners' eyes."""
    key = f"account:{account.id}:{role.value}:{account.version}"
    post("account.role_given", key=key, account_id=account.id, role=role.value, by_account_id=by.account_id)


@notice("account.role_given")
def tell_the_partners(account_id: int, role: str, by_account_id: int | None) -> Iterator[Letter]:
    account = db.session.get(Account, account_id)
    owner = owner_of(account_id)
    if account is None or owner is None:
        return
    giver = db.session.get(Account, by_account_id) if by_account_id else None
    for partner in db.session.scalars(partners(today())):
        if partner.id == getattr(owner, "id", None) and isinstance(owner, Person):
            continue
        yield Letter(
            to=partner,
            about=partner,
            subject=f"{account.name} is now {'an' if role == 'admin' else 'a'} {role}",
            text=(
                f"{giver.name if giver else 'A command at the server'} gave {account.name} ({account.email}) the role "
                f"{worded(Role(role))}.\n\nIf you know of it, there is nothing to do. If not, ask at once."
            ),
            path=f"/people/{owner.id}" if isinstance(owner, Person) else "/people",
            link="Open the page",
            kind=Kind.SECURITY,
        )


# --- a forgotten password ---


@notice("account.reset_asked")
def send_the_way_back(account_id: int) -> Iterator[Letter]:
    account, owner = db.session.get(Account, account_id), owner_of(account_id)
    if account is None or owner is None or not account.active:
        return
    if account.password is None:
        yield from _invited_still(account)
        return
    hours = int(RESET_WITHIN.total_seconds() // 3600)
    yield Letter(
        to=owner,
        about=owner,
        subject="Choose a new password",
        text=(
            f"Somebody asked for a new password for {account.email} on our sign-in page. If that was you, choose one. "
            f"The link works once, for {hours} hours.\n\n"
            "If it was not you, ignore this mail: your password stays as it is."
        ),
        address=account.email,
        path=f"/reset/{token_of(Link.RESET, account)}",
        link="Choose a new password",
        kind=Kind.SECURITY,
    )


def _invited_still(account: Account) -> Iterator[Letter]:
    """Who never chose a password has none to forget: the invitation is what they need."""
    waits = (Invitation.account_id == account.id, Invitation.accepted_at.is_(None), Invitation.ended_at.is_(None))
    invitation = db.session.scalars(select(Invitation).where(*waits).order_by(Invitation.id.desc())).first()
    if invitation and not invitation.is_over(now()):
        yield from tell_whom_we_invite(invitation.id, invitation.sent)


# --- a new address ---


def announce_address(change: AddressChange) -> None:
    """To both: the new address confirms, the old one can stop it."""
    post("account.address_new", key=f"address:{change.id}:new", change_id=change.id)
    post("account.address_old", key=f"address:{change.id}:old", change_id=change.id)


def _open_change(change_id: int) -> tuple[AddressChange, Account, Person | Contact] | None:
    change = db.session.get(AddressChange, change_id)
    owner = owner_of(change.account_id) if change else None
    if change is None or owner is None or not change.is_open(now()):
        return None
    return change, db.session.get_one(Account, change.account_id), owner


@notice("account.address_new")
def ask_the_new_address(change_id: int) -> Iterator[Letter]:
    found = _open_change(change_id)
    if found:
        change, account, owner = found
        yield Letter(
            to=owner,
            about=owner,
            address=change.email,
            subject="Confirm your new mail address",
            text=(
                f"From now on you want to sign in with {change.email} instead of {account.email}, and have our mails sent "
                f"here. Confirm it until {moment(change.expires_at)}: until then nothing changes.\n\n"
                "If you did not ask for this, ignore it."
            ),
            path=f"/address/{token_of(Link.ADDRESS, account, change.id, 'confirm')}",
            link="Confirm this address",
            kind=Kind.SECURITY,
        )


@notice("account.address_old")
def warn_the_old_address(change_id: int) -> Iterator[Letter]:
    found = _open_change(change_id)
    if found:
        change, account, owner = found
        yield Letter(
            to=owner,
            about=owner,
            address=account.email,
            subject="Your mail address is to be changed",
            text=(
                f"Your account is to be signed in with {change.email} instead of this address, as soon as that is confirmed "
                "there.\n\nIf that was you, there is nothing to do here. If not, stop it: every device is signed out then, "
                "and you choose a new password."
            ),
            path=f"/address/{token_of(Link.ADDRESS, account, change.id, 'stop')}",
            link="Stop this change",
            kind=Kind.SECURITY,
        )


# --- a company lets its own people in ---


def announce_viewer(event: str, contact: Contact, by: Viewer, mark: int) -> None:
    post(
        f"viewer.{event}", key=f"standing:{mark}:{event}", contact_id=contact.id, client_id=contact.client_id,
        by_contact_id=by.contact_id,
    )  # fmt: skip


@notice("viewer.invited")
def tell_the_lead_of_a_viewer(contact_id: int, client_id: int, by_contact_id: int) -> Iterator[Letter]:
    yield from _to_the_leads(contact_id, client_id, by_contact_id, "may look in from now on", "let them in")


@notice("viewer.removed")
def tell_the_lead_who_left(contact_id: int, client_id: int, by_contact_id: int) -> Iterator[Letter]:
    yield from _to_the_leads(contact_id, client_id, by_contact_id, "looks in no more", "ended their access")


def _to_the_leads(contact_id: int, client_id: int, by_contact_id: int, now_so: str, did: str) -> Iterator[Letter]:
    contact, sponsor = db.session.get(Contact, contact_id), db.session.get(Contact, by_contact_id)
    client = db.session.get(Client, client_id)
    if contact is None or sponsor is None or client is None:
        return
    for lead in db.session.scalars(_leads_at(client_id)):
        yield Letter(
            to=lead,
            about=contact,
            subject=f"{contact.name} of {client.name} {now_so}",
            text=f"{sponsor.name} {did}. As a viewer they read what {client.name} is shown, and decide nothing.",
            path=f"/clients/{client_id}/people",
            link="Open the people of the client",
            kind=Kind.SECURITY,  # who has a way in: at once, whatever somebody chose
            inside=f"/clients/{client_id}/people",
        )


def _leads_at(client_id: int) -> Select[Person]:
    """Whoever leads an engagement of this client today."""
    return (
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.client_id == client_id, Assignment.role == AssignmentRole.LEAD, Assignment.status == Status.CONFIRMED,
            Assignment.begins <= today(), Assignment.ends >= today(),
        )
        .distinct()
    )  # fmt: skip


def announce_access(account: Account, standing: Standing) -> None:
    post("account.access_given", key=f"standing:{standing.id}:given", account_id=account.id, standing_id=standing.id)


@notice("account.access_given")
def tell_of_one_more_company(account_id: int, standing_id: int) -> Iterator[Letter]:
    standing, account = db.session.get(Standing, standing_id), db.session.get(Account, account_id)
    contact = db.session.get(Contact, standing.contact_id) if standing and not standing.ended_at else None
    if contact and account:
        company = _company(contact)
        yield Letter(
            to=contact,
            about=contact,
            subject=f"You may look at {company} too",
            text=(
                f"Your account {account.email} opens the pages of {company} from now on. You change between companies under "
                "your name, and never see two at once."
            ),
            path="/me",
            link="Your account",
            kind=Kind.SECURITY,
        )


# --- somebody leaves ---


def announce_leaver(whom: Person | Contact, told: Mapping[int, Sequence[str]]) -> None:
    kind = "person" if isinstance(whom, Person) else "contact"
    shares = [[taker, list(lines)] for taker, lines in told.items()]
    post("leaver.left", key=f"leaver:{kind}:{whom.id}:{whom.version}", kind=kind, whom_id=whom.id, shares=shares)


@notice("leaver.left")
def tell_who_takes_over(kind: str, whom_id: int, shares: list[tuple[int, list[str]]]) -> Iterator[Letter]:
    """Each of ours reads what became theirs; of a client's leaver the leads hear."""
    if kind == "contact":
        yield from _a_contact_left(whom_id)
        return
    whom = db.session.get(Person, whom_id)
    for taker_id, lines in shares:
        taker = db.session.get(Person, taker_id)
        if whom and taker:
            yield Letter(
                to=taker,
                about=taker,
                subject=f"You take over from {whom.name}",
                text=f"{whom.name} has left. From today on this is yours:\n\n"
                + "\n".join(f"- {line}" for line in lines),
                path="/today",
                link="Open your day",
            )


def _a_contact_left(contact_id: int) -> Iterator[Letter]:
    contact = db.session.get(Contact, contact_id)
    client = db.session.get(Client, contact.client_id) if contact else None
    if contact is None or client is None:
        return
    for lead in db.session.scalars(_leads_at(client.id)):
        yield Letter(
            to=lead,
            about=contact,
            subject=f"{contact.name} of {client.name} has left",
            text="Their way in has ended. What they sponsored, held or owned stands under the name of who follows them now.",
            path=f"/clients/{client.id}/people",
            link="Open the people of the client",
        )
