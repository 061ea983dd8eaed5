"""Questions over documents, which are taken in as members' documents are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from urllib.request import url2pathname

from corpus.documents import StoredPassage
from corpus.errors import BadInput
from corpus.evaluation.collection import CollectionPassage
from corpus.evaluation.questions import collection_of, read_questions
from corpus.library import Library
from corpus.settings import read_settings
from ingest.run import IngestOptions, run
from search_api.evaluation.searcher import PASSAGES_OF_A_DOCUMENT, LibrarySearcher, OnProgress, Searched


@contextmanager
def ingested(
    questions: Path, documents: Path, on_progress: OnProgress = lambda _done, _total, _what: None
) -> Iterator[Searched]:
    """A library in a temporary folder that holds ``documents``; what was attached to them is no part of it.

    Raises:
        BadInput: a document cannot be taken in, or what :func:`collection_of` finds wrong.
    """
    asked = read_questions(questions)
    with TemporaryDirectory(prefix="lonja-eval-") as folder, Library(read_settings(data=Path(folder))) as library:
        report = run(library, [documents], IngestOptions(), on_progress=on_progress)
        for event in report.failed:
            why = "" if event.failure is None else event.failure.message
            raise BadInput(f"{event.file} cannot be taken in: {why}", code="bad_collection")
        stored = dict(_passages(library, documents.resolve()))
        names = {each.id: _name(path, each) for path, passages in stored.items() for each in passages}
        collection = collection_of(questions.resolve().parent.name, asked, _as_collection(stored))
        yield Searched(collection, lambda mode: LibrarySearcher(library, names, mode, passages=PASSAGES_OF_A_DOCUMENT))


def _passages(library: Library, folder: Path) -> Iterator[tuple[str, list[StoredPassage]]]:
    """By the document's path below the folder; attachments have none, and are withdrawn."""
    paths = {
        source.document_id: Path(url2pathname(urlsplit(source.key).path))
        for organisation in library.catalog.organisations.all()
        for source in library.catalog.arrivals.sources(organisation.id, "file://")
    }
    for document, version in library.catalog.passages.current_versions():
        if document in paths:
            yield paths[document].relative_to(folder).as_posix(), library.catalog.passages.of_version(version)
        else:
            library.indexer.withdraw(document)


def _as_collection(stored: Mapping[str, list[StoredPassage]]) -> dict[str, list[CollectionPassage]]:
    return {
        path: [CollectionPassage(_name(path, each), each.passage.language, "", each.passage.text) for each in passages]
        for path, passages in stored.items()
    }


def _name(path: str, stored: StoredPassage) -> str:
    return f"{path}#{stored.passage.ordinal}"
