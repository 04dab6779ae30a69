"""A file from the desk to the client: brought, frozen with the version, read, signed, corrected, compared."""

import errno
import hashlib
import io

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from crm.core.clock import now
from crm.core.ownership import Visibility
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, VersionFile
from crm.files.models import ClientQuota, StoredFile
from tests.files import samples

PLAN = b"# Exit plan\n\nThe stock comes back as *plain* files.\n"


def rows(stage, of=VersionFile):
    stage.expire_all()
    return stage.scalars(select(of).order_by(of.id)).all()


def sent(stage, sign_in, cast, put, owe, *files):
    """A small deliverable with these files, with the client."""
    owed = owe(State.IN_PROGRESS, estimate="0.5", text="")
    assert put(owed, *files).status_code == 303
    version = stage.get(Deliverable, owed.id, populate_existing=True).version
    answer = sign_in(cast.ben).send(
        f"/deliverables/{owed.id}/submission", version=version, asked_id="1", review_days="10"
    )
    assert answer.status_code == 303
    return owed


def test_files_are_brought_shown_and_taken_out(put, owe, sign_in, cast, stage):
    owed = owe(State.IN_PROGRESS)
    assert put(owed, ("plan.md", PLAN), ("plan.pdf", samples.pdf(3))).status_code == 303
    page = sign_in(cast.tess).get(f"/deliverables/{owed.id}?file-{rows(stage)[1].file_id}=2")
    assert "The stock comes back as <em>plain</em> files" in page.text
    assert "Page 2 of 3" in page.text
    assert 'alt="Page 2 of 3 of plan.pdf' in page.text
    stored = rows(stage, StoredFile)[0]
    assert (stored.name, stored.visibility, stored.added_by_id) == ("plan.md", Visibility.TEAM, cast.persons.tess.id)
    answer = sign_in(cast.tess).send(f"/deliverables/{owed.id}/files/{stored.id}/removal")
    assert answer.status_code == 303
    assert [one.name for one in rows(stage)] == ["plan.pdf"]
    assert [one.name for one in rows(stage, StoredFile)] == ["plan.pdf"]


def test_one_with_the_same_name_takes_the_place(put, owe, stage):
    owed = owe(State.IN_PROGRESS)
    put(owed, ("plan.md", PLAN))
    put(owed, ("Plan.md", b"Newer"))
    assert [(one.name, one.file.size) for one in rows(stage)] == [("Plan.md", 5)]


def test_twice_is_once(put, owe, stage, kept):
    owed, before = owe(State.IN_PROGRESS), kept()
    first = put(owed, ("plan.md", PLAN), once="the same press")
    second = put(owed, ("plan.md", PLAN), once="the same press")
    assert first.location == second.location
    assert len(rows(stage)) == 1
    assert len(kept() - before) == 1


@pytest.mark.parametrize(("who", "code"), [("ben", 403), ("cora", 403), ("eve", 404), ("finn", 404), ("abe", 403)])
def test_authors_alone_bring_files(put, owe, cast, stage, kept, who, code):
    owed, before = owe(State.IN_PROGRESS), kept()
    assert put(owed, ("plan.md", PLAN), who=getattr(cast, who)).status_code == code
    assert (rows(stage), kept()) == ([], before)


def test_only_while_it_is_written(put, owe, stage, kept):
    owed, before = owe(State.INTERNAL_REVIEW), kept()
    answer = put(owed, ("plan.md", PLAN))
    assert answer.status_code == 409
    assert (rows(stage), kept()) == ([], before)


def test_a_refusal_stands_beside_the_field_and_keeps_nothing(put, owe, stage, kept):
    owed, before = owe(State.IN_PROGRESS), kept()
    answer = put(owed, ("good.md", PLAN), ("plan.exe", b"MZ"), ("shot.png", b"GIF89a"))
    assert answer.status_code == 422
    for words in ("plan.exe: files that end in .exe are not taken", "shot.png is no PNG", "Choose your files again"):
        assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert (rows(stage), kept()) == ([], before)
    assert put(owed).status_code == 422


