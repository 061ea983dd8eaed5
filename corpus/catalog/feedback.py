"""Whether hits helped: one word of each member for each question and place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, delete, func, or_, select

from corpus.catalog.engine import reading, writing
from corpus.catalog.exchange_tables import feedback
from corpus.catalog.membership_tables import members
from corpus.catalog.tables import document_tokens, documents
from corpus.catalog.upserting import inserting
from corpus.documents import DocumentId, OrganisationId
from corpus.exchange import Comment, FeedbackPlace, FeedbackSummary, Reason
from corpus.index.visibility import CLUSTER
from corpus.membership import MemberId

WHOLE = -1
"""The passage of what is said of a document as a whole: in a unique key, NULL differs from NULL."""
COMMENTS = 100


class Feedback:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(
        self, place: FeedbackPlace, *, helpful: bool, reason: Reason | None, comment: str | None, at: datetime
    ) -> None:
        """In place of what the member had said there."""
        key = _key(place)
        said = {"helpful": helpful, "reason": reason, "comment": comment, "made": at}
        with writing(self._engine) as connection:
            connection.execute(
                inserting(connection, feedback)
                .values(**key, **said)
                .on_conflict_do_update(index_elements=list(key), set_=said)
            )

    def take_back(self, place: FeedbackPlace) -> None:
        wanted = [feedback.c[name] == value for name, value in _key(place).items()]
        with writing(self._engine) as connection:
            connection.execute(delete(feedback).where(*wanted))

    def of_member(self, member: MemberId, question: str) -> dict[tuple[DocumentId, int | None], bool]:
        """Whether it helped, by document and passage (None for the document as a whole); ``question`` is a hash."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(feedback.c.document, feedback.c.passage, feedback.c.helpful).where(
                    feedback.c.member == member, feedback.c.question == question
                )
            )
            return {(one.document, None if one.passage == WHOLE else one.passage): one.helpful for one in found}

    def summary(self, document: DocumentId, *, since: datetime) -> FeedbackSummary:
        wanted = and_(feedback.c.document == document, feedback.c.made >= since)
        with reading(self._engine) as connection:
            counts = connection.execute(
                select(feedback.c.helpful, feedback.c.reason, func.count())
                .where(wanted)
                .group_by(feedback.c.helpful, feedback.c.reason)
            ).all()
            said = connection.execute(
                select(feedback.c.comment, feedback.c.made)
                .where(wanted, feedback.c.comment.is_not(None))
                .order_by(feedback.c.made.desc(), feedback.c.id.desc())
                .limit(COMMENTS)
            ).all()
        return FeedbackSummary(
            helpful=sum(count for helpful, _, count in counts if helpful),
            not_helpful=sum(count for helpful, _, count in counts if not helpful),
            reasons={Reason(reason): count for _, reason, count in counts if reason is not None},
            comments=tuple(Comment(text, made) for text, made in said),
        )

    def from_other_firms(self, *, since: datetime) -> dict[OrganisationId, tuple[int, int]]:
        """Of each firm, how often others found what it shared with the cluster helpful, and how often not."""
        other = or_(members.c.organisation.is_(None), members.c.organisation != documents.c.organisation)
        with reading(self._engine) as connection:
            found = connection.execute(
                select(documents.c.organisation, feedback.c.helpful, func.count())
                .join(documents, documents.c.id == feedback.c.document)
                .join(members, members.c.id == feedback.c.member)
                .where(feedback.c.made >= since, other, shared_with_all())
                .group_by(documents.c.organisation, feedback.c.helpful)
            ).all()
        counts: dict[OrganisationId, tuple[int, int]] = {}
        for organisation, helpful, count in found:
            yes, no = counts.get(organisation, (0, 0))
            counts[organisation] = (yes + count, no) if helpful else (yes, no + count)
        return counts

    def forget_before(self, moment: datetime) -> int:
        """How many were removed."""
        with writing(self._engine) as connection:
            return connection.execute(delete(feedback).where(feedback.c.made < moment)).rowcount


def shared_with_all() -> ColumnElement[bool]:
    """Documents that everybody may find: what is counted of them tells nobody of what they may not see."""
    return and_(
        documents.c.deleted.is_(None),
        documents.c.current_version.is_not(None),
        documents.c.id.in_(select(document_tokens.c.document).where(document_tokens.c.token == CLUSTER)),
    )


def _key(place: FeedbackPlace) -> dict[str, Any]:
    return {
        "member": place.member,
        "question": place.question,
        "document": place.document,
        "passage": WHOLE if place.passage is None else place.passage,
    }
