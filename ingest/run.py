"""One run of ``lonja ingest``: from paths to a report."""

from __future__ import annotations

import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalog.arrivals import Arrival, Outcome, Registered, Source
from corpus.documents import Audience, DocumentId, Failure, Kind, Organisation, OrganisationId
from corpus.errors import BadInput, LonjaError, NotFound
from corpus.library import Library
from ingest.declared import Declared
from ingest.folder import find_files
from ingest.known import KnownBefore, read_known
from ingest.lonja_toml import FolderReader
from ingest.reader import Reader
from ingest.worker import Done, Worker

OnProgress = Callable[[int, int | None, str], None]
LARGEST = 512 * 2**20  # bytes of one file
_TOLD_WHEN_READY = frozenset({Outcome.ADDED, Outcome.NEW_VERSION, Outcome.RETRIED})


@dataclass(frozen=True, slots=True)
class IngestOptions:
    organisation: str | None = None
    audience: Audience | None = None
    kind: Kind | None = None
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one file. ``event`` is an outcome of the catalog, ``removed`` or ``failed``."""

    event: str
    file: str
    document: DocumentId | None = None
    title: str | None = None
    passages: int | None = None
    failure: Failure | None = None


@dataclass(slots=True)
class Report:
    events: list[Event] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # a sentence each: what somebody may have meant otherwise

    @property
    def failed(self) -> list[Event]:
        return [event for event in self.events if event.event == "failed"]

    def counts(self) -> dict[str, int]:
        counted = Counter(event.event for event in self.events)
        names = ("added", "new_version", "unchanged", "updated", "duplicate", "removed", "failed")
        return {name: counted[name] for name in names}


def run(
    library: Library,
    paths: Iterable[Path],
    options: IngestOptions,
    *,
    on_event: Callable[[Event], None] = lambda _event: None,
    on_progress: OnProgress = lambda _done, _total, _what: None,
) -> Report:
    """Registers every file, works until nothing is queued, and removes what is gone from the folders named.

    An event is told when it is durable: a document told as added is found after any crash. Raises BadInput for a path
    that does not exist and for metadata that makes no sense, before anything is taken in.
    """
    return _Run(library, options, on_event, on_progress).run(list(paths))


class _Run:
    def __init__(
        self, library: Library, options: IngestOptions, on_event: Callable[[Event], None], on_progress: OnProgress
    ) -> None:
        self._library = library
        self._options = options
        self._on_event = on_event
        self._on_progress = on_progress
        self._report = Report()
        self._folders = FolderReader()
        self._outcomes: dict[int, tuple[Outcome, str]] = {}  # by version: what will be told when it is ready
        self._expected = 0
        self._ended = 0
        self._telling = threading.Lock()
        self._registering = threading.Lock()
        self._given_up = threading.Event()

    def run(self, paths: list[Path]) -> Report:
        found = find_files(paths)
        known = [(file, self._known(file)) for file in found.files]
        organisations = {each.organisation.id: each.organisation for _, each in known}
        for organisation in organisations.values():
            self._put_organisation(organisation)
        self._check_audiences(known)
        sources = {
            (organisation, source.key): source
            for organisation in organisations
            for source in self._library.catalog.arrivals.sources(organisation, "file://")
        }
        self._expected = len(known)
        for unreachable in found.unreachable:
            self._tell(Event("failed", str(unreachable.path), failure=unreachable.failure))
        self._report.warnings += [
            f"{metadata.path} speaks of {name!r}, which is not there."
            for metadata in self._folders.all_read()
            for name in metadata.absent
        ]
        self._work(lambda: self._take_all(known, sources))
        self._remove_missing(found.folders, {file.as_uri() for file in found.files})
        return self._report

    def _known(self, file: Path) -> KnownBefore:
        command = Declared(kind=self._options.kind, audience=self._options.audience)
        return read_known(file, command, self._folders, self._options.organisation, self._library.settings.organisation)

    def _put_organisation(self, organisation: Organisation) -> None:
        """A lonja.toml may introduce its firm; a bare slug only names one that is known, or the one of this machine."""
        if organisation.name != organisation.id:
            self._library.catalog.organisations.put(organisation)
            return
        try:
            self._library.catalog.organisations.get(organisation.id)
        except NotFound:
            if organisation.id != self._library.settings.organisation and self._options.organisation:
                raise
            self._library.catalog.organisations.put(organisation)

    def _check_audiences(self, known: list[tuple[Path, KnownBefore]]) -> None:
        """A misspelt organisation in an audience would silently share with nobody."""
        there = {organisation.id for organisation in self._library.catalog.organisations.all()}
        for file, each in known:
            for slug in sorted(each.audience.organisations - there) if each.audience else ():
                raise BadInput(
                    f"{file}: its audience names {slug!r}, which is no organisation of the cluster.",
                    code="unknown_organisation",
                    hint="Correct the slug, or ingest that firm's folder as well: its lonja.toml introduces it.",
                )

    def _take_all(
        self, known: list[tuple[Path, KnownBefore]], sources: Mapping[tuple[OrganisationId, str], Source]
    ) -> None:
        for file, each in known:
            if self._given_up.is_set():
                return
            self._take(file, each, sources.get((each.organisation.id, file.as_uri())))

    def _take(self, file: Path, known: KnownBefore, source: Source | None) -> None:
        try:
            registered = self._register(file, known, source)
        except OSError as error:
            reason = error.strerror or str(error)
            failure = Failure("unreadable_file", f"The file cannot be read: {reason}.", "Check its permissions.")
            self._tell(Event("failed", str(file), failure=failure), ended=True)
            return
        except LonjaError as error:
            if error.code != "too_large":
                raise
            self._tell(Event("failed", str(file), failure=Failure(error.code, error.message, error.hint)), ended=True)
            return
        match registered.outcome:
            case Outcome.FAILED_BEFORE:
                [version] = [
                    each
                    for each in self._library.catalog.documents.versions(registered.document_id)
                    if each.id == registered.version_id
                ]
                self._tell(Event("failed", str(file), registered.document_id, failure=version.failure), ended=True)
            case Outcome.UPDATED:
                self._library.indexer.rewrite(registered.document_id)  # the title is among each passage's words
                self._library.indexer.refresh([registered.document_id])
                self._tell(Event(registered.outcome, str(file), registered.document_id), ended=True)
            case Outcome.UNCHANGED | Outcome.DUPLICATE:
                self._tell(Event(registered.outcome, str(file), registered.document_id), ended=True)

    def _register(self, file: Path, known: KnownBefore, source: Source | None) -> Registered:
        state = file.stat()
        if source is not None and (source.size, source.modified_ns) == (state.st_size, state.st_mtime_ns):
            sha256, size = source.sha256, source.size
        else:
            with file.open("rb") as content:
                original = self._library.originals.store(content, max_bytes=LARGEST)
            sha256, size = original.sha256, original.size
        arrival = Arrival(
            organisation=known.organisation.id,
            source_key=file.as_uri(),
            sha256=sha256,
            size=size,
            media_type="application/octet-stream",
            file_name=file.name,
            facts=known.facts,
            declared=known.declared,
            audience=known.audience,
            modified_ns=state.st_mtime_ns,
            contributor=known.contributor,
            retry=self._options.retry,
        )
        with self._registering:
            registered = self._library.catalog.arrivals.register(arrival)
            if registered.outcome in _TOLD_WHEN_READY:
                self._outcomes[registered.version_id] = (registered.outcome, str(file))
        return registered

    def _work(self, register: Callable[[], None]) -> None:
        """Reads and embeds the first files while the last ones are still being registered."""
        worker = Worker(
            self._library.catalog,
            self._library.originals,
            Reader(self._library.embedder),
            self._library.embedder,
            name=f"{socket.gethostname()}:{os.getpid()}",
            shelf=self._library,
        )
        with ThreadPoolExecutor(1, thread_name_prefix="register") as registrar:
            registering = registrar.submit(register)
            registering.add_done_callback(lambda ended: worker.stop() if ended.exception() else None)
            try:
                worker.drain(self._done, more_may_come=lambda: not registering.done())
            finally:
                self._given_up.set()
            registering.result()

    def _done(self, done: Done) -> None:
        with self._registering:  # what is ready so soon may not be written down yet
            outcome, file = self._outcomes.get(done.version.id, (Outcome.ADDED, done.version.file_name))
        if outcome is Outcome.RETRIED:
            outcome = Outcome.ADDED if done.version.number == 1 else Outcome.NEW_VERSION
        title = done.document.facts.title
        if done.failure is not None:
            event = Event("failed", file, done.document.id, title, failure=done.failure)
        else:
            event = Event(outcome, file, done.document.id, title, done.passages)
        if done.version.id not in self._outcomes:
            with self._telling:
                self._expected += 1  # an attachment, or what an earlier run left in the queue
        self._tell(event, ended=True)

    def _remove_missing(self, folders: Iterable[Path], present: set[str]) -> None:
        """Documents whose files are gone from a folder that was looked through whole."""
        arrivals = self._library.catalog.arrivals
        for folder in folders:
            prefix = folder.as_uri().rstrip("/") + "/"
            for organisation in self._library.catalog.organisations.all():
                for source in arrivals.sources(organisation.id, prefix):
                    if source.key in present:
                        continue
                    last_of = arrivals.forget_source(organisation.id, source.key)
                    if last_of is not None:
                        self._library.remove(last_of)
                    self._tell(Event("removed", source.key, source.document_id))

    def _tell(self, event: Event, *, ended: bool = False) -> None:
        with self._telling:
            self._report.events.append(event)
            self._ended += ended
            self._on_event(event)
            self._on_progress(self._ended, self._expected, Path(event.file).name)
