from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Ended(NamedTuple):
    code: int
    out: str
    errors: str

    def json(self) -> Any:
        return json.loads(self.out)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Lonja = Callable[..., Ended]


@pytest.fixture
def lonja(tmp_path: Path) -> Lonja:
    """The command line as a process of its own, on a data folder of its own."""

    def run(*arguments: str | Path, **environment: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "search_api", *map(str, arguments)],
            env={**os.environ, "LONJA_DATA": str(tmp_path / "data"), "COLUMNS": "200", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two documents of one firm, whose lonja.toml introduces it, and a file that cannot be read."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "lonja.toml").write_text(
        '[organisation]\nslug = "alpha"\nname = "Alpha S.A."\ncountry = "COL"\n\n[defaults]\naudience = "cluster"\n\n'
        '[files."secreto.md"]\naudience = "owner"\ntitle = "Precios de reserva"\n',
        encoding="utf-8",
    )
    (folder / "aduana.md").write_text(
        "# Aduana de Ipiales\n\n## Inspección\n\nEl inspector revisa el manifiesto de carga y pesa dos cajas.\n",
        encoding="utf-8",
    )
    (folder / "secreto.md").write_text("El precio mínimo del queso es de nueve dólares el kilo.\n", encoding="utf-8")
    return folder
