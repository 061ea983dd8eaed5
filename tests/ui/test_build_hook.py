"""The hook that builds the UI: which Node it takes, and when it has nothing to do."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

FRONTEND = ROOT / "frontend"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", FRONTEND / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [
        ("v20.19.0\n", True),
        ("v20.18.3", False),
        ("v21.7.0", False),
        ("v22.11.9", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("v18.20.1", False),
        ("who knows", False),
    ],
)
def test_node_is_new_enough_for_vite(hook: ModuleType, version: str, is_enough: bool) -> None:
    assert hook.is_new_enough(version) is is_enough


def test_without_node_the_wheel_is_asked_for(hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "frontend").mkdir()
    (tmp_path / "frontend" / "index.html").write_text("x")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(hook.SKIP, raising=False)
    asked = hook.FrontendBuildHook(str(tmp_path), {}, None, None, "", "wheel")
    assert asked.dependencies() == [hook.NODE_WHEEL]
    monkeypatch.setenv(hook.SKIP, "1")
    assert asked.dependencies() == []


def test_what_was_built_from_the_same_sources_is_kept(hook: ModuleType, tmp_path: Path) -> None:
    sources, built = tmp_path / "frontend", tmp_path / "built"
    sources.mkdir()
    built.mkdir()
    (sources / "a.ts").write_text("1")
    assert not hook.is_built(sources, built)
    (built / hook.STAMP).write_text(hook.digest(sources), encoding="ascii")
    assert hook.is_built(sources, built)
    (sources / "node_modules").mkdir()
    (sources / "node_modules" / "x.js").write_text("1")
    (sources / "a.test.ts").write_text("1")
    assert hook.is_built(sources, built), "neither packages nor tests are part of what is built"
    (sources / "a.ts").write_text("2")
    assert not hook.is_built(sources, built)


def test_a_failure_says_what_failed(hook: ModuleType, tmp_path: Path) -> None:
    node = hook.Node(Path(sys.executable), tmp_path / "npm-cli.js")
    with pytest.raises(hook.BuildFailed, match=r"could not be built: .*npm-cli\.js ci failed"):
        node.run(str(node.npm), "ci", folder=tmp_path)


def test_the_frontend_s_own_checks_pass(hook: ModuleType, tmp_path: Path) -> None:
    """Types, accessibility warnings of the compiler, and the tests of the logic."""
    node = hook.node_of_machine()
    if node is None:
        pytest.skip("there is no Node 20.19+ or 22.12+ with npm on this machine")
    workshop = tmp_path / "frontend"
    shutil.copytree(FRONTEND, workshop, ignore=shutil.ignore_patterns("node_modules"))
    for arguments in (
        [node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        [node.npm, "run", "check"],
        [node.npm, "test"],
    ):
        done = subprocess.run([node.program, *arguments], cwd=workshop, capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
