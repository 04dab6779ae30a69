"""Sixteen at once: pressing twice does it once, and nobody overwrites a colleague unseen.

Every thread has a browser of its own, and all press the same button at the same moment.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.deliverables.models import Deliverable
from crm.timelog.models import TimeEntry
from tests import cast as people
from tests.cast import TODAY

AT_ONCE = 16


@pytest.fixture
def together(app):
    """Let all of them do it at the same moment: `together(account, do)` gives the answers of `do(browser, number)`."""

    def run(who, do):
        app.test_client_class = people.Browser
        gate = threading.Barrier(AT_ONCE)

        def one(number):
            browser = people.browser_of(app, who)
            gate.wait(20)
            return do(browser, number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))

    return run


def rows(stage, model):
    stage.expire_all()
    return stage.scalars(select(model).order_by(model.id)).all()


def test_one_entry_however_often_the_button_is_pressed(together, cast, stage):
    typed = {"work": "1", "pick": "30", "worked_on": TODAY.isoformat(), "once": "the-key-of-one-form"}
    answers = together(cast.ben, lambda ben, _: ben.send("/time", **typed))
    assert Counter(answer.status_code for answer in answers) == {303: AT_ONCE}
    (entry,) = rows(stage, TimeEntry)
    assert {answer.location for answer in answers} == {f"/time?logged={entry.id}"}
    assert [line.verb for line in rows(stage, AuditEntry)] == ["time.log"]


def test_one_of_sixteen_editors_wins(together, world, stage):
    before = stage.get(Deliverable, 1)
    typed = {
        "version": before.version, "area": "VEN", "assignment_id": before.assignment_id, "estimate": "2",
        "criteria_lines": "The board can act on it",
    }  # fmt: skip

    def edit(ben, number):
        answer = ben.send("/deliverables/1/edit", title=f"Plan {number}.", **typed)
        return edit(ben, number) if answer.status_code == 503 else answer  # a busy machine says: try again

    answers = together(world.ben, edit)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    won = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    lost, loud = next((number, answer) for number, answer in enumerate(answers) if answer.status_code == 409)
    version = before.version
    stage.expire_all()
    assert (before.title, before.version) == (f"Plan {won}.", version + 1)
    assert f"Plan {lost}." in loud.text  # what was typed stays
    assert f"Plan {won}." in loud.text  # beside what stands now
