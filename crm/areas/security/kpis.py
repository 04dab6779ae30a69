"""What Cybersecurity Oversight measures."""

from crm.areas.security.models import ControlState, ControlTag, Incident, SecurityControl
from crm.registers.kpis import Kpi, Unit, first_of_quarter, least, number, share, target

SERIOUS = 2  # severity 1 and 2
IN_PLACE = ControlState.IN_PLACE

KPIS = (
    Kpi("SEC-K1", "Controls in place", Unit.PCT, "Controls in place, of those that apply",
        share(SecurityControl, lambda row, on: row.state == IN_PLACE, lambda row, on: row.state != ControlState.NOT_APPLICABLE),
        target(">= 90")),
    Kpi("SEC-K2", "Multi-factor coverage", Unit.PCT, "Coverage of the control for multi-factor sign-in; the lowest of several",
        least(SecurityControl, "coverage", lambda row, on: row.tag == ControlTag.MFA), target("= 100")),
    Kpi("SEC-K3", "Critical updates within 14 days", Unit.PCT, "Coverage of the control for updates; the lowest of several",
        least(SecurityControl, "coverage", lambda row, on: row.tag == ControlTag.PATCH14), target("= 100")),
    Kpi("SEC-K4", "Serious incidents this quarter", Unit.COUNT, "Incidents of severity 1 or 2 since the quarter began",
        number(Incident, lambda row, on: (row.severity <= SERIOUS) & row.happened_on.between(first_of_quarter(on), on)),
        target("= 0")),
    Kpi("SEC-K5", "Controls tested on time", Unit.PCT, "Controls in place whose next test is not past, of all in place",
        share(SecurityControl, lambda row, on: row.next_test_due >= on, lambda row, on: row.state == IN_PLACE), target(">= 90")),
)  # fmt: skip
