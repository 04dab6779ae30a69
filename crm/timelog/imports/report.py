"""The bad rows of a file as a table that can be downloaded, worked through and put right."""

from typing import Any

HEADINGS = ("Line", "Reason", "Date", "Time", "Person", "Mail", "Client", "Project", "Task", "Notes")


def cells_of(row: Any) -> tuple[Any, ...]:
    person, mail = row.person.split("\t")
    client, project = row.project.split("\t")
    return row.line, row.reason, row.date_text, row.time_text, person, mail, client, project, row.task, row.note
