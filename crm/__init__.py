"""Twelvefold: a practice system for consultancies that lend small businesses a Chief Information Officer."""

from typing import Any


def create_app(config: Any = None) -> Any:
    """The application, made late so that importing a part of the house costs only that part."""
    from crm.app import create_app as make

    return make(config)
