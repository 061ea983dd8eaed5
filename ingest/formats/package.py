"""Zip-based documents (Office Open XML, OpenDocument): their parts, read within limits, XML without entities."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from corpus.errors import DocumentError
from ingest.formats.source import Source

_MEBI = 1024 * 1024
_CHUNK = 256 * 1024
# Office writes the namespaces of the first edition of ISO 29500 unless it is told to be strict.
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{name}".encode(), f"http://schemas.openxmlformats.org/{name}/2006".encode())
    for name in ("officeDocument/relationships",)
) + tuple(
    (f"http://purl.oclc.org/ooxml/{name}/".encode(), f"http://schemas.openxmlformats.org/{name}/2006/".encode())
    for name in ("wordprocessingml", "presentationml", "spreadsheetml", "drawingml")
)
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of one document. Raises ``DocumentError``: ``bomb``, ``encrypted``, ``corrupt``.

    The archive's directory is checked before anything is unpacked, and what is really unpacked is counted: a directory
    may lie.
    """

    def __init__(self, source: Source) -> None:
        self._limits = source.limits
        source.stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(source.stream)
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as error:
            raise _damaged() from error
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in self._zip.infolist()}
        self._left = self._limits.unpacked_size
        self._check_directory()

    def _check_directory(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.zip_entries:
            raise _bomb(f"It holds {len(entries):,} parts")
        total = sum(entry.file_size for entry in entries)
        if total > self._limits.unpacked_size:
            raise _bomb(f"Unpacked it would take {total // _MEBI:,} MB")
        for entry in entries:
            if entry.file_size > _MEBI and entry.file_size > self._limits.compression_ratio * max(
                entry.compress_size, 1
            ):
                raise _bomb(
                    f"A part of it unpacks to {entry.file_size // max(entry.compress_size, 1):,} times its size"
                )
            if entry.flag_bits & 0x1:
                raise DocumentError(
                    "Its parts are encrypted.", code="encrypted", hint="Save it without a password and add that file."
                )

    @property
    def names(self) -> list[str]:
        """The names of all parts, in lower case, as ``read`` takes them."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises ``KeyError`` where there is none of that name."""
        entry = self._entries[name.lstrip("/").lower()]
        parts: list[bytes] = []
        try:
            with self._zip.open(entry) as opened:
                while part := opened.read(_CHUNK):
                    self._left -= len(part)
                    if self._left < 0:
                        raise _bomb(f"Unpacked it takes more than {self._limits.unpacked_size // _MEBI:,} MB")
                    parts.append(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error) as error:
            raise _damaged() from error
        return b"".join(parts)

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part; None where there is none of that name. A part with a DTD is refused."""
        if name not in self:
            return None
        data = self.read(name)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return parse_xml(data)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part of an Office document points to: id -> (last word of the type, name of the part)."""
        folder, base = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        return dict(_relations(root, folder)) if root is not None else {}

    def related(self, part: str, kind: str) -> str | None:
        """The name of the first part that ``part`` points to as ``kind``, the last word of the relation's type."""
        return next(
            (target for known, target in self.relations(part).values() if known == kind and target in self), None
        )


def _relations(root: etree._Element, folder: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for relation in root.iter(_RELATIONS):
        target = relation.get("Target") or ""
        if relation.get("TargetMode") != "External" and target:
            path = target if target.startswith("/") else posixpath.join("/", folder, target)
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            yield relation.get("Id") or "", (kind, posixpath.normpath(path).lstrip("/"))


_SAFE: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
}


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document that has no DTD: without one there are no entities, and so no bomb made of them."""
    _refuse_dtd(data)
    return etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True, **_SAFE))


def iterate_xml(data: bytes, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements of these tags as they end, each emptied before the next; for parts too large to hold as a tree."""
    _refuse_dtd(data)
    options = {"remove_comments": True, "remove_pis": True, **_SAFE}
    for _, element in etree.iterparse(BytesIO(data), events=("end",), tag=tags, **options):
        yield element
        element.clear()
        while (before := element.getprevious()) is not None:
            before.getparent().remove(before)


def _refuse_dtd(data: bytes) -> None:
    """Read as far as the first element, before which a DTD would stand."""
    try:
        for _, element in etree.iterparse(BytesIO(data), events=("start",), **_SAFE):
            if element.getroottree().docinfo.internalDTD is not None:
                raise _entities()
            return
    except etree.XMLSyntaxError as error:
        if "entit" in str(error).lower() and b"<!" in data[:_CHUNK]:
            raise _entities() from error
        raise


def _entities() -> DocumentError:
    return DocumentError("It declares XML entities, as bombs do and documents do not.", code="bomb")


def _bomb(what: str) -> DocumentError:
    return DocumentError(
        f"{what}: it was not unpacked.", code="bomb", hint="If it is genuine, split it or save it as PDF."
    )


class DamagedPart(DocumentError):
    """A part cannot be unpacked; the others may be sound."""

    default_code = "corrupt"


def _damaged() -> DamagedPart:
    return DamagedPart(
        "Its container is damaged; perhaps it was not copied to its end.",
        hint="Send or download it again, or open it where it was made and save it anew.",
    )


DAMAGE = (DamagedPart, etree.XMLSyntaxError)
"""What reading one part raises when only that part is damaged."""
