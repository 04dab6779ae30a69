"""What is typed while an assessment runs: the run itself, and the answers on one area."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from wtforms import HiddenField
from wtforms.validators import StopValidation

from crm.core import inputs
from crm.core.clock import today
from crm.core.forms import Choice, Day, Form, Line, Prose
from crm.engagements.models import Engagement
from crm.maturity.models import Answer, Assessment, Given, Purpose
from crm.maturity.questions import Question, by_id

PURPOSE_WORDS = {
    Purpose.BASELINE: "Baseline",
    Purpose.DAY_90: "After 90 days",
    Purpose.YEARLY: "Yearly",
    Purpose.OTHER: "Something else",
}
NOT_APPLICABLE = "na"
NOTHING_YET = "0"  # what a form has seen of a question that nobody answered


class RunForm(Form):
    """A run that begins, or its name put right."""

    title = Line("What it is called", ask="Give it a name, like Baseline", at_most=100)
    purpose = Choice("Why now", PURPOSE_WORDS.items(), kind=Purpose, ask="Choose why the questions are asked")
    engagement_id = Choice("Engagement", kind=int, blank="None: it belongs to the client alone")
    began_on = Day("Begun on", ask="Say on which day it begins, like 2026-11-20")

    def offer(self, engagements: Iterable[Engagement]) -> None:
        self.engagement_id.of((one.id, f"{one.code}, {one.title}") for one in engagements)

    def validate_began_on(self, field: Day) -> None:
        if isinstance(field.data, date) and field.data > today():
            raise StopValidation("Choose today or an earlier day: it begins with the first answer")


class AsideForm(Form):
    """Why a run is not finished."""

    reason = Prose("Why", ask="Say why it is not finished", at_most=500)


@dataclass(frozen=True)
class Clash:
    """A question that a colleague answered while this form was open: what stands now, and the mark of having seen it."""

    question: str
    says: str
    seen: str


def seen_of(answer: Answer | None) -> str:
    """The mark that a form carries of an answer: its version, and a digest of what was shown."""
    return f"{answer.version}.{_digest(answer.given)}" if answer else NOTHING_YET


def _digest(given: Given) -> str:
    return hashlib.sha256(repr(given).encode()).hexdigest()[:12]


class AnswersForm(Form):
    """Some questions on one page; `answers_form` makes the class that has their fields. Who answers is said once for
    all of them, and stands for every answer that names nobody else."""

    speaker = Line("Who answers")
    asked: tuple[Question, ...] = ()

    def fill(self, answers: Mapping[str, Answer]) -> None:
        """Show what stands, where nothing was typed."""
        for question in self.asked:
            answer = answers.get(question.id)
            for name, value in (
                ("score", NOT_APPLICABLE if answer and answer.not_applicable else answer and answer.score),
                ("comment", answer.comment if answer else ""),
                ("by", answer.speaker if answer else ""),
                ("seen", seen_of(answer)),
            ):
                field = self[f"{question.id}-{name}"]
                if not field.raw_data:
                    field.data = None if value is None else str(value)

    @property
    def names_somebody(self) -> bool:
        return any(self[name].data for name in ("speaker", *(f"{one.id}-by" for one in self.asked)))

    def given(self, question: Question, stands: Answer | None, contacts: Mapping[str, int]) -> Given:
        """What was typed on one question. `contacts`: the client's people by their names in small letters."""
        score, comment = self[f"{question.id}-score"].data, self[f"{question.id}-comment"].data
        typed = Given(
            score=None if score in {None, NOT_APPLICABLE} else int(score), not_applicable=score == NOT_APPLICABLE,
            comment=comment or "",
        )  # fmt: skip
        name = self[f"{question.id}-by"].data
        if not name or (stands and name == stands.speaker):
            name = self._speaker_of(typed, stands)
        if stands and name == stands.speaker:
            return replace(typed, said_by_id=stands.said_by_id, said_by=stands.said_by)
        contact_id = contacts.get(name.casefold())
        return replace(typed, said_by_id=contact_id, said_by="" if contact_id else name)

    def _speaker_of(self, typed: Given, stands: Answer | None) -> str:
        """Who said it where nobody else is named: whoever answers now, unless it was said before and stands."""
        if stands and (not self.speaker.data or typed == replace(stands.given, said_by_id=None, said_by="")):
            return stands.speaker
        return "" if typed.is_empty else self.speaker.data or ""

    def has_touched(self, question: Question, given: Given) -> bool:
        """Whether it was on the page, and says something else now than was shown there."""
        seen = self[f"{question.id}-seen"]
        return bool(seen.raw_data) and str(seen.data).partition(".")[2] != _digest(given)

    def version_seen(self, question: Question) -> int:
        try:
            return inputs.whole(self[f"{question.id}-seen"].data.partition(".")[0])
        except ValueError:
            return 0

    def show_clash(self, subject: Iterable[Clash] | Assessment) -> None:
        """Keep what was typed and say what stands; the next press overwrites knowingly."""
        self.once.data = secrets.token_urlsafe(16)
        self.once.raw_data = [self.once.data]
        if isinstance(subject, Assessment):
            return
        for clash in subject:
            self.clash[f"{clash.question}-score"] = clash.says
            seen = self[f"{clash.question}-seen"]
            seen.data, seen.raw_data = clash.seen, [clash.seen]


@cache
def _class_of(ids: tuple[str, ...]) -> type[AnswersForm]:
    asked = tuple(by_id()[one] for one in ids)
    fields: dict[str, Any] = {"asked": asked}
    for question in asked:
        offered = [(str(one.score), one.says) for one in question.options]
        fields |= {
            f"{question.id}-score": Choice(question.ask, [*offered, (NOT_APPLICABLE, "Not applicable")], blank="No answer yet"),
            f"{question.id}-comment": Prose("Comment", at_most=2000),
            f"{question.id}-by": Line("Who said it"),
            f"{question.id}-seen": HiddenField(default=NOTHING_YET),
        }  # fmt: skip
    return type("AnswersForm", (AnswersForm,), fields)


def answers_form(questions: Iterable[Question]) -> AnswersForm:
    """A form with the fields of these questions."""
    return _class_of(tuple(one.id for one in questions))()
