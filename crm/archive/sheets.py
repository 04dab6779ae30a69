"""What goes into the archive of a client: tables of rows, each read in pieces through the eyes of whoever takes it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.areas.catalogue import registers
from crm.audit.models import Opening
from crm.clients.models import Activity, Contact, Department
from crm.closing.models import Statement
from crm.core.db import db
from crm.core.forms import plain_sum
from crm.core.twelve import OF
from crm.core.words import cell, decimals, iso
from crm.deliverables.models import Deliverable
from crm.deliverables.talk.models import Comment
from crm.deliverables.versions import DeliverableVersion, Rating, SignOff, VersionComment
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope
from crm.engagements.states import MODEL_WORDS
from crm.files.models import StoredFile
from crm.invoices.models import Invoice
from crm.invoices.queries import issued_invoices
from crm.meetings.models import AgendaItem, Meeting
from crm.registers.queries import rows_of
from crm.registers.register import Register
from crm.retainers.formulas import in_days
from crm.reviews.models import Review
from crm.timelog.models import TimeEntry

PIECE = 200  # rows in memory at once
UNPACKABLE = re.compile(r'[<>:"/\\|?*]')
STANDS = {"green": "On track", "amber": "Watch", "red": "Needs action"}


@dataclass(frozen=True)
class Sheet:
    """One table: its file, its title, and what a row of it tells, under which heading."""

    name: str
    title: str
    tells: Mapping[str, Callable[[Any], Any]]
    query: Select[Any]
    key: Any

    def rows(self) -> Iterator[list[Any]]:
        for one in pieces(self.query, self.key):
            yield [say(one) for say in self.tells.values()]


def pieces(query: Select[Any], key: Any) -> Iterator[Any]:
    """The rows by their key, a piece at a time: a client of many years fits into the same memory as a new one."""
    last = 0
    while True:
        found = db.session.scalars(query.where(key > last).order_by(key).limit(PIECE)).unique().all()
        yield from found
        if len(found) < PIECE:
            return
        last = found[-1].id


def typed(value: Any) -> Any:
    """For machines: words as they are kept, days in ISO, exact figures as text, nothing as null."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [typed(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value if value != "" else None


