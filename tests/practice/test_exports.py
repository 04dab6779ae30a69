"""Lists of the house as files: what they show, with the filters that they show it by."""

import csv
import io

import pytest
from sqlalchemy import select

from crm.areas.across.models import RaidItem, RaidType
from crm.audit.models import Opened, Opening
from crm.clients.models import Activity, ActivityKind
from crm.core import clock
from crm.core.ownership import Visibility
from crm.invoices.expenses.models import Expense, ExpenseCategory
from crm.invoices.models import Invoice, InvoiceKind, InvoiceState
from crm.library.models import OwnTemplate
from crm.meetings.models import Meeting, MeetingKind, MeetingState
from crm.outbox.models import Notice, Outbox
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY
from tests.html import faults

ON = {"client_id": 1, "engagement_id": 1}
LISTS = {  # page, file, the search that leaves one row, what stands in that row; and who reads it, where that is not Ben
    "time": ("/time/mine", "/time/mine/list.csv", "q=board", {"Engagement": "ENG-001", "Area": "Security", "Note for the client": "Board call", "Internal note": "Long", "Hours": "1.50"}),
    "expenses": ("/expenses", "/expenses/list.csv", "q=train", {"Client": "Northwind", "Who": "Ben", "Amount": "45.50", "State": "Waiting", "Note": "A train"}),
    "templates": ("/library/own", "/library/own.csv", "q=board", {"Template": "Board pack", "Days": "2.00", "Archived": ""}),
    "meetings": ("/clients/1/meetings/", "/clients/1/meetings/list.csv", "q=board", {"Meeting": "Board day", "Where": "Leeds"}),
    "activity": ("/clients/1/activity", "/clients/1/activity.csv", "q=board", {"What": "'=Board", "Kind": "Call", "Engagement": "ENG-001", "The client may read it": "no"}),
    "accounts": ("/settings/accounts", "/settings/accounts.csv", "q=cora", {"Name": "Cora", "Stands for": "Sponsor, Northwind", "State": "Open"}, "abe"),
    "risks": ("/clients/1/risks", "/clients/1/risks/list.csv", "q=board", {"Risk or issue": "'=Board leaks", "Area": "Security", "Score": "12", "Shared with the client": "no"}),
    "notices": ("/notices", "/notices/list.csv", "kind=review", {"About": "Reviews of areas", "Notice": "'=Board", "Read": "no"}, "cora"),
    "mail": ("/settings/mail", "/settings/mail/waiting.csv", "q=board", {"To": "board@northwind.example", "State": "Given up", "What happened": "'=refused"}, "abe"),
    "what we did": ("/portal/timeline", "/portal/timeline/list.csv", "q=told", {"Kind": "Call", "What": "'=Told", "With": "Ben"}, "cora"),
    "who saw it": ("/portal/opened", "/portal/opened/list.csv", "q=board", {"Opened": "'=Board", "Kind": "Documents", "Who": "Cora", "Of": "Northwind"}, "cora"),
    "minutes": ("/portal/meetings", "/portal/meetings/list.csv", "q=told", {"Meeting": "Told day", "Where": "Leeds"}, "cora"),
}  # fmt: skip


@pytest.fixture
def two_of_each(stage, cast):
    """Two rows in each list: one that the search finds, and one that it does not."""
    at = clock.now()
    for text in ("oard", "other"):
        of_board = text == "oard"
        word = "Board" if of_board else "Other"
        stage.add(
            entry := TimeEntry(
                person_id=2, worked_on=TODAY, minutes=90, area="SEC", client_note=f"{word} call", logged_at=at, **ON
            )
        )
        stage.flush()
        stage.add(TimeNote(person_id=2, entry_id=entry.id, body="Long", **ON))
        stage.add(
            Expense(
                person_id=2,
                spent_on=TODAY,
                category=next(iter(ExpenseCategory)),
                amount=4550,
                note="A train" if of_board else "Other",
                made_at=at,
                **ON,
            )
        )
        stage.add(OwnTemplate(area="SEC", name=f"{word} pack", days=2, cadence="monthly", author_id=2))
        stage.add(_meeting(word, at))
        _for_the_client(stage, word, at)
        stage.add(
            Outbox(
                key=word,
                topic="x",
                payload={},
                made_at=at,
                due_at=at,
                dead_at=at,
                error="=refused",
                recipient=f"{word.lower()}@northwind.example",
            )
        )
        stage.add(
            RaidItem(
                area="SEC",
                title=f"={word} leaks",
                type=RaidType.RISK,
                likelihood=3,
                impact=4,
                owner_person_id=2,
                client_id=1,
                made_at=at,
                changed_at=at,
            )
        )
        stage.add(
            Activity(
                kind=ActivityKind.CALL,
                happened_on=TODAY,
                title=f"={word}",
                person_id=2,
                written_at=at,
                visibility=Visibility.TEAM,
                **ON,
            )
        )
    stage.commit()  # fmt: skip


