"""Rows whose keys a caller names: one statement, however many there are.

A list of parameters (``IN (?, ?, ...)``) is another statement for each length, and writing it costs a third of what a
search reads by it.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Text, TypeDecorator, bindparam, column, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.selectable import TableValuedAlias

NAMED = "named"
"""The parameter: a list of keys, each once."""


def named(key: ColumnElement[Any], dialect: str) -> tuple[TableValuedAlias, ColumnElement[bool]]:
    """For a dialect by its name: the keys as a table to select from, and the condition that joins ``key`` to it."""
    if dialect == "postgresql":
        keys = func.unnest(bindparam(NAMED, type_=ARRAY(key.type)))
        table = keys.table_valued(column("value", key.type), name=NAMED).render_derived()
    else:
        keys = func.json_each(bindparam(NAMED, type_=_Json()))
        table = keys.table_valued(column("value", key.type), name=NAMED)
    return table, key == table.c.value


class _Json(TypeDecorator[list[Any]]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(value or [])
