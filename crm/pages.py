"""Every page of the house, in the order people meet them."""

from flask import Blueprint

from crm.areas import sheets, steps, usual
from crm.areas import views as registers
from crm.areas.budget import pages as budget
from crm.areas.continuity import pages as recovery
from crm.areas.data import pages as signals
from crm.areas.innovation import pages as ideas
from crm.areas.strategy import pages as roadmap
from crm.areas.talent import pages as skills
from crm.areas.vendors import pages as contracts
from crm.deliverables import desk as deliverables
from crm.desk import (
    area,
    areas_out,
    client_activity,
    client_people,
    clients,
    departments,
    engagement,
    engagements,
    leave,
    people,
    periods,
    practice,
    renewals,
    review_run,
    risks,
    today,
    week,
)
from crm.desk import maturity as client_maturity
from crm.engagements import desk as engagement_forms
from crm.home import pages as home
from crm.maturity import desk as maturity
from crm.portal import areas as portal_areas
from crm.portal import colleagues as portal_colleagues
from crm.portal import days as portal_days
from crm.portal import decisions as portal_decisions
from crm.portal import deliverables as portal_deliverables
from crm.portal import home as portal
from crm.portal import progress as portal_progress
from crm.portal import questions as portal_questions
from crm.portal import rows as portal_rows
from crm.portal import timeline as portal_timeline
from crm.search import pages as search
from crm.settings import desk as settings
from crm.settings import own, rules
from crm.timelog import pages as timelog
from crm.timelog.imports import pages as imports
from crm.workload import pages as workload

PAGES: tuple[Blueprint, ...] = (
    home.pages, home.staff, home.health, search.pages,
    deliverables.pages,
    today.pages, week.pages, periods.pages, timelog.pages, imports.pages,
    practice.pages, workload.pages, people.pages, people.office, leave.pages,
    engagements.pages, engagement_forms.partners, engagement_forms.pages, engagement.pages, review_run.pages, area.pages, areas_out.pages, sheets.pages, usual.pages, registers.pages,
    steps.pages, risks.pages, renewals.pages, signals.pages,
    roadmap.pages, recovery.pages, budget.pages, skills.pages, ideas.pages, contracts.pages,
    settings.pages, own.pages, rules.pages,
    clients.pages, clients.partners, client_people.pages, departments.pages, client_activity.pages,
    maturity.pages, client_maturity.pages, client_maturity.taken, portal_progress.pages,
    portal.pages, portal_areas.pages, portal_timeline.pages, portal_deliverables.pages, portal_deliverables.asking,
    portal_days.pages, portal_decisions.pages, portal_rows.pages, portal_questions.pages, portal_colleagues.pages,
)  # fmt: skip
