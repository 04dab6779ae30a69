"""The evidence rules and their limits: read by partners, changed by whoever keeps the practice's settings."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from crm.access.pages import Pages
from crm.access.policy import may
from crm.areas.catalogue import TWELVE
from crm.audit.trail import history_of
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press
from crm.core.viewer import Role
from crm.core.web import answer
from crm.evidence import operations as do
from crm.evidence.common import COMMON
from crm.evidence.forms import LimitsForm
from crm.evidence.models import RuleLimit
from crm.registers.rules import UNITS, Rule

pages = Pages("rules", __name__, roles={Role.ADMIN, Role.PARTNER}, url_prefix="/settings/rules")


def the_rule(key: str) -> Rule:
    found = next((rule for rule in do.every_rule() if rule.id == key), None)
    if found is None:
        raise NotFound
    return found


@pages.get("")
def index() -> ResponseReturnValue:
    kept = {one.rule: one for one in db.session.scalars(select(RuleLimit).where(RuleLimit.amber.is_not(None)))}
    groups = [("In every area", "every-area", COMMON), *((area.title, area.slug, area.rules) for area in TWELVE)]
    return render_template("evidence/rules.html", groups=groups, kept=kept, in_force=do.in_force, own=len(kept))


@pages.route("/<key>", methods=["GET", "POST"])
def limits(key: str) -> ResponseReturnValue:
    rule = the_rule(key)
    kept = do.kept_of(rule)
    stands = do.in_force(rule, kept)
    form = LimitsForm(data={"amber": _typed(stands.amber), "red": _typed(stands.red), "version": kept.version})

    def page(form: Form) -> str:
        if not may(g.viewer, "limit.set", kept):
            raise NotPermitted("limit.set")
        return _page(rule, form)

    def deed(press: Press) -> RuleLimit:
        if not may(g.viewer, "limit.set", kept):
            raise NotPermitted("limit.set")
        made = do.set_limits(rule, kept, viewer=g.viewer, press=press, amber=form.amber.data, red=form.red.data)
        flash(f"{rule.id} is judged by the new limits from now on.", "g")
        return made

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=url_for(".index", _anchor=key))


@pages.post("/<key>/reset")
def reset(key: str) -> ResponseReturnValue:
    rule = the_rule(key)
    kept = do.kept_of(rule)

    def deed(press: Press) -> RuleLimit:
        made = do.reset_limits(rule, kept, viewer=g.viewer, press=press)
        flash(f"{rule.id} is judged by the book’s limits again.", "g")
        return made

    return answer(Form(), deed, lambda form: _page(rule, form), leads_to=url_for(".index", _anchor=key))


def _page(rule: Rule, form: Form) -> str:
    kept = do.kept_of(rule)
    if not isinstance(form, LimitsForm):
        stands = do.in_force(rule, kept)
        form = LimitsForm(
            None, data={"amber": _typed(stands.amber), "red": _typed(stands.red), "version": kept.version}
        )
    history = db.session.scalars(history_of(kept)).all() if kept.id else []
    return render_template(
        "evidence/limits.html", rule=rule, form=form, kept=kept, unit=_unit_of(rule), history_rows=history,
        press=lambda: Form(None, data={"version": kept.version}),
    )  # fmt: skip


def _typed(limit: Any) -> Any:
    return None if limit is None else limit.plain


def _unit_of(rule: Rule) -> tuple[str, str]:
    """What the two numbers are of."""
    if rule.id == "X1":
        return "days after a review was due", "times the days between two reviews"
    unit = UNITS.get(rule.value.fn, "").strip() or "how many"
    return unit, unit
