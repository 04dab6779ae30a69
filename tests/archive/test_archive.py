"""Everything of a client as one file: all that a sponsor reads, nothing of the team's and nothing of others."""

import csv
import hashlib
import io
import json
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from crm.archive import sheets as kept
from crm.areas.strategy.models import Objective
from crm.audit.models import Opened, Opening
from crm.clients.models import Activity, ActivityKind, Client
from crm.core import clock
from crm.core.ownership import Visibility
from crm.deliverables.states import State
from crm.deliverables.versions import VersionComment
from crm.files.models import StoredFile
from crm.files.store import store
from crm.registers.models import RegisterEntry
from tests.cast import TODAY
from tests.deliverables.conftest import again, owe
from tests.html import faults

__all__ = ["again", "owe"]
OWN, OF_ONE = "/portal/archive.zip", "/clients/1/archive.zip"


def opened(answer):
    assert answer.status_code == 200, answer.status_code
    return zipfile.ZipFile(io.BytesIO(answer.get_data()))


def texts(book):
    return {name: book.read(name).decode(errors="replace") for name in book.namelist()}


@pytest.mark.parametrize(("who", "address"), [("cora", OWN), ("ben", OF_ONE), ("ada", OF_ONE)])
def test_nothing_internal_and_nothing_foreign_is_in_it(who, address, sign_in, world):
    """Canaries stand in every text of both clients; the team's own say so."""
    book = texts(opened(sign_in(getattr(world, who)).get(address)))
    whole = "\n".join(book.values())
    assert "CANARY-N" in whole
    for never in ("CANARY-U", "INTERNAL", "Umbra"):
        assert never not in whole, [name for name, text in book.items() if never in text]
    for name in (
        "index.html",
        "data/days.csv",
        "data/reviews.json",
        "data/list-contracts.csv",
        "pages/reviews.html",
        "manifest.json",
    ):
        assert name in book, name
    files = [name for name in book if name.startswith("files/")]
    assert files, "what is attached and shared is there"
    assert json.loads(book["data/files.json"])[0]["File"] == files[0].removeprefix("files/")


def test_answers_talk_and_money_are_in_it(sign_in, world):
    """What a sponsor reads on the pages, and what stands up in a dispute: who answered, from where, with which proof."""
    book = texts(opened(sign_in(world.cora).get(OWN)))
    for name in ("sign-offs", "ratings", "comments", "months", "invoices"):
        assert json.loads(book[f"data/{name}.json"]), name
        assert f'href="pages/{name}.html"' in book["index.html"]
    (answer, *_) = json.loads(book["data/sign-offs.json"])
    assert {"Whose answer", "Given by", "Way", "From address", "SHA-256"} <= set(answer)
    documents = "".join(text for name, text in book.items() if name.startswith("documents/"))
    files = [name for name in book if name.startswith("files/")]
    assert any(f'href="../{quote(name)}"' in documents for name in files), "a document leads to its files"


def test_what_was_to_be_different_stands_in_the_document(sign_in, cast, owe, stage):
    owed = owe(State.CHANGES_REQUESTED)
    version = owed.versions[0]
    said = {"version_id": version.id, "contact_id": 1, "at": clock.now(), "visibility": Visibility.CLIENT}
    own = {"client_id": version.client_id, "engagement_id": version.engagement_id}
    stage.add(VersionComment(body="The second table is empty", criterion_id=version.criteria[0].id, **said, **own))
    stage.commit()
    page = texts(opened(sign_in(cast.cora).get(OWN)))[f"documents/{owed.code}.html"]
    assert f"{version.criteria[0].text}: The second table is empty (Cora)" in page


@pytest.mark.parametrize(
    ("name", "there"),
    [('a:b|c?"d*.pdf', "7-a_b_c__d_.pdf"), ("<x>/y\\z.txt", "7-_x__y_z.txt"), ("plan ü.pdf", "7-plan ü.pdf")],
)
def test_names_of_files_unpack_anywhere(name, there):
    assert kept.name_of(StoredFile(id=7, name=name)) == there


def test_every_file_is_what_the_manifest_says(sign_in, world):
    book = opened(sign_in(world.cora).get(OWN))
    manifest = json.loads(book.read("manifest.json"))
    assert manifest["company"] == "Northwind"
    named = {one["name"]: one["sha256"] for one in manifest["files"]}
    assert set(named) == set(book.namelist()) - {"manifest.json"}
    assert all(hashlib.sha256(book.read(name)).hexdigest() == digest for name, digest in named.items())


def test_its_pages_are_valid_and_stand_alone(sign_in, world):
    for name, text in texts(opened(sign_in(world.cora).get(OWN))).items():
        if name.endswith(".html"):
            assert faults(text) == [], name
            assert ("<script" in text, "http" in text.replace("https://example", ""), "src=" in text) == (
                False,
                False,
                False,
            ), name
        if name.endswith(".json"):
            json.loads(text)


