"""Jobs of one's own organisation: nobody else is told what a firm is about to share."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from corpus.catalog.jobs import Job
from corpus.documents import OrganisationId
from corpus.errors import NotFound
from search_api.access.caller import Caller
from search_api.access.errors import NotAllowed
from search_api.documents.rights import may_contribute_files
from search_api.jobs.schemas import FirmFailures, FirmJobs, IndexHealth, JobsOverview
from search_api.service import Service

LATELY = timedelta(minutes=15)
MOST = 500
FRESH = 0.4  # seconds


def organisation_of(caller: Caller) -> OrganisationId:
    """Raises NotAllowed for somebody without one, who has no jobs."""
    if caller.organisation is None:
        raise NotAllowed("Jobs belong to an organisation, and you have none.", code="no_organisation")
    return caller.organisation


def get_job(service: Service, caller: Caller, job: int) -> Job:
    """Raises NotFound."""
    if caller.organisation is None:
        raise NotFound(f"There is no job {job}.", code="unknown_job")
    return service.library.catalog.jobs.get(job, caller.organisation)


def retry_job(service: Service, caller: Caller, job: int) -> Job:
    """Raises NotFound, NotAllowed, Conflict."""
    found = get_job(service, caller, job)
    _check_may_change(caller, found)
    service.library.catalog.jobs.retry(job)
    service.ingestion.wake()
    return get_job(service, caller, job)


def cancel_job(service: Service, caller: Caller, job: int) -> Job:
    """Raises NotFound, NotAllowed, Conflict."""
    found = get_job(service, caller, job)
    _check_may_change(caller, found)
    service.library.catalog.jobs.cancel(job)
    return get_job(service, caller, job)


def overview(service: Service) -> JobsOverview:
    stages = service.library.catalog.jobs.stages_by_organisation()
    failures = service.library.catalog.jobs.failures()
    return JobsOverview(
        stages=dict(service.library.catalog.queue.counts()),
        organisations=[
            FirmJobs(organisation=organisation, stages=dict(counts)) for organisation, counts in sorted(stages.items())
        ],
        failures=[FirmFailures.model_validate(failure) for failure in failures],
        workers=["running" if worker.is_running else "stopped" for worker in service.ingestion.workers],
        index=_index_health(service),
    )


def _index_health(service: Service) -> IndexHealth:
    of = service.library.catalog.passages.count()
    if service.warming.failure is not None:
        return IndexHealth(state="failed", passages=None, of=of)
    if not service.warming.is_done:
        return IndexHealth(state="opening", passages=None, of=of)
    return IndexHealth(state="ready", passages=service.library.index.count_passages(), of=of)


def _check_may_change(caller: Caller, job: Job) -> None:
    if not (may_contribute_files(caller) or (caller.member is not None and job.contributor == caller.name)):
        raise NotAllowed("This is for coordinators, and for who wrote it.")


class Board:
    """What all who watch an organisation's jobs are told: read once for all of them, however many they are."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._read: dict[OrganisationId, tuple[float, list[Job]]] = {}

    def jobs(self, organisation: OrganisationId) -> list[Job]:
        """Under way and ended lately, the newest first, at most ``MOST``; not older than ``FRESH`` seconds."""
        with self._lock:
            at, jobs = self._read.get(organisation, (0.0, []))
            if time.monotonic() - at > FRESH:
                jobs = self._service.library.catalog.jobs.active(
                    organisation, ended_since=datetime.now(UTC) - LATELY, limit=MOST
                )
                self._read[organisation] = (time.monotonic(), jobs)
            return jobs
