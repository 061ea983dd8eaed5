"""A sign-in by way of the provider: it begins in a browser, and ends in the same one, once, within ten minutes."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from datetime import timedelta

from corpus.catalog import Catalog
from corpus.catalog.identity import new_id
from corpus.catalog.sign_in_starts import SignInStart
from corpus.documents import OrganisationId, Role
from corpus.errors import BadInput, Conflict
from corpus.membership import AuditEvent, Member
from search_api.access.clock import Clock
from search_api.access.members import checked_email
from search_api.access.openid_connect.errors import SignInFailed
from search_api.access.openid_connect.identity import Identity, identify_person
from search_api.access.openid_connect.provider import Provider
from search_api.access.signing_in import SignedIn, SigningIn
from search_api.access.tokens import digest, new_token

PATIENCE = timedelta(minutes=10)
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Started:
    url: str  # where the browser goes
    browser: str = field(repr=False)  # for a cookie of its own: what comes back must come to the same browser


class OpenIdConnect:
    """``new_members`` is the organisation of those who are unknown so far; without it, they are not let in."""

    def __init__(
        self,
        catalog: Catalog,
        signing_in: SigningIn,
        provider: Provider,
        clock: Clock,
        *,
        new_members: OrganisationId | None,
    ) -> None:
        self._catalog = catalog
        self._signing_in = signing_in
        self._provider = provider
        self._clock = clock
        self._new_members = new_members

    def close(self) -> None:
        self._provider.close()

    def start(self) -> Started:
        """Raises SignInFailed."""
        state, nonce, verifier, browser = new_token(), new_token(), new_token(), new_token()
        url = self._provider.authorization_url(state=state, nonce=nonce, verifier=verifier)
        now = self._clock()
        start = SignInStart(digest(browser), nonce, verifier, now + PATIENCE)
        self._catalog.sign_in_starts.add(digest(state), start, now=now)
        return Started(url, browser)

    def finish(
        self,
        *,
        state: str | None,
        code: str | None,
        error: str | None,
        issuer: str | None,
        browser: str | None,
        user_agent: str,
        request_id: str,
        replacing: str | None,
    ) -> SignedIn:
        """A new session, in place of the one whose token is ``replacing``. Raises SignInFailed."""
        try:
            start = self._taken(state, browser)
            self._provider.check_issuer(issuer)
            redeemed = self._provider.redeem(_given(code, error), start.verifier)
            member = self._member(identify_person(self._provider, redeemed, start.nonce, self._clock()), request_id)
        except SignInFailed as failed:
            detail = {"way": "openid_connect", "code": failed.code}
            self._catalog.audit.add(
                AuditEvent(None, None, "sign_in.failed", "member", "", detail=detail, request_id=request_id)
            )
            raise
        if replacing is not None:
            self._signing_in.sign_out(replacing)
        return self._signing_in.open_session(member, user_agent)

    def _taken(self, state: str | None, browser: str | None) -> SignInStart:
        start = self._catalog.sign_in_starts.take(digest(state), now=self._clock()) if state else None
        if start is None or browser is None or not hmac.compare_digest(digest(browser), start.browser_hash):
            raise SignInFailed(
                "What came back was not begun in this browser, came back before, or took too long.",
                code="openid_connect_expired",
            )
        return start

    def _member(self, identity: Identity, request_id: str) -> Member:
        member = self._catalog.members.by_email(identity.email) or self._made(identity, request_id)
        if not member.active:
            raise SignInFailed("The member is no longer active.", code="inactive_member")
        if member.must_change_password:
            # They have shown who they are: the one-time password, which others may have seen, is not needed any more.
            event = _did(member, "password.removed", request_id)
            self._catalog.members.remove_password(member.id, event)
            member = self._catalog.members.get(member.id)
        return member

    def _made(self, identity: Identity, request_id: str) -> Member:
        if self._new_members is None:
            raise SignInFailed("Nobody of this e-mail address is a member.", code="unknown_member")
        try:
            email = checked_email(identity.email)
        except BadInput as error:
            raise SignInFailed(
                f"The e-mail address cannot be used: {error.message}", code="unverified_email"
            ) from error
        name = " ".join(CONTROL.sub(" ", identity.name or "").split())[:200] or email.split("@")[0]
        member = Member(
            id=new_id(),
            email=email,
            name=name,
            role=Role.MEMBER,
            organisation=self._catalog.organisations.get(self._new_members).id,
            created=self._clock(),
        )
        try:
            self._catalog.members.add(member, None, _did(member, "member.added", request_id))
        except Conflict:  # in another browser, a moment ago
            found = self._catalog.members.by_email(email)
            assert found is not None
            return found
        return member


def _given(code: str | None, error: str | None) -> str:
    if error is not None or code is None:
        raise SignInFailed(f"The provider refused: {(error or 'no code')[:100]!r}.", code="openid_connect_refused")
    return code


def _did(member: Member, action: str, request_id: str) -> AuditEvent:
    return AuditEvent(
        f"member:{member.id}",
        member.email,
        action,
        "member",
        member.id,
        member.organisation,
        {"way": "openid_connect"},
        request_id,
    )
