"""What the house itself can refuse. Everything else flies."""

from typing import Any


class Refused(Exception):
    """A rule of the business says no. The sentence is for the person who asked; `field` says beside which answer."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Stale(Refused):
    """Somebody changed it since this form was opened. `subject` is what stands now."""

    def __init__(self, subject: Any) -> None:
        super().__init__(
            "Not saved: somebody changed this since you opened it. Your text is below, beside what stands now."
        )
        self.subject = subject


class UsedKey(Refused):
    """The same form was sent before, with other content."""

    def __init__(self) -> None:
        super().__init__("This form was already sent with other content. Open it again and repeat what is missing.")


class NotPermitted(Exception):
    """This viewer may not do this."""


class NotFresh(Exception):
    """They may do this, but must first prove again who they are."""


class DoneBefore(Exception):
    """The same press of the same button: the first answer is given again."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location
