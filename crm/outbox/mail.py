"""One letter to one reader: written when it leaves, sent by SMTP, or kept where the demo shows it."""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from crm.core.clock import now
from crm.core.db import db, reading
from crm.core.viewer import SYSTEM, Viewer, viewing_as
from crm.outbox.held import Unproven, is_held
from crm.outbox.letterhead import as_html, as_text, look_of
from crm.outbox.models import DemoMail
from crm.outbox.notices import Addressee, Letter, addressee_of, letters_of
from crm.outbox.topics import Dropped, Message
from crm.practice.models import Practice

PATIENCE = 20  # seconds for each answer of the mail server
NOT_A_READER = Dropped("Not sent: nobody to tell any more.")
NO_ADDRESS = Dropped("Not sent: the account was closed.")
NOT_THEIRS = Dropped("Not sent: they may no longer see it.")


def written(message: Message) -> EmailMessage | Dropped:
    """The letter in the words of now, to where its reader is written to now; or why it is not sent."""
    about = message.payload
    letter = next((one for one in letters_of(about["of"], about["with"]) if one.mark == about["to"]), None)
    if letter is None:
        return NOT_A_READER
    addressee = addressee_of(letter)
    if addressee is None:
        return NO_ADDRESS
    if not sees(addressee.viewer, letter.about):
        return NOT_THEIRS
    if is_held(letter, addressee):
        raise Unproven("Held back: a partner has to say first that this address is theirs.")
    return _composed(message, letter, addressee)


def sees(viewer: Viewer, thing: Any) -> bool:
    """Whether this reader finds the thing through eyes of their own, which is a session of its own."""
    kind, number = type(thing), thing.id
    with current_app.app_context(), reading(), viewing_as(viewer):
        return db.session.get(kind, number) is not None


def _composed(message: Message, letter: Letter, addressee: Addressee) -> EmailMessage:
    practice = db.session.get_one(Practice, 1)
    base = current_app.config["BASE_URL"].rstrip("/")
    mail = EmailMessage()
    mail["From"] = current_app.config["MAIL_SENDER"]
    mail["To"] = formataddr((letter.to.name, addressee.address))
    mail["Subject"] = " ".join(letter.subject.split())[:300]
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = (
        f"<{message.id}.{hashlib.sha256(message.key.encode()).hexdigest()[:24]}@{urlsplit(base).hostname}>"
    )
    mail["Auto-Submitted"] = "auto-generated"
    look = look_of(practice.name, base, practice.accent, choice="/me/mail" if addressee.viewer.account_id else "")
    mail.set_content(as_text(letter, look))
    mail.add_alternative(as_html(letter, look), subtype="html")
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    """What stands in one of its two forms: plain or html."""
    found = mail.get_body((kind,))
    return str(found.get_content()) if found else ""


def send(message: Message) -> Dropped | None:
    """Out into the world, with no transaction open. Raises what the mail server answers."""
    with current_app.app_context(), viewing_as(SYSTEM), reading():
        mail = written(message)
    if isinstance(mail, Dropped):
        return mail
    with mail_server() as server:
        server.send_message(mail)
    return None


@contextmanager
def mail_server() -> Iterator[smtplib.SMTP]:
    """A conversation with the server of the settings."""
    said = current_app.config
    secure, host, port = said["MAIL_TLS"], said["MAIL_HOST"], said["MAIL_PORT"]
    me, trusted = urlsplit(said["BASE_URL"]).hostname, ssl.create_default_context()
    talk = (
        smtplib.SMTP_SSL(host, port, me, timeout=PATIENCE, context=trusted)
        if secure == "tls"
        else smtplib.SMTP(host, port, me, timeout=PATIENCE)
    )
    with talk as server:
        if secure == "starttls":
            server.starttls(context=trusted)
        if said["MAIL_USER"]:
            server.login(said["MAIL_USER"], said["MAIL_PASSWORD"])
        yield server


def keep(message: Message) -> Dropped | None:
    """In the demo nothing leaves the machine: the letter is kept where its mailbox shows it."""
    mail = written(message)
    if isinstance(mail, Dropped):
        return mail
    db.session.add(
        DemoMail(
            key=message.key, recipient=message.recipient, subject=mail["Subject"], kind=message.kind,
            body=part(mail, "plain"), html=part(mail, "html"), at=now(),
        )
    )  # fmt: skip
    return None
