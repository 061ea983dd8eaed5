"""Running the service: one process, until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from corpus.errors import LonjaError
from search_api.access.members import NewMember
from search_api.app import create_app
from search_api.frame.logs import configure_logs
from search_api.settings import ServiceSettings

if TYPE_CHECKING:
    from corpus.library import Library


def serve(
    settings: ServiceSettings,
    open_library: Callable[[], Library],
    *,
    greet: Callable[[NewMember], None] | None = None,
) -> None:
    """Answers requests until the process gets a signal to stop; requests under way have 20 seconds then."""
    configure_logs(settings.log_level, settings.log_format)
    ending = threading.Event()
    config = uvicorn.Config(
        create_app(settings, open_library, greet=greet, ingest=True, ending=ending),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=20,
        lifespan="on",
    )
    server = _Server(config, ending)
    server.run()
    if not server.started:
        raise LonjaError("The service could not start.", code="not_started", hint="The log says why.")


class _Server(uvicorn.Server):
    """Tells the answers that go on and on (progress) to end, as it waits for every answer before it stops."""

    def __init__(self, config: uvicorn.Config, ending: threading.Event) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._ending.set()
        super().handle_exit(sig, frame)
