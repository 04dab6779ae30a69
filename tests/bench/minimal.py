"""The measure: a minimal Flask + SQLAlchemy application that does the same jobs on the same data.

Session, user, CSRF token, one insert and a redirect; fifty rows in a page; the quarter of everybody by week. No
permissions, no trail, no notices, no once-keys: what the product adds is what the comparison shows.
"""

import os
from datetime import date, datetime, timedelta, timezone

import holidays
from flask import Flask, redirect, render_template_string, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
)

URL = os.environ["BENCH_DATABASE_URL"]
app = Flask(__name__)
app.config.update(SECRET_KEY="bench-only-bench-only-bench-only", WTF_CSRF_TIME_LIMIT=None)
CSRFProtect(app)
engine = create_engine(URL, pool_size=4)
meta = MetaData()


def table(name, /, **columns):
    return Table(name, meta, *(Column(key, kind) for key, kind in columns.items()))


account = table("account", id=Integer, email=String, name=String, active=Boolean)
entry = table("time_entry", person_id=Integer, worked_on=Date, minutes=Integer, kind=String, area=String, engagement_id=Integer,
              client_id=Integer, client_note=String, outside=Boolean, logged_at=DateTime, voided_at=DateTime, version=Integer)  # fmt: skip
deliverable = table("deliverable", id=Integer, number=Integer, title=String, state=String, due=Date, client_id=Integer)
client = table("client", id=Integer, name=String)
person = table("person", id=Integer, name=String, kind=String)
pattern = table("working_pattern", person_id=Integer, begins=Date, delivery_share=Integer, region=String,
                **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), Integer))  # fmt: skip
leave = table("leave", person_id=Integer, begins=Date, ends=Date, share=Integer, status=String)
assignment = table("assignment", person_id=Integer, begins=Date, ends=Date, days_a_month=Integer, status=String)
if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def settings(connection, record):
        connection.isolation_level = None
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if request.method == "POST" else "BEGIN")


ROWS = """<!doctype html><title>Deliverables</title><table>{% for row in rows %}<tr><td>DEL-{{ row.number }}</td><td>{{ row.title }}</td>
<td>{{ row.client }}</td><td>{{ row.state }}</td><td>{{ row.due }}</td></tr>{% endfor %}</table><p>{{ total }}</p>"""
FORM = """<!doctype html><title>Log</title><p>{{ name }}</p><form method="post"><input name="csrf_token" value="{{ token }}">
<input name="engagement"><input name="client"><input name="minutes"><button>Log</button></form>"""
WEEKS = """<!doctype html><title>Workload</title><table>{% for name, cells in rows %}<tr><th>{{ name }}</th>{% for planned, capacity, logged in cells %}
<td>{{ "%.1f"|format(planned) }} of {{ "%.1f"|format(capacity) }}, {{ logged }}</td>{% endfor %}</tr>{% endfor %}</table>"""


def whoever(connection):
    return connection.execute(select(account).where(account.c.id == session["account"], account.c.active)).one()


@app.get("/in/<int:account_id>")
def sign_in(account_id):
    session["account"] = account_id
    return generate_csrf()


@app.get("/rows")
def rows():
    page = int(request.args.get("page", 1))
    asked = (
        select(
            deliverable.c.number,
            deliverable.c.title,
            deliverable.c.state,
            deliverable.c.due,
            client.c.name.label("client"),
        )
        .join(client, client.c.id == deliverable.c.client_id)
        .order_by(deliverable.c.due, deliverable.c.id)
    )
    with engine.begin() as connection:
        whoever(connection)
        found = connection.execute(asked.limit(50).offset(50 * (page - 1))).all()
        total = connection.scalar(select(func.count()).select_from(deliverable))
    return render_template_string(ROWS, rows=found, total=total)


@app.get("/log")
def form():
    with engine.begin() as connection:
        name = whoever(connection).name
    return render_template_string(FORM, name=name, token=generate_csrf())


@app.post("/log")
def log():
    now = datetime.now(timezone.utc)  # noqa: UP017  as anybody writes it
    with engine.begin() as connection:
        whoever(connection)
        connection.execute(
            insert(entry).values(
                person_id=int(request.form["person"]), worked_on=now.date(), minutes=int(request.form["minutes"]), kind="billable",
                area="STR", engagement_id=int(request.form["engagement"]), client_id=int(request.form["client"]), client_note="",
                outside=False, logged_at=now, version=1,
            )
        )  # fmt: skip
    return redirect("/log", 303)


@app.get("/quarter")
def quarter():
    """F1 and F3 for everybody over 13 weeks, as plainly as it can be written, and the minutes logged."""
    today = date.today()
    monday = today - timedelta(days=today.weekday() + 28)
    weeks = [monday + timedelta(weeks=n) for n in range(13)]
    first, last = monday.replace(day=1), (weeks[-1] + timedelta(days=6 + 31)).replace(day=1) - timedelta(days=1)
    free = holidays.country_holidays("GB", subdiv="ENG", years=(first.year, last.year))
    with engine.begin() as connection:
        whoever(connection)
        people = connection.execute(select(person, pattern).join(pattern, pattern.c.person_id == person.c.id)).all()
        leaves = connection.execute(
            select(leave).where(leave.c.status == "approved", leave.c.ends >= first, leave.c.begins <= last)
        ).all()
        serves = connection.execute(
            select(assignment).where(
                assignment.c.status == "confirmed", assignment.c.ends >= first, assignment.c.begins <= last
            )
        ).all()
        logged = connection.execute(
            select(entry.c.person_id, entry.c.worked_on, func.sum(entry.c.minutes))
            .where(entry.c.worked_on >= monday, entry.c.worked_on <= weeks[-1], entry.c.voided_at.is_(None))
            .group_by(entry.c.person_id, entry.c.worked_on)
        ).all()
    away, mine, done = {}, {}, {}
    for one in leaves:
        for n in range((one.ends - one.begins).days + 1):
            away[one.person_id, one.begins + timedelta(days=n)] = one.share
    for one in serves:
        mine.setdefault(one.person_id, []).append(one)
    for who, day, minutes in logged:
        week = day - timedelta(days=day.weekday())
        done[who, week] = done.get((who, week), 0) + minutes
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    table_rows = []
    for one in people:
        share = (one.mon, one.tue, one.wed, one.thu, one.fri, one.sat, one.sun)
        net = {
            day: 0.0 if day in free else share[day.weekday()] / 100 * (100 - away.get((one.id, day), 0)) / 100
            for day in days
        }
        months = {}
        for day, part in net.items():
            months[day.year, day.month] = months.get((day.year, day.month), 0.0) + part
        cells = []
        for week in weeks:
            span = [week + timedelta(days=n) for n in range(7)]
            planned = sum(
                place.days_a_month / 100 * net[day] / months[day.year, day.month]
                for place in mine.get(one.id, ())
                for day in span
                if place.begins <= day <= place.ends and months[day.year, day.month]
            )
            cells.append(
                (planned, sum(net[day] for day in span) * one.delivery_share / 100, done.get((one.id, week), 0))
            )
        table_rows.append((one.name, cells))
    return render_template_string(WEEKS, rows=table_rows)
