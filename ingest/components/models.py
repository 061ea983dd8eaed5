"""The embedders that components name: a pipeline in YAML holds a name, not a model."""

import threading

from corpus.embedding.embedder import Embedder

_open: dict[str, Embedder] = {}
_lock = threading.Lock()


def use_embedder(name: str, embedder: Embedder) -> None:
    """Lets components that name ``name`` use an embedder that is open already."""
    with _lock:
        _open[name] = embedder


def forget_embedder(name: str) -> None:
    """The counterpart of :func:`use_embedder`; whoever opened the embedder closes it."""
    with _lock:
        _open.pop(name, None)


def embedder_named(name: str) -> Embedder:
    """The embedder called ``name``; opened as ``corpus.embedding.opening.open_embedder`` does where it is not open yet.

    Raises ModelError.
    """
    from corpus.embedding.opening import open_embedder

    with _lock:
        if name not in _open:
            _open[name] = open_embedder(name)
        return _open[name]
