"""Everything about who is who, put together: one object for the service and for the command line."""

from __future__ import annotations

from datetime import timedelta

from corpus.catalog import Catalog
from search_api.access.clock import Clock, now
from search_api.access.keys import Keys
from search_api.access.members import Members
from search_api.access.organisations import Organisations
from search_api.access.passwords import Passwords
from search_api.access.sightings import Sightings
from search_api.access.signing_in import SigningIn
from search_api.settings import ServiceSettings


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
        self.organisations = Organisations(catalog)
        self.keys = Keys(catalog, clock)

    def close(self) -> None:
        self.sightings.close()
