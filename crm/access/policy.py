"""Who may do what. One verb, one line. A verb that is not written here is nobody's.

A rule gets the viewer and the thing; rows that the viewer may not see never come this far (sight.py).
"""

from collections.abc import Callable
from typing import Any

from crm.core.clock import today
from crm.core.viewer import Audience, Role, Viewer

Rule = Callable[[Viewer, Any], bool]


def a_partner(viewer: Viewer, subject: Any) -> bool:  # noqa: ARG001
    return viewer.role is Role.PARTNER


def an_admin(viewer: Viewer, subject: Any) -> bool:  # noqa: ARG001
    return viewer.role is Role.ADMIN


def the_system(viewer: Viewer, subject: Any) -> bool:  # noqa: ARG001
    """A command at this machine's terminal."""
    return viewer.role is Role.SYSTEM


def the_account_itself(viewer: Viewer, subject: Any) -> bool:
    return viewer.account_id is not None and viewer.account_id == subject.id


def of_ones_account(viewer: Viewer, subject: Any) -> bool:
    return viewer.account_id is not None and viewer.account_id == subject.account_id


def on_the_team(viewer: Viewer, subject: Any) -> bool:
    """A confirmed assignment that runs today; the thirty days after its end are for reading."""
    return _consults(viewer) and subject.engagement.has_on_team(viewer.person_id, today())


def the_lead(viewer: Viewer, subject: Any) -> bool:
    """What one did oneself is seen for ever, its engagement not: whoever left there leads it no more."""
    there = subject.engagement
    return _consults(viewer) and there is not None and there.is_led_by(viewer.person_id, today())


def the_holder(viewer: Viewer, subject: Any) -> bool:
    """Whoever of the team answers for the area that a scope or a review is about."""
    return (
        on_the_team(viewer, subject) and subject.engagement.scope_of(subject.area).holder_person_id == viewer.person_id
    )


def the_owner(viewer: Viewer, subject: Any) -> bool:
    return on_the_team(viewer, subject) and subject.is_owned_by(viewer.person_id)


def an_author(viewer: Viewer, subject: Any) -> bool:
    """Owner and contributors write."""
    return on_the_team(viewer, subject) and subject.is_written_by(viewer.person_id)


def the_reviewer(viewer: Viewer, subject: Any) -> bool:
    """Of the team or a partner, and never one who wrote it (invariant 15)."""
    return (
        team_or_partner(viewer, subject)
        and subject.reviewer_id == viewer.person_id
        and not subject.is_written_by(viewer.person_id)
    )


def the_sponsor(viewer: Viewer, subject: Any) -> bool:
    return viewer.role is Role.SPONSOR and subject.engagement.is_sponsored_by(viewer.contact_id)


def who_answers(viewer: Viewer, subject: Any) -> bool:
    """A sponsor of the engagement, or the colleague whom one named to answer in their place; by a link, its version."""
    if viewer.audience is not Audience.CLIENT or viewer.contact_id is None:
        return False
    if viewer.role is Role.SPONSOR and subject.engagement.is_sponsored_by(viewer.contact_id):
        return True
    stands_for = subject.engagement.stands_for(viewer.contact_id, today())
    return stands_for is not None and stands_for != viewer.contact_id


def whose_answer(viewer: Viewer, subject: Any) -> bool:
    """The sponsor in whose place somebody answers."""
    return viewer.role is Role.SPONSOR and viewer.contact_id is not None and subject.contact_id == viewer.contact_id


def a_sponsor_of_the_client(viewer: Viewer, subject: Any) -> bool:
    return viewer.role is Role.SPONSOR and viewer.client_id == subject.id


def serves_the_client(viewer: Viewer, subject: Any) -> bool:
    """Partners serve every client; a consultant those of an assignment that runs today."""
    if viewer.role is Role.PARTNER:
        return True
    client = subject if subject.__tablename__ == "client" else subject.client
    return _consults(viewer) and client.is_served_by(viewer.person_id, today())


def leads_at_the_client(viewer: Viewer, subject: Any) -> bool:
    """A partner, or whoever leads one of the client's engagements today."""
    if viewer.role is Role.PARTNER:
        return True
    return _consults(viewer) and subject.client.is_led_by(viewer.person_id, today())


def leads_with_the_client(viewer: Viewer, subject: Any) -> bool:
    """A partner, or whoever leads one of this client's engagements today."""
    return viewer.role is Role.PARTNER or (_consults(viewer) and subject.is_led_by(viewer.person_id, today()))


def leads_for_the_client(viewer: Viewer, subject: Any) -> bool:
    """Whoever leads an engagement of the client that runs today."""
    return _consults(viewer) and subject.client.is_led_by(viewer.person_id, today())


