"""Every page of the house, in the order people meet them."""

from flask import Blueprint

from crm.archive import pages as archive
from crm.areas import sheets, steps, usual
from crm.areas import views as registers
from crm.areas.budget import pages as budget
from crm.areas.continuity import pages as recovery
from crm.areas.data import pages as signals
from crm.areas.innovation import pages as ideas
from crm.areas.strategy import pages as roadmap
from crm.areas.talent import pages as skills
from crm.areas.vendors import pages as contracts
from crm.deliverables import compare as deliverable_versions
from crm.deliverables import desk as deliverables
from crm.deliverables import kept as deliverable_figures
from crm.deliverables.chains import desk as deliverable_chain
from crm.deliverables.rounds import desk as deliverable_rounds
from crm.deliverables.talk import desk as deliverable_comments
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
    lines,
    meetings,
    people,
    periods,
    phone,
    practice,
    renewals,
    review_run,
    risks,
    sheet,
    statements,
    timers,
    today,
    typed,
    week,
)
from crm.desk import invoices as engagement_invoices
from crm.desk import maturity as client_maturity
from crm.engagements import desk as engagement_forms
from crm.feeds import pages as feeds
from crm.files import pages as files
from crm.home import device
from crm.home import pages as home
from crm.invoices import desk as invoices
from crm.invoices import issuing
from crm.invoices import lists as invoice_lists
from crm.invoices import making as new_invoices
from crm.invoices.billing import pages as billing
from crm.invoices.expenses import pages as expenses
from crm.library import desk as library
from crm.margin import pages as margin
from crm.maturity import desk as maturity
from crm.plans import desk as plans
from crm.portal import areas as portal_areas
from crm.portal import colleagues as portal_colleagues
from crm.portal import comments as portal_comments
from crm.portal import days as portal_days
from crm.portal import decisions as portal_decisions
from crm.portal import delegates as portal_delegates
from crm.portal import deliverables as portal_deliverables
from crm.portal import home as portal
from crm.portal import invoices as portal_invoices
from crm.portal import meetings as portal_meetings
from crm.portal import opened as portal_opened
from crm.portal import progress as portal_progress
from crm.portal import questions as portal_questions
from crm.portal import rows as portal_rows
from crm.portal import signing
from crm.portal import statements as portal_statements
from crm.portal import timeline as portal_timeline
from crm.retainers import pages as retainers
from crm.search import pages as search
from crm.settings import colleagues, doors, inbox, leavers, logo, own, own_calendar, own_mail, rules, storage
from crm.settings import desk as settings
from crm.settings.keys import by_mail as mail_sign_in
from crm.settings.keys import office as sign_in_rules
from crm.settings.keys import pages as keys
from crm.timelog import bulk, proposals
from crm.timelog import pages as timelog
from crm.timelog.approval import pages as approval
from crm.timelog.imports import leaving as take_time
from crm.timelog.imports import pages as imports
from crm.timelog.imports import tying_pages as tying
from crm.workload import pages as workload

PAGES: tuple[Blueprint, ...] = (
    home.pages, home.staff, home.health, home.look, device.pages, search.pages,
    library.pages, deliverables.pages, deliverable_comments.pages, deliverable_rounds.pages, deliverable_versions.pages, deliverable_chain.pages, deliverable_figures.pages, plans.pages, files.pages,
    today.pages, week.pages, typed.pages, timers.pages, phone.pages, periods.pages, timelog.pages, approval.pages, statements.pages, imports.pages, tying.pages, take_time.pages,
    sheet.pages, bulk.pages, proposals.pages,
    practice.pages, workload.pages, people.pages, people.office, leave.pages,
    engagements.pages, engagement_forms.partners, engagement_forms.pages, engagement.pages, retainers.pages, review_run.pages, area.pages, areas_out.pages, sheets.pages, usual.pages, registers.pages,
    steps.pages, risks.pages, renewals.pages, signals.pages,
    roadmap.pages, recovery.pages, budget.pages, skills.pages, ideas.pages, contracts.pages,
    settings.pages, own.pages, rules.pages, doors.pages, colleagues.pages, leavers.pages, storage.pages, logo.pages,
    inbox.pages, own_mail.pages, own_calendar.pages, feeds.pages,
    keys.pages, keys.proof, mail_sign_in.pages, sign_in_rules.pages,
    clients.pages, clients.partners, client_people.pages, departments.pages, client_activity.pages,
    meetings.pages, meetings.engaged, lines.pages,
    maturity.pages, client_maturity.pages, client_maturity.taken, portal_progress.pages,
    portal.pages, portal_areas.pages, portal_timeline.pages, portal_deliverables.pages, portal_deliverables.asking,
    portal_comments.pages, signing.pages, portal_delegates.pages, portal_days.pages, portal_statements.pages, portal_decisions.pages, portal_rows.pages, portal_questions.pages, portal_colleagues.pages,
    portal_opened.pages, archive.pages, archive.own,
    portal_meetings.pages,
    expenses.pages, invoices.pages, invoices.partners, invoice_lists.pages, invoice_lists.partners, new_invoices.pages, issuing.pages, billing.pages, billing.clients, portal_invoices.pages, margin.pages, engagement_invoices.pages,
)  # fmt: skip
