"""The application: opens what it needs, puts the frame around the areas, closes what it opened."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.telemetry import TelemetryConfig

from corpus.search.suggestions import Suggestions
from search_api import api, openapi, problems
from search_api.access.access import Access
from search_api.access.clock import Clock, now
from search_api.access.members import NewMember
from search_api.access.ratelimits import RateLimiter
from search_api.chatbots.mcp_door import McpDoor, add_mcp
from search_api.frame.guard import Guard
from search_api.frame.headers import SecurityHeaders
from search_api.frame.metrics import Metrics, Sizes
from search_api.frame.observe import Observe
from search_api.ingestion.ingestion import Ingestion
from search_api.search.frequent import FrequentQueries
from search_api.service import Service
from search_api.settings import ServiceSettings
from search_api.statistics.recording import Recording
from search_api.warming import Warming
from search_api.web import serving

if TYPE_CHECKING:
    from corpus.library import Library

SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""Where OpenTelemetry is set up, the framework would hand it addresses with what was typed, and the texts of errors."""


def create_app(
    settings: ServiceSettings,
    open_library: Callable[[], Library],
    *,
    clock: Clock = now,
    warm: bool = True,
    ingest: bool = False,
    ending: threading.Event | None = None,
    greet: Callable[[NewMember], None] | None = None,
) -> FastAPI:
    """The service over the library that ``open_library`` opens at start.

    ``greet`` is told the administrator that a first start makes, with the one-time password; without it, standard
    error is. Without ``warm``, model and index are opened by the first question. With ``ingest``, what is uploaded is
    taken in by processes beside this one. ``ending`` is set when the process was told to stop.
    """
    metrics = Metrics()
    mcp = McpDoor(version("lonja"))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            library = await run_in_threadpool(open_library)
            opened.callback(library.close)
            access = await run_in_threadpool(Access, library.catalog, settings, clock)
            opened.callback(access.close)
            first = await run_in_threadpool(access.members.add_first_administrator, settings.administrator_email)
            if first is not None:
                (greet or _greet)(first)
            recording = await run_in_threadpool(_record, library, settings, clock)
            opened.callback(recording.close)
            service = Service(
                settings=settings,
                clock=clock,
                library=library,
                access=access,
                limiter=RateLimiter(settings.rate_limit),
                public_limiter=RateLimiter(settings.public_rate_limit),
                metrics=metrics,
                suggestions=Suggestions(library.catalog),
                frequent=FrequentQueries(library.catalog, settings.crowd, clock, days=settings.query_days),
                recording=recording,
                warming=Warming(library),
                ingestion=Ingestion(
                    library,
                    workers=settings.workers,
                    undo=timedelta(hours=settings.undo_hours),
                    on_failure=metrics.failure,
                ),
                uploads=threading.BoundedSemaphore(settings.max_uploads),
                ending=ending or threading.Event(),
            )
            opened.callback(service.warming.close)
            opened.callback(service.ingestion.close)
            if warm:
                service.warming.start()
            if ingest:
                service.ingestion.start()
            metrics.watch(lambda: _sizes(service))
            app.state.service = service
            await opened.enter_async_context(mcp.opened(service))
            yield

    app = FastAPI(
        title="Lonja",
        version=version("lonja"),
        lifespan=lifespan,
        openapi_url=f"{api.PREFIX}/openapi.json",
        docs_url=None,  # their scripts come from another site
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
        telemetry=SILENT,
    )
    problems.install(app)
    api.include(app)
    serving.include(app)
    add_mcp(app, mcp)
    openapi.describe(app)
    app.add_middleware(
        Guard,
        hosts=settings.hosts,
        bodies={
            "": settings.max_body_kib << 10,
            f"{api.PREFIX}/uploads": settings.max_upload_mib << 20,
        },
    )
    app.add_middleware(SecurityHeaders, is_secure=settings.is_secure)
    app.add_middleware(Observe, metrics=metrics)
    return app


def _sizes(service: Service) -> Sizes:
    catalog = service.library.catalog
    return Sizes(
        queue={stage.value: count for stage, count in catalog.queue.counts().items()},
        documents=catalog.documents.count(),
        passages=service.library.index.count_passages() if service.warming.is_done else None,
    )


def _record(library: Library, settings: ServiceSettings, clock: Clock) -> Recording:
    return Recording(library.catalog, clock, query_days=settings.query_days, count_days=settings.count_days)


def _greet(first: NewMember) -> None:
    sys.stderr.write(
        f"\nThis is the first start. An administrator was made:\n"
        f"    e-mail    {first.member.email}\n"
        f"    password  {first.password}   (once: the first sign-in asks for another)\n\n"
    )
    sys.stderr.flush()
