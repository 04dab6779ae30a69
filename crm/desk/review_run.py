"""The review run: the areas of an engagement that are due, worst first, a step for each, and all published at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Form, Press
from crm.core.twelve import BY_SLUG, Area
from crm.core.web import answer
from crm.core.words import amount, in_words, listed, plural, short_day
from crm.desk import judged
from crm.desk.since import since
from crm.engagements.desk import again, the_engagement
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope, Rag
from crm.kpis.operations import note_areas
from crm.maturity.queries import latest_levels
from crm.maturity.questions import chapters
from crm.reviews import operations as do
from crm.reviews.forms import PublishForm, ReviewForm, review_form, say_who
from crm.reviews.frozen import Evidence
from crm.reviews.models import LEVELS, MEANS, WORST_FIRST, Review, seen_of
from crm.reviews.queries import drafts_of, said_last

pages = Pages("review_run", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>/review")
AHEAD = timedelta(days=3)  # as on Today
NEVER = date.min


@dataclass(frozen=True)
class Step:
    """One area in the run: what the rules suggest, what was said last, what is written now and what it still lacks."""

    scope: AreaScope
    evidence: Evidence | None
    draft: Review | None
    last: Review | None
    on: date

    @property
    def is_due(self) -> bool:
        due = self.scope.review_due
        return self.draft is not None or due is None or due <= self.on + AHEAD or self.scope.lapsed(self.on) is not None

    @property
    def suggested(self) -> Rag | None:
        return self.evidence.suggested if self.evidence else None

    @cached_property
    def gaps(self) -> list[Refused]:
        return list(self.draft.missing(self.evidence, self.on)) if self.draft else []

    @property
    def is_mine(self) -> bool:
        """Whether the viewer may publish what is written."""
        return may(g.viewer, "review.publish", self.draft or self.scope)

    def behind(self, rule: str) -> str | None:
        """Where the rows are that a rule speaks of."""
        return judged.rows_behind(rule, self.scope)

    @property
    def rank(self) -> tuple[int, date, int]:
        """Worst suggestion first, then the longest overdue."""
        return WORST_FIRST.index(self.suggested), self.scope.review_due or NEVER, self.scope.number

    @property
    def address(self) -> str:
        slug = self.scope.responsibility.slug
        return url_for("review_run.step", engagement_id=self.scope.engagement_id, slug=slug)


@dataclass(frozen=True)
class Run:
    """The whole of it."""

    engagement: Engagement
    steps: Sequence[Step]
    later: Sequence[Step]

    def step_of(self, area: Area) -> Step:
        return next(one for one in (*self.steps, *self.later) if one.scope.area is area)

    @property
    def written(self) -> list[Step]:
        return [one for one in self.steps if one.draft]

    @property
    def ready(self) -> list[Step]:
        """What the viewer would publish."""
        return [one for one in self.written if one.is_mine]

    @property
    def lacking(self) -> list[Step]:
        return [one for one in self.ready if one.gaps]

    @property
    def percent(self) -> int:
        return 100 * len(self.written) // len(self.steps) if self.steps else 0

    def after(self, step: Step) -> Step | None:
        """The next one that nobody has written, in the order of the run and round its end; whoever reviews what is not
        due goes on with the next of those."""
        return _next(self.steps, step) or (_next(self.later, step) if step in self.later else None)

    @property
    def first(self) -> Step | None:
        return next(
            (one for one in self.steps if not one.draft), self.later[0] if self.later and not self.steps else None
        )

    @property
    def headline(self) -> str:
        if not self.steps:
            soonest = min((one.scope.review_due for one in self.later if one.scope.review_due), default=None)
            return f"Nothing is due before {short_day(soonest)}." if soonest else "No area is in scope."
        if not self.written:
            return f"{plural(len(self.steps), 'area')} to review, the worst first."
        done = f"{in_words(len(self.written))} of {in_words(len(self.steps)).lower()} written"
        if self.lacking:
            areas = listed(one.scope.responsibility.short for one in self.lacking)
            return f"{done}; something is missing in {areas}."
        if self.first:
            return f"{done}; {self.first.scope.responsibility.short} is next."
        if len(self.steps) == 1:
            return "The area is written. Read it once more and publish."
        all_of_them = "Both" if len(self.steps) == 2 else f"All {in_words(len(self.steps)).lower()}"
        return f"{all_of_them} areas are written. Read them once more and publish."


def _next(steps: Sequence[Step], step: Step) -> Step | None:
    at = steps.index(step) + 1 if step in steps else 0
    return next((one for one in (*steps[at:], *steps[:at]) if not one.draft and one is not step), None)


def run_of(engagement: Engagement) -> Run:
    """Four statements beside the engagement's own."""
    on = today()
    scopes = [one for one in engagement.scopes if one.is_in]
    drafts = {one.area: one for one in db.session.scalars(drafts_of(engagement.id))}
    last = {one.area: one for one in db.session.scalars(said_last(engagement.client_id))}
    evidence = judged.evidence_of(scopes, on)
    every = [Step(one, evidence.get(one.area), drafts.get(one.area), last.get(one.area), on) for one in scopes]
    every.sort(key=lambda one: one.rank)
    return Run(engagement, [one for one in every if one.is_due], [one for one in every if not one.is_due])


