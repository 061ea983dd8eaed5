"""The worker process that the service keeps: started, woken, started again when it dies, ended with the service."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from corpus.errors import LonjaError
from corpus.library import Library
from corpus.settings import LibrarySettings

FIRST_PAUSE = 0.5  # seconds before it is started again; doubles while it keeps dying
LONGEST_PAUSE = 60.0
LIVED_WELL = 60.0  # seconds after which an end says nothing about the next start
GRACE = 10.0

log = logging.getLogger("lonja.worker")


class WorkerProcess:
    """Its standard input is the cord: a line wakes it, the end of it ends it, whatever way the service goes."""

    def __init__(self, library: Library, name: str, *, on_death: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self._library = library
        self._on_death = on_death
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"keeper of {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_running(self) -> bool:
        with self._lock:
            return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int | None:
        with self._lock:
            return None if self._process is None else self._process.pid

    def wake(self) -> None:
        with self._lock:
            process = self._process
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write(b"\n")
            process.stdin.flush()
        except (OSError, ValueError):
            return  # it has just ended: the next one looks at the queue first

    def close(self) -> None:
        """It gives back what it holds; where that takes too long it is killed, and the next start queues it again."""
        self._ending.set()
        with self._lock:
            process = self._process
        if process is not None and process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                log.debug("the worker had ended")
        if self._thread.ident is not None:
            self._thread.join(GRACE)
        if process is not None and process.poll() is None:
            process.kill()
        if self._thread.ident is not None:
            self._thread.join()

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._ending.is_set():
            started = time.monotonic()
            with self._lock:
                if self._ending.is_set():
                    return
                process = self._process = self._open()
            status = process.wait()
            if self._ending.is_set():
                break
            lived = time.monotonic() - started
            pause = FIRST_PAUSE if lived > LIVED_WELL else min(2 * pause, LONGEST_PAUSE)
            log.error("the worker process ended with status %s; another one starts in %.1f s", status, pause)
            self._on_death()
            self._release()
            self._ending.wait(pause)
        self._release(died=False)

    def _release(self, *, died: bool = True) -> None:
        try:
            self._library.catalog.queue.release(self.name, died=died)
        except LonjaError as error:  # its leases end by themselves
            log.warning("what the worker held could not be queued again: %s", error.message)

    def _open(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "search_api", "worker", "--kept", "--name", self.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=os.environ | environment_of(self._library.settings),
            start_new_session=True,  # Ctrl-C is for the service, which then lets go of the cord
        )


def environment_of(settings: LibrarySettings) -> dict[str, str]:
    """The settings as another process of ours reads them."""
    values = settings.model_dump() | {"data": settings.data.expanduser().absolute()}
    return {f"LONJA_{name.upper()}": str(value) for name, value in values.items() if value is not None}
