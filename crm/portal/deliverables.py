"""The client's documents: what was sent to them, their answer to it, and what they ask for themselves."""

from collections.abc import Callable

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PORTAL, Pages, slow
from crm.access.policy import may
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.audit.trail import history_of
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.viewer import Role
from crm.core.web import answer
from crm.deliverables.answers import accept_version, give_rating, send_back_version
from crm.deliverables.certificate import certificate, has_certificate, when, who_gave
from crm.deliverables.checking import answered, asked
from crm.deliverables.compare import compared
from crm.deliverables.forms import AcceptForm, ProposalForm, RatingForm, SendBackForm
from crm.deliverables.models import Deliverable
from crm.deliverables.operations import propose_deliverable
from crm.deliverables.queries import for_comparison, ratings_of
from crm.deliverables.versions import DeliverableVersion, Given, How, Rating
from crm.engagements.models import Engagement
from crm.files.showing import shown
from crm.portal import plain, queries
from crm.portal.shell import page

pages = Pages("portal_deliverables", __name__, roles=PORTAL, url_prefix="/portal/deliverables")


@pages.get("")
def everything() -> ResponseReturnValue:
    """What waits for an answer first, then what is in our hands, then what is done with."""
    owed = db.session.scalars(queries.papers()).unique().all()
    standings = {one.id: plain.standing_of(one) for one in owed}
    newest = sorted(owed, key=lambda one: (one.accepted_on or today(), one.id), reverse=True)
    groups = {name: [one for one in newest if standings[one.id].group == name] for name in ("yours", "ours", "done")}
    shown = None if "all" in request.args else queries.AT_MOST  # what was signed off years ago is asked for by a click
    return page(
        "portal/deliverables/list.html", standings=standings, title_of=plain.title_of, decision_of=plain.decision_of,
        groups=groups | {"done": groups["done"][:shown]}, numbers={name: len(of) for name, of in groups.items()},
        today=today(),
    )  # fmt: skip


@pages.get("/<id:deliverable_id>")
def show(deliverable_id: int) -> ResponseReturnValue:
    owed = queries.paper(deliverable_id)
    if version := owed.current:
        said = f"{plain.title_of(owed)}, version {version.number}"
        note_opening(Opened.VERSION, said, version.id, engagement_id=owed.engagement_id)
    return paper_page(owed, _form_for(owed))


@pages.get("/<id:deliverable_id>/compare")
def compare(deliverable_id: int) -> ResponseReturnValue:
    """Two of the versions that they were given."""
    owed = for_comparison(deliverable_id)
    title = plain.title_of(owed)
    return page("portal/deliverables/compare.html", owed=owed, title=title, compared=compared(owed, title))


def _form_for(owed: Deliverable) -> AcceptForm:
    version = owed.current
    return AcceptForm(formdata=None, version=str(version.version if version else 1))


def paper_page(owed: Deliverable, form: Form, late: str = "") -> str:
    version = owed.current
    trail = db.session.scalars(history_of(owed, *owed.versions, newest=30)).all()
    return page(
        "portal/deliverables/show.html", owed=owed, version=version, form=form, late=late, title=plain.title_of(owed),
        standing=plain.standing_of(owed), decision_of=plain.decision_of, trail=trail, done=plain.DONE, today=today(),
        answers=bool(version and may(g.viewer, "deliverable.accept", version) and not owed.stops("accept")),
        thanks="answered" in request.args and bool(version and version.decided_by_id == g.viewer.contact_id),
        stopped=owed.stops("accept") if version and version.is_waiting else "", rating=_rating(version, form),
        who_gave=who_gave, when=when,
        shown=shown(one.file for one in version.files) if version else (),
    )  # fmt: skip


@pages.get("/check")
def check() -> ResponseReturnValue:
    """Which version a file is."""
    return asked(page, "portal/deliverables/check.html")


@pages.post("/check")
@slow
def checked() -> ResponseReturnValue:
    return answered(page, "portal/deliverables/check.html")


def _rating(version: DeliverableVersion | None, form: Form) -> Rating | Form | None:
    """What this reader said of it; or the form to say it, where they may."""
    if version is None or not has_certificate(version) or not may(g.viewer, "rating.give", version):
        return None
    given = next((one for one in ratings_of(version.deliverable) if one.contact_id == g.viewer.contact_id), None)
    fresh = form if isinstance(form, RatingForm) else RatingForm(formdata=None, version=str(version.version))
    return given or fresh


def _to_answer(owed: Deliverable, version_id: int) -> DeliverableVersion:
    """One of the versions that this viewer was given, for the sponsor whose answer it is."""
    version = next((one for one in owed.versions if one.id == version_id), None)
    if version is None:
        abort(404)
    if not may(g.viewer, "deliverable.accept", version):
        abort(403)
    return version


def _given() -> Given:
    """Signed in: the name of the account, and where it came from."""
    return Given(How.PORTAL, name=g.signed.account.name, address=(request.remote_addr or "")[:200])


