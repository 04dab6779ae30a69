"""What is done with risks and actions, and with a question until somebody decides it."""

from datetime import date

from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.areas.across.models import Action, Decision, RaidItem
from crm.areas.across.notices import announce, ask_decider
from crm.areas.across.queries import asked_about
from crm.clients.models import Client
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.core.viewer import Viewer
from crm.engagements.queries import hold


def mitigate_item(item: RaidItem, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "raid.mitigate", item, press=press):
        item.mitigate()
        item.touch(now(), viewer.person_id)


def close_item(item: RaidItem, how: str, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "raid.close", item, press=press, reason=how):
        item.close(today(), how)
        item.touch(now(), viewer.person_id)


def turn_into_issue(item: RaidItem, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "raid.happen", item, press=press):
        item.happen(today())
        item.touch(now(), viewer.person_id)


def look_at_item(
    item: RaidItem, likelihood: int, impact: int, next_review: date, note: str, *, viewer: Viewer, press: Press
) -> None:
    """The review of a risk: weighed anew, and the next day set."""
    was = f"{item.likelihood} × {item.impact}"
    said = f"{was}, now {likelihood} × {impact}" if (item.likelihood, item.impact) != (likelihood, impact) else was
    with act(viewer, "raid.look_at", item, press=press, reason=f"{said}\n\n{note}" if note else said):
        item.look_at(today(), likelihood, impact, next_review)
        item.touch(now(), viewer.person_id)


def live_with_risk(item: RaidItem, why: str, *, viewer: Viewer, press: Press) -> None:
    """A risk that is not high is accepted by the team."""
    with act(viewer, "raid.live_with", item, press=press, reason=why):
        item.accept(today(), why)
        item.touch(now(), viewer.person_id)


def ask_acceptance(item: RaidItem, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "raid.ask", item, press=press):
        item.ask_acceptance(today())
        item.touch(now(), viewer.person_id)
        db.session.flush()
        announce("raid.asked", item)


def accept_risk(item: RaidItem, words: str, *, viewer: Viewer, press: Press) -> None:
    """The sponsor's own word."""
    with act(viewer, "raid.accept", item, press=press, reason=words):
        item.must_be_asked()
        item.accept(today(), words, contact_id=viewer.contact_id)
        item.touch(now(), viewer.person_id)
        db.session.flush()
        announce("raid.accepted", item)


def record_acceptance(item: RaidItem, contact_id: int, on: date, proof: str, *, viewer: Viewer, press: Press) -> None:
    """On behalf of the sponsor, who is told."""
    with act(viewer, "raid.record", item, press=press, reason=proof):
        item.accept(on, proof, contact_id=contact_id, recorded_by_id=viewer.person_id)
        if item.visibility is not Visibility.CLIENT:
            item.share()
        item.touch(now(), viewer.person_id)
        db.session.flush()
        announce("raid.recorded", item)


def note_action(
    client: Client, *, area: Area, title: str, due: date, owner_party: str, viewer: Viewer, press: Press
) -> Action:
    """An action in one line, for the team until somebody shares it."""
    moment = now()
    action = Action(
        client_id=client.id, area=area, title=title, due=due, made_at=moment, made_by_id=viewer.person_id,
        changed_at=moment, changed_by_id=viewer.person_id,
    )  # fmt: skip
    action.owner_party = owner_party
    set_committed_value(action, "client", client)
    with act(viewer, "action.note", action, press=press):
        db.session.add(action)
    return action


def finish_action(action: Action, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "action.finish", action, press=press):
        action.finish(today())
        action.touch(now(), viewer.person_id)


def drop_action(action: Action, reason: str, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "action.drop", action, press=press, reason=reason):
        action.drop(reason)
        action.touch(now(), viewer.person_id)


def ask_decision(decision: Decision, *, viewer: Viewer, press: Press) -> None:
    """Whoever decides reads it from now on, and is written to."""
    with act(viewer, "decision.ask", decision, press=press):
        decision.ask()
        decision.touch(now(), viewer.person_id)
        db.session.flush()
        ask_decider(decision)


def withdraw_decision(decision: Decision, reason: str, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "decision.withdraw", decision, press=press, reason=reason):
        decision.withdraw(reason)
        decision.touch(now(), viewer.person_id)


def revise_decision(decision: Decision, needed_by: date, reason: str, *, viewer: Viewer, press: Press) -> Decision:
    """Asked anew: what was decided stays in sight, and the question stands open again beside it."""
    with act(viewer, "decision.revise", decision, press=press, reason=reason):
        if decision.contract_id is not None:
            hold(decision.client_id)
            if asked_about([decision.contract_id]):
                raise Refused("The contract is before the sponsor already, in another question.")
        again = decision.revise(needed_by)
        again.made_at = again.changed_at = now()
        again.made_by_id = again.changed_by_id = viewer.person_id
        decision.touch(now(), viewer.person_id)
        db.session.add(again)
    return again


def look_back(decision: Decision, words: str, *, viewer: Viewer, press: Press) -> None:
    """Asked when the day comes: what really came of it."""
    with act(viewer, "decision.look_back", decision, press=press, reason=words):
        decision.look_back(today(), words)
        decision.touch(now(), viewer.person_id)
