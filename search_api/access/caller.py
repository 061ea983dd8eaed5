"""Who calls: a member in a browser, a key, or the operator at the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpus.documents import OrganisationId, Principal, Role
from corpus.membership import ApiKey, AuditEvent, KeyScope, Member, Session
from search_api.access.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Caller:
    principal: Principal
    member: Member | None = None
    session: Session | None = None
    key: ApiKey | None = None
    request_id: str | None = None

    @classmethod
    def operator(cls) -> Caller:
        """Only the command line makes one."""
        return cls(Principal.operator())

    @property
    def id(self) -> str:
        """ "member:<id>", "key:<id>" or "operator": for the audit trail, the log and the rate limits."""
        if self.member is not None:
            return f"member:{self.member.id}"
        return f"key:{self.key.id}" if self.key is not None else "operator"

    @property
    def name(self) -> str:
        if self.member is not None:
            return self.member.email
        return self.key.name if self.key is not None else "operator"

    @property
    def organisation(self) -> OrganisationId | None:
        return self.principal.organisation

    @property
    def is_administrator(self) -> bool:
        return self.principal.is_operator or (self.member is not None and self.member.role is Role.ADMINISTRATOR)

    @property
    def is_coordinator(self) -> bool:
        """Curates and administers one organisation; an administrator is more than that."""
        return self.member is not None and self.member.role is Role.COORDINATOR

    @property
    def may_contribute(self) -> bool:
        """Share documents for the organisation."""
        if self.principal.is_operator:
            return True
        if self.organisation is None:
            return False
        return self.member is not None or (self.key is not None and self.key.scope is KeyScope.CONTRIBUTE)

    def scope_of_administration(self) -> OrganisationId | None:
        """The one organisation whose people and keys the caller administers; None is all of them.

        Raises NotAllowed for everybody else.
        """
        if self.is_administrator:
            return None
        if self.is_coordinator and self.organisation is not None:
            return self.organisation
        raise NotAllowed("This is for administrators and coordinators.")

    def did(
        self,
        action: str,
        object_type: str,
        object_id: str,
        organisation: OrganisationId | None = None,
        detail: Mapping[str, str] | None = None,
    ) -> AuditEvent:
        return AuditEvent(
            actor=self.id,
            actor_name=self.name,
            action=action,
            object_type=object_type,
            object_id=object_id,
            organisation=organisation,
            detail=detail or {},
            request_id=self.request_id,
        )

    def within(self, request_id: str) -> Caller:
        return replace(self, request_id=request_id)
