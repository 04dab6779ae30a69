"""Asking for an answer: who is asked, and the link that each of them gets."""

from collections.abc import Sequence
from datetime import date

from crm.core.clock import today
from crm.deliverables.notices import announce, key_of
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.states import Signers
from crm.links.models import Opens
from crm.links.operations import ASKED, make_link


def who_is_asked(version: DeliverableVersion, on: date) -> Sequence[int]:
    """The named sponsor, or all of them where all must agree, who has not answered yet; and their delegates."""
    engagement = version.engagement
    sponsors = [version.asked_id] if version.asked_id else []
    if engagement.signers is Signers.ALL:
        sponsors = [one.contact_id for one in engagement.sponsors]
    waited_for = [one for one in sponsors if one not in version.said_yes()]
    delegates = (delegate for one in waited_for for delegate in engagement.delegates_of(one, on))
    return list(dict.fromkeys([*waited_for, *delegates]))


def ask(
    version: DeliverableVersion,
    event: str,
    due: date,
    occasion: str = ASKED,
    *,
    to: Sequence[int] | None = None,
    **more: str,
) -> bool:
    """Queue one mail with one link for each who is asked. False where this occasion had its mails before."""
    if version.submitted_at is None:
        return False
    key = key_of(event, version) if occasion == ASKED else f"{key_of(event, version)}:{occasion}"
    links = [
        make_link(
            contact_id, version.client_id, Opens.VERSION, version.id, asked_at=version.submitted_at, answer_by=due,
            occasion=occasion, digest=version.digest, mail_key=f"{key}:contact:{contact_id}",
        )
        for contact_id in (who_is_asked(version, today()) if to is None else to)
    ]  # fmt: skip
    made = [one.id for one in links if one]
    if made:
        announce(event, version, key=key, links=made, **more)
    return bool(made)
