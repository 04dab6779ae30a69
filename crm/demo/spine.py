"""Engagements: terms, sponsors, teams, the twelve scopes with their holders, goals, mentoring pairs, and their life."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.areas.strategy.models import Objective
from crm.areas.talent.models import MentoringPair
from crm.clients.models import Contact
from crm.core.db import db
from crm.core.ownership import OpenTo, Visibility
from crm.core.twelve import Area, Scope
from crm.demo.book import book
from crm.demo.office import PENCE
from crm.demo.scene import Scene
from crm.engagements.models import CLOSING_STEPS, ClosingStep, Engagement, Pause, Terms, twelve_scopes
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.retaining import Offer, head, history_of, keep_price, put_terms
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementModel, EngagementState, PriceKind

NOTICE = {"virtual": 30, "part_time": 60, "non_exec": 90, "mentoring": 30}
HELD_BY = {  # which department's head answers for an area that we do not lead
    "STR": "executive", "ITM": "it operations", "DXT": "operations", "SEC": "it operations", "BUD": "finance",
    "VEN": "finance", "TAL": "hr executive", "INN": "sales customer_service", "DAT": "finance", "CMP": "legal finance",
    "STK": "customer_service it operations", "BCD": "operations",
}  # fmt: skip
STATUS = {EngagementState.DRAFT: Status.TENTATIVE, EngagementState.CLOSED: Status.ENDED}

AGREED_ANEW = {"E02": "BOM-3"}  # what was agreed of a retainer, and from when on


def engage(scene: Scene) -> None:
    for number, row in enumerate(book("practice")["engagements"], 1):
        made = _engagement(scene, number, row)
        scene.engagements[row["key"]] = made
        db.session.add(made)
        db.session.flush()
        whose = {"client_id": made.client_id, "engagement_id": made.id}
        terms = _terms(row, whose)
        db.session.add(terms)
        keep_price(made, terms, made.days_a_month)
        _agree_anew(scene, row["key"], made, terms)
        db.session.add(Sponsorship(contact_id=scene.head_of(row["client"], "executive").id, **whose))
        scene.teams[row["key"]] = _team(scene, row, made, whose)
        db.session.add_all(scene.teams[row["key"]])
        db.session.add_all(_scopes(scene, row, made))
        if "paused_from" in row:
            first, until = scene.almanac.day(row["paused_from"]), scene.almanac.day(row["paused_until"])
            db.session.add(Pause(begins=first, until=until, **whose))
        if made.state in {EngagementState.CLOSING, EngagementState.CLOSED}:
            db.session.add_all(_closing_steps(scene, made, whose))
        if "pair" in row:
            db.session.add(_pair(scene, row))
        _tell(scene, row, made)
    db.session.flush()
    _goals(scene)


def _engagement(scene: Scene, number: int, row: dict[str, Any]) -> Engagement:
    almanac = scene.almanac
    starts, state = almanac.day(row["start"]), EngagementState(row["status"])
    limit = row.get("authority_limit")
    follows = scene.engagements.get(row.get("follows", ""))
    closed = state is EngagementState.CLOSED
    return Engagement(
        number=number, client_id=scene.clients[row["client"]].id, title=row["title"], model=EngagementModel(row["model"]),
        state=state, board_role=row["board_role"], starts=starts, ends=almanac.day(row["end"]),
        closing_began_on=almanac.ago(14) if state is EngagementState.CLOSING else almanac.day(row["end"]) - timedelta(days=30) if closed else None,
        signed_on=None if state is EngagementState.DRAFT else starts - timedelta(days=14), notice_days=NOTICE[row["model"]],
        days_a_month=Decimal(str(row["days"])) if "days" in row else None, follows_id=follows and follows.id,
        scope_note=book("depth").get(row["key"], {}).get("scope_note", ""),
        authority_note="Signs up to the limit within the budget; the sponsor decides the rest." if limit else "",
        handover_note=book("words")["handover"]["note"].format(head=_heir(scene, row["client"])) if closed else "",
    )  # fmt: skip


def _heir(scene: Scene, code: str) -> str:
    return scene.head_of(code, "it", "operations").name


def _terms(row: dict[str, Any], whose: dict[str, int]) -> Terms:
    days = Decimal(str(row.get("days", 0)))
    retainer = row["price"] == PriceKind.RETAINER
    cap = Decimal(str(row["rollover_cap"])) if "rollover_cap" in row else days / 2
    return Terms(
        price_kind=PriceKind(row["price"]), monthly_fee=_pence(row.get("monthly_fee")), amount=_pence(row.get("amount")),
        budget_days=Decimal(str(row["budget_days"])) if "budget_days" in row else None,
        overage_rate=_pence(book("practice")["practice"]["overage_rate"]), rollover_cap=cap if retainer else None,
        authority_limit=_pence(row.get("authority_limit")), **whose,
    )  # fmt: skip


def _agree_anew(scene: Scene, key: str, made: Engagement, terms: Terms) -> None:
    """One client gave up the days that roll over, and hears itself when a month's days go."""
    if key not in AGREED_ANEW:
        return
    begins = scene.almanac.day(AGREED_ANEW[key])
    history = history_of(made.id)
    fee = history[0].fee
    if begins <= history[0].begins or fee is None:
        return
    offer = Offer(history[0].quantity, Decimal(0), fee.monthly_fee, fee.overage_rate, warns_sponsor=True)
    stands = put_terms(made, offer, begins, history)
    head(made, terms, stands, fee)


