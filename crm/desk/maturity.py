"""Maturity among the tabs: a client's runs, and what an engagement takes over of them."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Chosen, Form, Press
from crm.core.twelve import Area
from crm.core.web import answer
from crm.core.words import day
from crm.desk.clients import tabs_of, the_client
from crm.desk.engagement import tab
from crm.engagements.desk import again, the_engagement
from crm.engagements.models import Engagement
from crm.maturity import operations as do
from crm.maturity.compare import total, wedges
from crm.maturity.forms import PURPOSE_WORDS, RunForm
from crm.maturity.models import Assessment, Purpose, results_of
from crm.maturity.queries import answered_in, engagements_to_choose, latest_levels, open_run, runs_of
from crm.maturity.questions import by_id, chapters
from crm.maturity.told import of_run

pages = Pages("client_maturity", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/maturity")
taken = Pages("engagement_maturity", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>/maturity")


@pages.get("")
def index(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    runs = db.session.scalars(runs_of(client_id)).all()
    finished = [one for one in runs if one.is_finished]
    newest = max(finished, key=lambda one: (one.on, one.id), default=None)
    results = results_of((), newest.levels) if newest else []
    return render_template(
        "maturity/client.html", client=client, tab="Maturity", tabs=tabs_of(client), runs=runs, newest=newest, results=results,
        wedges=wedges(results, {}, href=_area_of(newest)) if newest else [], score=total(results), answered=answered_in(one.id for one in runs),
        score_of=lambda run: total(results_of((), run.levels)), asked=len(by_id()), PURPOSE_WORDS=PURPOSE_WORDS,
        is_running=any(one.is_open for one in runs), finished=finished,
        sentence=of_run(newest, results) if newest else "No assessment is finished yet.",
    )  # fmt: skip


def _area_of(run: Assessment | None) -> Any:
    return lambda slug: url_for("maturity.ask", assessment_id=run and run.id, slug=slug)


@pages.route("/new", methods=["GET", "POST"])
def new(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    engagements = db.session.scalars(engagements_to_choose(client_id)).all()
    form = RunForm(data=_usual(client_id, [one.id for one in engagements]))
    form.offer(engagements)

    def page(form: Form) -> str:
        found = the_client(client_id)
        if not may(g.viewer, "assessment.begin", found):
            raise NotPermitted("assessment.begin")
        return render_template("maturity/new.html", client=found, form=form)

    def deed(press: Press) -> Assessment:
        return do.begin_assessment(client, viewer=g.viewer, press=press, **form.fields())

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=_first_area)


def _first_area(run: Assessment) -> str:
    return url_for("maturity.ask", assessment_id=run.id, slug=next(iter(chapters().values())).area.slug)


def _usual(client_id: int, engagement_ids: list[int]) -> dict[str, Any]:
    """The first run is the baseline; it is for the engagement that it was asked from, or for the only one."""
    is_first = request.method == "GET" and not latest_levels(client_id)
    asked = next((one for one in engagement_ids if str(one) == request.args.get("engagement", "")), None)
    only = engagement_ids[0] if len(engagement_ids) == 1 else None
    usual: dict[str, Any] = {"began_on": today(), "engagement_id": asked or only}
    return usual | ({"title": "Baseline", "purpose": Purpose.BASELINE} if is_first else {})


class AdoptForm(Form):
    """Which areas take their assessed level over."""

    areas = Chosen("Areas", kind=Area, ask="Choose at least one area")


@taken.route("", methods=["GET", "POST"])
def adopt(engagement_id: int) -> ResponseReturnValue:
    """What was assessed beside what is said of each area now, to be taken over where somebody says so."""
    engagement = the_engagement(engagement_id)
    latest = latest_levels(engagement.client_id)
    assessed = [row for row in engagement.scopes if row.is_in and row.area in latest]
    offered = [row for row in assessed if latest[row.area].level != row.maturity]
    form = AdoptForm(
        version=str(engagement.version), areas=[row.area.value for row in offered if latest[row.area].is_news(row)]
    )
    form.areas.of((row.area.value, row.responsibility.name) for row in assessed)

    def page(form: Form) -> str:
        again(engagement)
        return tab(
            engagement, "maturity", form=form, latest=latest, chapters=chapters(), offered={row.area for row in offered},
            running=db.session.scalar(open_run(engagement.client_id)), can_adopt=bool(offered) and engagement.is_live and may(g.viewer, "scope.adopt", engagement)
        )  # fmt: skip

    def deed(press: Press) -> Engagement:
        chosen = {area: latest[area].level for area in form.areas.data}
        source = f"what was assessed by {day(max(latest[area].on for area in chosen))}"
        do.adopt_levels(engagement, chosen, viewer=g.viewer, press=press, source=source)
        flash(
            f"The levels of {len(chosen)} areas are taken over." if len(chosen) > 1 else "The level is taken over.", "g"
        )
        return engagement

    if request.method == "GET":
        return page(form)
    if not may(g.viewer, "scope.adopt", engagement):
        raise NotPermitted("scope.adopt")
    return answer(form, deed, page, leads_to=url_for("engagement_maturity.adopt", engagement_id=engagement_id))
