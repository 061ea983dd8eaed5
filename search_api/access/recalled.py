"""Who was recognised a moment ago: a request whose caller is known needs no thread and no question to the catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 10_000  # callers; then it begins anew

Known = TypeVar("Known")


class Recalled(Generic[Known]):
    """By the hash of their key or session, for as long as nothing at all was written to the catalog.

    ``stamp`` is another value after whatever was written, by this process or another one (``Catalog.changes``): what is
    revoked is forgotten with the commit that revokes it. Where it is None, nobody is recalled. Safe for threads.
    """

    def __init__(self, stamp: Callable[[], int | None]) -> None:
        self._stamp = stamp
        self._known: dict[str, tuple[int, Known]] = {}

    def get(self, digest: str) -> Known | None:
        stamp = self._stamp()
        found = self._known.get(digest)
        return found[1] if found is not None and found[0] == stamp else None

    def learn(self, digest: str, ask: Callable[[], Known | None]) -> Known | None:
        """Asks the catalog. What is written while it is asked makes that a thing of the past."""
        stamp = self._stamp()
        known = ask()
        if known is not None and stamp is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[digest] = (stamp, known)
        return known