def told(value: Any) -> str:
    """For people and spreadsheets."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return "" if value in (None, "", []) else cell(value, iso)


def _name(one: Any) -> str:
    return one.name if one else ""


def _area(one: Any) -> str:
    return OF[one.area].plain if one.area else ""


def sheets(client_id: int) -> list[Sheet]:
    """In the order in which somebody would look."""
    return [
        *_agreed(client_id), _reviews(client_id), *_documents(client_id), *_answers(client_id), _files(client_id), *_talks(client_id),
        *_time(client_id), _invoices(client_id),
        *(_register(register, client_id) for _, register in registers()),
        _opened(client_id),
    ]  # fmt: skip


def _agreed(client_id: int) -> list[Sheet]:
    E, S = Engagement, AreaScope  # noqa: N806
    return [
        Sheet("agreements", "What is agreed", {
            "Reference": lambda one: one.code, "Title": lambda one: one.title, "Kind": lambda one: MODEL_WORDS[one.model],
            "State": lambda one: one.state, "From": lambda one: one.starts, "To": lambda one: one.ends, "Days a month": lambda one: one.days_a_month,
        }, select(E).where(E.client_id == client_id), E.id),
        Sheet("areas", "How your twelve areas stand", {
            "Agreement": lambda one: one.engagement.code, "Area": _area, "In our care": lambda one: one.is_in,
            "Stands": lambda one: STANDS[one.confirmed.value] if one.confirmed else "", "What we say": lambda one: one.sentence,
            "What we need": lambda one: one.ask, "By": lambda one: one.ask_by, "Looked at on": lambda one: one.reviewed_on,
            "How strong, 0 to 5": lambda one: one.maturity, "Where we want to be": lambda one: one.target,
        }, select(S).where(S.client_id == client_id).options(joinedload(S.engagement)), S.id),
        Sheet("departments", "Departments", {"Name": lambda one: one.name, "People": lambda one: one.people},
              select(Department).where(Department.client_id == client_id, Department.archived_at.is_(None)), Department.id),
        Sheet("people", "Your people", {
            "Name": lambda one: one.name, "Role": lambda one: one.role, "Mail": lambda one: one.email, "Telephone": lambda one: one.phone,
        }, select(Contact).where(Contact.client_id == client_id, Contact.archived_at.is_(None)), Contact.id),
    ]  # fmt: skip


def _reviews(client_id: int) -> Sheet:
    R = Review  # noqa: N806
    return Sheet("reviews", "What we said of each area, and when", {
        "Published": lambda one: one.published_on, "Area": _area, "Stands": lambda one: STANDS[one.rag.value],
        "Direction": lambda one: one.trend, "What we said": lambda one: one.sentence, "What we asked": lambda one: one.ask,
        "Of": lambda one: one.ask_of, "By": lambda one: one.ask_by, "Who": lambda one: one.author.name,
    }, select(R).where(R.client_id == client_id, R.published_on.is_not(None)).options(joinedload(R.author)), R.id)  # fmt: skip


def papers(client_id: int) -> Select[Any]:
    """The documents that were given to the client, each with its versions."""
    V = DeliverableVersion  # noqa: N806
    people = [joinedload(one) for one in (V.submitted_by, V.decided_by, V.recorded_by)]
    versions = selectinload(Deliverable.versions).options(
        *people, selectinload(V.criteria), selectinload(V.attached), _points_of(V.comments)
    )
    return select(Deliverable).where(Deliverable.client_id == client_id).options(versions)


def _points_of(comments: Any) -> Any:
    """What the client said against each point, with the point and who."""
    C = VersionComment  # noqa: N806
    return selectinload(comments).options(joinedload(C.criterion), joinedload(C.contact))


def _title(owed: Deliverable) -> str:
    """As it was called when the client was given it: what is written since is not theirs to read yet."""
    return owed.current.title if owed.current and owed.current.title else owed.title


def _stage(owed: Deliverable) -> Any:
    return owed.current.state if owed.current else owed.state


def _documents(client_id: int) -> list[Sheet]:
    D, V = Deliverable, DeliverableVersion  # noqa: N806
    given = select(V).where(V.client_id == client_id, V.submitted_at.is_not(None))
    return [
        Sheet("documents", "Documents", {
            "Reference": lambda one: one.code, "Title": _title, "Area": _area, "Stage": _stage, "Signed off": lambda one: one.accepted_on,
        }, papers(client_id), D.id),
        Sheet("versions", "Versions of documents and your answers", {
            "Document": lambda one: one.deliverable.code, "Version": lambda one: one.number, "Title": lambda one: one.title,
            "Stage": lambda one: one.state, "Sent": lambda one: one.submitted_at, "By": lambda one: _name(one.submitted_by),
            "Answered": lambda one: one.decided_at, "Answered by": lambda one: _name(one.decided_by),
            "On behalf": lambda one: one.on_behalf, "Counted as a yes": lambda one: one.deemed, "Remark": lambda one: one.remark,
            "What changed": lambda one: one.changes, "SHA-256": lambda one: one.digest, "Text": lambda one: one.text,
        }, given.options(joinedload(V.deliverable), joinedload(V.submitted_by), joinedload(V.decided_by)), V.id),
    ]  # fmt: skip


def _answers(client_id: int) -> list[Sheet]:
    """What stands up in a dispute: every answer with whose and from where, what was thought of it, and what was said."""
    S, R, C = SignOff, Rating, Comment  # noqa: N806
    of_answer, of_rating = (
        joinedload(one).joinedload(DeliverableVersion.deliverable) for one in (S.of_version, R.of_version)
    )
    return [
        Sheet("sign-offs", "Who answered what, and from where", {
            "Document": lambda one: one.of_version.deliverable.code, "Version": lambda one: one.of_version.number,
            "Whose answer": lambda one: one.sponsor.name, "Given by": lambda one: _name(one.by), "Written under it": lambda one: one.name,
            "Answer": lambda one: one.said, "Way": lambda one: one.how, "When": lambda one: one.at, "Time zone": lambda one: one.zone,
            "From address": lambda one: one.address, "Counted as a yes because": lambda one: one.basis, "SHA-256": lambda one: one.digest,
        }, select(S).where(S.client_id == client_id).options(of_answer, joinedload(S.sponsor), joinedload(S.by)), S.id),
        Sheet("ratings", "How useful the documents were to you", {
            "Document": lambda one: one.of_version.deliverable.code, "Version": lambda one: one.of_version.number,
            "Who": lambda one: one.contact.name, "From 1 to 5": lambda one: one.score, "In a sentence": lambda one: one.sentence,
            "When": lambda one: one.at,
        }, select(R).where(R.client_id == client_id).options(of_rating, joinedload(R.contact)), R.id),
        Sheet("comments", "What was said about documents", {
            "Document": lambda one: one.deliverable.code, "About version": lambda one: one.about, "Who": lambda one: one.author,
            "What": lambda one: one.body, "When": lambda one: one.at, "Changed": lambda one: one.edited_at, "Withdrawn": lambda one: one.withdrawn_at,
        }, select(C).where(C.client_id == client_id).options(joinedload(C.deliverable), joinedload(C.person), joinedload(C.contact)), C.id),
    ]  # fmt: skip


def name_of(file: StoredFile) -> str:
    """What it is called in the archive, which has to unpack anywhere: some systems have no such letters in a name."""
    return f"{file.id}-{UNPACKABLE.sub('_', file.name)}"


def _files(client_id: int) -> Sheet:
    F = StoredFile  # noqa: N806
    return Sheet("files", "Files", {
        "File": name_of, "Bytes": lambda one: one.size, "SHA-256": lambda one: one.digest,
        "Added": lambda one: one.added_at,
    }, select(F).where(F.client_id == client_id), F.id)  # fmt: skip


def _talks(client_id: int) -> list[Sheet]:
    A, M, I = Activity, Meeting, AgendaItem  # noqa: N806, E741
    return [
        Sheet("talks", "What we did", {
            "Day": lambda one: one.happened_on, "Kind": lambda one: one.kind, "Title": lambda one: one.title,
            "Who": lambda one: one.person.name, "What": lambda one: one.body,
        }, select(A).where(A.client_id == client_id).options(joinedload(A.person)), A.id),
        Sheet("meetings", "Meetings", {
            "Number": lambda one: one.id, "Day": lambda one: one.on, "Title": lambda one: one.title, "Place": lambda one: one.place,
            "Cancelled because": lambda one: one.cancelled_because,
        }, select(M).where(M.client_id == client_id), M.id),
        Sheet("minutes", "Minutes of meetings", {
            "Meeting": lambda one: one.meeting_id, "Point": lambda one: one.title, "Minutes": lambda one: one.minutes,
        }, select(I).where(I.client_id == client_id), I.id),
    ]  # fmt: skip


def _time(client_id: int) -> list[Sheet]:
    """What stands on a statement: nothing of our own notes."""
    T, S = TimeEntry, Statement  # noqa: N806
    closed = select(S).where(S.client_id == client_id, S.replaced_at.is_(None)).options(joinedload(S.engagement))
    mine = select(T).where(T.client_id == client_id, T.engagement_id.is_not(None), T.voided_at.is_(None))
    return [Sheet("days", "Days used", {
        "Day": lambda one: one.worked_on, "Who": lambda one: one.person.name, "Agreement": lambda one: one.engagement.title if one.engagement else "",
        "Area": _area, "Days": lambda one: decimals(in_days(one.minutes)), "Charged": lambda one: one.kind == "billable",
        "What was done": lambda one: one.client_note,
    }, mine.options(joinedload(T.person), joinedload(T.engagement)), T.id),
    Sheet("months", "What each closed month came to, in days", {
        "Agreement": lambda one: one.engagement.code, "Month": lambda one: f"{one.month:%Y-%m}", "Agreed for the month": lambda one: one.granted,
        "From the month before": lambda one: one.rolled_in, "Used": lambda one: one.used, "Over what was available": lambda one: one.overage,
        "Of that charged": lambda one: one.billed, "Of that not charged": lambda one: one.absorbed,
        "Moves to the next month": lambda one: one.rolled_out, "Lapses": lambda one: one.lapsed,
    }, closed, S.id)]  # fmt: skip


def _invoices(client_id: int) -> Sheet:
    """As the sponsor's own page exports them, sums as plain figures; a credit note takes off."""

    def sum_of(name: str) -> Callable[[Any], str]:
        return lambda one: (
            f"{'-' if one.is_credit and name in {'net', 'tax', 'total'} else ''}{plain_sum(getattr(one, name))}"
        )

    return Sheet("invoices", "Invoices and credit notes", {
        "Number": lambda one: one.number, "Kind": lambda one: "Credit note" if one.is_credit else "Invoice",
        "For": lambda one: one.engagement.title, "Date": lambda one: one.issued_on, "To be paid by": lambda one: None if one.is_credit else one.due_on,
        "Net": sum_of("net"), "Tax": sum_of("tax"), "Sum": sum_of("total"), "Paid": sum_of("paid"), "Still to be paid": sum_of("owed"),
        "Currency": lambda one: one.currency, "State": lambda one: one.state,
    }, issued_invoices().where(Invoice.client_id == client_id), Invoice.id)  # fmt: skip


def _register(register: Register, client_id: int) -> Sheet:
    """A list as the client reads it: rows in use that are shared, and the columns that are told."""
    plain, sums = register.for_the_client, register.for_the_client.sums

    def of(name: str) -> Callable[[Any], Any]:
        def say(row: Any) -> Any:
            value = getattr(row, name)
            return plain_sum(value) if name in sums and value is not None else value

        return say

    tells = {text: of(name) for text, name in plain.columns.items()} | ({"Area": _area} if register.across else {})
    kept = rows_of(register, client_id).where(register.entry.archived_at.is_(None))
    return Sheet(f"list-{register.slug}", plain.title, tells, kept, register.entry.id)


def _opened(client_id: int) -> Sheet:
    O = Opening  # noqa: N806, E741
    return Sheet("opened", "Who has seen what", {
        "When": lambda one: one.at, "Who": lambda one: one.who, "Kind": lambda one: one.kind, "What": lambda one: one.title,
    }, select(O).where(O.client_id == client_id).options(joinedload(O.contact), joinedload(O.person)), O.id)  # fmt: skip
