"""An environment of Python with the peers in it."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from corpus.errors import LonjaError

REQUIREMENTS = (
    "torch==2.13.0",
    "sentence-transformers>=6,<7",
    "bm25s",
    "haystack-ai>=3.4,<3.4.1",
    "qdrant-haystack",
    "sentence-transformers-haystack",
    "chromadb",
    "langchain-core",
    "langchain-huggingface",
    "txtai",
)


def peers_python(folder: Path) -> Path:
    """The interpreter of the environment in ``folder``, which is made where there is none: some minutes, 2 GB.

    Raises LonjaError where the peers cannot be installed.
    """
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / "peers"  # written last, so that half an installation is gone over again
    if ready.exists() and ready.read_text(encoding="utf-8") == "\n".join(REQUIREMENTS):
        return python
    venv.create(folder, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode != 0:
        raise LonjaError(f"The peers could not be installed: {ended.stderr.strip()[-500:]}", code="peers_missing")
    ready.write_text("\n".join(REQUIREMENTS), encoding="utf-8")
    return python
