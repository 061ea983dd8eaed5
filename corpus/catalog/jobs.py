"""Jobs: the way of each version, for those who wait for it. A job's number is its version's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, func, select, update

from corpus.catalog import rows
from corpus.catalog.engine import reading, writing
from corpus.catalog.queue import UNDER_WAY
from corpus.catalog.tables import documents, versions
from corpus.documents import DocumentId, OrganisationId, Stage, Version
from corpus.errors import Conflict, NotFound

ENDED = (Stage.READY, Stage.FAILED)
CANCELLED = "cancelled"
NEVER_AGAIN = frozenset({"superseded"})


@dataclass(frozen=True, slots=True)
class Job:
    version: Version
    organisation: OrganisationId
    title: str  # of the document
    contributor: str | None
    attempts: int
    done: int | None  # pages or passages of the stage under way
    total: int | None
    finished: datetime | None
    is_latest: bool  # no newer version of the document has arrived
    place: int | None = None  # in the queue of the whole cluster, 1 is next; None where it does not wait

    @property
    def stage(self) -> Stage:
        """A version that a worker has put aside for itself waits all the same."""
        if self.version.stage is Stage.CONVERTING and self.done is None:
            return Stage.QUEUED
        return self.version.stage

    @property
    def can_cancel(self) -> bool:
        return self.version.stage in (Stage.QUEUED, *UNDER_WAY)

    @property
    def can_retry(self) -> bool:
        failure = self.version.failure
        is_failed = self.version.stage is Stage.FAILED and failure is not None
        return is_failed and self.is_latest and failure is not None and failure.code not in NEVER_AGAIN


@dataclass(frozen=True, slots=True)
class FailureCount:
    organisation: OrganisationId
    code: str
    count: int
    last: datetime | None


class Jobs:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self,
        organisation: OrganisationId,
        *,
        stages: Iterable[Stage] | None = None,
        document: DocumentId | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Job]:
        """Of one organisation, the newest first; ``before`` is the last one of the page already seen."""
        wanted = [documents.c.organisation == organisation]
        if stages is not None:
            wanted.append(versions.c.stage.in_(list(stages)))
        if document is not None:
            wanted.append(versions.c.document == document)
        if before is not None:
            wanted.append(versions.c.id < before)
        return self._jobs(_jobs(*wanted).order_by(versions.c.id.desc()).limit(limit))

    def active(self, organisation: OrganisationId, *, ended_since: datetime, limit: int) -> list[Job]:
        """What is under way and what ended lately, the newest first."""
        lately = versions.c.stage.in_(ENDED) & (versions.c.finished >= ended_since)
        return self._jobs(
            _jobs(documents.c.organisation == organisation, versions.c.stage.not_in(ENDED) | lately)
            .order_by(versions.c.id.desc())
            .limit(limit)
        )

    def get(self, job: int, organisation: OrganisationId | None) -> Job:
        """Raises NotFound also for another organisation's."""
        found = self._jobs(_jobs(versions.c.id == job, documents.c.organisation == organisation))
        if not found:
            raise NotFound(f"There is no job {job}.", code="unknown_job")
        return found[0]

    def latest_of(self, some: Sequence[DocumentId]) -> dict[DocumentId, Job]:
        """The newest version of each document."""
        newest = select(func.max(versions.c.id)).where(versions.c.document.in_(set(some))).group_by(versions.c.document)
        return {job.version.document_id: job for job in self._jobs(_jobs(versions.c.id.in_(newest)))}

    def cancel(self, job: int) -> None:
        """Raises Conflict where it has ended, or cannot be stopped any more."""
        with writing(self._engine) as connection:
            cancelled = connection.execute(
                update(versions)
                .where(versions.c.id == job, versions.c.stage.in_((Stage.QUEUED, *UNDER_WAY)))
                .values(
                    stage=Stage.FAILED,
                    failure_code=CANCELLED,
                    failure_message="It was cancelled.",
                    failure_hint="Try it again, or delete the document.",
                    worker=None,
                    leased_until=None,
                    finished=datetime.now(UTC),
                )
            ).rowcount
        if not cancelled:
            raise Conflict(f"Job {job} cannot be cancelled any more.", code="too_late")

    def retry(self, job: int) -> None:
        """Queues a version that failed once more. Raises Conflict where it did not fail or a newer one is there."""
        newer = versions.alias()
        is_latest = ~(
            select(newer.c.id).where(newer.c.document == versions.c.document, newer.c.id > versions.c.id).exists()
        )
        with writing(self._engine) as connection:
            queued = connection.execute(
                update(versions)
                .where(
                    versions.c.id == job,
                    versions.c.stage == Stage.FAILED,
                    versions.c.failure_code.not_in(NEVER_AGAIN),
                    is_latest,
                )
                .values(
                    stage=Stage.QUEUED,
                    attempts=0,
                    worker=None,
                    leased_until=None,
                    done=None,
                    total=None,
                    failure_code=None,
                    failure_message=None,
                    failure_hint=None,
                    finished=None,
                )
            ).rowcount
        if not queued:
            raise Conflict(f"Job {job} cannot be tried again.", code="cannot_retry", hint="Upload a new version.")

    def stages_by_organisation(self) -> dict[OrganisationId, dict[Stage, int]]:
        """How many versions are where: numbers alone, for who runs the service."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(documents.c.organisation, versions.c.stage, func.count())
                .join(documents, documents.c.id == versions.c.document)
                .where(documents.c.deleted.is_(None))
                .group_by(documents.c.organisation, versions.c.stage)
            )
            counts: dict[OrganisationId, dict[Stage, int]] = {}
            for organisation, stage, count in found:
                counts.setdefault(organisation, {})[Stage(stage)] = count
            return counts

    def failures(self) -> list[FailureCount]:
        """By organisation and code, the most frequent first."""
        count = func.count()
        with reading(self._engine) as connection:
            found = connection.execute(
                select(documents.c.organisation, versions.c.failure_code, count, func.max(versions.c.finished))
                .join(documents, documents.c.id == versions.c.document)
                .where(documents.c.deleted.is_(None), versions.c.stage == Stage.FAILED)
                .group_by(documents.c.organisation, versions.c.failure_code)
                .order_by(count.desc(), documents.c.organisation, versions.c.failure_code)
            )
            return [FailureCount(organisation, code, number, last) for organisation, code, number, last in found]

    def _jobs(self, wanted: Select[Any]) -> list[Job]:
        with reading(self._engine) as connection:
            found = connection.execute(wanted).all()
            waits = any(row.stage in (Stage.QUEUED, Stage.CONVERTING) for row in found)
            queue = list(connection.scalars(_QUEUE)) if waits else []
        places = {version: place for place, version in enumerate(queue, start=1)}
        return [_job(row, places.get(row.id)) for row in found]


def _jobs(*wanted: ColumnElement[bool]) -> Select[Any]:
    newest = versions.alias()
    is_latest = (
        ~select(newest.c.id).where(newest.c.document == versions.c.document, newest.c.id > versions.c.id).exists()
    )
    return (
        select(
            versions,
            documents.c.organisation,
            documents.c.title,
            documents.c.contributor,
            is_latest.label("is_latest"),
        )
        .join(documents, documents.c.id == versions.c.document)
        .where(documents.c.deleted.is_(None), *wanted)
    )


_QUEUE = (
    select(versions.c.id)
    .join(documents, documents.c.id == versions.c.document)
    .where(
        documents.c.deleted.is_(None),
        (versions.c.stage == Stage.QUEUED) | ((versions.c.stage == Stage.CONVERTING) & versions.c.done.is_(None)),
    )
    .order_by(versions.c.id)
)


def _job(row: Row[Any], place: int | None) -> Job:
    return Job(
        version=rows.version(row),
        organisation=row.organisation,
        title=row.title,
        contributor=row.contributor,
        attempts=row.attempts,
        done=row.done,
        total=row.total,
        finished=row.finished,
        is_latest=bool(row.is_latest),
        place=place,
    )
