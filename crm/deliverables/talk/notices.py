"""Who hears of a comment. What we say among ourselves never stands in a mail: whoever is called is told where it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.clients.models import Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.markdown import plain_of
from crm.core.ownership import Visibility
from crm.core.viewer import Audience
from crm.deliverables.models import Deliverable
from crm.deliverables.talk.models import KINDS, Comment, TeamComment
from crm.deliverables.talk.queries import NAMES, Mentionable, mentioned_in, who_may_be_mentioned
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person

EXCERPT = 600


def announce_mentions(said: Comment | TeamComment, called: Iterable[Mentionable]) -> None:
    """Tell those who are called by name, but not the author."""
    author = f"contact:{said.contact_id}" if said.contact_id else f"person:{said.person_id}"
    marks = ",".join(sorted(one.mark for one in called if one.mark != author))
    if marks:
        kind = "open" if said.is_open else "team"
        key = f"{kind}:{said.id}:mentioned:{said.version}"
        post("comment.mentioned", key=key, kind=kind, comment_id=said.id, marks=marks)


def announce_comment(said: Comment | TeamComment) -> None:
    """The client said something: whoever owns it and whoever leads hears of it."""
    post("comment.said", key=f"open:{said.id}:said", comment_id=said.id)


def _owed(deliverable_id: int) -> Deliverable | None:
    team = joinedload(Deliverable.engagement).selectinload(Engagement.assignments).joinedload(Assignment.person)
    owner = joinedload(Deliverable.assignment).joinedload(Assignment.person)
    given = selectinload(Deliverable.versions).defer(DeliverableVersion.text)
    asked = select(Deliverable).where(Deliverable.id == deliverable_id).options(team, owner, given)
    return db.session.scalars(asked).one_or_none()


def _said(kind: str, comment_id: int) -> Comment | TeamComment | None:
    of = KINDS[kind]
    asked: Any = select(of).where(of.id == comment_id, of.withdrawn_at.is_(None)).options(*NAMES[of])
    found: Comment | TeamComment | None = db.session.scalars(asked).one_or_none()
    return found


@notice("comment.mentioned")
def tell_who_is_called(kind: str, comment_id: int, marks: str) -> Iterator[Letter]:
    """Those who are still called in it, and still may be."""
    said = _said(kind, comment_id)
    owed = _owed(said.deliverable_id) if said else None
    if said is None or owed is None:
        return
    audience = Audience.CLIENT if said.contact_id else Audience.PRACTICE
    among = who_may_be_mentioned(owed, is_open=said.is_open, audience=audience)
    for one in mentioned_in(said.body, among):
        if one.mark in marks.split(","):
            of, _, key = one.mark.partition(":")
            whom: type[Person | Contact] = Person if of == "person" else Contact
            reader: Any = db.session.get(whom, int(key))
            if reader is not None:
                yield _letter(said, owed, reader)


def _as_given(owed: Deliverable) -> str:
    """As it was called when the client was given it; what is being changed since is not theirs to read yet."""
    given = [one.title for one in owed.versions if one.title and one.visibility is Visibility.CLIENT]
    return given[-1] if given else owed.title


def _letter(said: Comment | TeamComment, owed: Deliverable, reader: Person | Contact) -> Letter:
    is_ours = isinstance(reader, Person)
    title = owed.title if is_ours else _as_given(owed)
    name = f"{owed.code} {title}" if is_ours else title
    text = (
        f"{said.author} asks you to look at a comment on “{title}”:\n\n{plain_of(said.body, EXCERPT)}"
        if said.is_open
        else f"{said.author} named you in a comment for the team on {owed.code}. It is read on the page only."
    )
    return Letter(
        to=reader, about=said if is_ours else owed, subject=f"{said.author} named you: {name}", text=text,
        path=f"/deliverables/{owed.id}/comments" if is_ours else f"/portal/deliverables/{owed.id}#comments",
        link="Read it and answer",
    )  # fmt: skip


@notice("comment.said")
def tell_the_team(comment_id: int) -> Iterator[Letter]:
    """Owner and lead, unless they are named in it and hear of it so."""
    said = _said("open", comment_id)
    owed = _owed(said.deliverable_id) if said else None
    if said is None or owed is None:
        return
    lead = owed.engagement.who_leads(today())
    ours = {one.person_id: one.person for one in (owed.assignment, lead) if one is not None and one.runs(today())}
    among = who_may_be_mentioned(owed, is_open=True, audience=Audience.CLIENT)
    named = {one.mark for one in mentioned_in(said.body, among)}
    for key, person in ours.items():
        if f"person:{key}" not in named:
            yield Letter(
                to=person, about=said, subject=f"{said.author} commented: {owed.code} {owed.title}",
                text=f"{said.author} writes about “{owed.title}”:\n\n{plain_of(said.body, EXCERPT)}",
                path=f"/deliverables/{owed.id}/comments", link="Read it and answer",
            )  # fmt: skip
