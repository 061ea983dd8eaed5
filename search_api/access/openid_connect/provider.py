"""A provider as its discovery document describes it: where to send browsers, and how to redeem what they bring.

OpenID Connect Discovery 1.0, OAuth 2.0 (RFC 6749) with PKCE (RFC 7636).
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import jwt

from search_api.access.openid_connect.errors import SignInFailed

LASTS = 3600.0  # seconds: what the provider says of itself
ASK_AGAIN = 5.0  # seconds: a token with a key that we do not know may make us ask for the keys, but not all the time
TIMEOUT = 10.0
LARGEST = 1 << 20  # bytes of an answer
SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Client:
    """How we are known to the provider."""

    id: str
    secret: str | None = field(repr=False)  # None: a public client, with PKCE alone
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    id_token: str = field(repr=False)
    access_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Description:
    authorization: str
    token: str
    userinfo: str | None
    keys: str
    by_post: bool  # the secret goes into the body, for it knows no other way
    tells_issuer: bool  # RFC 9207


class Provider:
    def __init__(self, issuer: str, client: Client, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self.client = client
        self._monotonic = monotonic
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, headers={"Accept": "application/json"})
        self._lock = threading.Lock()
        self._description: tuple[float, _Description] | None = None
        self._keys: tuple[float, jwt.PyJWKSet] | None = None

    def close(self) -> None:
        self._http.close()

    def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes. Raises SignInFailed where the provider cannot be asked."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": self.client.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._described().authorization
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    def check_issuer(self, told: str | None) -> None:
        """What came back must come from this provider. Raises SignInFailed."""
        if told != self.issuer and (told is not None or self._described().tells_issuer):
            raise SignInFailed(f"The answer names another issuer than {self.issuer}.")

    def redeem(self, code: str, verifier: str) -> Redeemed:
        """Raises SignInFailed."""
        described = self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        if self.client.secret is None:
            form["client_id"] = self.client.id
        elif described.by_post:
            form |= {"client_id": self.client.id, "client_secret": self.client.secret}
        else:  # RFC 6749, 2.3.1: both are form-encoded before they are put together
            pair = f"{quote(self.client.id, safe='')}:{quote(self.client.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        answer = self._ask("POST", described.token, data=form, headers=headers)
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(id_token, str):
            raise SignInFailed(f"{described.token} gave no ID token.")
        return Redeemed(id_token, access_token if isinstance(access_token, str) else None)

    def user_info(self, access_token: str) -> Mapping[str, Any]:
        """Empty where the provider has no such address. Raises SignInFailed."""
        address = self._described().userinfo
        if address is None:
            return {}
        return self._ask("GET", address, headers={"Authorization": f"Bearer {access_token}"})

    def key(self, key_id: str | None) -> jwt.PyJWK:
        """What a token was signed with; asks for the keys once more where it is not known. Raises SignInFailed."""
        for age in (LASTS, ASK_AGAIN):
            known = [key for key in self._key_set(age).keys if _is_for_signatures(key)]
            found = [key for key in known if key.key_id == key_id] if key_id is not None else known
            if len(found) == 1:
                return found[0]
        raise SignInFailed(f"The ID token is signed with key {key_id!r}, which {self.issuer} does not publish.")

    def _described(self) -> _Description:
        with self._lock:
            now = self._monotonic()
            if self._description is None or now - self._description[0] > LASTS:
                self._description = (now, self._read_description())
            return self._description[1]

    def _key_set(self, age: float) -> jwt.PyJWKSet:
        address = self._described().keys
        with self._lock:
            now = self._monotonic()
            if self._keys is None or now - self._keys[0] > age:
                try:
                    self._keys = (now, jwt.PyJWKSet.from_dict(dict(self._ask("GET", address))))
                except jwt.PyJWTError as error:
                    raise SignInFailed(f"{address} holds no keys that can be used: {error}.") from error
            return self._keys[1]

    def _read_description(self) -> _Description:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        told = self._ask("GET", address)
        if told.get("issuer") != self.issuer:
            raise SignInFailed(f"{address} describes the issuer {told.get('issuer')!r}, not {self.issuer}.")
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return _Description(
            authorization=self._address(told, "authorization_endpoint"),
            token=self._address(told, "token_endpoint"),
            userinfo=self._address(told, "userinfo_endpoint") if told.get("userinfo_endpoint") else None,
            keys=self._address(told, "jwks_uri"),
            by_post="client_secret_basic" not in methods and "client_secret_post" in methods,
            tells_issuer=told.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, told: Mapping[str, Any], name: str) -> str:
        """Over TLS, unless the issuer itself, on this machine, is not."""
        address = told.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in ("https", urlsplit(self.issuer).scheme):
            raise SignInFailed(f"{self.issuer} names no {name} that can be used.")
        return address

    def _ask(self, method: str, address: str, **request: Any) -> Mapping[str, Any]:
        body = bytearray()
        try:
            with self._http.stream(method, address, **request) as answer:
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise SignInFailed(f"{address} answers with more than {LARGEST} bytes.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SignInFailed(f"{address} cannot be reached: {type(error).__name__}.") from error
        try:
            told = json.loads(bytes(body))
        except ValueError:
            told = None
        if answer.status_code != 200 or not isinstance(told, dict):
            said = told.get("error") if isinstance(told, dict) else "no JSON"
            raise SignInFailed(f"{address} answers {answer.status_code}: {str(said)[:100]}.")
        return told


def _is_for_signatures(key: jwt.PyJWK) -> bool:
    """A public key: what is signed with a shared secret, published or not, proves nothing."""
    return key.key_type in ("RSA", "EC", "OKP") and key.public_key_use in (None, "sig")
