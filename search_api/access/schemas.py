"""What the endpoints of access take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr, StringConstraints

from corpus.documents import Role
from corpus.membership import KeyScope
from search_api.schemas import Answer, Body, Line, OrganisationSlug

Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254),
    Field(examples=["ana@cafe-alto.example"]),
]
Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
PersonRole = Literal[Role.ADMINISTRATOR, Role.COORDINATOR, Role.MEMBER]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["COL"])]


class MemberAnswer(Answer):
    id: str
    email: str
    name: str
    role: Role
    organisation: str | None
    active: bool
    created: datetime
    last_sign_in: datetime | None


class OrganisationAnswer(Answer):
    id: str = Field(examples=["cafe-alto"])
    name: str = Field(examples=["Café Alto S.A.S."])
    country: str | None
    sectors: list[str]


class SignInBody(Body):
    email: Email
    password: Password


class OpenIdConnectAnswer(Answer):
    label: str = Field(description="For the button.", examples=["Cluster Andino"])
    start_url: str = Field(
        description="A link to follow, not to be fetched.", examples=["/api/v1/openid-connect/start"]
    )


class SignInWays(Answer):
    password: Literal[True] = True
    openid_connect: OpenIdConnectAnswer | None = Field(description="Null where the operator named no provider.")


class SessionAnswer(Answer):
    """Who is signed in."""

    kind: Literal["member", "key"]
    member: MemberAnswer | None
    role: Role
    organisation: OrganisationAnswer | None
    may_contribute: bool
    may_administer: Literal["everything", "organisation", "nothing"]
    must_change_password: bool
    csrf_token: str | None = Field(description="To be sent as X-CSRF-Token with every change; null for a key.")
    expires: datetime | None


class PasswordBody(Body):
    current: Password
    new: Password


class OpenSession(Answer):
    id: str
    created: datetime
    expires: datetime
    last_seen: datetime
    user_agent: str
    current: bool


class Ended(Answer):
    ended: int = Field(description="Sessions that were ended.")


class MemberChangeBody(Body):
    """What is left out stays."""

    name: Line | None = None
    role: PersonRole | None = None
    organisation: OrganisationSlug | None = None
    active: bool | None = None


class InvitationBody(Body):
    email: Email
    name: Line | None = None
    role: PersonRole = Role.MEMBER
    organisation: OrganisationSlug | None = Field(
        default=None, description="The coordinator's own where it is left out."
    )


class InvitationAnswer(Answer):
    id: str
    email: str
    name: str
    role: Role
    organisation: str | None
    created: datetime
    expires: datetime


class NewInvitation(InvitationAnswer):
    url: str = Field(description="The link, shown this once.")


class PasswordLink(Answer):
    url: str = Field(description="The link, shown this once.")
    expires: datetime


class TokenBody(Body):
    token: Token


class AcceptBody(Body):
    token: Token
    name: Line
    password: Password


class ResetBody(Body):
    token: Token
    password: Password


class OrganisationBody(Body):
    name: Line
    country: Country | None = None
    sectors: list[Line] = Field(default_factory=list, max_length=20)


class NewOrganisationBody(OrganisationBody):
    id: OrganisationSlug = Field(examples=["cafe-alto"])


class KeyBody(Body):
    name: Line = Field(examples=["Open WebUI of the sales team"])
    organisation: OrganisationSlug | None = Field(
        default=None, description="The coordinator's own where it is left out."
    )
    scope: KeyScope = KeyScope.SEARCH
    expires: AwareDatetime | None = None


class KeyAnswer(Answer):
    id: str
    name: str
    organisation: str
    scope: KeyScope
    hint: str = Field(description="The beginning of the key.", examples=["lonja_a1B2c3"])
    created: datetime
    expires: datetime | None
    last_used: datetime | None
    revoked: datetime | None


class NewKeyAnswer(KeyAnswer):
    secret: str = Field(description="The key, shown this once.")


class AuditAnswer(Answer):
    id: int
    at: datetime
    actor: str | None = Field(examples=["member:06g3k5m7p9r1t3v5"])
    actor_name: str | None
    action: str = Field(examples=["key.revoked"])
    object_type: str
    object_id: str
    organisation: str | None
    detail: dict[str, str]
    request_id: str | None
