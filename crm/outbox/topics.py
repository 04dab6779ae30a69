"""What the worker does with a message, by its topic: in our own database, or out in the world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """A message in a worker's hand: a value, for no transaction stays open while it leaves the house."""

    id: int
    key: str
    topic: str
    payload: dict[str, Any]
    recipient: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Dropped:
    """An answer of a handler: there is nothing to do any more, and why."""

    why: str


Handler = Callable[[Message], Dropped | None]
LOCAL: dict[str, Handler] = {}  # writes this database only, in the transaction that marks the message: exactly once
REMOTE: dict[str, Handler] = {}  # talks to others with no transaction open: at least once, so the key goes with it


def local(topic: str) -> Callable[[Handler], Handler]:
    return _keep(topic, LOCAL)


def remote(topic: str) -> Callable[[Handler], Handler]:
    return _keep(topic, REMOTE)


def _keep(topic: str, kept: dict[str, Handler]) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        if topic in LOCAL or topic in REMOTE:
            raise ValueError(f"{topic} has a handler already")
        kept[topic] = handler
        return handler

    return keep
