"""Running the service: one process, until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

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
    uvicorn.run(
        create_app(settings, open_library, greet=greet),
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
