"""Rows by the thousand: statements that insert many at once, under one name that sight.py lists."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, insert, inspect, select

from crm.core.db import Model, db

BATCH = 5_000
NAMED = {"named": "demo.load"}
WHOLE = NAMED | {"render_nulls": True}  # rows of one table keep one shape, or they go out one by one


class Bulk:
    """Gathers rows, gives them their ids, and writes them in batches in the order in which they came."""

    def __init__(self, tick: Callable[[int], None]) -> None:
        self.tick = tick
        self._ids: dict[type[Model], int] = defaultdict(int)
        self._waiting: dict[type[Model], list[dict[str, Any]]] = defaultdict(list)

    def add(self, model: type[Model], /, **row: Any) -> int:
        """The id of the row, which is written with the next flush."""
        numbered = inspect(model).base_mapper.class_  # leaves of one stem share its numbers
        self._ids[numbered] += 1
        row["id"] = self._ids[numbered]
        self._waiting[model].append(row)
        return self._ids[numbered]

    def flush(self) -> None:
        """Parents first: the order in which their first rows came."""
        for model, rows in self._waiting.items():
            for first in range(0, len(rows), BATCH):
                batch = rows[first : first + BATCH]
                db.session.execute(insert(model), batch, execution_options=WHOLE)
                self.tick(len(batch))
        self._waiting.clear()

    def count_on(self) -> None:
        """PostgreSQL goes on counting after the ids that were given here; SQLite does by itself."""
        if db.engine.dialect.name != "postgresql":
            return
        for model, last in self._ids.items():
            of_table = func.pg_get_serial_sequence(model.__tablename__, "id")
            db.session.execute(select(func.setval(of_table, last)), execution_options=NAMED)