def a_sponsor(viewer: Viewer, subject: Any) -> bool:
    """Of the subject's client: rows of others never come this far."""
    return viewer.role is Role.SPONSOR and subject.client_id == viewer.client_id


def a_sponsor_of_the_viewer(viewer: Viewer, subject: Any) -> bool:
    """Sponsors let in those who only look on, of their own company; other sponsors are the practice's to name."""
    return a_sponsor(viewer, subject) and subject.role is Role.VIEWER


def whose_it_is(viewer: Viewer, subject: Any) -> bool:
    """The contact of the client who is named as its owner."""
    return viewer.contact_id is not None and subject.owner_contact_id == viewer.contact_id


def of_the_client(viewer: Viewer, subject: Any) -> bool:
    """Whoever of the subject's client looks at it: rows of others never come this far."""
    return viewer.audience is Audience.CLIENT and subject.client_id == viewer.client_id


def the_author(viewer: Viewer, subject: Any) -> bool:
    """Whoever wrote it: one of ours as long as they serve there, or somebody of the client."""
    if viewer.audience is Audience.CLIENT:
        return viewer.contact_id is not None and subject.contact_id == viewer.contact_id
    return oneself(viewer, subject) and team_or_partner(viewer, subject)


def who_decides(viewer: Viewer, subject: Any) -> bool:
    """The sponsor who is named, or the one of ours who is and serves the client."""
    if viewer.role is Role.SPONSOR:
        return viewer.contact_id is not None and subject.owner_contact_id == viewer.contact_id
    is_theirs = viewer.person_id is not None and subject.owner_person_id == viewer.person_id
    return is_theirs and serves_the_client(viewer, subject)


def oneself(viewer: Viewer, subject: Any) -> bool:
    return viewer.person_id is not None and subject.person_id == viewer.person_id


def ones_own_for_the_client(viewer: Viewer, subject: Any) -> bool:
    """What one brought oneself, as long as one serves the client."""
    return oneself(viewer, subject) and serves_the_client(viewer, subject)


def ones_own_there(viewer: Viewer, subject: Any) -> bool:
    """One's own, as long as one sees the engagement that it belongs to."""
    return oneself(viewer, subject) and subject.engagement is not None


def oneself_until_its_end(viewer: Viewer, subject: Any) -> bool:
    """One's own leave, as long as it is not over: what lies behind us is in figures that others rely on."""
    return oneself(viewer, subject) and subject.ends >= today()


def _consults(viewer: Viewer) -> bool:
    """Partners may also consult; admins do not."""
    return viewer.person_id is not None and viewer.role in {Role.CONSULTANT, Role.PARTNER}


def a_consultant(viewer: Viewer, subject: Any) -> bool:  # noqa: ARG001
    return _consults(viewer)


def who_wrote_it(viewer: Viewer, subject: Any) -> bool:
    return _consults(viewer) and subject.author_id == viewer.person_id


def any_of(*rules: Rule) -> Rule:
    return lambda viewer, subject: any(rule(viewer, subject) for rule in rules)


lead_or_partner = any_of(the_lead, a_partner)
team_or_partner = any_of(on_the_team, a_partner)
owner_or_lead = any_of(the_owner, the_lead)

