"""Backups: one archive with the catalog, the originals and a manifest of hashes. The index is made again from them.

A backup needs no lock and no pause: the catalog is copied as of one moment, and originals never change.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from corpus.catalog.snapshot import (
    check_snapshot,
    load_snapshot,
    originals_of,
    save_snapshot,
    upgrade_snapshot,
)
from corpus.datafolder import DataFolder, sync_folder, unusable
from corpus.errors import BadInput, Conflict, StorageError
from corpus.originals import CHUNK, Originals
from corpus.settings import LibrarySettings

FORMAT = 1
"""Raised when an older Lonja could no longer restore what a newer one wrote."""

_MANIFEST, _CATALOG = "manifest.json", "catalog.db"
_LARGEST_MANIFEST = 256 * 2**20  # bytes
_TRIES = 3
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    created: str
    originals: int
    size: int  # bytes of catalog and originals


def make_backup(settings: LibrarySettings, target: Path, on_progress: OnProgress = lambda _done, _all: None) -> Backup:
    """Writes ``target`` whole or not at all, also while a service works on the data folder.

    Raises BadInput where the file is there already, StorageError.
    """
    target = target.expanduser().absolute()
    if target.exists():
        raise BadInput(f"{target} is there already.", code="file_exists", hint="Name another file.")
    folder = DataFolder(settings.data, exclusive=False)
    if settings.database_url is None and not folder.database.exists():
        raise BadInput(f"{folder.path} holds no catalog.", code="no_catalog", hint="Name the data folder with --data.")
    for tried in range(1, _TRIES + 1):
        try:
            return _write(settings, folder, target, on_progress)
        except FileNotFoundError as error:
            # A document was removed for good in between, and its original with it: a new moment knows of neither.
            if tried == _TRIES:
                raise StorageError(
                    f"An original that the catalog speaks of is missing: {error.filename}.", code="missing_original"
                ) from error
        except OSError as error:
            raise unusable(target, error) from error
    raise AssertionError("unreachable")


def _write(settings: LibrarySettings, folder: DataFolder, target: Path, on_progress: OnProgress) -> Backup:
    originals = Originals(folder.originals, folder.incoming)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    with tempfile.TemporaryDirectory(dir=folder.incoming, prefix="backup-") as scratch:
        catalog = Path(scratch) / _CATALOG
        save_snapshot(settings.database_url, folder.database, catalog)
        hashes = list(originals_of(catalog))
        sizes = {sha256: originals.path(sha256).stat().st_size for sha256 in hashes}
        manifest = {
            "format": FORMAT,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "catalog": {"sha256": _sha256(catalog), "size": catalog.stat().st_size},
            "originals": sizes,
        }
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1, format=tarfile.PAX_FORMAT) as archive:
                    _add_bytes(archive, _MANIFEST, json.dumps(manifest, indent=1).encode(), Path(scratch))
                    archive.add(catalog, arcname=_CATALOG, filter=_plain)
                    for done, sha256 in enumerate(hashes, start=1):
                        archive.add(originals.path(sha256), arcname=f"originals/{sha256}", filter=_plain)
                        on_progress(done, len(hashes))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
            sync_folder(target.parent)
        finally:
            partial.unlink(missing_ok=True)
        return Backup(str(manifest["created"]), len(hashes), catalog.stat().st_size + sum(sizes.values()))


def restore_backup(
    settings: LibrarySettings,
    source: Path,
    *,
    replace: bool = False,
    on_progress: OnProgress = lambda _done, _all: None,
) -> Backup:
    """Verifies all of it, then puts it in place of what the data folder holds, which is kept beside it.

    The index is made anew by whoever opens the library next with ``reindex``. Raises BadInput, StorageError
    (``damaged_backup``), Conflict (``newer_backup``, ``not_empty``), DataFolderInUse.
    """
    with DataFolder(settings.data) as folder:
        if not replace and _holds_something(folder):
            raise Conflict(
                f"The data folder {folder.path} holds documents or accounts already.",
                code="not_empty",
                hint="Name an empty folder with --data, or add --replace: what is there is then kept beside it.",
            )
        staged = folder.incoming / f"restore-{secrets.token_hex(4)}"
        try:
            staged.mkdir(mode=0o700)
            found = _unpack(source, staged, on_progress)
            check_snapshot(staged / _CATALOG)
            _check_complete(staged)
            upgrade_snapshot(staged / _CATALOG)
            if settings.database_url is not None:
                load_snapshot(settings.database_url, staged / _CATALOG, replace=replace)
                (staged / _CATALOG).unlink()
            _put_in_place(folder, staged)
        except OSError as error:
            raise unusable(folder.path, error) from error
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return found


def _unpack(source: Path, staged: Path, on_progress: OnProgress) -> Backup:
    """Nothing in the archive names a place on the disk: what is not in the manifest is refused."""
    try:
        with tarfile.open(source.expanduser(), mode="r:*") as archive:
            manifest = _read_manifest(archive, source)
            wanted = {f"originals/{sha256}": (sha256, size) for sha256, size in manifest["originals"].items()}
            wanted[_CATALOG] = (manifest["catalog"]["sha256"], manifest["catalog"]["size"])
            total = len(wanted)
            while (member := archive.next()) is not None:
                if member.name not in wanted or not member.isreg():
                    raise _damaged(source, f"it holds {member.name[:80]!r}, which its manifest does not know")
                sha256, size = wanted.pop(member.name)
                content = archive.extractfile(member)
                assert content is not None
                path = staged / _CATALOG if member.name == _CATALOG else staged / "originals" / sha256[:2] / sha256[2:]
                _take(content, path, sha256, size, source)
                on_progress(total - len(wanted), total)
    except FileNotFoundError:
        raise BadInput(f"There is no file {source}.", code="no_such_path") from None
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _damaged(source, str(error) or type(error).__name__) from error
    if wanted:
        raise _damaged(source, f"{len(wanted)} of its files are missing")
    size = manifest["catalog"]["size"] + sum(manifest["originals"].values())
    return Backup(str(manifest["created"]), len(manifest["originals"]), size)


def _read_manifest(archive: tarfile.TarFile, source: Path) -> Any:
    member = archive.next()
    content = (
        archive.extractfile(member) if member is not None and member.name == _MANIFEST and member.isreg() else None
    )
    if member is None or content is None or member.size > _LARGEST_MANIFEST:
        raise _damaged(source, "it does not begin with a manifest")
    manifest = json.loads(content.read())
    found = int(manifest["format"])
    if found > FORMAT:
        raise Conflict(
            f"{source} was written by a newer Lonja (format {found}; this one reads {FORMAT}).",
            code="newer_backup",
            hint="Upgrade Lonja.",
        )
    for sha256, size in manifest["originals"].items():
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef") or not isinstance(size, int) or size < 0:
            raise _damaged(source, "its manifest makes no sense")
    return manifest


def _take(content: IO[bytes], path: Path, sha256: str, size: int, source: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    taken = 0
    with path.open("xb") as file:
        while chunk := content.read(CHUNK):
            taken += len(chunk)
            if taken > size:
                break
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if taken != size or digest.hexdigest() != sha256:
        raise _damaged(source, f"{path.name[:16]} is not what its manifest says")


def _check_complete(staged: Path) -> None:
    for sha256 in originals_of(staged / _CATALOG):
        if not (staged / "originals" / sha256[:2] / sha256[2:]).is_file():
            raise StorageError(
                f"The backup lacks an original that its catalog speaks of ({sha256[:16]}).", code="damaged_backup"
            )


def _holds_something(folder: DataFolder) -> bool:
    return folder.database.exists() or any(folder.originals.iterdir()) or folder.index.exists()


def _put_in_place(folder: DataFolder, staged: Path) -> None:
    """Renames alone, on one file system. What was there stays in ``before-restore-...`` until somebody deletes it."""
    (staged / "originals").mkdir(exist_ok=True, mode=0o700)
    present = [
        path
        for path in (
            folder.database,
            *(folder.database.with_name(f"{folder.database.name}{end}") for end in ("-wal", "-shm")),
            folder.originals,
            folder.index,
            folder.path / "cache",
        )
        if path.exists()
    ]
    is_empty = present == [folder.originals] and not any(folder.originals.iterdir())
    if is_empty:
        folder.originals.rmdir()
    else:
        aside = folder.path / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        aside.mkdir(mode=0o700)
        for path in present:
            path.rename(aside / path.name)
    (staged / "originals").rename(folder.originals)
    if (staged / _CATALOG).exists():
        (staged / _CATALOG).rename(folder.database)
    sync_folder(folder.path)


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes, scratch: Path) -> None:
    file = scratch / "manifest"
    file.write_bytes(content)
    archive.add(file, arcname=name, filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of the machine that it was made on."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(source: Path, why: str) -> StorageError:
    return StorageError(
        f"The backup {source} is damaged: {why}.",
        code="damaged_backup",
        hint="Nothing was changed. Use another backup.",
    )
