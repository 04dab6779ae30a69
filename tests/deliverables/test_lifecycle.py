"""docs/domain.md, life cycles, the whole table: every state, every verb, every role."""

from datetime import timedelta
from secrets import token_hex

import pytest
from werkzeug.exceptions import NotFound

from crm.access.policy import MAY, may
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Press
from crm.deliverables import answers
from crm.deliverables import operations as does
from crm.deliverables.operations import Agreement
from crm.deliverables.queries import for_deed
from crm.deliverables.rounds import operations as rounds
from crm.deliverables.rounds.operations import Findings
from crm.deliverables.states import FROM, State
from crm.deliverables.versions import Behalf
from crm.files.keeping import Brought
from crm.files.kinds import FileKind
from tests.cast import TODAY

S = State
LIVE = {S.PROPOSED, S.PLANNED, S.IN_PROGRESS, S.INTERNAL_REVIEW, S.READY, S.SUBMITTED, S.CHANGES_REQUESTED}
ROLES = {"lead": "ben", "owner": "tess", "reviewer": "ada", "partner": "ada", "sponsor": "cora", "viewer": "vic", "stranger": "eve", "admin": "abe"}  # fmt: skip
AGREED = Agreement(contact_id=1, on=TODAY)

# verb: (from which states, by whom, to which state)
TABLE = {
    "plan": ({S.PROPOSED}, {"lead"}, S.PLANNED),
    "revise": (LIVE, {"lead", "owner", "partner", "reviewer"}, None),
    "begin": ({S.PLANNED, S.CHANGES_REQUESTED}, {"owner"}, S.IN_PROGRESS),
    "write": ({S.IN_PROGRESS}, {"owner"}, S.IN_PROGRESS),
    "attach": ({S.IN_PROGRESS}, {"owner"}, S.IN_PROGRESS),
    "ask_review": ({S.IN_PROGRESS}, {"owner"}, S.INTERNAL_REVIEW),
    "pass_review": ({S.INTERNAL_REVIEW}, {"reviewer"}, S.READY),
    "return": ({S.INTERNAL_REVIEW}, {"reviewer"}, S.IN_PROGRESS),
    "submit": ({S.READY}, {"owner", "lead"}, S.SUBMITTED),
    "withdraw": ({S.SUBMITTED}, {"lead"}, S.IN_PROGRESS),
    "accept": ({S.SUBMITTED}, {"sponsor"}, S.ACCEPTED),
    "send_back": ({S.SUBMITTED}, {"sponsor"}, S.CHANGES_REQUESTED),
    "record": ({S.SUBMITTED}, {"lead"}, S.ACCEPTED),
    "deem": ({S.SUBMITTED}, set(), S.ACCEPTED),
    "correct": ({S.ACCEPTED}, {"owner", "lead"}, S.IN_PROGRESS),
    "drop_correction": (set(), {"owner", "lead"}, S.ACCEPTED),
    "cancel": (LIVE, {"lead"}, S.CANCELLED),
    "rebaseline": (LIVE - {S.PROPOSED}, {"lead"}, None),
}
DEEDS = {
    "plan": lambda d, **how: does.plan_deliverable(d, **how),
    "revise": lambda d, **how: does.revise_deliverable(
        d, criteria_lines=["One"], shares={}, title="New", area=d.area, purpose="", type="", assignment_id=d.assignment_id,
        estimate=d.estimate, remaining=None, due=None, confidential=False, **how),
    "begin": lambda d, **how: does.begin_deliverable(d, **how),
    "write": lambda d, **how: does.write_version(d.current, text="Other", link=None, changes="", **how),
    "attach": lambda d, **how: does.attach_files(d.current, [Brought("a.md", FileKind.MD, 1, "x", "x", token_hex(20), 0)], **how),
    "ask_review": lambda d, **how: rounds.ask_for_review(d, reviewer_id=1, **how),
    "pass_review": lambda d, **how: rounds.pass_review(d, found=Findings(holds=[one.id for one in d.criteria]), **how),
    "return": lambda d, **how: rounds.return_from_review(d, found=Findings(remark="Not yet"), **how),
    "submit": lambda d, **how: does.submit_deliverable(d, asked_id=1, review_days=10, region="GB-ENG", **how),
    "withdraw": lambda d, **how: does.withdraw_deliverable(d, reason="Wrong file", **how),
    "accept": lambda d, **how: answers.accept_version(d.current, **how),
    "send_back": lambda d, **how: answers.send_back_version(d.current, comments={d.current.criteria[0].id: "No"} if d.current.criteria else {}, **how),
    "record": lambda d, **how: answers.record_acceptance(d.current, given_by_id=1, behalf=Behalf(2, TODAY, "By phone"), **how),
    "deem": lambda d, **how: answers.deem_acceptance(d.current, basis="No answer", **how),
    "correct": lambda d, **how: does.correct_deliverable(d, reason="A figure is wrong", **how),
    "drop_correction": lambda d, **how: does.drop_correction(d, reason="Not needed", **how),
    "cancel": lambda d, **how: does.cancel_deliverable(d, agreed=AGREED, reason="Not wanted", **how),
    "rebaseline": lambda d, **how: does.change_baseline(d, becomes=TODAY + timedelta(40), agreed=AGREED, reason="Holidays", **how),
}  # fmt: skip
OF_THE_VERSION = {"write", "attach", "accept", "send_back", "record", "deem"}


def test_the_table_is_whole():
    verbs = {verb.split(".")[1] for verb in MAY if verb.startswith("deliverable.")} - {"propose", "assign"}
    assert verbs == set(TABLE) == set(DEEDS) == set(FROM)


HIDDEN = LIVE - {S.SUBMITTED, S.CHANGES_REQUESTED} | {S.CANCELLED}  # from the client, in these scenes


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", State)
def test_who_may_do_what_from_where(state, role, owe, see, cast, again):
    """What the table allows happens and leads where it says; all else is not permitted, refused, or not even there."""
    who, owed = getattr(cast, ROLES[role]), None
    is_there = role not in {"stranger", "admin"} and not (role in {"sponsor", "viewer"} and state in HIDDEN)
    for verb, (states, by_whom, leads_to) in TABLE.items():
        owed = owed or owe(state, reviewer="ben" if role == "partner" else "ada")
        with see(who):
            found = _found(owed)
            assert (found is not None) == is_there, (verb, role, state)
            outcome = _try(found, verb, who) if found else "not there"
        if is_there:
            permitted, happened = role in by_whom, role in by_whom and state in states
            assert outcome == ("done" if happened else "refused" if permitted else "not permitted"), (verb, role, state)
            assert again(owed).state == ((leads_to or state) if happened else state)
            owed = None if happened else owed  # what was refused changed nothing: the next verb is tried on the same


def _found(owed):
    try:
        return for_deed(owed.id)
    except NotFound:
        return None


def _try(owed, verb, who):
    """As a page does it: what is asked of a version that is not there yet is refused by its state."""
    if not may(who.viewer, f"deliverable.{verb}", owed):
        return "not permitted"
    if verb in OF_THE_VERSION and owed.current is None:
        return "refused" if owed.stops(verb) else "broken"
    subject = owed.current if verb in OF_THE_VERSION else owed
    press = Press(f"{verb}-{owed.id}", "digest", subject.version, "/")
    try:
        DEEDS[verb](owed, viewer=who.viewer, press=press)
    except Refused:
        return "refused"
    except NotPermitted:
        return "not permitted"
    return "done"
