"""How what the practice numbers is called: ENG-014, DEL-231. The one place."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal

ENGAGEMENT, DELIVERABLE = "ENG", "DEL"


def coded(letters: str, number: int) -> str:
    """ENG-007, DEL-1204"""
    return f"{letters}-{number:03}"


def engagement_code(number: int) -> str:
    return coded(ENGAGEMENT, number)


def deliverable_code(number: int) -> str:
    return coded(DELIVERABLE, number)


def code_typed(letters: str, number: Any) -> list[ColumnElement[str]]:
    """ENG-7, ENG-07 and ENG-007 of a numbered column: what a list searches, since people leave the zeros out."""
    return [literal(begin) + cast(number, String) for begin in (f"{letters}-", f"{letters}-0", f"{letters}-00")]
