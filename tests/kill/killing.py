"""Kills an ingest at random moments and looks at what is left.

Anyone can run it, with any count:  python -m tests.kill.killing --count 50

Each round starts ``lonja ingest`` as a process of its own on a folder whose files change between rounds, kills it with
SIGKILL after a random time, opens the data folder again and checks what the house promises:

- every document that was reported as added or as a new version is found by a word that only it holds, in that version;
- no document is found with fewer passages than it has, or with those of an older version;
- the ingest, run again, finishes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from corpus.documents import Principal
from corpus.index.protocol import Filters
from corpus.indexing import EVERYTHING
from corpus.library import Library
from corpus.search.results import Mode, SearchRequest
from corpus.settings import read_settings

SYLLABLES = ("ba", "co", "du", "fe", "gi", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "ze")
FILLER = (
    "El exportador presenta la declaración ante la aduana y conserva la copia firmada durante cinco años. "
    "The importer receives the certificate of origin before the goods arrive at the port of destination. "
)


@dataclass
class Written:
    """What the files on the disk say now."""

    word: str  # stands in this state of this file and nowhere else
    sections: int


@dataclass
class Tally:
    rounds: int = 0
    reported: int = 0
    finished: int = 0
    faults: list[str] = field(default_factory=list)


def new_word(chance: random.Random, used: set[str]) -> str:
    while True:
        word = "".join(chance.choice(SYLLABLES) for _ in range(6))
        if word not in used:
            used.add(word)
            return word


def write(file: Path, written: Written) -> None:
    parts = [f"# Document {file.stem}\n"]
    parts += [f"## Section {n}\n\n{FILLER * 3}\n\n{written.word} {n}.\n" for n in range(written.sections)]
    file.write_text("\n".join(parts), encoding="utf-8")


def ingest(folder: Path, data: Path, kill_after: float | None) -> tuple[list[dict[str, str]], bool]:
    """The events that were reported, and whether the run came to its own end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "search_api", "ingest", str(folder), "--json", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    try:
        out, errors = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, errors = process.communicate()
        return _events(out), False
    if process.returncode != 0:
        raise RuntimeError(f"the ingest ended with {process.returncode}: {errors[-2000:]} {out[-2000:]}")
    return _events(out), True


def _events(out: str) -> list[dict[str, str]]:
    """A last line that the kill cut short was never reported."""
    return [json.loads(line) for line in out.split("\n")[:-1] if line.startswith("{")]


def inspect(data: Path, reported: dict[str, list[str]], tally: Tally) -> None:
    """``reported``: by file name, the word of the state that was reported as taken in, and those of the states since.

    A later state may have come in without a report, when the kill was between the two.
    """
    with Library(read_settings(data=data)) as library:
        library.reconcile()
        for name, words in reported.items():
            found = [
                word
                for word in words
                if library.search(SearchRequest(word, Principal.operator(), mode=Mode.KEYWORD)).hits
            ]
            if len(found) != 1:
                tally.faults.append(f"{name} was reported with {words[0]}, since then {words[1:]}; found: {found}")
        points = library.index.versions()
        for document, version in library.catalog.passages.current_versions():
            if points.get(document) != {version: True}:
                tally.faults.append(f"{document}: the index has {points.get(document)}, the catalog {version}")
        if set(points) - {document for document, _ in library.catalog.passages.current_versions()}:
            tally.faults.append("the index has documents that the catalog does not know")
        if library.index.count_passages() != library.catalog.passages.count():
            tally.faults.append(f"{library.index.count_passages()} points, {library.catalog.passages.count()} passages")
        if library.index.count(EVERYTHING, Filters()) != library.catalog.documents.count():
            tally.faults.append("the index counts other documents than the catalog")


def _seconds(source: Path, data: Path) -> float:
    start = time.monotonic()
    ingest(source, data, None)
    return time.monotonic() - start


def run(count: int, seed: int, folder: Path, documents: int = 40) -> Tally:
    """The moments are spread over the time that the ingest takes on this machine, its start-up included."""
    chance = random.Random(seed)
    used: set[str] = set()
    source, data = folder / "files", folder / "data"
    source.mkdir(parents=True)
    files = {f"d{n:03}.md": Written(new_word(chance, used), chance.randint(1, 6)) for n in range(documents)}
    for name, written in files.items():
        write(source / name, written)
    whole = _seconds(source, folder / "measured")
    start_up = _seconds(source, folder / "measured")
    reported: dict[str, list[str]] = {}
    tally = Tally()
    while tally.rounds < count or not tally.reported:
        if tally.rounds >= count:  # the machine is slower than it was: a kill before anything is told shows little
            start_up, whole = 1.5 * start_up, 1.5 * whole
        while_starting = tally.rounds % 5 == 4
        events, ended = ingest(
            source, data, chance.uniform(0.1, start_up) if while_starting else chance.uniform(0.8 * start_up, whole)
        )
        tally.rounds += 1
        tally.finished += ended
        for event in events:
            if event.get("event") in ("added", "new_version"):
                name = Path(event["file"]).name
                reported[name] = [files[name].word]
                tally.reported += 1
        inspect(data, reported, tally)
        for name in chance.sample(sorted(files), 5):
            files[name] = Written(new_word(chance, used), chance.randint(1, 6))
            if name in reported:
                reported[name].append(files[name].word)
            write(source / name, files[name])
    _, ended = ingest(source, data, None)
    inspect(data, {name: [written.word] for name, written in files.items()}, tally)
    if not ended:
        tally.faults.append("the last ingest did not finish")
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50, help="how many kills")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(options.count, options.seed, Path(folder))
    print(  # noqa: T201
        f"{tally.rounds} rounds, {tally.rounds - tally.finished} killed, {tally.reported} documents reported, "
        f"{len(tally.faults)} faults"
    )
    for fault in tally.faults:
        print(f"  {fault}")  # noqa: T201
    sys.exit(bool(tally.faults))


if __name__ == "__main__":
    main()
