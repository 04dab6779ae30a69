"""What is measured: the main pages, whom they are for, and the rows of the data set they are opened with."""

import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from secrets import token_hex
from urllib.parse import urlencode

from sqlalchemy import text


@dataclass(frozen=True)
class Page:
    """One page: its name in the table, who opens it, where, and whether its window is the same at every scale."""

    name: str
    who: str
    path: str
    same_window: bool = False


PAGES = (
    Page("today", "consultant", "/today", same_window=True),
    Page("practice", "partner", "/practice"),
    Page("clients", "partner", "/clients"),
    Page("clients 10", "partner", "/clients?page=10"),
    Page("client", "consultant", "/clients/{client}", same_window=True),
    Page("engagements", "partner", "/engagements"),
    Page("engagement", "consultant", "/engagements/{engagement}", same_window=True),
    Page("retainer's months", "consultant", "/engagements/{engagement}/time", same_window=True),
    Page("area", "consultant", "/engagements/{engagement}/areas/vendors", same_window=True),
    Page("area of data", "consultant", "/engagements/{engagement}/areas/data", same_window=True),
    Page("review run", "consultant", "/engagements/{engagement}/review", same_window=True),
    Page("areas as JSON", "consultant", "/engagements/{engagement}/areas.json", same_window=True),
    Page("register", "consultant", "/clients/{client}/areas/strategy/objectives/", same_window=True),
    Page("contracts", "consultant", "/clients/{client}/areas/vendors/contracts/", same_window=True),
    Page("signals", "consultant", "/clients/{client}/areas/data/signals/forecast", same_window=True),
    Page("departments", "consultant", "/clients/{client}/departments", same_window=True),
    Page("a department", "consultant", "/clients/{client}/departments/sales", same_window=True),
    Page("renewals", "partner", "/renewals"),
    Page("own renewals", "consultant", "/renewals"),
    Page("deliverables", "partner", "/deliverables"),
    Page("deliverables 50", "partner", "/deliverables/all?page=50"),
    Page("deliverables 1", "partner", "/deliverables/all?page=1"),
    Page("deliverable", "consultant", "/deliverables/{deliverable}", same_window=True),
    Page("time", "consultant", "/time", same_window=True),
    Page("week grid", "consultant", "/time/grid", same_window=True),
    Page("month to close", "partner", "/time/periods/{month}"),
    Page("workload", "partner", "/workload"),
    Page("utilisation", "partner", "/workload/utilisation", same_window=True),
    Page("logged against planned", "partner", "/workload/logged", same_window=True),
    Page("people", "partner", "/people"),
    Page("person", "partner", "/people/{person}", same_window=True),
    Page("search", "partner", "/search?q=joinery"),
    Page("portal", "sponsor", "/portal", same_window=True),
    Page("portal days", "sponsor", "/portal/time", same_window=True),
    Page("statement of a year", "sponsor", "/portal/time/{last_year}", same_window=True),
    Page("portal deliverable", "sponsor", "/portal/deliverables/{submitted}", same_window=True),
)


def rows_of(connection):
    """The accounts that sign in and the rows that the pages are opened with: those of the consultant who is shown."""
    accounts = connection.execute(
        text(
            "SELECT a.id, a.email, s.role, s.person_id, s.contact_id, s.client_id FROM account a JOIN standing s ON s.account_id = a.id ORDER BY a.id LIMIT 7"
        )
    ).all()
    who = {}
    for one in accounts:
        who.setdefault(one.role, one)
    mine = connection.execute(
        text("SELECT e.id, e.client_id, e.number FROM engagement e JOIN assignment a ON a.engagement_id = e.id WHERE a.person_id = :me AND a.role = 'lead'"
             " AND e.client_id = :theirs AND e.state = 'active' ORDER BY e.id DESC LIMIT 1"),
        {"me": who["consultant"].person_id, "theirs": who["sponsor"].client_id},
    ).one()  # fmt: skip
    papers = text(
        "SELECT id FROM deliverable WHERE engagement_id = :one AND state = 'accepted' ORDER BY due DESC LIMIT 1"
    )
    paper = connection.scalar(papers, {"one": mine.id})
    return who, {
        "engagement": mine.id,
        "code": f"ENG-{mine.number:03}",
        "client": mine.client_id,
        "deliverable": paper,
        "submitted": paper,
        "person": who["consultant"].person_id,
        "month": f"{date.today():%Y-%m}",
        "last_year": date.today().year - 1,
    }


class Asked(HTMLParser):
    """The fields of the form with one id, as a browser would send them untouched, and where it posts to."""

    def __init__(self, name):
        super().__init__()
        self.name, self.action, self.inside, self.fields, self.select = name, "", False, {}, ""

    def handle_starttag(self, tag, given):
        said = dict(given)
        if tag == "form":
            self.inside = said.get("id") == self.name
            self.action = said.get("action", "") if self.inside else self.action
        elif self.inside and tag == "input" and said.get("name"):
            if said.get("type") in {"radio", "checkbox"}:
                if "checked" in said or said["name"] not in self.fields:
                    self.fields[said["name"]] = said.get("value", "")
            else:
                self.fields[said["name"]] = said.get("value") or ""
        elif self.inside and tag == "select":
            self.select = said.get("name", "")
        elif self.inside and tag == "option" and self.select and "selected" in said:
            self.fields[self.select] = said.get("value", "")


def log_form(engagement, html):
    """The log line of Today, filled in: half an hour for one engagement; the once-key is new each time."""
    form = Asked("log")
    form.feed(html)
    if "csrf_token" not in form.fields:
        raise RuntimeError("Today has no form that logs time")
    fields = form.fields | {"work": str(engagement), "other": "", "duration": "1m"}  # a day has 24 hours
    return lambda: ("POST", form.action, urlencode(fields | {"once": token_hex(8)}), 303)


def line_form(code, html):
    """The same in one line of text."""
    form = Asked("typed")
    form.feed(html)
    if "csrf_token" not in form.fields:
        raise RuntimeError("Today has no line that logs time")
    fields = form.fields | {"line": f"1m {code} call"}
    return lambda: ("POST", form.action, urlencode(fields | {"once": token_hex(8)}), 303)


def token_of(html):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    return found[1] if found else ""
