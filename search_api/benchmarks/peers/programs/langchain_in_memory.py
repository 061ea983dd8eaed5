"""LangChain's store in memory with its embeddings of sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_huggingface import HuggingFaceEmbeddings
from measuring import FIRST, Passage, full_text, measure


class LangChain:
    def __init__(self, model: str) -> None:
        embeddings = HuggingFaceEmbeddings(
            model_name=model,
            model_kwargs={"device": "cpu"},
            encode_kwargs={"prompt": "passage: "},
            query_encode_kwargs={"prompt": "query: "},
        )
        self._store = InMemoryVectorStore(embeddings)

    def take_in(self, passages: Sequence[Passage]) -> None:
        self._store.add_documents([Document(full_text(each), id=each["id"]) for each in passages])

    def ask(self, question: str) -> list[str]:
        return [str(each.id) for each in self._store.similarity_search(question, k=FIRST)]


measure(LangChain)
