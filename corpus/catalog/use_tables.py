"""The tables of how the service is used: nothing in them says who asked or opened what.

A change here needs a migration; a test holds the two against each other.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table

from corpus.catalog.tables import UtcDateTime, metadata

pseudonym_keys = Table(
    "pseudonym_key",
    metadata,
    Column("purpose", String(32), primary_key=True),
    Column("secret", String(64), nullable=False),
)
"""Random, made at first use: without them nobody tells which member a pseudonym stands for."""

asked_queries = Table(
    "asked_query",
    metadata,
    Column("topic", String(200), primary_key=True),  # its words without accents, sorted
    Column("asker", String(32), primary_key=True),  # a pseudonym, another one in every topic
    Column("day", Date, primary_key=True, index=True),
    Column("firm", String(32), nullable=False),  # a pseudonym as well
    Column("text", String(200), nullable=False),
    Column("times", Integer, nullable=False),
    Column("found_nothing", Integer, nullable=False),
)

search_days = Table(
    "search_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("asker", String(32), primary_key=True),  # a pseudonym, not that of the topics
    Column("is_member", Boolean, nullable=False),  # False: a chatbot's key
    Column("searches", Integer, nullable=False),
    Column("found_nothing", Integer, nullable=False),
)

reuse_days = Table(
    "reuse_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("organisation", String(63), ForeignKey("organisation.id"), primary_key=True),  # whose documents
    Column("opened", Integer, nullable=False),  # by other firms
    Column("answered", Integer, nullable=False),  # searches of other firms
)

sign_in_starts = Table(
    "sign_in_start",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),  # of the cookie that the browser was given with it
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),  # of PKCE
    Column("expires", UtcDateTime, nullable=False, index=True),
)
"""Sign-ins that were sent to an OpenID Connect provider and have not come back yet."""
