"""The limits of a rule, as they are typed."""

from functools import partial

from crm.core import inputs
from crm.core.forms import Form, Parsed
from crm.core.words import amount

limit = partial(inputs.figure, at_least=0, at_most=100_000)


class LimitsForm(Form):
    """Where a rule turns amber and red; red may be left empty for a rule that never is."""

    amber = Parsed("Amber", limit, show=amount, ask="Write the number at which it turns amber, like 15")
    red = Parsed("Red", limit, show=amount)
