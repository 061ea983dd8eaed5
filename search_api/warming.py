"""Opening the model and the index while the service answers already: the first question need not wait for them."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from corpus.documents import Principal
from corpus.errors import LonjaError
from corpus.search.results import SearchRequest

if TYPE_CHECKING:
    from corpus.library import Library

log = logging.getLogger("lonja.start")


class Warming:
    """A thread that ends by itself. ``failure`` is what :meth:`is_done` waits for in vain, where there was one."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._done = threading.Event()
        self.failure: LonjaError | None = None
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return self._done.is_set()

    def close(self) -> None:
        """Waits for it: the library must not be closed while it is being opened."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._library.search(SearchRequest("lonja", Principal(organisation=None), limit=1))
        except LonjaError as error:
            self.failure = error
            log.exception("the library cannot search", extra={"code": error.code})
        else:
            self._done.set()
