"""Signing in and out, one's own password and sessions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from corpus.catalog import Catalog
from corpus.catalog.attempts import Allowance
from corpus.catalog.identity import new_id
from corpus.errors import BadInput, NotFound
from corpus.membership import ApiKey, AuditEvent, Member, Session
from search_api.access.caller import Caller
from search_api.access.clock import Clock
from search_api.access.errors import NotSignedIn, TooManyRequests
from search_api.access.passwords import Passwords, check_password
from search_api.access.recalled import Recalled
from search_api.access.sightings import Sightings
from search_api.access.tokens import digest, new_token

PAIR = Allowance(free=5)
ADDRESS = Allowance(free=50)
ACCOUNT = Allowance(free=50)
"""One who guesses is slowed soon; one who is guessed at from many places, late, so that nobody is locked out."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str = field(repr=False)  # of the session: for the cookie, and nowhere else
    session: Session
    member: Member


class SigningIn:
    def __init__(
        self,
        catalog: Catalog,
        passwords: Passwords,
        sightings: Sightings,
        clock: Clock,
        *,
        lasting: timedelta,
        idle: timedelta,
    ) -> None:
        self._catalog = catalog
        self._passwords = passwords
        self._sightings = sightings
        self._clock = clock
        self._lasting = lasting
        self._idle = idle
        self._keys = Recalled[ApiKey](catalog.changes.stamp)
        self._sessions = Recalled[tuple[Session, Member]](catalog.changes.stamp)

    def sign_in(
        self, email: str, password: str, *, address: str, user_agent: str, request_id: str, replacing: str | None
    ) -> SignedIn:
        """A new session always, in place of the one whose token is ``replacing``.

        Raises NotSignedIn, in the same words and after the same work whatever was wrong, and TooManyRequests.
        """
        email = email.casefold()
        subjects = {
            _subject("pair", email, address): PAIR,
            _subject("address", address): ADDRESS,
            _subject("account", email): ACCOUNT,
        }
        wait = self._catalog.attempts.begin(subjects, now=self._clock())
        if wait is not None:
            raise _too_many(wait)
        found = self._catalog.members.credentials(email)
        member, hashed = found if found is not None and found[0].active else (None, None)
        if not self._passwords.verify(password, hashed) or member is None or hashed is None:
            self._catalog.audit.add(
                AuditEvent(None, None, "sign_in.failed", "member", member.id if member else "", request_id=request_id)
            )
            raise NotSignedIn("The e-mail address or the password is not right.", code="bad_credentials")
        pair, *others = subjects
        self._catalog.attempts.succeeded(pair, {name: subjects[name] for name in others})
        if self._passwords.is_outdated(hashed):
            self._catalog.members.rehash(member.id, self._passwords.hash(password))
        if replacing is not None:
            self.sign_out(replacing)
        return self.open_session(member, user_agent)

    def open_session(self, member: Member, user_agent: str) -> SignedIn:
        """For somebody who has just shown who they are."""
        now = self._clock()
        session = Session(
            id=new_id(),
            member=member.id,
            created=now,
            expires=now + self._lasting,
            last_seen=now,
            user_agent=user_agent[:200],
        )
        token = new_token()
        self._catalog.sessions.open(session, digest(token))
        return SignedIn(token, session, replace(member, last_sign_in=now))

    def who_has_session(self, token: str) -> tuple[Session, Member] | None:
        now = self._clock()
        hashed = digest(token)
        return self._seen(
            self._sessions.learn(hashed, lambda: self._catalog.sessions.find(hashed, now=now, idle=self._idle)), now
        )

    def who_has_key(self, key: str) -> ApiKey | None:
        now = self._clock()
        hashed = digest(key)
        return self._used(self._keys.learn(hashed, lambda: self._catalog.keys.find(hashed, now=now)), now)

    def recall_session(self, token: str) -> tuple[Session, Member] | None:
        """What :meth:`who_has_session` would answer, where that is known; else None. It waits for nothing."""
        now = self._clock()
        found = self._sessions.get(digest(token))
        if found is None or found[0].expires <= now or found[0].last_seen <= now - self._idle:
            return None
        return self._seen(found, now)

    def recall_key(self, key: str) -> ApiKey | None:
        """As :meth:`recall_session`."""
        now = self._clock()
        found = self._keys.get(digest(key))
        if found is None or (found.expires is not None and found.expires <= now):
            return None
        return self._used(found, now)

    def _seen(self, found: tuple[Session, Member] | None, now: datetime) -> tuple[Session, Member] | None:
        if found is not None and _is_stale(found[0].last_seen, now):
            self._sightings.session(found[0].id, now)
        return found

    def _used(self, found: ApiKey | None, now: datetime) -> ApiKey | None:
        if found is not None and _is_stale(found.last_used, now):
            self._sightings.key(found.id, now)
        return found

    def sign_out(self, token: str) -> None:
        found = self._catalog.sessions.find(digest(token), now=self._clock(), idle=self._idle)
        if found is not None:
            self._catalog.sessions.end(found[0].id, found[0].member)

    def change_password(self, caller: Caller, current: str, new: str, user_agent: str) -> SignedIn:
        """Every session ends, and a new one begins. Raises BadInput, TooManyRequests."""
        member = _member(caller)
        subject = _subject("change", member.id)
        wait = self._catalog.attempts.begin({subject: PAIR}, now=self._clock())
        if wait is not None:
            raise _too_many(wait)
        found = self._catalog.members.credentials(member.email)
        if not self._passwords.verify(current, found[1] if found else None):
            raise BadInput("The present password is not right.", code="bad_credentials")
        self._catalog.attempts.succeeded(subject, {})
        check_password(new, member.email)
        if new == current:
            raise BadInput("The new password is the present one.", code="bad_password")
        self._catalog.members.set_password(
            member.id,
            self._passwords.hash(new),
            caller.did("password.changed", "member", member.id, member.organisation),
        )
        return self.open_session(self._catalog.members.get(member.id), user_agent)

    def sessions(self, caller: Caller) -> list[Session]:
        return self._catalog.sessions.of(_member(caller).id, now=self._clock(), idle=self._idle)

    def end_session(self, caller: Caller, session: str) -> None:
        if not self._catalog.sessions.end(session, _member(caller).id):
            raise NotFound(f"There is no session {session!r}.", code="unknown_session")

    def end_other_sessions(self, caller: Caller) -> int:
        assert caller.session is not None
        return self._catalog.sessions.end_all(_member(caller).id, but=caller.session.id)


def _is_stale(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last > timedelta(minutes=1)


def _too_many(wait: timedelta) -> TooManyRequests:
    return TooManyRequests(
        "The password was wrong too often.",
        code="too_many_sign_ins",
        wait=wait.total_seconds(),
        hint="Wait, or ask your administrator for a link that sets a new password.",
    )


def _member(caller: Caller) -> Member:
    if caller.member is None:
        raise NotFound("A key has no sessions and no password.", code="no_member")
    return caller.member


def _subject(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
