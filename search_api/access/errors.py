"""The errors of who may do what."""

from __future__ import annotations

import math

from corpus.errors import LonjaError


class NotSignedIn(LonjaError):
    """Nobody, or somebody whose cookie or key does not hold (any more)."""

    default_code = "not_signed_in"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, code=code, hint=hint)
        self.challenge = 'Bearer realm="lonja"'
        if code == "bad_key":
            self.challenge += ', error="invalid_token"'


class NotAllowed(LonjaError):
    default_code = "not_allowed"


class TooManyRequests(LonjaError):
    """``retry_after`` is in whole seconds, at least 1."""

    default_code = "too_many_requests"

    def __init__(self, message: str, *, wait: float, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, code=code, hint=hint)
        self.retry_after = max(1, math.ceil(wait))
