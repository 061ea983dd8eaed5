"""``lonja serve`` under load: clients alone, and clients while documents are being ingested."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from corpus.catalog import Catalog
from corpus.errors import LonjaError
from corpus.membership import KeyScope
from search_api.access.access import Access
from search_api.access.caller import Caller
from search_api.benchmarks.clients import KEY, Load
from search_api.benchmarks.memory import resident_megabytes
from search_api.benchmarks.texts import write_files
from search_api.settings import ServiceSettings

CLIENTS = (1, 8, 32)
SECONDS = 10.0  # of each measurement
UPLOADED_AT_ONCE = 50
PATIENCE = 120.0  # seconds for the service to be ready


@dataclass(frozen=True, slots=True)
class ServingFigures:
    idle: list[Load]
    ingesting: list[Load]
    p95_ratios: list[float]  # under ingestion to idle, for each number of clients
    http_cost: float  # milliseconds at the median, one client, idle
    documents: int  # uploaded
    documents_left: int  # of them, when the last client was done: more than none, or the load ended too early
    resident_megabytes: float  # the service's processes, its worker's among them, while it ingests


def measure_serving(data: Path, source: Path, documents: int = 200) -> ServingFigures:
    """``data`` is the folder of a library that :func:`filling.fill` filled, ``source`` has texts to upload."""
    key = _key(data)
    with _serving(data) as (url, process), tempfile.TemporaryDirectory(prefix="lonja-bench-") as folder:
        idle = [_load(url, key, clients) for clients in CLIENTS]
        _upload(url, key, write_files(source, Path(folder), documents))
        ingesting = [_load(url, key, clients) for clients in CLIENTS]
        return ServingFigures(
            idle=idle,
            ingesting=ingesting,
            p95_ratios=[round(busy.p95 / alone.p95, 2) for busy, alone in zip(ingesting, idle, strict=True)],
            http_cost=idle[0].http_cost,
            documents=documents,
            documents_left=_left(url, key),
            resident_megabytes=round(resident_megabytes(process), 1),
        )


def _key(data: Path) -> str:
    """Of a chatbot that may contribute."""
    with Catalog(data / "catalog.db") as catalog:
        access = Access(catalog, ServiceSettings())
        made = access.keys.make(Caller.operator(), name="bench", organisation="firm-1", scope=KeyScope.CONTRIBUTE)
        access.close()
    return made.secret


@contextmanager
def _serving(data: Path) -> Iterator[tuple[str, int]]:
    """Its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = data.parent / "serving.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "search_api", "serve", "--data", str(data), "--port", str(port)],
            env={**os.environ, "LONJA_RATE_LIMIT": "0", "LONJA_PUBLIC_RATE_LIMIT": "0"},
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(url, log)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.2)
    said = log.read_text(errors="replace")[-500:]
    raise LonjaError(f"The service was not ready after {PATIENCE:.0f} s: {said}", code="bench_failed")


def _load(url: str, key: str, clients: int) -> Load:
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "search_api.benchmarks.clients", url, str(clients), str(SECONDS)],
        env={**os.environ, KEY: key},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise LonjaError(f"The clients failed: {ended.stderr.strip()[-500:]}", code="bench_failed")
    return Load(**json.loads(ended.stdout))


def _upload(url: str, key: str, files: list[Path]) -> None:
    for start in range(0, len(files), UPLOADED_AT_ONCE):
        batch = [("file", (path.name, path.read_bytes())) for path in files[start : start + UPLOADED_AT_ONCE]]
        answer = httpx.post(
            f"{url}/api/v1/uploads",
            headers={"Authorization": f"Bearer {key}"},
            files=batch,
            data={"facts": json.dumps({"audience": {"scope": "owner"}})},
            timeout=120,
        )
        if answer.status_code != 202:
            raise LonjaError(f"Uploading failed: {answer.text[:500]}", code="bench_failed")


def _left(url: str, key: str) -> int:
    """Documents whose ingestion goes on."""
    left = 0
    cursor: str | None = None
    while True:
        parameters: dict[str, Any] = {"state": "active", "limit": 100} | ({"cursor": cursor} if cursor else {})
        page = httpx.get(
            f"{url}/api/v1/jobs", params=parameters, headers={"Authorization": f"Bearer {key}"}, timeout=60
        ).json()
        left += len(page["items"])
        cursor = page.get("next_cursor")
        if not cursor:
            return left


def main() -> None:
    data, source, documents = sys.argv[1:]
    json.dump(asdict(measure_serving(Path(data), Path(source), int(documents))), sys.stdout)


if __name__ == "__main__":
    main()
