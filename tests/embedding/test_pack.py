"""The model pack: built whole or not at all, checked when loaded."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from corpus.embedding import building, weights
from corpus.embedding.building import build_pack, default_models_folder, ensure_pack, pack_folder
from corpus.embedding.embedder import Embedder
from corpus.embedding.opening import open_embedder, projection_for
from corpus.embedding.pack import MANIFEST, ModelPack
from corpus.errors import ModelError

BUILD = """
import sys
from pathlib import Path
from corpus.embedding.building import ensure_pack
print(ensure_pack(Path(sys.argv[1]), lambda step, done: print(step, flush=True)).manifest.digest)
"""


def _start_build(models: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", BUILD, str(models)], stdout=subprocess.PIPE, text=True)


def _copy(pack: ModelPack, to: Path) -> Path:
    return Path(shutil.copytree(pack.folder, to / "copy"))


def test_the_manifest_tells_where_the_model_comes_from(pack: ModelPack) -> None:
    manifest = json.loads((pack.folder / MANIFEST).read_text())
    assert manifest["name"] == "lonja/e5-small"
    assert manifest["dimensions"] == 384
    assert manifest["source"]["model"] == "intfloat/multilingual-e5-small"
    assert manifest["source"]["licence"] == "MIT"
    on_disk = {path.name for path in pack.folder.iterdir()}
    assert on_disk == {*manifest["files"], MANIFEST}


def test_a_pack_that_is_there_is_not_built_again(pack: ModelPack) -> None:
    steps: list[str] = []
    again = ensure_pack(pack.folder.parent, lambda step, _: steps.append(step))
    assert again == pack
    assert steps == []


def test_after_a_kill_two_at_once_build_the_same_pack_and_nothing_else_is_left(pack: ModelPack, tmp_path: Path) -> None:
    killed = _start_build(tmp_path)
    assert killed.stdout is not None
    while "encoder" not in killed.stdout.readline():
        assert killed.poll() is None
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    assert not pack_folder(tmp_path).exists()
    assert [path for path in tmp_path.iterdir() if path.is_dir()]  # what it left

    builds = [_start_build(tmp_path) for _ in range(2)]
    outputs = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    assert [output.splitlines()[-1] for output in outputs] == [pack.manifest.digest] * 2
    assert sorted("encoder" in output for output in outputs) == [False, True]  # one built, the other waited
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == [pack_folder(tmp_path)]
    assert ModelPack.load(pack_folder(tmp_path)).manifest == pack.manifest  # to the last byte


@pytest.mark.parametrize("name", ["tokenizer.model", "encoder.xml", "encoder.bin", "projection.npy"])
def test_a_damaged_file_is_refused(pack: ModelPack, tmp_path: Path, name: str) -> None:
    folder = _copy(pack, tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=name) as caught:
        open_embedder(str(folder))
    assert caught.value.code == "model_damaged"
    assert caught.value.hint is not None


def test_a_lost_file_is_missed(pack: ModelPack, tmp_path: Path) -> None:
    folder = _copy(pack, tmp_path)
    (folder / "encoder.bin").unlink()
    with pytest.raises(ModelError, match=r"lost encoder\.bin"):
        ModelPack.load(folder)


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "model_damaged"), ("{}", "model_damaged"), ("[]", "model_damaged"), ('{"format": 999}', "model_format")],
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(ModelError) as caught:
        ModelPack.load(tmp_path)
    assert caught.value.code == code


def test_a_damaged_pack_is_built_anew_when_asked(pack: ModelPack, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(pack.folder, pack_folder(tmp_path)))
    (folder / "tokenizer.model").write_text("{}")
    with pytest.raises(ModelError):
        ensure_pack(tmp_path)
    done: list[float] = []
    assert build_pack(tmp_path, lambda _, part: done.append(part), rebuild=True).manifest == pack.manifest
    assert done == sorted(done)
    assert done[-1] == 1
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == [folder]


def test_a_pack_is_opened_by_its_folder_and_by_its_name(pack: ModelPack, ours: Embedder, tmp_path: Path) -> None:
    elsewhere = _copy(pack, tmp_path)
    for setting in (str(elsewhere), "lonja/e5-small", None):
        embedder = open_embedder(setting, models=pack.folder.parent, threads=1)
        assert embedder.identity == pack.manifest.identity
        np.testing.assert_array_equal(embedder.embed_query("puerto"), ours.embed_query("puerto"))
        embedder.close()


def test_the_packs_projection_is_the_one_that_calibration_gives(ours: Embedder) -> None:
    without = SimpleNamespace(embed_passages=ours.embed_passages, embed_query=ours.embed_query)
    stored, made = projection_for(ours), projection_for(cast("Embedder", without))
    np.testing.assert_allclose(stored.basis.T @ stored.basis, made.basis.T @ made.basis, atol=1e-3)


def test_a_place_that_cannot_be_written_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be written") as caught:
        ensure_pack(tmp_path / "file" / "models")
    assert "LONJA_MODELS" in str(caught.value)


@pytest.mark.parametrize("room", [100_000, 20_000_000])
def test_a_disk_that_fills_is_an_error_and_leaves_nothing(tmp_path: Path, room: int) -> None:
    limit = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
"""
    build = subprocess.run(
        [sys.executable, "-c", limit + BUILD, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert "corpus.errors.ModelError: The model pack cannot be written" in build.stderr
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_without_the_sources_package_there_is_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "DISTRIBUTION", "no-such-package")
    with pytest.raises(ModelError, match="LONJA_MODEL") as caught:
        ensure_pack(tmp_path)
    assert caught.value.code == "model_source_missing"


@pytest.mark.parametrize("keep", [0, 3, 60, 5_000_000, 71_000_000])
def test_a_source_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    with weights.installed_data_file().open("rb") as file:
        (tmp_path / "cut.bin").write_bytes(file.read(keep))
    with pytest.raises(ModelError) as caught:
        weights.read_weights(tmp_path / "cut.bin")
    assert caught.value.code == "model_source_damaged"


def test_the_models_folder_is_the_one_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(building.MODELS_VARIABLE, str(tmp_path))
    assert default_models_folder() == tmp_path
    monkeypatch.delenv(building.MODELS_VARIABLE)
    assert default_models_folder().name == "models"


def test_the_runtime_does_not_report_home() -> None:
    code = (
        "import sys, corpus.embedding.openvino, corpus.embedding.graph; print([m for m in sys.modules if 'telem' in m])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
