"""What Prometheus reads: requests, search stages, the queue, the index's size, failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is, asked when Prometheus asks."""

    queue: Mapping[str, int]  # versions by stage
    documents: int
    passages: int | None  # in the index; None while it is not open


class Metrics:
    """Its own registry: two services in one process, as in tests, do not count for each other."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "lonja_request_seconds",
            "Requests by operation and status.",
            ("method", "operation", "status"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "lonja_search_stage_seconds", "Search by stage.", ("stage",), buckets=SECONDS, registry=self.registry
        )
        self._failures = Counter(
            "lonja_failures", "What failed, by kind and code.", ("kind", "code"), registry=self.registry
        )

    def request(self, method: str, operation: str, status: int, seconds: float) -> None:
        self._requests.labels(method if method in METHODS else "other", operation, str(status)).observe(seconds)
        if status >= 500 or status == 0:
            self.failure("request", str(status))

    def search(self, milliseconds: Mapping[str, float]) -> None:
        """By stage: embed, index, fuse, fetch."""
        for stage, duration in milliseconds.items():
            self._stages.labels(stage).observe(duration / 1000)

    def failure(self, kind: str, code: str) -> None:
        self._failures.labels(kind, code).inc()

    def watch(self, sizes: Callable[[], Sizes]) -> None:
        self.registry.register(_SizesCollector(sizes))

    def text(self) -> bytes:
        return generate_latest(self.registry)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _SizesCollector(Collector):
    def __init__(self, sizes: Callable[[], Sizes]) -> None:
        self._sizes = sizes

    def describe(self) -> Iterable[Metric]:
        return ()  # registering must not ask for the sizes yet

    def collect(self) -> Iterable[Metric]:
        sizes = self._sizes()
        queue = GaugeMetricFamily("lonja_queue_versions", "Versions of documents by stage.", labels=("stage",))
        for stage, count in sizes.queue.items():
            queue.add_metric((stage,), count)
        yield queue
        yield GaugeMetricFamily("lonja_documents", "Documents that are found.", value=sizes.documents)
        if sizes.passages is not None:
            yield GaugeMetricFamily("lonja_index_passages", "Passages in the index.", value=sizes.passages)
