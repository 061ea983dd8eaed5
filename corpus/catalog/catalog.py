"""The catalog's front door."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.catalog.arrivals import Arrivals
from corpus.catalog.asked import AskedQueries
from corpus.catalog.attempts import Attempts
from corpus.catalog.audit import Audit
from corpus.catalog.changes import Changes
from corpus.catalog.documents import Documents
from corpus.catalog.engine import open_engine, reading_once
from corpus.catalog.feedback import Feedback
from corpus.catalog.jobs import Jobs
from corpus.catalog.keys import Keys
from corpus.catalog.links import Links
from corpus.catalog.members import Members
from corpus.catalog.migrate import upgrade
from corpus.catalog.organisations import Organisations
from corpus.catalog.passages import Passages
from corpus.catalog.queue import Queue
from corpus.catalog.requests import Requests
from corpus.catalog.saved_searches import SavedSearches
from corpus.catalog.sessions import Sessions
from corpus.catalog.sign_in_starts import SignInStarts
from corpus.catalog.use import Use


class Catalog:
    """Opens the database and brings it to the tables of this version.

    Raises BadSetting, DataFolderTooNew, StorageError.
    """

    def __init__(self, sqlite_file: Path, url: str | None = None) -> None:
        self._engine = open_engine(url, sqlite_file)
        try:
            upgrade(self._engine)
            self.changes = Changes(self._engine)
        except BaseException:
            self._engine.dispose()
            raise
        self.organisations = Organisations(self._engine)
        self.arrivals = Arrivals(self._engine)
        self.documents = Documents(self._engine)
        self.queue = Queue(self._engine)
        self.jobs = Jobs(self._engine)
        self.passages = Passages(self._engine)
        self.members = Members(self._engine)
        self.sessions = Sessions(self._engine)
        self.links = Links(self._engine)
        self.keys = Keys(self._engine)
        self.attempts = Attempts(self._engine)
        self.audit = Audit(self._engine)
        self.feedback = Feedback(self._engine)
        self.saved_searches = SavedSearches(self._engine)
        self.requests = Requests(self._engine)
        self.asked = AskedQueries(self._engine)
        self.sign_in_starts = SignInStarts(self._engine)
        self.use = Use(self._engine)

    def reading_once(self) -> AbstractContextManager[None]:
        """For several questions in a row of one thread: one connection, and one state of the catalog."""
        return reading_once(self._engine)

    def close(self) -> None:
        self.changes.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
