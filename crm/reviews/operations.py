"""Areas are judged: a draft that the team writes, and the publication that speaks to the client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.access.policy import may
from crm.audit.trail import record
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import NotPermitted, Refused, Stale
from crm.core.forms import Press
from crm.core.twelve import Area
from crm.core.viewer import Viewer
from crm.core.words import listed
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaOverride, AreaScope, Rag
from crm.reviews.frozen import Evidence, FrozenFinding, frozen, frozen_rows
from crm.reviews.models import Review, ReviewState, Verdict, seen_of
from crm.reviews.notices import announce


@dataclass(frozen=True)
class Known:
    """What is known of an area besides what is said of it: the colour that anybody said before of the client's area,
    and what the rules say at this moment."""

    last: Rag | None = None
    evidence: Evidence | None = None


def draft_review(scope: AreaScope, draft: Review | None, verdict: Verdict, *, viewer: Viewer, press: Press) -> Review:
    """Save what is said so far. The team of an engagement has one draft an area, and all of them may go on with it."""
    review = draft or _begun(scope, viewer)
    with act(viewer, "review.draft", review, press=press):
        _must_be_judged(scope, draft, press)
        review.say(verdict)
        db.session.add(review)
    return review


def publish_review(
    scope: AreaScope, draft: Review | None, verdict: Verdict, *, viewer: Viewer, press: Press, known: Known
) -> Review:
    """Say it to the client."""
    review = draft or _begun(scope, viewer)
    with act(viewer, "review.publish", review, press=press):
        _must_be_judged(scope, draft, press)
        review.say(verdict)
        _publish([(scope, review)], {scope.area: known})
    return review


def publish_run(
    engagement: Engagement,
    drafts: Sequence[Review],
    *,
    viewer: Viewer,
    press: Press,
    seen: str,
    known: Mapping[Area, Known],
) -> None:
    """Publish all these drafts or none of them, and tell the sponsors once. `seen`: how they stood on the page."""
    # How the drafts were seen counts, and not what else of the engagement was changed meanwhile.
    with act(viewer, "review.publish_run", engagement, press=replace(press, seen=engagement.version)):
        engagement.must_be_live()
        if seen != seen_of(drafts):
            raise Refused(
                "Nothing is published: a draft was changed since you opened this page. Read it below, then publish."
            )
        if not drafts:
            raise Refused("Nothing is written yet: review an area first.")
        if not all(may(viewer, "review.publish", one) for one in drafts):
            raise NotPermitted("review.publish")
        pairs = [(engagement.scope_of(one.area), one) for one in drafts]
        _must_be_ready(pairs, known)
        _publish(pairs, known)
        for one in drafts:
            record(viewer, "review.publish", one, before=ReviewState.DRAFT)
        announce(engagement, drafts)


def _must_be_ready(pairs: Sequence[tuple[AreaScope, Review]], known: Mapping[Area, Known]) -> None:
    """All or nothing: whatever is missing in one of them stops them all."""
    left_out = [scope.responsibility.short for scope, _ in pairs if not scope.is_in]
    if left_out:
        raise Refused(f"Nothing is published: {listed(left_out)} is out of scope by now.")
    lacking = [
        scope.responsibility.short
        for scope, one in pairs
        if any(one.missing(known.get(one.area, Known()).evidence, today()))
    ]
    if lacking:
        raise Refused(f"Nothing is published yet: something is missing in {listed(lacking)}.")


def _publish(pairs: Sequence[tuple[AreaScope, Review]], known: Mapping[Area, Known]) -> None:
    """Each of these speaks for its area from now on, and keeps the evidence of this moment."""
    at, on = now(), today()
    for former in _speaking(pairs[0][0].engagement_id, [review.area for _, review in pairs]):
        former.supersede()
    db.session.flush()  # one published review an engagement and area, also while this is written
    for scope, review in pairs:
        of_it = known.get(review.area, Known())
        review.publish(scope, at=at, on=on, last=of_it.last, evidence=of_it.evidence)
        db.session.add(review)
    _override(pairs)
    db.session.flush()
    freeze([review for _, review in pairs], known)


def _override(pairs: Sequence[tuple[AreaScope, Review]]) -> None:
    """Keep beside the scope until when its colour is better than the evidence, where it is."""
    kept = select(AreaOverride).where(AreaOverride.scope_id.in_([scope.id for scope, _ in pairs]))
    standing = {one.scope_id: one for one in db.session.scalars(kept)}
    for scope, review in pairs:
        former = standing.get(scope.id)
        if review.override_until is None:
            if former:
                db.session.delete(former)
            continue
        made = former or AreaOverride(scope_id=scope.id, engagement_id=scope.engagement_id, client_id=scope.client_id)
        made.until, made.suggested = review.override_until, review.suggested
        db.session.add(made)


def freeze(reviews: Sequence[Review], known: Mapping[Area, Known]) -> None:
    """The findings of all of them in one go, then the rows behind them."""
    found: list[tuple[Evidence, dict[str, int], list[FrozenFinding]]] = []
    for review in reviews:
        evidence = known.get(review.area, Known()).evidence
        if evidence:
            whose = {"client_id": review.client_id, "engagement_id": review.engagement_id}
            kept = list(frozen(evidence, whose, review.id, review.published_at or now()))
            found.append((evidence, whose, [one for one in kept if isinstance(one, FrozenFinding)]))
            db.session.add_all(one for one in kept if not isinstance(one, FrozenFinding))
    every: list[FrozenFinding] = [one for _, _, findings in found for one in findings]
    every.sort(key=lambda one: one.value is None)  # alike side by side: they go in together
    db.session.add_all(every)
    db.session.flush()
    for evidence, whose, findings in found:
        db.session.add_all(frozen_rows(evidence, {one.rule: one for one in findings}, whose))
    db.session.flush()


def _begun(scope: AreaScope, viewer: Viewer) -> Review:
    begun = Review(
        client_id=scope.client_id, engagement_id=scope.engagement_id, area=scope.area, state=ReviewState.DRAFT,
        author_id=viewer.person_id,
    )  # fmt: skip
    set_committed_value(begun, "engagement", scope.engagement)
    return begun


def _must_be_judged(scope: AreaScope, draft: Review | None, press: Press) -> None:
    scope.engagement.must_be_live()
    if not scope.is_in:
        raise Refused(f"{scope.responsibility.short} is out of scope: nobody judges it.")
    if draft is None and press.seen:  # the draft that this form shows is published by now
        for former in _speaking(scope.engagement_id, [scope.area]):
            raise Stale(former)


def _speaking(engagement_id: int, areas: Sequence[Area]) -> list[Review]:
    """What is published for these areas of this engagement now."""
    here = (Review.engagement_id == engagement_id) & Review.area.in_(areas)
    return list(db.session.scalars(select(Review).where(here, Review.state == ReviewState.PUBLISHED)))
