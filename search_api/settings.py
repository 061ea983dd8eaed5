"""Settings of the service, read from ``LONJA_*`` and checked at start. docs/settings.md tells of each."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import BadSetting
from corpus.use import Crowd

START = "/openid-connect/start"
CALLBACK = "/openid-connect/callback"
"""Where an OpenID Connect provider sends browsers back to, below /api/v1: it must know this address."""


class ServiceSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LONJA_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)

    public_url: str | None = None
    """Where members reach the service, such as https://lonja.example.org; links are made with it."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names that requests may be addressed to, beside the public one and this machine's own."""

    trusted_proxies: str = "127.0.0.1"
    """Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed."""

    administrator_email: str = "administrator@localhost"
    """Of the administrator that the first start creates."""

    session_hours: int = Field(default=14 * 24, ge=1)
    session_idle_hours: int = Field(default=72, ge=1)
    invitation_hours: int = Field(default=7 * 24, ge=1)
    password_link_hours: int = Field(default=24, ge=1)

    rate_limit: int = Field(default=600, ge=0)
    """Requests a minute of each member or key; 0 for no limit."""

    public_rate_limit: int = Field(default=60, ge=0)
    """Requests a minute of each address that has not signed in; 0 for no limit."""

    max_body_kib: int = Field(default=1024, ge=16)
    max_upload_mib: int = Field(default=200, ge=1)

    max_uploads: int = Field(default=8, ge=1)
    """Uploads that are received at the same time; the next one is asked to wait."""

    workers: int = Field(default=1, ge=0, le=64)
    """Worker processes that `lonja serve` keeps; 0 where `lonja worker` runs elsewhere."""

    undo_hours: int = Field(default=24, ge=0)
    """How long a deleted document may be taken back."""

    query_days: int = Field(default=90, ge=0, le=3650)
    """How long words that are asked for are kept; 0 keeps none at all."""

    count_days: int = Field(default=730, ge=1, le=3650)
    """How long counts of use, and feedback on hits, are kept."""

    least_members: int = Field(default=3, ge=3)
    """How many members must have asked the same before others are told of it."""

    least_organisations: int = Field(default=2, ge=2)
    """Of how many organisations they must be."""

    least_count: int = Field(default=3, ge=3)
    """Smaller counts of what firms opened of each other are not told."""

    oidc_client_id: str | None = Field(default=None, min_length=1)
    oidc_client_secret: SecretStr | None = None
    """As an OpenID Connect provider knows the service; without a secret it is a public client, with PKCE alone."""

    oidc_issuer: str | None = None
    """Exactly as the provider writes it, such as https://login.example.org/realms/cluster."""

    oidc_label: str = Field(default="OpenID Connect", min_length=1, max_length=60)
    """What the button says."""

    oidc_new_members: str | None = Field(default=None, pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
    """The organisation of people who sign in so and are unknown; without it they are not let in."""

    metrics_token: str | None = Field(default=None, min_length=16)
    """What Prometheus sends as a bearer token; without it only administrators read /metrics."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] = "json"

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("it is no address such as https://lonja.example.org")
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not parts.hostname or parts.query or parts.fragment or parts.scheme not in ("https", *["http"] * is_here):
            raise ValueError("it is no address such as https://login.example.org")
        if info.data.get("oidc_client_id") is None:
            raise ValueError("LONJA_OIDC_CLIENT_ID is missing")
        return value

    @property
    def crowd(self) -> Crowd:
        return Crowd(self.least_members, self.least_organisations)

    @property
    def address(self) -> str:
        """Without a slash at its end."""
        host = "localhost" if self.host in ("0.0.0.0", "::", "127.0.0.1", "::1") else self.host  # noqa: S104
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Members come over TLS: cookies are bound to it."""
        return self.address.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """Every name that a request may be addressed to; "*" admits all."""
        public = urlsplit(self.address).hostname
        return frozenset({"localhost", "127.0.0.1", "::1", *self.allowed_hosts, *([public] if public else [])})


def read_service_settings(**given: object) -> ServiceSettings:
    """Settings from the environment, with those given (and not None) on top. Raises BadSetting."""
    try:
        return ServiceSettings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(
            f"The setting LONJA_{name} is not valid: {first['msg']}.", hint="docs/settings.md tells of each setting."
        ) from error
