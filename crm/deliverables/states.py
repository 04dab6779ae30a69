"""The ten states of a deliverable, and which deed begins in which of them."""

from enum import StrEnum


class State(StrEnum):
    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    INTERNAL_REVIEW = "internal_review"
    READY = "ready"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


LIVE = (
    State.PROPOSED, State.PLANNED, State.IN_PROGRESS, State.INTERNAL_REVIEW, State.READY, State.SUBMITTED,
    State.CHANGES_REQUESTED,
)  # fmt: skip
OURS_TO_DO = (State.PLANNED, State.IN_PROGRESS, State.INTERNAL_REVIEW, State.READY, State.CHANGES_REQUESTED)  # rule X2
ANSWERED = (State.ACCEPTED, State.SUPERSEDED, State.CHANGES_REQUESTED)  # of a version: the client has spoken

# Which deed begins in which states (docs/domain.md, life cycles). The verbs are those of policy.py.
FROM: dict[str, tuple[State, ...]] = {
    "revise": LIVE,
    "plan": (State.PROPOSED,),
    "begin": (State.PLANNED, State.CHANGES_REQUESTED),
    "write": (State.IN_PROGRESS,),
    "attach": (State.IN_PROGRESS,),
    "ask_review": (State.IN_PROGRESS,),
    "pass_review": (State.INTERNAL_REVIEW,),
    "return": (State.INTERNAL_REVIEW,),
    "submit": (State.READY, State.IN_PROGRESS),
    "withdraw": (State.SUBMITTED,),
    "accept": (State.SUBMITTED,),
    "send_back": (State.SUBMITTED,),
    "record": (State.SUBMITTED,),
    "deem": (State.SUBMITTED,),
    "correct": (State.ACCEPTED,),
    "drop_correction": tuple(state for state in LIVE if state not in {State.PROPOSED, State.PLANNED}),
    "cancel": LIVE,
    "rebaseline": tuple(state for state in LIVE if state is not State.PROPOSED),
}
SAID = {
    State.PROPOSED: "proposed", State.PLANNED: "planned", State.IN_PROGRESS: "in progress",
    State.INTERNAL_REVIEW: "in internal review", State.READY: "ready to go out", State.SUBMITTED: "with the client",
    State.CHANGES_REQUESTED: "sent back for changes", State.ACCEPTED: "signed off", State.SUPERSEDED: "superseded",
    State.CANCELLED: "cancelled",
}  # fmt: skip
