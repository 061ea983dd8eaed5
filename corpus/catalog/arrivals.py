"""Taking in bytes: what is new, what is known, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from corpus.catalog import rows
from corpus.catalog.engine import reading, writing
from corpus.catalog.identity import new_document_id
from corpus.catalog.tables import documents, sources, versions
from corpus.catalog.values import audience_values, fact_values, put_tokens
from corpus.documents import Audience, DocumentFacts, DocumentId, OrganisationId, Stage
from corpus.errors import NotFound

TRANSIENT = frozenset({"timed_out", "out_of_memory", "crashed", "storage", "disk_full", "interrupted"})
"""Failures that another try may mend; the others are the file's own."""


class Outcome(StrEnum):
    """What taking in some bytes came to."""

    ADDED = "added"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"
    UPDATED = "updated"  # the same bytes with other facts or another audience
    RETRIED = "retried"  # the same bytes, which failed for a reason that may have passed
    FAILED_BEFORE = "failed_before"  # the same bytes, which cannot be read
    DUPLICATE = "duplicate"  # bytes that this organisation has under another name


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that came in, already among the originals."""

    organisation: OrganisationId
    source_key: str
    sha256: str
    size: int
    media_type: str
    file_name: str
    facts: DocumentFacts
    declared: frozenset[str]  # names of the facts that a person gave
    audience: Audience | None = None  # None: as it is, and the owner's alone for a new document
    modified_ns: int | None = None
    contributor: str | None = None
    parent: DocumentId | None = None
    draft: bool = False
    retry: bool = False  # also what is known to be unreadable


@dataclass(frozen=True, slots=True)
class Registered:
    outcome: Outcome
    document_id: DocumentId
    version_id: int


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    document_id: DocumentId
    sha256: str
    size: int
    modified_ns: int | None


class Arrivals:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def register(self, arrival: Arrival) -> Registered:
        """One transaction: the document, its version (queued) and where it came from. Never two for the same bytes."""
        now = datetime.now(UTC)
        with writing(self._engine) as connection:
            known = connection.execute(
                select(sources).where(
                    sources.c.organisation == arrival.organisation, sources.c.key == arrival.source_key
                )
            ).first()
            if known is not None and not self._is_deleted(connection, known.document):
                registered = self._arrive_again(connection, known.document, arrival, now)
            else:
                twin = self._twin(connection, arrival)
                if twin is not None:
                    registered = Registered(Outcome.DUPLICATE, twin.document, twin.id)
                else:
                    registered = self._add(connection, arrival, now)
            self._remember_source(connection, arrival, registered.document_id, known is not None)
            return registered

    def register_version(self, document: DocumentId, arrival: Arrival) -> Registered:
        """Other bytes for a document that is there, whatever they are called. Raises NotFound."""
        with writing(self._engine) as connection:
            if connection.scalar(select(documents.c.deleted.is_(None)).where(documents.c.id == document)) is not True:
                raise NotFound(f"There is no document {document!r}.", code="unknown_document")
            registered = self._arrive_again(connection, document, arrival, datetime.now(UTC))
            self._remember_source(connection, arrival, document, known=False)
            return registered

    def _is_deleted(self, connection: Connection, document: DocumentId) -> bool:
        return connection.scalar(select(documents.c.deleted).where(documents.c.id == document)) is not None

    def _add(self, connection: Connection, arrival: Arrival, now: datetime) -> Registered:
        document = new_document_id()
        audience = arrival.audience or Audience.owner()
        draft, deleted = arrival.draft, None
        if arrival.parent is not None:
            # Held until the attachment is there: whoever narrows or deletes the message finds it then.
            parent = connection.execute(
                select(documents).where(documents.c.id == arrival.parent).with_for_update()
            ).one()
            audience, draft, deleted = rows.document(parent).audience, parent.draft, parent.deleted
        connection.execute(
            insert(documents).values(
                id=document,
                organisation=arrival.organisation,
                contributor=arrival.contributor,
                parent=arrival.parent,
                draft=draft,
                deleted=deleted,
                declared=sorted(arrival.declared),
                index_lags=False,
                created=now,
                updated=now,
                **fact_values(arrival.facts),
                **audience_values(audience),
            )
        )
        put_tokens(connection, document, arrival.organisation, audience, draft)
        return Registered(Outcome.ADDED, document, _queue(connection, document, 1, arrival, now))

    def _arrive_again(
        self, connection: Connection, document: DocumentId, arrival: Arrival, now: datetime
    ) -> Registered:
        latest = connection.execute(
            select(versions).where(versions.c.document == document).order_by(versions.c.number.desc()).limit(1)
        ).one()
        changed = self._correct(connection, document, arrival, now)
        if latest.sha256 != arrival.sha256:
            version = _queue(connection, document, latest.number + 1, arrival, now)
            return Registered(Outcome.NEW_VERSION, document, version)
        if latest.stage == Stage.FAILED:
            if arrival.retry or latest.failure_code in TRANSIENT:
                connection.execute(
                    update(versions)
                    .where(versions.c.id == latest.id)
                    .values(stage=Stage.QUEUED, attempts=0, leased_until=None)
                )
                return Registered(Outcome.RETRIED, document, latest.id)
            return Registered(Outcome.FAILED_BEFORE, document, latest.id)
        return Registered(Outcome.UPDATED if changed else Outcome.UNCHANGED, document, latest.id)

    def _correct(self, connection: Connection, document: DocumentId, arrival: Arrival, now: datetime) -> bool:
        """Declared facts and the audience, where they differ from what is there."""
        row = connection.execute(select(documents).where(documents.c.id == document)).one()
        present = rows.document(row)
        values: dict[str, Any] = {
            name: value
            for name, value in fact_values(arrival.facts).items()
            if name in arrival.declared and value != getattr(row, name)
        }
        if arrival.audience is not None and arrival.parent is None and present.audience != arrival.audience:
            values |= audience_values(arrival.audience)
            put_tokens(connection, document, present.organisation, arrival.audience, present.draft)
        declared = sorted({*row.declared, *arrival.declared})
        if not values and declared == row.declared:
            return False
        connection.execute(
            update(documents)
            .where(documents.c.id == document)
            .values(updated=now, declared=declared, index_lags=True, **values)
        )
        return bool(values)

    def _twin(self, connection: Connection, arrival: Arrival) -> Any:
        """The same bytes, of the same organisation, for the same audience: one document with two names."""
        for row in connection.execute(
            select(versions.c.id, versions.c.document, documents)
            .join(documents, documents.c.id == versions.c.document)
            .where(
                documents.c.organisation == arrival.organisation,
                documents.c.deleted.is_(None),
                versions.c.sha256 == arrival.sha256,
                versions.c.stage != Stage.FAILED,
            )
        ):
            latest = connection.scalar(select(func.max(versions.c.id)).where(versions.c.document == row.document))
            audience = Audience(row.audience_scope, frozenset(row.audience_organisations))
            same_audience = audience == (arrival.audience or Audience.owner())
            if latest == row.id and same_audience and row.parent is None and arrival.parent is None:
                return row
        return None

    def _remember_source(self, connection: Connection, arrival: Arrival, document: DocumentId, known: bool) -> None:
        key = (sources.c.organisation == arrival.organisation) & (sources.c.key == arrival.source_key)
        values = {
            "document": document,
            "sha256": arrival.sha256,
            "size": arrival.size,
            "modified_ns": arrival.modified_ns,
        }
        if known:
            connection.execute(update(sources).where(key).values(**values))
        else:
            connection.execute(
                insert(sources).values(organisation=arrival.organisation, key=arrival.source_key, **values)
            )

    def sources(self, organisation: OrganisationId, prefix: str = "") -> list[Source]:
        """The sources of an organisation whose keys start with ``prefix``."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(sources)
                .join(documents, documents.c.id == sources.c.document)
                .where(
                    sources.c.organisation == organisation,
                    sources.c.key.startswith(prefix, autoescape=True),
                    documents.c.deleted.is_(None),
                )
                .order_by(sources.c.key)
            )
            return [Source(row.key, row.document, row.sha256, row.size, row.modified_ns) for row in found]

    def keys_of(self, document: DocumentId) -> list[str]:
        """Where the document's bytes came from."""
        with reading(self._engine) as connection:
            return list(connection.scalars(select(sources.c.key).where(sources.c.document == document)))

    def forget_source(self, organisation: OrganisationId, key: str) -> DocumentId | None:
        """The file is no longer there. Returns its document when that was its last source: it should go as well."""
        this = (sources.c.organisation == organisation) & (sources.c.key == key)
        with writing(self._engine) as connection:
            document = connection.scalar(select(sources.c.document).where(this))
            connection.execute(delete(sources).where(this))
            if document is None:
                return None
            left = connection.scalar(select(func.count()).where(sources.c.document == document))
            return None if left else str(document)


def _queue(connection: Connection, document: DocumentId, number: int, arrival: Arrival, now: datetime) -> int:
    connection.execute(
        update(versions)
        .where(versions.c.document == document, versions.c.stage == Stage.QUEUED)
        .values(
            stage=Stage.FAILED,
            failure_code="superseded",
            failure_message="A newer version arrived before this one was read.",
            finished=now,
        )
    )
    version = connection.scalar(
        insert(versions)
        .values(
            document=document,
            number=number,
            sha256=arrival.sha256,
            size=arrival.size,
            media_type=arrival.media_type,
            file_name=arrival.file_name,
            stage=Stage.QUEUED,
            attempts=0,
            warnings=[],
            created=now,
        )
        .returning(versions.c.id)
    )
    assert version is not None
    return int(version)
