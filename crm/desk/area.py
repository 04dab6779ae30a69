"""One area of an engagement: its scope, its verdict, the review in the making, what was said before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.catalogue import area_of, registers_of
from crm.audit.models import Opened
from crm.clients.openings import seen_by
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press
from crm.core.twelve import BY_SLUG, TWELVE, Responsibility
from crm.core.web import answer
from crm.desk import judged
from crm.desk import queries as ask
from crm.desk.lines import address_of
from crm.desk.since import counts_since, since
from crm.engagements.desk import again, the_engagement
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope
from crm.evidence.why import Why, why_of
from crm.kpis.desk import kpis_for
from crm.kpis.operations import note_areas
from crm.maturity.questions import chapters
from crm.meetings.queries import agreed_about_review
from crm.reviews import operations as do
from crm.reviews.forms import ReviewForm, review_form, say_who
from crm.reviews.frozen import Evidence
from crm.reviews.models import LEVELS, MEANS, Review
from crm.reviews.queries import draft_of, one_review, said_of

pages = Pages("area", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>/areas/<slug>")


def the_scope(engagement_id: int, slug: str, *, sponsors: bool = True) -> tuple[Engagement, AreaScope]:
    """The engagement and its scope of the area in the address, or 404."""
    area = BY_SLUG.get(slug)
    if area is None:
        raise NotFound
    engagement = the_engagement(engagement_id, sponsors=sponsors)
    return engagement, engagement.scope_of(area.code)


def the_draft(scope: AreaScope) -> Review | None:
    return db.session.scalar(draft_of(scope.engagement_id, scope.area))


def address(engagement: Engagement, area: Responsibility) -> str:
    return url_for("area.show", engagement_id=engagement.id, slug=area.slug)


@dataclass(frozen=True)
class Seen:
    """What stands of an area: the draft in the making, what was published, what the rules say now."""

    draft: Review | None
    reviews: Sequence[Review]
    why: Why | None  # none where an area is not judged

    @property
    def evidence(self) -> Evidence | None:
        return judged.told(self.why.judged) if self.why else None

    @property
    def last(self) -> Review | None:
        return self.reviews[0] if self.reviews else None


def look_at(scope: AreaScope) -> Seen:
    """Three statements, and one more where readings are read."""
    draft, reviews = said_of(scope.engagement_id, scope.client_id, scope.area)
    why = why_of(scope, today()) if scope.is_in and scope.engagement.is_open else None
    return Seen(draft, reviews, why)


def page_of_area(engagement: Engagement, scope: AreaScope, form: Form, seen: Seen | None = None) -> str:
    again(engagement)
    seen = seen or look_at(scope)
    if isinstance(form, ReviewForm):
        say_who(form)
    here = scope.responsibility
    counts = counts_since(scope, seen.last.published_at if seen.last else None)
    return render_template(
        "engagements/area.html", engagement=engagement, scope=scope, form=form, draft=seen.draft, today=today(), why=seen.why,
        evidence=seen.evidence, last=seen.last, reviews=seen.reviews,
        since=since(scope, seen.last, seen.evidence, counts) if seen.why else None,
        lead=engagement.who_leads(today()), before=TWELVE[here.number - 2], after=TWELVE[here.number % 12],
        deliverables=db.session.scalars(ask.deliverables_of(engagement.id, scope.area)).all(),
        initiatives=db.session.execute(ask.initiatives_for(scope.client_id, scope.area)).all(),
        registers=registers_of(area_of(here.slug)), MEANS=MEANS, LEVELS=LEVELS,  # type: ignore[arg-type]
        counts={kind: (one.kept, one.shared) for kind, one in counts.items()},
        kpis=kpis_for(scope), levels_here=chapters()[scope.area].levels,
    )  # fmt: skip


@pages.get("")
def show(engagement_id: int, slug: str) -> ResponseReturnValue:
    engagement, scope = the_scope(engagement_id, slug, sponsors=False)
    seen = look_at(scope)
    return page_of_area(engagement, scope, form_of(scope, seen.draft, seen.evidence), seen)


def form_of(scope: AreaScope, draft: Review | None, evidence: Evidence | None = None) -> ReviewForm:
    """The draft to go on with, else what the evidence suggests."""
    return review_form(scope, draft, evidence.suggested if evidence else None, g.practice.override_days)


@pages.post("")
def draft(engagement_id: int, slug: str) -> ResponseReturnValue:
    """Save what is said so far, for the team alone."""
    engagement, scope = the_scope(engagement_id, slug)
    found = the_draft(scope)
    form = form_of(scope, found)

    def deed(press: Press) -> Review:
        made = do.draft_review(scope, found, form.verdict, viewer=g.viewer, press=press)
        flash("Draft saved. The client does not see it.", "g")
        return made

    return _said(engagement, scope, form, deed, leads_to=address(engagement, scope.responsibility))


@pages.post("/publication")
def publish(engagement_id: int, slug: str) -> ResponseReturnValue:
    """Say it to the client; `then=next` goes on with the next area in scope."""
    engagement, scope = the_scope(engagement_id, slug)
    found = the_draft(scope)
    form = form_of(scope, found)
    area = next_area(engagement, scope) if request.args.get("then") == "next" else scope.responsibility

    def deed(press: Press) -> Review:
        known = judged.known_of([scope], today())[scope.area]
        with transaction():
            made = do.publish_review(scope, found, form.verdict, viewer=g.viewer, press=press, known=known)
            note_areas([scope])
        flash(f"{scope.responsibility.short} is published. The client reads it now.", "g")
        return made

    return _said(engagement, scope, form, deed, leads_to=address(engagement, area), verb="review.publish")


def _said(
    engagement: Engagement,
    scope: AreaScope,
    form: ReviewForm,
    deed: Callable[[Press], Review],
    *,
    leads_to: str,
    verb: str = "review.draft",
) -> ResponseReturnValue:
    if not may(g.viewer, verb, scope):
        raise NotPermitted(verb)
    return answer(form, deed, lambda form: page_of_area(engagement, scope, form), leads_to=leads_to)


def next_area(engagement: Engagement, scope: AreaScope) -> Responsibility:
    """The next in scope round the dial."""
    ahead = [*engagement.scopes[scope.number :], *engagement.scopes[: scope.number]]
    return next((row.responsibility for row in ahead if row.is_in), scope.responsibility)


@pages.get("/reviews/<id:review_id>")
def review(engagement_id: int, slug: str, review_id: int) -> ResponseReturnValue:
    """What was published one day: what was said, what the evidence said then, and the rows behind it."""
    engagement, scope = the_scope(engagement_id, slug)
    found = db.session.scalar(one_review(engagement_id, scope.area, review_id))
    if found is None:
        raise NotFound
    return render_template(
        "reviews/show.html",
        engagement=engagement,
        scope=scope,
        review=found,
        address_of_row=judged.row_address(scope),
        agreed=agreed_about_review(review_id),
        address_of=address_of,
        seen=seen_by(Opened.REVIEW, [review_id]),
    )
