"""What wants the admin's eye: people who are not in yet, accounts that nobody uses, mail that failed, settings that
nobody ever set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from crm.core.settings import SETTINGS
from crm.core.words import listed, plural
from crm.people.models import Person
from crm.practice.models import Practice
from crm.settings.queries import Access

DEFAULTS = {one.name: one.default for one in SETTINGS}
NAMED = 5  # people who are named; of more the number says enough


@dataclass(frozen=True)
class Chore:
    """One line of the first screen: how many, in words for the sentence on top, and where it is done."""

    number: int
    title: str
    says: str
    short: str
    href: str


def chores(
    access: Access, failed: int, outside: Sequence[Person], practice: Practice, config: Mapping[str, Any]
) -> list[Chore]:
    """What wants somebody stands first."""
    unset = never_set(practice, config)
    named = listed([one.name for one in outside[:NAMED]]) + (" and others" if len(outside) > NAMED else "")
    found = [
        Chore(
            failed, "Mail that could not be delivered", "Given up after three days of tries" if failed else "Every mail got through",
            plural(failed, "mail that failed", "mails that failed"), url_for("settings.mail"),
        ),
        Chore(
            access.invited, "Invitations not accepted",
            f"{plural(access.lapsed, 'link is over: send it again', 'links are over: send them again')}" if access.lapsed else "Links work for seven days",
            plural(access.invited, "open invitation"), url_for("settings.accounts", state="invited"),
        ),
        Chore(
            len(outside), "People of the practice without a way in", f"{named}: invite them" if outside else "Everybody has one",
            plural(len(outside), "colleague without a way in", "colleagues without a way in"), url_for("settings.choose"),
        ),
        Chore(
            access.long, "Accounts unused for 90 days", "Close what nobody needs any more",
            plural(access.long, "unused account"), url_for("settings.accounts", state="long"),
        ),
        Chore(
            len(unset), "Settings never set", " ".join(unset) or "All that matter are set",
            plural(len(unset), "setting never set", "settings never set"), url_for("settings.practice"),
        ),
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.number)


def never_set(practice: Practice, config: Mapping[str, Any]) -> list[str]:
    """Sentences about what still stands as it was delivered and matters to people."""
    is_default = {name: config.get(name) == default for name, default in DEFAULTS.items()}
    said = {
        "The practice’s money, time zone, holidays and days to answer were never looked at.": practice.version == 1,
        "No mail server (MAIL_HOST): invitations and sign-offs wait.": is_default["MAIL_HOST"] and not practice.is_demo,
        "Mail comes from an address of nobody (MAIL_SENDER).": is_default["MAIL_SENDER"]
        and not is_default["MAIL_HOST"],
        "Links in mails lead to this machine alone (BASE_URL).": is_default["BASE_URL"] and not practice.is_demo,
    }
    return [sentence for sentence, is_so in said.items() if is_so]
