"""``lonja serve`` as a process of its own: to be asked over HTTP, killed, and started again on the same folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.running import PATIENCE
from tests.service.conftest import Browser


class ServingProcess:
    """Its worker and its index are processes below it."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self._environment = {
            "LONJA_LOG_FORMAT": "text", "LONJA_RATE_LIMIT": "0", "LONJA_PUBLIC_RATE_LIMIT": "0", **environment,
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self._held: socket.socket | None = None
        self._browsers: list[Browser] = []
        self.url = ""
        self.log = data.parent / f"{data.name}.log"

    def start(self, *, until_ready: bool = True) -> None:
        port = self._hold_a_port()
        self.url = f"http://127.0.0.1:{port}"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "search_api", "serve", "--data", str(self.data), "--port", str(port)],
                env=os.environ | self._environment,
                stderr=log,
                stdout=log,
                start_new_session=True,
            )
        if until_ready:
            self.wait_until(lambda: self.answers("readyz"))

    def _hold_a_port(self) -> int:
        """A port for the service alone: it is bound here until the next start, so that nobody else is given it.

        The service may bind it as well, for both allow that (SO_REUSEADDR) and only the service listens. It is allowed
        here once the port is chosen, or the same one could be chosen for another test's service.
        """
        if self._held is not None:
            self._held.close()
        self._held = socket.socket()
        self._held.bind(("127.0.0.1", 0))
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return int(self._held.getsockname()[1])

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def workers(self) -> list[psutil.Process]:
        found = []
        for child in self.process.children():
            try:
                if "worker" in child.cmdline():
                    found.append(child)
            except psutil.Error:
                continue
        return found

    def kill(self) -> None:
        """SIGKILL to the service alone: what it keeps must end by itself."""
        assert self._process is not None
        below = self.process.children(recursive=True)
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        _, alive = psutil.wait_procs(below, timeout=PATIENCE)
        assert not alive, f"they outlive the service: {alive}"

    def answers(self, path: str) -> bool:
        """With 200. Raises httpx.HTTPError where nobody does."""
        return httpx.get(f"{self.url}/{path}", timeout=PATIENCE).status_code == 200

    def stop(self) -> int:
        """By SIGTERM, in an orderly way: the status is minus its number, for uvicorn passes it on at its end."""
        assert self._process is not None
        self._process.terminate()
        status = self._process.wait(timeout=PATIENCE)
        self._process = None
        return status

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._held is not None:
            self._held.close()

    def wait_until(self, holds: Callable[[], bool], what: str = "it to be ready") -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if holds():
                    return
            except httpx.HTTPError:
                pass
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.1)
        raise AssertionError(f"waited for {what} in vain: {self.log.read_text()[-3000:]}")

    def signed_in(self, email: str) -> Browser:
        browser = Browser(self.url)
        self._browsers.append(browser)
        browser.sign_in(email)
        return browser


def all_ended(browser: httpx.Client) -> bool:
    answer = browser.get("/jobs", params={"state": "active", "limit": 1})
    assert answer.status_code == 200, answer.text
    return not answer.json()["items"]


def by_name(browser: httpx.Client) -> dict[str, dict[str, Any]]:
    """The newest job of each file of the own firm."""
    jobs: dict[str, dict[str, Any]] = {}
    cursor: str | None = None
    while True:
        page = browser.get("/jobs", params={"limit": 200} | ({"cursor": cursor} if cursor else {})).json()
        for job in page["items"]:
            jobs.setdefault(job["file_name"], job)
        cursor = page["next_cursor"]
        if cursor is None:
            return jobs
