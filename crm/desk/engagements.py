"""The list of engagements: one's own, and what a consultant may know of the others'."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.access.pages import DESK, Pages
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.codes import ENGAGEMENT, code_typed
from crm.core.db import db
from crm.core.lists import Filter, Listing, all_rows, csv_of, page_of
from crm.core.ring import dial
from crm.core.viewer import Role
from crm.core.web import page_or_part
from crm.core.words import amount, iso, worded
from crm.desk.queries import Owed, owed_by
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.queries import dials_of_engagements
from crm.engagements.states import LIVE, MODEL_WORDS, EngagementState, PriceKind
from crm.evidence.queries import in_words
from crm.figures import cards
from crm.health.queries import healths
from crm.people.models import Person
from crm.retainers.queries import Balance, balances, books_and_minutes

pages = Pages("engagements", __name__, roles=DESK, url_prefix="/engagements")
CURRENT = (EngagementState.DRAFT, *LIVE)
FEW = 60  # clients that a drop-down can hold; beyond them one searches by name


def lead_name() -> Any:
    """Who leads an engagement, for sorting: whoever is confirmed before whoever is asked, the latest first."""
    standing = case((Assignment.status == Status.ENDED, 2), (Assignment.status == Status.TENTATIVE, 1), else_=0)
    return (
        select(Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.engagement_id == Engagement.id, Assignment.role == AssignmentRole.LEAD)
        .order_by(standing, Assignment.begins.desc(), Assignment.id)
        .limit(1)
        .correlate(Engagement)
        .scalar_subquery()
    )


def of_state(value: str) -> Any:
    return Engagement.state.in_(CURRENT) if value == "current" else Engagement.state == EngagementState(value)


def led_by(value: str) -> Any:
    """Whoever has a part as lead that is not over, or had the last one."""
    led = select(Assignment.engagement_id).where(
        Assignment.person_id == int(value), Assignment.role == AssignmentRole.LEAD
    )
    return Engagement.id.in_(led)


def listing() -> Listing:
    """What can be searched, sorted and filtered; the choices are those of whatever this viewer sees."""
    leads = (
        select(Person.id, Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.role == AssignmentRole.LEAD)
        .distinct()
        .order_by(Person.name)
    )
    states = [("current", "Current"), *((state.value, worded(state)) for state in EngagementState)]
    return Listing(
        sorts={
            "client": (Client.name, Engagement.starts), "code": (Engagement.number,), "model": (Engagement.model,),
            "state": (Engagement.state,), "lead": (lead_name(),), "starts": (Engagement.starts,), "ends": (Engagement.ends,),
        },
        key=Engagement.id,
        search=(Engagement.title, Client.name, Client.code, *code_typed(ENGAGEMENT, Engagement.number)),
        filters=(
            Filter("state", "State", states, of_state, blank="Any state", default="current"),
            Filter("model", "Model", [(one.value, said) for one, said in MODEL_WORDS.items()],
                   lambda value: Engagement.model == value, blank="Any model"),
            Filter("lead", "Lead", [(str(key), name) for key, name in db.session.execute(leads)], led_by, blank="Any lead"),
            Filter("client", "Client", clients_to_choose(), lambda value: Engagement.client_id == int(value), blank="Any client"),
        ),
    )  # fmt: skip


def clients_to_choose() -> list[tuple[str, str]]:
    """Clients with engagements; where they are too many for a list, the one that the address names."""
    asked = request.args.get("client", "")
    engaged = select(Engagement.client_id).distinct()
    found = select(Client.id, Client.name).where(Client.id.in_(engaged)).order_by(Client.name, Client.id)
    few = db.session.execute(found.limit(FEW + 1)).all()
    if len(few) > FEW:
        is_id = asked.isascii() and asked.isdigit() and len(asked) < 10
        few = db.session.execute(found.where(Client.id == int(asked))).all() if is_id else []
    return [(str(key), name) for key, name in few]


def rows() -> Select[Engagement]:
    return (
        select(Engagement)
        .join(Client, Client.id == Engagement.client_id)
        .options(
            joinedload(Engagement.client), joinedload(Engagement.terms),
            selectinload(Engagement.assignments).joinedload(Assignment.person),
        )
    )  # fmt: skip


@pages.get("")
def index() -> ResponseReturnValue:
    page = page_of(rows(), listing())
    ids, on = [one.id for one in page.rows], today()
    books = books_and_minutes(ids, on)
    judged = healths(on, ids, books=books)
    return page_or_part(
        "engagements/index.html", "engagements/_list.html", page=page, owed=owed_by(ids), none=Owed(), used=balances(*books, on), unused=Balance(0),
        sums=what_runs(), MODEL_WORDS=MODEL_WORDS, today=on, judged=judged, dials={key: dial(one.areas) for key, one in judged.items()},
        apart={key: in_words(one.apart, on) for key, one in judged.items() if one.apart},
        export=page.exported_by(".export"),
    )  # fmt: skip


def what_runs() -> tuple[int, int]:
    """How many run, and what their retainers are worth a year, as far as this viewer may know."""
    worth = case((Terms.price_kind == PriceKind.RETAINER, Terms.monthly_fee * 12), else_=0)
    summed = (
        select(func.count(Engagement.id), func.coalesce(func.sum(worth), 0))
        .outerjoin(Terms, Terms.engagement_id == Engagement.id)
        .where(Engagement.state.in_(LIVE))
    )
    number, sum_of = db.session.execute(summed).one()
    return int(number), int(sum_of)


@pages.get("/list.csv")
def export() -> Response:
    found: Sequence[Engagement] = all_rows(rows(), listing())
    dials = dials_of_engagements(one.id for one in found)
    headings = (
        "Reference", "Client", "Client code", "Title", "Model", "State", "Days a month", "Starts", "Ends", "Lead", "Team",
        "Score of 60", "Target", "Red", "Amber", "Price", "Sum",
    )  # fmt: skip
    return csv_of(headings, (_cells(one, dials[one.id]) for one in found), "engagements")


def _cells(one: Engagement, dial: Any) -> list[Any]:
    lead, terms = one.who_leads(today()), one.terms
    team = dict.fromkeys(part.person.name for part in one.assignments if part.status is not Status.ENDED)
    price = (worded(terms.price_kind), amount(Decimal(terms.price) / 100)) if terms else ("", "")
    return [
        one.code, one.client.name, one.client.code, one.title, MODEL_WORDS[one.model], worded(one.state),
        "" if one.days_a_month is None else amount(one.days_a_month), iso(one.starts), iso(one.ends),
        lead.person.name if lead else "", ", ".join(team), amount(dial.score), amount(dial.target), dial.number_of("r"),
        dial.number_of("a"), *price,
    ]  # fmt: skip


@pages.get("/others")
def others() -> ResponseReturnValue:
    """Engagements of others in the practice: for consultants, who see the rows of their own alone."""
    return render_template("engagements/others.html", cards=cards(), sees_all=g.viewer.role is Role.PARTNER)
