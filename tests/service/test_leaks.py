"""Who sees what, asked at every door by everybody.

The test enumerates the operations of the API's description and the tools of MCP by itself: a new one fails it until
somebody has said here how it is to be probed. Documents of every audience hold words that are nowhere else; every
door is asked for each document, each job and each word as every caller, and no answer (body, headers, counts, facets,
suggestions, errors) may hold a word whose document the caller may not see.

LONJA_PROBES=10000 is the long run; the short one takes every door and caller and a share of the documents.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest

from corpus.catalog.arrivals import Arrival
from corpus.catalog.identity import new_id
from corpus.documents import Audience, DocumentFacts, Failure, Role
from corpus.exchange import KnowledgeRequest, RequestAnswer, RequestState
from corpus.library import Library
from corpus.membership import KeyScope
from corpus.settings import LibrarySettings
from search_api.access.caller import Caller
from search_api.app import create_app
from search_api.settings import ServiceSettings
from tests.database import new_database
from tests.running import running
from tests.service.conftest import FIRMS, PASSWORD, MovableClock, Server, furnish, share

LEAST = int(os.environ.get("LONJA_PROBES", "1500"))
EVERYBODY = frozenset(FIRMS)


@dataclass(frozen=True)
class Planted:
    id: str
    job: int
    canary: str
    owner: str
    seen_by: frozenset[str]  # firms


@dataclass
class Hall:
    """A running service in which every kind of document is planted."""

    server: Server
    planted: list[Planted]
    requests: list[str]  # each answered with every document: as if it had been narrowed afterwards
    callers: dict[str, tuple[str | None, httpx.Client]] = field(default_factory=dict)  # by name: firm, client

    def foreign(self, firm: str | None, text: str) -> set[str]:
        """Words in ``text`` of documents that the firm may not see."""
        return {each.canary for each in self.planted if firm not in each.seen_by and each.canary in text}


def canary() -> str:
    return "kanari" + "".join(secrets.choice("abdefgiklmnoprstuv") for _ in range(10))


def plant(library: Library) -> Iterator[Planted]:
    queued: list[int] = []
    for firm in FIRMS:
        friend = FIRMS[(FIRMS.index(firm) + 1) % len(FIRMS)]
        kinds: tuple[tuple[Audience, bool, frozenset[str]], ...] = (
            (Audience.cluster(), False, EVERYBODY),
            (Audience.of(friend), False, frozenset({firm, friend})),
            (Audience.owner(), False, frozenset({firm})),
            (Audience.cluster(), True, frozenset({firm})),
        )
        for audience, draft, seen_by in kinds:
            word = canary()
            texts = [("es", f"El {word} se exporta a China con certificado."), ("en", f"Fees for {word} in customs.")]
            document = share(library, firm, f"Informe {word}", audience, {"source": word}, texts, draft=draft)
            job = library.catalog.documents.versions(document)[0].id
            yield Planted(document, job, word, firm, seen_by)
        for state in ("queued", "failed", "deleted"):
            word = canary()
            original = library.originals.store(BytesIO(word.encode()))
            registered = library.catalog.arrivals.register(
                Arrival(
                    organisation=firm,
                    source_key=f"note:{word}",
                    sha256=original.sha256,
                    size=original.size,
                    media_type="text/plain",
                    file_name=f"{word}.txt",
                    facts=DocumentFacts(title=word),
                    declared=frozenset({"title"}),
                    audience=Audience.cluster(),
                    contributor=word,
                )
            )
            if state == "failed":
                library.catalog.queue.fail(registered.version_id, Failure("corrupt", f"{word}.txt: broken"))
            else:  # nothing may stay at the head of the queue while documents are still planted
                library.catalog.jobs.cancel(registered.version_id)
            if state == "queued":
                queued.append(registered.version_id)
            if state == "deleted":
                library.catalog.documents.mark_deleted(registered.document_id)
            yield Planted(registered.document_id, registered.version_id, word, firm, frozenset({firm}))
    for job in queued:
        library.catalog.jobs.retry(job)


def answered_with_all(library: Library, firm: str, planted: list[Planted]) -> str:
    """A request for know-how of the firm; its id."""
    member = library.catalog.members.by_email(f"member@{firm}.example")
    assert member is not None
    now = datetime.now(UTC)
    asked = KnowledgeRequest(new_id(), firm, member.id, "¿Quién conoce Corea?", "es", RequestState.OPEN, now)
    library.catalog.requests.add(asked)
    for each in planted:
        library.catalog.requests.answer(asked.id, RequestAnswer(each.id, each.owner, now))
    return asked.id


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with new_database() as url:
        settings = LibrarySettings(data=tmp_path_factory.mktemp("hall"), database_url=url)
        with Library(settings) as library:
            furnish(library.catalog)
            planted = list(plant(library))
            requests = [answered_with_all(library, firm, planted) for firm in FIRMS]
        app = create_app(
            ServiceSettings(rate_limit=0, public_rate_limit=0), lambda: Library(settings), clock=MovableClock()
        )
        with running(app) as address:
            server = Server(address, app.state.service, MovableClock())
            app.state.service.warming.close()
            found = Hall(server, planted, requests)
            _let_everybody_in(found)
            yield found
            for _, client in found.callers.values():
                client.close()
            server.close()


def _let_everybody_in(hall: Hall) -> None:
    access = hall.server.service.access

    def member(email: str, firm: str | None) -> None:
        hall.callers[email] = (firm, _at_the_root(hall.server.signed_in(email), hall.server.url))

    access.members.add(
        Caller.operator(), email="root@nowhere.example", name="Root", role=Role.ADMINISTRATOR, organisation=None,
        password=PASSWORD,
    )  # fmt: skip
    member("root@nowhere.example", None)
    member("admin@alpha.example", "alpha")
    for firm in FIRMS:
        member(f"coordinator@{firm}.example", firm)
        member(f"member@{firm}.example", firm)
    for firm, scope in (("beta", KeyScope.SEARCH), ("gamma", KeyScope.CONTRIBUTE)):
        made = access.keys.make(Caller.operator(), name=f"bot of {firm}", organisation=firm, scope=scope)
        hall.callers[f"key of {firm}"] = (firm, _bearer(hall.server.url, made.secret))
    revoked = access.keys.make(Caller.operator(), name="old bot", organisation="alpha", scope=KeyScope.CONTRIBUTE)
    access.keys.revoke(Caller.operator(), revoked.key.id)
    hall.callers["revoked key"] = (None, _bearer(hall.server.url, revoked.secret))
    hall.server.add("gone@alpha.example", Role.COORDINATOR, "alpha")
    member("gone@alpha.example", None)
    gone = access.members.find(Caller.operator(), "gone@alpha.example")
    access.members.end_sessions(Caller.operator(), gone.id)
    hall.callers["nobody"] = (None, httpx.Client(base_url=hall.server.url, timeout=60))


def _at_the_root(browser: httpx.Client, url: str) -> httpx.Client:
    return httpx.Client(base_url=url, cookies=browser.cookies, headers=browser.headers, timeout=60)


def _bearer(url: str, secret: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=60)


Request = dict[str, Any]
"""What httpx is told beside the method and the path; ``path`` holds the values of the path's names."""


