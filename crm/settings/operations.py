"""Giving and taking access, the practice's own data, and mail that should be tried again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from crm.access.act import act
from crm.accounts.models import Account, CalendarFeed, SignedIn, Standing
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Role, Viewer
from crm.core.words import worded
from crm.figures import ContactName
from crm.files.models import ClientQuota
from crm.outbox.models import MailChoice, Outbox
from crm.people.models import Person
from crm.practice.models import Approval, Practice
from crm.settings.mail_queries import failed_mail
from crm.settings.notices import announce_password, announce_role
from crm.settings.queries import account_by_mail, open_invitation, other_admins
from crm.settings.storage_queries import quota_of

STRONG = (Role.PARTNER, Role.ADMIN)  # roles whose giving the partners hear of


@dataclass(frozen=True)
class Hat:
    """What somebody is to stand for: a person of the practice, or a contact of a client, in one role."""

    role: Role
    whom: Person | ContactName

    def standing(self) -> Standing:
        if isinstance(self.whom, Person):
            return Standing(role=self.role, person_id=self.whom.id)
        return Standing(role=self.role, contact_id=self.whom.id, client_id=self.whom.client_id)

    def is_worn_in(self, account: Account) -> bool:
        wanted = self.standing()
        return any(
            (one.role, one.person_id, one.contact_id) == (wanted.role, wanted.person_id, wanted.contact_id)
            for one in account.hats
        )

    def __str__(self) -> str:
        of = self.whom.client if isinstance(self.whom, ContactName) else "the practice"
        return f"{worded(self.role)}: {self.whom.name} of {of}"


def begin_practice(*, viewer: Viewer, name: str) -> Practice:
    """The one practice of a new installation: its people need a second factor from the first day."""
    practice = Practice(id=1, name=name, staff_second_factor=True)
    with act(viewer, "practice.begin", practice):
        db.session.add(practice)
    return practice


def revise_practice(
    practice: Practice,
    *,
    viewer: Viewer,
    press: Press,
    name: str,
    town: str,
    accent: str | None,
    currency: str,
    zone: str,
    region: str,
    review_days: int,
    override_days: int,
    consultant_share: int,
    partner_share: int,
    consultant_target: int,
    partner_target: int,
    timer_step: int,
    timer_up: bool,
    approval: Approval,
    code_always: bool,
    code_from_days: int | None,
) -> Practice:
    with act(viewer, "practice.revise", practice, press=press):
        practice.name, practice.town, practice.accent = name, town, accent or ""
        practice.currency, practice.zone, practice.region = currency, zone, region
        practice.review_days, practice.override_days = review_days, override_days
        practice.consultant_share, practice.partner_share = consultant_share, partner_share
        practice.consultant_target, practice.partner_target = consultant_target, partner_target
        practice.approval = approval
        practice.timer_step, practice.timer_up = timer_step, timer_up
        practice.code_always, practice.code_from_days = code_always, code_from_days
    return practice


def add_account(
    *, viewer: Viewer, hat: Hat, email: str, hashed: str, name: str = "", press: Press | None = None
) -> Account:
    """The keys of somebody new. An address opens one account only; a second hat is given to that one."""
    account = Account(email=email, name=name or hat.whom.name, password=hashed, created_at=now())
    account.standings = [hat.standing()]
    with act(viewer, "account.add", account, press=press, reason=str(hat)):
        if account_by_mail(viewer, email):
            raise Refused(f"{email} has an account already. Give it this role there, or write another address", "email")
        db.session.add(account)
        only_one(email)
        if hat.role in STRONG:
            announce_role(account, hat.role, viewer)
    return account


def give(account: Account, *, viewer: Viewer, hat: Hat, press: Press | None = None) -> Account:
    """One more thing that this account stands for."""
    with act(viewer, "account.give", account, press=press, reason=str(hat)):
        if account.id == viewer.account_id:
            raise Refused("Nobody gives a role to themself. Another admin can.")
        if hat.is_worn_in(account):
            raise Refused(f"{account.name} has this role already.")
        account.standings.append(hat.standing())
        db.session.flush()
        if hat.role in STRONG:
            announce_role(account, hat.role, viewer)
    return account


def take(account: Account, *, viewer: Viewer, standing: Standing, press: Press, said: str) -> Account:
    """It stands for this no longer. What it looked at through this hat ends with the next click."""
    with act(viewer, "account.take", account, press=press, reason=said):
        if account.id == viewer.account_id and standing.role is Role.ADMIN:
            raise Refused("You cannot take your own key to this office. Another admin can.")
        standing.end(now())
        if not account.hats:
            raise Refused("This is the last role of the account. Close the account instead.")
    return account


def rename_account(account: Account, *, viewer: Viewer, press: Press | None, name: str, email: str) -> Account:
    """Name and address of an account that nobody used yet; how it goes with others: crm/settings/addresses.py."""
    with act(viewer, "account.revise", account, press=press):
        other = account_by_mail(viewer, email)
        if other and other.id != account.id:
            raise Refused(f"{email} belongs to another account. Write another address", "email")
        account.name, account.email = name, email
        only_one(email)
    return account


def only_one(email: str) -> None:
    """Another admin may have given the address away at this very moment."""
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(f"{email} has an account already. Write another address", "email") from None


def close_account(account: Account, *, viewer: Viewer, press: Press) -> Account:
    """Out everywhere at once, and no way in. What they did stays theirs."""
    with act(viewer, "account.close", account, press=press):
        if account.id == viewer.account_id:
            raise Refused("You cannot close your own account. Another admin can.")
        if any(one.role is Role.ADMIN for one in account.hats) and not other_admins(account):
            raise Refused("This is the last account of an admin. Make another one first.")
        account.close(now())
    return account


def reopen_account(account: Account, *, viewer: Viewer, press: Press) -> Account:
    with act(viewer, "account.reopen", account, press=press):
        account.reopen()
    return account


def set_password(account: Account, *, viewer: Viewer, hashed: str, press: Press | None = None) -> Account:
    with act(viewer, "account.set_password", account, press=press):
        account.set_password(hashed, now())
        waiting = open_invitation(account.id)
        if waiting:
            waiting.withdraw(now())
        announce_password(account, by="admin")
    return account


def revise_own(
    account: Account, *, viewer: Viewer, press: Press, name: str, theme: str, single_keys: bool, with_timer: bool
) -> Account:
    with act(viewer, "own.revise", account, press=press):
        account.name, account.theme = name, theme
        account.single_keys, account.with_timer = single_keys, with_timer
    return account


def set_own_password(account: Account, *, viewer: Viewer, press: Press, hashed: str) -> Account:
    with act(viewer, "own.set_password", account, press=press):
        account.set_password(hashed, now())
        announce_password(account, by="owner")
    return account


def end_all_sessions(account: Account, *, viewer: Viewer, press: Press) -> Account:
    """Out on every device; they may sign in again."""
    with act(viewer, "account.end_sessions", account, press=press):
        account.end_sessions(now())
    return account


def end_own_sessions(account: Account, *, viewer: Viewer, press: Press, sessions: Sequence[SignedIn]) -> Account:
    """One's own only: the caller found them among one's own."""
    with act(viewer, "own.end_sessions", account, press=press):
        for one in sessions:
            one.end(now())
    return account


def retry_mail(message: Outbox, *, viewer: Viewer, press: Press) -> Outbox:
    with act(viewer, "mail.retry", message, press=press):
        message.retry(now())
    return message


def retry_all_mail(practice: Practice, *, viewer: Viewer, press: Press) -> Practice:
    """Every message that was given up gets all its tries anew."""
    with act(viewer, "mail.retry_all", practice, press=press):
        for message in failed_mail(viewer):
            message.retry(now())
    return practice


def choose_mail(
    choice: MailChoice, *, viewer: Viewer, press: Press, paces: dict[str, str], weekly_on: int, zone: str
) -> MailChoice:
    """How often mail of each kind comes to one's own address."""
    with act(viewer, "own.choose_mail", choice, press=press):
        choice.paces, choice.weekly_on, choice.zone = paces, weekly_on, zone
        db.session.add(choice)
        _first_choice()
    return choice


