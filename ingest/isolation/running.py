"""A child at work, as its parent holds it, whichever way it was started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from corpus.errors import LonjaError


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: by itself with a status, or by a signal; ``overdue`` if it was stopped for taking too long."""

    status: int | None = None
    signal: int | None = None
    overdue: bool = False


class StarterLost(Exception):
    """What starts children is gone, and the child with it, before it had answered."""


class ConverterUnavailable(LonjaError):
    """Nothing can be converted, whatever the file: the converter is closed, or its process does not start."""

    default_code = "converter_unavailable"


class Running(Protocol):
    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes of the answer, none at its end. Raises ``TimeoutError`` once the child is overdue."""

    def stop(self) -> None:
        """Kill the child, unless it has ended."""

    def wait(self) -> Ending:
        """How it ended. Raises ``StarterLost``."""

    def close(self) -> None:
        """Stop it and give back what it holds."""
