"""What is asked about a template of one's own."""

from decimal import Decimal

from crm.core import inputs
from crm.core.forms import Choice, Form, Line, Lines, Parsed, Prose
from crm.core.twelve import OF, Area
from crm.core.words import amount
from crm.library.typical import SAID, Cadence


def effort(text: str) -> Decimal:
    """Days of effort, more than none."""
    found = inputs.days(text)
    if not found:
        raise ValueError("Write more than 0 days, like 0.5 or 2")
    return found


class TemplateForm(Form):
    name = Line("Name", ask="Give it a name, like Cyber insurance questionnaire")
    area = Choice("Area", [(one, f"{OF[one].number} {OF[one].name}") for one in Area], kind=Area, ask="Choose the area it belongs to", blank="Choose an area")  # fmt: skip
    days = Parsed("Effort in days", effort, show=amount, ask="Write the days it usually takes, like 1.5")
    cadence = Choice("How often", list(SAID.items()), kind=Cadence, ask="Choose how often it comes", blank="Choose one")
    what = Prose(
        "What it is for", at_most=500, description="It becomes the purpose of the deliverable, which the client reads"
    )
    outline = Lines("Outline", description="One heading a line. An empty version begins with them")
    criteria = Lines("Done when", description="One criterion a line")
