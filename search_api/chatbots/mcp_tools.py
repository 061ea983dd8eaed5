"""The tools of the MCP door: ``search`` and ``fetch`` as ChatGPT wants them, and ``find_passages`` with everything."""

from __future__ import annotations

from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from corpus.documents import Kind
from corpus.errors import LonjaError
from corpus.search.filters import read_filters
from search_api.access.caller import Caller
from search_api.chatbots.reading import Place, read_portion
from search_api.chatbots.retrieval import Retrieved, retrieve
from search_api.service import Service

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
RESULTS = 10

INSTRUCTIONS = """\
Lonja holds what a cluster of firms shares: market reports, texts of trade agreements, know-how about exporting. \
Documents are in Spanish, Portuguese, English and other languages; ask in any language. `search` finds documents, \
`fetch` reads one from the place that was found, `find_passages` gives passages with page and heading and takes \
filters. Cite the `url`. Nothing found means that nothing you may see is relevant."""

Query = Annotated[str, Field(min_length=1, max_length=4000, description="The question, in any language.")]


class FoundDocument(BaseModel):
    id: str = Field(description="For `fetch`.")
    title: str
    url: str


class FoundDocuments(BaseModel):
    results: list[FoundDocument]


class FetchedDocument(BaseModel):
    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class FoundPassage(BaseModel):
    id: str = Field(description="For `fetch`.")
    title: str
    url: str
    text: str
    organisation: str = Field(description="The firm that shared the document.")
    kind: str
    language: str
    published: str | None
    page: int | None
    heading: str | None
    score: float = Field(description="0 to 1.")


class FoundPassages(BaseModel):
    passages: list[FoundPassage]


class Tools:
    """``service`` is known when the application has started."""

    def __init__(self) -> None:
        self.service: Service | None = None

    def search(self, query: Query, ctx: Context[Any, Any]) -> Annotated[CallToolResult, FoundDocuments]:
        """Find documents that answer a question, by meaning and by word, across languages."""
        found: dict[str, FoundDocument] = {}
        for one in self._retrieve(ctx, query, limit=5 * RESULTS):
            place = _place(one)
            found.setdefault(place.document, FoundDocument(id=str(place), title=one.title, url=_url(one)))
        return _told(FoundDocuments(results=list(found.values())[:RESULTS]))

    def fetch(
        self,
        id: Annotated[str, Field(min_length=1, max_length=100, description="From `search` or `find_passages`.")],
        ctx: Context[Any, Any],
    ) -> Annotated[CallToolResult, FetchedDocument]:
        """Read a document: all of it where it is short, else as much as fits around the place that was found."""
        service, caller = self._who(ctx)
        place = Place.read(id)
        try:
            portion = read_portion(service, caller, place)
        except LonjaError as error:
            raise ToolError(str(error)) from error
        facts = portion.document.facts
        metadata = {
            "organisation": portion.organisation.name,
            "kind": facts.kind.value,
            "language": facts.language or "",
            "published": facts.published.isoformat() if facts.published else "",
            "valid_until": facts.valid_until.isoformat() if facts.valid_until else "",
            "source": facts.source or "",
        }
        if not portion.is_whole:
            metadata["part"] = f"passages {portion.first} to {portion.last} of 0 to {portion.total - 1}"
            metadata["read_on_with"] = str(Place(place.document, min(portion.last + 1, portion.total - 1)))
        return _told(
            FetchedDocument(
                id=id,
                title=facts.title,
                text=portion.text,
                url=portion.url,
                metadata={name: value for name, value in metadata.items() if value},
            )
        )

    def find_passages(
        self,
        query: Query,
        ctx: Context[Any, Any],
        kinds: Annotated[list[Kind] | None, Field(description="Of the document.")] = None,
        languages: Annotated[list[str] | None, Field(description="Of the passage: es, pt, en, zh ...")] = None,
        countries: Annotated[list[str] | None, Field(description="What it is about: COL, CHN ...")] = None,
        sectors: Annotated[list[str] | None, Field(description="coffee, leather ...")] = None,
        hs_codes: Annotated[list[str] | None, Field(description="HS codes or their beginnings: 0901.")] = None,
        organisations: Annotated[list[str] | None, Field(description="Slugs of the firms that shared.")] = None,
        published_from: Annotated[str | None, Field(description="2026-01-31")] = None,
        published_to: Annotated[str | None, Field(description="2026-12-31, inclusive.")] = None,
        limit: Annotated[int | None, Field(ge=1, le=50)] = RESULTS,
    ) -> Annotated[CallToolResult, FoundPassages]:
        """Find passages with their page, heading and firm; filters of one kind are alternatives."""
        found = self._retrieve(
            ctx,
            query,
            limit=limit or RESULTS,  # some models send null for whatever they leave out
            kinds=[kind.value for kind in kinds or ()],
            languages=languages,
            countries=countries,
            sectors=sectors,
            hs_codes=hs_codes,
            organisations=organisations,
            published_from=published_from,
            published_to=published_to,
        )
        return _told(FoundPassages(passages=[_passage(one) for one in found]))

    def _retrieve(self, ctx: Context[Any, Any], query: str, *, limit: int, **filters: Any) -> list[Retrieved]:
        service, caller = self._who(ctx)
        try:
            return retrieve(service, caller, [query], read_filters(**filters), limit=limit)
        except LonjaError as error:
            raise ToolError(str(error)) from error

    def _who(self, ctx: Context[Any, Any]) -> tuple[Service, Caller]:
        """The caller whom the door has let in."""
        assert self.service is not None
        request = ctx.request_context.request
        assert request is not None
        caller = request.state.who
        assert isinstance(caller, Caller)
        return self.service, caller


def make_server(tools: Tools, version: str) -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("lonja", title="Lonja", instructions=INSTRUCTIONS, version=version)
    for function, title in (
        (tools.search, "Search the cluster's documents"),
        (tools.fetch, "Read a document"),
        (tools.find_passages, "Find passages"),
    ):
        server.add_tool(function, title=title, annotations=READS)
    return server


def _told(answer: BaseModel) -> CallToolResult:
    """Structured, and as one text of the same JSON: some clients read this, some that."""
    return CallToolResult(
        content=[TextContent(type="text", text=answer.model_dump_json())],
        structured_content=answer.model_dump(mode="json"),
    )


def _place(one: Retrieved) -> Place:
    return Place(one.document_id, one.ordinal)


def _url(one: Retrieved) -> str:
    return str(one.attributes["url"])


def _passage(one: Retrieved) -> FoundPassage:
    known = one.attributes
    return FoundPassage.model_validate(
        {
            "id": str(_place(one)),
            "title": one.title,
            "url": _url(one),
            "text": one.text,
            "organisation": known["organisation_name"],
            "score": one.score,
        }
        | {name: known.get(name) for name in ("kind", "language", "published", "page", "heading")}
    )
