"""Saying something about a deliverable, putting it right, taking it back."""

from crm.access.act import act
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.deliverables.models import Deliverable
from crm.deliverables.talk.models import Comment, TeamComment
from crm.deliverables.talk.notices import announce_comment, announce_mentions
from crm.deliverables.talk.queries import Mentionable, mentioned_in, who_may_be_mentioned


def add_comment(
    owed: Deliverable, *, viewer: Viewer, press: Press, body: str, about: int | None = None, is_open: bool = True
) -> Comment | TeamComment:
    """Before the client, or among ourselves: whichever it is now, it stays."""
    said: Comment | TeamComment = _of(owed, viewer, is_open=is_open)
    said.body, said.about, said.at = body, about, now()
    if is_open and not owed.is_shown:
        raise Refused(f"The client does not see {owed.code} yet: write for our team, or send it first.", "readers")
    shown = OpenTo.TEAM  # also of what the client reads: its line of the trail says nothing to them that it does not
    with act(viewer, "comment.add" if is_open else "comment.note", said, press=press, open_to=shown):
        db.session.add(said)
        db.session.flush()
        called = mentioned_in(body, _among(owed, said, viewer))
        announce_mentions(said, called)
        if said.contact_id is not None:
            announce_comment(said)
    return said


def _of(owed: Deliverable, viewer: Viewer, *, is_open: bool) -> Comment | TeamComment:
    whose = {
        "engagement": owed.engagement, "client_id": owed.client_id, "engagement_id": owed.engagement_id,
        "deliverable_id": owed.id, "person_id": viewer.person_id,
    }  # fmt: skip
    return Comment(contact_id=viewer.contact_id, **whose) if is_open else TeamComment(**whose)


def _among(owed: Deliverable, said: Comment | TeamComment, viewer: Viewer) -> list[Mentionable]:
    return who_may_be_mentioned(owed, is_open=said.is_open, audience=viewer.audience)


def revise_comment(owed: Deliverable, said: Comment | TeamComment, *, viewer: Viewer, press: Press, body: str) -> None:
    """One's own words, put right. What they were before stays in the trail, for partners."""
    before = said.body
    with act(viewer, "comment.revise", said, press=press, reason=before, open_to=OpenTo.PARTNERS):
        said.revise(body, now())
        db.session.flush()
        among = _among(owed, said, viewer)
        known = {one.mark for one in mentioned_in(before, among)}
        announce_mentions(said, [one for one in mentioned_in(body, among) if one.mark not in known])


def withdraw_comment(said: Comment | TeamComment, *, viewer: Viewer, press: Press) -> None:
    """One's own words, taken back: a mark stays, and in the trail the words, for partners."""
    with act(viewer, "comment.withdraw", said, press=press, reason=said.body, open_to=OpenTo.PARTNERS):
        said.withdraw(now())
