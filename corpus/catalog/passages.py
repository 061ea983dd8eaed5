"""Passages and their embeddings, for those who found them, and for the index to be made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Engine, Select, bindparam, delete, func, insert, select, update

from corpus.catalog import rows
from corpus.catalog.engine import reading, writing
from corpus.catalog.named import NAMED, named
from corpus.catalog.tables import documents, embeddings, passages
from corpus.documents import DocumentId, StoredPassage
from corpus.embedding.embedder import Matrix


@dataclass(frozen=True, slots=True)
class EmbeddedPassages:
    """The passages of one version with their raw vectors, row by row."""

    passages: list[StoredPassage]
    vectors: Matrix
    packs: frozenset[str]  # digests of the packs that made the vectors


class Passages:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._some = _some(engine.dialect.name)

    def some(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages of current versions, and of versions just about to be; others do not exist.

        Who may see them is for the caller's documents to say.
        """
        with reading(self._engine) as connection:
            return {row.id: rows.passage(row) for row in connection.execute(self._some, {NAMED: list(ids)})}

    def of_version(self, version: int) -> list[StoredPassage]:
        with reading(self._engine) as connection:
            found = connection.execute(
                select(passages).where(passages.c.version == version).order_by(passages.c.ordinal)
            )
            return [rows.passage(row) for row in found]

    def between(self, version: int, first: int, last: int) -> tuple[list[StoredPassage], int]:
        """Those with ordinals from ``first`` to ``last``, inclusive, and how many the version has."""
        of_it = passages.c.version == version
        with reading(self._engine) as connection:
            found = connection.execute(
                select(passages).where(of_it, passages.c.ordinal.between(first, last)).order_by(passages.c.ordinal)
            ).all()
            total = connection.scalar(select(func.count()).select_from(passages).where(of_it)) or 0
        return [rows.passage(row) for row in found], total

    def headings(self) -> list[tuple[DocumentId, tuple[str, ...]]]:
        """Every heading path of current versions, once for each document."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(passages.c.document, passages.c.heading_path)
                .join(documents, documents.c.current_version == passages.c.version)
                .where(documents.c.deleted.is_(None))
                .order_by(passages.c.document, passages.c.ordinal)
            )
            return list(dict.fromkeys((row.document, tuple(row.heading_path)) for row in found))

    def embedded(self, version: int) -> EmbeddedPassages:
        with reading(self._engine) as connection:
            found = connection.execute(
                select(passages, embeddings.c.vector, embeddings.c.pack)
                .join(embeddings, embeddings.c.passage == passages.c.id)
                .where(passages.c.version == version)
                .order_by(passages.c.ordinal)
            ).all()
        vectors = np.frombuffer(b"".join(row.vector for row in found), np.float16).astype(np.float32)
        return EmbeddedPassages(
            passages=[rows.passage(row) for row in found],
            vectors=vectors.reshape(len(found), -1) if found else vectors.reshape(0, 0),
            packs=frozenset(row.pack for row in found),
        )

    def packs(self, version: int) -> frozenset[str | None]:
        """Digests of the packs that embedded the version's passages; None among them where one has no vector."""
        with reading(self._engine) as connection:
            return frozenset(
                connection.scalars(
                    select(embeddings.c.pack)
                    .select_from(passages.outerjoin(embeddings, embeddings.c.passage == passages.c.id))
                    .where(passages.c.version == version)
                    .distinct()
                )
            )

    def put_embeddings(self, ids: Sequence[int], vectors: Matrix, pack: str) -> None:
        """Raw vectors of passages, row by row, in place of those that were there."""
        values = [
            {"passage": passage, "pack": pack, "vector": vector.tobytes()}
            for passage, vector in zip(ids, vectors.astype(np.float16), strict=True)
        ]
        with writing(self._engine) as connection:
            connection.execute(delete(embeddings).where(embeddings.c.passage.in_(ids)))
            connection.execute(insert(embeddings), values)

    def put_words(self, words: Mapping[int, bytes]) -> None:
        """By passage, in place of what was kept of them."""
        statement = update(passages).where(passages.c.id == bindparam("passage")).values(words=bindparam("kept"))
        with writing(self._engine) as connection:
            connection.execute(statement, [{"passage": id_, "kept": kept} for id_, kept in words.items()])

    def current_versions(self) -> Iterator[tuple[DocumentId, int]]:
        """Every document that is found, with the version that is."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(documents.c.id, documents.c.current_version)
                .where(documents.c.current_version.is_not(None), documents.c.deleted.is_(None))
                .order_by(documents.c.id)
            ).all()
        yield from ((row.id, row.current_version) for row in found)

    def count(self) -> int:
        """Passages of current versions."""
        with reading(self._engine) as connection:
            return (
                connection.scalar(
                    select(func.count())
                    .select_from(passages)
                    .join(documents, documents.c.current_version == passages.c.version)
                    .where(documents.c.deleted.is_(None))
                )
                or 0
            )


def _some(dialect: str) -> Select[Any]:
    """Made once: making it takes as long as carrying it out."""
    wanted, is_wanted = named(passages.c.id, dialect)
    is_current = (documents.c.id == passages.c.document) & (documents.c.current_version <= passages.c.version)
    joined = wanted.join(passages, is_wanted).join(documents, is_current)
    return select(passages).select_from(joined).where(documents.c.deleted.is_(None))