def _pence(pounds: int | None) -> int | None:
    return None if pounds is None else pounds * PENCE


def _team(scene: Scene, row: dict[str, Any], made: Engagement, whose: dict[str, int]) -> list[Assignment]:
    team: list[Assignment] = []
    led = any(one["role"] == AssignmentRole.LEAD for one in row["plan"])
    for one in row["plan"]:
        person, role = scene.people[one["who"]], AssignmentRole(one["role"])
        if not led and not team:  # the mentor of a mentoring engagement is its lead as well (invariant 3)
            role = AssignmentRole.LEAD
        team.append(
            Assignment(
                person_id=person.id, role=role, status=STATUS.get(made.state, Status.CONFIRMED),
                mode=EngagementModel.MENTORING if role is AssignmentRole.MENTOR else made.model,
                begins=max(made.starts, person.joined_on or made.starts), ends=made.ends,
                days_a_month=Decimal(str(one["days"])), **whose,
            )
        )  # fmt: skip
    return team


def _scopes(scene: Scene, row: dict[str, Any], made: Engagement) -> list[AreaScope]:
    """As agreed in depth, else as the model has them. What is out says why, and who holds it, from activation on."""
    depth, code = book("depth").get(row["key"], {}), row["client"]
    scopes = twelve_scopes(made)
    for one in scopes:
        one.scope = Scope(depth["scopes"][one.area]) if depth else one.scope
        if made.state is EngagementState.DRAFT:
            continue
        if one.scope is Scope.OUT:
            one.reason = depth["out_reasons"][one.area] if depth else "Not part of this agreement"
        holder = depth["holders"][one.area] if depth else _holder(row, one)
        if holder in scene.people:
            one.holder_person_id = scene.people[holder].id
        elif holder:
            one.holder_contact_id = scene.contacts[code, holder].id
        else:
            kinds = () if one.scope is Scope.OUT else HELD_BY[one.area].split()
            one.holder_contact_id = scene.head_of(code, *kinds).id
    return scopes


def _holder(row: dict[str, Any], scope: AreaScope) -> str:
    """Of the team, whoever knows the area best holds what we lead; the client's head holds the rest."""
    return best_at(scope.area, [one["who"] for one in row["plan"]]) if scope.scope is Scope.LEAD else ""


def best_at(area: Area, keys: list[str]) -> str:
    knows = {one["key"]: one.get("experience", {}) for one in book("practice")["people"]}
    return max(keys, key=lambda key: (knows[key].get(area, 0), -keys.index(key)))


def _closing_steps(scene: Scene, made: Engagement, whose: dict[str, int]) -> list[ClosingStep]:
    """All done where it is closed; two of the five where it is closing."""
    closed = made.state is EngagementState.CLOSED
    return [
        ClosingStep(
            number=n, title=title, **whose,
            done_at=scene.almanac.at(made.ends if closed else scene.almanac.ago(9 - n), 15) if closed or n in {1, 4} else None,
        )
        for n, title in enumerate(CLOSING_STEPS, 1)
    ]  # fmt: skip


