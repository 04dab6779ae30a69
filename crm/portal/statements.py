"""Statements of closed months, for the sponsor who pays for the days."""

from flask import Response, abort, g
from flask.typing import ResponseReturnValue

from crm.access.pages import Pages
from crm.closing.models import Statement
from crm.closing.papers import area_of, as_csv, as_pdf, date_of, figures, said
from crm.closing.queries import one_statement
from crm.core.db import db
from crm.core.viewer import Role
from crm.portal.shell import page

pages = Pages(
    "portal_statements", __name__, roles={Role.SPONSOR}, url_prefix="/portal/time/statements/<id:statement_id>"
)


def the_statement(statement_id: int) -> Statement:
    """The one that stands: an older one leads to nothing here."""
    statement: Statement = db.one_or_404(one_statement(statement_id))
    if statement.replaced_at:
        abort(404)
    return statement


@pages.get("")
def show(statement_id: int) -> ResponseReturnValue:
    statement = the_statement(statement_id)
    return page(
        "portal/statement.html", statement=statement, engagement=statement.engagement, figures=figures(statement), said=said,
        area_of=area_of, date_of=date_of,
    )  # fmt: skip


@pages.get("/statement.pdf")
def paper(statement_id: int) -> Response:
    statement = the_statement(statement_id)
    return as_pdf(statement, statement.engagement, g.practice)


@pages.get("/statement.csv")
def sheet(statement_id: int) -> Response:
    statement = the_statement(statement_id)
    return as_csv(statement, statement.engagement)
