"""One's own dates in one's own calendar: the secret address is made, shown once, renewed and ended here."""

import secrets
from collections.abc import Sequence

from flask import abort, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import EVERYBODY, Pages
from crm.accounts.models import CalendarFeed
from crm.accounts.session import digest_of
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import DoneBefore, Refused
from crm.core.forms import Form
from crm.core.viewer import Audience
from crm.core.web import answer
from crm.portal.shell import surroundings
from crm.settings import operations

pages = Pages("own_calendar", __name__, roles=EVERYBODY, url_prefix="/me/calendar")


def open_feeds() -> Sequence[CalendarFeed]:
    """Of the hat that is worn: each company has an address of its own."""
    mine = select(CalendarFeed).where(CalendarFeed.standing_id == g.signed.standing.id, CalendarFeed.ended_at.is_(None))
    return db.session.scalars(mine.order_by(CalendarFeed.id)).all()


@pages.get("")
def show() -> ResponseReturnValue:
    return calendar_page(Form())


def calendar_page(form: Form, address: str = "") -> str:
    return render_template(
        "settings/own_calendar.html", form=form, feeds=open_feeds(), address=address,
        ours=g.viewer.audience is Audience.PRACTICE, **surroundings(),
    )  # fmt: skip


@pages.post("")
def renew() -> ResponseReturnValue:
    """The answer itself shows the address: it stands in no later page, and in no cookie on the way to one."""
    form, secret = Form(), secrets.token_urlsafe(32)
    feed = CalendarFeed(
        account_id=g.viewer.account_id, standing_id=g.signed.standing.id, token_hash=digest_of(secret), made_at=now()
    )
    form.validate()
    try:
        press = form.press(leads_to=url_for(".show"))
        operations.open_calendar(feed, viewer=g.viewer, press=press, before=open_feeds())
    except DoneBefore:  # the address was shown by the first press, and is known to nobody here any more
        return calendar_page(Form(formdata=None))
    except Refused as error:
        form.blame(error)
        return calendar_page(form), 409
    base = current_app.config["BASE_URL"].rstrip("/")
    return calendar_page(Form(formdata=None), f"{base}{url_for('feeds.feed', secret=secret)}")


@pages.post("/<id:feed_id>/end")
def end(feed_id: int) -> ResponseReturnValue:
    feed = db.get_or_404(CalendarFeed, feed_id)
    if feed.standing_id != g.signed.standing.id:
        abort(404)
    return answer(
        Form(),
        lambda press: operations.close_calendar(feed, viewer=g.viewer, press=press),
        calendar_page,
        leads_to=url_for(".show"),
    )