def _answered(deliverable_id: int) -> str:
    return url_for(".show", deliverable_id=deliverable_id, answered=1)


def _again(deliverable_id: int, version_id: int, shown: Callable[[Deliverable, Form], str]) -> Callable[[Form], str]:
    """What a refused answer leads to: the form with what was typed, or, when somebody was faster, what they did."""

    def page_of(form: Form) -> str:
        owed = queries.paper(deliverable_id)
        version = next((one for one in owed.versions if one.id == version_id), None)
        if version and version.is_waiting:
            return shown(owed, form)
        return paper_page(owed, form, plain.overtaken(owed, version))

    return page_of


@pages.post("/<id:deliverable_id>/versions/<id:version_id>/acceptance")
def accept(deliverable_id: int, version_id: int) -> ResponseReturnValue:
    version = _to_answer(queries.paper(deliverable_id), version_id)
    form = AcceptForm()
    return answer(
        form,
        lambda press: accept_version(version, viewer=g.viewer, press=press, given=_given(), remark=form.remark.data),
        _again(deliverable_id, version_id, paper_page),
        leads_to=_answered(deliverable_id),
    )


@pages.post("/<id:deliverable_id>/versions/<id:version_id>/rating")
def rate(deliverable_id: int, version_id: int) -> ResponseReturnValue:
    """One to five, and a sentence, after the yes."""
    version = _to_answer(queries.paper(deliverable_id), version_id)
    form = RatingForm()
    return answer(
        form,
        lambda press: give_rating(version, viewer=g.viewer, press=press, **form.fields()),
        lambda form: paper_page(queries.paper(deliverable_id), form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


@pages.get("/<id:deliverable_id>/versions/<id:version_id>/changes")
def changes(deliverable_id: int, version_id: int) -> ResponseReturnValue:
    owed = queries.paper(deliverable_id)
    version = _to_answer(owed, version_id)
    if not version.is_waiting:
        return redirect(url_for(".show", deliverable_id=deliverable_id), 303)
    form = SendBackForm(version=str(version.version))
    form.offer(version)
    return changes_page(owed, form)


def changes_page(owed: Deliverable, form: Form) -> str:
    return page("portal/deliverables/changes.html", owed=owed, version=owed.current, form=form, today=today())


@pages.post("/<id:deliverable_id>/versions/<id:version_id>/changes")
def send_back(deliverable_id: int, version_id: int) -> ResponseReturnValue:
    version = _to_answer(queries.paper(deliverable_id), version_id)
    form = SendBackForm()
    form.offer(version)
    return answer(
        form,
        lambda press: send_back_version(
            version, viewer=g.viewer, press=press, comments=form.comments.data, remark=form.remark.data, given=_given()
        ),
        _again(deliverable_id, version_id, changes_page),
        leads_to=_answered(deliverable_id),
    )


@pages.get("/<id:deliverable_id>/versions/<id:version_id>/certificate.pdf")
def sheet(deliverable_id: int, version_id: int) -> ResponseReturnValue:
    """A sign-off on paper. From where an answer came is the sponsors' to read."""
    owed = queries.paper(deliverable_id)
    version = next((one for one in owed.versions if one.id == version_id), None)
    if version is None or not has_certificate(version):
        abort(404)
    company = db.session.get_one(Client, g.viewer.client_id)
    return certificate(version, company, g.practice, full=g.viewer.role is Role.SPONSOR)


# --- What the client asks for ---

asking = Pages("portal_asking", __name__, roles={Role.SPONSOR}, url_prefix="/portal/deliverables/new")


@asking.get("")
def choose() -> ResponseReturnValue:
    """For which engagement; where there is one only, straight on to its form."""
    offered = db.session.scalars(queries.sponsored(g.viewer.contact_id)).all()
    if len(offered) == 1:
        return redirect(url_for(".new", engagement_id=offered[0].id), 303)
    return page("portal/deliverables/choose.html", engagements=offered)


def _engagement(engagement_id: int) -> Engagement:
    found: Engagement = db.first_or_404(queries.sponsored(g.viewer.contact_id).where(Engagement.id == engagement_id))
    return found


@asking.get("/<id:engagement_id>")
def new(engagement_id: int) -> ResponseReturnValue:
    engagement = _engagement(engagement_id)
    form = ProposalForm()
    form.offer(engagement, plain=True)
    return new_page(engagement, form)


@asking.post("/<id:engagement_id>")
def add(engagement_id: int) -> ResponseReturnValue:
    engagement = _engagement(engagement_id)
    form = ProposalForm()
    form.offer(engagement, plain=True)
    return answer(
        form,
        lambda press: propose_deliverable(engagement, viewer=g.viewer, press=press, **form.fields()),
        lambda form: new_page(_engagement(engagement_id), form),
        leads_to=lambda owed: url_for("portal_deliverables.show", deliverable_id=owed.id),
    )


def new_page(engagement: Engagement, form: Form) -> str:
    return page("portal/deliverables/new.html", engagement=engagement, form=form)
