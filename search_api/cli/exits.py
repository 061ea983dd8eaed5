"""What the exit code of ``lonja`` says."""

from __future__ import annotations

from enum import IntEnum

from corpus.errors import BadInput, Conflict, LonjaError, NotFound


class Exit(IntEnum):
    DONE = 0
    PARTLY = 1  # some documents could not be taken in, some questions not answered; the report says which
    BAD_INPUT = 2
    NOT_FOUND = 3
    CONFLICT = 4  # another process holds the data folder, the index was built with another model, ...
    FAILED = 5  # the disk, the database, the index or the model
    INTERRUPTED = 130


FAMILIES: tuple[tuple[type[LonjaError], Exit], ...] = (
    (BadInput, Exit.BAD_INPUT),
    (NotFound, Exit.NOT_FOUND),
    (Conflict, Exit.CONFLICT),
    (LonjaError, Exit.FAILED),
)


def exit_code(error: LonjaError) -> Exit:
    return next(code for family, code in FAMILIES if isinstance(error, family))