def documents(hall: Hall, firm: str | None) -> Iterator[Request]:
    yield from ({"path": {"document_id": each.id, "page": 1}} for each in hall.planted)


def foreign_documents(hall: Hall, firm: str | None, **request: Any) -> Iterator[Request]:
    """What would change them if it were let in: never of the own firm, so that nothing changes."""
    yield from ({"path": {"document_id": each.id}, **request} for each in hall.planted if each.owner != firm)


def jobs(hall: Hall, firm: str | None) -> Iterator[Request]:
    yield from ({"path": {"job_id": each.job}} for each in hall.planted if each.owner != firm)


def words(hall: Hall) -> Iterator[str]:
    yield "certificado de exportación a China"
    yield from (each.canary for each in hall.planted)


def searches(hall: Hall, firm: str | None) -> Iterator[Request]:
    for mode in ("hybrid", "keyword", "semantic"):
        for word in words(hall):
            yield {"json": {"query": word, "mode": mode, "limit": 50}}
    for each in hall.planted:
        yield {"json": {"query": "customs", "filters": {"documents": [each.id]}}}
        yield {"json": {"query": "customs", "filters": {"organisations": [each.owner]}}}


def beginnings_and_mistakes(hall: Hall, firm: str | None) -> Iterator[Request]:
    for word in words(hall):
        yield from ({"params": {"q": typed}} for typed in (word[:12], word[:-2] + word[:-3:-1]))


def nothing(hall: Hall, firm: str | None) -> Iterator[Request]:
    yield {}


def lists(hall: Hall, firm: str | None) -> Iterator[Request]:
    yield {"params": {"limit": 200}}
    yield from ({"params": {"limit": 200, "organisation": each}} for each in FIRMS)
    yield from ({"params": {"limit": 200, name: value}} for name, value in (("own", True), ("mine", True)))
    yield from ({"params": {"title": each.canary[:9]}} for each in hall.planted)


def pointing(hall: Hall, firm: str | None) -> Iterator[Request]:
    """At what one may not see."""
    for each in hall.planted:
        if firm not in each.seen_by:
            for request in hall.requests:
                yield {"path": {"request_id": request, "document_id": each.id}, "json": {"document": each.id}}


