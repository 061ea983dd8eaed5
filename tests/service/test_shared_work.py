"""Several services and workers over one index that is a server's, and one database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from tests.database import new_database
from tests.index.qdrant_over_http import qdrant_app
from tests.running import PATIENCE, running
from tests.service.conftest import Browser, furnish
from tests.service.serving import ServingProcess, all_ended, by_name

ALPHA, BETA = "coordinator@alpha.example", "coordinator@beta.example"
WORDS = "ambar brisa cedro duna estera faro grieta huerto indigo jarro lienzo musgo".split()


@dataclass
class Together:
    data: Path
    environment: dict[str, str]
    services: list[ServingProcess] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)  # of the workers

    def serve(self) -> ServingProcess:
        """Each with a log of its own beside the folder that all share."""
        serving = ServingProcess(self.data, **self.environment, LONJA_WORKERS="0")
        serving.log = self.data.parent / f"service-{len(self.services)}.log"
        self.services.append(serving)
        serving.start()
        return serving

    def work(self, name: str) -> None:
        self.logs.append(self.data.parent / f"{name}.log")
        with self.logs[-1].open("wb") as log:
            command = [sys.executable, "-m", "search_api", "worker", "--name", name, "--data", str(self.data)]
            environment = os.environ | self.environment
            self.workers.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

    def embedded(self) -> list[int]:
        """How many documents each worker was at."""
        return [log.read_bytes().count(b"embedded") for log in self.logs]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        for serving in self.services:
            serving.close()


@pytest.fixture
def together(tmp_path: Path) -> Iterator[Together]:
    with ExitStack() as stack:
        qdrant = os.environ.get("LONJA_TEST_QDRANT_URL") or stack.enter_context(running(qdrant_app()))
        database = stack.enter_context(new_database())
        data = tmp_path / "data"
        data.mkdir()
        with Catalog(data / "catalog.db", database) as catalog:
            furnish(catalog)
        environment = {"LONJA_QDRANT_URL": qdrant, "LONJA_LOG_FORMAT": "text"} | (
            {"LONJA_DATABASE_URL": database} if database else {}
        )
        made = Together(data, environment)
        stack.callback(made.close)
        yield made


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_services_and_workers_share_the_work_and_what_is_found(together: Together) -> None:
    one, other = together.serve(), together.serve()
    together.work("first")
    together.work("second")
    alpha, beta = one.signed_in(ALPHA), other.signed_in(BETA)
    for number, word in enumerate(WORDS):
        share((alpha, beta)[number % 2], word, f"La palabra {word} nombra el lote {number} de la cooperativa.\n")
    one.wait_until(lambda: all_ended(alpha) and all_ended(beta), "all jobs to end")
    jobs = by_name(alpha) | by_name(beta)
    assert {name: job["stage"] for name, job in jobs.items()} == {f"{word}.txt": "ready" for word in WORDS}
    one.wait_until(lambda: sum(together.embedded()) >= len(WORDS), "the workers to have told of it")
    assert sum(together.embedded()) == len(WORDS), "none was embedded twice"

    # Whichever service is asked finds what either took in, once.
    for browser in (alpha, beta):
        for word in WORDS:
            hits = browser.post("/search", json={"query": word, "mode": "keyword"}).json()["hits"]
            assert [hit["document"]["id"] for hit in hits] == [jobs[f"{word}.txt"]["document"]]
    for batch in range(20):  # a worker may have come too late for the first ones
        if all(together.embedded()):
            break
        for number in range(4):
            share(alpha, f"mas-{batch}-{number}", f"Otro lote, {batch} de {number}.\n")
        one.wait_until(lambda: all_ended(alpha), "more jobs to end")
    assert all(together.embedded())

    # What one service confirms, the other one holds to: narrowed, deleted, and taken back.
    ambar, cedro = jobs["ambar.txt"]["document"], jobs["cedro.txt"]["document"]
    narrowed = alpha.put(f"/documents/{ambar}/audience", json={"scope": "owner"})
    assert narrowed.status_code == 200, narrowed.text
    assert beta.post("/search", json={"query": "ambar", "mode": "keyword"}).json()["hits"] == []
    assert beta.get(f"/documents/{ambar}").status_code == 404
    assert alpha.delete(f"/documents/{cedro}").status_code in (200, 204)
    assert beta.post("/search", json={"query": "cedro", "mode": "keyword"}).json()["hits"] == []

    # One service less, and a worker less: the other goes on alone.
    other.stop()
    together.workers[0].terminate()
    together.workers[0].wait(timeout=PATIENCE)
    share(alpha, "nube", "La nube nombra el ultimo lote.\n")
    one.wait_until(lambda: all_ended(alpha), "the last job to end")
    assert len(alpha.post("/search", json={"query": "nube", "mode": "keyword"}).json()["hits"]) == 1


def share(browser: Browser, name: str, line: str) -> None:
    answer = browser.post(
        "/uploads",
        files=[("file", (f"{name}.txt", (line * 40).encode()))],
        data={"facts": '{"audience": {"scope": "cluster"}}'},
    )
    assert answer.status_code == 202