MAY: dict[str, Rule] = {
    # clients
    "client.add": a_partner,
    "client.revise": serves_the_client,
    "client.open_to_viewers": a_sponsor_of_the_client,
    "client.take_archive": any_of(a_sponsor_of_the_client, leads_with_the_client),
    "client.archive": a_partner,
    "client.restore": a_partner,
    "client.note": serves_the_client,
    "department.add": serves_the_client,
    "department.revise": serves_the_client,
    "department.archive": serves_the_client,
    "department.restore": serves_the_client,
    "contact.add": serves_the_client,
    "contact.revise": serves_the_client,
    "contact.vouch": a_partner,
    "contact.archive": serves_the_client,
    "contact.restore": serves_the_client,
    "activity.log": serves_the_client,
    "activity.revise": oneself,
    "followup.add": serves_the_client,
    "followup.revise": oneself,
    "followup.finish": oneself,
    "followup.reopen": oneself,
    "wall.raise": a_partner,
    "wall.lower": a_partner,
    # engagements
    "engagement.add": a_partner,
    "engagement.revise": lead_or_partner,
    "engagement.price": a_partner,
    "retainer.agree": a_partner,
    "engagement.activate": a_partner,
    "engagement.cancel": a_partner,
    "engagement.pause": a_partner,
    "engagement.resume": a_partner,
    "engagement.begin_closing": lead_or_partner,
    "engagement.close": a_partner,
    "closing_step.tick": lead_or_partner,
    "assignment.add": a_partner,
    "assignment.revise": a_partner,
    "assignment.confirm": a_partner,
    "assignment.end": a_partner,
    "engagement.sign_off": a_partner,
    "delegation.name": whose_answer,
    "delegation.end": whose_answer,
    "sponsorship.add": a_partner,
    "sponsorship.end": a_partner,
    "scope.revise": lead_or_partner,
    # areas
    "review.draft": team_or_partner,
    "review.publish": any_of(lead_or_partner, the_holder),
    "review.publish_run": team_or_partner,  # and each of its areas as above
    "register.add": serves_the_client,
    "register.start": serves_the_client,
    "register.revise": serves_the_client,
    "register.confirm": serves_the_client,
    "register.bring_rows": ones_own_for_the_client,
    "register.take_rows": ones_own_for_the_client,
    "register.drop_rows": ones_own_for_the_client,
    "register.archive": serves_the_client,
    "register.restore": serves_the_client,
    "register.share": serves_the_client,
    "register.take_back": serves_the_client,
    "initiative.move": serves_the_client,
    "signal.add_reading": serves_the_client,
    "signal.correct_reading": serves_the_client,
    "signal.remove_reading": serves_the_client,
    # maturity: the team asks and writes down; the lead finishes, for the client reads it then
    "assessment.begin": serves_the_client,
    "assessment.revise": serves_the_client,
    "assessment.answer": serves_the_client,
    "assessment.finish": leads_at_the_client,
    "assessment.set_aside": leads_at_the_client,
    "scope.adopt": lead_or_partner,
    # risks, actions and decisions, in every area
    "raid.mitigate": serves_the_client,
    "raid.close": serves_the_client,
    "raid.happen": serves_the_client,
    "raid.look_at": serves_the_client,
    "raid.ask": serves_the_client,
    "raid.live_with": serves_the_client,
    "raid.accept": a_sponsor,
    "raid.record": leads_for_the_client,
    "action.note": serves_the_client,
    "action.finish": any_of(serves_the_client, whose_it_is),
    "action.drop": serves_the_client,
    "decision.ask": serves_the_client,
    "decision.decide": who_decides,
    "decision.record": leads_for_the_client,
    "decision.withdraw": serves_the_client,
    "decision.look_back": serves_the_client,
    "decision.note": serves_the_client,
    "commitment.note": serves_the_client,
    "commitment.keep": serves_the_client,
    "commitment.break": serves_the_client,
    "commitment.withdraw": serves_the_client,
    "decision.revise": any_of(leads_for_the_client, a_partner),
    # meetings
    "meeting.add": serves_the_client,
    "meeting.revise": serves_the_client,
    "meeting.write": serves_the_client,
    "meeting.hold": serves_the_client,
    "meeting.cancel": serves_the_client,
    "meeting.revive": serves_the_client,
    "meeting.share": serves_the_client,
    # deliverables (docs/domain.md, life cycles)
    "deliverable.propose": any_of(on_the_team, a_partner, the_sponsor, the_system),  # the system: what comes again
    "deliverable.plan": any_of(the_lead, the_system),
    "set.plan": lead_or_partner,
    "deliverable.revise": any_of(owner_or_lead, a_partner),
    "deliverable.assign": lead_or_partner,
    "deliverable.begin": the_owner,
    "deliverable.write": an_author,
    "deliverable.attach": an_author,
    "deliverable.ask_review": the_owner,
    "deliverable.pass_review": the_reviewer,
    "deliverable.return": the_reviewer,
    "deliverable.submit": owner_or_lead,
    "deliverable.withdraw": the_lead,
    "deliverable.accept": who_answers,
    "deliverable.send_back": who_answers,
    "deliverable.record": the_lead,
    "rating.give": who_answers,
    "deliverable.deem": the_system,
    "deliverable.correct": owner_or_lead,
    "deliverable.drop_correction": owner_or_lead,
    "deliverable.cancel": the_lead,
    "deliverable.rebaseline": the_lead,
    # the library
    "template.add": a_consultant,
    "template.revise": any_of(who_wrote_it, a_partner),
    "template.archive": any_of(who_wrote_it, a_partner),
    "template.restore": any_of(who_wrote_it, a_partner),
    # what comes again
    "repeat.add": lead_or_partner,
    "repeat.revise": lead_or_partner,
    "repeat.end": lead_or_partner,
    "repeat.make": the_system,
    "wait.add": any_of(owner_or_lead, a_partner),
    "wait.end": any_of(owner_or_lead, a_partner),
    "wait.receive": team_or_partner,
    # what is said about them: by the team, and before the client by whoever of them reads it
    "comment.add": any_of(team_or_partner, of_the_client),
    "comment.note": team_or_partner,
    "comment.revise": the_author,
    "comment.withdraw": the_author,
    # time
    "time.log": oneself,
    "time.revise": oneself,
    "time.void": oneself,
    "time.restore": oneself,
    "timer.start": oneself,
    "timer.stop": oneself,
    "timer.go_on": oneself,
    "timer.drop": oneself,
    "timer.log": oneself,
    "time.approve": lead_or_partner,
    "time.ask": lead_or_partner,
    "time.explain": ones_own_there,
    "time.adjust": any_of(ones_own_there, a_partner),
    "overage.decide": a_partner,
    "engagement_month.invoice": a_partner,
    "period.remind": a_partner,
    "period.lock": a_partner,
    "period.reopen": a_partner,
    "import.bring": oneself,  # whose time is in it is another matter: consultants their own, partners anyone's
    "import.order": oneself,
    "import.name": oneself,
    "import.take": oneself,
    "import.drop": oneself,
    # money
    "issuer.revise": a_partner,
    "billing.revise": a_partner,
    "expense.add": oneself,
    "expense.revise": oneself,
    "expense.withdraw": oneself,
    "expense.approve": lead_or_partner,
    "expense.refuse": lead_or_partner,
    "invoice.read": lead_or_partner,
    "invoice.draft": a_partner,
    "invoice.draft_month": a_partner,
    "invoice.revise": a_partner,
    "invoice.drop": a_partner,
    "invoice.issue": a_partner,
    "invoice.void": a_partner,
    "payment.record": a_partner,
    "payment.withdraw": a_partner,
    "cost_rate.set": a_partner,
    "cost_rate.drop": a_partner,
    "import.undo": any_of(oneself, a_partner),
    # files
    "quota.give": an_admin,
    # people
    "person.add": a_partner,
    "person.revise": a_partner,
    "person.tie": a_partner,
    "pattern.set": a_partner,
    "pattern.drop": a_partner,
    "leave.ask": any_of(oneself, a_partner),
    "leave.revise": any_of(oneself_until_its_end, a_partner),
    "leave.withdraw": any_of(oneself_until_its_end, a_partner),
    "leave.decide": a_partner,
    # the office
    "practice.begin": the_system,
    "practice.revise": an_admin,
    "limit.set": an_admin,
    "limit.reset": an_admin,
    "account.add": any_of(an_admin, the_system),
    "account.give": any_of(an_admin, the_system),
    "account.take": an_admin,
    "account.revise": an_admin,
    "account.close": an_admin,
    "account.reopen": an_admin,
    "account.set_password": any_of(an_admin, the_system),
    "account.end_sessions": an_admin,
    "account.invite": an_admin,
    "account.invite_again": an_admin,
    "account.withdraw": an_admin,
    "leaver.part": an_admin,
    "leaver.hand_over": an_admin,
    "account.reset_factors": any_of(an_admin, the_system),
    "practice.set_sign_in": an_admin,
    "mail.retry": an_admin,
    "mail.retry_all": an_admin,
    # one's own
    "own.revise": the_account_itself,
    "own.set_password": the_account_itself,
    "own.end_sessions": the_account_itself,
    # a company's own people
    "viewer.invite": a_sponsor_of_the_viewer,
    "viewer.invite_again": a_sponsor_of_the_viewer,
    "viewer.remove": a_sponsor_of_the_viewer,
    "own.accept_invitation": the_account_itself,
    "own.reset_password": the_account_itself,
    "own.ask_address": any_of(the_account_itself, an_admin),
    "own.confirm_address": the_account_itself,
    "own.stop_address": the_account_itself,
    "own.choose_mail": of_ones_account,
    "own.open_calendar": of_ones_account,
    "own.close_calendar": of_ones_account,
    "own.set_app": the_account_itself,
    "own.drop_app": the_account_itself,
    "own.add_passkey": the_account_itself,
    "own.name_passkey": the_account_itself,
    "own.drop_passkey": the_account_itself,
    "own.renew_codes": the_account_itself,
    "own.spend_code": the_account_itself,
}


BY_LINK = {"deliverable.accept", "deliverable.send_back", "rating.give", "decision.decide"}


def may(viewer: Viewer, verb: str, subject: Any) -> bool:
    if viewer.only and (verb not in BY_LINK or viewer.only != (subject.__tablename__, subject.id)):
        return False
    return MAY[verb](viewer, subject)
