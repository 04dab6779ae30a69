"""The bad rows of a file as a table that can be downloaded, worked through and put right."""

from typing import Any

from crm.core.lists import safe_cell

HEADINGS = ("Line", "Reason", "Date", "Time", "Person", "Mail", "Client", "Project", "Task", "Notes")


def cells_of(row: Any) -> list[str]:
    person, mail = row.person.split("\t")
    client, project = row.project.split("\t")
    cells = (row.line, row.reason, row.date_text, row.time_text, person, mail, client, project, row.task, row.note)
    return [safe_cell(cell) for cell in cells]
