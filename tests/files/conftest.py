import io

import pytest

from crm.files.store import store
from tests.deliverables import conftest as deliverables

owe = deliverables.owe


@pytest.fixture
def kept(application):
    """What lies in the store now, by place."""

    def of():
        with application.app_context():
            return {one.path for one in store().everything()}

    return of


@pytest.fixture
def put(sign_in, cast):
    """Choose files in the form of a deliverable and press Add."""

    def of(owed, *files, who=None, **more):
        sent = [(io.BytesIO(body), name) for name, body in files]
        return sign_in(who or cast.tess).send(f"/deliverables/{owed.id}/files", uploads=sent, **more)

    return of
