"""Passwords: hashed with argon2id, in bounded memory, and in the same time whether or not there is such a member."""

from __future__ import annotations

import threading

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from corpus.errors import BadInput
from search_api.access.tokens import new_password

SHORTEST, LONGEST = 10, 200
AT_ONCE = 4
MEMORY_KIB, TIME_COST, LANES = 19 * 1024, 2, 1
"""OWASP's first recommendation for argon2id: as strong as more memory and less time, and kinder to a small server."""

COMMON = frozenset(
    {
        "1234567890", "12345678910", "0123456789", "qwertyuiop", "qwerty12345", "password12", "password123",
        "password1234", "contrasena", "contraseña", "contrasena1", "contrasena123", "contraseña123", "senha12345",
        "senha123456", "iloveyou123", "administrator", "administrador", "bienvenido1", "bienvenidos", "1q2w3e4r5t",
        "lonja12345", "lonja123456", "lonjalonja", "abcdefghij", "abc1234567",
    }
)  # fmt: skip


class Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(memory_cost=MEMORY_KIB, time_cost=TIME_COST, parallelism=LANES),))
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobodys = self._hasher.hash(new_password())

    def hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, password: str, hashed: str | None) -> bool:
        """Where there is no hash, one is verified all the same: it takes as long, and the answer is no."""
        with self._turns:
            matches = self._hasher.verify(password, hashed or self._nobodys)
        return matches and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Hashed the way of an earlier release."""
        return f"m={MEMORY_KIB},t={TIME_COST},p={LANES}$" not in hashed


def check_password(password: str, email: str) -> None:
    """Raises BadInput where the password is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters.", code="bad_password", hint="A few words are easiest."
        )
    plain = password.casefold()
    local = email.split("@")[0].casefold()
    is_the_address = plain == email.casefold() or (len(local) >= 4 and plain.strip("0123456789!.-_") == local)
    if plain in COMMON or len(set(plain)) < 4 or is_the_address:
        raise BadInput("This password is too easy to guess.", code="bad_password", hint="A few words are easiest.")
