"""Members, sessions, keys, links and the audit trail as types: who may come in, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from corpus.documents import OrganisationId, Principal, Role

MemberId = str
KeyId = str


@dataclass(frozen=True, slots=True)
class Member:
    """A person. Only an administrator may be without an organisation, and then sees no document."""

    id: MemberId
    email: str  # lower case, one member each
    name: str
    role: Role
    organisation: OrganisationId | None
    created: datetime
    active: bool = True
    must_change_password: bool = False  # the present one is a one-time password
    last_sign_in: datetime | None = None

    @property
    def principal(self) -> Principal:
        return Principal(organisation=self.organisation, role=self.role)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. The token that opens it is known by its hash alone."""

    id: str
    member: MemberId
    created: datetime
    expires: datetime
    last_seen: datetime
    user_agent: str = ""


class KeyScope(StrEnum):
    SEARCH = "search"
    CONTRIBUTE = "contribute"  # search as well


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A chatbot's or program's way in. It sees what its organisation sees."""

    id: KeyId
    name: str
    organisation: OrganisationId
    scope: KeyScope
    hint: str  # the beginning of the key, to tell it from others
    created: datetime
    created_by: str | None = None
    expires: datetime | None = None
    last_used: datetime | None = None
    revoked: datetime | None = None

    @property
    def principal(self) -> Principal:
        return Principal(organisation=self.organisation, role=Role.CHATBOT)


class LinkPurpose(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word, not a password


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works once, until it expires."""

    id: str
    purpose: LinkPurpose
    email: str
    name: str
    role: Role
    organisation: OrganisationId | None
    created: datetime
    expires: datetime
    member: MemberId | None = None  # whose password is to be set
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which object. Never a query's text, never a secret, never who read what."""

    actor: str | None  # "member:<id>", "key:<id>", "operator"; None for somebody unknown
    actor_name: str | None  # an e-mail address or a key's name, as it was then
    action: str  # "member.invited", "key.revoked" ...
    object_type: str
    object_id: str
    organisation: OrganisationId | None = None  # of the object
    detail: Mapping[str, str] = field(default_factory=dict)
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    id: int
    at: datetime
    event: AuditEvent
