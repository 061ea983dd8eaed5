"""The tables of what members tell each other.

A change here needs a migration; a test holds the two against each other.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from corpus.catalog.tables import Id, UtcDateTime, metadata

feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("member", String(32), ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("question", String(64), nullable=False),  # a hash: what was asked is not kept
    Column("document", String(32), ForeignKey("document.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("passage", Integer, nullable=False),  # an ordinal; -1 for the document as a whole
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(16)),
    Column("comment", Text),
    Column("made", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("member", "question", "document", "passage"),
)

saved_searches = Table(
    "saved_search",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("member", String(32), ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("query", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("made", UtcDateTime, nullable=False),
)

requests = Table(
    "knowledge_request",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("organisation", String(63), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("member", String(32), ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("language", String(8)),
    Column("state", String(16), nullable=False, index=True),
    Column("asked", UtcDateTime, nullable=False),
)

request_answers = Table(
    "knowledge_request_answer",
    metadata,
    Column("request", String(32), ForeignKey("knowledge_request.id", ondelete="CASCADE"), primary_key=True),
    Column("document", String(32), ForeignKey("document.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("organisation", String(63), ForeignKey("organisation.id"), nullable=False),  # who answered
    Column("made", UtcDateTime, nullable=False),
)
