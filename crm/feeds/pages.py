"""The address that a calendar reads: no cookie, no session, nothing written. Its secret says whose dates it shows, and
it is looked at with their eyes, as they are today."""

from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, make_response, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from crm.access.pages import OpenPages
from crm.accounts.models import Account, CalendarFeed, Standing
from crm.accounts.session import account_session, digest_of
from crm.core.clock import now, today
from crm.core.viewer import Viewer, look_as
from crm.feeds.dates import dates_of
from crm.feeds.writing import digest_of_dates, feed_of

# Wrong addresses of one place, counted by each process for itself: a calendar's question writes nothing. A secret has 256
# bits, so this keeps noise away, not thieves.
GUESSES = RateLimitItemPerMinute(30)
guesses = FixedWindowRateLimiter(MemoryStorage())


class FeedPages(OpenPages):
    """Whoever holds the address is let in as the reader whom it was made for, while they may still come in themselves."""

    def admit(self) -> None:
        super().admit()
        place = request.remote_addr or ""
        if not guesses.test(GUESSES, "feed", place):
            raise TooManyRequests(retry_after=60)
        reader = reader_of(str((request.view_args or {}).get("secret", "")))
        if reader is None or g.practice is None:
            guesses.hit(GUESSES, "feed", place)
            abort(404)
        g.reader = reader
        look_as(reader, via="calendar", request_id=g.request_id)


def reader_of(secret: str) -> Viewer | None:
    """With whose eyes this address looks; None when it opens nothing (any more)."""
    asked = (
        select(Standing)
        .join(CalendarFeed, CalendarFeed.standing_id == Standing.id)
        .join(Account, Account.id == Standing.account_id)
        .where(
            CalendarFeed.token_hash == digest_of(secret), CalendarFeed.ended_at.is_(None), Standing.ended_at.is_(None), Account.active
        )
    )  # fmt: skip
    with account_session(writes=False) as accounts:
        standing = accounts.scalars(asked).one_or_none()
        return standing.viewer() if standing else None


pages = FeedPages("feeds", __name__, url_prefix="/calendar")


@pages.after_request
def tell_nobody_the_address(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.get("/<string(length=43):secret>.ics")
def feed(secret: str) -> Response:  # noqa: ARG001  the door has asked for it
    dates, name = dates_of(g.reader, today()), f"Twelvefold, {g.practice.name}"
    base = current_app.config["BASE_URL"].rstrip("/")
    mark = digest_of_dates(dates, name)
    answer = make_response()
    answer.set_etag(mark, weak=True)
    if mark not in request.if_none_match.as_set(include_weak=True):
        answer.data = feed_of(dates, name=name, base=base, host=urlsplit(base).hostname or "twelvefold", at=now())
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="twelvefold.ics"'
    answer.make_conditional(request)
    return answer
