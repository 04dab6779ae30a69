"""The door of those who come by a link from a mail: no session and no cookie, one thing, through the same lock."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from flask import abort, current_app, g, request
from limits import RateLimitItemPerMinute
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from crm.access.pages import Pages
from crm.accounts.limits import limiter
from crm.accounts.models import Account, Standing
from crm.accounts.session import account_session
from crm.clients.models import Contact
from crm.core.clock import keep_time_of, now
from crm.core.viewer import Role, Viewer, look_as
from crm.links.models import LinkCode, MailLink, digest_of
from crm.practice.models import Practice

MISSES = RateLimitItemPerMinute(20)  # of one address: addresses that never were a link
CODE_OPENS = timedelta(minutes=30)  # so long a code that was typed right opens its link, in that browser
COOKIE = "code"  # of a code that was typed right
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Comer:
    """Who came by which link, and what keys they have besides: an account that is closed closes the links too."""

    link: MailLink
    contact: Contact
    practice: Practice
    roles: frozenset[Role] | None  # of their account; None where they never had one

    @property
    def viewer(self) -> Viewer:
        """A sponsor who sees this one thing. Whether the answer is theirs to give is the policy's to say."""
        link = self.link
        return Viewer(
            Role.SPONSOR, contact_id=link.contact_id, client_id=link.client_id, only=(link.opens.value, link.thing_id)
        )

    def has_keys(self, *, as_sponsor: bool) -> bool:
        """Still one of the client's people, and not shut out."""
        if self.contact.archived_at:
            return False
        return self.roles is None or (Role.SPONSOR in self.roles if as_sponsor else bool(self.roles))


def comer_of(secret: str) -> Comer | None:
    asked = (
        select(MailLink, Contact, Practice)
        .join(Contact, Contact.id == MailLink.contact_id)
        .join(Practice, Practice.id == 1)
        .where(MailLink.token_hash == digest_of(secret))
    )
    hats = select(Standing, Account.active).join(Account, Account.id == Standing.account_id)
    with account_session(writes=False) as accounts:
        found = accounts.execute(asked).one_or_none()
        if found is None:
            return None
        link, contact, practice = found
        worn = accounts.execute(hats.where(Standing.contact_id == contact.id)).all()
    live = frozenset(hat.role for hat, active in worn if active and hat.ended_at is None)
    return Comer(link, contact, practice, live if worn else None)


def code_behind(link: MailLink, proof: str) -> bool:
    """Whether this browser typed a code of this link right, a short while ago."""
    passed = select(LinkCode).where(LinkCode.link_id == link.id, LinkCode.passed_at > now() - CODE_OPENS)
    with account_session(writes=False) as accounts:
        codes = accounts.scalars(passed.order_by(LinkCode.id.desc()).limit(5)).all()
    return any(hmac.compare_digest(one.proof.encode(), proof.encode()) for one in codes)


class LinkPages(Pages):
    """Pages that a link opens. What is unknown is not there, whoever's it was once; guessing is slowed."""

    def admit(self) -> None:
        secret, address = str(g.get("secret", "")), request.remote_addr or ""
        if not limiter.test(MISSES, "links", address):
            raise TooManyRequests(retry_after=60)
        comer = comer_of(secret)
        if comer is None:
            limiter.hit(MISSES, "links", address)
            abort(404 if request.method in SAFE else 400)
        keep_time_of(comer.practice.zone)
        g.practice, g.viewer, g.comer, g.form_token = comer.practice, comer.viewer, comer, comer.link.form_token
        if request.method not in SAFE and current_app.config["WTF_CSRF_ENABLED"]:
            typed = request.form.get("csrf_token", "")
            if not hmac.compare_digest(typed.encode(), comer.link.form_token.encode()):
                abort(400)
        proof = request.cookies.get(COOKIE, "")
        g.code_passed = bool(proof) and code_behind(comer.link, proof)
        look_as(comer.viewer, via="mail", request_id=g.setdefault("request_id", uuid4().hex))
