"""What takes documents in while the service answers: worker processes and a publisher, started and ended together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from corpus.library import Library, new_worker_name
from search_api.ingestion.publisher import Publisher
from search_api.ingestion.worker_process import WorkerProcess


class Ingestion:
    """Nothing runs before :meth:`start`; waking what does not run is no error."""

    def __init__(
        self,
        library: Library,
        *,
        workers: int,
        undo: timedelta,
        on_failure: Callable[[str, str], None] = lambda _kind, _code: None,
    ) -> None:
        self._library = library
        name = new_worker_name()
        self.workers = tuple(
            WorkerProcess(library, f"{name}:{number}", on_death=lambda: on_failure("worker", "died"))
            for number in range(workers)
        )
        self.publisher = Publisher(
            library, name=name, undo=undo, on_failure=lambda code: on_failure("publishing", code)
        )

    def start(self) -> None:
        # Before there are workers: from here on, whoever holds something is alive.
        self._library.release()
        self.publisher.start()
        for worker in self.workers:
            worker.start()

    def wake(self) -> None:
        """There is something new in the queue."""
        for worker in self.workers:
            worker.wake()

    def close(self) -> None:
        for worker in self.workers:
            worker.close()
        self.publisher.close()
