"""Where files lie: a folder or S3-compatible storage, by setting; what is swept, what is missing, what was cut off."""

import gc
import io
import os
import socket
import threading
import time
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import select
from werkzeug.serving import make_server

import crm
from crm.core.db import db
from crm.core.settings import BadSetting
from crm.deliverables.states import State
from crm.files import keeping
from crm.files.models import StoredFile
from crm.files.store import Away, Lost, place_of, store
from tests import cast as people
from tests.files import samples

PLAN = b"# Exit plan\n"


@pytest.fixture(scope="module")
def bucket():
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(Bucket="papers")
    yield {"FILES": "s3://papers/ours", "FILES_ENDPOINT": address, "FILES_KEY": "k", "FILES_SECRET": "s"}
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def elsewhere(request, storage, tmp_path):
    """An application on the same database, with a store of its own of either kind."""
    said = request.getfixturevalue("bucket") if request.param == "bucket" else {"FILES": str(tmp_path / "papers")}
    app = crm.create_app({"TESTING": True, "WTF_CSRF_ENABLED": False, "DATABASE_URL": storage.url, "INSTANCE": tmp_path,
                          "LOG_LEVEL": "CRITICAL", "SECRET_KEY": "for-tests-only-for-tests-only-for-tests", **said})  # fmt: skip
    yield app
    with app.app_context():
        for one in list(store().everything()):
            store().remove(one.path)
        db.engine.dispose()


def bring(app, cast, owed, *files):
    sent = [(io.BytesIO(body), name) for name, body in files]
    return people.browser_of(app, cast.tess).send(f"/deliverables/{owed.id}/files", uploads=sent)


def test_the_same_on_a_folder_and_in_a_bucket(elsewhere, cast, owe, stage):
    owed = owe(State.IN_PROGRESS)
    assert bring(elsewhere, cast, owed, ("plan.md", PLAN), ("plan.pdf", samples.pdf(2))).status_code == 303
    text, paper = stage.scalars(select(StoredFile).order_by(StoredFile.id)).all()
    browser = people.browser_of(elsewhere, cast.tess)
    assert browser.get(f"/files/{text.id}").data == PLAN
    for page in (1, 2):
        assert browser.get(f"/files/{paper.id}/pages/{page}").data.startswith(b"\x89PNG")
    with elsewhere.app_context():
        assert not store().has("files/no/none")
        with pytest.raises(Lost):
            store().read("files/no/none")
        assert {place_of(text.key), place_of(paper.key)} < {one.path for one in store().everything()}
        assert keeping.sweep() == keeping.Swept(2, 0, 0)


def test_what_nobody_knows_is_swept_after_a_day_and_not_before(elsewhere, cast, owe, stage, monkeypatch):
    owed = owe(State.IN_PROGRESS)
    bring(elsewhere, cast, owed, ("plan.md", PLAN))
    [file] = stage.scalars(select(StoredFile)).all()
    with elsewhere.app_context():
        store().put(place_of("0" * 40), io.BytesIO(b"left behind"))
        assert keeping.sweep().removed == 0
        later = max(one.at for one in store().everything()) + timedelta(hours=25)
        monkeypatch.setattr("crm.files.keeping.now", lambda: later)
        assert keeping.sweep().removed == 1
        assert [one.path for one in store().everything()] == [place_of(file.key)]


