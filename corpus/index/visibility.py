"""Who sees what: the one place where a principal becomes a condition on the index and the catalog."""

from __future__ import annotations

from dataclasses import dataclass

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


def audience_tokens(owner: OrganisationId, audience: Audience, *, draft: bool = False) -> tuple[str, ...]:
    """What a document's passages carry in the index, and its row in the catalog. A draft is its owner's alone."""
    if draft or audience.scope is AudienceScope.OWNER:
        return (_token(owner),)
    if audience.scope is AudienceScope.CLUSTER:
        return (CLUSTER, _token(owner))
    return tuple(sorted({_token(owner), *(_token(organisation) for organisation in audience.organisations)}))
