"""The code that is asked before something confidential opens from a mail."""

from collections.abc import Iterator

from sqlalchemy import select

from crm.clients.models import Contact
from crm.core.clock import now
from crm.core.db import db
from crm.links.models import LinkCode, MailLink
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice


def send_code(code: LinkCode) -> None:
    post("link.code", key=f"link:{code.link_id}:code:{code.id}", code_id=code.id)


@notice("link.code")
def write_the_code(code_id: int) -> Iterator[Letter]:
    """Told as long as it opens anything; made again from its salt, for it is kept nowhere."""
    asked = select(LinkCode, MailLink, Contact).join(MailLink, MailLink.id == LinkCode.link_id)
    row = db.session.execute(
        asked.join(Contact, Contact.id == MailLink.contact_id).where(LinkCode.id == code_id)
    ).one_or_none()
    if row is None or row[0].expires_at <= now():
        return
    code, link, contact = row
    yield Letter(
        to=contact, about=contact, subject="Your code",
        text=f"Type this code where you asked for it:\n\n{code.code}\n\nIt holds for ten minutes. If you did not ask for "
        "it, somebody else has the mail that we sent you: tell us.",
        path=f"/sign/{link.secret}", link="Back to the page", kind=Kind.SECURITY,
    )  # fmt: skip
