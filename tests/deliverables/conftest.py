import itertools
from datetime import timedelta

import pytest

from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.deliverables.agreed import Contribution, Criterion
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion
from tests.cast import TODAY

TEXT = "If we leave, the stock comes back as plain files within thirty days."
CRITERIA = ("The board can act on it", "The cost of both systems is stated")
SENT = {State.SUBMITTED, State.CHANGES_REQUESTED, State.ACCEPTED, State.SUPERSEDED}


@pytest.fixture
def owe(stage, cast):
    """A deliverable of Northwind in any state, owned by Tess; Ben leads, Ada reviews."""
    numbers = itertools.count(231)

    def make(
        state=State.PLANNED, *, owner="tess", on=None, reviewer="ada", criteria=CRITERIA, text=TEXT, writers=(), **but
    ):
        on = on or cast.north
        whose = {"client_id": on.client_id, "engagement_id": on.id}
        of = {one.person_id: one.id for one in on.assignments}
        made = Deliverable(
            number=next(numbers), area=Area.VEN, state=state,
            visibility=Visibility.CLIENT if state in SENT else Visibility.TEAM,
            reviewer_id=getattr(cast.persons, reviewer).id,
            accepted_on=TODAY if state in {State.ACCEPTED, State.SUPERSEDED} else None, **whose,
            **{"title": "Supplier exit plan", "assignment_id": of.get(getattr(cast.persons, owner).id) if owner else None,
               "estimate": 3, "baseline_due": TODAY + timedelta(14), "due": TODAY + timedelta(14), **but},
        )  # fmt: skip
        stage.add(made)
        stage.flush()
        stage.add_all(
            Criterion(deliverable_id=made.id, position=n, text=one, **whose) for n, one in enumerate(criteria, 1)
        )
        for name, share in dict(writers).items():
            of_whom = of[getattr(cast.persons, name).id]
            stage.add(Contribution(deliverable_id=made.id, assignment_id=of_whom, share=share, **whose))
        if state not in {State.PROPOSED, State.PLANNED, State.CANCELLED}:
            write(made, 1, state if state in SENT else State.IN_PROGRESS, text, **whose)
        stage.commit()
        return made

    def write(owed, number, state, text, **whose):
        version = DeliverableVersion(deliverable_id=owed.id, number=number, text=text, **whose)
        if state in SENT:
            moment, sponsor = clock.now(), next(one.contact_id for one in owed.engagement.sponsors)
            version.title, version.state, version.visibility, version.digest = owed.title, state, Visibility.CLIENT, "d"
            version.submitted_at, version.submitted_by_id, version.asked_id = moment, cast.persons.ben.id, sponsor
            version.answer_by = TODAY + timedelta(10)
            if state is not State.SUBMITTED:
                version.decided_at, version.decided_by_id = moment, sponsor
        stage.add(version)
        stage.flush()
        if state in SENT:
            stage.add_all(
                FrozenCriterion(
                    version_id=version.id, position=one.position, text=one.text, visibility=Visibility.CLIENT, **whose
                )
                for one in owed.criteria
            )
        stage.flush()
        return version

    return make


@pytest.fixture
def again(stage):
    """This row as the database has it now."""

    def read(row):
        stage.expire_all()
        return stage.get(type(row), row.id)

    return read