def form(text: str = "x") -> dict[str, Any]:
    return {"files": [("file", ("a.txt", text.encode()))]}


ASK: dict[str, Callable[[Hall, str | None], Iterator[Request]]] = {
    "search": searches,
    "list_suggestions": beginnings_and_mistakes,
    "give_feedback": lambda hall, firm: (
        {"json": {"query": word, "document": each.id, "verdict": "helpful", "passage": passage}}
        for each in hall.planted
        for word in ("customs", each.canary)
        for passage in (None, 0)
    ),
    "take_feedback_back": lambda hall, firm: (
        {"params": {"query": "customs", "document": each.id}} for each in hall.planted
    ),
    "get_document_feedback": documents,
    "list_requests": lambda hall, firm: ({"params": {"state": state, "limit": 200}} for state in ("open", "all")),
    "answer_request": pointing,
    "take_answer_back": lambda hall, firm: ({"path": each["path"]} for each in pointing(hall, firm)),
    "list_passages": documents,
    "get_document": documents,
    "get_original": documents,
    "get_page_image": documents,
    "get_page_marks": lambda hall, firm: (request | {"params": {"passage": 0}} for request in documents(hall, firm)),
    "get_note": documents,
    "list_document_versions": documents,
    "list_similar_documents": documents,
    "list_document_copies": documents,
    "list_documents": lists,
    "list_deleted_documents": nothing,
    "correct_document": lambda hall, firm: foreign_documents(hall, firm, json={"title": "mine"}),
    "set_document_audience": lambda hall, firm: foreign_documents(hall, firm, json={"scope": "cluster"}),
    "delete_document": foreign_documents,
    "restore_document": foreign_documents,
    "rewrite_note": lambda hall, firm: foreign_documents(hall, firm, json={"text": "mine"}),
    "upload_version": lambda hall, firm: foreign_documents(hall, firm, **form()),
    "upload": lambda hall, firm: ({"files": [("file", ("a.txt", each.canary.encode()))]} for each in hall.planted[:0]),
    "write_note": lambda hall, firm: iter(()),  # what comes in is probed as what is there
    "list_jobs": lambda hall, firm: (
        {"params": {"limit": 200} | ({"document": each.id} if each else {})} for each in (None, *hall.planted)
    ),
    "get_job": jobs,
    "cancel_job": jobs,
    "retry_job": jobs,
    "get_jobs_overview": nothing,
    "get_growth": nothing,
    "get_use": nothing,
    "get_reuse": nothing,
    "list_audit": lambda hall, firm: ({"params": {"object_id": each.id}} for each in hall.planted),
    "search_vector_store": lambda hall, firm: (
        {"path": {"vector_store_id": store}, "json": {"query": word, "max_num_results": 50}}
        for word in words(hall)
        for store in ("lonja", *FIRMS)
    ),
    "retrieve_for_dify": lambda hall, firm: (
        {"json": {"knowledge_id": "lonja", "query": word, "retrieval_setting": {"top_k": 50, "score_threshold": 0}}}
        for word in words(hall)
    ),
    "metrics": nothing,
    "healthz": nothing,
    "readyz": nothing,
    "list_organisations": nothing,
    "get_organisation": lambda hall, firm: ({"path": {"organisation_id": each}} for each in FIRMS),
    "list_members": nothing,
    "list_keys": nothing,
    "list_invitations": nothing,
    "list_sessions": nothing,
    "get_session": nothing,
}
"""How each operation is asked for documents that are not the caller's. A new operation has no place here yet."""

ABOUT_PEOPLE = {
    "sign_in", "sign_out", "change_password", "end_session", "end_other_sessions", "get_member", "change_member",
    "end_member_sessions", "make_password_link", "accept_password_link", "invite", "withdraw_invitation",
    "look_at_invitation", "accept_invitation", "make_key", "revoke_key", "add_organisation", "change_organisation",
    "list_saved_searches", "save_search", "rename_saved_search", "delete_saved_search",
    "list_sign_in_ways", "start_openid_connect", "finish_openid_connect",
    "ask_cluster", "change_request", "delete_request",
}  # fmt: skip
"""They read no document; who may call them is the matter of their own tests."""

WHAT_WAS_ASKED = {"list_not_found"}
"""It tells words that a crowd asked for, here those of all the documents, and reads none: held by test_statistics."""

IN_STREAMS = {"stream_jobs"}
"""Held by test_jobs: such an answer has no end."""

TOOLS: dict[str, Callable[[Hall], Iterator[dict[str, Any]]]] = {
    "search": lambda hall: ({"query": word} for word in words(hall)),
    "find_passages": lambda hall: ({"query": word, "limit": 50} for word in words(hall)),
    "fetch": lambda hall: ({"id": identity} for each in hall.planted for identity in (each.id, f"{each.id}:0")),
}


