"""Resident memory of this process and of those that it started."""

from __future__ import annotations

import os
import re
from pathlib import Path


def resident_megabytes(process: int | None = None) -> float:
    """Of a process, this one unless it is named, and of those below it.

    Counts memory that processes share once for each of them. 0.0 where the system has no /proc.
    """
    return sum(_resident(each) for each in _family(process or os.getpid())) / 1e6


def _family(process: int) -> list[int]:
    family = [process]
    children = Path(f"/proc/{process}/task/{process}/children")
    for task in children.parent.parent.glob("*/children"):
        for child in task.read_text().split():
            family += _family(int(child))
    return family


def _resident(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024 if found else 0
