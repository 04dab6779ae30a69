"""What the rows of this area say of it, as rules."""

from datetime import timedelta

from crm.areas.innovation.models import Idea, IdeaStage
from crm.clients.models import DepartmentKind
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, days_since, over, overdue, pct, under

RUNNING = (IdeaStage.EXPERIMENT, IdeaStage.PILOT)
REACHED = (*RUNNING, IdeaStage.SCALED)
ANSWER_WITHIN, HALF_A_YEAR, A_YEAR = timedelta(days=30), timedelta(days=180), timedelta(days=365)

RULES = (
    Rule(
        "INN-R1", Idea, "{value} ideas have waited more than 30 days for an answer",
        count(lambda row, today: (row.stage == IdeaStage.NEW, row.submitted_on < today - ANSWER_WITHIN)),
        amber=over(0), red=over(5), empty=Rag.GREEN, one="1 idea has waited more than 30 days for an answer",
    ),
    Rule(
        "INN-R2", Idea, "{value} experiments or pilots ran past their end date without a decision, or have none",
        count(lambda row, today: (row.stage.in_(RUNNING), overdue(row.ends_on, today))),
        amber=over(0), red=over(2), empty=Rag.GREEN, critical=True,
        one="1 experiment or pilot ran past its end date without a decision, or has none",
    ),
    Rule(
        "INN-R3", Idea, "Days since an idea was last put forward: {value}", days_since("submitted_on"),
        amber=over(90), red=over(180), empty=Rag.AMBER,
    ),
    Rule(
        "INN-R4", Idea, "{value} ideas reached experiment, pilot or scale in the last 180 days",
        count(lambda row, today: (row.stage.in_(REACHED), row.stage_since >= today - HALF_A_YEAR)),
        amber=under(1), red=None, empty=Rag.AMBER, one="1 idea reached experiment, pilot or scale in the last 180 days",
    ),
    Rule(
        "INN-R5", Idea, "{value} % of last year’s ideas came from outside IT",
        pct(lambda row, today: (row.source_department != DepartmentKind.IT,),
            over=lambda row, today: (row.submitted_on >= today - A_YEAR,)),
        amber=under(50), red=under(20), empty=None,
    ),
    Rule(
        "INN-R6", Idea, "{value} running experiments spent more than their limit",
        count(lambda row, today: (row.stage.in_(RUNNING), row.overspent.is_(True))),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 running experiment spent more than its limit",
    ),
)  # fmt: skip
