"""What the endpoints work with, opened once by the application and closed by it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from corpus.search.suggestions import Suggestions
from search_api.access.access import Access
from search_api.access.clock import Clock
from search_api.access.ratelimits import RateLimiter
from search_api.frame.metrics import Metrics
from search_api.ingestion.ingestion import Ingestion
from search_api.search.frequent import FrequentQueries
from search_api.settings import ServiceSettings
from search_api.statistics.recording import Recording
from search_api.warming import Warming

if TYPE_CHECKING:
    from corpus.library import Library


@dataclass(frozen=True, slots=True)
class Service:
    settings: ServiceSettings
    clock: Clock
    library: Library
    access: Access
    limiter: RateLimiter  # of those who are known
    public_limiter: RateLimiter  # of addresses
    metrics: Metrics
    suggestions: Suggestions
    frequent: FrequentQueries
    recording: Recording
    warming: Warming
    ingestion: Ingestion
    uploads: threading.BoundedSemaphore  # so many are received at the same time
    ending: threading.Event  # set when the process was told to stop: answers that go on and on end then


def service_of(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


async def _service(request: Request) -> Service:
    """Asynchronous, as it waits for nothing: the others cost a request a change of threads each."""
    return service_of(request)


ServiceDep = Annotated[Service, Depends(_service)]
