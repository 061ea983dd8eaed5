"""A connection to a Qdrant server that was seen to be ready."""

from __future__ import annotations

import time
from typing import Final

from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException

from corpus.errors import IndexFailure

OLDEST_SERVER: Final = (1, 16)  # facets, metadata of collections
IN_MEMORY: Final = ":memory:"  # the client's own mode without a server, for tests

_REQUEST_SECONDS = 30
_PAUSE = 0.5  # seconds between two tries


def connect(url: str, api_key: str | None = None, patience: float = 30.0) -> QdrantClient:
    """Waits ``patience`` seconds for the server at ``url`` to be ready.

    Raises IndexFailure where it is not by then, or is older than what is needed here.
    """
    if url == IN_MEMORY:
        return QdrantClient(IN_MEMORY)
    try:
        client = QdrantClient(url=url, api_key=api_key, timeout=_REQUEST_SECONDS, check_compatibility=False)
    except ValueError as error:
        raise IndexFailure(
            f"{url!r} is no address of a Qdrant server: {error}.", hint="Set LONJA_QDRANT_URL: http://host:6333."
        ) from error
    try:
        _require(_wait(client, url, patience), url)
    except BaseException:
        client.close()
        raise
    return client


def is_in_memory(client: QdrantClient) -> bool:
    """True of the mode without a server, which warns of everything that it does without."""
    return client.init_options.get("location") == IN_MEMORY


def _wait(client: QdrantClient, url: str, patience: float) -> str:
    deadline = time.monotonic() + patience
    while True:
        try:
            return client.info().version
        except (ResponseHandlingException, ApiException) as error:
            if time.monotonic() + _PAUSE > deadline:
                raise IndexFailure(
                    f"The Qdrant server at {url} was not ready within {patience:.0f} s: {error}.",
                    code="index_unreachable",
                    hint="Look whether it runs and lets this machine in (LONJA_QDRANT_URL, LONJA_QDRANT_API_KEY).",
                ) from error
        time.sleep(_PAUSE)


def _require(version: str, url: str) -> None:
    numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2])
    if numbers < OLDEST_SERVER:
        needed = ".".join(map(str, OLDEST_SERVER))
        raise IndexFailure(
            f"The Qdrant server at {url} is {version}; {needed} or later is needed.", hint="Update the server."
        )
