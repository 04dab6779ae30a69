"""What a deliverable waits for: one short form for each kind of thing."""

from crm.core.forms import Choice, Day, Form, Line


class DeliverableWaitForm(Form):
    on_id = Choice("Another deliverable", kind=int, ask="Choose what it waits for", blank="Choose a deliverable")


class DecisionWaitForm(Form):
    decision_id = Choice(
        "A decision", kind=int, ask="Choose the question that must be answered first", blank="Choose a question"
    )


class InputWaitForm(Form):
    what = Line("Something they send us", ask="Say what they send us, like: Last year's invoices")
    needed_by = Day("Needed by", ask="Write the day by which you need it")
    contact_id = Choice("From whom", kind=int, blank="Nobody in particular")


FORMS = {"deliverable": DeliverableWaitForm, "decision": DecisionWaitForm, "input": InputWaitForm}