def test_there_is_no_more_room_than_was_given(put, owe, stage, kept):
    owed, before = owe(State.IN_PROGRESS), kept()
    stage.add(ClientQuota(client_id=1, megabytes=1))
    whole = StoredFile(name="x.txt", kind="txt", size=1024 * 1024 - 5, digest="x", source_digest="x", key="x", added_at=now(),
                       client_id=1, engagement_id=1)  # fmt: skip
    stage.add(whole)
    stage.commit()
    answer = put(owed, ("six.txt", b"123456"))
    assert answer.status_code == 422
    assert "There is no room for 6 bytes more" in answer.text
    assert (rows(stage), kept()) == ([], before)
    assert put(owed, ("five.txt", b"12345")).status_code == 303


def test_a_full_disk_keeps_nothing_and_says_so(put, owe, stage, kept, monkeypatch):
    owed, before = owe(State.IN_PROGRESS), kept()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("crm.files.store.os.fsync", full)
    answer = put(owed, ("plan.md", PLAN))
    assert answer.status_code == 507
    assert "storage is full" in answer.text
    assert (rows(stage), kept()) == ([], before)


def test_the_client_reads_it_once_it_was_sent(put, owe, sign_in, cast, stage):
    owed = owe(State.IN_PROGRESS, estimate="0.5", text="")
    put(owed, ("plan.md", PLAN))
    [file] = rows(stage, StoredFile)
    assert sign_in(cast.cora).get(f"/files/{file.id}").status_code == 404
    assert sign_in(cast.eve).get(f"/files/{file.id}").status_code == 404
    assert sign_in(cast.abe).get(f"/files/{file.id}").status_code == 403
    version = stage.get(Deliverable, owed.id, populate_existing=True).version
    sign_in(cast.ben).send(f"/deliverables/{owed.id}/submission", version=version, asked_id="1", review_days="10")
    for who in (cast.cora, cast.vic, cast.ben, cast.ada):
        answer = sign_in(who).get(f"/files/{file.id}")
        assert (answer.status_code, answer.data) == (200, PLAN)
    assert sign_in(cast.uma).get(f"/files/{file.id}").status_code == 404
    assert "<em>plain</em>" in sign_in(cast.cora).get(f"/portal/deliverables/{owed.id}").text
    stage.expire_all()
    version = stage.get(Deliverable, owed.id).version
    sign_in(cast.ben).send(f"/deliverables/{owed.id}/withdrawal", version=version, reason="The wrong file")
    assert sign_in(cast.cora).get(f"/files/{file.id}").status_code == 404


def test_how_a_file_is_sent(put, owe, sign_in, cast, stage):
    owed = owe(State.IN_PROGRESS)
    put(owed, ("Übergabe “neu”.md", PLAN), ("shot.png", samples.picture()))
    text, shot = rows(stage, StoredFile)
    answer = sign_in(cast.tess).get(f"/files/{text.id}")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert "filename*=UTF-8''%C3%9Cbergabe%20%E2%80%9Cneu%E2%80%9D.md" in said
    assert said.isascii()
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "text/markdown; charset=utf-8"
    drawn = sign_in(cast.tess).get(f"/files/{shot.id}/pages/1")
    assert (drawn.content_type, drawn.data[:4]) == ("image/png", b"\x89PNG")
    for page in ("0", "2", "99999"):
        assert sign_in(cast.tess).get(f"/files/{shot.id}/pages/{page}").status_code == 404


def test_the_fingerprint_holds_the_files(put, owe, sign_in, cast, stage):
    owed = sent(stage, sign_in, cast, put, owe, ("plan.md", PLAN))
    version = stage.scalars(select(DeliverableVersion).where(DeliverableVersion.deliverable_id == owed.id)).one()
    assert version.digest == version.fingerprint()
    kept_so = version.digest
    version.attached[0].digest = "0" * 64
    assert version.fingerprint() != kept_so
    stage.rollback()


def test_a_version_without_files_keeps_the_fingerprint_it_had():
    """As it was computed before there were files: nothing that was sealed changes."""
    version = DeliverableVersion(number=1, title="Plan", text="Words", link="", changes="")
    sealed = '[1, "Plan", "Words", "", "", []]'
    assert version.fingerprint() == hashlib.sha256(sealed.encode()).hexdigest()


