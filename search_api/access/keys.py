"""Keys for chatbots and programs. A coordinator's keys are of the coordinator's organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from corpus.catalog import Catalog
from corpus.catalog.identity import new_id
from corpus.documents import OrganisationId
from corpus.errors import BadInput
from corpus.membership import ApiKey, KeyId, KeyScope
from search_api.access.caller import Caller
from search_api.access.clock import Clock
from search_api.access.errors import NotAllowed
from search_api.access.tokens import digest, new_key


@dataclass(frozen=True, slots=True)
class NewKey:
    key: ApiKey
    secret: str = field(repr=False)  # shown once


class Keys:
    def __init__(self, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    def page(
        self, caller: Caller, *, organisation: OrganisationId | None, after: KeyId | None, limit: int
    ) -> list[ApiKey]:
        own = caller.scope_of_administration()
        if own is not None and organisation not in (None, own):
            return []
        return self._catalog.keys.page(organisation=own or organisation, after=after, limit=limit)

    def make(
        self,
        caller: Caller,
        *,
        name: str,
        organisation: OrganisationId,
        scope: KeyScope = KeyScope.SEARCH,
        expires: datetime | None = None,
    ) -> NewKey:
        """Raises NotAllowed, NotFound, BadInput."""
        own = caller.scope_of_administration()
        if own not in (None, organisation):
            raise NotAllowed("A coordinator makes keys of their own organisation alone.")
        self._catalog.organisations.get(organisation)
        now = self._clock()
        if expires is not None and expires <= now:
            raise BadInput("The key would have expired already.", code="bad_expiry")
        secret = new_key()
        key = ApiKey(
            id=new_id(),
            name=name,
            organisation=organisation,
            scope=scope,
            hint=secret[:12],
            created=now,
            created_by=caller.id,
            expires=expires,
        )
        event = caller.did("key.made", "key", key.id, organisation, {"scope": scope.value, "name": name})
        self._catalog.keys.add(key, digest(secret), event)
        return NewKey(key, secret)

    def revoke(self, caller: Caller, key: KeyId) -> None:
        """Effective with the return. Raises NotFound."""
        present = self._catalog.keys.get(key, organisation=caller.scope_of_administration())
        event = caller.did("key.revoked", "key", key, present.organisation)
        self._catalog.keys.revoke(key, event, at=self._clock())
