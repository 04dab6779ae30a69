"""The practice's mark: brought as a picture, made anew by us, and taken away again. For admins only."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.act import act
from crm.access.pages import ADMINS, Pages, slow
from crm.core.db import db, writing
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.tables import digest_of
from crm.core.viewer import Viewer
from crm.core.web import answer
from crm.files.checking import NotTaken, check
from crm.files.drawing import CannotDraw, refusal, scaled
from crm.files.forms import Files
from crm.files.keeping import Upload
from crm.files.kinds import A_LOGO, MEGABYTE
from crm.practice.models import Logo, Practice, forget_logo

WIDTH, HEIGHT = 480, 160  # sharp at three times the size that it is shown in
HINT = f"{A_LOGO.said}, up to {A_LOGO.largest // MEGABYTE} MB. Wider than high looks best, on white or on nothing"

pages = Pages("logo", __name__, roles=ADMINS, url_prefix="/settings/practice/logo")


class LogoForm(Form):
    logo = Files("Picture", ask="Choose the picture first", wanted=A_LOGO, several=False, description=HINT)


@dataclass(frozen=True)
class Mark:
    """A picture that was found good and made anew."""

    name: str
    digest: str
    image: bytes
    width: int
    height: int

    def row(self) -> Logo:
        return Logo(digest=self.digest, image=self.image, width=self.width, height=self.height)


def made_anew(upload: Upload) -> Mark:
    """Slow, so it stands outside of every write. Raises Refused."""
    try:
        name, kind = check(upload.stream, upload.filename or "", A_LOGO)
    except NotTaken as error:
        raise Refused(str(error), "logo") from None
    with tempfile.TemporaryDirectory(prefix="twelvefold-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "made"
        source.write_bytes(upload.stream.read())
        try:
            width, height = scaled(source, target, kind, WIDTH, HEIGHT)
        except CannotDraw as error:
            raise Refused(str(refusal(error, name, kind)), "logo") from None
        with target.open("rb") as picture:
            return Mark(name, digest_of(picture), target.read_bytes(), width, height)


def set_logo(practice: Practice, mark: Mark, *, viewer: Viewer, press: Press) -> Practice:
    with act(viewer, "practice.revise", practice, press=press, reason=f"Logo: {mark.name}"):
        forget_logo()
        db.session.add(mark.row())
        practice.logo = mark.digest
    return practice


def remove_logo(practice: Practice, *, viewer: Viewer, press: Press) -> Practice:
    with act(viewer, "practice.revise", practice, press=press, reason="Logo: none"):
        forget_logo()
        practice.logo = ""
    return practice


def the_practice() -> Practice:
    return db.get_or_404(Practice, 1)


@pages.get("")
def show() -> ResponseReturnValue:
    return page(LogoForm(formdata=None, version=str(the_practice().version)))


def page(form: Form) -> str:
    practice = the_practice()
    fields = form if isinstance(form, LogoForm) else LogoForm(formdata=None, version=str(practice.version))
    return render_template("settings/logo.html", form=form, fields=fields, practice=practice, press=Form(version=str(practice.version)))  # fmt: skip


@pages.post("")
@slow
def bring() -> ResponseReturnValue:
    """The picture is looked at before anything is written."""
    form = LogoForm()

    def deed(press: Press) -> None:
        mark = made_anew(form.logo.data[0])
        with writing():
            set_logo(the_practice(), mark, viewer=g.viewer, press=press)
        flash("Your clients see the new logo from the next page on.", "g")

    return answer(form, deed, page, leads_to=url_for(".show"))


@pages.post("/removal")
def remove() -> ResponseReturnValue:
    return answer(
        Form(),
        lambda press: remove_logo(the_practice(), viewer=g.viewer, press=press),
        page,
        leads_to=url_for(".show"),
    )
