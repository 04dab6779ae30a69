"""Column types: what the database stores and what Python sees, the same on both engines."""

import enum
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    func,
    literal_column,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.functions import Function, GenericFunction

LONGEST = 100_000  # characters of a long text


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in, aware UTC out. SQLite keeps no zone, so it is taken off and put back."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(value: str | None) -> str | None:
    """PostgreSQL refuses these letters and SQLite does not: refuse them on both."""
    if value is not None and ("\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
        raise ValueError("a text with a NUL or a lone surrogate")
    return value


class LineType(TypeDecorator[str]):
    """One line of text with a greatest length, checked by both engines."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return storable(value)


class ProseType(TypeDecorator[str]):
    """What a person wrote, of any length up to LONGEST."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return storable(value)


class LinesType(TypeDecorator[list[str]]):
    """Several things, one a line."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable("\n".join(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002
        return None if value is None else value.splitlines()


class HundredthsType(TypeDecorator[Decimal]):
    """A number with two decimals, stored as whole hundredths: no float anywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        return int((Decimal(value) * 100).quantize(Decimal(1), ROUND_HALF_UP))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value) / 100


class LevelType(TypeDecorator[Decimal]):
    """A maturity level 0 to 5 in half levels, stored as the number of halves."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        halves = Decimal(value) * 2
        if halves != int(halves):
            raise ValueError("a level is a whole or a half number")
        return int(halves)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value) / 2


class days_between(GenericFunction[int]):  # noqa: N801
    """How many days lie from the second day to the first, the same on both engines."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "postgresql")
def _days_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"(CAST({later} AS DATE) - CAST({earlier} AS DATE))"


@compiles(days_between, "sqlite")
def _days_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


def month_text(day: Any) -> Function[str]:
    """The month of a day as text, the same on both engines: its first letters. To group by it costs a third of what year
    and month apart cost."""
    return func.substr(cast(day, String), literal_column("1"), literal_column("7"))


Prose = Annotated[str, mapped_column(ProseType)]
Lines = Annotated[list[str], mapped_column(LinesType)]
Code = Annotated[str, mapped_column(LineType(30))]
Days = Annotated[Decimal, mapped_column(HundredthsType)]  # of effort, 7.5 h each
Figure = Annotated[Decimal, mapped_column(HundredthsType)]  # any measured number
Level = Annotated[Decimal, mapped_column(LevelType)]
Money = Annotated[int, mapped_column(BigInteger)]  # minor units of the practice's currency

ANNOTATIONS: dict[Any, Any] = {
    str: LineType(200),
    datetime: UtcDateTime(),
    enum.StrEnum: Enum(
        enum.StrEnum, native_enum=False, length=30, values_callable=lambda words: [word.value for word in words]
    ),
}


def harden(metadata: MetaData) -> None:
    """Give every column the CHECK that makes both engines refuse the same values.

    Over-long text, unknown words and numbers beyond 32 bits: SQLite alone would store them all.
    """
    for table in metadata.sorted_tables:
        for column in table.columns:
            _harden(table, column.name, column.type, is_key=column.primary_key or bool(column.foreign_keys))


def _harden(table: Table, name: str, kind: Any, *, is_key: bool) -> None:
    kind = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(kind, Enum):
        words = ", ".join(f"'{word}'" for word in kind.enums)
        table.append_constraint(CheckConstraint(f"{name} IN ({words})", name=f"{name}_known"))
    elif isinstance(kind, Text):
        table.append_constraint(CheckConstraint(f"length({name}) <= {LONGEST}", name=f"{name}_fits"))
    elif isinstance(kind, String) and kind.length:
        table.append_constraint(CheckConstraint(f"length({name}) <= {kind.length}", name=f"{name}_fits"))
    elif isinstance(kind, BigInteger) and not is_key:
        table.append_constraint(
            CheckConstraint(f"{name} BETWEEN -9000000000000 AND 9000000000000", name=f"{name}_fits")
        )
    elif isinstance(kind, Integer) and not is_key:
        table.append_constraint(CheckConstraint(f"{name} BETWEEN -2147483648 AND 2147483647", name=f"{name}_fits"))
