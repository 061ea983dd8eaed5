"""Signing in and out, one's own password and sessions."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response, status

from search_api.access.caller import Caller
from search_api.access.principal import Identified, SignedInMember, address_of, cookie_name, from_this_site
from search_api.access.schemas import (
    Ended,
    MemberAnswer,
    OpenSession,
    OrganisationAnswer,
    PasswordBody,
    SessionAnswer,
    SignInBody,
)
from search_api.access.signing_in import SignedIn
from search_api.access.tokens import csrf_token
from search_api.frame.request_id import request_id
from search_api.openapi import problems
from search_api.service import Service, ServiceDep

public = APIRouter(tags=["session"])
before_password = APIRouter(tags=["session"])
router = APIRouter(tags=["session"])


@public.post("/session", dependencies=[Depends(from_this_site)], responses=problems(401))
def sign_in(body: SignInBody, request: Request, response: Response, service: ServiceDep) -> SessionAnswer:
    """Sets the cookie of a new session. Five wrong passwords, and the next try waits."""
    signed_in = service.access.signing_in.sign_in(
        body.email,
        body.password.get_secret_value(),
        address=address_of(request),
        user_agent=request.headers.get("user-agent", ""),
        request_id=request_id(request.scope),
        replacing=request.cookies.get(cookie_name(service.settings)),
    )
    return welcome(service, response, signed_in)


@before_password.get("/session")
def get_session(caller: Identified, request: Request, service: ServiceDep) -> SessionAnswer:
    """Who is signed in, and the token that changes need."""
    token = request.cookies.get(cookie_name(service.settings)) if caller.session is not None else None
    return describe(service, caller, csrf_token(token) if token else None)


@before_password.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
def sign_out(caller: Identified, response: Response, service: ServiceDep) -> None:
    """Ends the session here and on the server."""
    if caller.session is not None:
        service.access.signing_in.end_session(caller, caller.session.id)
    response.delete_cookie(
        cookie_name(service.settings), secure=service.settings.is_secure, httponly=True, samesite="strict"
    )


@before_password.put("/session/password")
def change_password(
    body: PasswordBody, caller: Identified, request: Request, response: Response, service: ServiceDep
) -> SessionAnswer:
    """Ends every session of the member and begins a new one."""
    signed_in = service.access.signing_in.change_password(
        caller,
        body.current.get_secret_value(),
        body.new.get_secret_value(),
        request.headers.get("user-agent", ""),
    )
    return welcome(service, response, signed_in)


@router.get("/sessions")
def list_sessions(caller: SignedInMember, service: ServiceDep) -> list[OpenSession]:
    """Where one is signed in."""
    current = caller.session.id if caller.session is not None else None
    return [
        OpenSession(
            id=session.id,
            created=session.created,
            expires=session.expires,
            last_seen=session.last_seen,
            user_agent=session.user_agent,
            current=session.id == current,
        )
        for session in service.access.signing_in.sessions(caller)
    ]


@router.delete("/sessions", responses=problems(403))
def end_other_sessions(caller: SignedInMember, service: ServiceDep) -> Ended:
    """Signs out everywhere but here."""
    return Ended(ended=service.access.signing_in.end_other_sessions(caller))


@router.delete("/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
def end_session(session_id: str, caller: SignedInMember, service: ServiceDep) -> None:
    """Signs out one browser."""
    service.access.signing_in.end_session(caller, session_id)


def welcome(service: Service, response: Response, signed_in: SignedIn) -> SessionAnswer:
    """Sets the cookie and tells who has come in."""
    response.set_cookie(
        cookie_name(service.settings),
        signed_in.token,
        expires=signed_in.session.expires,
        path="/",
        secure=service.settings.is_secure,
        httponly=True,
        samesite="strict",
    )
    caller = Caller(signed_in.member.principal, member=signed_in.member, session=signed_in.session)
    return describe(service, caller, csrf_token(signed_in.token))


def describe(service: Service, caller: Caller, csrf: str | None) -> SessionAnswer:
    organisation = None
    if caller.organisation is not None:
        organisation = OrganisationAnswer.model_validate(service.access.organisations.get(caller.organisation))
    expires = caller.session.expires if caller.session is not None else None
    return SessionAnswer(
        kind="key" if caller.member is None else "member",
        member=None if caller.member is None else MemberAnswer.model_validate(caller.member),
        role=caller.principal.role,
        organisation=organisation,
        may_contribute=caller.may_contribute,
        may_administer=(
            "everything" if caller.is_administrator else "organisation" if caller.is_coordinator else "nothing"
        ),
        must_change_password=caller.member is not None and caller.member.must_change_password,
        csrf_token=csrf,
        expires=caller.key.expires if caller.key is not None else expires,
    )
