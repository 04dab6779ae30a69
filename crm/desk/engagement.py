"""The page of an engagement: its tabs, and the steps of its life that ask other features first."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import defer

from crm.access.pages import DESK, Pages
from crm.audit.trail import history_of_engagement
from crm.closing.models import Statement
from crm.closing.queries import healths_of, statements
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.ring import dial
from crm.core.twelve import OF, Scope
from crm.core.web import answer
from crm.deliverables.chains.queries import graph_of
from crm.deliverables.queries import on_time_of, sign_off_time_of
from crm.desk import queries as ask
from crm.desk.burn import burn_page
from crm.desk.clients import lists_of
from crm.engagements import conditions, life
from crm.engagements import operations as do
from crm.engagements.desk import again, page_of, shown, the_engagement
from crm.engagements.forms import (
    BOARD_WORDS,
    OVERAGE_WORDS,
    ROLE_WORDS,
    ActivationForm,
    ScopesForm,
    named,
)
from crm.engagements.models import Engagement
from crm.engagements.people import Status
from crm.engagements.queries import contacts_of, led_elsewhere, standing
from crm.engagements.retained import DayRate
from crm.engagements.retaining import history_of, rates_of, standing_on
from crm.engagements.states import MODEL_WORDS, EngagementState, PriceKind
from crm.evidence.queries import suggestions
from crm.health.queries import healths
from crm.health.reasons import reasons
from crm.retainers.forms import ORDER_WORDS
from crm.retainers.queries import Balance, balances, books_and_minutes, forecast_of

pages = Pages("engagement", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>")
MONTHS = 12  # of time, and of health, on the page
MOST_LED_FROM_AFAR = 3  # a warning, not a ban
ASKED_AT_ACTIVATION = {"signed", "holders"}
NOT_AGREED = "Not part of this agreement"


def tab(engagement: Engagement, name: str, **more: Any) -> str:
    """One tab, with what the head of all of them shows."""
    on = today()
    waiting = [row for row in engagement.scopes if row.is_in and row.review_due]
    now = (one for one in engagement.assignments if one.runs(on))
    return render_template(
        f"engagements/{name}.html", engagement=engagement, today=on, lead=engagement.who_leads(on), MODEL_WORDS=MODEL_WORDS,
        dial=dial(standing(engagement.scopes, on), area_address(engagement)), owed=ask.owed_by([engagement.id]).get(engagement.id, ask.Owed()),
        overdue=sum(row.is_overdue(on) for row in waiting), team_now=list(dict.fromkeys(one.person.name for one in now)),
        next_review=min(waiting, key=lambda row: (row.review_due, row.number), default=None) if engagement.is_live else None,
        **more,
    )  # fmt: skip


def area_address(engagement: Engagement) -> Callable[[str], str]:
    return lambda slug: url_for("area.show", engagement_id=engagement.id, slug=slug)


@pages.get("")
def areas(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    missing = what_is_missing(engagement) if engagement.state is EngagementState.DRAFT else []
    on = today()
    books = books_and_minutes([engagement.id], on)
    judged = healths(on, [engagement.id], books=books).get(engagement.id)
    said = suggestions(engagement, on, judged.areas if judged else None) if engagement.is_open else {}
    return tab(
        engagement, "areas", missing=missing, said=said, used=balances(*books, on).get(engagement.id, Balance(0)),
        judged=judged, reasons=reasons(judged) if judged else [], healths=healths_of(engagement.id, MONTHS),
    )  # fmt: skip


@pages.get("/deliverables")
def deliverables(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    return tab(
        engagement, "deliverables", rows=db.session.scalars(ask.deliverables_of(engagement_id)).all(),
        on_time=on_time_of(engagement, today()), sign_off=sign_off_time_of(engagement, g.practice.region),
        dangers=graph_of(engagement.client_id, g.practice.region).dangers(engagement.id),
    )  # fmt: skip


@pages.get("/time")
def time(engagement_id: int) -> ResponseReturnValue:
    engagement, on = the_engagement(engagement_id), today()
    books, minutes = books_and_minutes([engagement_id], on)
    book = books.get(engagement_id)
    is_retainer = book is not None and bool(book.terms)
    budget = engagement.terms.budget_days if engagement.terms else None
    since = max(month_after(month_of(on), 1 - MONTHS), min(month_of(engagement.starts), month_of(on)))
    spent = ask.time_spent(engagement_id, since)
    return tab(
        engagement, "time", since=since, months=_latest_first(minutes.get(engagement_id, {}), since),
        retainer=burn_page(book, engagement_id, on) if book and is_retainer else None,
        forecast=forecast_of(engagement_id, budget) if budget is not None else None,
        by_person=_sums(spent, lambda one: one.person), by_area=_sums(spent, lambda one: OF[one.area]),
        latest=db.session.scalars(ask.latest_entries(engagement_id)).all(),
        statements=db.session.scalars(statements([engagement_id]).options(defer(Statement.lines)).limit(MONTHS)).all(),
    )  # fmt: skip


def _latest_first(minutes: Mapping[date, int], since: date) -> list[tuple[date, int]]:
    """Every month up to this one, also where nothing was done."""
    found = [month_of(today())]
    while found[-1] > since:
        found.append(month_after(found[-1], -1))
    return [(one, minutes.get(one, 0)) for one in found]


def _sums(spent: Iterable[ask.Spent], by: Callable[[ask.Spent], Any]) -> list[tuple[Any, int, int]]:
    """Minutes and billable minutes by whatever, most first."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for one in spent:
        found[by(one)][0] += one.minutes
        found[by(one)][1] += one.minutes if one.is_billable else 0
    return sorted(((key, every, paid) for key, (every, paid) in found.items()), key=lambda row: -row[1])


