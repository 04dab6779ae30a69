"""A sponsor lets a colleague look in; from the mail to the first screen, which begins with what is theirs."""

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from crm.areas.stakeholders.models import Commitment
from crm.clients.models import Contact, Department, DepartmentKind
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.engagements.scopes import AreaScope, Rag
from crm.meetings.models import Meeting, MeetingKind
from crm.practice.models import Practice
from tests.browser.test_doors import FIRST, newest_link
from tests.cast import TODAY


def promise(stage, what, department):
    moment = clock.now()
    stage.add(
        Commitment(client_id=1, area=Area.STK, what=what, to_contact_id=1, department=department, promised_on=TODAY,
                   due=TODAY + timedelta(9), visibility=Visibility.CLIENT, made_at=moment, changed_at=moment)
    )  # fmt: skip


def test_a_viewer_finds_their_department_first(live, page_of, company, stage):
    stage.execute(update(Practice).values(is_demo=True))
    stage.execute(
        update(AreaScope).where(AreaScope.engagement_id == 1).values(confirmed=Rag.GREEN, sentence="It runs.")
    )
    stage.add(Department(id=1, client_id=1, kind=DepartmentKind.FINANCE, name="Accounts"))
    promise(stage, "One invoice run instead of three", DepartmentKind.FINANCE)
    promise(stage, "A new gate for the yard", DepartmentKind.OPERATIONS)
    stage.add(Meeting(client_id=1, title="A day with the accounts", kind=MeetingKind.VISIT, on=TODAY + timedelta(2), changed_at=clock.now(),
                      visibility=Visibility.CLIENT))  # fmt: skip
    stage.commit()
    cora = page_of(company.cora)
    cora.goto("/portal/people")
    cora.get_by_label("Name").fill("Gwen Parry")
    cora.get_by_label("E-mail address").fill("gwen@client1.example")
    cora.get_by_label("Department").select_option("Accounts")
    cora.get_by_role("button", name="Send the invitation").click()
    cora.get_by_text("gwen@client1.example, Accounts. Invited").wait_for()

    gwen = page_of(phone=True)
    gwen.goto(newest_link(live, page_of(company.abe), "Your way in to Larkmoor"))
    gwen.get_by_label("New password").fill(FIRST)
    gwen.get_by_role("button", name="Set it and go in").click()
    gwen.wait_for_url("**/portal")
    heads = gwen.get_by_role("heading", level=2).all_inner_texts()
    assert heads[0] == "Promised to you and your department"
    first = gwen.locator(".portal-ours")
    expect(first.get_by_role("link", name="One invoice run instead of three")).to_be_visible()
    expect(first.get_by_text("A day with the accounts")).to_be_visible()
    expect(gwen.get_by_text("A new gate for the yard")).to_have_count(0)  # what was promised to others is not theirs
    top, below = first.bounding_box(), gwen.get_by_role("heading", name="Where we stand").bounding_box()
    assert top["y"] + top["height"] < min(844, below["y"]), "their own stands on the first screen of a phone"
    assert gwen.evaluate("document.documentElement.scrollWidth") <= 390
    first.get_by_role("link", name="One invoice run instead of three").click()
    gwen.get_by_role("heading", level=1, name="One invoice run instead of three").wait_for()

    cora.reload()
    cora.get_by_role("button", name=re.compile("Remove.*Gwen Parry")).click()
    cora.get_by_text("gwen@client1.example").wait_for(state="detached")
    gwen.goto("/portal")
    assert "/sign-in" in gwen.url, "whoever is removed is out at once"
    stage.expire_all()
    assert stage.query(Contact).filter_by(email="gwen@client1.example").one().department_id == 1
