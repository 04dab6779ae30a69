"""The rules that hold in every area in scope, beside its own. They read reviews, deliverables and what goes across areas."""

from datetime import date, timedelta
from fractions import Fraction

from crm.areas.across.rules import X3, X4, X5, X6
from crm.core.twelve import CADENCE, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import OURS_TO_DO
from crm.engagements.scopes import Rag
from crm.registers.rules import Limit, Limits, Rule, count, days_since, over
from crm.reviews.models import Review, ReviewState

SAID = (ReviewState.PUBLISHED, ReviewState.SUPERSEDED)
ASSURED_WITHIN = timedelta(days=100)  # of the start, before the first assurance is missed

X1 = Rule(
    "X1", Review, "Days since the last published review of this area, or since the start: {value}",
    days_since("published_on", lambda row, today: (row.state.in_(SAID),)),
    amber=over(14), red=over(2), empty=Rag.AMBER,
)  # fmt: skip
# A correction of what was signed off is not late anew: this is what the list of late deliverables shows.
X2 = Rule(
    "X2", Deliverable, "{value} deliverables of this area are late",
    count(lambda row, today: (row.state.in_(OURS_TO_DO), row.accepted_on.is_(None), row.baseline_due < today)),
    amber=over(0), red=over(2), empty=Rag.GREEN, one="1 deliverable of this area is late",
)  # fmt: skip

EVERYWHERE = (X1, X2, X3, X4, X5)
OVERSEEN = (X6,)
COMMON = (*EVERYWHERE, *OVERSEEN)


def common_rules(scope: Scope) -> tuple[Rule, ...]:
    if scope is Scope.OUT:
        return ()
    return EVERYWHERE + OVERSEEN if scope is Scope.OVERSEE else EVERYWHERE


def empty_of(rule: Rule, starts: date, on: date) -> Rag | None:
    """The word for "nothing there". Of assurance: amber for a while after the start, then red."""
    return Rag.AMBER if rule is X6 and on <= starts + ASSURED_WITHIN else rule.empty


def kept_limits(rule: Rule, amber: int, red: int | None) -> Limits:
    """A practice's own limits of a rule, kept in hundredths; on which side of them it is amber is the rule's."""
    is_over = rule.amber.is_over
    return Limits(Limit(Fraction(amber, 100), is_over), None if red is None else Limit(Fraction(red, 100), is_over))


def limits_of(rule: Rule, scope: Scope, kept: Limits | None) -> Limits:
    """The limits in force. Those of X1 hang on how often the area is reviewed: days beyond that, and times that."""
    limits = kept or Limits(rule.amber, rule.red)
    if rule.id != "X1":
        return limits
    cadence = CADENCE[scope]
    red = limits.red and Limit(limits.red.at * cadence, is_over=True)
    return Limits(Limit(limits.amber.at + cadence, is_over=True), red)