def the_run(engagement_id: int) -> Engagement:
    engagement = the_engagement(engagement_id)
    if not may(g.viewer, "review.draft", engagement):
        raise NotPermitted("review.draft")
    return engagement


def address(engagement_id: int) -> str:
    return url_for("review_run.show", engagement_id=engagement_id)


@pages.get("")
def show(engagement_id: int) -> ResponseReturnValue:
    return page_of_run(the_run(engagement_id))


def page_of_run(engagement: Engagement, form: Form | None = None) -> str:
    again(engagement)
    run = run_of(engagement)
    if not isinstance(form, PublishForm):
        form = PublishForm(None)
    form.show(seen_of([one.draft for one in run.ready if one.draft]))
    return render_template("reviews/run.html", engagement=engagement, run=run, form=form, today=today())


@pages.post("/publication")
def publish(engagement_id: int) -> ResponseReturnValue:
    """All that is written and the viewer may publish, or nothing."""
    engagement = the_run(engagement_id)
    form = PublishForm()

    def deed(press: Press) -> None:
        written = db.session.scalars(drafts_of(engagement.id)).all()
        drafts = [one for one in written if may(g.viewer, "review.publish", one)]
        if written and not drafts:
            raise NotPermitted("review.publish")
        scopes = [engagement.scope_of(one.area) for one in drafts]
        known = judged.known_of(scopes, today())
        with transaction():
            do.publish_run(engagement, drafts, viewer=g.viewer, press=press, seen=form.seen.data or "", known=known)
            note_areas(scopes)
        flash(
            f"{plural(len(drafts), 'area')} published. The client reads {'it' if len(drafts) == 1 else 'them'} now.",
            "g",
        )

    return answer(form, deed, lambda form: page_of_run(engagement, form), leads_to=address(engagement_id))


@pages.route("/<slug>", methods=["GET", "POST"])
def step(engagement_id: int, slug: str) -> ResponseReturnValue:
    """One area: what is typed is kept as its draft, and the next one comes; `then=stay` stays."""
    area = BY_SLUG.get(slug)
    if area is None:
        raise NotFound
    engagement = the_run(engagement_id)
    scope = engagement.scope_of(area.code)
    if not scope.is_in:
        raise NotFound
    run = run_of(engagement)
    here = run.step_of(area.code)
    form = review_form(scope, here.draft, here.suggested, g.practice.override_days)
    if request.method == "GET":
        return page_of_step(run, here, form)
    ahead = run.after(here)
    onward = f"{address(engagement_id)}#publish" if ahead is None else ahead.address

    def page(form: Form) -> str:
        again(engagement)
        now = run_of(engagement)
        return page_of_step(now, now.step_of(area.code), form)

    return answer(
        form,
        lambda press: do.draft_review(scope, here.draft, form.verdict, viewer=g.viewer, press=press),
        page,
        leads_to=here.address if request.args.get("then") == "stay" else onward,
    )


def page_of_step(run: Run, one: Step, form: Form) -> str:
    assessed = latest_levels(one.scope.client_id).get(one.scope.area)
    if isinstance(form, ReviewForm):
        say_who(form)
        if assessed and one.draft is None and assessed.is_news(one.scope) and not form.maturity.raw_data:
            form.maturity.data = amount(assessed.level)
    every = list(run.steps) if one in run.steps else [*run.steps, one]
    at = every.index(one)
    return render_template(
        "reviews/step.html", engagement=run.engagement, run=run, step=one, scope=one.scope, form=form, today=today(),
        evidence=one.evidence, last=one.last, draft=one.draft, since=since(one.scope, one.last, one.evidence),
        number=at + 1, every=every, before=every[at - 1] if at else None, after=every[at + 1] if at + 1 < len(every) else None,
        onward=run.after(one), MEANS=MEANS, LEVELS=LEVELS, assessed=assessed,
        levels_here=chapters()[one.scope.area].levels,
    )  # fmt: skip
