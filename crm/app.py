"""create_app: the list of pages, the answers to errors, the filters. Nothing else."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from crm import commands, refusals, sight
from crm.access.policy import may
from crm.accounts import security
from crm.core import calendar, log, ring, words
from crm.core.codes import deliverable_code
from crm.core.db import POSTGRES, db
from crm.core.markdown import html_of
from crm.core.settings import SESSION_TRUSTED, database_url, from_environment, kept_secrets, refuse_unsafe_production
from crm.core.twelve import TWELVE
from crm.core.web import HEADERS, Id, protect
from crm.desk import monday
from crm.evidence import keeping
from crm.files import store
from crm.links.door import LinkPages
from crm.outbox.digests import due
from crm.outbox.kinds import called
from crm.pages import PAGES
from crm.schema import TABLES
from crm.settings.keys import office as keys

ROOT = Path(__file__).parent.parent
FORM = 2 * 1024 * 1024  # bytes of one posted form
STATIC = ROOT / "static"

sight.guard(db.session)
keeping.follow(db.session)
due(monday.of_the_week)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application. `config` overrides what the environment says."""
    given = from_environment() | dict(config or {})
    instance = Path(given["INSTANCE"] or ROOT / "instance").absolute()
    app = refusals.Patient(
        "crm", root_path=str(ROOT / "crm"), template_folder=str(ROOT / "templates"), static_folder=str(STATIC),
        static_url_path=f"/static/{digest_of_static()}", instance_path=str(instance),
    )  # fmt: skip
    configure(app, instance, given)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "crm" / "migrations"), render_as_batch=True, compare_type=True)
    app.before_request(refusals.from_elsewhere)
    forms = CSRFProtect(app)
    log.set_up(app)
    security.set_up(app)
    keys.set_up(app)
    refusals.set_up(app)
    app.url_map.converters["id"] = Id
    for pages in PAGES:
        app.register_blueprint(pages)
        if isinstance(pages, LinkPages):
            forms.exempt(pages)  # no session: their forms carry a token of the link, which the door asks for
    dress(app)
    app.before_request(take_it_slowly)
    app.after_request(protect)
    store.set_up(app)
    commands.set_up(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, max_age=31_536_000, allow_all_origins=False, immutable_file_test=lambda path, url: True,  # noqa: ARG005
        add_headers_function=protect_file,
    )  # fmt: skip
    app.wsgi_app.add_files(str(STATIC), prefix=app.static_url_path)  # type: ignore[attr-defined]
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def configure(app: Flask, instance: Path, given: Mapping[str, Any]) -> None:
    app.config.update(given)
    for name, secret in kept_secrets(instance).items():
        app.config[name] = app.config[name] or secret
    url = database_url(app.config["DATABASE_URL"], instance)
    options: dict[str, Any] = {"connect_args": {"options": POSTGRES}} if url.startswith("postgresql") else {}
    local = app.config["ENV"] != "production"
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": url.startswith("postgresql"), "hide_parameters": True, **options},
        MAX_CONTENT_LENGTH=60 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=FORM,
        SESSION_COOKIE_NAME="twelvefold" if local else "__Host-twelvefold",
        SESSION_COOKIE_SECURE=not local,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_TRUSTED,  # of the cookie on a trusted device; the row says whether it opens
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        TRUSTED_HOSTS=app.config["TRUSTED_HOSTS"] or None,
    )
    refuse_unsafe_production(app.config)


def dress(app: Flask) -> None:
    """What templates may use: filters for words, the ring's geometry, who is looking and what they may do."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.filters["money"] = lambda minor, pence=False: words.money(minor, g.practice.currency, pence=pence)
    app.jinja_env.filters["short_money"] = lambda minor: words.short_money(minor, g.practice.currency)
    app.jinja_env.filters["measured"] = lambda value, unit: words.measured(value, unit, g.practice.currency)
    app.jinja_env.filters["kind_called"] = called
    app.jinja_env.filters["deliverable_code"] = deliverable_code
    app.jinja_env.filters["region_name"] = calendar.region_name
    app.jinja_env.filters["markdown"] = html_of
    app.jinja_env.filters["markdown_naming"] = lambda text, names: html_of(text, names=names)
    app.jinja_env.globals.update(
        wedge=ring.wedge, arc=ring.arc, at=ring.at, TWELVE=TWELVE, dial_of_the_door=ring.EXAMPLE
    )
    app.context_processor(
        lambda: {
            "may": lambda verb, subject: may(g.viewer, verb, subject),
            "viewer": g.get("viewer"),
            "signed": g.get("signed"),
            "practice": g.get("practice"),
        }
    )


def take_it_slowly() -> None:
    """A view declared slow begins by reading; it says when it writes."""
    g.slow = g.began_slow = bool(getattr(current_app.view_functions.get(request.endpoint or ""), "is_slow", False))


def protect_file(headers: Any, path: str, url: str) -> None:  # noqa: ARG001
    """A static file carries what every page carries; it never comes as far as `protect`."""
    for name, value in HEADERS.items():
        headers[name] = value


def digest_of_static() -> str:
    """Names every state of the static files, so that browsers may keep them for ever."""
    found = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            found.update(file.relative_to(STATIC).as_posix().encode() + file.read_bytes())
    return found.hexdigest()[:12]


__all__ = ["TABLES", "create_app"]
