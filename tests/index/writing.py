"""Writes documents to an index until it is killed, and says of each publication when it was acknowledged.

Run as ``python -m tests.index.writing FOLDER [optimise]``; with ``optimise`` it optimises over and over beside that.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from corpus.index.edge import EdgeIndex
from tests.index.making import passages

DOCUMENTS = 12
PASSAGES = 40
GRAPH_FROM = 100


def main() -> None:
    index = EdgeIndex.open(Path(sys.argv[1]), graph_from=GRAPH_FROM)
    if sys.argv[2:] == ["optimise"]:
        threading.Thread(target=_optimise, args=(index,), daemon=True).start()
    version = 0
    while True:
        version += 1
        document = f"document-{version % DOCUMENTS}"
        index.write(passages(document, version, first_id=version * PASSAGES, languages=("es",) * PASSAGES))
        index.publish(document, version)
        sys.stdout.write(f"{document} {version}\n")
        sys.stdout.flush()


def _optimise(index: EdgeIndex) -> None:
    while True:
        if index.optimise():
            sys.stdout.write("optimised\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
