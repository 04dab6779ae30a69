"""What the client says about a document, and puts right or takes back."""

from flask import abort, g, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import PORTAL, Pages
from crm.access.policy import may
from crm.core.db import db
from crm.core.forms import Form
from crm.core.web import answer, page_number
from crm.deliverables.models import Deliverable
from crm.deliverables.talk.forms import CommentForm, EditCommentForm
from crm.deliverables.talk.models import Comment
from crm.deliverables.talk.operations import add_comment, revise_comment, withdraw_comment
from crm.deliverables.talk.queries import talk_about, who_may_be_mentioned
from crm.portal import plain, queries
from crm.portal.shell import page

pages = Pages("portal_comments", __name__, roles=PORTAL, url_prefix="/portal/deliverables/<id:deliverable_id>/comments")


def _form(owed: Deliverable) -> CommentForm:
    form = CommentForm()
    form.offer(owed.versions)
    return form


@pages.get("")
def show(deliverable_id: int) -> ResponseReturnValue:
    """All that was said, by the page, with the form."""
    owed = queries.paper_for_talk(deliverable_id)
    return comments_page(owed, _form(owed))


def comments_page(owed: Deliverable, form: Form) -> str:
    everybody = who_may_be_mentioned(owed, is_open=True, audience=g.viewer.audience)
    return page(
        "portal/deliverables/comments.html", owed=owed, form=form, title=plain.title_of(owed), talk=talk_about(owed, page_number(), kinds=[Comment]),
        names=[one.name for one in everybody], everybody=everybody,
    )  # fmt: skip


@pages.post("")
def add(deliverable_id: int) -> ResponseReturnValue:
    owed = queries.paper_for_talk(deliverable_id)
    form = _form(owed)
    return answer(
        form,
        lambda press: add_comment(owed, viewer=g.viewer, press=press, body=form.body.data, about=form.about.data),
        lambda form: comments_page(queries.paper_for_talk(deliverable_id), form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


def _own(owed: Deliverable, comment_id: int) -> Comment:
    found: Comment = db.first_or_404(select(Comment).where(Comment.id == comment_id, Comment.deliverable_id == owed.id))
    if not may(g.viewer, "comment.revise", found):
        abort(403)
    return found


@pages.get("/<id:comment_id>")
def edit(deliverable_id: int, comment_id: int) -> ResponseReturnValue:
    owed = queries.paper_for_talk(deliverable_id)
    said = _own(owed, comment_id)
    return edit_page(owed, said, EditCommentForm(obj=said))


def edit_page(owed: Deliverable, said: Comment, form: Form) -> str:
    return page(
        "portal/deliverables/comment.html", owed=owed, said=said, form=form, title=plain.title_of(owed),
        withdrawal=Form(formdata=None, version=str(said.version)),
    )  # fmt: skip


@pages.post("/<id:comment_id>")
def revise(deliverable_id: int, comment_id: int) -> ResponseReturnValue:
    owed = queries.paper_for_talk(deliverable_id)
    said = _own(owed, comment_id)
    form = EditCommentForm()
    return answer(
        form,
        lambda press: revise_comment(owed, said, viewer=g.viewer, press=press, body=form.body.data),
        lambda form: edit_page(queries.paper_for_talk(deliverable_id), said, form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


@pages.post("/<id:comment_id>/withdrawal")
def withdraw(deliverable_id: int, comment_id: int) -> ResponseReturnValue:
    owed = queries.paper_for_talk(deliverable_id)
    said = _own(owed, comment_id)
    return answer(
        Form(),
        lambda press: withdraw_comment(said, viewer=g.viewer, press=press),
        lambda form: edit_page(queries.paper_for_talk(deliverable_id), said, EditCommentForm.after(form, said)),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )
