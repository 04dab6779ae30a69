"""Who may enter which page: every page belongs to a blueprint that names the roles."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar
from uuid import uuid4

from flask import Blueprint, abort, g

from crm.accounts.session import whoever_signed_in
from crm.core.clock import keep_time_of
from crm.core.viewer import Role, look_as

PORTAL = frozenset({Role.SPONSOR, Role.VIEWER})
DESK = frozenset({Role.CONSULTANT, Role.PARTNER})
PARTNERS = frozenset({Role.PARTNER})
ADMINS = frozenset({Role.ADMIN})
STAFF = frozenset({Role.CONSULTANT, Role.PARTNER, Role.ADMIN})
EVERYBODY = frozenset({*STAFF, *PORTAL})

View = TypeVar("View", bound=Callable[..., Any])


class Pages(Blueprint):
    """A blueprint whose every page is for the named roles and nobody else."""

    def __init__(self, *args: Any, roles: Collection[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        self.roles = frozenset(roles)
        self.before_request(self.admit)

    def admit(self) -> None:
        """401 for nobody, 403 for the wrong role; else this is the viewer, in one session, for this request."""
        signed = whoever_signed_in()
        if signed is None:
            abort(401)
        keep_time_of(signed.practice.zone)
        g.signed, g.viewer, g.practice = signed, signed.viewer, signed.practice
        if signed.viewer.role not in self.roles:
            abort(403)
        look_as(signed.viewer, via="web", request_id=g.setdefault("request_id", uuid4().hex))


def slow(view: View) -> View:
    """For a view that works long before it writes: its transaction only reads until it says `with writing():`."""
    view.is_slow = True  # type: ignore[attr-defined]
    return view
