"""Documents: reading, correcting, removing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, delete, exists, func, select, true, update

from corpus.catalog import rows
from corpus.catalog.engine import reading, writing
from corpus.catalog.named import NAMED, named
from corpus.catalog.tables import document_tokens, documents, versions
from corpus.catalog.values import audience_values, fact_values, put_tokens
from corpus.documents import Audience, Document, DocumentFacts, DocumentId, OrganisationId, Version
from corpus.errors import NotFound
from corpus.folding import fold
from corpus.index.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Deleted:
    """A document that was deleted and is not removed for good yet."""

    document: Document
    at: datetime


class Documents:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, document: DocumentId, visibility: Visibility) -> Document:
        """Raises NotFound also for what is there and not to be seen."""
        found = self.some([document], visibility)
        if not found:
            raise NotFound(f"There is no document {document!r}.", code="unknown_document")
        return found[document]

    def some(self, ids: Iterable[DocumentId], visibility: Visibility) -> dict[DocumentId, Document]:
        """Those of ``ids`` that exist and may be seen."""
        with reading(self._engine) as connection:
            found = connection.execute(_some(visibility, self._engine.dialect.name), {NAMED: list(set(ids))})
            return {row.id: rows.document(row) for row in found}

    def page(
        self,
        visibility: Visibility,
        *,
        organisation: OrganisationId | None = None,
        before: DocumentId | None = None,
        only_found: bool = False,
        contributor: str | None = None,
        title: str | None = None,
        limit: int = 100,
    ) -> list[Document]:
        """The newest first; ``before`` is the last one of the page already seen.

        ``only_found`` leaves out those that no version is ready of; ``title`` those whose title has not all its words,
        or beginnings of words, whatever their case and accents.
        """
        wanted = [seen_by(visibility), documents.c.deleted.is_(None)]
        if only_found:
            wanted.append(documents.c.current_version.is_not(None))
        if contributor is not None:
            wanted.append(documents.c.contributor == contributor)
        if organisation is not None:
            wanted.append(documents.c.organisation == organisation)
        if before is not None:
            wanted.append(documents.c.id < before)
        newest = documents.c.id.desc()
        with reading(self._engine) as connection:
            if title is not None:  # accents are folded here: databases differ in what they take for equal
                words = fold(title).split()
                titles = connection.execute(select(documents.c.id, documents.c.title).where(*wanted).order_by(newest))
                fitting = (row.id for row in titles if all(word in fold(row.title) for word in words))
                wanted = [documents.c.id.in_(list(islice(fitting, limit)))]
            found = connection.execute(select(documents).where(*wanted).order_by(newest).limit(limit))
            return [rows.document(row) for row in found]

    def deleted(
        self, organisation: OrganisationId, *, before: DocumentId | None = None, limit: int = 100
    ) -> list[Deleted]:
        """What an organisation deleted and may still take back, the newest first; attachments go with their message."""
        wanted = [documents.c.organisation == organisation, documents.c.deleted.is_not(None)]
        if before is not None:
            wanted.append(documents.c.id < before)
        with reading(self._engine) as connection:
            found = connection.execute(select(documents).where(*wanted).order_by(documents.c.id.desc()).limit(limit))
            return [Deleted(rows.document(row), row.deleted) for row in found]

    def get_deleted(self, document: DocumentId, organisation: OrganisationId | None) -> Deleted:
        """Raises NotFound, also where another organisation deleted it."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(documents).where(
                    documents.c.id == document,
                    documents.c.organisation == organisation,
                    documents.c.deleted.is_not(None),
                )
            ).first()
        if row is None:
            raise NotFound(f"There is no deleted document {document!r}.", code="unknown_document")
        return Deleted(rows.document(row), row.deleted)

    def copies(self, sha256: str, visibility: Visibility, *, limit: int = 20) -> list[Document]:
        """Documents that are found now and have exactly these bytes."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(documents)
                .join(versions, versions.c.id == documents.c.current_version)
                .where(versions.c.sha256 == sha256, seen_by(visibility), documents.c.deleted.is_(None))
                .order_by(documents.c.id)
                .limit(limit)
            )
            return [rows.document(row) for row in found]

    def original_in_use(self, sha256: str) -> bool:
        with reading(self._engine) as connection:
            return connection.scalar(select(versions.c.id).where(versions.c.sha256 == sha256).limit(1)) is not None

    def every(self, batch: int = 500) -> Iterator[Document]:
        """All documents that are not deleted, the operator's view."""
        last = ""
        while True:
            with reading(self._engine) as connection:
                found = connection.execute(
                    select(documents)
                    .where(documents.c.id > last, documents.c.deleted.is_(None))
                    .order_by(documents.c.id)
                    .limit(batch)
                ).all()
            if not found:
                return
            yield from (rows.document(row) for row in found)
            last = found[-1].id

    def versions(self, document: DocumentId) -> list[Version]:
        """The newest first."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(versions).where(versions.c.document == document).order_by(versions.c.number.desc())
            )
            return [rows.version(row) for row in found]

    def count(self) -> int:
        """Documents that are found."""
        with reading(self._engine) as connection:
            return (
                connection.scalar(
                    select(func.count())
                    .select_from(documents)
                    .where(documents.c.deleted.is_(None), documents.c.current_version.is_not(None))
                )
                or 0
            )

    def stamp(self) -> tuple[datetime | None, int]:
        """Another one whenever a document was added, changed or removed."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(func.max(documents.c.updated), func.count()).where(documents.c.deleted.is_(None))
            ).one()
            return row[0], row[1]

    def set_audience(self, document: DocumentId, audience: Audience, *, draft: bool) -> Document:
        with writing(self._engine) as connection:
            row = connection.execute(
                update(documents)
                .where(documents.c.id == document, documents.c.deleted.is_(None))
                .values(updated=datetime.now(UTC), index_lags=True, draft=draft, **audience_values(audience))
                .returning(documents)
            ).first()
            if row is None:
                raise NotFound(f"There is no document {document!r}.", code="unknown_document")
            put_tokens(connection, document, row.organisation, audience, draft)
            return rows.document(row)

    def set_facts(self, document: DocumentId, facts: DocumentFacts, declared: Sequence[str]) -> Document:
        """``declared`` names the facts that a person gave with this call: they are written, and later guesses leave
        them alone. What else ``facts`` holds is what that person read, and another one may have corrected since.
        """
        with writing(self._engine) as connection:
            before = connection.scalar(select(documents.c.declared).where(documents.c.id == document)) or []
            row = connection.execute(
                update(documents)
                .where(documents.c.id == document, documents.c.deleted.is_(None))
                .values(
                    updated=datetime.now(UTC),
                    index_lags=True,
                    declared=sorted({*before, *declared}),
                    **{name: value for name, value in fact_values(facts).items() if name in declared},
                )
                .returning(documents)
            ).first()
            if row is None:
                raise NotFound(f"There is no document {document!r}.", code="unknown_document")
            return rows.document(row)

    def declared(self, document: DocumentId) -> frozenset[str]:
        with reading(self._engine) as connection:
            return frozenset(connection.scalar(select(documents.c.declared).where(documents.c.id == document)) or ())

    def not_indexed(self) -> list[DocumentId]:
        """Documents whose audience or facts the index was not told yet."""
        with reading(self._engine) as connection:
            return list(
                connection.scalars(
                    select(documents.c.id).where(documents.c.index_lags.is_(True), documents.c.deleted.is_(None))
                )
            )

    def mark_indexed(self, document: Document) -> None:
        """The index has what ``document`` says; unless it changed once more meanwhile."""
        with writing(self._engine) as connection:
            connection.execute(
                update(documents)
                .where(documents.c.id == document.id, documents.c.updated == document.updated)
                .values(index_lags=False)
            )

    def mark_deleted(self, document: DocumentId) -> None:
        """No door shows it any more. :meth:`purge` frees what it holds."""
        with writing(self._engine) as connection:
            connection.execute(update(documents).where(documents.c.id == document).values(deleted=datetime.now(UTC)))

    def restore(self, document: DocumentId) -> None:
        """Takes :meth:`mark_deleted` back."""
        with writing(self._engine) as connection:
            connection.execute(update(documents).where(documents.c.id == document).values(deleted=None))

    def children(self, document: DocumentId) -> list[DocumentId]:
        with reading(self._engine) as connection:
            return list(connection.scalars(select(documents.c.id).where(documents.c.parent == document)))

    def deleted_before(self, moment: datetime) -> list[DocumentId]:
        with reading(self._engine) as connection:
            return list(connection.scalars(select(documents.c.id).where(documents.c.deleted < moment)))

    def purge(self, document: DocumentId) -> set[str]:
        """Removes every row of the document. Returns the hashes of originals that nothing needs any more."""
        with writing(self._engine) as connection:
            hashes = set(connection.scalars(select(versions.c.sha256).where(versions.c.document == document)))
            connection.execute(delete(documents).where(documents.c.id == document))
            used = set(connection.scalars(select(versions.c.sha256).where(versions.c.sha256.in_(hashes))))
            return hashes - used


@lru_cache(maxsize=1_000)  # one for each organisation: making a statement takes as long as carrying it out
def _some(visibility: Visibility, dialect: str) -> Select[Any]:
    wanted, is_wanted = named(documents.c.id, dialect)
    found = select(documents).select_from(wanted.join(documents, is_wanted))
    return found.where(seen_by(visibility), documents.c.deleted.is_(None))


def seen_by(visibility: Visibility) -> ColumnElement[bool]:
    """The audience filter in SQL, from the same tokens as in the index.

    Asked of each row: as a list it would be made of every document that one may see, for each question.
    """
    if visibility.tokens is None:
        return true()
    return exists().where(
        document_tokens.c.document == documents.c.id, document_tokens.c.token.in_(sorted(visibility.tokens))
    )
