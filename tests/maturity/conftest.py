"""An assessment of Northwind that Ben began and answered a little."""

import pytest
from sqlalchemy import select

from crm.core import clock
from crm.maturity.models import Answer, Assessment, Purpose
from crm.maturity.questions import by_id
from tests.cast import TODAY


@pytest.fixture
def run(cast, stage):
    begun = Assessment(
        id=1, client_id=1, engagement_id=1, title="Baseline", purpose=Purpose.BASELINE, began_on=TODAY,
        begun_by_id=cast.persons.ben.id,
    )  # fmt: skip
    stage.add(begun)
    stage.commit()
    return begun


@pytest.fixture
def said(stage):
    """What stands, by question: `said()["VEN-Q1"].score`."""

    def read():
        stage.expire_all()
        return {one.question: one for one in stage.scalars(select(Answer))}

    return read


@pytest.fixture
def answer_all(cast, stage):
    """Answer every question of a run with its best option, or as said: `answer_all(run, VEN_Q1=0)`."""

    def write(run, by=2, but="", **otherwise):
        for question in by_id():
            if question == but:
                continue
            score = otherwise.get(question.replace("-", "_"), 5)
            stage.add(
                Answer(
                    client_id=run.client_id, assessment_id=run.id, question=question, score=score, written_by_id=by,
                    written_at=clock.now(),
                )
            )  # fmt: skip
        stage.commit()

    return write
