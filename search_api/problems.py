"""Errors as ``application/problem+json`` (RFC 9457): the one place where an error becomes an answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from corpus.errors import (
    BadInput,
    Conflict,
    DocumentError,
    IndexFailure,
    LonjaError,
    ModelError,
    NotFound,
    StorageError,
)
from search_api.access.errors import NotAllowed, NotSignedIn, TooManyRequests
from search_api.frame.request_id import request_id

log = logging.getLogger("lonja.problem")

MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[LonjaError], HTTPStatus] = {
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    DocumentError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexFailure: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
    LonjaError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""Python's own names of these change from version to version."""

CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_type"}


class InvalidField(BaseModel):
    field: str = Field(examples=["body.email"])
    message: str = Field(examples=["Field required"])
    code: str = Field(examples=["missing"])


class ProblemInOpenAIsWords(BaseModel):
    """Where OpenAI's clients look for what to show."""

    message: str
    type: str = Field(examples=["invalid_request_error"])
    code: str


class Problem(BaseModel):
    """What went wrong, to what, and what to do."""

    type: str = Field(description="A name of this kind of problem.", examples=["urn:lonja:problem:unknown_document"])
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What happened, to what.", examples=["There is no document '06g3'."])
    code: str = Field(description="Stable, for programs.", examples=["unknown_document"])
    hint: str | None = Field(default=None, description="What to do.")
    request_id: str = Field(description="The same as in the header X-Request-ID and in the log.")
    errors: list[InvalidField] | None = Field(default=None, description="Each field that is not valid.")
    error: ProblemInOpenAIsWords | None = Field(default=None, description="Under /v1 alone: the same once more.")


def phrase(status: int) -> str:
    return PHRASES.get(status) or HTTPStatus(status).phrase


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    hint: str | None = None,
    errors: Sequence[InvalidField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = Problem(
        type=f"urn:lonja:problem:{code}",
        title=phrase(status),
        status=status,
        detail=detail,
        code=code,
        hint=hint,
        request_id=request_id(request.scope),
        errors=list(errors) if errors is not None else None,
        error=_in_openais_words(status, code, detail, hint) if request.url.path.startswith("/v1/") else None,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def _in_openais_words(status: int, code: str, detail: str, hint: str | None) -> ProblemInOpenAIsWords:
    families = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
    return ProblemInOpenAIsWords(
        message=f"{detail} {hint}" if hint else detail,
        type=families.get(status, "invalid_request_error" if status < 500 else "server_error"),
        code=code,
    )


def problem_of(request: Request, error: Exception) -> JSONResponse:
    """Any error as an answer. What we do not know is told as nothing but that it failed."""
    match error:
        case RequestValidationError():
            return _invalid(request, error.errors())
        case HTTPException():
            return _http(request, error)
        case LonjaError():
            return _ours(request, error)
        case _:
            return problem(
                request,
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong in the service.",
                hint="Try again; if it stays, tell your administrator the request id.",
            )


def _ours(request: Request, error: LonjaError) -> JSONResponse:
    status = next(STATUSES[family] for family in type(error).__mro__ if family in STATUSES)
    headers: dict[str, str] = {}
    detail, hint = error.message, error.hint
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = error.challenge
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, ModelError | IndexFailure | StorageError) or type(error) is LonjaError:
        log.error("%s: %s", error.code, error, extra={"request_id": request_id(request.scope)}, exc_info=error)
        # Their messages name folders, files and hosts: for the log, not for whoever asks.
        detail, hint = "The service cannot do this now.", "Try again in a moment; the log says more."
    return problem(request, status, error.code, detail, hint=hint, headers=headers)


def _http(request: Request, error: HTTPException) -> JSONResponse:
    status = error.status_code
    said = phrase(status)
    code = CODES.get(status, said.lower().replace(" ", "_"))
    details = {
        404: "There is nothing at this address.",
        405: "This address does not take this method.",
        400: "The request's body could not be read.",
    }
    # Starlette repeats its phrase, or tells of parsing; ours says what it was about.
    detail = (
        error.detail if error.detail and error.detail != HTTPStatus(status).phrase else details.get(status, f"{said}.")
    )
    return problem(request, status, code, detail, headers=error.headers)


def _invalid(request: Request, errors: Sequence[Any]) -> JSONResponse:
    fields = [
        # The value itself is left out: it may be a password.
        InvalidField(field=".".join(str(part) for part in one["loc"]), message=one["msg"], code=one["type"])
        for one in errors[:20]
    ]
    named = ", ".join(sorted({field.field for field in fields}))
    return problem(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"The request is not valid: {named}.", errors=fields
    )


def install(app: FastAPI) -> None:
    async def answer(request: Request, error: Exception) -> JSONResponse:
        return problem_of(request, error)

    for family in (RequestValidationError, HTTPException, LonjaError):
        app.add_exception_handler(family, answer)
