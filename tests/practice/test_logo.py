"""The practice's mark: a picture made anew, shown to clients and whoever stands at the door, and taken away again."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from crm.deliverables.states import State
from crm.files.checking import NotTaken, check
from crm.files.kinds import A_LOGO
from crm.practice.models import Logo, Practice
from tests.files import samples
from tests.html import faults
from tests.world import QUESTIONS

AT = "/settings/practice/logo"


@pytest.fixture
def bring(sign_in, cast):
    def of(body, name="larkmoor.png", who=None, **more):
        return sign_in(who or cast.abe).send(AT, logo=(io.BytesIO(body), name), **more)

    return of


def kept(stage):
    stage.expire_all()
    return stage.get(Practice, 1).logo, stage.scalars(select(Logo)).all()


def test_it_is_made_anew_and_clients_see_it(bring, sign_in, cast, stage, app):
    answer = bring(samples.picture(size=(1500, 300)))
    assert (answer.status_code, answer.location) == (303, AT)
    digest, (row,) = kept(stage)
    assert (row.digest, row.width, row.height) == (digest, 480, 96)
    said = f'<img class="mark" src="/logo/{digest}.png" alt="{stage.get(Practice, 1).name}">'
    nobody = app.test_client()
    for browser, page in ((sign_in(cast.cora), "/portal"), (sign_in(cast.abe), AT), (nobody, "/sign-in")):
        text = browser.get(page).text
        assert said in text, page
        assert faults(text) == [], page
    picture = nobody.get(f"/logo/{digest}.png")
    assert (picture.mimetype, picture.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert picture.headers["Cache-Control"] == "max-age=31536000, immutable"
    assert Image.open(io.BytesIO(picture.data)).size == (480, 96)
    again = nobody.get(f"/logo/{digest}.png", headers={"If-None-Match": picture.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    missing = nobody.get(f"/logo/{'1' * 64}.png")
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_nothing_of_a_photograph_but_its_pixels(bring, stage):
    assert bring(samples.located(), "larkmoor.jpg").status_code == 303
    (row,) = kept(stage)[1]
    assert b"Somebody at home" not in row.image
    made = Image.open(io.BytesIO(row.image))
    assert (made.format, made.size, dict(made.getexif())) == ("PNG", (40, 30), {})


def test_the_next_one_takes_its_place_and_the_last_is_gone(bring, sign_in, cast, stage):
    bring(samples.picture())
    first = kept(stage)[0]
    bring(samples.picture(size=(60, 20)), version="2")
    second, rows = kept(stage)
    assert ([row.digest for row in rows], second != first) == ([second], True)
    cora = sign_in(cast.cora)
    assert cora.get(f"/logo/{first}.png").status_code == 404
    stale = sign_in(cast.abe).send(f"{AT}/removal", version="2")
    assert (stale.status_code, len(kept(stage)[1])) == (409, 1)
    assert sign_in(cast.abe).send(f"{AT}/removal", version="3").status_code == 303
    assert kept(stage) == ("", [])
    assert 'class="mark"' not in cora.get("/portal").text


HOSTILE = {
    "markup": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "logo.svg", "files that end in .svg are not taken. Bring one of PNG and JPG."),
    "markup as png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png", "is no PNG: what is in it says otherwise. Bring one of PNG and JPG."),
    "pdf": (b"%PDF-1.7", "logo.pdf", "files that end in .pdf are not taken"),
    "too many pixels": (samples.huge_picture(), "logo.png", "more than 40 megapixels"),
    "half": (samples.picture(size=(400, 300))[:200], "logo.png", "is damaged"),
    "two endings": (samples.picture(), "logo.php.png", "two endings"),
}  # fmt: skip


@pytest.mark.engine_free
@pytest.mark.parametrize("which", HOSTILE)
def test_what_is_no_such_picture_is_refused_beside_the_field(which, bring, stage, words):
    body, name, says = HOSTILE[which]
    answer = bring(body, name)
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'id="logo-error"' in answer.text
    assert "Choose your file again." in words(answer)
    assert kept(stage) == ("", [])


@pytest.mark.engine_free
def test_at_most_two_megabytes():
    with pytest.raises(NotTaken, match=r"logo\.png has 2\.0 MB; at most 2 MB are taken"):
        check(io.BytesIO(samples.picture() + bytes(2 * 1024 * 1024)), "logo.png", A_LOGO)


@pytest.mark.engine_free
def test_one_picture_and_nothing_else(bring, sign_in, cast, stage, words):
    abe = sign_in(cast.abe)
    assert "Choose the picture first" in words(abe.send(AT))
    two = [(io.BytesIO(samples.picture()), "a.png"), (io.BytesIO(samples.picture()), "b.png")]
    answer = abe.send(AT, logo=two)
    assert (answer.status_code, "These are 2 files" in words(answer)) == (422, True)
    assert 'name="logo" type="file" accept=".png,.jpg,.jpeg"' in answer.text
    assert bring(samples.picture(), who=cast.ada).status_code == 403
    assert stage.scalar(select(func.count()).select_from(Logo)) == 0


def test_pressed_twice_it_is_one(bring, stage):
    assert [bring(samples.picture(), once="k").status_code for _ in range(2)] == [303, 303]
    assert (len(kept(stage)[1]), stage.get(Practice, 1).version) == (1, 2)


def test_the_certificate_carries_it(bring, sign_in, cast, owe):
    owed = owe(State.ACCEPTED)
    at = f"/deliverables/{owed.id}/versions/{owed.versions[0].id}/certificate.pdf"
    plain = sign_in(cast.ben).get(at)
    bring(samples.picture(size=(300, 100)))
    carried = sign_in(cast.ben).get(at)
    assert (plain.data[:5], carried.data[:5]) == (b"%PDF-", b"%PDF-")
    assert (b"/Subtype/Image" in plain.data.replace(b" ", b""), b"/Subtype/Image" in carried.data.replace(b" ", b"")) == (False, True)  # fmt: skip


def test_it_stands_behind_a_link_from_a_mail(app, world, stage):
    stage.get(Practice, 1).logo = "0" * 64
    stage.commit()
    page = app.test_client().get(f"/sign/{QUESTIONS[0]}")
    assert (page.status_code, f'src="/logo/{"0" * 64}.png"' in page.text) == (200, True)
    assert faults(page.text) == []
