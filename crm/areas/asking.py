"""Questions whose answer belongs to a row of another area: what is decided of a contract stands in the contract too."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.areas.across.models import Decision
from crm.areas.across.notices import announce, ask_decider
from crm.areas.across.queries import asked_about
from crm.areas.vendors.models import RenewalDecision, VendorContract
from crm.audit.trail import record
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import Visibility
from crm.core.viewer import Viewer
from crm.engagements.queries import hold

BEFORE_NOTICE = timedelta(days=10)
RENEWALS = tuple(one for one in RenewalDecision if one is not RenewalDecision.UNDECIDED)


def suggested_day(contract: VendorContract) -> date:
    """Ten days before the day to speak by; today where that is past."""
    suggested = contract.notice_by - BEFORE_NOTICE if contract.notice_by else today() + BEFORE_NOTICE
    return max(suggested, today())


def meant_by(option: str) -> RenewalDecision | None:
    """What an option says of a contract: it begins with the word."""
    first = option.replace(":", " ").replace(",", " ").split()[:1]
    return next((one for one in RENEWALS if first and first[0].lower() == one.value), None)


def ask_about_contract(
    contract: VendorContract,
    *,
    contact_id: int,
    question: str,
    options: Sequence[str],
    recommendation: str,
    needed_by: date,
    viewer: Viewer,
    press: Press,
) -> Decision:
    """Put a renewal before the sponsor. Of one contract there is one open question."""
    moment = now()
    decision = Decision(
        client_id=contract.client_id, area=contract.area, contract_id=contract.id, question=question, options=list(options),
        recommendation=recommendation, needed_by=needed_by, owner_contact_id=contact_id, visibility=Visibility.CLIENT,
        made_at=moment, made_by_id=viewer.person_id, changed_at=moment, changed_by_id=viewer.person_id,
    )  # fmt: skip
    set_committed_value(decision, "client", contract.client)
    with act(viewer, "decision.ask", decision, press=press):
        hold(contract.client_id)
        contract.must_be_in_use()
        contract.must_be_undecided()
        if asked_about([contract.id]):
            raise Refused("This contract is before the sponsor already. Withdraw that question first.")
        db.session.add(decision)
        db.session.flush()
        ask_decider(decision)
    return decision


def decide(decision: Decision, outcome: str, reason: str, *, viewer: Viewer, press: Press) -> None:
    """By whoever is named for it; the leads are told."""
    with act(viewer, "decision.decide", decision, press=press, reason=_said(outcome, reason)):
        decision.decide(today(), outcome, reason)
        _tell_the_contract(decision, viewer)
        decision.touch(now(), viewer.person_id)
        db.session.flush()
        announce("decision.decided", decision)


def record_decision(decision: Decision, outcome: str, reason: str, on: date, *, viewer: Viewer, press: Press) -> None:
    """What the board or somebody without a sign-in decided, written down by the lead; whoever decided is told."""
    with act(viewer, "decision.record", decision, press=press, reason=_said(outcome, reason)):
        decision.decide(on, outcome, reason, recorded_by_id=viewer.person_id)
        if decision.visibility is not Visibility.CLIENT:
            decision.share()
        _tell_the_contract(decision, viewer)
        decision.touch(now(), viewer.person_id)
        db.session.flush()
        announce("decision.recorded", decision)


def _said(outcome: str, reason: str) -> str:
    return f"{outcome}\n\n{reason}" if reason else outcome


def _tell_the_contract(decision: Decision, viewer: Viewer) -> None:
    """In the same transaction, also where only the team reads the contract."""
    if decision.contract_id is None:
        return
    meant = meant_by(decision.outcome)
    if meant is None:
        raise Refused("Choose one of the options: the contract follows your answer.", "outcome")
    whose = VendorContract.id == decision.contract_id, VendorContract.client_id == decision.client_id
    contract = db.session.scalars(
        select(VendorContract).where(*whose), execution_options={"named": "decisions.contract"}
    ).one()
    contract.decision, contract.decided_on = meant, decision.decided_on
    contract.touch(now(), viewer.person_id)
    record(viewer, "contract.decide", contract, before=None, reason=decision.outcome)
