"""A document's text for a chatbot that wants to read on, in portions that fit its memory."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import Document, DocumentId, Organisation, StoredPassage
from corpus.errors import NotFound
from search_api.access.caller import Caller
from search_api.documents.rights import visible
from search_api.documents.schemas import document_url
from search_api.service import Service

PORTION = 60_000  # characters: below the 25,000 tokens that the strictest client takes
STEP = 20  # passages


@dataclass(frozen=True, slots=True)
class Place:
    """A document, or a passage of it: what the ids of chatbots name, ``document`` or ``document:ordinal``."""

    document: DocumentId
    ordinal: int | None = None

    @classmethod
    def read(cls, identity: str) -> Place:
        """Raises NotFound."""
        document, colon, ordinal = identity.strip().partition(":")
        if colon and not (ordinal.isascii() and ordinal.isdigit() and len(ordinal) < 8):
            raise NotFound(f"There is no document {identity[:100]!r}.", code="unknown_document")
        return cls(document, int(ordinal) if colon else None)

    def __str__(self) -> str:
        return self.document if self.ordinal is None else f"{self.document}:{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Portion:
    document: Document
    organisation: Organisation
    text: str
    first: int  # ordinals
    last: int
    total: int  # passages of the document
    url: str

    @property
    def is_whole(self) -> bool:
        return self.first == 0 and self.last == self.total - 1


def read_portion(service: Service, caller: Caller, place: Place) -> Portion:
    """The text around the place, or from the beginning, as much as fits. Raises NotFound."""
    catalog = service.library.catalog
    document = visible(service, caller, place.document)
    version = document.current_version
    missing = NotFound(f"There is no text at {str(place)!r}.", code="unknown_passage")
    if version is None:
        raise missing
    service.recording.opened(caller, document)
    centre = place.ordinal or 0
    chosen, total = catalog.passages.between(version, max(0, centre - STEP), centre + STEP)
    if not any(stored.passage.ordinal == centre for stored in chosen):
        raise missing
    chosen = _fitting(chosen, centre)
    while chosen[-1].passage.ordinal < total - 1:
        following = chosen[-1].passage.ordinal + 1
        more, _ = catalog.passages.between(version, following, following + STEP)
        fitting = _fitting([*chosen, *more], centre)
        if len(fitting) == len(chosen):
            break
        chosen = fitting
    return Portion(
        document=document,
        organisation=catalog.organisations.get(document.organisation),
        text=_joined(chosen),
        first=chosen[0].passage.ordinal,
        last=chosen[-1].passage.ordinal,
        total=total,
        url=document_url(service.settings.address, document.id, place.ordinal),
    )


def _fitting(passages: list[StoredPassage], centre: int) -> list[StoredPassage]:
    """As many as fit: the centre, then what follows and what comes before it, in turns."""
    by_ordinal = {stored.passage.ordinal: stored for stored in passages}
    first = last = centre
    size = len(by_ordinal[centre].passage.text)
    grew = True
    while grew:
        grew = False
        for ordinal in (last + 1, first - 1):
            if ordinal in by_ordinal and size + len(by_ordinal[ordinal].passage.text) <= PORTION:
                size += len(by_ordinal[ordinal].passage.text)
                first, last = min(first, ordinal), max(last, ordinal)
                grew = True
    return [by_ordinal[ordinal] for ordinal in range(first, last + 1)]


def _joined(passages: list[StoredPassage]) -> str:
    """Headings and pages stand where they change."""
    parts: list[str] = []
    heading: tuple[str, ...] = ()
    page: int | None = None
    for stored in passages:
        passage = stored.passage
        if passage.heading_path != heading:
            heading = passage.heading_path
            if heading:
                parts.append("# " + " > ".join(heading))
        if passage.first_page is not None and passage.first_page != page:
            page = passage.first_page
            parts.append(f"[page {page}]")
        parts.append(passage.text)
    return "\n\n".join(parts)
