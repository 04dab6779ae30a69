"""The skills matrix: who can do what, what is missing, what hangs on one person."""

from crm.areas.talent.matrix import COLUMNS, Matrix
from crm.areas.talent.models import SkillRecord
from crm.core.words import percent

HERE = "/clients/1/areas/talent/skills/"
ROLE = {"role": "Engineer", "person": "Jas", "department": "it", "employment": "employee", "main_skill": "Networks", "level_now": "4",
        "level_needed": "4"}  # fmt: skip
NUMBERS = iter(range(1, 10_000))


def role(skill="Networks", person="Jas", now=3, needed=3, **more):
    row = SkillRecord(id=next(NUMBERS), role=more.pop("role", "Engineer"), person=person, main_skill=skill, level_now=now, level_needed=needed,
                      employment=more.pop("employment", "employee"), **more)  # fmt: skip
    row.derive()
    return row


def test_a_skill_hangs_on_one_person():
    """However it is typed; two people, or one with a cover, are no danger; who fills a vacant role has nothing."""
    found = Matrix([
        role("Old order system"), role("old  order SYSTEM", role="Second role"),
        role("Support"), role("Support", "Ewan"),
        role("Servers", "Colin", cover_named=True),
        role("Reporting", "", None, employment="vacant", cover_named=True),
    ])  # fmt: skip
    assert {one.name: (one.hangs_on, len(one.people), one.is_vacant) for one in found.skills} == {
        "Old order system": ("Jas", 1, False), "Support": ("", 2, False), "Servers": ("", 1, False), "Reporting": ("", 0, True),
    }  # fmt: skip
    assert [one.name for one in found.skills] == ["Reporting", "Old order system", "Servers", "Support"]
    assert [(one.name, len(one.records)) for one in found.people] == [
        ("Jas", 3),
        ("Ewan", 1),
        ("Colin", 1),
        ("Engineer", 1),
    ]


def test_gaps_and_shares():
    """TAL-K1 and K2; a level that is not known is no gap, and no share of nothing is nought."""
    rows = [
        role(now=1, needed=3, critical_role=True, cover_named=True),
        role(now=2, needed=3, critical_role=True, flight_risk="high"),
        role(now=None, needed=3),
        role(now=None, needed=3, person="", employment="vacant"),
    ]
    found = Matrix(rows)
    assert (found.short, found.uncovered, found.leaving, found.vacant) == (rows[:2], rows[1:2], rows[1:2], rows[3:])
    assert found.covered_share == 50
    assert percent(found.wide_share) == "33.3 %"
    assert (Matrix([]).covered_share, Matrix([]).wide_share) == (None, None)


def test_the_weakest_of_two_roles_is_shown():
    found = Matrix([role(now=4, needed=3), role(now=1, needed=3, role="Second")])
    assert found.people[0].at(found.skills[0]) is found.rows[1]


def test_the_drawing_ends_and_says_so(sign_in, cast, words):
    ben = sign_in(cast.ben)
    for n in range(COLUMNS + 2):
        ben.send(f"{HERE}new", **(ROLE | {"main_skill": f"Skill {n:02}", "cover_named": "yes"}))
    answer = ben.get(f"{HERE}matrix")
    assert f"The {COLUMNS} skills that need a look first; 2 more stand below." in words(answer)
    assert "is covered, and no skill hangs on one person." in words(answer)
    assert answer.get_data(as_text=True).count("Skill 13") == 1


def test_the_answer_comes_first(sign_in, cast, words):
    ben = sign_in(cast.ben)
    ben.send(f"{HERE}new", **ROLE)
    assert "1 skill of Northwind hangs on one person." in words(ben.get(f"{HERE}matrix"))
    ben.send(f"{HERE}new", **(ROLE | {"person": "", "employment": "vacant", "critical_role": "yes", "main_skill": "Reporting", "role": "Analyst",
                                      "level_now": ""}))  # fmt: skip
    page = words(ben.get(f"{HERE}matrix"))
    assert "1 critical role of Northwind has nobody to cover: Analyst. 1 role is vacant." in page
    assert "0 of 4 vacant" in page
    lines = ben.get(f"{HERE}matrix.csv").get_data(as_text=True).splitlines()
    assert lines[1:] == ["Reporting,,Analyst,,4,,Yes,No,No,", "Networks,Jas,Engineer,4,4,0,No,No,Yes,"]