def _first_choice() -> None:
    """Another window may have chosen at this very moment."""
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused("You chose in another window just now. Open this page again.") from None


def open_calendar(feed: CalendarFeed, *, viewer: Viewer, press: Press, before: Sequence[CalendarFeed]) -> CalendarFeed:
    """A new secret address; the one before opens nothing from this moment."""
    with act(viewer, "own.open_calendar", feed, press=press):
        for one in before:
            one.end(now())
        db.session.add(feed)
    return feed


def close_calendar(feed: CalendarFeed, *, viewer: Viewer, press: Press) -> CalendarFeed:
    with act(viewer, "own.close_calendar", feed, press=press):
        feed.end(now())
    return feed


def give_room_to_all(practice: Practice, megabytes: int, *, viewer: Viewer, press: Press) -> None:
    """How much the files of a client may take, where nothing else is said of it."""
    said = f"{practice.file_quota} MB, now {megabytes} MB for each client"
    with act(viewer, "quota.give", practice, press=press, reason=said):
        practice.file_quota = megabytes


def give_room(
    practice: Practice, client_id: int, client: str, megabytes: int | None, *, viewer: Viewer, press: Press
) -> None:
    """A limit of its own for one client; None takes it away again."""
    said = f"{client}: {f'{megabytes} MB' if megabytes else 'as everybody'}"[:500]
    with act(viewer, "quota.give", practice, press=press, reason=said):
        own = quota_of(viewer, client_id)
        if own and megabytes is None:
            db.session.delete(own)
        elif own and megabytes:
            own.megabytes = megabytes
        elif megabytes:
            db.session.add(ClientQuota(client_id=client_id, megabytes=megabytes))