def test_a_row_without_its_file_is_an_alarm(elsewhere, cast, owe, stage, capsys):
    owed = owe(State.IN_PROGRESS)
    bring(elsewhere, cast, owed, ("plan.md", PLAN))
    [file] = stage.scalars(select(StoredFile)).all()
    with elsewhere.app_context():
        store().remove(place_of(file.key))
    assert people.browser_of(elsewhere, cast.tess).get(f"/files/{file.id}").status_code == 409
    assert people.browser_of(elsewhere, cast.tess).get(f"/deliverables/{owed.id}").status_code == 200
    told = elsewhere.test_cli_runner().invoke(args=["files", "check"])
    assert told.exit_code == 1
    assert f"Missing: file {file.id}" in told.output
    office = people.browser_of(elsewhere, cast.abe).get("/settings/storage").text
    assert "1 file is missing" in office
    assert "plan.md" not in office
    with elsewhere.app_context():
        store().put(place_of(file.key), io.BytesIO(PLAN))
    assert elsewhere.test_cli_runner().invoke(args=["files", "check", "--whole"]).exit_code == 0
    with elsewhere.app_context():
        store().put(place_of(file.key), io.BytesIO(b"something else"))
    told = elsewhere.test_cli_runner().invoke(args=["files", "check", "--whole"])
    assert (told.exit_code, f"Not what was put there: file {file.id}" in told.output) == (1, True)


def test_storage_that_does_not_answer_is_told(storage, tmp_path, cast, owe, stage):
    owed = owe(State.IN_PROGRESS)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    app = crm.create_app({"TESTING": True, "WTF_CSRF_ENABLED": False, "DATABASE_URL": storage.url, "INSTANCE": tmp_path, "LOG_LEVEL": "CRITICAL",
                          "FILES": "s3://papers", "FILES_ENDPOINT": address, "FILES_KEY": "k", "FILES_SECRET": "s"})  # fmt: skip
    answer = bring(app, cast, owed, ("plan.md", PLAN))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert stage.scalars(select(StoredFile)).all() == []
    with app.app_context():
        with pytest.raises(Away):
            store().has("files/aa/a")
        db.engine.dispose()


@pytest.mark.engine_free
@pytest.mark.parametrize(("said", "says"), [
    ("ftp://papers", "say a folder or s3://bucket/prefix"),
    ("s3://", "name the bucket"),
    ("STATIC", "is sent to anybody"),
])  # fmt: skip
def test_settings_that_cannot_be_used(root, tmp_path, said, says):
    with pytest.raises(BadSetting, match=says):
        crm.create_app({"INSTANCE": tmp_path, "FILES": str(root / "static" / "files") if said == "STATIC" else said})


@pytest.mark.engine_free
def test_the_folder_is_on_the_disk_before_the_row(application, tmp_path, monkeypatch):
    """The file, its name and the folder are each told to be on the disk; what failed leaves nothing."""
    synced = []
    real = os.fsync
    monkeypatch.setattr("crm.files.store.os.fsync", lambda handle: (synced.append(handle), real(handle)))
    with application.app_context():
        place = place_of("f" * 40)
        store().put(place, io.BytesIO(b"x"))
        assert len(synced) == 3
        assert oct((store().folder / place).stat().st_mode)[-3:] == "600"
        store().remove(place)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_upload_cut_in_the_middle_leaves_nothing(app, cast, owe, stage):
    """A socket closed at half the body: no row, no file."""
    owed = owe(State.IN_PROGRESS)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    works = threading.Thread(target=server.serve_forever)
    works.start()
    try:
        with app.app_context():
            before = {one.path for one in store().everything()}
        cookie = people.browser_of(app, cast.tess).get_cookie("twelvefold").value
        body = (
            b'--cut\r\nContent-Disposition: form-data; name="once"\r\n\r\nabc\r\n'
            b'--cut\r\nContent-Disposition: form-data; name="uploads"; filename="plan.txt"\r\n\r\n'
            + b"a" * 200_000
            + b"\r\n--cut--\r\n"
        )
        head = (
            f"POST /deliverables/{owed.id}/files HTTP/1.1\r\nHost: localhost\r\nCookie: twelvefold={cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(server.server_address) as line:
            line.sendall(head.encode() + body[: len(body) // 2])
        time_is_up = time.monotonic() + 5
        while threading.active_count() > 3 and time.monotonic() < time_is_up:
            threading.Event().wait(0.05)
    finally:
        server.shutdown()
        works.join()
        server.server_close()
    with app.app_context():
        assert {one.path for one in store().everything()} == before
    assert stage.scalars(select(StoredFile)).all() == []
    gc.collect()  # the half that had arrived lies in an open temporary file until here
