"""The programs of docs/chatbots.md, run as they are written there."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

import openai
import pytest

import ingest.pipeline  # noqa: F401 - turns Haystack's telemetry off before Haystack is imported
from tests.conftest import ROOT
from tests.service.conftest import Stocked

QUESTION = "¿Qué documentos pide la aduana china para el café?"


def run(code: str) -> dict[str, Any]:
    """What it defines. This module's own __future__ is not the reader's."""
    names: dict[str, Any] = {"__name__": "documentation"}
    exec(compile(code, "docs/chatbots.md", "exec", dont_inherit=True), names)
    return names


def program(heading: str) -> str:
    """The first indented block under ``heading``."""
    text = (ROOT / "docs" / "chatbots.md").read_text(encoding="utf-8")
    section = "\n" + text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.search(r"\n\n((?: {4}.*\n|\n)+)", section)
    assert found is not None
    return textwrap.dedent(found.group(1))


@pytest.fixture
def client(stocked: Stocked) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{stocked.server.url}/v1", api_key=stocked.key("beta"), max_retries=0) as opened:
        yield opened


def test_openai(stocked: Stocked, capsys: pytest.CaptureFixture[str]) -> None:
    here = program("OpenAI's vector-store search").replace("https://lonja.example.org", stocked.server.url)
    run(here.replace("lonja_...", stocked.key("beta")))
    assert "Phytosanitary papers for cacao http://localhost:8000/documents/" in capsys.readouterr().out


def test_langchain(client: openai.OpenAI) -> None:
    pytest.importorskip("langchain_core", reason="langchain-core is not installed")
    found = run(program("LangChain"))["LonjaRetriever"](client=client, k=3).invoke(QUESTION)
    assert found[0].page_content.startswith("La aduana china pide")
    assert found[0].metadata["organisation"] == "alpha"
    assert len(found) <= 3


def test_haystack(client: openai.OpenAI) -> None:
    from haystack import Pipeline
    from haystack.components.builders import PromptBuilder

    pipeline = Pipeline()
    pipeline.add_component("retriever", run(program("Haystack"))["LonjaRetriever"](client, top_k=3))
    template = "{% for one in documents %}{{ one.content }} ({{ one.meta.url }})\n{% endfor %}"
    pipeline.add_component("prompt", PromptBuilder(template, required_variables=["documents"]))
    pipeline.connect("retriever.documents", "prompt.documents")
    prompt = pipeline.run({"retriever": {"query": QUESTION}})["prompt"]["prompt"]
    assert prompt.startswith("La aduana china pide")
    assert "?passage=1)" in prompt
