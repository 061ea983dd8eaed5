"""Passages as Haystack documents, and back."""

from typing import Any

from haystack import Document

from corpus.documents import Passage

_FIELDS = ("ordinal", "language", "first_page", "last_page", "place", "is_table")


def to_document(passage: Passage) -> Document:
    """Text as content, all else as metadata that JSON can hold."""
    meta: dict[str, Any] = {name: getattr(passage, name) for name in _FIELDS}
    meta["heading_path"] = list(passage.heading_path)
    return Document(content=passage.text, meta=meta)


def to_passage(document: Document) -> Passage:
    meta = document.meta
    return Passage(
        text=document.content or "",
        heading_path=tuple(meta["heading_path"]),
        **{name: meta[name] for name in _FIELDS},
    )
