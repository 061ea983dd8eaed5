"""The errors of Lonja, one family.

LonjaError
├── BadInput            what was asked cannot be done as asked (a query, an option, a setting)
│   └── BadSetting
├── NotFound            it does not exist, or not for the one who asks
├── Conflict            it cannot be done now, because of what is there already
│   ├── DataFolderInUse
│   ├── DataFolderTooNew
│   └── WrongModelPack
├── DocumentError       this document cannot be taken in; its code says why (``encrypted``, ``corrupt`` ...)
├── ModelError          the model pack cannot be built, found or trusted
├── IndexFailure        the passage index failed
└── StorageError        the disk or the database failed

Every error has a ``code`` (stable, for programs), a message (what happened, to what) and, where there is one, a
``hint`` (what to do).
"""

from __future__ import annotations

from typing import ClassVar


class LonjaError(Exception):
    """The root of the family. ``str(error)`` is the message, and the hint after it where there is one."""

    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class BadInput(LonjaError):
    default_code = "bad_input"


class BadSetting(BadInput):
    default_code = "bad_setting"


class NotFound(LonjaError):
    default_code = "not_found"


class Conflict(LonjaError):
    default_code = "conflict"


class DataFolderInUse(Conflict):
    default_code = "data_folder_in_use"


class DataFolderTooNew(Conflict):
    default_code = "data_folder_too_new"


class WrongModelPack(Conflict):
    default_code = "wrong_model_pack"


class DocumentError(LonjaError):
    default_code = "unreadable"


class ModelError(LonjaError):
    default_code = "model"


class IndexFailure(LonjaError):
    default_code = "index"


class StorageError(LonjaError):
    default_code = "storage"
