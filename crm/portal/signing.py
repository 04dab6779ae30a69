"""What a link from a mail opens: one text to sign off or one question to decide, without a password. Opening it, by
whomever and however often, changes nothing; the button on the page does."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerHour
from werkzeug.exceptions import TooManyRequests

from crm.accounts.limits import limiter
from crm.areas.across.forms import DecideForm
from crm.areas.across.models import Decision
from crm.areas.asking import decide
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db, only_read, transaction
from crm.core.errors import Refused
from crm.core.forms import Form, Line, Press
from crm.core.twelve import OF
from crm.core.web import answer
from crm.deliverables.answers import accept_version, give_rating, send_back_version
from crm.deliverables.certificate import certificate, has_certificate, when, who_gave
from crm.deliverables.forms import RatingForm, SignBackForm, SignForm
from crm.deliverables.queries import ratings_of
from crm.deliverables.versions import DeliverableVersion, Given, How, Rating
from crm.files import serving
from crm.files.models import StoredFile
from crm.files.showing import Addresses, shown
from crm.links.door import CODE_OPENS, COOKIE, SAFE, LinkPages
from crm.links.notices import send_code as tell_code
from crm.links.operations import make_code, try_code, use_link
from crm.people.models import Person
from crm.portal import plain
from crm.portal.linked import Found, reached, wants_code

NO_SESSION = {"csrf": False}  # the door asks for the link's own token

CODES = RateLimitItemPerHour(5)

pages = LinkPages("signing", __name__, roles=(), url_prefix="/sign/<string(length=64):secret>")


@pages.url_value_preprocessor
def keep_the_secret(endpoint: str | None, values: dict[str, Any] | None) -> None:  # noqa: ARG001
    """The door has asked for it by then; no view needs it, and every address of these pages is made with it."""
    g.secret = (values or {}).pop("secret", "")


@pages.url_defaults
def same_secret(endpoint: str, values: dict[str, Any]) -> None:  # noqa: ARG001
    values.setdefault("secret", g.get("secret", ""))


@pages.after_request
def tell_nobody(response: Response) -> Response:
    """The address is a key: it goes with no click to anybody else, and no machine keeps it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def opened(*, to_show: bool = True) -> Found:
    """Behind the code, where one is asked. What is answered and not shown is read without the text's comments and files."""
    found = reached(to_show=to_show)
    if found.thing is not None and wants_code(found):
        abort(
            make_response(code_page(CodeForm(formdata=None, meta=NO_SESSION)), 200 if request.method in SAFE else 403)
        )
    return found


# --- The pages ---


@pages.get("")
def show() -> ResponseReturnValue:
    found = opened()
    if found.why:
        return dead_page(found.why)
    _note(found)
    return (
        version_page(found, _sign_form(found.thing))
        if found.is_version
        else question_page(found, _decide_form(found.thing))
    )


def _note(found: Found) -> None:
    """As where somebody signed in opens the same; once an answer or a code has told the reader from a mail scanner."""
    if g.comer.link.used_at is None and not g.code_passed:
        return
    thing = found.thing
    if found.is_version:
        kind, said = Opened.VERSION, f"{plain.title_of(thing.deliverable)}, version {thing.number}"
    else:
        kind, said = Opened.DECISION, thing.question
    note_opening(kind, said, thing.id, engagement_id=thing.engagement_id)


def _sign_form(version: DeliverableVersion) -> SignForm:
    return SignForm(formdata=None, meta=NO_SESSION, name=g.comer.contact.name, version=str(version.version))


def _decide_form(asked: Decision) -> DecideForm:
    form = DecideForm(data={"version": str(asked.version)}, meta=NO_SESSION)
    form.offer(asked)
    return form


def page(template: str, **shown: Any) -> str:
    company = db.session.get_one(Client, g.viewer.client_id)
    return render_template(f"portal/sign/{template}.html", company=company, me=g.comer.contact, **shown)


def dead_page(why: str) -> ResponseReturnValue:
    """Whoever holds the link was given it, so they hear why it leads nowhere any more, and where to go."""
    return page("dead", why=why), 410


