"""Progress as server-sent events: all jobs first, then those that change, and a sign of life in between.

The state is small, so that whoever comes back gets all of it again, whatever ``Last-Event-ID`` they bring: nothing
that happened meanwhile can be missed.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from corpus.documents import OrganisationId
from search_api.access.errors import TooManyRequests
from search_api.jobs.schemas import JobAnswer, JobsEvent, tell_job
from search_api.jobs.service import Board

POLL = 0.5  # seconds
HEARTBEAT = 15.0
LONGEST = 3600.0  # seconds; the browser comes back by itself
MOST_OF_ONE = 6  # streams of one caller
MOST = 200  # streams of a process


class Streams:
    """How many are open, and whose."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def check(self, caller: str) -> None:
        """Raises TooManyRequests."""
        if self._open[caller] >= MOST_OF_ONE or self._open.total() >= MOST:
            raise TooManyRequests(
                "Too many streams of progress are open.", wait=10, hint="Close one, or ask GET /api/v1/jobs."
            )

    @contextmanager
    def one_of(self, caller: str) -> Iterator[None]:
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]


async def events(
    request: Request,
    board: Board,
    organisation: OrganisationId,
    *,
    still_in: Callable[[], bool],
    ends: Callable[[], bool],
) -> AsyncIterator[bytes]:
    """Until the client goes, the service ends, or ``still_in`` says that the caller may no longer be told."""
    known: dict[int, JobAnswer] = {}
    is_first = True
    number = 0
    opened = said = time.monotonic()
    yield b"retry: 2000\n\n"
    while not ends() and time.monotonic() - opened < LONGEST and not await request.is_disconnected():
        found = {job.version.id: tell_job(job) for job in await run_in_threadpool(board.jobs, organisation)}
        changed = [job for identity, job in found.items() if known.get(identity) != job]
        gone = [identity for identity in known if identity not in found]
        if is_first or changed or gone:
            if not await run_in_threadpool(still_in):
                return
            number += 1
            event = JobsEvent(full=is_first, jobs=changed, gone=gone)
            yield f"event: jobs\nid: {number}\ndata: {event.model_dump_json()}\n\n".encode()
            said, known, is_first = time.monotonic(), found, False
        elif time.monotonic() - said > HEARTBEAT:
            if not await run_in_threadpool(still_in):
                return
            yield b": alive\n\n"
            said = time.monotonic()
        await asyncio.sleep(POLL)
