from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.documents import Principal
from corpus.errors import (
    BadSetting,
    DataFolderInUse,
    DataFolderTooNew,
    StorageError,
    WrongModelPack,
)
from corpus.index.edge import EdgeIndex
from corpus.library import Library
from corpus.search.results import SearchRequest
from corpus.settings import read_settings
from ingest.run import Event, IngestOptions, Report, run
from tests.library.texts import ALL, COFFEE

QUESTION = SearchRequest("café tostado en Chile", Principal.operator())


def test_what_was_taken_in_is_there_after_closing(tmp_path: Path, files: Path) -> None:
    (files / "coffee.md").write_text(COFFEE, encoding="utf-8")
    for _ in range(2):
        with Library(read_settings(data=tmp_path / "data")) as library:
            run(library, [files], IngestOptions())
            library.reconcile()
            assert library.search(QUESTION).total == 1


def test_a_lost_index_is_made_again_from_the_catalog(tmp_path: Path, files: Path) -> None:
    settings = read_settings(data=tmp_path / "data")
    for name, text in ALL.items():
        (files / name).write_text(text, encoding="utf-8")
    with Library(settings) as library:
        run(library, [files], IngestOptions())
    shutil.rmtree(tmp_path / "data" / "index")
    with Library(settings) as library:
        reconciled = library.reconcile()
        assert reconciled.rewritten == len(ALL)
        assert library.search(QUESTION).total >= 1


def test_reindexing_keeps_every_passage(library: Library, take_in: Callable[..., Report]) -> None:
    take_in(ALL)
    before = library.index.count_passages()
    assert library.reindex() == len(ALL)
    assert library.index.count_passages() == before
    assert library.search(QUESTION).total >= 1


def test_words_that_an_earlier_release_did_not_keep_are_told_all_the_same_and_kept_by_reindexing(
    library: Library, take_in: Callable[..., Report]
) -> None:
    take_in(ALL)
    catalog = library.catalog.passages
    stored = [each for _, version in catalog.current_versions() for each in catalog.of_version(version)]
    kept = {each.id: each.words for each in stored}
    as_kept = library.search(QUESTION).hits
    assert as_kept[0].passages[0].highlights
    catalog.put_words(dict.fromkeys(kept, b"\0" * 12))  # of another release
    assert library.search(QUESTION).hits[0].passages[0].highlights == as_kept[0].passages[0].highlights
    library.reindex()
    assert {each: stored.words for each, stored in catalog.some(kept).items()} == kept


def test_an_index_of_another_model_is_refused_until_it_is_made_anew(tmp_path: Path, files: Path) -> None:
    settings = read_settings(data=tmp_path / "data")
    (files / "coffee.md").write_text(COFFEE, encoding="utf-8")
    with Library(settings) as library:
        run(library, [files], IngestOptions())
        manifest, projection = library.index.manifest, library.index.projection
    other = replace(manifest, pack_name="another/model", pack_digest="0" * 64)
    EdgeIndex.create(tmp_path / "data" / "index", other, projection).close()
    with Library(settings) as library:
        with pytest.raises(WrongModelPack, match="lonja reindex"):
            library.search(QUESTION)
        library.reindex()
        assert library.search(QUESTION).total == 1


def test_a_second_process_on_the_same_folder_is_told_so(library: Library) -> None:
    program = (
        "from corpus.library import Library; from corpus.settings import read_settings; "
        f"Library(read_settings(data={str(library.folder.path)!r}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert DataFolderInUse.__name__ in ended.stderr


def test_a_folder_of_a_newer_lonja_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "lonja.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(DataFolderTooNew, match="newer"):
        Library(read_settings(data=data))
    assert not (data / "catalog.db").exists()


def test_a_damaged_folder_is_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "lonja.json").write_text("{")
    with pytest.raises(StorageError, match="damaged"):
        Library(read_settings(data=data))


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageError):
        Library(read_settings(data=tmp_path / "data"))


def test_a_setting_that_makes_no_sense_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONJA_QDRANT_COLLECTION", "")
    monkeypatch.setenv("LONJA_ORGANISATION", "Not A Slug")
    with pytest.raises(BadSetting, match="LONJA_"):
        read_settings()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_is_told_and_loses_nothing(tmp_path: Path, files: Path) -> None:
    """Once the disk is nearly full an error says so; with room again the ingest goes on where it was."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this system mounts nothing")
    settings = read_settings(data=disk / "data")
    ballast = disk / "ballast"
    added: list[str | None] = []

    def fill_the_disk_after_three(event: Event) -> None:
        added.append(event.document)
        if len(added) == 3:
            ballast.write_bytes(b"x" * (shutil.disk_usage(disk).free - 2**20))

    try:
        for number in range(40):
            (files / f"{number}.md").write_text(f"# Número {number}\n\n{COFFEE}", encoding="utf-8")
        with Library(settings) as library:
            with pytest.raises(StorageError) as full:
                run(library, [files], IngestOptions(), on_event=fill_the_disk_after_three)
            assert full.value.code == "disk_full"
            assert library.search(QUESTION).total == len(added), "what was told is found, also on a full disk"
        ballast.unlink()
        with Library(settings) as library:
            library.reconcile()
            report = run(library, [files], IngestOptions())
            assert report.counts()["failed"] == 0
            assert library.catalog.documents.count() == 40
            assert set(added) <= set(library.index.versions())
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
