"""The member firms: everybody knows their names, administrators add them, coordinators correct their own."""

from __future__ import annotations

from corpus.catalog import Catalog
from corpus.documents import Organisation, OrganisationId
from corpus.errors import Conflict, NotFound
from search_api.access.caller import Caller
from search_api.access.errors import NotAllowed


class Organisations:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def all(self) -> list[Organisation]:
        return self._catalog.organisations.all()

    def get(self, organisation: OrganisationId) -> Organisation:
        return self._catalog.organisations.get(organisation)

    def add(self, caller: Caller, organisation: Organisation) -> None:
        """Raises NotAllowed, Conflict, BadInput."""
        if not caller.is_administrator:
            raise NotAllowed("Only an administrator adds organisations.")
        try:
            self._catalog.organisations.get(organisation.id)
        except NotFound:
            self._catalog.organisations.put(organisation)
        else:
            raise Conflict(f"There is an organisation {organisation.id!r} already.", code="organisation_exists")
        self._catalog.audit.add(caller.did("organisation.added", "organisation", organisation.id, organisation.id))

    def change(self, caller: Caller, organisation: Organisation) -> None:
        """Raises NotAllowed, NotFound."""
        if caller.scope_of_administration() not in (None, organisation.id):
            raise NotAllowed("A coordinator corrects their own organisation alone.")
        self._catalog.organisations.get(organisation.id)
        self._catalog.organisations.put(organisation)
        self._catalog.audit.add(caller.did("organisation.changed", "organisation", organisation.id, organisation.id))
