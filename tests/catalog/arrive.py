"""Arrivals and prepared versions for the tests of the catalog."""

from __future__ import annotations

import hashlib

import numpy as np

from corpus.catalog import Catalog
from corpus.catalog.arrivals import Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Audience, DocumentFacts, Passage


def arrival(content: str, key: str = "file:///a.md", organisation: str = "alpha", **changes: object) -> Arrival:
    values: dict[str, object] = {
        "organisation": organisation,
        "source_key": key,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "size": len(content),
        "media_type": "text/markdown",
        "file_name": "a.md",
        "facts": DocumentFacts(title="A"),
        "declared": frozenset(),
        "audience": Audience.cluster(),
    }
    return Arrival(**(values | changes))  # type: ignore[arg-type]


def prepared(*texts: str, **guesses: object) -> Prepared:
    vectors = np.random.default_rng(0).normal(size=(len(texts), 8)).astype(np.float32)
    return Prepared(
        passages=[Passage(ordinal, text, "es", ("Parte", "Capítulo")) for ordinal, text in enumerate(texts)],
        vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        pack="pack",
        guesses=DocumentFacts(**({"title": "Guessed"} | guesses)),  # type: ignore[arg-type]
        pages=3,
        media_type="text/markdown",
    )


def make_ready(catalog: Catalog, content: str, *texts: str, **changes: object) -> tuple[str, int]:
    """Through the whole queue; returns the document and its version."""
    registered = catalog.arrivals.register(arrival(content, **changes))  # type: ignore[arg-type]
    claimed = catalog.queue.claim("worker")
    assert claimed is not None
    assert claimed.id == registered.version_id
    assert catalog.queue.store(claimed.id, prepared(*(texts or (content,))))
    assert catalog.queue.finish(claimed.id)
    return registered.document_id, registered.version_id
