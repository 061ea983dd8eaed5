"""A real server on a real port over a real SQLite file, and people who talk to it over HTTP."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from corpus.catalog import Catalog
from corpus.catalog.arrivals import Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Audience, DocumentFacts, Kind, Organisation, Passage, Role
from corpus.library import Library
from corpus.membership import KeyScope
from corpus.settings import LibrarySettings
from search_api.access.access import Access
from search_api.access.caller import Caller
from search_api.access.members import NewMember
from search_api.app import create_app
from search_api.service import Service
from search_api.settings import ServiceSettings
from tests.database import new_database
from tests.running import PATIENCE, running

PASSWORD = "three green parrots"
FIRMS = ("alpha", "beta", "gamma")


@dataclass
class MovableClock:
    """The time of day, and as much later as a test says."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later

    def move(self, **by: float) -> None:
        self.later += timedelta(**by)


@dataclass
class Server:
    """A running service, and its insides for arranging what a test needs."""

    url: str
    service: Service
    clock: MovableClock
    greeted: list[NewMember] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)

    def add(self, email: str, role: Role, organisation: str | None, password: str = PASSWORD) -> str:
        """The new member's id."""
        made = self.service.access.members.add(
            Caller.operator(), email=email, name=email.split("@")[0], role=role, organisation=organisation,
            password=password,
        )  # fmt: skip
        return made.member.id

    def browser(self, **headers: str) -> Browser:
        opened = Browser(self.url, headers)
        self.browsers.append(opened)
        return opened

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()

    def signed_in(self, email: str, password: str = PASSWORD) -> Browser:
        browser = self.browser()
        browser.sign_in(email, password)
        return browser


class Browser(httpx.Client):
    """Keeps cookies as a browser does, and sends the token that changes need."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(base_url=f"{url}/api/v1", headers=headers, timeout=PATIENCE)

    def sign_in(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        answer = self.post("/session", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        self.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return dict(answer.json())


@pytest.fixture
def database_url() -> Iterator[str | None]:
    with new_database() as url:
        yield url


@pytest.fixture
def start(tmp_path: Path, database_url: str | None) -> Iterator[Callable[..., Server]]:
    """Starts servers with settings of a test's own, over one catalog; they end with the test."""
    servers: list[Server] = []
    with ExitStack() as stack:

        def starting(*, warm: bool = False, **settings: Any) -> Server:
            clock = MovableClock()
            greeted: list[NewMember] = []
            library = LibrarySettings(data=tmp_path, database_url=database_url)
            is_first = not servers
            app = create_app(
                ServiceSettings(**settings),
                lambda: Library(library, owner=is_first),
                clock=clock,
                greet=greeted.append,
                warm=warm,
            )
            url = stack.enter_context(running(app))
            server = Server(url, app.state.service, clock, greeted)
            stack.callback(server.close)
            servers.append(server)
            return server

        yield starting


def furnish(catalog: Catalog) -> None:
    """Three firms, each with a coordinator and a member, and an administrator of the first."""
    access = Access(catalog, ServiceSettings())
    people = [("admin@alpha.example", Role.ADMINISTRATOR, "alpha")]
    for slug in FIRMS:
        catalog.organisations.put(Organisation(slug, slug.title(), "COL", ("coffee",)))
        people.append((f"coordinator@{slug}.example", Role.COORDINATOR, slug))
        people.append((f"member@{slug}.example", Role.MEMBER, slug))
    for email, role, slug in people:
        access.members.add(
            Caller.operator(), email=email, name=email.split("@")[0], role=role, organisation=slug, password=PASSWORD
        )
    access.close()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished SQLite file, to be copied: hashing seven passwords takes a while."""
    file = tmp_path_factory.mktemp("furnished") / "catalog.db"
    with Catalog(file) as catalog:
        furnish(catalog)
    return file


@pytest.fixture
def server(start: Callable[..., Server], furnished: Path, tmp_path: Path, database_url: str | None) -> Server:
    """A service over a furnished catalog of the test's own."""
    if database_url is None:
        shutil.copy(furnished, tmp_path / "catalog.db")
    else:
        with Catalog(tmp_path / "unused.db", database_url) as catalog:
            furnish(catalog)
    return start()


