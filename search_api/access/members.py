"""The people of the cluster: who administers whom, invitations and password links.

An administrator administers everybody; a coordinator the coordinators and members of their own organisation. Nobody
changes their own role or puts themselves out. None of it lets anybody see one more document.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from corpus.catalog import Catalog
from corpus.catalog.identity import new_id
from corpus.documents import OrganisationId, Role
from corpus.errors import BadInput, Conflict, NotFound
from corpus.membership import AuditEvent, Link, LinkPurpose, Member, MemberId
from search_api.access.caller import Caller
from search_api.access.clock import Clock
from search_api.access.errors import NotAllowed
from search_api.access.passwords import Passwords, check_password
from search_api.access.tokens import digest, new_password, new_token

PEOPLE = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class MadeLink:
    link: Link
    url: str = field(repr=False)  # shown once


@dataclass(frozen=True, slots=True)
class NewMember:
    member: Member
    password: str = field(repr=False)  # shown once


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What is None stays."""

    name: str | None = None
    role: Role | None = None
    organisation: OrganisationId | None = None
    active: bool | None = None


class Members:
    def __init__(
        self,
        catalog: Catalog,
        passwords: Passwords,
        clock: Clock,
        *,
        address: str,
        invitations_last: timedelta,
        password_links_last: timedelta,
    ) -> None:
        self._catalog = catalog
        self._passwords = passwords
        self._clock = clock
        self._address = address
        self._invitations_last = invitations_last
        self._password_links_last = password_links_last

    def page(
        self, caller: Caller, *, organisation: OrganisationId | None, after: MemberId | None, limit: int
    ) -> list[Member]:
        """Of another organisation a coordinator sees nobody."""
        own = caller.scope_of_administration()
        if own is not None and organisation not in (None, own):
            return []
        return self._catalog.members.page(organisation=own or organisation, after=after, limit=limit)

    def get(self, caller: Caller, member: MemberId) -> Member:
        return self._catalog.members.get(member, organisation=caller.scope_of_administration())

    def find(self, caller: Caller, email: str) -> Member:
        """Raises NotFound."""
        own = caller.scope_of_administration()
        found = self._catalog.members.by_email(email.casefold())
        if found is None or own not in (None, found.organisation):
            raise NotFound(f"There is no member {email!r}.", code="unknown_member")
        return found

    def add(
        self,
        caller: Caller,
        *,
        email: str,
        name: str,
        role: Role,
        organisation: OrganisationId | None,
        password: str | None = None,
    ) -> NewMember:
        """At once, for the command line and the demonstration; without a password, with one for the first sign-in."""
        self._check_rank(caller, role, organisation)
        email = checked_email(email)
        if password is not None:
            check_password(password, email)
        member = Member(
            id=new_id(),
            email=email,
            name=name,
            role=role,
            organisation=organisation,
            created=self._clock(),
            must_change_password=password is None,
        )
        password = password or new_password()
        self._catalog.members.add(
            member,
            self._passwords.hash(password),
            caller.did("member.added", "member", member.id, organisation, {"role": role.value}),
        )
        return NewMember(member, password)

    def add_first_administrator(self, email: str) -> NewMember | None:
        """None where there is an administrator already."""
        if self._catalog.members.has_administrator():
            return None
        member = Member(
            id=new_id(),
            email=checked_email(email),
            name="Administrator",
            role=Role.ADMINISTRATOR,
            organisation=None,
            created=self._clock(),
            must_change_password=True,
        )
        password = new_password()
        event = Caller.operator().did("member.added", "member", member.id, None, {"role": member.role.value})
        made = self._catalog.members.add_first_administrator(member, self._passwords.hash(password), event)
        return NewMember(member, password) if made else None

    def change(self, caller: Caller, member: MemberId, change: MemberChange) -> Member:
        """Raises NotFound, NotAllowed, BadInput, Conflict."""
        present = self.get(caller, member)
        wanted = replace(
            present,
            **{
                name: value
                for name in ("name", "role", "organisation", "active")
                if (value := getattr(change, name)) is not None
            },
        )
        if caller.member is not None and caller.member.id == member and replace(present, name=wanted.name) != wanted:
            raise NotAllowed(
                "Nobody changes their own role or organisation, or puts themselves out.", code="not_oneself"
            )
        self._check_rank(caller, present.role, present.organisation)
        self._check_rank(caller, wanted.role, wanted.organisation)
        detail = {
            name: str(getattr(wanted, name))
            for name in ("role", "organisation", "active")
            if getattr(wanted, name) != getattr(present, name)
        }
        event = caller.did("member.changed", "member", member, wanted.organisation, detail)
        return self._catalog.members.change(wanted, event)

    def end_sessions(self, caller: Caller, member: MemberId) -> int:
        """How many there were."""
        present = self.get(caller, member)
        self._check_rank(caller, present.role, present.organisation)
        ended = self._catalog.sessions.end_all(member)
        self._catalog.audit.add(caller.did("member.signed_out", "member", member, present.organisation))
        return ended

    def invite(
        self, caller: Caller, *, email: str, name: str, role: Role, organisation: OrganisationId | None
    ) -> MadeLink:
        """A link to hand over; an older one for the same address no longer works. Raises Conflict, NotAllowed ..."""
        self._check_rank(caller, role, organisation)
        email = checked_email(email)
        if self._catalog.members.by_email(email) is not None:
            raise Conflict(f"{email} is a member already.", code="email_taken")
        return self._make_link(
            caller,
            LinkPurpose.INVITATION,
            email=email,
            name=name,
            role=role,
            organisation=organisation,
            lasting=self._invitations_last,
        )

    def invitations(
        self, caller: Caller, *, organisation: OrganisationId | None, after: str | None, limit: int
    ) -> list[Link]:
        """Those that still work."""
        own = caller.scope_of_administration()
        if own is not None and organisation not in (None, own):
            return []
        return self._catalog.links.pending(
            LinkPurpose.INVITATION, now=self._clock(), organisation=own or organisation, after=after, limit=limit
        )

    def withdraw_invitation(self, caller: Caller, invitation: str) -> None:
        own = caller.scope_of_administration()
        event = caller.did("invitation.withdrawn", "invitation", invitation, own)
        self._catalog.links.withdraw(invitation, event, at=self._clock(), organisation=own)

    def look_at_invitation(self, token: str) -> Link:
        return self._catalog.links.find(digest(token), LinkPurpose.INVITATION, now=self._clock())

    def accept_invitation(self, token: str, name: str, password: str, request_id: str) -> Member:
        """Raises NotFound, BadInput, Conflict."""
        link = self.look_at_invitation(token)
        check_password(password, link.email)
        member = Member(
            id=new_id(),
            email=link.email,
            name=name,
            role=link.role,
            organisation=link.organisation,
            created=self._clock(),
        )
        event = AuditEvent(
            f"member:{member.id}",
            member.email,
            "invitation.accepted",
            "invitation",
            link.id,
            member.organisation,
            {"role": member.role.value},
            request_id,
        )
        self._catalog.links.accept_invitation(link, member, self._passwords.hash(password), event)
        return member

    def make_password_link(self, caller: Caller, member: MemberId) -> MadeLink:
        """Whoever holds the link takes the account: only administrators make one."""
        if not caller.is_administrator:
            raise NotAllowed("Only an administrator makes a password link.")
        present = self._catalog.members.get(member)
        return self._make_link(
            caller,
            LinkPurpose.PASSWORD_RESET,
            email=present.email,
            name=present.name,
            role=present.role,
            organisation=present.organisation,
            lasting=self._password_links_last,
            member=present.id,
        )

    def accept_password_link(self, token: str, password: str, request_id: str) -> None:
        """Every session of the member ends. Raises NotFound, BadInput."""
        link = self._catalog.links.find(digest(token), LinkPurpose.PASSWORD_RESET, now=self._clock())
        check_password(password, link.email)
        event = AuditEvent(
            f"member:{link.member}",
            link.email,
            "password.reset",
            "member",
            link.member or "",
            link.organisation,
            {},
            request_id,
        )
        self._catalog.links.accept_reset(link, self._passwords.hash(password), event, at=self._clock())

    def _make_link(
        self,
        caller: Caller,
        purpose: LinkPurpose,
        *,
        email: str,
        name: str,
        role: Role,
        organisation: OrganisationId | None,
        lasting: timedelta,
        member: MemberId | None = None,
    ) -> MadeLink:
        now = self._clock()
        link = Link(
            id=new_id(),
            purpose=purpose,
            email=email,
            name=name,
            role=role,
            organisation=organisation,
            created=now,
            expires=now + lasting,
            member=member,
            created_by=caller.id,
        )
        token = new_token()
        is_invitation = purpose is LinkPurpose.INVITATION
        event = caller.did(
            "member.invited" if is_invitation else "password_link.made",
            "invitation" if is_invitation else "member",
            link.id if member is None else member,
            organisation,
            {"email": email, "role": role.value} if is_invitation else {},
        )
        self._catalog.links.add(link, digest(token), event)
        # After the hash sign: browsers send that part to nobody, and no log on the way has it.
        page = "invitation" if is_invitation else "password"
        return MadeLink(link, f"{self._address}/{page}#token={token}")

    def _check_rank(self, caller: Caller, role: Role, organisation: OrganisationId | None) -> None:
        """Whether the caller may make somebody this, or change somebody who is."""
        if role not in PEOPLE:
            raise BadInput("A chatbot is no member: make a key for it.", code="bad_role")
        own = caller.scope_of_administration()
        if own is not None and (role is Role.ADMINISTRATOR or organisation != own):
            raise NotAllowed("A coordinator administers coordinators and members of their own organisation.")
        if organisation is None:
            if role is not Role.ADMINISTRATOR:
                raise BadInput("Everybody but an administrator belongs to an organisation.", code="no_organisation")
        else:
            self._catalog.organisations.get(organisation)


def checked_email(email: str) -> str:
    """In lower case. Raises BadInput."""
    local, at, domain = email.strip().casefold().rpartition("@")
    plain = f"{local}{at}{domain}"
    if (
        not (local and domain)
        or "@" in local
        or len(plain) > 254
        or not plain.isprintable()
        or any(c in plain for c in ' <>()[],;:"\\')
    ):
        raise BadInput(f"{email[:100]!r} is no e-mail address.", code="bad_email")
    return plain
