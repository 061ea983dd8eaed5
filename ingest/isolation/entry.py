"""Where the interpreters that ``starters`` runs begin."""

from __future__ import annotations

import json
import os

from ingest.formats.registry import Format
from ingest.isolation import child
from ingest.isolation.child import Kit, Task


def _formats(told: str) -> list[Format]:
    return [Format(**{**known, "suffixes": tuple(known["suffixes"])}) for known in json.loads(told)]


def zygote(formats: str, control: str) -> None:
    """Serve the socket at descriptor ``control``."""
    from ingest.isolation import zygote as process  # POSIX only

    process.main(int(control), _formats(formats))


def spawned(formats: str, task: str) -> None:
    """Convert the file at standard input, answer at standard output."""
    kit = Kit.of(_formats(formats))
    source, answer = os.dup(0), os.dup(1)
    child.silence()
    child.run(Task.from_json(json.loads(task)), kit, source=source, answer=answer)