def version_page(found: Found, form: Form) -> str:
    version = found.thing
    own = next((one for one in version.answers_to(g.comer.link.asked_at) if one.by_id == g.comer.contact.id), None)
    return page(
        "version", version=version, owed=version.deliverable, answer_by=found.answer_by, today=today(), form=form,
        used=g.comer.link.used_at is not None, own=own, decision_of=plain.decision_of, when=when, who_gave=who_gave,
        has_certificate=has_certificate(version), rating=_rating(version, form), rate_at=url_for(".rate"), for_whom=_for_whom(version),
        shown=shown((one.file for one in version.files), at=BY_THE_LINK),
    )  # fmt: skip


def _rating(version: DeliverableVersion, form: Form) -> Rating | Form | None:
    """What this reader said of it; or the form to say it, once it is signed off."""
    if not has_certificate(version) or g.comer.link.used_at is None:
        return None
    given = next((one for one in ratings_of(version.deliverable) if one.contact_id == g.comer.contact.id), None)
    fresh = RatingForm(formdata=None, meta=NO_SESSION, version=str(version.version))
    return given or (form if isinstance(form, RatingForm) else fresh)


def _for_whom(version: DeliverableVersion) -> str:
    """The sponsor in whose place somebody answers; empty for whoever answers for themselves."""
    sponsor_id = version.engagement.stands_for(g.comer.contact.id, today())
    if sponsor_id in {None, g.comer.contact.id}:
        return ""
    return next(one.contact.name for one in version.engagement.sponsors if one.contact_id == sponsor_id)


def question_page(found: Found, form: Form) -> str:
    asked = found.thing
    by = db.session.get(Person, asked.made_by_id) if asked.made_by_id else None
    return page(
        "question", question=asked, form=form, asked_by=by, used=g.comer.link.used_at is not None,
        answer_by=found.answer_by, today=today(), area=OF[asked.area],
    )  # fmt: skip


@pages.get("/certificate.pdf")
def sheet() -> ResponseReturnValue:
    """The receipt on paper, for as long as the used link shows it. From where an answer came is the sponsors' to read."""
    found = opened()
    if found.why or not found.is_version or not has_certificate(found.thing):
        abort(404)
    sponsors = found.thing.engagement.is_sponsored_by(g.comer.contact.id)
    return certificate(found.thing, db.session.get_one(Client, g.viewer.client_id), g.practice, full=sponsors)


# --- What the version holds ---

BY_THE_LINK = Addresses(
    lambda file: url_for(".file", file_id=file.id), lambda file, page: url_for(".picture", file_id=file.id, page=page)
)


def _held(file_id: int) -> StoredFile:
    """A file of the version that the link opens, as long as it opens it."""
    found = opened()
    if found.why or not found.is_version:
        abort(404)
    _note(found)
    held: StoredFile | None = next((one.file for one in found.thing.attached if one.file_id == file_id), None)
    return held or abort(404)


@pages.get("/files/<id:file_id>")
def file(file_id: int) -> Response:
    return serving.download(_held(file_id))


@pages.get("/files/<id:file_id>/pages/<id:page>")
def picture(file_id: int, page: int) -> Response:
    return serving.picture(_held(file_id), page)


# --- The code ---


class CodeForm(Form):
    code = Line("The six digits", at_most=20, ask="Type the six digits of the mail, like 204118")


def code_page(form: Form, *, sent: bool = False) -> str:
    return page("code", form=form, sent=sent or "sent" in request.args)


@pages.post("/code")
def send_code() -> ResponseReturnValue:
    """By mail to the address that the link went to; five an hour at most."""
    if not limiter.hit(CODES, "codes", str(g.comer.link.id)):
        raise TooManyRequests(retry_after=3600)
    if (found := reached()).why:
        return dead_page(found.why)
    with transaction():
        if code := make_code(g.comer.link.id):
            tell_code(code)
    return redirect(url_for(".show", sent=1), 303)


