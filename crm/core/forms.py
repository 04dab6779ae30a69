"""Forms: they parse with crm.core.inputs, keep what was typed, and carry token, once-key and version."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation

from crm.core import inputs, words
from crm.core.errors import Refused

Location = str | Callable[[Any], str]
Choices = Iterable[tuple[Any, str]]


@dataclass(frozen=True)
class Press:
    """One press of one button: of which form, with what in it, seeing which version, leading where."""

    once: str
    digest: str
    seen: int
    leads_to: Location


class Asked:
    """Refuses an empty answer in words that name what is missing."""

    field_flags = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Field) -> None:  # noqa: ARG002
        if field.errors:  # the parser has said what is wrong already
            raise StopValidation
        if field.data in (None, "", []):
            raise StopValidation(self.sentence)


class Parsed(StringField):
    """Hands what was typed to a parser of crm.core.inputs, and keeps the text for the page.

    An empty answer is None, unless the field is prose, where it is "". `ask` is the sentence when it must not be empty.
    """

    data: Any

    def __init__(
        self,
        label: str,
        parser: Callable[[str], Any],
        *,
        ask: str = "",
        show: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        super().__init__(label, validators=[Asked(ask)] if ask else [], **options)
        self.parser, self.show = parser, show

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = self.parser(valuelist[0])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class Secret(Parsed):
    """A password: never shown again, and never part of what is kept of a press. `offered` stands in the empty field."""

    data: Any
    offered = ""

    def _value(self) -> str:
        return self.offered


class Line(Parsed):
    """One line of text; empty is ""."""

    def __init__(self, label: str, *, at_most: int = 200, **options: Any) -> None:
        super().__init__(label, lambda text: inputs.line(text, at_most=at_most), **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data or ""


class Prose(TextAreaField):
    """Text of several lines; empty is ""."""

    data: Any

    def __init__(self, label: str, *, at_most: int = 10_000, ask: str = "", **options: Any) -> None:
        super().__init__(label, validators=[Asked(ask)] if ask else [], **options)
        self.at_most = at_most

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = ""
        if valuelist:
            self.data = inputs.prose(valuelist[0], at_most=self.at_most)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.data or ""


class Day(Parsed):
    """A calendar day, by the browser's own date field."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, inputs.day, show=lambda value: value.isoformat(), **options)
        self.render_kw = {"type": "date"}


class Sum(Parsed):
    """A sum of money: typed in units of the currency, kept in minor units."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, inputs.money, show=plain_sum, **options)


def plain_sum(minor: int) -> str:
    """5200 or 5200.50, as it is typed; -5200.50 where it takes off"""
    sign, minor = "-" if minor < 0 else "", abs(minor)
    return f"{sign}{minor // 100}" if minor % 100 == 0 else f"{sign}{minor // 100}.{minor % 100:02}"


class Tick(Parsed):
    """A tick box; not ticked is False."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, inputs.truth, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = inputs.truth(valuelist[0]) if valuelist else False


class Choice(SelectField):
    """One of a fixed list, or of rows that a query found: an id that arrives is looked up among them, never trusted."""

    data: Any

    def __init__(
        self,
        label: str,
        choices: Choices = (),
        *,
        kind: Callable[[str], Any] = str,
        ask: str = "",
        blank: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, coerce=self.read, validate_choice=False, **options)
        self.kind, self.ask, self.blank = kind, ask, blank
        self.of(choices)

    def of(self, choices: Choices) -> None:
        blank = [("", self.blank)] if self.blank or not self.ask else []
        self.choices = blank + [(str(value), label) for value, label in choices]

    def read(self, value: Any) -> Any:
        return None if value in (None, "") else str(value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.data is None:
            if self.ask:
                raise StopValidation(self.ask)
            return
        if self.data not in {value for value, _ in self.choices}:
            raise StopValidation("Choose one of the list")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002
        if not validation_stopped and self.data is not None:
            self.data = self.kind(self.data)

    def iter_choices(self) -> Any:
        chosen = "" if self.data is None else str(self.data)
        if self.raw_data:
            chosen = str(self.raw_data[0])
        for value, label in self.choices:
            yield value, label, value == chosen, {}


class Chosen(Field):
    """Several of a list, by tick boxes."""

    data: Any

    def __init__(
        self, label: str, choices: Choices = (), *, kind: Callable[[str], Any] = str, ask: str = "", **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.kind, self.ask = kind, ask
        self.choices = [(str(value), text) for value, text in choices]

    def of(self, choices: Choices) -> None:
        self.choices = [(str(value), text) for value, text in choices]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(valuelist))

    def process_data(self, value: Any) -> None:
        self.data = [] if value is None else list(value)

    def is_chosen(self, value: str) -> bool:
        return value in {str(one) for one in self.data or ()}

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.ask and not self.data:
            raise StopValidation(self.ask)
        if not {str(one) for one in self.data or ()} <= {value for value, _ in self.choices}:
            raise StopValidation("Choose from the list")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002
        if not validation_stopped:
            self.data = [self.kind(str(one)) for one in self.data or ()]


class Lines(TextAreaField):
    """Several things, one a line; a list."""

    data: Any

    def __init__(self, label: str, *, at_most: int = 20, each: int = 500, ask: str = "", **options: Any) -> None:
        super().__init__(label, validators=[Asked(ask)] if ask else [], **options)
        self.at_most, self.each = at_most, each

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = []
        if valuelist:
            self.data = inputs.lines(valuelist[0], at_most=self.at_most, each=self.each)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data or ())


