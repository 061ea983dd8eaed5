"""The people, for administrators and coordinators."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response, status

from search_api.access.endpoints.session import welcome
from search_api.access.members import MemberChange
from search_api.access.principal import Administrator, Coordinator, from_this_site
from search_api.access.schemas import (
    AcceptBody,
    Ended,
    InvitationAnswer,
    InvitationBody,
    MemberAnswer,
    MemberChangeBody,
    NewInvitation,
    PasswordLink,
    ResetBody,
    SessionAnswer,
    TokenBody,
)
from search_api.frame.request_id import request_id
from search_api.openapi import problems
from search_api.schemas import Cursor, OrganisationSlug, Page, PageSize
from search_api.service import ServiceDep

router = APIRouter()
public = APIRouter(dependencies=[Depends(from_this_site)])


@router.get("/members", tags=["members"])
def list_members(
    caller: Coordinator,
    service: ServiceDep,
    organisation: OrganisationSlug | None = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Page[MemberAnswer]:
    """Everybody for an administrator, their own organisation for a coordinator."""
    found = service.access.members.page(caller, organisation=organisation, after=cursor, limit=limit + 1)
    return Page(
        items=[MemberAnswer.model_validate(member) for member in found[:limit]],
        next_cursor=found[limit - 1].id if len(found) > limit else None,
    )


@router.get("/members/{member_id}", tags=["members"], responses=problems(404))
def get_member(member_id: str, caller: Coordinator, service: ServiceDep) -> MemberAnswer:
    return MemberAnswer.model_validate(service.access.members.get(caller, member_id))


@router.patch("/members/{member_id}", tags=["members"], responses=problems(404, 409))
def change_member(member_id: str, body: MemberChangeBody, caller: Coordinator, service: ServiceDep) -> MemberAnswer:
    """Whoever is no longer active is signed out everywhere with the answer."""
    change = MemberChange(name=body.name, role=body.role, organisation=body.organisation, active=body.active)
    return MemberAnswer.model_validate(service.access.members.change(caller, member_id, change))


@router.delete("/members/{member_id}/sessions", tags=["members"], responses=problems(404))
def end_member_sessions(member_id: str, caller: Coordinator, service: ServiceDep) -> Ended:
    """Signs somebody out everywhere."""
    return Ended(ended=service.access.members.end_sessions(caller, member_id))


@router.post(
    "/members/{member_id}/password-link",
    tags=["members"],
    status_code=status.HTTP_201_CREATED,
    responses=problems(404),
)
def make_password_link(member_id: str, caller: Administrator, service: ServiceDep) -> PasswordLink:
    """A link by which the member sets a new password."""
    made = service.access.members.make_password_link(caller, member_id)
    return PasswordLink(url=made.url, expires=made.link.expires)


@public.post("/password-links/accept", tags=["members"], status_code=204, responses=problems(404))
def accept_password_link(body: ResetBody, request: Request, service: ServiceDep) -> None:
    """Sets the password and ends every session of the member."""
    service.access.members.accept_password_link(body.token, body.password.get_secret_value(), request_id(request.scope))


@router.get("/invitations", tags=["invitations"])
def list_invitations(
    caller: Coordinator,
    service: ServiceDep,
    organisation: OrganisationSlug | None = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Page[InvitationAnswer]:
    """Those that were not used yet."""
    found = service.access.members.invitations(caller, organisation=organisation, after=cursor, limit=limit + 1)
    return Page(
        items=[InvitationAnswer.model_validate(link) for link in found[:limit]],
        next_cursor=found[limit - 1].id if len(found) > limit else None,
    )


@router.post("/invitations", tags=["invitations"], status_code=201, responses=problems(404, 409))
def invite(body: InvitationBody, caller: Coordinator, service: ServiceDep) -> NewInvitation:
    """A link that works once, to be handed over."""
    made = service.access.members.invite(
        caller,
        email=body.email,
        name=body.name or "",
        role=body.role,
        organisation=body.organisation or caller.scope_of_administration(),
    )
    plain = InvitationAnswer.model_validate(made.link)
    return NewInvitation(url=made.url, **plain.model_dump())


@router.delete("/invitations/{invitation_id}", tags=["invitations"], status_code=204, responses=problems(404))
def withdraw_invitation(invitation_id: str, caller: Coordinator, service: ServiceDep) -> None:
    service.access.members.withdraw_invitation(caller, invitation_id)


@public.post("/invitations/look", tags=["invitations"], responses=problems(404))
def look_at_invitation(body: TokenBody, service: ServiceDep) -> InvitationAnswer:
    """What an invitation is for, before it is accepted."""
    return InvitationAnswer.model_validate(service.access.members.look_at_invitation(body.token))


@public.post("/invitations/accept", tags=["invitations"], status_code=201, responses=problems(404, 409))
def accept_invitation(body: AcceptBody, request: Request, response: Response, service: ServiceDep) -> SessionAnswer:
    """Makes the member and signs them in."""
    member = service.access.members.accept_invitation(
        body.token, body.name, body.password.get_secret_value(), request_id(request.scope)
    )
    signed_in = service.access.signing_in.open_session(member, request.headers.get("user-agent", ""))
    return welcome(service, response, signed_in)