def test_what_was_sent_and_signed_never_changes(put, owe, sign_in, cast, stage):
    """Invariant 6, through the product and past it."""
    owed = sent(stage, sign_in, cast, put, owe, ("plan.md", PLAN))
    [held] = rows(stage)
    assert put(owed, ("other.md", PLAN)).status_code == 409
    assert sign_in(cast.tess).send(f"/deliverables/{owed.id}/files/{held.file_id}/removal").status_code == 409
    version = held.of_version
    answer = sign_in(cast.cora).send(
        f"/portal/deliverables/{owed.id}/versions/{version.id}/acceptance", version=version.version
    )
    assert answer.status_code == 303
    for change in (
        update(VersionFile).where(VersionFile.id == held.id).values(name="other.md"),
        update(StoredFile).where(StoredFile.id == held.file_id).values(digest="0" * 64),
    ):
        with pytest.raises((IntegrityError, DBAPIError)):
            stage.execute(change)
        stage.rollback()


def test_a_correction_begins_with_the_same_files(put, owe, sign_in, cast, stage, kept):
    owed = sent(stage, sign_in, cast, put, owe, ("plan.md", PLAN), ("cost.csv", b"a,b\n"))
    version = rows(stage)[0].of_version
    sign_in(cast.cora).send(f"/portal/deliverables/{owed.id}/versions/{version.id}/acceptance", version=version.version)
    before = kept()
    current = stage.get(Deliverable, owed.id, populate_existing=True).version
    sign_in(cast.tess).send(f"/deliverables/{owed.id}/correction", version=current, reason="A figure is wrong")
    assert len(rows(stage)) == 4
    assert len(rows(stage, StoredFile)) == 2
    assert kept() == before
    put(owed, ("plan.md", b"Corrected"))
    first, second = rows(stage)[0].of_version, rows(stage)[-1].of_version
    assert [one.name for one in second.files] == ["cost.csv", "plan.md"]
    assert first.files[0].file.size == len(PLAN)
    assert sign_in(cast.cora).get(f"/files/{first.files[0].file_id}").data == PLAN
    assert sign_in(cast.cora).get(f"/files/{second.files[1].file_id}").status_code == 404


def test_a_proof_is_attached_and_read_by_the_sponsor(owe, sign_in, cast, stage):
    owed = owe(State.SUBMITTED)
    version = stage.scalars(select(DeliverableVersion).where(DeliverableVersion.deliverable_id == owed.id)).one()
    answer = sign_in(cast.ben).send(
        f"/deliverables/{owed.id}/acceptance", version=version.version, given_by_id="1", given_on=str(version.submitted_at.date()),
        proof="", proof_link="", remark="", uploads=[(io.BytesIO(samples.picture()), "scan.png")],
    )  # fmt: skip
    assert answer.status_code == 303
    [proof] = rows(stage)
    assert (proof.is_proof, proof.of_version.state, proof.of_version.proof) == (
        True,
        State.ACCEPTED,
        "Attached: scan.png",
    )
    assert "scan.png" in sign_in(cast.cora).get(f"/portal/deliverables/{owed.id}").text
    assert sign_in(cast.cora).get(f"/files/{proof.file_id}").status_code == 200


def test_a_file_is_compared_with_the_record(put, owe, sign_in, cast, stage, kept):
    photo = samples.located()
    sent(stage, sign_in, cast, put, owe, ("plan.md", PLAN), ("photo.jpg", photo))
    before = kept()

    def compared(who, body, name="any.bin"):
        base = "/portal/deliverables" if who in {cast.cora, cast.uma} else "/deliverables"
        return sign_in(who).post(f"{base}/check", data={"uploads": (io.BytesIO(body), name), "fingerprint": ""}).text

    for who in (cast.cora, cast.ben):
        assert "It stands in the record" in compared(who, PLAN)
        assert "Supplier exit plan, version 1" in compared(who, PLAN)
        assert "as it was brought" in compared(who, photo)
        assert "does not stand in the record" in compared(who, PLAN + b".")
    for who in (cast.uma, cast.finn, cast.eve):
        assert "does not stand in the record" in compared(who, PLAN)
    digest = rows(stage)[0].of_version.digest
    answer = sign_in(cast.cora).post("/portal/deliverables/check", data={"fingerprint": digest.upper()})
    assert "the fingerprint of the version as a whole" in answer.text
    for wrong in ("", "abc"):
        assert sign_in(cast.cora).post("/portal/deliverables/check", data={"fingerprint": wrong}).status_code == 422
    assert kept() == before
