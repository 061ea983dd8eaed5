"""One id for a request: in its answer, in its problem and in the log."""

from __future__ import annotations

import re
import secrets

from starlette.types import Scope

GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def give_request_id(scope: Scope) -> str:
    """The sender's own id where it is harmless to write down, or a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    identity = given.decode("ascii") if GIVEN.fullmatch(given) else secrets.token_hex(8)
    scope.setdefault("state", {})["request_id"] = identity
    return identity


def request_id(scope: Scope) -> str:
    return str(scope.get("state", {}).get("request_id", ""))
