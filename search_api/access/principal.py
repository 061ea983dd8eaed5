"""Dependencies: who calls, and whether that is enough. ``current_caller`` stands before every endpoint of the API."""

from __future__ import annotations

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from corpus.membership import Member, Session
from search_api.access.caller import Caller
from search_api.access.errors import NotAllowed, NotSignedIn, TooManyRequests
from search_api.access.ratelimits import RateLimiter
from search_api.access.tokens import csrf_token
from search_api.frame.request_id import request_id
from search_api.service import Service, service_of
from search_api.settings import ServiceSettings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"


def cookie_name(settings: ServiceSettings) -> str:
    """Browsers take ``__Host-`` only over TLS, for this host alone: no neighbour can plant such a cookie."""
    return "__Host-lonja_session" if settings.is_secure else "lonja_session"


async def identify(request: Request) -> Caller:
    """The member or key, also a member who has yet to replace a one-time password.

    Raises NotSignedIn, NotAllowed (a request from another site), TooManyRequests.
    """
    caller = _recalled(request, service_of(request))
    if caller is None:
        caller = await run_in_threadpool(who_calls_still, request)
    return _admitted(request, caller)


def identify_here(request: Request) -> Caller:
    """As :func:`identify`, for who has a thread to wait in."""
    return _admitted(request, who_calls_still(request))


def who_calls_still(request: Request) -> Caller:
    """Asks the catalog, also once more for answers that go on and on. Raises NotSignedIn, NotAllowed."""
    service = service_of(request)
    authorization = request.headers.get("authorization")
    if authorization is not None:
        key = service.access.signing_in.who_has_key(_secret(authorization))
        if key is None:
            raise NotSignedIn("This key does not hold, or no longer.", code="bad_key", hint="Ask for a new one.")
        return Caller(key.principal, key=key)
    token = request.cookies.get(cookie_name(service.settings))
    found = service.access.signing_in.who_has_session(token) if token else None
    if token is None or found is None:
        raise NotSignedIn(
            "Nobody is signed in." if not token else "The session has ended.",
            code="not_signed_in" if not token else "session_ended",
            hint="Sign in, or send a key as a bearer token.",
        )
    return _by_cookie(request, token, *found)


def _recalled(request: Request, service: Service) -> Caller | None:
    """Who was recognised a moment ago; None where the catalog has to be asked. It waits for nothing."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        key = service.access.signing_in.recall_key(_secret(authorization))
        return None if key is None else Caller(key.principal, key=key)
    token = request.cookies.get(cookie_name(service.settings))
    found = service.access.signing_in.recall_session(token) if token else None
    return None if token is None or found is None else _by_cookie(request, token, *found)


def _admitted(request: Request, caller: Caller) -> Caller:
    caller = caller.within(request_id(request.scope))
    request.state.caller = caller.id
    request.state.who = caller
    take_turn(request, service_of(request).limiter, caller.id)
    return caller


Identified = Annotated[Caller, Depends(identify)]


def settled(caller: Caller) -> Caller:
    """Raises NotAllowed where a one-time password has yet to be replaced."""
    if caller.member is not None and caller.member.must_change_password:
        raise NotAllowed(
            "The one-time password must be replaced first.",
            code="password_change_required",
            hint="Choose a password of your own.",
        )
    return caller


async def current_caller(caller: Identified) -> Caller:
    """Raises NotAllowed where a one-time password has yet to be replaced."""
    return settled(caller)


CurrentCaller = Annotated[Caller, Depends(current_caller)]


def signed_in_member(caller: CurrentCaller) -> Caller:
    if caller.member is None:
        raise NotAllowed("This is for people: a key cannot do it.", code="members_only")
    return caller


def coordinator(caller: Annotated[Caller, Depends(signed_in_member)]) -> Caller:
    """Or an administrator. Raises NotAllowed."""
    caller.scope_of_administration()
    return caller


def administrator(caller: Annotated[Caller, Depends(signed_in_member)]) -> Caller:
    if not caller.is_administrator:
        raise NotAllowed("This is for administrators.")
    return caller


SignedInMember = Annotated[Caller, Depends(signed_in_member)]
Coordinator = Annotated[Caller, Depends(coordinator)]
Administrator = Annotated[Caller, Depends(administrator)]


def from_this_site(request: Request) -> None:
    """For endpoints that anybody may call: not from another site's page, and not too often."""
    service = service_of(request)
    _check_site(request)
    take_turn(request, service.public_limiter, address_of(request))


def address_of(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"


def take_turn(request: Request, limiter: RateLimiter, who: str) -> None:
    allowed = limiter.take(who)
    if allowed is None:
        return
    request.state.rate_limit_headers = allowed.headers
    if allowed.wait:
        raise TooManyRequests(
            f"There were more than {allowed.limit} requests in a minute.", wait=allowed.wait, hint="Wait and try again."
        )


def _secret(authorization: str) -> str:
    """Of a bearer token; nothing, which no key is, of what is none."""
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _by_cookie(request: Request, token: str, session: Session, member: Member) -> Caller:
    if request.method not in SAFE_METHODS:
        _check_site(request)
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), csrf_token(token).encode()):
            raise NotAllowed(
                f"The header {CSRF_HEADER} is missing or of another session.",
                code="csrf",
                hint="Take it from the answer of GET /api/v1/session.",
            )
    return Caller(member.principal, member=member, session=session)


def _check_site(request: Request) -> None:
    """Browsers say where a request comes from; programs say nothing and bring no cookie by accident."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        same = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not same:
        raise NotAllowed("This request comes from another site.", code="cross_site")
