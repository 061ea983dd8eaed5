"""Requests a minute of each caller, by the generic cell rate algorithm: one number for a caller.

Each process counts for itself. (A library that keeps such counts starts a timer thread with most requests, and its
memory store is the only one that needs no server.)
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

WINDOW = 60.0  # seconds
KEPT = 10_000  # callers


@dataclass(frozen=True, slots=True)
class Allowed:
    limit: int
    remaining: int
    reset: int  # seconds until all of the limit is there again
    wait: float  # seconds until the next request is allowed; 0 where this one was

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers, and the three of its forerunner."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW:.0f}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class RateLimiter:
    """``limit`` requests at once, and then one whenever ``WINDOW / limit`` seconds have passed."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._full_at: dict[str, float] = {}  # when the caller's whole limit is there again
        self._lock = threading.Lock()

    def take(self, caller: str) -> Allowed | None:
        """None where there is no limit."""
        if self.limit == 0:
            return None
        step = WINDOW / self.limit
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(caller, now), now)
            allowed = full_at + step - now <= WINDOW + 1e-9
            if allowed:
                full_at += step
                self._full_at[caller] = full_at
                if len(self._full_at) > KEPT:
                    self._full_at = {name: moment for name, moment in self._full_at.items() if moment > now}
        return Allowed(
            limit=self.limit,
            remaining=max(0, math.floor((WINDOW - (full_at - now)) / step + 1e-9)),
            reset=math.ceil(full_at - now),
            wait=0.0 if allowed else full_at + step - now - WINDOW,
        )
