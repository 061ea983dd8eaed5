"""From an ID token to a person, checked as OpenID Connect Core 1.0, section 3.1.3.7 says."""

from __future__ import annotations

import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from search_api.access.openid_connect.errors import SignInFailed
from search_api.access.openid_connect.provider import Provider, Redeemed

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""With a public key only: neither "none" nor one whose key is our own secret."""
LEEWAY = 60  # seconds that two clocks may differ


@dataclass(frozen=True, slots=True)
class Identity:
    """Nothing that the provider says of organisations or roles is part of it: those are the cluster's own."""

    email: str
    name: str | None


def identify_person(provider: Provider, redeemed: Redeemed, nonce: str, now: datetime) -> Identity:
    """Raises SignInFailed, with the code "unverified_email" where that is what is missing."""
    claims = checked_claims(provider, redeemed.id_token, nonce, now)
    if "email" not in claims and redeemed.access_token is not None:
        told = provider.user_info(redeemed.access_token)
        if told and told.get("sub") != claims["sub"]:
            raise SignInFailed("The provider tells of another person than its ID token.")
        claims = {**told, **claims}
    email, name = claims.get("email"), claims.get("name")
    verified = claims.get("email_verified")
    if not isinstance(email, str) or not (verified is True or verified == "true"):  # some send the word for the value
        raise SignInFailed("The provider vouches for no e-mail address of this person.", code="unverified_email")
    return Identity(email.strip().casefold(), name if isinstance(name, str) else None)


def checked_claims(provider: Provider, id_token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
    """Raises SignInFailed."""
    try:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise SignInFailed(f"The ID token is signed with {header.get('alg')!r}.")
        claims: dict[str, Any] = jwt.decode(
            id_token,
            provider.key(header.get("kid")),
            algorithms=list(ALGORITHMS),
            issuer=provider.issuer,
            audience=provider.client.id,
            # The times are held against our own clock, below.
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise SignInFailed(f"The ID token does not hold: {error}.") from error
    if _seconds(claims["exp"]) + LEEWAY <= now.timestamp():
        raise SignInFailed("The ID token has expired.")
    if _seconds(claims["iat"]) - LEEWAY > now.timestamp():
        raise SignInFailed("The ID token is of the future.")
    audience = claims["aud"]
    is_for_several = isinstance(audience, list) and len(audience) > 1
    if (is_for_several or "azp" in claims) and claims.get("azp") != provider.client.id:
        raise SignInFailed("The ID token was made for another service.")
    told = claims.get("nonce")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        raise SignInFailed("The ID token is not the one that was asked for: its nonce differs.")
    return claims


def _seconds(value: object) -> float:
    """Since 1970. JSON of Python's kind may hold NaN, which is neither before nor after anything."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SignInFailed(f"The ID token tells {str(value)[:30]!r} for a time.")
    return float(value)
