"""The doors that chatbots use, with the clients that they use: the official MCP client, the ``openai`` package."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import openai
import pytest
from mcp import ClientSession
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from tests.service.conftest import Stocked

QUESTION = "¿Qué documentos pide la aduana china para el café?"
CANARIES = {"canary-owner", "canary-named", "canary-gamma", "canary-draft"}
SEEN = {"alpha": {"canary-named", "canary-draft"}, "beta": {"canary-owner", "canary-named"}, "gamma": {"canary-gamma"}}
ABOUT_ALL = [
    "¿Qué papeles pide la aduana china para exportar café?",
    "When does the leather fair in Milan open?",
    "Phytosanitary certificate for cacao beans to Hamburg",
    "contêiner de café para Xangai",
]
COFFEE, LEATHER = ABOUT_ALL[:2]
QUESTIONS = ("café China aduana", "margem da Beta", "leather Milan supplier", "contêiner para Xangai", "canary")


@pytest.fixture(scope="module")
def keys(stocked: Stocked) -> dict[str, str]:
    return {firm: stocked.key(firm) for firm in ("alpha", "beta", "gamma")}


def canaries(said: object) -> set[str]:
    text = str(said)
    return {canary for canary in CANARIES if canary in text}


class TestMcp:
    @pytest.fixture
    def ask(self, stocked: Stocked, keys: dict[str, str]) -> Callable[..., Any]:
        """Calls a tool as a firm's chatbot, with a client of its own."""

        def asking(firm: str, tool: str, **arguments: Any) -> Any:
            return self.with_session(stocked, keys[firm], lambda session: session.call_tool(tool, arguments))

        return asking

    def with_session(self, stocked: Stocked, key: str, use: Callable[[ClientSession], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            headers = {"Authorization": f"Bearer {key}"}
            async with (
                create_mcp_http_client(headers=headers) as http,
                streamable_http_client(f"{stocked.server.url}/mcp", http_client=http) as streams,
                ClientSession(streams[0], streams[1]) as session,
            ):
                await session.initialize()
                return await use(session)

        return anyio.run(run)

    def test_nobody_shakes_hands_without_a_key(self, stocked: Stocked) -> None:
        hello = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        }
        accept = {"Accept": "application/json, text/event-stream"}
        for headers in ({}, {"Authorization": "Bearer lonja_wrong"}):
            answer = httpx.post(f"{stocked.server.url}/mcp", json=hello, headers={**accept, **headers})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
        member = stocked.as_("member@alpha.example")
        by_cookie = member.post(f"{stocked.server.url}/mcp", json=hello, headers=accept)
        assert by_cookie.status_code == 401, "a page in a browser is no MCP client"

    def test_the_tools_are_described(self, stocked: Stocked, keys: dict[str, str]) -> None:
        tools = self.with_session(stocked, keys["alpha"], lambda session: session.list_tools()).tools
        assert {tool.name for tool in tools} == {"search", "fetch", "find_passages"}
        for tool in tools:
            assert tool.title
            assert tool.description
            assert tool.annotations.read_only_hint
            assert tool.output_schema
        by_name = {tool.name: tool for tool in tools}
        assert set(by_name["search"].input_schema["properties"]) == {"query"}
        assert set(by_name["fetch"].input_schema["properties"]) == {"id"}

    def test_search_answers_as_chatgpt_wants_it(self, ask: Callable[..., Any]) -> None:
        answer = ask("beta", "search", query=QUESTION)
        assert not answer.is_error
        (content,) = answer.content
        assert json.loads(content.text) == answer.structured_content
        first = answer.structured_content["results"][0]
        assert set(first) == {"id", "title", "url"}
        assert first["title"] == "Exportar café a China"
        assert first["url"].startswith("http://localhost:8000/documents/")

    def test_fetch_reads_on_from_what_was_found(self, ask: Callable[..., Any]) -> None:
        found = ask("beta", "search", query=QUESTION).structured_content["results"][0]
        answer = ask("beta", "fetch", id=found["id"])
        (content,) = answer.content
        fetched = answer.structured_content
        assert json.loads(content.text) == fetched
        assert set(fetched) == {"id", "title", "text", "url", "metadata"}
        assert fetched["id"] == found["id"]
        assert fetched["url"] == found["url"]
        assert "[page 2]\n\nLa aduana china pide" in fetched["text"]
        assert fetched["metadata"]["organisation"] == "Alpha"
        assert fetched["metadata"]["published"] == "2026-03-01"
        assert "part" not in fetched["metadata"], "it is all of it"
        assert ask("beta", "fetch", id=found["id"].split(":")[0]).structured_content["text"] == fetched["text"]

    def test_a_long_document_is_read_in_portions(self, stocked: Stocked, ask: Callable[..., Any]) -> None:
        from corpus.documents import Audience
        from tests.service.conftest import share

        library = stocked.server.service.library
        texts = [("en", f"Clause {number}. " + "The seller delivers the goods. " * 60) for number in range(90)]
        identity = share(library, "alpha", "A long contract", Audience.cluster(), {}, texts)
        try:
            fetched = ask("beta", "fetch", id=f"{identity}:40").structured_content
            assert 50_000 < len(fetched["text"]) < 70_000
            assert "Clause 40." in fetched["text"]
            assert "Clause 0." not in fetched["text"]
            read: set[int] = set()
            at = identity
            for _ in range(10):
                portion = ask("beta", "fetch", id=at).structured_content
                read |= {number for number in range(90) if f"Clause {number}. " in portion["text"]}
                if max(read) == 89:
                    break
                at = portion["metadata"]["read_on_with"]
            assert read == set(range(90))
        finally:
            library.remove(identity)

    def test_find_passages_takes_filters(self, ask: Callable[..., Any]) -> None:
        answer = ask("alpha", "find_passages", query="leather fair", sectors=["leather"], kinds=["market_report"])
        passages = answer.structured_content["passages"]
        assert {passage["title"] for passage in passages} == {"Leather fairs"}
        first = passages[0]
        assert first["page"] == 1
        assert first["organisation"] == "Gamma"
        assert 0 <= first["score"] <= 1
        left_out = dict.fromkeys(("kinds", "languages", "countries", "published_from", "limit"))  # as some models do
        with_nulls = ask("alpha", "find_passages", query="leather fair", **left_out)
        assert with_nulls.structured_content == ask("alpha", "find_passages", query="leather fair").structured_content
        none = ask("alpha", "find_passages", query="leather", organisations=["alpha"], countries=["ITA"])
        assert none.structured_content == {"passages": []}

    def test_each_firm_sees_its_own(self, ask: Callable[..., Any]) -> None:
        for firm, seen in SEEN.items():
            said = [ask(firm, "find_passages", query=question, limit=50) for question in QUESTIONS]
            found = {one["id"] for question in QUESTIONS
                     for one in ask(firm, "search", query=question).structured_content["results"]}  # fmt: skip
            said += [ask(firm, "fetch", id=identity) for identity in found]
            assert canaries(said) == seen

    def test_what_one_may_not_see_does_not_exist(self, stocked: Stocked, ask: Callable[..., Any]) -> None:
        foreign = ask("alpha", "fetch", id=stocked.ids["Gamma only"])
        missing = ask("alpha", "fetch", id="06h0js21a6s6gepm")
        for answer, identity in ((foreign, stocked.ids["Gamma only"]), (missing, "06h0js21a6s6gepm")):
            assert answer.is_error
            assert answer.content[0].text.replace(identity, "...") == (
                "Error executing tool fetch: There is no document '...'."
            )

    @pytest.mark.parametrize(
        ("tool", "arguments"),
        [
            ("search", {"query": ""}),
            ("search", {"query": "x" * 5000}),
            ("search", {"query": 7}),
            ("search", {}),
            ("fetch", {"id": ""}),
            ("fetch", {"id": "../../etc/passwd"}),
            ("fetch", {"id": "06h0js21a6s6gepm:99999999999"}),
            ("fetch", {"id": "a\x00b"}),
            ("find_passages", {"query": "x", "countries": ["Colombia"]}),
            ("find_passages", {"query": "x", "limit": 51}),
            ("unknown", {}),
        ],
    )
    def test_wrong_calls_are_told_so(self, ask: Callable[..., Any], tool: str, arguments: dict[str, Any]) -> None:
        answer = ask("alpha", tool, **arguments)
        assert answer.is_error
        assert "Traceback" not in answer.content[0].text

    def test_the_newest_protocol_without_a_handshake(self, stocked: Stocked, keys: dict[str, str]) -> None:
        async def run() -> Any:
            headers = {"Authorization": f"Bearer {keys['alpha']}"}
            async with create_mcp_http_client(headers=headers) as http:
                transport = streamable_http_client(f"{stocked.server.url}/mcp", http_client=http)
                async with Client(transport, mode="auto") as client:
                    return await client.call_tool("search", {"query": QUESTION})

        answer = anyio.run(run)
        assert answer.structured_content["results"]

    def test_a_revoked_key_is_out_at_once(self, stocked: Stocked) -> None:
        from search_api.access.caller import Caller

        access = stocked.server.service.access
        made = access.keys.make(Caller.operator(), name="short-lived", organisation="alpha")
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        headers = {
            "Accept": "application/json, text/event-stream",
            "Authorization": f"Bearer {made.secret}",
            "MCP-Protocol-Version": "2025-11-25",
        }
        assert httpx.post(f"{stocked.server.url}/mcp", json=body, headers=headers).status_code == 200
        access.keys.revoke(Caller.operator(), made.key.id)
        assert httpx.post(f"{stocked.server.url}/mcp", json=body, headers=headers).status_code == 401


class TestOpenAi:
    @pytest.fixture
    def client(self, stocked: Stocked, keys: dict[str, str]) -> Callable[[str], openai.OpenAI]:
        def of(firm: str) -> openai.OpenAI:
            return openai.OpenAI(base_url=f"{stocked.server.url}/v1", api_key=keys[firm], max_retries=0)

        return of

    def test_the_package_searches_unchanged(self, client: Callable[[str], openai.OpenAI]) -> None:
        with client("beta") as asked:
            page = asked.vector_stores.search("lonja", query=QUESTION, max_num_results=5)
        assert page.object == "vector_store.search_results.page"
        first = page.data[0]
        assert first.filename == "Exportar café a China"
        assert first.content[0].text.startswith("La aduana china pide")
        assert first.attributes is not None
        assert first.attributes["organisation"] == "alpha"
        assert first.attributes["page"] == 2
        assert str(first.attributes["url"]).endswith("?passage=1")
        assert len(page.data) <= 5
        scores = [one.score for one in page.data]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)

    def test_attributes_keep_openais_bounds(self, client: Callable[[str], openai.OpenAI]) -> None:
        with client("alpha") as asked:
            page = asked.vector_stores.search("lonja", query="café cacao leather", max_num_results=50)
        for one in page.data:
            assert one.attributes is not None
            assert len(one.attributes) <= 16
            for name, value in one.attributes.items():
                assert len(name) <= 64
                assert isinstance(value, str | float | bool)
                assert len(str(value)) <= 512

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"type": "eq", "key": "kind", "value": "know_how"}, {"Phytosanitary papers for cacao"}),
            ({"type": "eq", "key": "countries", "value": "chn"}, {"Exportar café a China"}),
            ({"type": "in", "key": "organisation", "value": ["gamma"]}, {"Leather fairs"}),
            ({"type": "gte", "key": "published", "value": "2026-01-01"}, {"Exportar café a China"}),
            ({"type": "lt", "key": "published", "value": 1767225600}, {"Phytosanitary papers for cacao"}),
            (
                {
                    "type": "or",
                    "filters": [
                        {"type": "eq", "key": "sectors", "value": "leather"},
                        {"type": "eq", "key": "sectors", "value": "cacao"},
                    ],
                },
                {"Leather fairs", "Phytosanitary papers for cacao"},
            ),
            (
                {
                    "type": "and",
                    "filters": [
                        {"type": "nin", "key": "organisation", "value": ["alpha", "beta"]},
                        {"type": "ne", "key": "language", "value": "es"},
                    ],
                },
                {"Leather fairs"},
            ),
            ({"type": "eq", "key": "organisation", "value": "delta"}, set()),
        ],
    )
    def test_filters(self, client: Callable[[str], openai.OpenAI], filters: dict[str, Any], expected: set[str]) -> None:
        with client("alpha") as asked:
            page = asked.vector_stores.search(
                "lonja", query=ABOUT_ALL, max_num_results=50, filters=filters,  # type: ignore[arg-type]
            )  # fmt: skip
        assert {one.filename for one in page.data} == expected

    def test_a_firms_store_and_one_that_is_not_there(self, client: Callable[[str], openai.OpenAI]) -> None:
        with client("alpha") as asked:
            page = asked.vector_stores.search("gamma", query="fair leather café")
            assert {one.filename for one in page.data} <= {"Leather fairs"}
            with pytest.raises(openai.NotFoundError):
                asked.vector_stores.search("delta", query="x")

    def test_several_questions_and_a_threshold(self, client: Callable[[str], openai.OpenAI]) -> None:
        with client("alpha") as asked:
            page = asked.vector_stores.search("lonja", query=["aduana china café", "leather fair Milan"])
            assert {"Exportar café a China", "Leather fairs"} <= {one.filename for one in page.data}
            best = page.data[0].score
            fewer = asked.vector_stores.search(
                "lonja", query="aduana china café", ranking_options={"score_threshold": min(1.0, best)}
            )
            assert all(one.score >= best for one in fewer.data)

    def test_each_firm_sees_its_own(self, client: Callable[[str], openai.OpenAI]) -> None:
        for firm, seen in SEEN.items():
            with client(firm) as asked:
                said = [
                    asked.vector_stores.search(store, query=question, max_num_results=50).model_dump()
                    for store in ("lonja", "alpha", "beta", "gamma")
                    for question in QUESTIONS
                ]
            assert canaries(said) == seen

    def test_a_wrong_key(self, stocked: Stocked) -> None:
        with (
            openai.OpenAI(base_url=f"{stocked.server.url}/v1", api_key="lonja_wrong", max_retries=0) as asked,
            pytest.raises(openai.AuthenticationError) as refused,
        ):
            asked.vector_stores.search("lonja", query="x")
        told = refused.value.response.json()
        assert (refused.value.code, refused.value.type) == (told["code"], "authentication_error")
        assert told["detail"] in told["error"]["message"]

    def test_no_other_door_speaks_of_errors_in_openais_words(self, stocked: Stocked) -> None:
        told = httpx.get(f"{stocked.server.url}/api/v1/documents").json()
        assert told["code"] == "not_signed_in"
        assert "error" not in told

    @pytest.mark.parametrize(
        "body",
        [
            {"query": ""},
            {"query": []},
            {"query": "x", "max_num_results": 51},
            {"query": "x", "filters": {"type": "magic", "key": "kind", "value": "x"}},
            {"query": "x", "filters": {"type": "in", "key": "kind", "value": "x"}},
            {"query": "x", "filters": {"type": "eq", "key": "kind", "value": ["x"]}},
            {"query": "x", "filters": {"type": "and", "filters": []}},
            {"query": "x", "ranking_options": {"score_threshold": 2}},
        ],
    )
    def test_wrong_questions_are_told_so(self, stocked: Stocked, keys: dict[str, str], body: dict[str, Any]) -> None:
        answer = httpx.post(
            f"{stocked.server.url}/v1/vector_stores/lonja/search",
            json=body,
            headers={"Authorization": f"Bearer {keys['alpha']}"},
        )
        assert answer.status_code == 422, answer.text
        told = answer.json()
        assert told["error"]["type"] == "invalid_request_error"
        assert told["detail"] in told["error"]["message"]

    def test_filters_that_nest_without_end(self, stocked: Stocked, keys: dict[str, str]) -> None:
        filters: dict[str, Any] = {"type": "eq", "key": "kind", "value": "x"}
        for _ in range(200):
            filters = {"type": "and", "filters": [filters]}
        answer = httpx.post(
            f"{stocked.server.url}/v1/vector_stores/lonja/search",
            json={"query": "x", "filters": filters},
            headers={"Authorization": f"Bearer {keys['alpha']}"},
        )
        assert answer.status_code == 422


