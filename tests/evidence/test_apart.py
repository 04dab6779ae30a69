"""Lists and tabs say where the evidence is not what was published, and the terminal proves what is kept."""

import pytest
from sqlalchemy import select

from crm.core.clock import today
from crm.core.twelve import Area
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.models import AreaSummary
from crm.evidence.queries import Apart, in_words
from tests.evidence.written import BOOK, put

VENDORS = next(one["rows"] for one in BOOK["vector"] if one["id"] == "VEN")


@pytest.fixture
def judged(app, cast, stage):
    """Vendors was published green; its rows say amber. All else was never published."""
    put(stage, 1, {"VendorContract": VENDORS["VendorContract"] + VENDORS["VendorContract"][:1]}, today())
    stage.scalars(
        select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.VEN)
    ).one().confirmed = Rag.GREEN
    stage.commit()
    assert app.test_cli_runner().invoke(args=["evidence", "recompute"]).output == "Judged the areas of 2 clients.\n"


def test_lists_say_where_the_evidence_differs(sign_in, cast, judged, words):
    assert "Evidence says red in Vendors" in words(sign_in(cast.ben).get("/engagements"))
    practice = words(sign_in(cast.ada).get("/practice"))
    assert "Evidence says red in Vendors" in practice
    assert "evidence R Red , which differs" in words(sign_in(cast.ben).get("/engagements/1"))
    assert "Evidence says" not in words(sign_in(cast.eve).get("/engagements"))


def test_the_terminal_proves_what_is_kept(app, stage, judged):
    prove = app.test_cli_runner().invoke(args=["evidence", "prove"])
    assert (prove.exit_code, prove.output) == (0, "Every judgement kept is what the evidence says.\n")
    kept = stage.scalars(select(AreaSummary).where(AreaSummary.area == Area.VEN, AreaSummary.engagement_id == 1)).one()
    kept.suggested = Rag.GREEN
    stage.commit()
    prove = app.test_cli_runner().invoke(args=["evidence", "prove"])
    assert prove.exit_code == 1
    assert "engagement 1, VEN: kept green (health" in prove.output
    assert "judged red (health" in prove.output
    assert "1 of the judgements kept are not what the evidence says" in prove.output


@pytest.mark.engine_free
def test_how_it_is_said():
    on = today()

    def said(*apart):
        return in_words([Apart(area, confirmed, suggested, on) for area, confirmed, suggested in apart], on)

    assert said((Area.VEN, Rag.GREEN, Rag.RED), (Area.DAT, Rag.GREEN, Rag.AMBER), (Area.STR, Rag.RED, Rag.GREEN)) == (
        "Evidence says red in Vendors, amber in Data, better in 1 area"
    )
    assert (
        said(*((area, Rag.GREEN, None) for area in (Area.VEN, Area.DAT, Area.STR)))
        == "Evidence says nothing in 3 areas"
    )
    assert said() == ""
