"""Comments on the desk: among ourselves or before the client, chosen at the moment of writing."""

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.core.db import db
from crm.core.forms import Form
from crm.core.web import answer, page_number
from crm.deliverables.models import Deliverable
from crm.deliverables.queries import for_head
from crm.deliverables.tabs import tabs_of
from crm.deliverables.talk.forms import DeskCommentForm, EditCommentForm
from crm.deliverables.talk.models import KINDS, Comment, TeamComment
from crm.deliverables.talk.operations import add_comment, revise_comment, withdraw_comment
from crm.deliverables.talk.queries import NAMES, talk_about, who_may_be_mentioned

pages = Pages("deliverable_comments", __name__, roles=DESK, url_prefix="/deliverables/<id:deliverable_id>/comments")


def _form(owed: Deliverable) -> DeskCommentForm:
    form = DeskCommentForm()
    form.offer(owed.versions)
    if not owed.is_shown:
        form.readers.of([("team", "Our team only")])
    return form


@pages.get("")
def show(deliverable_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    return comments_page(owed, _form(owed))


def comments_page(owed: Deliverable, form: Form) -> str:
    everybody = who_may_be_mentioned(owed, is_open=owed.is_shown, audience=g.viewer.audience)
    return render_template(
        "deliverables/comments.html", owed=owed, form=form, tabs=tabs_of(owed), talk=talk_about(owed, page_number()),
        ours=[one for one in everybody if one.is_ours], theirs=[one for one in everybody if not one.is_ours],
        names=[one.name for one in everybody], speaks=may(g.viewer, "comment.note", owed),
    )  # fmt: skip


@pages.post("")
def add(deliverable_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    form = _form(owed)
    return answer(
        form,
        lambda press: add_comment(
            owed, viewer=g.viewer, press=press, body=form.body.data, about=form.about.data,
            is_open=form.readers.data == "open",
        ),
        lambda form: comments_page(for_head(deliverable_id), form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )  # fmt: skip


def own_comment(owed: Deliverable, kind: str, comment_id: int) -> Comment | TeamComment:
    """One comment of this deliverable, to be changed by whoever wrote it: 404 for another's thing, 403 for another's words."""
    of = KINDS[kind]
    asked = db.select(of).where(of.id == comment_id, of.deliverable_id == owed.id).options(*NAMES[of])
    found: Comment | TeamComment = db.first_or_404(asked)
    found.engagement  # noqa: B018  of the same session: the policy asks it
    if not may(g.viewer, "comment.revise", found):
        abort(403)
    return found


ONE = "/<any(open,team):kind>/<id:comment_id>"


@pages.get(ONE)
def edit(deliverable_id: int, kind: str, comment_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    said = own_comment(owed, kind, comment_id)
    return edit_page(owed, said, EditCommentForm(obj=said))


def edit_page(owed: Deliverable, said: Comment | TeamComment, form: Form) -> str:
    return render_template(
        "deliverables/comment.html",
        owed=owed,
        said=said,
        form=form,
        withdrawal=Form(formdata=None, version=str(said.version)),
    )


@pages.post(ONE)
def revise(deliverable_id: int, kind: str, comment_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    said = own_comment(owed, kind, comment_id)
    form = EditCommentForm()
    return answer(
        form,
        lambda press: revise_comment(owed, said, viewer=g.viewer, press=press, body=form.body.data),
        lambda form: edit_page(for_head(deliverable_id), said, form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


@pages.post(f"{ONE}/withdrawal")
def withdraw(deliverable_id: int, kind: str, comment_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    said = own_comment(owed, kind, comment_id)
    form = Form()
    return answer(
        form,
        lambda press: withdraw_comment(said, viewer=g.viewer, press=press),
        lambda form: edit_page(for_head(deliverable_id), said, EditCommentForm.after(form, said)),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )
