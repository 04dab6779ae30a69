"""The drafts of a month, issued together: what each comes to, what stands in its way, and one button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, Pages, slow
from crm.core import inputs
from crm.core.db import db, writing
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.web import answer
from crm.core.words import money, plural
from crm.core.words import month as month_words
from crm.invoices import operations as do
from crm.invoices import queries as ask
from crm.invoices.forms import MOST_TOGETHER, TogetherForm
from crm.invoices.models import Invoice
from crm.invoices.paper import Paper
from crm.invoices.printed import paper_of

pages = Pages("issuing", __name__, roles=PARTNERS, url_prefix="/invoices/month")
NAMED = 5  # reasons in one sentence; the page has them all


@dataclass(frozen=True)
class Ready:
    """A draft, with what stands before it is issued."""

    invoice: Invoice
    paper: Paper
    lacks: dict[str, list[Refused]]

    @cached_property
    def missing(self) -> list[Refused]:
        return [one for own in self.lacks.values() for one in own]


def month_or_404(text: str) -> date:
    try:
        return inputs.month(text)
    except ValueError:
        abort(404)


def looked_at(drafts: Sequence[Invoice]) -> list[Ready]:
    """Four statements at most, however many drafts there are."""
    issuer, billings, stands = (
        ask.the_issuer(),
        ask.billings_of({one.client_id for one in drafts}),
        do.stands_for(drafts),
    )
    found = []
    for one in drafts:
        billing = billings[one.client_id]
        found.append(Ready(one, paper_of(one, issuer, billing), do.in_the_way(one, issuer, billing, stands)))
    return found


def drafts_of(month: date) -> list[Invoice]:
    """At most so many as one press takes, and one more where there are more."""
    return list(db.session.scalars(ask.drafts_in(month).limit(MOST_TOGETHER + 1)).unique())


@pages.route("/<string:month>", methods=["GET", "POST"])
@slow
def month(month: str) -> ResponseReturnValue:
    """Their files are made and checked while others write: the writer is held for the numbers alone."""
    begins = month_or_404(month)
    if request.method == "GET":
        return page(begins)
    form = TogetherForm()
    form.invoice.of((one, "") for one in form.invoice.data if one.isascii() and one.isdigit() and len(one) < 10)

    def deed(press: Press) -> None:
        ticked, seen = set(form.invoice.data), form.seen.data
        now = [one for one in looked_at(drafts_of(begins)) if one.invoice.id in ticked & set(seen)]
        checked = {one.invoice.id: do.Checked(seen[one.invoice.id], one.paper, one.missing) for one in now}
        with writing():
            drafts = [one for one in drafts_of(begins) if one.id in checked]
            told(begins, do.issue_each(drafts, checked, viewer=g.viewer, press=press))

    return answer(form, deed, lambda form: page(begins, form), leads_to=url_for(".month", month=month))


def told(month: date, done: do.Together) -> None:
    """How many were issued and what they come to; of those that stay, why."""
    if not done.issued:
        flash("Nothing was issued: none of these is a draft any more.", "a")
        return
    numbers = " to ".join(dict.fromkeys(str(one.number) for one in (done.issued[0], done.issued[-1])))
    total = money(sum(one.total for one in done.issued), done.issued[0].currency)
    verb = "is" if len(done.issued) == 1 else "are"
    said = f"{plural(len(done.issued), 'invoice')} of {month_words(month)} {verb} issued, {numbers}: {total}. The sponsors are told."
    why = [f"{whom} stays a draft: {error}" for whom, error in done.left[:NAMED]]
    why += [f"{len(done.left) - NAMED} more stay drafts, too."] * (len(done.left) > NAMED)
    flash(" ".join([said, *why]), "a" if why else "g")


def page(month: date, form: Form | None = None) -> str:
    """Each that can be issued is ticked at first."""
    drafts = drafts_of(month)
    every = looked_at(drafts[:MOST_TOGETHER])
    ready = [one for one in every if not one.missing]
    shown = TogetherForm(None, data={"invoice": [one.invoice.id for one in ready]}) if form is None else form
    return render_template(
        "invoices/together.html", month=month, ready=ready, blocked=[one for one in every if one.missing], form=shown,
        more=len(drafts) > MOST_TOGETHER, total=sum(one.invoice.total for one in ready),
        seen=",".join(f"{one.invoice.id}-{one.invoice.version}" for one in ready),
    )  # fmt: skip
