from collections.abc import Iterator

from crm.areas.stakeholders.models import CommitmentStatus, Stance
from crm.core.clock import today
from crm.core.errors import Refused
from crm.core.forms import Day, Form, Line, Prose
from crm.registers.forms import ConsultantChoice, ContactChoice, EntryForm, PastForm, department, mark, one_of, whole


class StakeholderForm(EntryForm):
    """Whose view matters, where they stand, and what one does next."""

    contact_id = ContactChoice("Who", ask="Choose who it is", blank="Choose one")
    department = department(ask="Choose their department")
    influence = whole(
        "Influence", at_least=1, at_most=5, ask="Say how much influence they have, from 1 to 5", description="1 to 5"
    )
    stance = one_of("Stance", Stance, "Choose where they stand")
    trust_score = mark("Trust now")
    trust_before = mark("Trust the time before")
    last_contact = Day("Last contact")
    contact_interval_days = whole(
        "In touch every … days", at_least=1, at_most=3650, description="90 when nothing is said"
    )
    next_step = Line("Next step", at_most=500)


class CommitmentForm(EntryForm):
    """What was promised to whom, and by when."""

    what = Line("Promise", ask="Write the promise in a few words, like Wireless at the saw by month end")
    to_contact_id = ContactChoice("Promised to", ask="Choose whom it was promised to", blank="Choose one")
    department = department(ask="Choose their department")
    promised_on = Day("Promised on", ask="Say when it was promised", default=today)
    due = Day("Due", ask="Say by when it was promised")
    keeper_id = ConsultantChoice("Who of us keeps it", blank="Whoever wrote it down")
    status = one_of("Status", CommitmentStatus, "Choose a status", default=CommitmentStatus.OPEN)
    done_on = Day("Done on")

    def contradictions(self) -> Iterator[Refused]:
        status, done, due = self.status.data, self.done_on.data, self.due.data
        if due < self.promised_on.data:
            yield Refused("It cannot be due before it was promised", "due")
        if status in {CommitmentStatus.KEPT, CommitmentStatus.LATE} and not done:
            yield Refused("Say on which day it was done", "done_on")
        if status in {CommitmentStatus.OPEN, CommitmentStatus.BROKEN, CommitmentStatus.WITHDRAWN} and done:
            yield Refused("A promise that was done is kept or late: choose which, or leave the day empty", "status")
        if status is CommitmentStatus.LATE and done and done <= due:
            yield Refused("It was done in time: choose Kept", "status")


class KeptForm(PastForm):
    on = Day("Done on", ask="Say on which day it was done", default=today)


class BrokenForm(Form):
    reason = Prose("Why", ask="Say why, in words that whoever it was promised to may read")


class AgreedForm(PastForm):
    """A promise is dropped only with whoever it was made to."""

    on = Day("Agreed on", ask="Say on which day they agreed", default=today)
    words = Prose("What they said", ask="Say how they agreed, like: no longer needed since the saw was moved")