def _row_of(scene: Scene, client_id: int, made_on: date, by: int) -> dict[str, Any]:
    at = scene.almanac.at(made_on, 10)
    return {
        "client_id": client_id,
        "visibility": Visibility.CLIENT,
        "made_at": at,
        "changed_at": at,
        "made_by_id": by,
        "changed_by_id": by,
    }


def _pair(scene: Scene, row: dict[str, Any]) -> MentoringPair:
    said = dict(row["pair"])
    mentee, mentor = scene.contacts[row["client"], said.pop("mentee")], scene.people[said.pop("mentor")]
    last = said.pop("last_session", None)
    made_on = min(scene.almanac.ago(10), scene.almanac.day(row["start"]))
    return MentoringPair(
        area=Area.TAL, mentee_id=mentee.id, mentor_id=mentor.id, last_session=last and scene.almanac.day(last), **said,
        **_row_of(scene, mentee.client_id, made_on, mentor.id),
    )  # fmt: skip


def _goals(scene: Scene) -> None:
    """The client's goals: those of the engagements in depth, and one or two for everybody else."""
    rows = [
        (one["client"], goal)
        for one in book("practice")["engagements"]
        for goal in book("depth").get(one["key"], {}).get("objectives", [])
    ] + [
        (goal["client"], {name: value for name, value in goal.items() if name != "client"})
        for goal in book("practice")["objectives"]
    ]
    for code, goal in rows:
        said = dict(goal)
        owner: Contact = scene.contacts[code, said.pop("owner")]
        first = min(one.starts for one in scene.engagements.values() if one.client_id == owner.client_id)
        lead = next(team[0] for key, team in scene.teams.items() if scene.engagements[key].client_id == owner.client_id)
        for name in ("target", "current"):
            said[name] = Decimal(str(said[name]))
        db.session.add(
            Objective(
                area=Area.STR, owner_contact_id=owner.id, **(said | {"due": scene.almanac.day(said["due"])}),
                **_row_of(scene, owner.client_id, first, lead.person_id),
            )
        )  # fmt: skip


def _tell(scene: Scene, row: dict[str, Any], made: Engagement) -> None:
    """What the trail says of its life so far."""
    almanac, partners = scene.almanac, (scene.people["marcus"], scene.people["helen"])
    proposed = almanac.ago(12) if made.signed_on is None else made.signed_on - timedelta(days=10)
    scene.tell(almanac.at(proposed, 11, 20), "engagement.add", made, partners[0], after="draft")
    if made.signed_on is None:
        return
    opened = {"open_to": OpenTo.TEAM}
    scene.tell(
        almanac.at(made.signed_on, 16, 5),
        "engagement.activate",
        made,
        partners[1],
        before="draft",
        after="active",
        **opened,
    )
    if made.state is EngagementState.PAUSED:
        first = almanac.day(row["paused_from"]) - timedelta(days=1)
        scene.tell(almanac.at(first, 9, 30), "engagement.pause", made, partners[1], before="active", after="paused",
                   reason="The long holidays; nobody there to work with", **opened)  # fmt: skip
    lead = next(person for person in scene.people.values() if person.id == scene.teams[row["key"]][0].person_id)
    if made.state is EngagementState.CLOSING:
        scene.tell(
            almanac.at(almanac.ago(14), 10, 15),
            "engagement.begin_closing",
            made,
            lead,
            before="active",
            after="closing",
            **opened,
        )
    if made.state is EngagementState.CLOSED:
        first = made.ends - timedelta(days=30)
        scene.tell(
            almanac.at(first, 10, 15),
            "engagement.begin_closing",
            made,
            lead,
            before="active",
            after="closing",
            **opened,
        )
        scene.tell(
            almanac.at(made.ends + timedelta(days=9), 10, 15),
            "engagement.close",
            made,
            partners[1],
            before="closing",
            after="closed",
            **opened,
        )
