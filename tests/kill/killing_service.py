"""Kills the service at random moments, under uploads and searches, and looks at what became of what it answered.

Anyone can run it, with any count:  python -m tests.kill.killing_service --count 50

Each round starts ``lonja serve`` on the same data folder, has several clients upload documents and new versions and
search it, and kills it with SIGKILL after a random time. At the end it is left in peace until its queue is empty, and:

- every upload that was answered with 2xx is ready, and found by a word that only it holds;
- none is there twice, none in part: the index holds as many passages as the catalog.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from corpus.catalog import Catalog
from corpus.documents import Organisation, Principal, Role
from corpus.library import Library
from corpus.membership import KeyScope
from corpus.search.results import Mode, SearchRequest
from corpus.settings import read_settings
from search_api.access.access import Access
from search_api.access.caller import Caller
from search_api.settings import ServiceSettings
from tests.kill.killing import FILLER, new_word
from tests.running import PATIENCE
from tests.service.serving import ServingProcess

CLIENTS = 3


@dataclass
class Answered:
    document: str
    word: str  # stands in this document's newest answered version and nowhere else


@dataclass
class Tally:
    kills: int = 0
    searches: int = 0
    uploads: list[Answered] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    words: set[str] = field(default_factory=set)

    def word(self, chance: random.Random) -> str:
        with self.lock:
            return new_word(chance, self.words)


def furnish(data: Path) -> str:
    """Returns a key that may contribute."""
    data.mkdir(parents=True)
    with Catalog(data / "catalog.db") as catalog:
        catalog.organisations.put(Organisation("alpha", "Alpha"))
        access = Access(catalog, ServiceSettings())
        access.members.add(
            Caller.operator(), email="a@alpha.example", name="A", role=Role.ADMINISTRATOR, organisation=None
        )
        made = access.keys.make(Caller.operator(), name="k", organisation="alpha", scope=KeyScope.CONTRIBUTE)
        access.close()
    return made.secret


def content(word: str, sections: int) -> bytes:
    parts = [f"# Document {word}\n"] + [f"## Section {n}\n\n{FILLER}\n\n{word} {n}.\n" for n in range(sections)]
    return "\n".join(parts).encode()


def asking(url: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)


class Client(threading.Thread):
    """Uploads, replaces and searches until it is told to stop. Whatever is not answered is not counted."""

    def __init__(self, url: str, key: str, seed: int, tally: Tally) -> None:
        super().__init__(daemon=True)
        self._http = asking(url, key)
        self._chance = random.Random(seed)
        self._tally = tally
        self.ending = threading.Event()

    def run(self) -> None:
        with self._http:
            while not self.ending.is_set():
                try:
                    self._act()
                except httpx.HTTPError:
                    time.sleep(0.1)  # killed, or not there yet

    def _act(self) -> None:
        action = self._chance.random()
        word = self._tally.word(self._chance)
        files = [("file", (f"{word}.md", content(word, self._chance.randint(1, 5))))]
        if action < 0.4:
            answer = self._http.post("/uploads", files=files, data={"facts": '{"audience": {"scope": "cluster"}}'})
            if answer.status_code == 202:
                document = answer.json()["files"][0]["document"]
                with self._tally.lock:
                    self._tally.uploads.append(Answered(document, word))
        elif action < 0.5:
            self._replace(word, files)
        else:
            answer = self._http.post("/search", json={"query": "certificado de origen", "limit": 3})
            self._tally.searches += answer.status_code == 200
        if answer_is_wrong(answer := self._http.get("/session")):
            self._tally.faults.append(f"{answer.status_code}: {answer.text[:200]}")
        time.sleep(0.25)

    def _replace(self, word: str, files: list[tuple[str, tuple[str, bytes]]]) -> None:
        """One client at a time has a document, so that it is known which version is the last."""
        with self._tally.lock:
            taken = self._tally.uploads.pop(0) if self._tally.uploads else None
        if taken is None:
            return
        try:
            answer = self._http.post(f"/uploads/{taken.document}", files=files)
            if answer.status_code == 202:
                taken.word = word
        except httpx.HTTPError:
            taken.word = ""  # it may have come in or not: either version will do
        finally:
            with self._tally.lock:
                self._tally.uploads.append(taken)


def answer_is_wrong(answer: httpx.Response) -> bool:
    return answer.status_code >= 500 and answer.status_code != 503


def run(count: int, seed: int, folder: Path, longest: float = 10.0) -> Tally:
    chance = random.Random(seed)
    tally = Tally()
    data = folder / "data"
    key = furnish(data)
    serving = ServingProcess(data)
    try:
        for kill in range(count):
            serving.start(until_ready=False)
            clients = [Client(serving.url, key, seed * 1000 + kill * CLIENTS + n, tally) for n in range(CLIENTS)]
            # One in three is killed while it still opens the model and mends what the last kill left.
            opened = "healthz" if chance.random() < 0.33 else "readyz"
            serving.wait_until(lambda path=opened: serving.answers(path))  # type: ignore[misc]
            for client in clients:
                client.start()
            time.sleep(chance.uniform(0.1, longest))
            serving.kill()
            tally.kills += 1
            for client in clients:
                client.ending.set()
            for client in clients:
                client.join()
        serving.start()
        with asking(serving.url, key) as http:
            _wait_for_the_end(http)
        serving.stop()
    finally:
        serving.close()
    inspect(data, tally)
    return tally


def _wait_for_the_end(http: httpx.Client, patience: float = 3600.0) -> None:
    deadline = time.monotonic() + patience
    while http.get("/jobs", params={"state": "active", "limit": 1}).json()["items"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the queue does not become empty")
        time.sleep(0.5)


def inspect(data: Path, tally: Tally) -> None:
    with Library(read_settings(data=data)) as library:
        principal = Principal("alpha")
        for upload in tally.uploads:
            versions = library.catalog.documents.versions(upload.document)
            if not any(version.stage == "ready" for version in versions):
                tally.faults.append(f"{upload.document} was answered and is not ready: {versions}")
                continue
            if not upload.word:
                continue
            hits = library.search(SearchRequest(upload.word, principal, mode=Mode.KEYWORD, limit=10)).hits
            found = [hit.document.id for hit in hits if upload.word in hit.passages[0].stored.passage.text]
            if found != [upload.document]:
                tally.faults.append(f"{upload.word} of {upload.document} is found in {found}")
        current = dict(library.catalog.passages.current_versions())
        points = library.index.versions()
        for document, version in current.items():
            if points.get(document) != {version: True}:
                tally.faults.append(f"{document}: the index has {points.get(document)}, the catalog {version}")
        if library.index.count_passages() != library.catalog.passages.count():
            tally.faults.append(f"{library.index.count_passages()} points, {library.catalog.passages.count()} passages")
        answered = {upload.document for upload in tally.uploads}
        if len(answered) != len(tally.uploads):
            tally.faults.append("two uploads were answered with the same document")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50, help="how many kills")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(options.count, options.seed, Path(folder))
    print(  # noqa: T201
        f"{tally.kills} kills, {len(tally.uploads)} documents answered with 2xx, {tally.searches} searches, "
        f"{len(tally.faults)} faults"
    )
    for fault in tally.faults:
        print(f"  {fault}")  # noqa: T201
    sys.exit(bool(tally.faults))


if __name__ == "__main__":
    main()
