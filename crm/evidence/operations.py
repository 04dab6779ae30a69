"""A practice's own limits: every area that the rule is read in is judged by them in the same transaction."""

from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from crm.access.act import act
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.evidence.common import COMMON
from crm.evidence.judging import AREAS
from crm.evidence.models import RuleLimit
from crm.registers.rules import Limit, Limits, Rule


def every_rule() -> list[Rule]:
    return [*(rule for area in AREAS.values() for rule in area.rules), *COMMON]


def kept_of(rule: Rule) -> RuleLimit:
    """The row of a rule; a new one where the book's limits were never changed."""
    found = db.session.scalar(select(RuleLimit).where(RuleLimit.rule == rule.id))
    return found or RuleLimit(rule=rule.id, version=1)


def in_force(rule: Rule, kept: RuleLimit | None) -> Limits:
    return (kept.limits(rule) if kept else None) or Limits(rule.amber, rule.red)


def set_limits(
    rule: Rule, kept: RuleLimit, *, viewer: Viewer, press: Press, amber: Decimal, red: Decimal | None
) -> RuleLimit:
    before = in_force(rule, kept)
    wanted = Limits(_limit(rule, amber), None if red is None else _limit(rule, red))
    _must_be_in_order(rule, wanted)
    with act(viewer, "limit.set", kept, press=press, reason=_told(rule, before, wanted)):
        kept.amber, kept.red = amber, red
        db.session.add(kept)
    return kept


def reset_limits(rule: Rule, kept: RuleLimit, *, viewer: Viewer, press: Press) -> RuleLimit:
    """The book's hold again."""
    before = in_force(rule, kept)
    with act(viewer, "limit.reset", kept, press=press, reason=_told(rule, before, Limits(rule.amber, rule.red))):
        if kept.amber is None:
            raise Refused("The book’s limits hold already.")
        kept.amber = kept.red = None
    return kept


def _limit(rule: Rule, at: Decimal) -> Limit:
    return Limit(Fraction(at), rule.amber.is_over)


def _must_be_in_order(rule: Rule, wanted: Limits) -> None:
    """Red is further out than amber. X1 compares days with times, so nothing is to be compared."""
    if wanted.red is None or rule.id == "X1":
        return
    if rule.amber.is_over and wanted.red.at < wanted.amber.at:
        raise Refused("Red lies beyond amber: write the same number or a larger one, or leave it empty", "red")
    if not rule.amber.is_over and wanted.red.at > wanted.amber.at:
        raise Refused("Red lies below amber: write the same number or a smaller one, or leave it empty", "red")


def _told(rule: Rule, before: Limits, after: Limits) -> str:
    return f"{rule.id}: {before.said(rule.value)}; from now on {after.said(rule.value)[:1].lower()}{after.said(rule.value)[1:]}"