class TestDify:
    def ask(self, stocked: Stocked, key: str, status: int = 200, **body: Any) -> Any:
        whole = {"knowledge_id": "lonja", "query": QUESTION, "retrieval_setting": {"top_k": 5, "score_threshold": 0.0}}
        answer = httpx.post(
            f"{stocked.server.url}/retrieval", json=whole | body, headers={"Authorization": f"Bearer {key}"}
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def test_records_as_dify_reads_them(self, stocked: Stocked, keys: dict[str, str]) -> None:
        records = self.ask(stocked, keys["beta"])["records"]
        assert 0 < len(records) <= 5
        first = records[0]
        assert set(first) == {"content", "score", "title", "metadata"}
        assert first["title"] == "Exportar café a China"
        assert first["metadata"]["url"].endswith("?passage=1")

    def test_it_checks_the_address_without_a_question_and_takes_what_is_neither_of_three_answers(
        self, stocked: Stocked, keys: dict[str, str]
    ) -> None:
        """When an address is saved: it refuses 403, 404 and 502."""
        answer = httpx.post(f"{stocked.server.url}/retrieval", headers={"Authorization": f"Bearer {keys['beta']}"})
        assert answer.status_code == 422

    def test_nothing_found_is_an_empty_list(self, stocked: Stocked, keys: dict[str, str]) -> None:
        condition = {"conditions": [{"name": "kind", "comparison_operator": "is", "value": "no such kind"}]}
        assert self.ask(stocked, keys["alpha"], metadata_condition=condition) == {"records": []}

    @pytest.mark.parametrize(
        ("query", "condition", "expected"),
        [
            (LEATHER, {"name": "title", "comparison_operator": "contains", "value": "FAIRS"}, {"Leather fairs"}),
            (
                COFFEE,
                {"name": "title", "comparison_operator": "start with", "value": "exportar"},
                {"Exportar café a China"},
            ),
            (
                COFFEE,
                {"name": "published", "comparison_operator": "after", "value": "2026-01-01"},
                {"Exportar café a China"},
            ),
            (LEATHER, {"name": "valid_until", "comparison_operator": "not empty"}, {"Leather fairs"}),
            (
                LEATHER,
                {"name": ["sectors", "kind"], "comparison_operator": "is", "value": "leather"},
                {"Leather fairs"},
            ),
            (
                LEATHER,
                {"name": "sectors", "comparison_operator": "in", "value": "leather, textiles"},
                {"Leather fairs"},
            ),
        ],
    )
    def test_conditions(
        self, stocked: Stocked, keys: dict[str, str], query: str, condition: dict[str, Any], expected: set[str]
    ) -> None:
        setting = {"top_k": 50, "score_threshold": 0.0}
        answer = self.ask(
            stocked, keys["alpha"], query=query,
            retrieval_setting=setting, metadata_condition={"logical_operator": "and", "conditions": [condition]},
        )  # fmt: skip
        assert {record["title"] for record in answer["records"]} == expected

    def test_each_firm_sees_its_own(self, stocked: Stocked, keys: dict[str, str]) -> None:
        for firm, seen in SEEN.items():
            said = [
                self.ask(stocked, keys[firm], query=question, retrieval_setting={"top_k": 50}, knowledge_id=store)
                for question in QUESTIONS
                for store in ("lonja", "beta", "gamma")
            ]
            assert canaries(said) == seen - ({"canary-draft"} if firm != "alpha" else set())

    def test_what_is_wrong_is_told(self, stocked: Stocked, keys: dict[str, str]) -> None:
        self.ask(stocked, keys["alpha"], 404, knowledge_id="delta")
        self.ask(stocked, keys["alpha"], 422, query="")
        self.ask(stocked, keys["alpha"], 422, retrieval_setting={"top_k": 0})
        odd = {"conditions": [{"name": "kind", "comparison_operator": "resembles", "value": "x"}]}
        self.ask(stocked, keys["alpha"], 422, metadata_condition=odd)
        self.ask(stocked, "lonja_wrong", 401)