@pages.post("/code/entry")
def enter_code() -> ResponseReturnValue:
    """Five tries of each code, ten minutes long. Right: this browser may open the link for half an hour."""
    form = CodeForm(meta=NO_SESSION)
    if not form.validate():
        return code_page(form, sent=True), 422
    if (found := reached()).why:
        return dead_page(found.why)
    with transaction():
        code = try_code(g.comer.link.id, "".join(one for one in form.code.data if one.isdigit()))
    only_read()
    if code is None:
        form.blame(
            Refused("That is not the code of the newest mail, or it is over. Look again, or ask for a new one.", "code")
        )
        return code_page(form, sent=True), 422
    answer = redirect(url_for(".show"), 303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(
        COOKIE, code.proof, max_age=CODE_OPENS, path="/sign", secure=secure, httponly=True, samesite="Lax"
    )
    return answer


# --- The answers ---


def given(name: str) -> Given:
    return Given(How.MAIL, name=name, address=(request.remote_addr or "")[:200])


def by_this_link(deed: Callable[[Press], Any]) -> Callable[[Press], Any]:
    """The answer and the end of the link, in one transaction."""

    def done(press: Press) -> Any:
        with transaction():
            use_link(g.comer.link.id, press)
            return deed(press)

    return done


def _again(shown: Callable[[Found, Form], str]) -> Callable[[Form], ResponseReturnValue]:
    """A refused answer: the page with what was typed; or what stands now, where it cannot be answered any more."""

    def page_of(form: Form) -> ResponseReturnValue:
        found = opened()
        return dead_page(found.why) if found.why else shown(found, form)

    return page_of


@pages.post("/acceptance")
def accept() -> ResponseReturnValue:
    found, form = opened(to_show=False), SignForm(meta=NO_SESSION)
    if found.why or not found.is_version:
        return dead_page(found.why or plain.NOT_YOURS)

    def deed(press: Press) -> None:
        accept_version(found.thing, viewer=g.viewer, press=press, given=given(form.name.data), remark=form.remark.data)

    return answer(form, by_this_link(deed), _again(version_page), leads_to=url_for(".show"))


@pages.get("/changes")
def changes() -> ResponseReturnValue:
    found = opened()
    if found.why or not found.is_version:
        return dead_page(found.why or plain.NOT_YOURS)
    if g.comer.link.used_at:
        return redirect(url_for(".show"), 303)
    version = found.thing
    form = SignBackForm(formdata=None, meta=NO_SESSION, name=g.comer.contact.name, version=str(version.version))
    form.offer(version)
    return changes_page(found, form)


def changes_page(found: Found, form: Form) -> str:
    if g.comer.link.used_at:
        return version_page(found, form)
    return page("changes", version=found.thing, owed=found.thing.deliverable, form=form)


@pages.post("/changes")
def send_back() -> ResponseReturnValue:
    found, form = opened(to_show=False), SignBackForm(meta=NO_SESSION)
    if found.why or not found.is_version:
        return dead_page(found.why or plain.NOT_YOURS)
    form.offer(found.thing)

    def deed(press: Press) -> None:
        send_back_version(
            found.thing, viewer=g.viewer, press=press, comments=form.comments.data, remark=form.remark.data,
            given=given(form.name.data),
        )  # fmt: skip

    return answer(form, by_this_link(deed), _again(changes_page), leads_to=url_for(".show"))


@pages.post("/decision")
def decide_it() -> ResponseReturnValue:
    """A contract that the question is about follows in the same breath."""
    found = opened()
    if found.why or found.is_version:
        return dead_page(found.why or plain.NOT_YOURS)
    form = _decide_form(found.thing)

    def deed(press: Press) -> None:
        decide(found.thing, form.option.data, form.reason.data, viewer=g.viewer, press=press)

    return answer(form, by_this_link(deed), _again(question_page), leads_to=url_for(".show"))


@pages.post("/rating")
def rate() -> ResponseReturnValue:
    """After the yes, by the link that gave it."""
    found, form = opened(to_show=False), RatingForm(meta=NO_SESSION)
    if found.why or not found.is_version or g.comer.link.used_at is None:
        return dead_page(found.why or plain.NOT_YOURS)
    return answer(
        form,
        lambda press: give_rating(found.thing, viewer=g.viewer, press=press, **form.fields()),
        _again(version_page),
        leads_to=url_for(".show"),
    )
