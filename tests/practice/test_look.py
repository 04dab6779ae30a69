"""The practice's colour: what cannot be read is refused with the nearest that can, by day and by night."""

import pytest

from crm.practice import look
from crm.practice.models import Practice
from tests.settings.test_office import PRACTICE


def test_contrast_as_wcag_reckons():
    assert look.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert look.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("said", ["#24418e", "24418E", "#064", "#7a1f5c"])
def test_what_can_be_read_is_taken(said):
    assert look.colour(said).startswith("#")
    assert len(look.colour(said)) == 7


@pytest.mark.parametrize("said", ["#f0aa2f", "#fff", "#8ea6dd", "#ffff00"])
def test_what_is_too_pale_is_refused_with_the_nearest_that_is_not(said):
    with pytest.raises(ValueError, match="too pale") as refused:
        look.colour(said)
    nearest = str(refused.value).split()[-1].rstrip(".")
    assert look.colour(nearest) == nearest
    assert look.contrast(nearest, "#ffffff") < 6, "the nearest, not just any"


@pytest.mark.parametrize("said", ["blue", "#12345", "url(x)", "#24418e;}"])
def test_what_is_no_colour(said):
    with pytest.raises(ValueError, match="like #24418e"):
        look.colour(said)


@pytest.mark.parametrize("accent", ["#24418e", "#006644", "#000000", "#7a1f5c"])
def test_the_sheet_is_readable_by_day_and_by_night(accent):
    sheet = look.style_sheet(accent)
    day, night = sheet.split("--steel: light-dark(")[1].split(")")[0].split(", ")
    assert look.contrast(day, look.PAPER) >= 4.5
    assert look.contrast(night, look.NIGHT) >= 4.5
    assert look.contrast(accent, "#ffffff") >= 4.5
    assert look.style_sheet("") == ""


def test_an_admin_says_it_and_clients_see_it(sign_in, cast, stage, app):
    abe = sign_in(cast.abe)
    answer = abe.send("/settings/practice", **PRACTICE, accent="#f0aa2f")
    assert (answer.status_code, "too pale" in answer.text, 'value="#f0aa2f"' in answer.text) == (422, True, True)
    assert abe.send("/settings/practice", **PRACTICE, accent="#006644").status_code == 303
    stage.expire_all()
    assert stage.get(Practice, 1).accent == "#006644"
    for browser, page in ((sign_in(cast.cora), "/portal"), (app.test_client(), "/sign-in")):
        assert 'href="/look.css"' in browser.get(page).text
        sheet = browser.get("/look.css")
        assert (sheet.mimetype, "#006644" in sheet.text) == ("text/css", True)
        again = browser.get("/look.css", headers={"If-None-Match": sheet.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
