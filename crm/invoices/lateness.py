"""What a late invoice does to the health of its engagement (docs/domain.md, F10): pure, from the days that it is late."""

from dataclasses import dataclass

AT_MOST_FROM, RED_FROM = 30, 60  # days past due: more than the first, from the second on
AT_MOST = 50


@dataclass(frozen=True)
class Lateness:
    """The most that the commercial part may count, and whether it forces the whole to red."""

    days: int
    at_most: int | None = None
    is_red: bool = False

    @property
    def says(self) -> str:
        if not self.days:
            return ""
        weight = (
            ": health is red"
            if self.is_red
            else f": the commercial part counts at most {self.at_most}"
            if self.at_most
            else ""
        )
        return f"An invoice is {self.days} day{'' if self.days == 1 else 's'} late{weight}"


def lateness_of(days: int) -> Lateness:
    """F10: Commercial at most 50 with an unpaid invoice over 30 days past due; forced red from 60 days."""
    return Lateness(days, AT_MOST if days > AT_MOST_FROM else None, days >= RED_FROM)
