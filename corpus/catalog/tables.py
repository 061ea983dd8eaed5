"""The tables. A change here needs a migration; a test holds the two against each other."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of its own INTEGER type."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in and out, UTC in the database, whatever the database thinks of time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


organisations = Table(
    "organisation",
    metadata,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("country", String(3)),
    Column("sectors", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
)

documents = Table(
    "document",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("organisation", String(63), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("contributor", String(200)),
    Column("parent", String(32), ForeignKey("document.id", ondelete="CASCADE"), index=True),
    Column("audience_scope", String(16), nullable=False),
    Column("audience_organisations", JSON, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("language", String(8)),
    Column("countries", JSON, nullable=False),
    Column("sectors", JSON, nullable=False),
    Column("hs_codes", JSON, nullable=False),
    Column("published", Date),
    Column("valid_until", Date),
    Column("source", Text),
    Column("declared", JSON, nullable=False),  # names of the facts that a person gave: guesses leave them alone
    Column("current_version", Id),
    Column("index_lags", Boolean, nullable=False),  # audience or facts changed, and the index was not told yet
    Column("created", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Column("deleted", UtcDateTime),
)

document_tokens = Table(
    "document_token",
    metadata,
    Column("document", String(32), ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("token", String(80), primary_key=True, index=True),
)
"""The audience as the tokens of corpus.index.visibility, for the same filter in SQL."""

sources = Table(
    "source",
    metadata,
    Column("organisation", String(63), ForeignKey("organisation.id"), primary_key=True),
    Column("key", String(1000), primary_key=True),  # where the bytes came from: a file's URI, a message and part
    Column("document", String(32), ForeignKey("document.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("modified_ns", BigInteger),  # of the file when it was read: the same size and time need no second reading
)

versions = Table(
    "version",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("document", String(32), ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("stage", String(16), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("worker", String(100)),
    Column("leased_until", UtcDateTime),
    Column("done", Integer),  # pages or passages of the stage under way
    Column("total", Integer),
    Column("pages", Integer),
    Column("passages", Integer),
    Column("failure_code", String(64)),
    Column("failure_message", Text),
    Column("failure_hint", Text),
    Column("warnings", JSON, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    UniqueConstraint("document", "number"),
)

passages = Table(
    "passage",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("document", String(32), ForeignKey("document.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("version", Id, ForeignKey("version.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("first_page", Integer),
    Column("last_page", Integer),
    Column("place", Text),
    Column("is_table", Boolean, nullable=False),
    Column("words", LargeBinary),  # as corpus.index.passage_words keeps them; null where they were never told
    UniqueConstraint("version", "ordinal"),
    sqlite_autoincrement=True,  # a passage's number is its point in the index: never given twice
)

embeddings = Table(
    "embedding",
    metadata,
    Column("passage", Id, ForeignKey("passage.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("pack", String(64), nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float16, raw: before the language-neutral projection
)

Index("ix_document_current", documents.c.organisation, documents.c.deleted)