@pages.get("/team")
def team(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    history = history_of(engagement_id)
    return tab(
        engagement, "team", steps=db.session.scalars(ask.closing_steps(engagement_id)).all(),
        missing=what_is_missing(engagement), press=lambda row: Form(None, data={"version": getattr(row, "version", 1)}),
        BOARD_WORDS=BOARD_WORDS, OVERAGE_WORDS=OVERAGE_WORDS, ROLE_WORDS=ROLE_WORDS, PriceKind=PriceKind,
        notice_by=engagement.ends - timedelta(days=engagement.notice_days), history=history,
        stands=standing_on(history, today()), ORDER_WORDS=ORDER_WORDS, rates=_rates(engagement),
    )  # fmt: skip


def _rates(engagement: Engagement) -> Sequence[DayRate]:
    """What a day cost and costs, where work is paid by the day."""
    if not engagement.terms or engagement.terms.price_kind is not PriceKind.DAY_RATE:
        return []
    return rates_of([engagement.id]).get(engagement.id, [])


@pages.get("/registers")
def registers(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    return tab(engagement, "registers", **lists_of(engagement.client))


@pages.get("/history")
def history(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    return tab(engagement, "history", entries=db.session.scalars(history_of_engagement(engagement_id)).all())


# The twelve in one form


@pages.route("/areas", methods=["GET", "POST"])
def scopes(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = ScopesForm(engagement, _holders(engagement))

    def page(form: Form) -> str:
        return shown("scopes", "scope.revise", engagement, engagement, form=form)

    def deed(press: Press) -> Engagement:
        busy = ask.busy(ask.live_deliverables(engagement_id))
        changes = form.changes(engagement)
        do.revise_scopes(engagement, form.answers, viewer=g.viewer, press=press, changes=changes, busy=busy)
        _warn_of_leading(engagement)
        return engagement

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=page_of(engagement, "areas"))


def _holders(engagement: Engagement) -> list[tuple[str, str]]:
    """Our team, then the client's people, each named once."""
    ours = {one.person_id: one.person.name for one in engagement.assignments if one.status is not Status.ENDED}
    theirs = {one.id: one.name for one in db.session.scalars(contacts_of(engagement.client_id))}
    for row in engagement.scopes:
        if row.holder_person:
            ours.setdefault(row.holder_person.id, row.holder_person.name)
        if row.holder_contact:
            theirs.setdefault(row.holder_contact.id, row.holder_contact.name)
    return [(f"person-{key}", f"{name} (ours)") for key, name in ours.items()] + [
        (f"contact-{key}", name) for key, name in theirs.items()
    ]


def _warn_of_leading(engagement: Engagement) -> None:
    led = sum(row.scope is Scope.LEAD for row in engagement.scopes)
    if engagement.model.value == "virtual" and led > MOST_LED_FROM_AFAR:
        flash(f"A virtual CIO should lead at most {MOST_LED_FROM_AFAR} areas; this one leads {led}.", "a")


# Steps that ask other features first


def what_is_missing(engagement: Engagement) -> list[conditions.Missing]:
    """What stands before the next step of its life."""
    if engagement.state is EngagementState.DRAFT:
        objectives, pairs = ask.objectives_and_pairs(engagement.client_id)
        return conditions.to_activate(
            engagement, is_priced=engagement.terms is not None, objectives=objectives, pairs=pairs,
            elsewhere=led_elsewhere(engagement),
        )  # fmt: skip
    if engagement.state is EngagementState.CLOSING:
        live = [code for code, _ in ask.live_deliverables(engagement.id)]
        is_locked = ask.is_locked(conditions.last_month(engagement))
        return conditions.to_close(engagement, live=live, is_locked=is_locked)
    return []


@pages.route("/activation", methods=["GET", "POST"])
def activation(engagement_id: int) -> ResponseReturnValue:
    """Draft to active. Asks here for what is not said yet: signing, holders, reasons of areas that are out."""
    engagement = the_engagement(engagement_id)
    lead = engagement.who_leads(today())
    sponsor = engagement.sponsors[0].contact_id if engagement.sponsors else None
    proposed = {
        "version": engagement.version, "signed_on": engagement.signed_on, "lead_holder_id": lead and lead.person_id,
        "holder_id": sponsor, "out_reason": NOT_AGREED, "out_holder_id": sponsor,
    }  # fmt: skip
    form = ActivationForm(data=proposed)
    contacts = db.session.scalars(contacts_of(engagement.client_id)).all()
    form.lead_holder_id.of({one.person_id: one.person.name for one in engagement.assignments}.items())
    form.holder_id.of(named(contacts))
    form.out_holder_id.of(named(contacts))

    def page(form: Form) -> str:
        again(engagement)
        missing = [one for one in what_is_missing(engagement) if one.mend not in ASKED_AT_ACTIVATION]
        more = {"missing": missing, "gaps": gaps_of(engagement)}
        return shown("activation", "engagement.activate", engagement, engagement, form=form, **more)

    def deed(press: Press) -> None:
        objectives, pairs = ask.objectives_and_pairs(engagement.client_id)
        life.activate_engagement(
            engagement, viewer=g.viewer, press=press, objectives=objectives, pairs=pairs, **form.fields()
        )
        flash(f"{engagement.code} is active. The client sees it now.", "g")

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=page_of(engagement, "areas"))


def gaps_of(engagement: Engagement) -> dict[str, list[str]]:
    """Areas whose holder or reason is not said yet, by the question of the activation's form."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in engagement.scopes:
        short = row.responsibility.short
        if row.scope is Scope.LEAD and row.holder_person_id is None:
            found["lead"].append(short)
        elif row.is_in and not row.has_holder:
            found["client"].append(short)
        elif not row.is_in and not (row.reason and row.has_holder):
            found["out"].append(short)
    return found


@pages.route("/closure", methods=["GET", "POST"])
def closure(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = Form(data={"version": engagement.version})

    def page(form: Form) -> str:
        again(engagement)
        missing = what_is_missing(engagement)
        return shown("closure", "engagement.close", engagement, engagement, form=form, missing=missing)

    def deed(press: Press) -> None:
        live = [code for code, _ in ask.live_deliverables(engagement_id)]
        is_locked = ask.is_locked(conditions.last_month(engagement))
        life.close_engagement(engagement, viewer=g.viewer, press=press, live=live, is_locked=is_locked)
        flash(f"{engagement.code} is closed. Its team reads it for thirty days more.", "g")

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=page_of(engagement))
