"""What is asked about overage."""

from collections.abc import Iterable

from crm.closing.models import Settled
from crm.core.forms import Choice, Day, Form, Line

CHOICES = [(Settled.BILL.value, "Bill it"), (Settled.ABSORB.value, "Absorb it: worked, not charged")]


class OverageForm(Form):
    choice = Choice("What happens to it", CHOICES, kind=Settled, ask="Choose what happens to it")
    agreed_by_id = Choice("Who said yes", kind=int, blank="Nobody yet")
    agreed_on = Day("When they said it")
    reason = Line("Why", at_most=500)

    def offer(self, sponsors: Iterable[tuple[int, str]]) -> None:
        self.agreed_by_id.of(sponsors)
