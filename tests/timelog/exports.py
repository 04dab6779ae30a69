"""Exports as the tools write them, made here: one entry each by default, of Ben for Northwind."""

import csv
import io
from datetime import date, timedelta

from tests.cast import TODAY

DAY = TODAY - timedelta(days=7)
HARVEST = ("Date", "Client", "Project", "Project Code", "Task", "Notes", "Hours", "Billable?", "Invoiced?", "Approved?", "First Name",
           "Last Name", "Employee Id", "Roles", "Employee?", "Billable Rate", "Currency", "External Reference URL")  # fmt: skip
TOGGL = ("User", "Email", "Client", "Project", "Task", "Description", "Billable", "Start date", "Start time", "End date", "End time",
         "Duration", "Tags", "Amount (EUR)")  # fmt: skip
CLOCKIFY = ("Project", "Client", "Description", "Task", "User", "Group", "Email", "Tags", "Type", "Billable", "Invoiced", "Start Date",
            "Start Time", "End Date", "End Time", "Duration (h)", "Duration (decimal)", "Billable Rate (USD)")  # fmt: skip
SOLIDTIME = ("description", "billable", "client", "project", "tags", "start", "end", "task", "user_name", "user_email")
GENERIC = ("date", "hours", "person", "email", "client", "project", "task", "notes", "billable")
KIMAI = ("Date", "From", "To", "Duration", "Currency", "Price", "Internal price", "Hourly price", "Fixed price", "Name", "User", "E-mail",
         "Staff number", "Customer", "Project", "Activity", "Description", "Billable", "Tags", "Type", "category", "Account", "Project number",
         "VAT-ID", "Order number")  # fmt: skip
KIMAI_IN_GERMAN = ("Datum", "Von", "Bis", "Dauer", "Währung", "Preis", "Interner Preis", "Stundenlohn", "Festpreis", "Name", "Benutzer",
                   "E-Mail", "Personalnummer", "Kunde", "Projekt", "Tätigkeit", "Beschreibung", "Abrechenbar", "Schlagworte", "Typ",
                   "Kategorie", "Konto", "Projektnummer", "USt-IdNr.", "Bestellnummer")  # fmt: skip


def table(heads, *rows, delimiter=",", encoding="utf-8", title="", newline="\r\n"):
    """A file with these heads; each row is a mapping, and what it does not say is empty."""
    out = io.StringIO()
    out.write(title)
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(heads)
    writer.writerows([row.get(head, "") for head in heads] for row in rows)
    return out.getvalue().encode(encoding)


def harvest_row(day: date = DAY, hours="1.5", **more):
    return {"Date": day.isoformat(), "Client": "Northwind", "Project": "CIO", "Task": "Security", "Notes": "Board call", "Hours": hours,
            "Billable?": "Yes", "First Name": "Ben", "Last Name": "", **more}  # fmt: skip


def harvest(*rows, heads=HARVEST, **how):
    return table(heads, *(rows or [harvest_row()]), **how)


def toggl_row(day: date = DAY, **more):
    return {"User": "Ben", "Email": "ben@larkmoor.example", "Client": "Northwind", "Project": "CIO", "Task": "Security",
            "Description": "Board call", "Billable": "Yes", "Start date": day.isoformat(), "Start time": "09:00:00",
            "End date": day.isoformat(), "End time": "10:30:00", "Duration": "01:30:00", **more}  # fmt: skip


def toggl(*rows, heads=TOGGL, **how):
    return table(heads, *(rows or [toggl_row()]), **how)


def clockify_row(day: date = DAY, **more):
    return {"User": "Ben", "Email": "ben@larkmoor.example", "Client": "Northwind", "Project": "CIO", "Task": "Security",
            "Description": "Board call", "Billable": "Yes", "Start Date": f"{day:%m/%d/%Y}", "Start Time": "09:00:00 AM",
            "End Date": f"{day:%m/%d/%Y}", "End Time": "10:30:00 AM", "Duration (h)": "01:30:00", "Duration (decimal)": "1.50",
            **more}  # fmt: skip


def clockify(*rows, heads=CLOCKIFY, **how):
    return table(heads, *(rows or [clockify_row()]), **how)


def solidtime_row(day: date = DAY, **more):
    return {"description": "Board call", "billable": "true", "client": "Northwind", "project": "CIO", "task": "Security",
            "start": f"{day}T09:00:00Z", "end": f"{day}T10:30:00Z", "user_name": "Ben", "user_email": "ben@larkmoor.example", **more}  # fmt: skip


def solidtime(*rows, heads=SOLIDTIME, **how):
    return table(heads, *(rows or [solidtime_row()]), **how)


def generic_row(day: date = DAY, **more):
    return {"date": day.isoformat(), "hours": "1.5", "person": "Ben", "email": "ben@larkmoor.example", "client": "Northwind", "project": "CIO",
            "task": "Security", "notes": "Board call", "billable": "yes", **more}  # fmt: skip


def generic(*rows, heads=GENERIC, **how):
    return table(heads, *(rows or [generic_row()]), **how)


def kimai_row(day: date = DAY, **more):
    return {"Date": day.isoformat(), "From": "09:00", "To": "10:30", "Duration": "1:30", "Price": "150", "Name": "Ben", "User": "ben.o",
            "Customer": "Northwind", "Project": "CIO", "Activity": "Security", "Description": "Board call", "Billable": "Yes", "Type": "timesheet",
            "category": "work", "Account": "C-17", **more}  # fmt: skip


def kimai(*rows, heads=KIMAI, **how):
    """`heads` may be those of another language, in the same order."""
    told = dict(zip(KIMAI, heads, strict=False)) if len(heads) == len(KIMAI) else {head: head for head in heads}
    return table(
        heads,
        *({told[name]: text for name, text in row.items() if name in told} for row in rows or [kimai_row()]),
        **how,
    )
