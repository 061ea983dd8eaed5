"""Know-how that firms want from the cluster, and the documents that others point at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from corpus.catalog.audit import record
from corpus.catalog.engine import reading, writing
from corpus.catalog.exchange_tables import request_answers, requests
from corpus.documents import DocumentId, OrganisationId
from corpus.errors import Conflict, NotFound
from corpus.exchange import KnowledgeRequest, RequestAnswer, RequestState
from corpus.membership import AuditEvent

MOST_ANSWERS = 50


class Requests:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self, *, state: RequestState | None = None, before: str | None = None, limit: int = 100
    ) -> list[KnowledgeRequest]:
        """The newest first; ``before`` is the last one of the page already seen."""
        wanted = []
        if state is not None:
            wanted.append(requests.c.state == state)
        if before is not None:
            wanted.append(requests.c.id < before)
        with reading(self._engine) as connection:
            found = connection.execute(
                select(requests).where(*wanted).order_by(requests.c.id.desc()).limit(limit)
            ).all()
            answers = _answers(connection, [row.id for row in found])
        return [_request(row, answers[row.id]) for row in found]

    def get(self, request: str) -> KnowledgeRequest:
        """Raises NotFound."""
        with reading(self._engine) as connection:
            return _get(connection, request)

    def add(self, request: KnowledgeRequest) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                insert(requests).values(
                    id=request.id,
                    organisation=request.organisation,
                    member=request.member,
                    text=request.text,
                    language=request.language,
                    state=request.state,
                    asked=request.asked,
                )
            )

    def answer(self, request: str, answer: RequestAnswer) -> KnowledgeRequest:
        """The same document once more changes nothing. Raises NotFound, Conflict beyond MOST_ANSWERS."""
        with writing(self._engine) as connection:
            # Held until the end: on PostgreSQL two answers at once would both be the last one.
            connection.execute(select(requests.c.id).where(requests.c.id == request).with_for_update())
            present = _get(connection, request)
            if answer.document not in {each.document for each in present.answers}:
                if len(present.answers) >= MOST_ANSWERS:
                    raise Conflict(f"There are {MOST_ANSWERS} answers already.", code="too_many_answers")
                connection.execute(
                    insert(request_answers).values(
                        request=request,
                        document=answer.document,
                        organisation=answer.organisation,
                        made=answer.made,
                    )
                )
            return _get(connection, request)

    def take_answer_back(self, request: str, document: DocumentId) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                delete(request_answers).where(
                    request_answers.c.request == request, request_answers.c.document == document
                )
            )

    def set_state(self, request: str, state: RequestState) -> KnowledgeRequest:
        """Raises NotFound."""
        with writing(self._engine) as connection:
            connection.execute(update(requests).where(requests.c.id == request).values(state=state))
            return _get(connection, request)

    def remove(self, request: str, event: AuditEvent) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(requests).where(requests.c.id == request))
            record(connection, event)

    def count(self, organisation: OrganisationId, state: RequestState) -> int:
        """Of one firm."""
        with reading(self._engine) as connection:
            return (
                connection.scalar(
                    select(func.count())
                    .select_from(requests)
                    .where(requests.c.organisation == organisation, requests.c.state == state)
                )
                or 0
            )


def _get(connection: Connection, request: str) -> KnowledgeRequest:
    row = connection.execute(select(requests).where(requests.c.id == request)).first()
    if row is None:
        raise NotFound(f"There is no request {request!r}.", code="unknown_request")
    return _request(row, _answers(connection, [request])[request])


def _answers(connection: Connection, some: Iterable[str]) -> dict[str, list[RequestAnswer]]:
    found: dict[str, list[RequestAnswer]] = defaultdict(list)
    for row in connection.execute(
        select(request_answers)
        .where(request_answers.c.request.in_(set(some)))
        .order_by(request_answers.c.made, request_answers.c.document)
    ):
        found[row.request].append(RequestAnswer(row.document, row.organisation, row.made))
    return found


def _request(row: Row[Any], answers: Iterable[RequestAnswer]) -> KnowledgeRequest:
    return KnowledgeRequest(
        id=row.id,
        organisation=row.organisation,
        member=row.member,
        text=row.text,
        language=row.language,
        state=RequestState(row.state),
        asked=row.asked,
        answers=tuple(answers),
    )
