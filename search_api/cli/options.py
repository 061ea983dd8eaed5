"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
DataOption: TypeAlias = Annotated[
    Path | None, typer.Option("--data", help="The data folder; else LONJA_DATA, else ./data.", show_default=False)
]
