"""Keeping the index in step with the catalog, which is the truth."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId, Principal, Version
from corpus.embedding.projection import LanguageProjection
from corpus.errors import NotFound, WrongModelPack
from corpus.index.bm25 import encode_passage
from corpus.index.protocol import DocumentPayload, IndexedPassage, PassageIndex
from corpus.index.visibility import audience_tokens, visible_to
from corpus.passage_text import embedding_text

EVERYTHING = visible_to(Principal.operator())


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What had to be done for the index to say what the catalog says."""

    requeued: int = 0  # versions whose worker had died
    finished: int = 0  # versions that were embedded and not yet indexed
    rewritten: int = 0  # documents that the index lacked
    withdrawn: int = 0  # documents and versions that the catalog does not know as current


class Indexer:
    """The one writer of the index. Safe for threads: what concerns one document is done one after the other."""

    def __init__(self, catalog: Catalog, index: PassageIndex) -> None:
        self._turns = tuple(threading.RLock() for _ in range(64))
        self._catalog = catalog
        self._index = index
        self._projection = projection_of(index)

    def publish(self, version: Version) -> bool:
        """Takes a version that has its passages and embeddings in the catalog, and lets it be found.

        On return it survives ``kill -9``. False where the document is gone, or a newer version was faster.
        """
        with self._turn(version.document_id):
            return self._publish(version)

    def _publish(self, version: Version) -> bool:
        try:
            document = self._catalog.documents.get(version.document_id, EVERYTHING)
        except NotFound:
            return False
        if document.current_version is not None and document.current_version > version.id:
            return self._catalog.queue.finish(version.id)
        self._write(document, version.id)
        if self._catalog.queue.finish(version.id):
            return True
        self.rewrite(version.document_id)
        return False

    def withdraw(self, document: DocumentId) -> None:
        """No search that starts after the return finds it."""
        with self._turn(document):
            self._index.withdraw(document)

    def refresh(self, documents: Iterable[DocumentId]) -> None:
        """Audience or facts changed in the catalog: every search that starts after the return knows of it."""
        for each in documents:
            with self._turn(each):
                for document in self._catalog.documents.some([each], EVERYTHING).values():
                    self._index.update(document.id, payload(document))
                    self._catalog.documents.mark_indexed(document)

    def rewrite(self, document_id: DocumentId) -> None:
        """The index as the catalog has it, for one document."""
        with self._turn(document_id):
            found = self._catalog.documents.some([document_id], EVERYTHING).get(document_id)
            if found is None or found.current_version is None:
                self._index.withdraw(document_id)
            else:
                self._write(found, found.current_version)

    def reconcile(
        self,
        on_progress: Callable[[int, int], None] | None = None,
        *,
        is_sole_owner: bool = True,
        release: bool = True,
    ) -> Reconciled:
        """After an unclean end, or a restore: finishes what was under way and mends what differs.

        Where other processes work on the same catalog, what they hold is left to them: only leases that ended free it.
        ``release`` is for who has no worker yet: what a live one holds would be queued once more.
        """
        requeued = self._catalog.queue.release_all() if is_sole_owner and release else 0
        finished = sum(self.publish(version) for version in self._catalog.queue.to_index()) if is_sole_owner else 0
        # The index first: what another process publishes after that is in the catalog by the time it is asked.
        present = self._index.versions()
        wanted = dict(self._catalog.passages.current_versions())
        on_their_way = {version.id for version in self._catalog.queue.to_index()}
        withdrawn = self._withdraw_strays(wanted, on_their_way, present)
        missing = [
            document for document, version in wanted.items() if not present.get(document, {}).get(version, False)
        ]
        for done, document in enumerate(missing, start=1):
            self.rewrite(document)
            if on_progress is not None:
                on_progress(done, len(missing))
        self.refresh(self._catalog.documents.not_indexed())
        return Reconciled(requeued, finished, len(missing), withdrawn)

    def _withdraw_strays(
        self,
        wanted: Mapping[DocumentId, int],
        on_their_way: set[int],
        present: Mapping[DocumentId, Mapping[int, bool]],
    ) -> int:
        withdrawn = 0
        for document, versions in present.items():
            strays = set(versions) - {wanted.get(document)} - on_their_way
            if strays:
                with self._turn(document):
                    self._index.withdraw_versions(document, strays)
                withdrawn += len(strays)
        return withdrawn

    def _turn(self, document: DocumentId) -> threading.RLock:
        return self._turns[hash(document) % len(self._turns)]

    def _write(self, document: Document, version: int) -> None:
        """Writes and publishes a version, and once more what changed of the document meanwhile."""
        embedded = self._catalog.passages.embedded(version)
        if embedded.packs - {self._index.manifest.pack_digest}:
            raise WrongModelPack(
                f"The passages of {document.facts.title!r} were embedded with another model than the index.",
                hint="Run `lonja reindex`.",
            )
        facts = payload(document)
        neutral = self._projection.apply(embedded.vectors)
        self._index.write(
            [
                IndexedPassage(
                    id=stored.id,
                    document_id=document.id,
                    version_id=version,
                    ordinal=stored.passage.ordinal,
                    language=stored.passage.language,
                    dense=vector,
                    sparse=encode_passage(
                        embedding_text(document.facts.title, stored.passage), stored.passage.language
                    ),
                    payload=facts,
                )
                for stored, vector in zip(embedded.passages, neutral, strict=True)
            ]
        )
        self._index.publish(document.id, version)
        now = self._catalog.documents.some([document.id], EVERYTHING).get(document.id)
        if now is None:
            self._index.withdraw(document.id)
        elif payload(now) != facts:
            self._index.update(document.id, payload(now))


def projection_of(index: PassageIndex) -> LanguageProjection:
    """The projection that the index's vectors went through, and that questions must go through as well."""
    stored = index.projection
    if stored is None:
        return LanguageProjection.identity(index.manifest.dimensions)
    return LanguageProjection.from_bytes(stored)


def payload(document: Document) -> DocumentPayload:
    facts = document.facts
    return DocumentPayload(
        organisation=document.organisation,
        audience=audience_tokens(document.organisation, document.audience, draft=document.draft),
        kind=facts.kind.value,
        countries=facts.countries,
        sectors=facts.sectors,
        hs_codes=facts.hs_codes,
        published=facts.published,
    )
