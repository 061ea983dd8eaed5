"""Sign-ins on their way to an OpenID Connect provider: each comes back once, or expires."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, delete, insert

from corpus.catalog.engine import writing
from corpus.catalog.use_tables import sign_in_starts


@dataclass(frozen=True, slots=True)
class SignInStart:
    browser_hash: str  # of the cookie that the browser was given
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    expires: datetime


class SignInStarts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, state_hash: str, start: SignInStart, *, now: datetime) -> None:
        """Sweeps what has expired as well."""
        with writing(self._engine) as connection:
            connection.execute(delete(sign_in_starts).where(sign_in_starts.c.expires <= now))
            connection.execute(
                insert(sign_in_starts).values(
                    state_hash=state_hash,
                    browser_hash=start.browser_hash,
                    nonce=start.nonce,
                    verifier=start.verifier,
                    expires=start.expires,
                )
            )

    def take(self, state_hash: str, *, now: datetime) -> SignInStart | None:
        """None for what never was, has come back already or has expired."""
        with writing(self._engine) as connection:
            row = connection.execute(
                delete(sign_in_starts).where(sign_in_starts.c.state_hash == state_hash).returning(sign_in_starts)
            ).first()
        if row is None or row.expires <= now:
            return None
        return SignInStart(row.browser_hash, row.nonce, row.verifier, row.expires)
