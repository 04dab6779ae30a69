"""The skills matrix: who can do what, what is missing, and what hangs on one person."""

from flask import Response, url_for

from crm.access.pages import DESK, Pages
from crm.areas.talent.area import AREA, SKILLS
from crm.areas.talent.matrix import Matrix
from crm.areas.talent.queries import roles_of
from crm.core.db import db
from crm.core.lists import csv_of
from crm.core.words import cell
from crm.registers.place import Place

pages = Pages("skills", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/talent/skills")
HEADINGS = (
    "Skill",
    "Who",
    "Role",
    "Level now",
    "Needed",
    "Gap",
    "Critical",
    "Covered",
    "Hangs on one person",
    "Likely to leave",
)


def the_matrix(client_id: int) -> Matrix:
    return Matrix(db.session.scalars(roles_of(client_id)).all())


@pages.get("/matrix")
def show(client_id: int) -> str:
    place, found = Place.of(client_id, AREA, SKILLS), the_matrix(client_id)
    return place.show(
        "areas/talent/matrix.html",
        view="Skills matrix",
        has_rows=bool(found.rows),
        export=url_for(".export", client_id=client_id),
        found=found,
    )


@pages.get("/matrix.csv")
def export(client_id: int) -> Response:
    """By skill, in the order of the page."""
    place = Place.of(client_id, AREA, SKILLS)
    lines = (
        (skill.name, one.person, one.role, *(_known(level) for level in (one.level_now, one.level_needed, one.skill_gap)),
         cell(one.critical_role), cell(one.covered), cell(bool(skill.hangs_on)), _known(one.flight_risk))
        for skill in the_matrix(client_id).skills for one in skill.rows
    )  # fmt: skip
    return csv_of(HEADINGS, lines, f"{place.client.code}-skills")


def _known(value: object) -> str:
    return "" if value is None else cell(value)
