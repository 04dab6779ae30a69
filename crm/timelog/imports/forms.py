"""What is asked on the way from a file to time: the file, the order of its dates, the meaning of its names."""

from collections.abc import Sequence
from functools import partial

from flask_wtf.file import FileField

from crm.core.forms import Asked, Choice, Form, Line, Several
from crm.core.words import day as full_day
from crm.timelog.imports.cells import moment
from crm.timelog.imports.files import NAMES
from crm.timelog.imports.models import DayOrder, ImportName, MappedKind, NotesFor, Source
from crm.timelog.imports.names import ALLOWED, Meanings

SOURCES = [(source.value, name[0].upper() + name[1:]) for source, name in NAMES.items()]


class UploadForm(Form):
    file = FileField("File", validators=[Asked("Choose the file that the other tool exported")])
    source = Choice("Which tool wrote it", SOURCES, kind=Source, blank="Tell by its header")


class OrderForm(Form):
    order = Choice(
        "Which comes first", [(DayOrder.DAY_FIRST.value, "The day"), (DayOrder.MONTH_FIRST.value, "The month")],
        kind=DayOrder, ask="Choose whether the day or the month comes first",
    )  # fmt: skip

    def tell(self, example: str) -> None:
        """Beside each answer what the date of the file would be then; an import that kept no date shows none."""
        if not example:
            return
        self.order.choices = [
            (value, f"{text}: {full_day(moment(example, DayOrder(value)).day)}") for value, text in self.order.choices
        ]


class UndoForm(Form):
    reason = Line("Why it is undone", ask="Say why, in 10 characters or more", at_most=500)


class TieForm(Form):
    real = Choice("Who it is", ask="Choose who it is")


class NamesForm(Form):
    """What each name of the file means, who reads its notes, and why some of it lies outside the agreed dates."""

    people = Several("People", str)
    projects = Several("Projects", str)
    tasks = Several("Tasks", str)
    notes_for = Choice(
        "Who may read the notes",
        [(NotesFor.INTERNAL.value, "The practice alone"), (NotesFor.CLIENT.value, "The client’s sponsors too")],
        kind=NotesFor, ask="Choose who may read the notes",
    )  # fmt: skip
    reason = Line("Why some of it lies outside the agreed dates", at_most=500)

    @property
    def by_kind(self) -> dict[MappedKind, Several]:
        return {MappedKind.PERSON: self.people, MappedKind.PROJECT: self.projects, MappedKind.TASK: self.tasks}

    def ask_of(self, names: Sequence[ImportName], meanings: Meanings) -> None:
        for kind, field in self.by_kind.items():
            field.of((str(name.id), called(name)) for name in names if name.kind is kind)
            field.parser = partial(_target, meanings, kind)

    @property
    def said(self) -> dict[int, str]:
        return {key: text for field in self.by_kind.values() for key, text in field.data.items()}

    def leave_open(self, names: Sequence[ImportName]) -> None:
        """Names without a meaning: said beside each of them."""
        for name in names:
            chosen = name.kind is MappedKind.TASK
            self.by_kind[name.kind].faults[name.id] = (
                "Choose an area, or leave these rows out" if chosen else ALLOWED[name.kind]
            )


def _target(meanings: Meanings, kind: MappedKind, text: str) -> str:
    return meanings.of(kind, text).target


def called(name: ImportName) -> str:
    """A name as the other tool has it."""
    words = ", ".join(part for part in name.parts if part)
    return (
        words
        or {MappedKind.PERSON: "Nobody is named", MappedKind.PROJECT: "No project", MappedKind.TASK: "No task"}[
            name.kind
        ]
    )
