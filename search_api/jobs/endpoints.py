"""Jobs by polling and as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse

from corpus.errors import LonjaError
from search_api.access.principal import Administrator, CurrentCaller, who_calls_still
from search_api.jobs import service as jobs
from search_api.jobs.events import Streams, events
from search_api.jobs.schemas import STAGES, JobAnswer, JobsOverview, JobState, tell_job
from search_api.openapi import problems
from search_api.schemas import Page, PageSize
from search_api.service import ServiceDep

router = APIRouter(tags=["jobs"])

JobId = Annotated[int, Path(ge=1, le=2**53)]
JobCursor = Annotated[int | None, Query(ge=1, le=2**53, description="`next_cursor` of the page before.")]


@router.get("/jobs", responses=problems(403))
def list_jobs(
    caller: CurrentCaller,
    service: ServiceDep,
    state: JobState | None = None,
    document: Annotated[str | None, Query(max_length=32, pattern=r"^[0-9a-z]+$")] = None,
    cursor: JobCursor = None,
    limit: PageSize = 50,
) -> Page[JobAnswer]:
    """Of one's own organisation, the newest first."""
    found = service.library.catalog.jobs.page(
        jobs.organisation_of(caller),
        stages=None if state is None else STAGES[state],
        document=document,
        before=cursor,
        limit=limit + 1,
    )
    return Page(
        items=[tell_job(job) for job in found[:limit]],
        next_cursor=str(found[limit - 1].version.id) if len(found) > limit else None,
    )


def _streams(request: Request) -> Streams:
    state: Any = request.app.state
    if not hasattr(state, "job_streams"):
        state.job_streams = Streams()
    streams = state.job_streams
    assert isinstance(streams, Streams)
    return streams


def _board(request: Request, service: ServiceDep) -> jobs.Board:
    state: Any = request.app.state
    if not hasattr(state, "job_board"):
        state.job_board = jobs.Board(service)
    board = state.job_board
    assert isinstance(board, jobs.Board)
    return board


@router.get(
    "/jobs/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Events of type `jobs`, each with a JobsEvent as its data; the first one holds all jobs.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problems(403),
    },
)
async def stream_jobs(
    request: Request,
    caller: CurrentCaller,
    service: ServiceDep,
    streams: Annotated[Streams, Depends(_streams)],
    board: Annotated[jobs.Board, Depends(_board)],
) -> StreamingResponse:
    """Progress of one's own organisation's jobs, under way and ended in the last quarter of an hour.

    It begins with all of them, also for who comes back with `Last-Event-ID`.
    """
    organisation = jobs.organisation_of(caller)

    def still_in() -> bool:
        try:
            return who_calls_still(request).organisation == organisation
        except LonjaError:
            return False

    streams.check(caller.id)

    async def body() -> AsyncIterator[bytes]:
        with streams.one_of(caller.id):
            async for event in events(request, board, organisation, still_in=still_in, ends=service.ending.is_set):
                yield event

    return StreamingResponse(
        body(), media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


@router.get("/jobs/overview")
def get_jobs_overview(_caller: Administrator, service: ServiceDep) -> JobsOverview:
    """The whole cluster in numbers, for administrators; no titles of documents that are not theirs."""
    return jobs.overview(service)


@router.get("/jobs/{job_id}", responses=problems(404))
def get_job(job_id: JobId, caller: CurrentCaller, service: ServiceDep) -> JobAnswer:
    return tell_job(jobs.get_job(service, caller, job_id))


@router.post("/jobs/{job_id}/retry", status_code=202, responses=problems(404, 409))
def retry_job(job_id: JobId, caller: CurrentCaller, service: ServiceDep) -> JobAnswer:
    """Queues what failed once more."""
    return tell_job(jobs.retry_job(service, caller, job_id))


@router.post("/jobs/{job_id}/cancel", responses=problems(404, 409))
def cancel_job(job_id: JobId, caller: CurrentCaller, service: ServiceDep) -> JobAnswer:
    """Stops what is not indexed yet. The document stays, without this version."""
    return tell_job(jobs.cancel_job(service, caller, job_id))
