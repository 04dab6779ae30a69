"""The words that an engagement is kept in: its model, its state, how it is priced, whose yes it takes."""

from enum import StrEnum


class EngagementModel(StrEnum):
    VIRTUAL = "virtual"
    PART_TIME = "part_time"
    NON_EXEC = "non_exec"
    MENTORING = "mentoring"


MODEL_WORDS = {
    EngagementModel.VIRTUAL: "Virtual CIO",
    EngagementModel.PART_TIME: "Part-time CIO",
    EngagementModel.NON_EXEC: "Non-executive CIO",
    EngagementModel.MENTORING: "Mentoring",
}


class BoardRole(StrEnum):
    NONE = "none"
    REPORTS_TO_BOARD = "reports_to_board"
    ATTENDS_BOARD = "attends_board"
    BOARD_MEMBER = "board_member"
    COMMITTEE_MEMBER = "committee_member"


class PriceKind(StrEnum):
    RETAINER = "retainer"
    FIXED_PRICE = "fixed_price"
    DAY_RATE = "day_rate"


class Overage(StrEnum):
    """What happens to work beyond the available days."""

    ASK = "ask"
    BILL = "bill"
    ABSORB = "absorb"


class EngagementState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Signers(StrEnum):
    """Whose yes it takes where an engagement has two sponsors."""

    ANY = "any"
    ALL = "all"


LIVE = (EngagementState.ACTIVE, EngagementState.PAUSED, EngagementState.CLOSING)
OVER = (EngagementState.CLOSED, EngagementState.CANCELLED)
