"""Statements for the practice: those who lead the engagement, and partners."""

from typing import Any

from flask import Response, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import defer

from crm.access.pages import DESK, Pages
from crm.closing.models import Statement
from crm.closing.papers import area_of, as_csv, as_pdf, date_of, figures, said
from crm.closing.queries import engagement_month, one_statement, others_of
from crm.core.db import db
from crm.core.viewer import Role
from crm.invoices.billed import billed_in
from crm.timelog.models import MonthState

pages = Pages("statements", __name__, roles=DESK, url_prefix="/statements/<id:statement_id>")


def the_statement(statement_id: int) -> Statement:
    statement: Statement = db.one_or_404(one_statement(statement_id))
    return statement


@pages.get("")
def show(statement_id: int) -> ResponseReturnValue:
    statement = the_statement(statement_id)
    more: dict[str, Any] = {"figures": figures(statement), "said": said, "area_of": area_of, "date_of": date_of}
    closed = engagement_month(statement.engagement_id, statement.month)
    is_invoiced = closed is not None and closed.state is MonthState.INVOICED
    billed = billed_in(statement.month, {closed.engagement_id: closed.invoice_number} if closed and is_invoiced else {})
    others = db.session.scalars(others_of(statement).options(defer(Statement.lines))).all()
    return render_template(
        "closing/statement.html", statement=statement, engagement=statement.engagement, others=others,
        billed=billed.get(statement.engagement_id), can=g.viewer.role is Role.PARTNER, **more,
    )  # fmt: skip


@pages.get("/statement.pdf")
def paper(statement_id: int) -> Response:
    statement = the_statement(statement_id)
    return as_pdf(statement, statement.engagement, g.practice)


@pages.get("/statement.csv")
def sheet(statement_id: int) -> Response:
    statement = the_statement(statement_id)
    return as_csv(statement, statement.engagement)
