"""Who sees what: the one place where a principal becomes a condition on the index and the catalog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from corpus.documents import Audience, AudienceScope, OrganisationId, Principal

CLUSTER = "cluster"


def _token(organisation: OrganisationId) -> str:
    return f"organisation:{organisation}"


@dataclass(frozen=True, slots=True)
class Visibility:
    """A document is visible when one of its audience tokens is among these; None is the operator's, who sees all."""

    tokens: frozenset[str] | None

    def admits(self, audience_tokens: tuple[str, ...]) -> bool:
        return self.tokens is None or not self.tokens.isdisjoint(audience_tokens)


def visible_to(principal: Principal) -> Visibility:
    """What this principal may see. Somebody without an organisation sees nothing, not even the cluster's."""
    if principal.is_operator:
        return Visibility(None)
    if principal.organisation is None:
        return Visibility(frozenset())
    return Visibility(frozenset({CLUSTER, _token(principal.organisation)}))


def token_numbers(tokens: Iterable[str]) -> tuple[int, ...]:
    """Audience tokens as an index holds them, in ascending order: 63 bits of each one's SHA-256.

    Whole numbers are compared where they stand; text is looked up in memory that is cold, for each passage that a
    search passes (docs/decisions/0001-embedded-index.md). That any two of ten thousand firms share a number has a
    chance below one in 10^11, and what is found is held against the catalog's tokens once more.
    """
    return tuple(sorted(int.from_bytes(sha256(token.encode()).digest()[:8], "big") >> 1 for token in tokens))


def audience_tokens(owner: OrganisationId, audience: Audience, *, draft: bool = False) -> tuple[str, ...]:
    """What a document's passages carry in the index, and its row in the catalog. A draft is its owner's alone."""
    if draft or audience.scope is AudienceScope.OWNER:
        return (_token(owner),)
    if audience.scope is AudienceScope.CLUSTER:
        return (CLUSTER, _token(owner))
    return tuple(sorted({_token(owner), *(_token(organisation) for organisation in audience.organisations)}))
