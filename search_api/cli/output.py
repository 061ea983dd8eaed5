"""What people and programs read: tables and bars for a terminal, JSON for a pipe."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import LonjaError

if TYPE_CHECKING:
    from rich.console import Console


class Step(Protocol):
    """A bar that moves."""

    def __call__(self, done: int, total: int | None, what: str = "") -> None: ...


class Output:
    """Answers go to standard output, bars and errors to standard error."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    @property
    def console(self) -> Console:
        from rich.console import Console

        return Console(highlight=False, soft_wrap=not sys.stdout.isatty())

    @property
    def error_console(self) -> Console:
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    def json(self, value: object, *, indent: int | None = 2) -> None:
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=indent) + "\n")
        sys.stdout.flush()

    def line(self, value: object) -> None:
        """One event of a stream, as a line of JSON."""
        self.json(value, indent=None)

    def error(self, error: LonjaError) -> None:
        if self.as_json:
            self.json({"error": {"code": error.code, "message": error.message, "hint": error.hint}})
            return
        from rich.text import Text

        text = Text.assemble(("Error: ", "bold red"), error.message)
        if error.hint:
            text.append(f"\n       {error.hint}")
        self.error_console.print(text)

    @contextmanager
    def bar(self, title: str) -> Iterator[Step]:
        """A bar on standard error; nothing where standard error is no terminal but a line at the end."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[what]}", markup=True),
        )
        with Progress(*columns, console=self.error_console, transient=False) as progress:
            task = progress.add_task(title, total=None, what="")

            def step(done: int, total: int | None, what: str = "") -> None:
                from rich.markup import escape

                progress.update(task, completed=done, total=total, what=escape(what[-48:]))

            try:
                yield step
            except LonjaError:
                progress.update(task, visible=progress.tasks[0].total is not None)  # refused before it began
                raise


def plain(value: object) -> Any:
    """Whatever the house returns, as JSON knows it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = (field for field in dataclasses.fields(value) if field.metadata.get("told", True))
        return {field.name: plain(getattr(value, field.name)) for field in told}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
