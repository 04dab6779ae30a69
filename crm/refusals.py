"""What people see when something is refused or fails: what happened, whether anything was saved, what to do now."""

import errno
import time
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Forbidden, HTTPException, NotFound, RequestEntityTooLarge, SecurityError

from crm.access.once import answered_before
from crm.accounts.kept import keep
from crm.core.db import db
from crm.core.errors import DoneBefore, NotFresh, NotPermitted, Refused
from crm.core.log import log
from crm.core.web import is_part
from crm.files.store import Away

PASSING = {"40001", "40P01", "55P03"}  # PostgreSQL: serialization, deadlock, lock timeout
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # of a file system: no room for more
PATIENCE = 5.0  # seconds over all tries
TRIES = 3

SAID = {
    400: ("This page went stale", "Nothing was saved. Send it again from here, or open the page anew."),
    403: ("Not yours to do", "You are signed in, but this page or action belongs to somebody else's role."),
    404: ("Nothing here", "There is no page at this address, or it is not one that you may see."),
    405: ("Not possible like this", "Nothing was saved. Go back and use the buttons of the page."),
    409: ("Not possible now", "Nothing was saved."),
    413: ("Too large", "Nothing was saved. Send less text, or a file of at most 50 MB."),
    429: ("Too many tries", "Wait a minute, then try again. Nothing is locked for good."),
    500: ("Something broke on our side", "Nothing was saved. If it happens again, quote the number below."),
    507: (
        "Not saved: storage is full",
        "Nothing was saved, and reading still works. What you typed is below; tell your administrator.",
    ),
    503: ("Not saved: the system is busy", "Nothing was saved. What you typed is below; try again in a moment."),
}


def page(code: int, sentence: str = "", **headers: str) -> Response:
    title, otherwise = SAID.get(code, SAID[500])
    typed = _typed() if code in {400, 500, 503, 507} else []
    shown = {
        "code": code,
        "title": title,
        "sentence": sentence or otherwise,
        "typed": typed,
        "number": g.get("request_id", ""),
    }
    template = "errors/_message.html" if is_part() else "errors/page.html"
    answer = make_response(render_template(template, **shown), code)
    if is_part():
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#messages", "innerHTML"
    answer.headers.extend(headers)
    return answer


def _typed() -> list[tuple[str, str]]:
    """What was posted, so that it can be sent again. Never a password, and never the token that was refused."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and not name.endswith("password")
    ]


def from_elsewhere() -> Response | None:
    """A form that the page of another site sent: refused before anything of it is read, shown again or kept."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return page(403, "Another site tried to send something in your name. Nothing was saved.")
    return None


def is_passing(error: DBAPIError) -> bool:
    """Locked, deadlocked or out of turn: the same thing may work in a moment."""
    said = str(error.orig)
    return "database is locked" in said or getattr(error.orig, "sqlstate", "") in PASSING


def is_full(error: DBAPIError) -> bool:
    """No room on the disk for another row."""
    return "disk is full" in str(error.orig) or getattr(error.orig, "sqlstate", "") == "53100"


class Patient(Flask):
    """Flask that tries a request again when the database was busy, as a whole, and then says so.

    So it does when a colleague saved between our reading and our writing: the second try finds their text, and shows
    both.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        began = time.monotonic()
        for left in range(TRIES - 1, -1, -1):
            try:
                return super().dispatch_request()
            except StaleDataError:
                if not left:
                    raise
                _begin_anew()
            except DBAPIError as error:
                if is_full(error):
                    return _without_room()
                if not is_passing(error):
                    raise
                _begin_anew()
                if not left or time.monotonic() - began > PATIENCE:
                    return page(503, **{"Retry-After": "2"})
        raise AssertionError


def _begin_anew() -> None:
    g.slow = g.get("began_slow", False)
    db.session.rollback()
    db.session.info.pop("acting", None)


def _without_room() -> Response:
    _begin_anew()
    log.error("storage is full", request_id=g.get("request_id"), rule=str(request.url_rule))
    return page(507)


def _no_room_for_a_file(error: OSError) -> ResponseReturnValue:
    """The disk took no more of an upload: what there was of it is gone again. Any other such error is ours."""
    if error.errno in FULL:
        return _without_room()
    if current_app.config.get("TESTING"):
        raise error
    return _broken(error)


def _storage_away(error: Away) -> ResponseReturnValue:
    log.error("storage away", request_id=g.get("request_id"), rule=str(request.url_rule), error=str(error))
    db.session.rollback()
    said = "The storage of files does not answer. Nothing was saved; try again in a moment."
    return page(503, said, **{"Retry-After": "30"})


def _unauthorized(_: HTTPException) -> ResponseReturnValue:
    """To the door, and back to where they were going; what they had typed waits for them behind it."""
    return _led_to("security.login")


def _not_fresh(_: NotFresh) -> ResponseReturnValue:
    """To prove again who they are, and back in the same way."""
    db.session.rollback()  # the deed has only read so far, and what was typed is kept by a writer of its own
    return _led_to("proof.ask")


def _led_to(endpoint: str) -> ResponseReturnValue:
    here = request.full_path.rstrip("?")
    if request.method != "GET":
        kept = keep(here, _typed())
        here = f"/me/kept/{kept}" if kept else "/"
    door = url_for(endpoint, next=here if here != "/" else None)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": door})
    return redirect(door, 303)


def _not_there(error: Exception) -> ResponseReturnValue:
    """The first press may have taken the thing away, or out of this viewer's hands: the second gets its answer too."""
    code = 404 if isinstance(error, NotFound) else 403
    pressed = request.form.get("once", "") if request.method == "POST" and "viewer" in db.session.info else ""
    led = answered_before(db.session.info["viewer"], pressed) if pressed else ""
    return redirect(led, 303) if led else page(code)


def _http(error: HTTPException) -> ResponseReturnValue:
    wait = {"Retry-After": str(getattr(error, "retry_after", "") or 60)} if error.code == 429 else {}
    return page(error.code or 500, **wait)


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("broken", request_id=g.get("request_id"), rule=str(request.url_rule), exc_info=error)
    db.session.rollback()
    return page(500)


def _stale(_: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return page(409, "Not saved: somebody changed this at the same moment. Open it again and repeat your change.")


def set_up(app: Flask) -> None:
    app.register_error_handler(401, _unauthorized)
    for code in (400, 405, 413, 429):
        app.register_error_handler(code, _http)
    for refused in (NotFound, Forbidden, NotPermitted):
        app.register_error_handler(refused, _not_there)
    app.register_error_handler(RequestEntityTooLarge, _http)
    app.register_error_handler(
        SecurityError, lambda _: Response("This address is not served here.\n", 400, mimetype="text/plain")
    )
    app.register_error_handler(NotFresh, _not_fresh)
    app.register_error_handler(CSRFError, lambda _: page(400))
    app.register_error_handler(Away, _storage_away)
    app.register_error_handler(OSError, _no_room_for_a_file)
    app.register_error_handler(Refused, lambda error: page(409, str(error)))
    app.register_error_handler(DoneBefore, lambda before: redirect(before.location, 303))
    app.register_error_handler(StaleDataError, _stale)
    if not app.config.get("TESTING"):
        app.register_error_handler(Exception, _last_resort)


def _last_resort(error: Exception) -> Any:
    return error if isinstance(error, HTTPException) and error.code in {301, 302, 308} else _broken(error)
