"""The practice itself: its people with their patterns, rates and leave, its clients with theirs, and the accounts."""

from datetime import timedelta
from typing import Any

from crm.accounts.invitations import INVITED_FOR, Invitation
from crm.accounts.models import Account, Standing
from crm.clients.models import Client, ClientNote, Consent, Contact, Department, RosterSeat
from crm.core.db import db
from crm.core.viewer import Role
from crm.demo.book import book
from crm.demo.scene import Scene
from crm.outbox.models import post
from crm.people.models import (
    WEEKDAYS,
    CostRate,
    Leave,
    LeaveReason,
    LeaveStatus,
    Period,
    PeriodState,
    Person,
    WorkingPattern,
)
from crm.practice.models import Practice

PENCE = 100


def open_practice() -> None:
    said = {name: value for name, value in book("practice")["practice"].items() if name != "overage_rate"}
    db.session.add(Practice(id=1, is_demo=True, mail_sign_in=True, **said))


def hire(scene: Scene) -> None:
    """Everybody of the practice. The admin keeps the house and has no working pattern."""
    almanac, practice = scene.almanac, book("practice")["practice"]
    for row in book("practice")["people"]:
        joined = almanac.day(row["joined"]) if "joined" in row else None
        scene.people[row["key"]] = Person(
            name=row["name"], email=row["email"], kind=row["kind"], base=row["base"], modes=",".join(row.get("modes", [])),
            background=row.get("background", ""), story=row.get("story", ""), joined_on=joined,
        )  # fmt: skip
    db.session.add_all(scene.people.values())
    db.session.flush()
    for row in book("practice")["people"]:
        if "days" not in row:
            continue
        person, kind = scene.people[row["key"]], row["kind"]
        begins = person.joined_on or almanac.day("BOM-36")
        week = {day: 100 if day in row["days"] else 0 for day in WEEKDAYS}
        db.session.add(
            WorkingPattern(
                person_id=person.id, begins=begins, region=practice["region"], delivery_share=practice[f"{kind}_share"],
                utilisation_target=practice[f"{kind}_target"], **week,
            )
        )  # fmt: skip
        db.session.add(CostRate(person_id=person.id, begins=begins, per_day=row["cost_rate"] * PENCE))
    _leave(scene)


def _leave(scene: Scene) -> None:
    almanac, decides = scene.almanac, scene.people["helen"]
    for row in book("practice")["leave"]:
        person, first = scene.people[row["who"]], almanac.day(row["from"])
        leave = Leave(
            person_id=person.id, begins=first, ends=almanac.day(row["to"]), share=round(row.get("share", 1) * 100),
            status=row.get("status", LeaveStatus.APPROVED.value),
        )  # fmt: skip
        db.session.add(leave)
        db.session.flush()
        db.session.add(LeaveReason(person_id=person.id, leave_id=leave.id, kind=row["kind"], note=row.get("note", "")))
        asked = almanac.at(min(first, almanac.today) - timedelta(days=30), 8, 40)
        scene.tell(asked, "leave.ask", leave, person, after="asked")
        if leave.status != LeaveStatus.ASKED:
            scene.tell(asked + timedelta(days=2), "leave.decide", leave, decides, before="asked", after="approved")


def close_months(scene: Scene, first: str) -> None:
    """All months up to the last one are locked, a few days after their end; the running one is open."""
    almanac, month = scene.almanac, scene.almanac.day(first)
    while month < almanac.day("BOM"):
        following = almanac.day("BOM") if month == almanac.day("BOM-1") else (month + timedelta(days=40)).replace(day=4)
        period = Period(month=month, state=PeriodState.LOCKED, locked_at=almanac.at(following, 0))
        db.session.add(period)
        scene.tell(
            almanac.at(following, 0), "period.lock", period, scene.people["helen"], before="open", after="locked"
        )
        month = (month + timedelta(days=40)).replace(day=1)


def take_on(scene: Scene) -> None:
    """Clients with what we think of them, who holds which title, departments, and contacts with their heads."""
    for row in book("practice")["clients"]:
        client = Client(
            **{name: row[name] for name in ("code", "name", "sector", "town", "headcount", "has_cto", "mission")}
        )
        client.revenue = row["revenue"] * PENCE
        scene.clients[row["code"]] = client
        db.session.add(client)
        db.session.flush()
        whose = {"client_id": client.id}
        db.session.add(ClientNote(body=f"{row['problem']}.", **whose))
        db.session.add_all(RosterSeat(title=title, holder=holder, **whose) for title, holder in row["roster"].items())
        departments = {one["kind"]: Department(**one, **whose) for one in row["departments"]}
        db.session.add_all(departments.values())
        db.session.flush()
        for one in row["contacts"]:
            _contact(scene, row["code"], client, departments[one["department"]], one)
    db.session.flush()


def _contact(scene: Scene, code: str, client: Client, department: Department, one: dict[str, Any]) -> None:
    asked = "signs_in" in one
    contact = Contact(
        client_id=client.id, name=one["name"], role=one["role"], email=one["email"], vouched=one["email"], department_id=department.id,
        is_head=one.get("head", False), decides=one.get("decides", False),
        consent=Consent.GIVEN if asked else Consent.NOT_ASKED, consent_on=scene.almanac.ago(90) if asked else None,
    )  # fmt: skip
    scene.contacts[code, one["name"]] = contact
    if contact.is_head:
        scene.by_department[code, one["department"]] = contact
    db.session.add(contact)


def give_keys(scene: Scene, password: str) -> None:
    """An account for everybody of the practice and for the client people who sign in; those shown come first.

    `password` is hashed already, once for all of them: they share it, and a hash takes its time.
    """
    hats: dict[str, list[Standing]] = {}
    names: dict[str, str] = {}
    for person in scene.people.values():
        hats.setdefault(person.email, []).append(Standing(role=Role(person.kind), person_id=person.id))
        names[person.email] = person.name
    for row in book("practice")["clients"]:
        for one in row["contacts"]:
            if "signs_in" in one:
                contact = scene.contacts[row["code"], one["name"]]
                hat = Standing(role=Role(one["signs_in"]), contact_id=contact.id, client_id=contact.client_id)
                hats.setdefault(one["email"], []).append(hat)
                names[one["email"]] = one["name"]
    shown = book("practice")["accounts"]["shown"]
    for email in sorted(hats, key=lambda one: (shown.index(one) if one in shown else len(shown), one)):
        account = Account(
            email=email, name=names[email], password=password, created_at=scene.almanac.at(scene.almanac.ago(60), 9),
            standings=hats[email],
        )  # fmt: skip
        scene.accounts[email] = account
        db.session.add(account)
        db.session.flush()  # one by one, so that their order is that of the list


def invite_some(scene: Scene) -> None:
    """Who was asked in and has not come yet: one link works still, one is over."""
    admin = next(one for one in scene.accounts.values() if one.standings[0].role is Role.ADMIN)
    for one in book("practice")["accounts"]["invited"]:
        contact = scene.contacts[one["client"], one["name"]]
        made_at = scene.almanac.at(scene.almanac.ago(one["ago"]), 10)
        hat = Standing(role=Role.VIEWER, contact_id=contact.id, client_id=contact.client_id)
        account = Account(email=contact.email, name=contact.name, created_at=made_at, standings=[hat])
        db.session.add(account)
        db.session.flush()
        invitation = Invitation(
            account_id=account.id, by_account_id=admin.id, made_at=made_at, expires_at=made_at + INVITED_FOR
        )
        db.session.add(invitation)
        db.session.flush()
        post("account.invited", key=f"invitation:{invitation.id}:1", invitation_id=invitation.id, turn=1)
