"""The form of a cost rate."""

from crm.core.forms import Choice, Day, Form, Sum


class RateForm(Form):
    person_id = Choice("Whose day", kind=int, ask="Choose somebody", blank="Choose somebody")
    begins = Day("From", ask="Choose the day from which on it holds")
    per_day = Sum("Cost of a day", ask="Write what a day costs the practice, like 430")