class Several(Field):
    """An answer for each of several things, in inputs named `<field>-<id>`; what is left empty is left out."""

    data: Any

    def __init__(
        self, label: str, parser: Callable[[str], Any], things: Choices = (), *, ask: str = "", **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.parser, self.ask = parser, ask
        self.typed: dict[str, str] | None = None
        self.faults: dict[int, str] = {}
        self.of(things)

    def of(self, things: Choices) -> None:
        self.things = [(int(key), text) for key, text in things]

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        super().process(None, *args, **options)
        if formdata is not None:
            begins = f"{self.name}-"
            self.typed = {name.removeprefix(begins): formdata[name] for name in formdata if name.startswith(begins)}

    def process_data(self, value: Any) -> None:
        self.data = dict(value or {})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        self.data, self.faults = {}, {}
        for key, _ in self.things:
            try:
                if text := (self.typed or {}).get(str(key), "").strip():
                    self.data[key] = self.parser(text)
            except ValueError as error:
                self.faults[key] = str(error)
        if self.faults:
            raise StopValidation(next(iter(self.faults.values())))
        if self.ask and not self.data:
            raise StopValidation(self.ask)

    def value_of(self, key: int) -> str:
        if self.typed is not None:
            return self.typed.get(str(key), "")
        return str((self.data or {}).get(key, ""))


OURS = frozenset({"csrf_token", "once", "version"})


class Form(FlaskForm):
    """Every form carries the session's token, its own once-key and the version it was opened with."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(16))
    version = HiddenField(default="1")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.clash: dict[str, str] = {}  # what stands now, beside what was typed
        self.trouble = ""  # what is wrong with the whole, not with one answer

    def fields(self) -> dict[str, Any]:
        """The answers by name, without token, key and version."""
        return {name: value for name, value in self.data.items() if name not in OURS}

    def press(self, *, leads_to: Location) -> Press:
        """This press of this form's button. A key or version that no page of ours wrote is Refused."""
        typed = sorted(
            (field.name, str(field.data))
            for field in self
            if field.name not in {"csrf_token", "once"} and not isinstance(field, Secret)
        )
        digest = hashlib.sha256(repr(typed).encode()).hexdigest()
        try:
            once, seen = inputs.line(self.once.data or "", at_most=64), inputs.whole(self.version.data or "")
        except ValueError:
            once, seen = "", 0
        if not once:
            raise Refused("This page is damaged. Open it again and repeat your change.")
        return Press(once, digest, seen, leads_to)

    def blame(self, error: Refused) -> None:
        """Put a refusal of the business beside the answer that it is about, or on top."""
        if error.field and error.field in self:
            field = self[error.field]
            field.errors = [*field.errors, *getattr(error, "sentences", [str(error)])]
        else:
            self.trouble = str(error)

    def show_clash(self, subject: Any) -> None:
        """Keep what was typed, say what stands now, and go on from there: the next press overwrites knowingly."""
        self.version.data = str(subject.version)
        self.version.raw_data = [str(subject.version)]
        self.once.data = secrets.token_urlsafe(16)
        self.once.raw_data = [self.once.data]
        for field in self:
            if field.name in OURS or not hasattr(subject, field.name):
                continue
            stands = getattr(subject, field.name)
            if _differ(stands, field.data):
                self.clash[field.name] = said(field, stands)

    def changes(self, subject: Any) -> str:
        """What this form changes of a thing, for its history: "Title: Roadmap, now Plan"."""
        found = []
        for field in self:
            if field.name in OURS or not hasattr(subject, field.name):
                continue
            stands = getattr(subject, field.name)
            if _differ(stands, field.data):
                found.append(f"{field.label.text}: {said(field, stands)}, now {said(field, field.data)}")
        return "\n".join(found)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the summary on top: the id of each field with an error, and the error."""
        return [(field.id, str(error)) for field in self for error in field.errors if field.name not in OURS]


def _differ(stands: Any, typed: Any) -> bool:
    """Nothing is nothing, however it is kept; nought and no are answers."""
    empty: tuple[Any, ...] = (None, "", [], {})
    return stands != typed and not (stands in empty and typed in empty)


def said(field: Field, value: Any) -> str:
    """A value as a person reads it: the words of a choice, a day, a sum."""
    choices: Mapping[str, str] = dict(getattr(field, "choices", None) or ())
    if isinstance(value, list):
        return ", ".join(choices.get(str(one), str(one)) for one in value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, ""):
        return "nothing"
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Decimal):
        return words.amount(value)
    shown = choices.get(str(value), "") or (field.show(value) if isinstance(field, Parsed) else "")
    return shown or str(value)
