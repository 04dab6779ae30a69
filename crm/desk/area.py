"""One area of an engagement: its scope, its verdict, the review in the making, what was said before."""

from collections.abc import Callable, Sequence

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.catalogue import area_of, registers_of
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press
from crm.core.twelve import BY_SLUG, TWELVE, Responsibility
from crm.core.web import answer
from crm.desk import judged
from crm.desk import queries as ask
from crm.engagements.desk import again, the_engagement
from crm.engagements.models import AreaScope, Engagement
from crm.evidence.why import why_of
from crm.kpis.desk import kpis_for
from crm.kpis.operations import note_areas
from crm.registers.queries import counts_of
from crm.reviews import operations as do
from crm.reviews.forms import ReviewForm
from crm.reviews.models import LEVELS, MEANS, Review
from crm.reviews.queries import draft_of, published_on, said_of

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


def page_of_area(
    engagement: Engagement, scope: AreaScope, draft: Review | None, form: Form, reviews: Sequence[Review] | None = None
) -> str:
    again(engagement)
    if draft and inspect(draft).expired:
        draft = the_draft(scope)
    here = scope.responsibility
    if reviews is None:
        reviews = db.session.scalars(published_on(scope.client_id, scope.area)).all()
    why = why_of(scope, today()) if scope.is_in and engagement.is_open else None
    return render_template(
        "engagements/area.html", engagement=engagement, scope=scope, form=form, draft=draft, today=today(),
        evidence=judged.told(why.judged) if why else None, last=reviews[0] if reviews else None, reviews=reviews,
        lead=engagement.who_leads(today()), before=TWELVE[here.number - 2], after=TWELVE[here.number % 12],
        deliverables=db.session.scalars(ask.deliverables_of(engagement.id, scope.area)).all(),
        initiatives=db.session.execute(ask.initiatives_for(scope.client_id, scope.area)).all(), why=why,
        registers=registers_of(area_of(here.slug)), counts=counts_of(scope.client_id, scope.area), MEANS=MEANS, LEVELS=LEVELS,  # type: ignore[arg-type]
        kpis=kpis_for(scope),
    )  # fmt: skip


@pages.get("")
def show(engagement_id: int, slug: str) -> ResponseReturnValue:
    engagement, scope = the_scope(engagement_id, slug, sponsors=False)
    draft, reviews = said_of(engagement.id, scope.client_id, scope.area)
    return page_of_area(engagement, scope, draft, ReviewForm(draft, scope.maturity), reviews)


@pages.post("")
def draft(engagement_id: int, slug: str) -> ResponseReturnValue:
    """Save what is said so far, for the team alone."""
    engagement, scope = the_scope(engagement_id, slug)
    found = the_draft(scope)
    form = ReviewForm(found, scope.maturity)

    def deed(press: Press) -> Review:
        made = do.draft_review(scope, found, form.verdict, viewer=g.viewer, press=press)
        flash("Draft saved. The client does not see it.", "g")
        return made

    return _said(engagement, scope, found, form, deed, leads_to=address(engagement, scope.responsibility))


@pages.post("/publication")
def publish(engagement_id: int, slug: str) -> ResponseReturnValue:
    """Say it to the client; `then=next` goes on with the next area in scope."""
    engagement, scope = the_scope(engagement_id, slug)
    found = the_draft(scope)
    form = ReviewForm(found, scope.maturity)
    area = next_area(engagement, scope) if request.args.get("then") == "next" else scope.responsibility

    def deed(press: Press) -> Review:
        known = judged.known_of([scope], today())[scope.area]
        with transaction():
            made = do.publish_review(scope, found, form.verdict, viewer=g.viewer, press=press, known=known)
            note_areas([scope])
        flash(f"{scope.responsibility.short} is published. The client reads it now.", "g")
        return made

    return _said(engagement, scope, found, form, deed, leads_to=address(engagement, area), verb="review.publish")


def _said(
    engagement: Engagement,
    scope: AreaScope,
    draft: Review | None,
    form: ReviewForm,
    deed: Callable[[Press], Review],
    *,
    leads_to: str,
    verb: str = "review.draft",
) -> ResponseReturnValue:
    if not may(g.viewer, verb, scope):
        raise NotPermitted(verb)
    return answer(form, deed, lambda form: page_of_area(engagement, scope, draft, form), leads_to=leads_to)


def next_area(engagement: Engagement, scope: AreaScope) -> Responsibility:
    """The next in scope round the dial."""
    ahead = [*engagement.scopes[scope.number :], *engagement.scopes[: scope.number]]
    return next((row.responsibility for row in ahead if row.is_in), scope.responsibility)
