"""Resident memory of this process and of those that it started."""

from __future__ import annotations

import os
import re
from pathlib import Path


def resident_megabytes(process: int | None = None) -> float:
    """Of a process, this one unless it is named, and of those below it.

    Counts memory that processes share once for each of them. 0.0 where the system has no /proc.
    """
    return _megabytes(process, "VmRSS")


def peak_megabytes(process: int | None = None) -> float:
    """The same, each process at the time when it held most. ``getrusage`` would count what its parent held as well."""
    return _megabytes(process, "VmHWM")


def _megabytes(process: int | None, figure: str) -> float:
    return sum(_bytes(each, figure) for each in _family(process or os.getpid())) / 1e6


def _family(process: int) -> list[int]:
    family = [process]
    children = Path(f"/proc/{process}/task/{process}/children")
    for task in children.parent.parent.glob("*/children"):
        for child in task.read_text().split():
            family += _family(int(child))
    return family


def _bytes(process: int, figure: str) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(rf"{figure}:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024 if found else 0
