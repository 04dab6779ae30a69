"""The library: what is usually owed, the book's and the practice's own, as where a deliverable begins."""

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.audit.trail import history_of
from crm.core.db import db
from crm.core.forms import Form
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.twelve import OF, TWELVE
from crm.core.web import answer, page_or_part
from crm.core.words import decimals, iso
from crm.library import operations as do
from crm.library import queries
from crm.library.forms import TemplateForm
from crm.library.models import OwnTemplate
from crm.library.typical import Template, typical

pages = Pages("library", __name__, roles=DESK, url_prefix="/library")


@pages.get("")
def index() -> ResponseReturnValue:
    """The book's, by area; all of them fit on a page."""
    chosen = next((one for one in TWELVE if one.slug == request.args.get("area")), None)
    groups = [
        (area, [one for one in typical().values() if one.area is area.code])
        for area in TWELVE
        if chosen in (None, area)
    ]
    return render_template("library/index.html", groups=groups, chosen=chosen, total=len(typical()))


@pages.get("/<any(" + ",".join(f"'{key}'" for key in typical()) + "):key>")
def show(key: str) -> ResponseReturnValue:
    return _shown(typical()[key])


@pages.get("/own")
def own() -> ResponseReturnValue:
    page = page_of(queries.own_templates(), queries.LISTING)
    return page_or_part("library/own.html", "library/_own.html", page=page, export=page.exported_by(".export"))


@pages.get("/own.csv")
def export() -> Response:
    rows = (
        (one.key, one.name, OF[one.area].name, decimals(one.days, 2), one.rhythm, one.what, one.author.name if one.author else "", iso(one.archived_at))
        for one in all_rows(queries.own_templates(), queries.LISTING)
    )  # fmt: skip
    return csv_of(
        ("Key", "Template", "Area", "Days", "How often", "What it is", "Written by", "Archived"), rows, "templates"
    )


@pages.get("/own/<id:template_id>")
def show_own(template_id: int) -> ResponseReturnValue:
    return _shown(_own(template_id).as_template(), _own(template_id))


@pages.route("/own/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = TemplateForm()
    began = queries.template_of(request.args.get("from", ""))
    if began and not form.is_submitted():
        form = _filled(began)

    def page(form: Form) -> str:
        return render_template("library/form.html", form=form, own=None)

    if request.method == "GET":
        return page(form)
    return answer(
        form,
        lambda press: do.add_template(viewer=g.viewer, press=press, **form.fields()),
        page,
        leads_to=lambda made: url_for(".show_own", template_id=made.id),
    )


@pages.route("/own/<id:template_id>/edit", methods=["GET", "POST"])
def edit(template_id: int) -> ResponseReturnValue:
    own = _own(template_id)
    if request.method == "GET" and not may(g.viewer, "template.revise", own):
        abort(403)
    form = _filled(own.as_template(), own.version)

    def page(form: Form) -> str:
        return render_template("library/form.html", form=form, own=own)

    if request.method == "GET":
        return page(form)
    return answer(
        form,
        lambda press: do.revise_template(own, viewer=g.viewer, press=press, **form.fields()),
        page,
        leads_to=url_for(".show_own", template_id=template_id),
    )


@pages.post("/own/<id:template_id>/<any(archive,restore):way>")
def move(template_id: int, way: str) -> ResponseReturnValue:
    own = _own(template_id)
    deed = do.archive_template if way == "archive" else do.restore_template
    return answer(
        Form(),
        lambda press: deed(own, viewer=g.viewer, press=press),
        lambda form: _shown(own.as_template(), own, form.trouble),
        leads_to=url_for(".show_own", template_id=template_id),
    )


def _own(template_id: int) -> OwnTemplate:
    found: OwnTemplate = db.first_or_404(queries.own_templates().where(OwnTemplate.id == template_id))
    return found


def _filled(one: Template, version: int = 1) -> TemplateForm:
    return TemplateForm(
        data={
            "name": one.name, "area": one.area.value, "days": one.days, "cadence": one.cadence.value, "what": one.what,
            "outline": list(one.outline), "criteria": list(one.criteria), "version": str(version),
        }
    )  # fmt: skip


def _shown(one: Template, own: OwnTemplate | None = None, trouble: str = "") -> str:
    return render_template(
        "library/show.html", one=one, own=own, trouble=trouble, press=Form(version=str(own.version)) if own else None,
        history=db.session.scalars(history_of(own)).all() if own else [],
    )  # fmt: skip
