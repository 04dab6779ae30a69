"""One day for a whole run: a story's "today" is fixed when it is collected, and must still be today when it is told.

A run that begins late in the evening lives three hours in the past, so that no midnight falls into it, and so do the
processes it starts. So does one that begins before seven on a Monday, when the letters of the week become due: it would
find accounts made before that hour, in a scene that it keeps, and letters for them after it. Its browsers live in a zone that is as far behind, since nothing moves their clock.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

LATE = 22  # o'clock; a run takes less than the two hours that are left to one before this
MONDAY = (3, 7)  # o'clock: seven in the morning of the zones in the stories, the earliest of them two hours ahead
BACK = 3
HERE = Path(__file__).parent


def hold_the_day() -> None:
    """The controlling process decides; the workers of xdist, that may begin after midnight, find it in their environment."""
    back = os.environ.setdefault("SUITE_HOURS_BACK", str(hours_back(datetime.now(UTC))))
    if int(back):
        time_machine.travel(datetime.now(UTC) - timedelta(hours=int(back))).start()


def hours_back(moment: datetime) -> int:
    before_the_letters = moment.weekday() == 0 and MONDAY[0] <= moment.hour < MONDAY[1]
    return BACK if moment.hour >= LATE or before_the_letters else 0


def zone_of_browsers() -> str:
    """The zone whose wall clock shows what UTC shows in the suite (in these names the sign means "behind")."""
    return f"Etc/GMT+{os.environ['SUITE_HOURS_BACK']}"


def for_processes() -> dict[str, str]:
    """What the environment of a process holds, for it to live in the suite's day."""
    if os.environ["SUITE_HOURS_BACK"] == "0":
        return {}
    return {"PYTHONPATH": os.pathsep.join(map(str, (HERE.parent.parent, HERE)))}
