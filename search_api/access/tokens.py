"""Random tokens: what their holder gets, and the hash that we keep."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string

KEY_PREFIX = "lonja_"
_LETTERS = string.ascii_letters + string.digits


def new_token() -> str:
    """For sessions and links: 256 bits."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """``lonja_`` and 43 letters and digits, 256 bits: secret scanners can tell it, a double click selects it."""
    return KEY_PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(43))


def new_password() -> str:
    """For a person to type once: five groups of four, about 100 bits, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))


def digest(token: str) -> str:
    """Plain SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(session_token: str) -> str:
    """Follows from the session's token, which no script can read; another site knows neither."""
    return hmac.new(session_token.encode(), b"lonja csrf", hashlib.sha256).hexdigest()
