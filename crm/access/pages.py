"""Who may enter which page: every page belongs to a blueprint that names the roles."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar
from uuid import uuid4

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.session import Signed, account_session, whoever_signed_in
from crm.core.clock import keep_time_of
from crm.core.errors import Refused
from crm.core.viewer import Role, look_as
from crm.practice.models import Practice

PORTAL = frozenset({Role.SPONSOR, Role.VIEWER})
DESK = frozenset({Role.CONSULTANT, Role.PARTNER})
PARTNERS = frozenset({Role.PARTNER})
ADMINS = frozenset({Role.ADMIN})
STAFF = frozenset({Role.CONSULTANT, Role.PARTNER, Role.ADMIN})
EVERYBODY = frozenset({*STAFF, *PORTAL})

SETTING_UP = frozenset({"keys", "proof"})  # pages that set up a second factor: open to those who must

ANOTHER_HAT = (
    "Nothing was saved: that page was opened for another company than the one you look at now. "
    "Change the company in the menu under your name, open the page again and send it from there."
)

View = TypeVar("View", bound=Callable[..., Any])


class Pages(Blueprint):
    """A blueprint whose every page is for the named roles and nobody else."""

    def __init__(self, *args: Any, roles: Collection[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        self.roles = frozenset(roles)
        self.before_request(self.admit)

    def admit(self) -> ResponseReturnValue | None:
        """401 for nobody, 403 for the wrong role; else this is the viewer, in one session, for this request. Whoever
        must set up a second factor first, is led there."""
        signed = whoever_signed_in()
        if signed is None:
            abort(401)
        keep_time_of(signed.practice.zone)
        g.signed, g.viewer, g.practice = signed, signed.viewer, signed.practice
        self.stop_another_hat(signed)
        if signed.viewer.role not in self.roles:
            abort(403)
        look_as(signed.viewer, via="web", request_id=g.setdefault("request_id", uuid4().hex))
        if signed.must_set_up and self.name not in SETTING_UP:
            there = url_for("keys.show")
            if request.headers.get("HX-Request"):
                return Response(status=401, headers={"HX-Redirect": there})
            return redirect(there, 303)
        return None

    def stop_another_hat(self, signed: Signed) -> None:
        """Whoever stands for several companies may have a page of the other one open still: what is sent from it goes to
        neither."""
        if request.method != "POST" or len(signed.standings) < 2 or request.endpoint == "home.change_standing":
            return
        worn = request.form.get("worn", "")
        if worn and worn != str(signed.standing.id):
            raise Refused(ANOTHER_HAT)


class OpenPages(Pages):
    """Pages before the door, for anybody: a link in a mail says whose they are. Nobody looks through the session until
    a view says who does."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, roles=EVERYBODY, **options)

    def admit(self) -> None:
        with account_session(writes=False) as accounts:
            g.practice = accounts.get(Practice, 1)
        if g.practice:
            keep_time_of(g.practice.zone)


def slow(view: View) -> View:
    """For a view that works long before it writes: its transaction only reads until it says `with writing():`."""
    view.is_slow = True  # type: ignore[attr-defined]
    return view