@dataclass(frozen=True)
class Probe:
    who: str
    operation: str
    method: str
    address: str
    request: Request


def probes(hall: Hall) -> Iterator[Probe]:
    description = hall.callers["nobody"][1].get("/api/v1/openapi.json").json()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            if name in ABOUT_PEOPLE | IN_STREAMS | WHAT_WAS_ASKED:
                continue
            assert name in ASK, f"{name} is new: say in this test how it is to be probed"
            for who, (firm, _) in hall.callers.items():
                for request in ASK[name](hall, firm):
                    address = re.sub(r"\{(\w+)\}", lambda found, it=request: str(it["path"][found[1]]), path)
                    rest = {key: value for key, value in request.items() if key != "path"}
                    yield Probe(who, name, method.upper(), address, rest)
    for tool, arguments in TOOLS.items():
        for who in hall.callers:
            for given in arguments(hall):
                call = {"name": tool, "arguments": given}
                message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
                headers = {"Accept": "application/json, text/event-stream"}
                yield Probe(who, f"mcp {tool}", "POST", "/mcp", {"json": message, "headers": headers})


def test_every_tool_is_probed(hall: Hall) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}
    answer = hall.callers["key of beta"][1].post("/mcp", json=message, headers=headers)
    assert set(re.findall(r'"name": ?"(\w+)"', answer.text)) >= set(TOOLS)
    told = json.loads(answer.text.split("data: ", 1)[-1])
    assert {tool["name"] for tool in told["result"]["tools"]} == set(TOOLS)


@pytest.mark.timeout(300 + LEAST // 5)
def test_no_answer_holds_what_its_caller_may_not_see(hall: Hall) -> None:
    wanted = list(probes(hall))
    by_door: dict[tuple[str, str], list[Probe]] = {}
    for probe in wanted:
        by_door.setdefault((probe.who, probe.operation), []).append(probe)
    if len(wanted) > LEAST:  # every caller at every door, and as many documents of each as fit
        chance = random.Random(hashlib.sha256(b"leaks").digest())
        share_of_each = LEAST / len(wanted)
        wanted = [
            probe
            for some in by_door.values()
            for probe in chance.sample(some, max(1, round(share_of_each * len(some))))
        ]
    leaks: list[str] = []
    statuses: dict[int, int] = {}
    for probe in wanted:
        firm, client = hall.callers[probe.who]
        answer = client.request(probe.method, probe.address, **probe.request)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        asked = json.dumps(probe.request, default=str)
        said = answer.text + str(answer.headers)
        # Saying a word back to who has just said it tells them nothing: what else stands in the answer does.
        leaked = {word for word in hall.foreign(firm, said) if word not in asked}
        echoed = {word for word in hall.foreign(firm, said) if word in asked and said.count(word) > 1}
        if leaked | echoed:
            leaks.append(f"{probe.who} {probe.operation} {probe.address}: {sorted(leaked | echoed)}")
        if answer.status_code >= 500:
            leaks.append(f"{probe.who} {probe.operation} {probe.address}: {answer.status_code} {answer.text[:200]}")
        leaks += _wrong_counts(hall, firm, probe, answer)
    assert leaks == []
    assert statuses[200] > len(wanted) / 10  # the doors were open to those who may


def _wrong_counts(hall: Hall, firm: str | None, probe: Probe, answer: httpx.Response) -> list[str]:
    """A count beyond what one may see tells of what one may not."""
    if probe.operation != "search" or answer.status_code != 200:
        return []
    visible = [each for each in hall.planted if firm in each.seen_by]
    told = answer.json()
    largest = max((value["count"] for values in told["facets"].values() for value in values), default=0)
    return (
        [] if max(told["total"], largest) <= len(visible) else [f"{probe.who}: {told['total']} and {largest} counted"]
    )


def test_what_is_hidden_and_what_is_not_there_are_told_alike(hall: Hall) -> None:
    """But for the id that was asked for and the request's own."""
    firm, client = hall.callers["coordinator@gamma.example"]
    for each in hall.planted:
        if firm in each.seen_by:
            continue
        missing = each.id[:-4] + "zzzz"
        for path in ("", "/passages", "/original", "/versions", "/similar", "/copies"):
            there = client.get(f"/api/v1/documents/{each.id}{path}")
            nowhere = client.get(f"/api/v1/documents/{missing}{path}")
            assert there.status_code == nowhere.status_code == 404
            for one, identity in ((there, each.id), (nowhere, missing)):
                assert identity in one.text
            alike = [
                re.sub(r'"request_id":"\w+"', "", one.text.replace(identity, "ID"))
                for one, identity in ((there, each.id), (nowhere, missing))
            ]
            assert alike[0] == alike[1]
