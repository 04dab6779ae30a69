from typing import Any

from crm.areas.data.forecast import BadDirection, Reading
from crm.areas.data.models import MOST_READINGS, Classification, DataDomain
from crm.core import inputs
from crm.core.forms import Day, Form, Line, Lines, Parsed, Tick
from crm.registers.forms import (
    PartyForm,
    RowChoice,
    YesNo,
    department,
    departments,
    number,
    one_of,
    owner_fields,
    share,
)


class DataAssetForm(PartyForm):
    """A set of data, who answers for it, and how good it is."""

    name = Line("Data", ask="Name the data, like Customers")
    domain = one_of("About", DataDomain, "Choose what it is about")
    owner_party, owner_name = owner_fields()
    owner_department = department("Department of the owner", ask="Choose the department that answers for it")
    system_id = RowChoice("System where it lies", "service", blank="Not in the list of services")
    personal_data = YesNo("Personal data", ask="Say whether it is personal data", blank="Choose one")
    classification = one_of("Classification", Classification, "Choose a classification")
    critical = Tick("Much hangs on it")
    quality_score = share("Quality, of 100")
    last_quality_check = Day("Quality last checked")
    retention_rule = Tick("It is settled how long it is kept")
    shared_with = departments("Departments that use it too")
    used_in_reports = Tick("Reports are made from it")


class Readings(Lines):
    """What was read, one month a line: 2026-11 870."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = [_reading(text) for text in self.data]
        if len({one.month for one in self.data}) < len(self.data):
            raise ValueError("Write each month once")

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(str(one) for one in self.data or ())


def _reading(text: str) -> Reading:
    month, _, value = text.partition(" ")
    try:
        return Reading(inputs.month(month), inputs.figure(value))
    except ValueError:
        raise ValueError("Write a month and its figure on each line, like 2026-11 870") from None


class SignalForm(PartyForm):
    """A figure that a department reads every month, and the threshold at which it needs something."""

    name = Line("Signal", ask="Name the figure, like Enquiries a month")
    department = department(ask="Choose the department that reads it")
    unit = Line("Unit", at_most=60, ask="Say what is counted, like enquiries")
    threshold = number("Threshold", ask="Write the figure at which something must be done, like 260")
    bad_direction = one_of("Bad when it goes", BadDirection, "Choose which way is bad", default=BadDirection.UP)
    owner_party, owner_name = owner_fields()
    readings: Any = Readings(
        "Readings", at_most=MOST_READINGS, description="One month a line, like 2026-11 870; six make a forecast"
    )
    latest_on = Day("Last read on")
    need_if_crossed = Line("What it will need", description="When the threshold is crossed, like a fifth estimator")
    plan_in_place = Tick("There is a plan for that")


class FigureForm(Form):
    """What was read of a month that stands already."""

    value = number("Figure", ask="Write the figure of that month, like 870")


class ReadingForm(FigureForm):
    """A month and what was read of it."""

    month = Parsed(
        "Month", inputs.month, ask="Choose the month that was read", show=lambda value: f"{value:%Y-%m}", render_kw={"type": "month"}
    )  # fmt: skip

    @property
    def reading(self) -> Reading:
        return Reading(self.month.data, self.value.data)
