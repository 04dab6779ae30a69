"""Other terms of a retainer, from a month on: for partners. What held when stands on the team's tab."""

from flask import g, request
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.forms import Form
from crm.core.web import answer
from crm.core.words import month
from crm.engagements.desk import page_of, shown, the_engagement
from crm.engagements.retaining import history_of, settled_until, standing_on
from crm.engagements.terms import Agreed
from crm.retainers.forms import ORDER_WORDS, RetainerForm, months_to_choose
from crm.retainers.operations import agree_terms

pages = Pages("retainers", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>/retainer")


@pages.route("", methods=["GET", "POST"])
def agree(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    history, settled = history_of(engagement_id), settled_until(engagement_id)
    stands = standing_on(history, today())
    form = RetainerForm(obj=Agreed(stands, stands.fee) if stands else None, version=str(engagement.version))
    months = months_to_choose(engagement, settled)
    form.offer_months(months)

    def page(form: Form) -> str:
        so_far = history_of(engagement_id)  # read anew: a refused deed left it as nobody has read it since
        return shown(
            "retainer", "retainer.agree", engagement, engagement, form=form, history=so_far, months=months, settled=settled,
            stands=standing_on(so_far, today()), ORDER_WORDS=ORDER_WORDS,
        )  # fmt: skip

    if request.method == "GET":
        if form.begins.data is None or form.begins.data not in {f"{one:%Y-%m}" for one in months}:
            form.begins.data = f"{month_after(month_of(today())):%Y-%m}"
        return page(form)
    return answer(
        form,
        lambda press: agree_terms(
            engagement, form.offer, form.begins.data, viewer=g.viewer, press=press,
            changes=f"From {month(form.begins.data)}\n{form.changes(Agreed(stands, stands.fee)) if stands else ''}".strip(),
        ),
        page,
        leads_to=page_of(engagement),
    )  # fmt: skip
