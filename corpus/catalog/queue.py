"""The queue: the catalog's own states of versions, claimed by workers for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from numpy import float16
from sqlalchemy import ColumnElement, Engine, bindparam, case, delete, func, insert, select, true, update

from corpus.catalog import rows
from corpus.catalog.engine import reading, writing
from corpus.catalog.tables import documents, embeddings, passages, versions
from corpus.catalog.values import fact_values
from corpus.documents import DocumentFacts, Failure, Passage, Stage, Version
from corpus.embedding.embedder import Matrix
from corpus.index.passage_words import PassageWords

UNDER_WAY = (Stage.CONVERTING, Stage.EMBEDDING)
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=15)
"""Before something is tried for the second time; four times as long before the third."""

MAX_ATTEMPTS = 3
"""A version that took its worker down this often is given up as ``crashed``."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What conversion and embedding made of a version."""

    passages: Sequence[Passage]
    vectors: Matrix  # (len(passages), dimensions), raw
    pack: str  # digest of the model pack
    guesses: DocumentFacts
    pages: int | None
    media_type: str
    warnings: Sequence[str] = ()


class Queue:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, worker: str, *, lease: timedelta = LEASE) -> Version | None:
        """The next version to convert: it is this worker's until the lease ends. Two workers never get the same."""
        now = datetime.now(UTC)
        with writing(self._engine) as connection:
            while True:
                row = connection.execute(_CLAIM, {"now": now, "until": now + lease, "claimer": worker}).first()
                if row is None or row.attempts <= MAX_ATTEMPTS:
                    return None if row is None else rows.version(row)
                connection.execute(
                    update(versions)
                    .where(versions.c.id == row.id)
                    .values(_failed(Failure("crashed", f"It took the worker down {MAX_ATTEMPTS} times."), now))
                )

    def has_work(self) -> bool:
        """Whether :meth:`claim` would find something. It only reads, so that it may be asked often."""
        with reading(self._engine) as connection:
            return connection.scalar(_IS_ANY_FREE, {"now": datetime.now(UTC)}) is not None

    def report(
        self,
        version: int,
        stage: Stage,
        done: int | None,
        total: int | None,
        *,
        lease: timedelta = timedelta(minutes=5),
    ) -> None:
        """Progress for those who watch, and a longer lease; of what was cancelled meanwhile, nothing."""
        with writing(self._engine) as connection:
            connection.execute(
                update(versions)
                .where(versions.c.id == version, versions.c.stage.in_(UNDER_WAY))
                .values(stage=stage, done=done, total=total, leased_until=datetime.now(UTC) + lease)
            )

    def extend(self, worker: str, *, lease: timedelta = LEASE) -> None:
        """This worker is alive: what it holds stays its own."""
        with writing(self._engine) as connection:
            connection.execute(
                update(versions)
                .where(versions.c.worker == worker, versions.c.stage.in_((*UNDER_WAY, Stage.INDEXING)))
                .values(leased_until=datetime.now(UTC) + lease)
            )

    def release(self, worker: str, *, died: bool = False) -> int:
        """What this worker had claimed is queued again: it stops, or it is known to be dead.

        What a dead one had begun to read counts as an attempt, for it may have been the cause.
        """
        return self._release(versions.c.worker == worker, died=died)

    def release_all(self) -> int:
        """For the one process that owns everything, at its start: whoever had claimed something is dead.

        No document is to blame for the end of the whole service, so that no attempt is counted.
        """
        return self._release(true(), died=False)

    def _release(self, held: ColumnElement[bool], *, died: bool) -> int:
        uncounted = versions.c.attempts - 1
        attempts = case((versions.c.done.is_not(None), versions.c.attempts), else_=uncounted) if died else uncounted
        with writing(self._engine) as connection:
            return connection.execute(
                update(versions)
                .where(held, versions.c.stage.in_(UNDER_WAY))
                .values(stage=Stage.QUEUED, worker=None, leased_until=None, done=None, total=None, attempts=attempts)
            ).rowcount

    def retry_later(self, version: int, failure: Failure) -> bool:
        """Queues what failed for a passing reason once more, after a pause that grows. False where it was enough."""
        with writing(self._engine) as connection:
            row = connection.execute(
                select(versions.c.attempts).where(versions.c.id == version, versions.c.stage.in_(UNDER_WAY))
            ).first()
            if row is None or row.attempts >= MAX_ATTEMPTS:
                return False
            pause = FIRST_PAUSE * 4 ** (row.attempts - 1)
            values = _failed(failure, datetime.now(UTC)) | {
                "stage": Stage.QUEUED,
                "finished": None,
                "leased_until": datetime.now(UTC) + pause,
                "done": None,
                "total": None,
            }
            connection.execute(update(versions).where(versions.c.id == version).values(values))
            return True

    def store(self, version: int, prepared: Prepared) -> bool:
        """Passages and embeddings into the catalog, in one transaction; the version is then to be indexed.

        False where the version is gone, or no longer wanted, meanwhile.
        """
        values = [_values(passage) for passage in prepared.passages]
        with writing(self._engine) as connection:
            row = connection.execute(
                select(versions.c.document, versions.c.stage, documents.c.declared, documents.c.deleted)
                .join(documents, documents.c.id == versions.c.document)
                .where(versions.c.id == version)
            ).first()
            if row is None or row.deleted is not None or row.stage not in UNDER_WAY:
                return False
            connection.execute(delete(passages).where(passages.c.version == version))
            ids = _insert_passages(connection, row.document, version, values)
            vectors = prepared.vectors.astype(float16)
            connection.execute(
                insert(embeddings),
                [
                    {"passage": passage, "pack": prepared.pack, "vector": vector.tobytes()}
                    for passage, vector in zip(ids, vectors, strict=True)
                ],
            )
            guessed = {
                name: value
                for name, value in fact_values(prepared.guesses).items()
                if name not in row.declared and value
            }
            if guessed:
                connection.execute(update(documents).where(documents.c.id == row.document).values(**guessed))
            connection.execute(
                update(versions)
                .where(versions.c.id == version)
                .values(
                    stage=Stage.INDEXING,
                    pages=prepared.pages,
                    passages=len(prepared.passages),
                    media_type=prepared.media_type,
                    warnings=list(prepared.warnings),
                    leased_until=datetime.now(UTC) + LEASE,
                    done=None,
                    total=None,
                )
            )
            return True

    def to_index(self) -> list[Version]:
        """Versions that the index has yet to take, the oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(versions)
                .join(documents, documents.c.id == versions.c.document)
                .where(versions.c.stage == Stage.INDEXING, documents.c.deleted.is_(None))
                .order_by(versions.c.id)
            )
            return [rows.version(row) for row in found]

    def claim_to_index(self, worker: str, *, lease: timedelta = LEASE) -> Version | None:
        """A version whose worker died between embedding and indexing. For indexes that several processes write."""
        now = datetime.now(UTC)
        orphan = (
            select(versions.c.id)
            .where(
                versions.c.stage == Stage.INDEXING,
                versions.c.leased_until.is_(None) | (versions.c.leased_until < now),
                versions.c.document.in_(_PRESENT),
            )
            .order_by(versions.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with writing(self._engine) as connection:
            row = connection.execute(
                update(versions)
                .where(versions.c.id == orphan.scalar_subquery())
                .values(worker=worker, leased_until=now + lease)
                .returning(versions)
            ).first()
            return None if row is None else rows.version(row)

    def finish(self, version: int) -> bool:
        """The index has it: from this commit on it is the version that is found. False where it was not wanted."""
        now = datetime.now(UTC)
        with writing(self._engine) as connection:
            row = connection.execute(
                update(versions)
                .where(versions.c.id == version, versions.c.stage.in_((Stage.INDEXING, Stage.READY)))
                .values(stage=Stage.READY, finished=now, worker=None, leased_until=None)
                .returning(versions.c.document)
            ).first()
            if row is None:
                return False
            newest = (documents.c.id == row.document) & (
                documents.c.current_version.is_(None) | (documents.c.current_version <= version)
            )
            moved = connection.execute(update(documents).where(newest).values(current_version=version, updated=now))
            if moved.rowcount == 0:
                superseded = Failure("superseded", "A newer version was ready before this one.")
                connection.execute(update(versions).where(versions.c.id == version).values(_failed(superseded, now)))
                return False
            connection.execute(
                delete(passages).where(passages.c.document == row.document, passages.c.version < version)
            )
            return True

    def fail(self, version: int, failure: Failure) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                update(versions)
                .where(versions.c.id == version, versions.c.stage != Stage.READY, versions.c.stage != Stage.FAILED)
                .values(_failed(failure, datetime.now(UTC)))
            )

    def counts(self) -> dict[Stage, int]:
        with reading(self._engine) as connection:
            found = connection.execute(
                select(versions.c.stage, func.count())
                .join(documents, documents.c.id == versions.c.document)
                .where(documents.c.deleted.is_(None))
                .group_by(versions.c.stage)
            )
            return {Stage(stage): count for stage, count in found}


_PRESENT = select(documents.c.id).where(documents.c.deleted.is_(None)).scalar_subquery()


def _is_free() -> ColumnElement[bool]:
    """To be claimed ``now``: what waits and whose pause is over, and what a worker held that gives no sign of life."""
    waits = versions.c.stage == Stage.QUEUED
    abandoned = versions.c.stage.in_(UNDER_WAY)
    is_due = versions.c.leased_until < bindparam("now")
    return ((waits & (versions.c.leased_until.is_(None) | is_due)) | (abandoned & is_due)) & versions.c.document.in_(
        _PRESENT
    )


# Built once: that takes longer than running them, and a worker looks into the queue often.
_IS_ANY_FREE = select(versions.c.id).where(_is_free()).limit(1)
_CLAIM = (
    update(versions)
    .where(
        versions.c.id
        == select(versions.c.id)
        .where(_is_free())
        .order_by(versions.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(
        stage=Stage.CONVERTING,
        worker=bindparam("claimer"),
        leased_until=bindparam("until"),
        attempts=versions.c.attempts + 1,
        done=None,  # until its reading begins
        total=None,
        failure_code=None,
        failure_message=None,
        failure_hint=None,
        finished=None,
    )
    .returning(versions)
)


def _failed(failure: Failure, now: datetime) -> dict[str, Any]:
    return {
        "stage": Stage.FAILED,
        "failure_code": failure.code,
        "failure_message": failure.message,
        "failure_hint": failure.hint,
        "worker": None,
        "leased_until": None,
        "finished": now,
    }


def _values(passage: Passage) -> dict[str, Any]:
    """Told before others have to wait for the transaction."""
    return {
        "ordinal": passage.ordinal,
        "text": passage.text,
        "language": passage.language,
        "heading_path": list(passage.heading_path),
        "first_page": passage.first_page,
        "last_page": passage.last_page,
        "place": passage.place,
        "is_table": passage.is_table,
        "words": PassageWords.of(passage.text, passage.language).to_bytes(),
    }


def _insert_passages(connection: Any, document: str, version: int, values: Sequence[Mapping[str, Any]]) -> list[int]:
    connection.execute(insert(passages), [{"document": document, "version": version, **each} for each in values])
    return list(
        connection.scalars(select(passages.c.id).where(passages.c.version == version).order_by(passages.c.ordinal))
    )
