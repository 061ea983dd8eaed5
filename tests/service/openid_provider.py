"""An OpenID Connect provider for tests: over HTTP, with real keys, and honest unless a test makes it otherwise.

It signs whoever ``person`` is in without asking; codes work once, for the client, redirect address and PKCE verifier
that they were made for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "lonja", "s3cret&more:of it"

Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class SigningKey:
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def public(self) -> dict[str, Any]:
        told = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**told, "kid": self.id, "use": "sig", "alg": "RS256"}


@dataclass
class OpenIdProvider:
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)  # claims of who signs in
    key: SigningKey = field(default_factory=SigningKey)
    published: list[SigningKey] = field(default_factory=list)
    refuses: str | None = None  # an error instead of a code
    claims_in_userinfo: bool = False
    change_claims: Change = lambda claims: claims
    sign: Callable[[dict[str, Any]], str] | None = None  # instead of the key, by RS256
    describe: Change = lambda told: told
    asked: list[dict[str, str]] = field(default_factory=list)  # what browsers were sent with
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        return self.describe(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked.append(asked)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        told = {"state": asked["state"], "iss": self.url}
        if self.refuses is not None:
            return f"{asked['redirect_uri']}?{urlencode(told | {'error': self.refuses})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(told | {'code': code})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        scheme, _, pair = authorization.partition(" ")
        who = [unquote(part) for part in base64.b64decode(pair).decode().split(":")] if scheme == "Basic" else []
        if who != [CLIENT, SECRET]:
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or proof.decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or form["grant_type"] != "authorization_code"
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.change_claims(
            {
                "iss": self.url,
                "sub": "u-1",
                "aud": CLIENT,
                "iat": now,
                "exp": now + 300,
                "nonce": asked["nonce"],
                **({} if self.claims_in_userinfo else self.person),
            }
        )
        if self.sign is not None:
            signed = self.sign(claims)
        else:
            signed = jwt.encode(claims, self.key.private, algorithm="RS256", headers={"kid": self.key.id})
        return 200, {"token_type": "Bearer", "access_token": "for-userinfo", "id_token": signed}


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()
    provider.published.append(provider.key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/authorize":
                back = provider.authorize(dict(parse_qsl(address.query, strict_parsing=True)))
                self.send_response(302)
                self.send_header("Location", back)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif address.path == "/.well-known/openid-configuration":
                self.tell(200, provider.description())
            elif address.path == "/keys":
                self.tell(200, {"keys": [key.public for key in provider.published]})
            elif address.path == "/userinfo" and self.headers["Authorization"] == "Bearer for-userinfo":
                self.tell(200, {"sub": "u-1", **provider.person})
            else:
                self.tell(404, {"error": "not_found"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.tell(*provider.token(form, self.headers.get("Authorization", "")))

        def tell(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
