from collections.abc import Iterator

from crm.areas.continuity.models import Backup, ExerciseResult
from crm.core.errors import Refused
from crm.core.forms import Day, Line, Tick
from crm.registers.forms import ContactChoice, EntryForm, Link, RowChoice, one_of, size, whole


class CriticalServiceForm(EntryForm):
    """How long the business bears to be without it, and how fast it came back when that was tried."""

    name = Line("Critical service", ask="Name the service, like Order and stock")
    service_id = RowChoice("In the list of services", "service", blank="Not in the list")
    business_owner_id = ContactChoice("Business owner", blank="Nobody yet")
    mtpd_hours = size("Bearable without it, in hours")
    rto_hours = size("Back within, in hours", description="RTO: less than what is bearable")
    rpo_hours = size("Work lost at most, in hours", description="RPO")
    last_exercise = Day("Last exercise")
    exercise_interval_days = whole(
        "Exercised every … days", at_least=1, at_most=3650, description="365 when nothing is said"
    )
    exercise_result = one_of("Result of the exercise", ExerciseResult, "Choose a result", default=ExerciseResult.NONE)
    rto_reached_hours = size("Back after, in hours", description="As the last exercise showed")
    rpo_reached_hours = size("Work lost, in hours", description="As the last exercise showed")
    backup = one_of("Backup", Backup, "Choose how it is backed up", default=Backup.NONE)
    last_restore_test = Day("Last restored on purpose")
    offline_copy = Tick("A copy lies offline, out of reach of an attacker")
    plan_url = Link("Where the plan lies")
    plan_updated = Day("Plan last updated")
    single_point_of_failure = Tick("It hangs on one person or one thing")

    def contradictions(self) -> Iterator[Refused]:
        if self.last_exercise.data is None and self.exercise_result.data is not ExerciseResult.NONE:
            yield Refused("Say when it was exercised, or choose None as the result", "last_exercise")