def test_a_document_is_there_to_read(sign_in, cast, owe):
    owed = owe(State.ACCEPTED, title="Budget paper")
    book = texts(opened(sign_in(cast.cora).get(OWN)))
    page = book[f"documents/{owed.code}.html"]
    for said in ("Budget paper", "Signed off", "by Cora", owed.versions[0].digest):
        assert said in page, said
    assert f'href="documents/{owed.code}.html"' in book["index.html"]


def test_a_text_being_written_is_not_in_it(sign_in, cast, owe, stage):
    owed = owe(State.IN_PROGRESS, title="Half a thought")
    book = texts(opened(sign_in(cast.ben).get(OF_ONE)))
    assert "Half a thought" not in "".join(book.values())
    assert f"documents/{owed.code}.html" not in book


def test_no_cell_is_a_formula_and_json_keeps_what_was_written(sign_in, cast, stage):
    stage.add(Activity(client_id=1, person_id=2, kind=ActivityKind.CALL, title="=1+1", happened_on=TODAY, written_at=clock.now(),
                       visibility=Visibility.CLIENT))  # fmt: skip
    stage.commit()
    book = texts(opened(sign_in(cast.cora).get(OWN)))
    (row,) = list(csv.DictReader(io.StringIO(book["data/talks.csv"].lstrip("\ufeff"))))
    assert (row["Title"], row["Day"], row["Who"]) == ("'=1+1", TODAY.isoformat(), "Ben")
    assert json.loads(book["data/talks.json"])[0]["Title"] == "=1+1"


def test_who_may_take_it_and_that_it_is_noted(sign_in, cast, stage):
    for who, address, code in (
        ("vic", OWN, 403),
        ("tess", OF_ONE, 403),
        ("eve", OF_ONE, 404),
        ("abe", OF_ONE, 403),
        ("uma", OF_ONE, 403),
    ):
        assert sign_in(getattr(cast, who)).get(address).status_code == code, who
    assert stage.scalars(select(Opening)).all() == []
    sign_in(cast.ben).get(OF_ONE).get_data()
    sign_in(cast.cora).get(OWN).get_data()
    lines = stage.scalars(select(Opening).order_by(Opening.id)).all()
    assert [(one.kind, one.client_id, one.person_id, one.contact_id) for one in lines] == [
        (Opened.ARCHIVE, 1, 2, None), (Opened.ARCHIVE, 1, None, 1),
    ]  # fmt: skip


def test_a_client_without_engagement_has_one_too(sign_in, cast, stage):
    stage.add(Client(id=7, code="NEW", name="Newcomer"))
    stage.commit()
    assert "Newcomer" in opened(sign_in(cast.ada).get("/clients/7/archive.zip")).read("index.html").decode()


@pytest.mark.engine_free
def test_it_is_read_in_pieces(sign_in, cast, stage, monkeypatch):
    """More rows than fit into a piece: all are there, once, in their order."""
    monkeypatch.setattr(kept, "PIECE", 3)
    at = clock.now()
    stage.add_all(Objective(client_id=1, area="STR", title=f"Goal {n:02}", mission_link="x", made_at=at, changed_at=at,
                            visibility=Visibility.CLIENT) for n in range(10))  # fmt: skip
    stage.commit()
    rows = json.loads(opened(sign_in(cast.cora).get(OWN)).read("data/list-objectives.json"))
    assert [next(iter(row.values())) for row in rows] == [f"Goal {n:02}" for n in range(10)]
    stage.execute(update(RegisterEntry).values(visibility=Visibility.TEAM))
    stage.commit()
    assert json.loads(opened(sign_in(cast.cora).get(OWN)).read("data/list-objectives.json")) == []


def test_the_doors_to_it(sign_in, cast):
    assert f'href="{OWN}"' in sign_in(cast.cora).get("/portal").text
    assert f'href="{OWN}"' not in sign_in(cast.vic).get("/portal").text
    assert f'href="{OF_ONE}"' in sign_in(cast.ben).get("/clients/1/history").text
    assert f'href="{OF_ONE}"' not in sign_in(cast.tess).get("/clients/1/history").text


def test_what_the_store_lost_is_named(sign_in, world, app):
    """On the first page and in the manifest, with the digest by which it is known again."""
    with app.app_context():
        for one in list(store().everything()):
            store().remove(one.path)
    book = opened(sign_in(world.cora).get(OWN))
    assert not [name for name in book.namelist() if name.startswith("files/")]
    lost = json.loads(book.read("manifest.json"))["lost"]
    assert lost
    page = book.read("index.html").decode()
    assert all(one["sha256"] in page for one in lost)
    assert "INTERNAL" not in page


def test_everything_is_not_taken_again_and_again(sign_in, cast):
    cora = sign_in(cast.cora)
    answers = [cora.get(OWN).status_code for _ in range(13)]
    assert answers == [200] * 12 + [429]
    assert sign_in(cast.ben).get(OF_ONE).status_code == 200, "each by themselves"
