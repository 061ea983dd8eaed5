"""The service as it runs: a process with a worker beside it, real files of every kind, kills and restarts."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.running import wait_until
from tests.service.serving import ServingProcess, all_ended, by_name

pytestmark = pytest.mark.timeout(900)  # services are started again and again, each with its model

SAMPLES = ROOT / "corpus" / "samples"
KINDS = {
    "report.pdf": SAMPLES / "cafe-alto-juanambu" / "mercado-china-cafe.pdf",
    "registro.docx": SAMPLES / "cafe-alto-juanambu" / "registo-gacc-cifer.docx",
    "precios.xlsx": SAMPLES / "cafe-alto-juanambu" / "lista-precios-cosecha-2026.xlsx",
    "certificacion.pptx": SAMPLES / "cacao-bahia-verde" / "certificacao-organica-e-equivalencia.pptx",
    "fob.csv": SAMPLES / "cacao-bahia-verde" / "precios-fob-almendra-2025-2026.csv",
    "halal.html": SAMPLES / "cacao-bahia-verde" / "halal-certification-chocolate-gulf.html",
    "fda.eml": SAMPLES / "cafe-alto-juanambu" / "fda-prior-notice-and-fsvp.eml",
    "golfo.md": SAMPLES / "cacao-bahia-verde" / "golfo-sin-acuerdo-con-el-ccg.md",
    "carta.txt": SAMPLES / "cacao-bahia-verde" / "carta-de-credito-lecciones-ucp600.txt",
}
ALPHA, BETA = "coordinator@alpha.example", "coordinator@beta.example"


@pytest.fixture
def served(tmp_path: Path, furnished: Path) -> Iterator[ServingProcess]:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(furnished, data / "catalog.db")
    serving = ServingProcess(data)
    serving.start()
    try:
        yield serving
    finally:
        serving.close()


def test_files_of_every_kind_end_as_ready_or_with_their_reason_and_survive_kills(served: ServingProcess) -> None:
    alpha = served.signed_in(ALPHA)
    files = [("file", (name, path.read_bytes())) for name, path in KINDS.items()]
    files.append(("file", ("bomb.docx", _bomb())))
    files.append(("file", ("broken.pdf", b"%PDF-1.7\n" + b"rubbish " * 100)))
    answer = alpha.post("/uploads", files=files, data={"facts": '{"audience": {"scope": "cluster"}}'})
    assert answer.status_code == 202
    served.wait_until(lambda: bool(served.workers()), "a worker")
    # The worker dies by itself: another one takes its place.
    [worker] = served.workers()
    worker.kill()
    served.wait_until(lambda: bool(served.workers()) and served.workers() != [worker], "another worker")
    # The whole service is killed in the middle of it: what it keeps ends with it, and the next start goes on.
    served.wait_until(lambda: any(job["stage"] == "ready" for job in by_name(alpha).values()), "a first document")
    served.kill()
    served.start()
    alpha, beta = served.signed_in(ALPHA), served.signed_in(BETA)
    served.wait_until(lambda: all_ended(alpha), "all jobs to end")
    jobs = by_name(alpha)
    assert {name: job["stage"] for name, job in jobs.items() if name in KINDS} == dict.fromkeys(KINDS, "ready")
    assert jobs["bomb.docx"]["failure"]["code"] == "bomb"
    assert jobs["broken.pdf"]["failure"]["code"] == "corrupt"
    assert jobs["broken.pdf"]["failure"]["hint"]
    found = beta.post("/search", json={"query": "registro de la fábrica ante la GACC", "limit": 3}).json()
    assert jobs["registro.docx"]["document"] in {hit["document"]["id"] for hit in found["hits"]}
    # A backup is made while it runs, and holds all of it.
    archive = served.data.parent / "backup.tar.gz"
    assert _lonja("backup", str(archive), "--data", str(served.data)).returncode == 0
    wanted = beta.get("/documents", params={"limit": 200}).json()
    assert served.stop() in (0, -signal.SIGTERM)
    damaged = bytearray(archive.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    (served.data.parent / "damaged.tar.gz").write_bytes(damaged)
    before = _listing(served.data)
    refused = _lonja("restore", str(served.data.parent / "damaged.tar.gz"), "--replace", "--data", str(served.data))
    assert refused.returncode == 5
    assert "damaged" in refused.stderr
    assert _listing(served.data) == before
    elsewhere = ServingProcess(served.data.parent / "elsewhere")
    restored = _lonja("restore", str(archive), "--data", str(elsewhere.data))
    assert restored.returncode == 0, restored.stderr
    elsewhere.start()
    try:
        again = elsewhere.signed_in(BETA)
        told = again.get("/documents", params={"limit": 200}).json()
        assert [item["id"] for item in told["items"]] == [item["id"] for item in wanted["items"]]
        hits = again.post("/search", json={"query": "registro de la fábrica ante la GACC", "limit": 3}).json()["hits"]
        assert [hit["document"]["id"] for hit in hits] == [hit["document"]["id"] for hit in found["hits"]]
        original = again.get(f"/documents/{jobs['report.pdf']['document']}/original")
        assert original.content == KINDS["report.pdf"].read_bytes()
    finally:
        elsewhere.close()


def test_two_gigabytes_cost_no_memory(served: ServingProcess) -> None:
    """Sent without a length, so that only reading tells how much it is."""
    browser = served.signed_in(ALPHA)
    browser.post("/uploads", files=[("file", ("a.txt", b"warm"))])
    before = served.process.memory_info().rss

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(2 << 14):
            yield bytes(1 << 16)

    try:
        answer = browser.post(
            "/uploads", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
    except httpx.HTTPError:
        answer = None  # the server hung up while we were still sending
    assert answer is None or answer.status_code == 413
    assert served.process.memory_info().rss - before < 100 << 20
    wait_until(lambda: not list((served.data / "incoming").iterdir()), "the cut file to be gone")


def test_one_folder_has_one_service(served: ServingProcess) -> None:
    second = _lonja("serve", "--port", "0", "--data", str(served.data))
    assert second.returncode != 0
    assert "Another Lonja process" in second.stderr


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/document.xml", bytes(300 << 20))
    return packed.getvalue()


def _lonja(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "search_api", *arguments], capture_output=True, text=True, env=os.environ
    )


def _listing(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != "lock"}