DOCUMENTS: tuple[tuple[str, str, Audience, dict[str, Any], tuple[tuple[str, str], ...]], ...] = (
    (
        "alpha",
        "Exportar café a China",
        Audience.cluster(),
        {"countries": ("CHN",), "sectors": ("coffee",), "hs_codes": ("090121",), "published": date(2026, 3, 1)},
        (
            ("es", "El exportador de café tostado registra su planta ante la GACC antes del primer embarque."),
            ("es", "La aduana china pide certificado de origen, factura comercial y lista de empaque."),
            ("es", "El registro de la planta dura cinco años y se renueva seis meses antes."),
        ),
    ),
    (
        "beta",
        "Phytosanitary papers for cacao",
        Audience.cluster(),
        {"kind": Kind.KNOW_HOW, "countries": ("DEU",), "sectors": ("cacao",), "published": date(2025, 6, 1)},
        (
            ("en", "Cacao beans shipped to Hamburg need a phytosanitary certificate issued before departure."),
            ("en", "Fumigation with phosphine must be declared to the buyer and to the port."),
        ),
    ),
    (
        "beta",
        "Margens da Beta",
        Audience.owner(),
        {},
        (("pt", "A margem da Beta no café vendido à China é de doze por cento: canary-owner."),),
    ),
    (
        "beta",
        "Acordo entre Beta e Alpha",
        Audience.of("alpha"),
        {"kind": Kind.TRADE_AGREEMENT},
        (("pt", "Beta e Alpha dividem o contêiner de café para Xangai: canary-named."),),
    ),
    (
        "gamma",
        "Leather fairs",
        Audience.cluster(),
        {"kind": Kind.MARKET_REPORT, "sectors": ("leather",), "countries": ("ITA",), "valid_until": date(2027, 1, 1)},
        (("en", "The leather fair in Milan opens in February; stands are booked a year before."),),
    ),
    (
        "gamma",
        "Gamma only",
        Audience.owner(),
        {},
        (("en", "Gamma's leather supplier in Milan asks for payment in advance: canary-gamma."),),
    ),
    (
        "alpha",
        "Borrador de café",
        Audience.cluster(),
        {},
        (("es", "Este borrador sobre el café de la aduana china no está listo: canary-draft."),),
    ),
)


@dataclass
class Stocked:
    """A server whose library holds DOCUMENTS, for tests that change nothing of them."""

    server: Server
    ids: dict[str, str]  # by title
    browsers: dict[str, Browser] = field(default_factory=dict)

    def as_(self, email: str) -> Browser:
        if email not in self.browsers:
            self.browsers[email] = self.server.signed_in(email)
        return self.browsers[email]

    def key(self, organisation: str, scope: KeyScope = KeyScope.SEARCH) -> str:
        made = self.server.service.access.keys.make(
            Caller.operator(), name=f"bot of {organisation}", organisation=organisation, scope=scope
        )
        return made.secret


def share(
    library: Library,
    organisation: str,
    title: str,
    audience: Audience,
    facts: dict[str, Any],
    texts: Sequence[tuple[str, str]],
    *,
    draft: bool = False,
) -> str:
    """Through the whole queue, with real vectors; returns the document's id."""
    content = "\n".join(text for _, text in texts).encode()
    registered = library.catalog.arrivals.register(
        Arrival(
            organisation=organisation,
            source_key=f"test:{title}",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type="text/plain",
            file_name=f"{title}.txt",
            facts=DocumentFacts(title=title, **facts),
            declared=frozenset({"title", *facts}),
            audience=audience,
            contributor=f"somebody of {organisation}",
            draft=draft,
        )
    )
    version = library.catalog.queue.claim("test")
    assert version is not None
    assert version.id == registered.version_id
    passages = [
        Passage(ordinal, text, language, heading_path=(f"{title}: capítulo {ordinal + 1}",), first_page=ordinal + 1)
        for ordinal, (language, text) in enumerate(texts)
    ]
    prepared = Prepared(
        passages=passages,
        vectors=library.embedder.embed_passages([passage.text for passage in passages]),
        pack=library.embedder.identity.digest,
        guesses=DocumentFacts(title=title, language=texts[0][0]),
        pages=len(texts),
        media_type="text/plain",
    )
    assert library.catalog.queue.store(version.id, prepared)
    assert library.publish(version)
    return registered.document_id


@contextmanager
def stocked_server(data: Path) -> Iterator[Stocked]:
    """A server over `DOCUMENTS` in folder `data`: for tests that leave documents behind, which `stocked` is not for."""
    with new_database() as url:
        settings = LibrarySettings(data=data, database_url=url)
        with Library(settings) as library:
            furnish(library.catalog)
            ids = {
                title: share(library, owner, title, audience, facts, texts, draft=title.startswith("Borrador"))
                for owner, title, audience, facts, texts in DOCUMENTS
            }
        with serving(settings, ids) as stocked:
            yield stocked


@contextmanager
def serving(settings: LibrarySettings, ids: dict[str, str]) -> Iterator[Stocked]:
    """A server over a library that holds `DOCUMENTS` already."""
    clock = MovableClock()
    app = create_app(ServiceSettings(rate_limit=0, public_rate_limit=0), lambda: Library(settings), clock=clock)
    with running(app) as address:
        server = Server(address, app.state.service, clock)
        app.state.service.warming.close()
        yield Stocked(server, ids)
        server.close()


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    with stocked_server(tmp_path_factory.mktemp("stocked")) as server:
        yield server
