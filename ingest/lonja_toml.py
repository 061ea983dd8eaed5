"""``lonja.toml``: what a firm says of the files in a folder and below it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.documents import Organisation
from ingest.declared import (
    NOTHING,
    BadMetadata,
    Declared,
    read_country,
    read_declared,
    read_slug,
    read_table,
    read_value,
    reject_unknown_keys,
)

FILE_NAME = "lonja.toml"

_SECTIONS = ("organisation", "defaults", "files")
_ORGANISATION_KEYS = ("slug", "name", "country", "sectors")
_LARGEST = 4 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class FolderMetadata:
    """One lonja.toml."""

    path: Path
    organisation: Organisation | None = None
    defaults: Declared = NOTHING
    files: Mapping[str, Declared] = field(default_factory=dict)  # by path from its folder, with /

    @property
    def absent(self) -> tuple[str, ...]:
        """Files that it speaks of and that are not there: perhaps misspelt."""
        return tuple(name for name in self.files if not (self.path.parent / name).is_file())


@dataclass(frozen=True, slots=True)
class FolderDeclarations:
    """What the lonja.toml files beside and above a file say of it, the nearest first."""

    entries: tuple[Declared, ...] = ()
    defaults: tuple[Declared, ...] = ()
    organisation: Organisation | None = None


class FolderReader:
    """Reads each lonja.toml once."""

    def __init__(self) -> None:
        self._read: dict[Path, FolderMetadata | None] = {}

    def declarations(self, file: Path) -> FolderDeclarations:
        """What is said of ``file`` by the lonja.toml files from its folder up to the root. Raises BadMetadata."""
        file = file.absolute()
        found = [metadata for metadata in map(self._metadata, file.parents) if metadata is not None]
        return FolderDeclarations(
            entries=tuple(entry for metadata in found if (entry := _entry(metadata, file)) is not None),
            defaults=tuple(metadata.defaults for metadata in found),
            organisation=next((each.organisation for each in found if each.organisation), None),
        )

    def all_read(self) -> Iterator[FolderMetadata]:
        """Those that were read so far."""
        return (metadata for metadata in self._read.values() if metadata is not None)

    def _metadata(self, folder: Path) -> FolderMetadata | None:
        if folder not in self._read:
            path = folder / FILE_NAME
            self._read[folder] = read_folder_metadata(path) if path.is_file() else None
        return self._read[folder]


def read_folder_metadata(path: Path) -> FolderMetadata:
    """The lonja.toml at ``path``, checked. Raises BadMetadata."""
    content = _parsed(path)
    reject_unknown_keys(content, _SECTIONS, str(path))
    files = read_table(content.get("files", {}), f"{path}: files")
    return FolderMetadata(
        path,
        _organisation(content["organisation"], f"{path}, [organisation]") if "organisation" in content else None,
        read_declared(read_table(content.get("defaults", {}), f"{path}: defaults"), f"{path}, [defaults]"),
        {
            name: read_declared(read_table(entry, f'{path}: files."{name}"'), f'{path}, [files."{name}"]')
            for name, entry in files.items()
        },
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadMetadata(f"{path} has more than {_LARGEST // 2**20} MB.", hint="Give it to several folders.")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise BadMetadata(f"{path} is not valid TOML: {error}.", hint="See https://toml.io.") from error
    except UnicodeDecodeError as error:
        raise BadMetadata(f"{path} is not text in UTF-8.", hint="Save it as UTF-8.") from error
    except OSError as error:
        raise BadMetadata(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from error


def _organisation(value: Any, where: str) -> Organisation:
    table = read_table(value, where)
    reject_unknown_keys(table, _ORGANISATION_KEYS, where)
    if "slug" not in table:
        raise BadMetadata(f"{where}: slug is missing.", hint='Give the firm a short name: slug = "cueros-belen".')
    slug = read_slug(table["slug"], where)
    return Organisation(
        id=slug,
        name=read_value("name", table["name"], where) if "name" in table else slug,
        country=read_country(table["country"], f"{where}, country") if "country" in table else None,
        sectors=read_value("sectors", table.get("sectors", []), where),
    )


def _entry(metadata: FolderMetadata, file: Path) -> Declared | None:
    return metadata.files.get(file.relative_to(metadata.path.parent).as_posix())
