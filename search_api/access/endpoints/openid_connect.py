"""The ways to sign in, and the way by an OpenID Connect provider. Browsers come here by following links."""

from __future__ import annotations

import logging
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, status
from fastapi.responses import RedirectResponse

from corpus.errors import NotFound
from search_api.access.endpoints.session import welcome
from search_api.access.openid_connect.errors import SignInFailed
from search_api.access.openid_connect.signing_in import PATIENCE, OpenIdConnect
from search_api.access.principal import address_of, cookie_name, take_turn
from search_api.access.schemas import OpenIdConnectAnswer, SignInWays
from search_api.frame.request_id import request_id
from search_api.openapi import problems
from search_api.service import Service, ServiceDep, service_of
from search_api.settings import CALLBACK, START, ServiceSettings

log = logging.getLogger("lonja.access")


def not_too_often(request: Request) -> None:
    """From another site as well: the provider is one."""
    take_turn(request, service_of(request).public_limiter, address_of(request))


public = APIRouter(tags=["session"])
LIMITED = [Depends(not_too_often)]

Told = Annotated[str | None, Query(max_length=4096)]
REDIRECT: dict[int | str, dict[str, Any]] = {
    303: {"description": "To the provider, or back to the web UI: with `sign_in_problem` where it did not work."}
}


@public.get("/sign-in-ways")
def list_sign_in_ways(service: ServiceDep) -> SignInWays:
    """What a page that lets people in has to offer."""
    settings = service.settings
    provider = None
    if settings.oidc_issuer is not None:
        provider = OpenIdConnectAnswer(label=settings.oidc_label, start_url=f"/api/v1{START}")
    return SignInWays(openid_connect=provider)


@public.get(
    START,
    status_code=status.HTTP_303_SEE_OTHER,
    dependencies=LIMITED,
    response_class=RedirectResponse,
    responses={**REDIRECT, **problems(404)},
)
def start_openid_connect(service: ServiceDep) -> RedirectResponse:
    """Sends the browser to the provider."""
    way = _way(service)
    try:
        started = way.start()
    except SignInFailed as failed:
        return _failed(failed)
    answer = RedirectResponse(started.url, status_code=status.HTTP_303_SEE_OTHER)
    answer.set_cookie(
        _cookie(service.settings),
        started.browser,
        max_age=int(PATIENCE.total_seconds()),
        path="/",
        secure=service.settings.is_secure,
        httponly=True,
        samesite="lax",  # it must come along when the provider sends the browser back
    )
    return answer


@public.get(
    CALLBACK,
    status_code=status.HTTP_303_SEE_OTHER,
    dependencies=LIMITED,
    response_class=RedirectResponse,
    responses={**REDIRECT, **problems(404)},
)
def finish_openid_connect(
    request: Request,
    service: ServiceDep,
    state: Told = None,
    code: Told = None,
    error: Told = None,
    iss: Told = None,
) -> RedirectResponse:
    """Where the provider sends the browser back to: signs in, and goes on to the web UI."""
    way = _way(service)
    settings = service.settings
    try:
        signed_in = way.finish(
            state=state,
            code=code,
            error=error,
            issuer=iss,
            browser=request.cookies.get(_cookie(settings)),
            user_agent=request.headers.get("user-agent", ""),
            request_id=request_id(request.scope),
            replacing=request.cookies.get(cookie_name(settings)),
        )
    except SignInFailed as failed:
        answer = _failed(failed)
    else:
        answer = RedirectResponse("/", status_code=status.HTTP_303_SEE_OTHER)
        welcome(service, answer, signed_in)
    answer.delete_cookie(_cookie(settings), path="/", secure=settings.is_secure, httponly=True, samesite="lax")
    return answer


def _way(service: Service) -> OpenIdConnect:
    way = service.access.openid_connect
    if way is None:
        raise NotFound(
            "This service knows no OpenID Connect provider.",
            code="no_openid_connect",
            hint="The operator names one with LONJA_OIDC_ISSUER.",
        )
    return way


def _failed(failed: SignInFailed) -> RedirectResponse:
    log.warning("signing in with OpenID Connect failed: %s", failed.message, extra={"code": failed.code})
    problem = urlencode({"sign_in_problem": failed.code})
    return RedirectResponse(f"/?{problem}", status_code=status.HTTP_303_SEE_OTHER)


def _cookie(settings: ServiceSettings) -> str:
    return "__Host-lonja_sign_in" if settings.is_secure else "lonja_sign_in"
