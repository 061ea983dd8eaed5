"""Clients that search over HTTP, as a process: ``python -m search_api.benchmarks.clients URL CLIENTS SECONDS``.

The key comes by the environment (``LONJA_BENCH_KEY``). Each client keeps one connection and asks again as soon as it is
answered. The answer, on the standard output, is a :class:`Load` as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from search_api.benchmarks.searching import FILTERS, QUESTIONS

KEY = "LONJA_BENCH_KEY"
WARM = 2.0  # seconds that do not count


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
    connection = HTTPConnection(host, port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    bodies = [json.dumps(_body(question)) for question in (*QUESTIONS[number % 12 :], *QUESTIONS[: number % 12])]
    asked = 0
    while (start := time.perf_counter()) < end:
        connection.request("POST", "/api/v1/search", bodies[asked % len(bodies)], headers)
        answer = connection.getresponse()
        content = answer.read()
        wait = (time.perf_counter() - start) * 1000
        asked += 1
        if start < begin:
            continue
        if answer.status != 200:
            seen.refused += 1
            continue
        seen.waits.append(wait)
        seen.costs.append(wait - sum(json.loads(content)["milliseconds"].values()))
    connection.close()


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
