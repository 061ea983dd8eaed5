"""How a job is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from corpus.catalog.jobs import Job
from corpus.documents import Failure, Stage
from search_api.schemas import Answer


class FailureAnswer(Answer):
    code: str = Field(examples=["encrypted"], description="Stable, for programs.")
    message: str = Field(description="What is wrong.")
    hint: str | None = Field(description="What to do.")

    @classmethod
    def of(cls, failure: Failure) -> FailureAnswer:
        return cls(code=failure.code, message=failure.message, hint=failure.hint)


class JobAnswer(Answer):
    """The way of one version of a document."""

    id: int
    document: str
    title: str
    file_name: str
    version: int = Field(description="1, 2, 3 ...")
    stage: Stage
    place: int | None = Field(description="In the queue: 1 is next. Null where it does not wait.")
    done: int | None = Field(description="Pages (converting) or passages (embedding); null where not counted.")
    total: int | None
    failure: FailureAnswer | None = Field(description="Also of an attempt that is repeated, while it waits.")
    attempts: int
    warnings: list[str] = Field(description="What conversion left out, a sentence each.")
    pages: int | None
    passages: int | None
    created: datetime
    finished: datetime | None
    can_cancel: bool
    can_retry: bool


class JobState(StrEnum):
    ACTIVE = "active"
    READY = "ready"
    FAILED = "failed"


STAGES: dict[JobState, tuple[Stage, ...]] = {
    JobState.ACTIVE: (Stage.QUEUED, Stage.CONVERTING, Stage.EMBEDDING, Stage.INDEXING),
    JobState.READY: (Stage.READY,),
    JobState.FAILED: (Stage.FAILED,),
}


class JobsEvent(Answer):
    """One server-sent event of type `jobs`."""

    full: bool = Field(description="These are all; forget what you had. Otherwise those that changed.")
    jobs: list[JobAnswer]
    gone: list[int] = Field(description="Jobs that are no longer told: deleted, or ended a while ago.")


class FirmJobs(Answer):
    organisation: str
    stages: dict[Stage, int] = Field(description="Versions by stage.")


class FirmFailures(Answer):
    organisation: str
    code: str
    count: int
    last: datetime | None


class IndexHealth(Answer):
    state: Literal["ready", "opening", "failed"]
    passages: int | None = Field(description="That can be found; null unless it is ready.")
    of: int = Field(description="Passages of the documents that are ready: all of them should be found.")


class JobsOverview(Answer):
    """Numbers alone: whose documents they are, not which."""

    stages: dict[Stage, int]
    organisations: list[FirmJobs]
    failures: list[FirmFailures]
    workers: list[Literal["running", "stopped"]] = Field(description="Of this process.")
    index: IndexHealth


def tell_job(job: Job) -> JobAnswer:
    version = job.version
    return JobAnswer(
        id=version.id,
        document=version.document_id,
        title=job.title,
        file_name=version.file_name,
        version=version.number,
        stage=job.stage,
        place=job.place,
        done=job.done,
        total=job.total,
        failure=None if version.failure is None else FailureAnswer.of(version.failure),
        attempts=max(0, job.attempts),
        warnings=list(version.warnings),
        pages=version.pages,
        passages=version.passages,
        created=version.created,
        finished=job.finished,
        can_cancel=job.can_cancel,
        can_retry=job.can_retry,
    )
