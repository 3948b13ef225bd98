"""Rows in bulk: collected by table, then written at once, past the ORM's objects and with keys of our own.

PostgreSQL takes them by COPY, SQLite by one prepared INSERT. Foreign keys are checked when the transaction commits.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Max, Model

Convert = Callable[[Any], Any]


def _moment_text(moment: datetime) -> str:
    return str(moment.astimezone(UTC).replace(tzinfo=None))


_ALWAYS: dict[str, Convert] = {"JSONField": json.dumps}
_SQLITE: dict[str, Convert] = {"DateTimeField": _moment_text, "DateField": date.isoformat, "DecimalField": str}


class Shelf:
    """The rows of one table that wait to be written. Values are named as the model's columns are (`unit_id`)."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
        converts = {**_ALWAYS, **(_SQLITE if connection.vendor == "sqlite" else {})}
        self._plan = {
            field.attname: (place, converts.get(field.get_internal_type())) for place, field in enumerate(fields)
        }
        self._blank = [self._default(field) for field in fields]
        self._columns: list[str] = [str(field.column) for field in fields]
        self._rows: list[list[Any]] = []
        self._last = 0
        if model._meta.pk.get_internal_type() == "BigAutoField":
            self._last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0

    def _default(self, field: Field[Any, Any]) -> Any:
        """What a column holds that is not named; a moment always is."""
        if field.get_internal_type() == "DateTimeField" or not field.has_default():
            return None if field.null or not field.empty_strings_allowed else ""
        value, convert = field.get_default(), self._plan[field.attname][1]
        return convert(value) if convert and value is not None else getattr(value, "value", value)

    @property
    def next_key(self) -> int:
        """The key the next row gets."""
        return self._last + 1

    def next_id(self) -> int:
        """A key nobody has had."""
        self._last += 1
        return self._last

    def add(self, **values: Any) -> int:
        """One more row; its key, allotted now unless it is named."""
        row = self._blank.copy()
        for name, value in values.items():
            place, convert = self._plan[name]
            row[place] = convert(value) if convert is not None and value is not None else value
        key = values.get("id")
        if key is None and "id" in self._plan:
            key = row[self._plan["id"][0]] = self.next_id()
        self._rows.append(row)
        return key or 0

    def write(self) -> int:
        """Writes what waits, in the caller's transaction; how many rows."""
        rows, self._rows = self._rows, []
        if not rows:
            return 0
        table = connection.ops.quote_name(self._model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(column) for column in self._columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self._columns))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 our names  # nosec B608
        return len(rows)


class Shelves:
    """One shelf for each table that is written to."""

    def __init__(self) -> None:
        self._shelves: dict[type[Model], Shelf] = {}
        self.written = 0

    def __getitem__(self, model: type[Model]) -> Shelf:
        if model not in self._shelves:
            self._shelves[model] = Shelf(model)
        return self._shelves[model]

    def write(self) -> None:
        """Writes every shelf, and lets the database go on counting after our keys."""
        for shelf in self._shelves.values():
            self.written += shelf.write()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._shelves)):
                cursor.execute(statement)
