"""What a timer is started for."""

from collections.abc import Sequence

from crm.core.forms import Choice, Form, Line
from crm.core.twelve import Area
from crm.timelog.forms import AREAS
from crm.timelog.grammar import LONGEST
from crm.timelog.queries import Work


class TimerForm(Form):
    """A line without a duration, or an engagement and an area; nothing at all does, too."""

    line = Line("What for, in one line", at_most=LONGEST)
    work = Choice("Or an engagement", blank="Said later")
    area = Choice("Area", AREAS, kind=Area, blank="As last time")

    def offer(self, works: Sequence[Work]) -> None:
        self.work.of((one.code, f"{one.name}, {one.code}") for one in works)

    @property
    def said(self) -> str:
        """As the line that it stands for."""
        named = [self.work.data or "", f"#{self.area.data}" if self.area.data and self.work.data else ""]
        return self.line.data or " ".join(filter(None, named))
