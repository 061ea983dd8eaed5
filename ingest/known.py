"""What is known of a file before it is converted: what people said of it, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from corpus.documents import Audience, DocumentFacts, Organisation
from ingest.declared import NOTHING, Declared
from ingest.formats.blocks import Blocks
from ingest.formats.markdown import split_front_matter
from ingest.front_matter import read_front_matter
from ingest.limits import Limits
from ingest.lonja_toml import FolderReader

HEAD = 70 * 1024  # bytes in which front matter ends, or is none


@dataclass(frozen=True, slots=True)
class KnownBefore:
    organisation: Organisation
    facts: DocumentFacts  # the title is the file's name where nobody gave one
    declared: frozenset[str]  # names of the facts that somebody gave
    audience: Audience | None  # None where nobody said
    contributor: str | None


def read_known(
    file: Path, command: Declared, folders: FolderReader, organisation: str | None, own_organisation: str
) -> KnownBefore:
    """The first that says it: the command line, front matter, an entry in a lonja.toml, the nearest folder's defaults.

    The organisation is ``organisation``, else the lonja.toml's, else ``own_organisation``. Raises BadMetadata.
    """
    said = folders.declarations(file)
    sources = [command, _front_matter(file), *said.entries, *said.defaults]
    values = {
        name: next((value for source in sources if (value := getattr(source, name)) is not None), None)
        for name in (each.name for each in fields(Declared))
    }
    audience, contributor = values.pop("audience"), values.pop("contributor")
    declared = {name: value for name, value in values.items() if value is not None}
    if organisation is not None:
        owner = Organisation(organisation, organisation)
        if said.organisation is not None and said.organisation.id == organisation:
            owner = said.organisation
    else:
        owner = said.organisation or Organisation(own_organisation, own_organisation)
    facts = DocumentFacts(**({"title": file.stem} | declared))
    return KnownBefore(owner, facts, frozenset(declared), audience, contributor)


def _front_matter(file: Path) -> Declared:
    """Only files that begin with it have any; the YAML is bounded, and refused where it has aliases."""
    try:
        with file.open("rb") as content:
            head = content.read(HEAD)
    except OSError:
        return NOTHING  # told when the file is to be read
    text = head.decode("utf-8-sig", errors="replace")
    if not text.startswith("---"):
        return NOTHING
    pairs, _ = split_front_matter(text, Blocks(Limits()))
    declared, _ = read_front_matter(pairs, file.name)
    return declared
