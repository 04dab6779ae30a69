"""How far the client has come: what the questions about the twelve areas came to, first and last."""

from flask import g
from flask.typing import ResponseReturnValue

from crm.access.pages import PORTAL, Pages
from crm.core.db import db
from crm.core.words import in_words
from crm.maturity.compare import Comparison, compared, wedges
from crm.maturity.models import results_of
from crm.maturity.queries import finished_of, targets_of
from crm.portal.shell import page
from crm.reviews.models import LEVELS

pages = Pages("portal_progress", __name__, roles=PORTAL, url_prefix="/portal/progress")


@pages.get("")
def show() -> ResponseReturnValue:
    """The last time we asked, beside the first where there was another."""
    runs = db.session.scalars(finished_of(g.viewer.client_id or 0)).all()
    if not runs:
        return page("portal/progress.html", runs=runs)
    first, last = runs[0], runs[-1]
    before, now = results_of((), first.levels), results_of((), last.levels)
    targets, both = targets_of(last), compared(before, now)
    return page(
        "portal/progress.html", runs=runs, first=first, last=last, both=both, targets=targets, LEVELS=LEVELS,
        wedges=wedges(now, targets, before=before if len(runs) > 1 else None, plain=True), headline=_headline(both, len(runs)),
    )  # fmt: skip


def _headline(both: Comparison, runs: int) -> str:
    """The answer first, in words that need no explaining."""
    if runs == 1:
        return "This is where you begin"
    better, worse = in_words(both.better).lower(), in_words(both.worse).lower()
    if both.better and both.worse:
        return f"Stronger in {better} {'area' if both.better == 1 else 'areas'}, weaker in {worse}"
    if both.better:
        return f"You are stronger in {better} of your twelve areas"
    return f"You are weaker in {worse} of your twelve areas" if both.worse else "You are where you were"
