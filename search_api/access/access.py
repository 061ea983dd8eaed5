"""Everything about who is who, put together: one object for the service and for the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from corpus.catalog import Catalog
from search_api.access.clock import Clock, now
from search_api.access.keys import Keys
from search_api.access.members import Members
from search_api.access.organisations import Organisations
from search_api.access.passwords import Passwords
from search_api.access.sightings import Sightings
from search_api.access.signing_in import SigningIn
from search_api.settings import CALLBACK, ServiceSettings

if TYPE_CHECKING:
    from search_api.access.openid_connect.signing_in import OpenIdConnect


class Access:
    """Call :meth:`close` before the catalog is closed."""

    def __init__(self, catalog: Catalog, settings: ServiceSettings, clock: Clock = now) -> None:
        passwords = Passwords()
        self.catalog = catalog
        self.sightings = Sightings(catalog)
        self.signing_in = SigningIn(
            catalog,
            passwords,
            self.sightings,
            clock,
            lasting=timedelta(hours=settings.session_hours),
            idle=timedelta(hours=settings.session_idle_hours),
        )
        self.members = Members(
            catalog,
            passwords,
            clock,
            address=settings.address,
            invitations_last=timedelta(hours=settings.invitation_hours),
            password_links_last=timedelta(hours=settings.password_link_hours),
        )
        self.openid_connect = _openid_connect(catalog, self.signing_in, settings, clock)
        self.organisations = Organisations(catalog)
        self.keys = Keys(catalog, clock)

    def close(self) -> None:
        if self.openid_connect is not None:
            self.openid_connect.close()
        self.sightings.close()


def _openid_connect(
    catalog: Catalog, signing_in: SigningIn, settings: ServiceSettings, clock: Clock
) -> OpenIdConnect | None:
    """None where the operator named no provider."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    # Here, for the command line does without them.
    from search_api.access.openid_connect.provider import Client, Provider
    from search_api.access.openid_connect.signing_in import OpenIdConnect

    secret = settings.oidc_client_secret
    client = Client(
        settings.oidc_client_id,
        None if secret is None else secret.get_secret_value(),
        redirect_uri=f"{settings.address}/api/v1{CALLBACK}",
    )
    provider = Provider(settings.oidc_issuer, client)
    return OpenIdConnect(catalog, signing_in, provider, clock, new_members=settings.oidc_new_members)
