"""The page of an engagement: its tabs, and the steps of its life that ask other features first."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.areas.catalogue import TWELVE
from crm.areas.starter import registers_with_usual
from crm.audit.trail import history_of_engagement
from crm.core.calendar import month_after, month_end, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.inputs import MINUTES_A_DAY
from crm.core.ring import dial
from crm.core.twelve import OF, Scope
from crm.core.web import answer
from crm.core.words import half_up
from crm.deliverables.queries import on_time_of, sign_off_time_of
from crm.desk import queries as ask
from crm.engagements import conditions
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
from crm.engagements.models import MODEL_WORDS, Engagement, EngagementState, PriceKind, Status
from crm.engagements.queries import contacts_of, led_elsewhere, standing
from crm.evidence.queries import suggestions
from crm.figures import minutes_used
from crm.registers.queries import counts_of

pages = Pages("engagement", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>")
MONTHS = 12  # of time on the page
MOST_LED_FROM_AFAR = 3  # a warning, not a ban
ASKED_AT_ACTIVATION = {"signed", "holders"}
NOT_AGREED = "Not part of this agreement"


@dataclass(frozen=True)
class Used:
    """Days used this month, of the days that the retainer grants."""

    minutes: int
    grant: Decimal | None

    @property
    def days(self) -> Decimal:
        return half_up(Decimal(self.minutes) / MINUTES_A_DAY, 2)

    @property
    def left(self) -> Decimal:
        return (self.grant or Decimal(0)) - self.days

    @property
    def percent(self) -> int:
        return int(self.days * 100 / self.grant) if self.grant else 0


def used_this_month(engagements: Iterable[Engagement]) -> dict[int, Used]:
    grants = {one.id: one.days_a_month for one in engagements}
    first = month_of(today())
    minutes = minutes_used(list(grants), first, month_end(first)) if grants else {}
    return {key: Used(minutes.get(key, 0), grant) for key, grant in grants.items()}


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
    said = suggestions(engagement, today()) if engagement.is_open else {}
    return tab(engagement, "areas", missing=missing, said=said, used=used_this_month([engagement])[engagement.id])


@pages.get("/deliverables")
def deliverables(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    return tab(
        engagement, "deliverables", rows=db.session.scalars(ask.deliverables_of(engagement_id)).all(),
        on_time=on_time_of(engagement, today()), sign_off=sign_off_time_of(engagement, g.practice.region),
    )  # fmt: skip


@pages.get("/time")
def time(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    since = max(month_after(month_of(today()), 1 - MONTHS), min(month_of(engagement.starts), month_of(today())))
    spent = ask.time_spent(engagement_id, since)
    months: dict[Any, int] = defaultdict(int)
    for one in spent:
        months[one.month] += one.minutes if one.is_billable else 0
    return tab(
        engagement, "time", since=since, used=used_this_month([engagement])[engagement.id],
        months=_latest_first(months, since),
        by_person=_sums(spent, lambda one: one.person), by_area=_sums(spent, lambda one: OF[one.area]),
        latest=db.session.scalars(ask.latest_entries(engagement_id)).all(),
    )  # fmt: skip


def _latest_first(minutes: Mapping[date, int], since: date) -> list[tuple[date, int]]:
    """Every month up to this one, also where nothing was done; before that, only what was."""
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
    return tab(
        engagement, "team", steps=db.session.scalars(ask.closing_steps(engagement_id)).all(),
        missing=what_is_missing(engagement), press=lambda row: Form(None, data={"version": getattr(row, "version", 1)}),
        BOARD_WORDS=BOARD_WORDS, OVERAGE_WORDS=OVERAGE_WORDS, ROLE_WORDS=ROLE_WORDS, PriceKind=PriceKind,
        notice_by=engagement.ends - timedelta(days=engagement.notice_days),
    )  # fmt: skip


@pages.get("/registers")
def registers(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    starts = {area.slug for area in TWELVE if registers_with_usual(area)}
    return tab(
        engagement, "registers", counts=counts_of(engagement.client_id), areas=TWELVE, starts=starts,
        press=lambda: Form(None, data={"version": engagement.client.version}),
    )  # fmt: skip


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
        do.activate_engagement(
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
        do.close_engagement(engagement, viewer=g.viewer, press=press, live=live, is_locked=is_locked)
        flash(f"{engagement.code} is closed. Its team reads it for thirty days more.", "g")

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=page_of(engagement))
