"""What every page needs: how a form is answered, parts for htmx, ids in addresses, the headers of every answer."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.routing import IntegerConverter

from crm.core import inputs
from crm.core.clock import today
from crm.core.db import only_read
from crm.core.errors import DoneBefore, Refused, Stale, UsedKey
from crm.core.forms import Form, Location, Press

T = TypeVar("T")
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "object-src 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What says nothing of anybody may be kept by a browser: colours and the installed app's own files until it asks again, a
# picture under its digest for ever.
KEPT = {
    "look.accent": "no-cache",
    "look.logo": "max-age=31536000, immutable",
    "device.worker": "no-cache",
    "device.manifest": "no-cache",
    "device.offline": "no-cache",
}


class Id(IntegerConverter):
    """An identifier in an address: what the database cannot hold is not there (404)."""

    def __init__(self, map: Any) -> None:  # noqa: A002
        super().__init__(map, min=1, max=2**31 - 1)


def is_part() -> bool:
    """Whether htmx asks for a part of the page. It says so itself; the target's id is no witness."""
    return request.headers.get("HX-Request-Type") == "partial"


def page_number() -> int:
    """The page in the address; what is no number counts as the first."""
    try:
        return inputs.whole(request.args.get("page", "1"), at_least=1, at_most=10_000)
    except ValueError:
        return 1


def page_or_part(page: str, part: str, /, **shown: Any) -> str:
    """The whole page to a browser, its part alone to htmx: the same file either way."""
    return render_template(part if is_part() else page, **shown)


def answer(
    form: Form, deed: Callable[[Press], Any], page: Callable[[Form], ResponseReturnValue], *, leads_to: Location
) -> ResponseReturnValue:
    """The house's answer to a form: do the deed and redirect, or show the page again with what was typed.

    422 where an answer is wrong, 409 where somebody else was faster or the moment is wrong. `deed` gets the Press and
    gives the subject or None; `leads_to` is the address, or a function of the subject.
    """
    if not form.validate():
        return _again(page(form), 422)
    try:
        press = form.press(leads_to=leads_to)
        subject = deed(press)
    except DoneBefore as before:
        return redirect(before.location, 303)
    except Stale as error:
        only_read()
        form.trouble = str(error)
        form.show_clash(error.subject)
        return _again(page(form), 409)
    except Refused as error:
        only_read()
        form.blame(error)
        return _again(page(form), 422 if error.field or isinstance(error, UsedKey) else 409)
    return redirect(leads_to if isinstance(leads_to, str) else leads_to(subject), 303)


def _again(shown: ResponseReturnValue, status: int) -> ResponseReturnValue:
    return shown if isinstance(shown, tuple) else (shown, status)  # type: ignore[return-value]


def protect(response: Response) -> Response:
    """The headers of every answer. A page of a client is kept in no cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.vary.update(["Cookie", "HX-Request", "HX-Request-Type"])
    if request.endpoint != "static":
        is_there = response.status_code in {200, 304}
        response.headers["Cache-Control"] = KEPT.get(request.endpoint or "", "no-store") if is_there else "no-store"
    if request.endpoint == "security.logout":
        # entries that wait on the device for whoever logged them are kept where somebody said so (docs/permission.md)
        stays = request.form.get("waiting") == "keep"
        response.headers["Clear-Site-Data"] = '"cache"' if stays else '"cache", "storage"'
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def from_address(name: str, parser: Callable[[str], T]) -> T | None:
    """What the address says under a name; what cannot be read counts as not given."""
    try:
        return parser(request.args.get(name, ""))
    except ValueError:
        return None


def month_or_404(text: str) -> date:
    """The first day of a month that an address names; one that has not begun is not there."""
    try:
        month = inputs.month(text)
    except ValueError:
        abort(404)
    return month if month <= today() else abort(404)


def going() -> str:
    """Where somebody was going when a door stopped them, if that is a path of ours; else to the first page."""
    try:
        return inputs.own_path(request.form.get("next") or request.args.get("next") or "/")
    except ValueError:
        return "/"
