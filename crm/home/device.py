"""What a device keeps of the house, so that the app can be installed and time be logged without a connection. It is the
same for everybody and says nothing of anybody."""

import hashlib
import json
from pathlib import Path

from flask import Response, current_app, render_template, request, url_for

from crm.access.pages import OpenPages
from crm.core.web import POLICY
from crm.timelog.forms import FOR_THE_PRACTICE, PICKS, USUAL

pages = OpenPages("device", __name__)
SHELL = ("css/*.css", "js/*.js", "js/waiting/*.js", "fonts/*.woff2", "icons/*.svg", "vendor/*/htmx.min.js")
GROUND, STEEL = "#fdfdfc", "#24418e"  # canvas and steel of tokens.css: a manifest reads no style sheet


@pages.get("/sw.js")
def worker() -> Response:
    """The service worker. Its bytes change with what it keeps, so that browsers take the new shell in one piece."""
    offline = _offline()
    shell = [url_for("static", filename=name) for name in shell_files()]
    version = hashlib.sha256("\n".join([offline, *shell, POLICY]).encode()).hexdigest()[:16]
    body = render_template("home/worker.js", version=version, kept=[*shell, url_for("device.offline")])
    return _unless_known(Response(body, mimetype="text/javascript"))


@pages.get("/app.webmanifest")
def manifest() -> Response:
    """What the app is called on the device, how it looks there, and that it opens where time is logged."""
    icons = [
        {"src": url_for("static", filename=f"icons/app-{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (("192", 192, "any"), ("512", 512, "any"), ("maskable", 512, "maskable"))
    ]  # fmt: skip
    log = url_for("phone.show")
    body = {
        "id": "/", "name": "Twelvefold", "short_name": "Twelvefold", "lang": "en-GB", "dir": "ltr",
        "description": "Time, engagements and the twelve responsibilities of a fractional CIO",
        "start_url": log, "scope": "/", "display": "standalone", "theme_color": STEEL, "background_color": GROUND,
        "icons": icons,
        "shortcuts": [{"name": "Log time", "url": log}, {"name": "Today", "url": url_for("today.show")}],
    }  # fmt: skip
    return _unless_known(Response(json.dumps(body), mimetype="application/manifest+json"))


@pages.get("/offline")
def offline() -> Response:
    """The page that stands in for every other one without a connection: the log line, filled from the device itself."""
    return _unless_known(Response(_offline(), mimetype="text/html"))


def _offline() -> str:
    return render_template("home/offline.html", picks=PICKS, usual=USUAL, practice=FOR_THE_PRACTICE)


def shell_files() -> list[str]:
    """The static files that the page without a connection is made of."""
    static = Path(current_app.static_folder or "")
    return sorted(file.relative_to(static).as_posix() for kind in SHELL for file in static.glob(kind))


def _unless_known(answer: Response) -> Response:
    answer.add_etag()
    answer.make_conditional(request)
    return answer
