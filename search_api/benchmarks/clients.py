"""Clients that search over HTTP, as a process: ``python -m search_api.benchmarks.clients URL CLIENTS SECONDS``.

The key comes by the environment (``LONJA_BENCH_KEY``). Each client keeps one connection and asks again as soon as it is
answered. The answer, on the standard output, is a :class:`Load` as JSON.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from search_api.benchmarks.searching import FILTERS, QUESTIONS

KEY = "LONJA_BENCH_KEY"
WARM = 2.0  # seconds that do not count
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """Times in milliseconds, as the clients saw them."""

    clients: int
    searches_per_second: float
    p50: float
    p95: float
    p99: float
    http_cost: float  # median of what an answer took beyond the search itself, which it tells of
    refused: int  # answers that were none


@dataclass
class _Seen:
    waits: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    refused: int = 0


def measure_load(url: str, key: str, clients: int, seconds: float) -> Load:
    parts = urlsplit(url)
    assert parts.hostname is not None
    begin = time.perf_counter() + WARM
    end = begin + seconds
    seen = [_Seen() for _ in range(clients)]
    threads = [
        threading.Thread(target=_ask, args=(parts.hostname, parts.port, key, number, one, begin, end))
        for number, one in enumerate(seen)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits = sorted(wait for one in seen for wait in one.waits) or [0.0]
    return Load(
        clients=clients,
        searches_per_second=round(len(waits) / seconds, 1),
        p50=_at(waits, 0.50),
        p95=_at(waits, 0.95),
        p99=_at(waits, 0.99),
        http_cost=round(statistics.median([cost for one in seen for cost in one.costs] or [0.0]), 2),
        refused=sum(one.refused for one in seen),
    )


def _ask(host: str, port: int | None, key: str, number: int, seen: _Seen, begin: float, end: float) -> None:
    questions = (*QUESTIONS[number % 12 :], *QUESTIONS[: number % 12])
    requests = [_request(host, key, json.dumps(_body(question)).encode()) for question in questions]
    asked = 0
    with _Connection(host, port or 80) as connection:
        while (start := time.perf_counter()) < end:
            status, content = connection.ask(requests[asked % len(requests)])
            wait = (time.perf_counter() - start) * 1000
            asked += 1
            if start < begin:
                continue
            if status != 200:
                seen.refused += 1
                continue
            seen.waits.append(wait)
            seen.costs.append(wait - sum(json.loads(content)["milliseconds"].values()))


class _Connection:
    """Sends requests that are written already and reads answers by their length.

    A client library takes half a millisecond of an answer for itself, on cores that it shares with the service here;
    what is measured is the service.
    """

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the content of the answer."""
        self._socket.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        length = _LENGTH.search(received, 0, end + 2)
        assert length is not None, "the service tells the length of its answers"
        content = received[end + 4 :]
        while len(content) < int(length[1]):
            content += self._more()
        return int(received[9:12]), content

    def _more(self) -> bytes:
        more = self._socket.recv(1 << 18)
        if not more:
            raise ConnectionError("The service closed the connection.")
        return more


def _request(host: str, key: str, body: bytes) -> bytes:
    head = (
        f"POST /api/v1/search HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _body(question: str) -> dict[str, object]:
    filters = {"kinds": list(FILTERS.kinds), "languages": list(FILTERS.languages)}
    return {"query": question, "filters": filters, "explain": True}


def _at(waits: list[float], share: float) -> float:
    return round(waits[min(len(waits) - 1, int(share * len(waits)))], 1)


def main() -> None:
    url, clients, seconds = sys.argv[1:]
    json.dump(asdict(measure_load(url, os.environ[KEY], int(clients), float(seconds))), sys.stdout)


if __name__ == "__main__":
    main()