def _meeting(word, at, **more):
    kind = next(iter(MeetingKind))
    return Meeting(
        client_id=1, title=f"{word} day", kind=kind, on=TODAY, place="Leeds", made_by_id=2, changed_at=at, **more
    )  # fmt: skip


def _for_the_client(stage, word, at):
    told = "Told" if word == "Board" else "Silent"
    stage.add(_meeting(told, at, state=MeetingState.SHARED, shared_at=at, visibility=Visibility.CLIENT))
    stage.add(
        Activity(
            kind=ActivityKind.CALL,
            happened_on=TODAY,
            title=f"={told}",
            person_id=2,
            written_at=at,
            visibility=Visibility.CLIENT,
            **ON,
        )
    )
    stage.add(Opening(at=at, kind=Opened.VERSION, title=f"={word}", contact_id=1, **ON))
    kind = "review" if word == "Board" else "other"
    stage.add(
        Notice(
            contact_id=1,
            client_id=1,
            kind=kind,
            topic="x",
            payload={},
            subject=f"={word}",
            path="/portal",
            about="engagement",
            about_id=1,
            at=at,
        )
    )


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_taken_along_as_it_is_shown(name, two_of_each, sign_in, cast, statements):
    page, file, search, wanted, *who = LISTS[name]
    browser = sign_in(getattr(cast, who[0] if who else "ben"))
    shown = browser.get(f"{page}?{search}")
    assert f'href="{file}?{search}"' in shown.text
    assert f'href="{file}?{search}&amp;as=xlsx"' in shown.text
    assert faults(shown.text) == []
    with statements() as seen:
        answer = browser.get(f"{file}?{search}")
    assert len(seen) <= 12
    (row,) = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert row | wanted == row
    assert len(list(csv.DictReader(io.StringIO(browser.get(file).text.lstrip("\ufeff"))))) > 1
    assert browser.get(f"{file}?as=xlsx").mimetype.endswith("sheet")


def test_a_notice_says_no_more_than_its_list(two_of_each, sign_in, cast, stage):
    """What it was about may be out of one's sight since."""
    for one in stage.scalars(select(Notice)):
        one.about_id = 2
    stage.commit()
    text = sign_in(cast.cora).get("/notices/list.csv").text
    assert "Board" not in text
    assert text.count("About something that you may no longer see") == 2


def test_the_client_takes_its_invoices_along(sign_in, cast, stage):
    """Those that were issued to it; a credit note takes off."""
    sums = {"net": 10000, "tax": 2050, "total": 12050, "made_at": clock.now(), **ON}
    issued = {"issued_on": TODAY, "due_on": TODAY, "state": InvoiceState.ISSUED, "visibility": Visibility.CLIENT}
    stage.add_all([Invoice(id=1, number="=1", **sums, **issued), Invoice(id=3, **sums)])
    stage.flush()
    stage.add(Invoice(id=2, number="2", kind=InvoiceKind.CREDIT_NOTE, credits_id=1, **sums, **issued))
    stage.commit()
    cora = sign_in(cast.cora)
    assert 'href="/portal/invoices/list.csv?"' in cora.get("/portal/invoices").text
    rows = {
        one["Number"]: one
        for one in csv.DictReader(io.StringIO(cora.get("/portal/invoices/list.csv").text.lstrip("\ufeff")))
    }
    assert set(rows) == {"'=1", "2"}
    assert [rows["'=1"][name] for name in ("Net", "Tax", "Sum", "Still to be paid", "State")] == [
        "100",
        "20.50",
        "120.50",
        "120.50",
        "To be paid",
    ]
    assert [rows["2"][name] for name in ("Kind", "Sum", "Still to be paid", "State")] == [
        "Credit note",
        "-120.50",
        "0",
        "Credited",
    ]
    assert sign_in(cast.vic).get("/portal/invoices/list.csv").status_code == 403
