"""The tables of who is who. A change here needs a migration; a test holds the two against each other."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text

from corpus.catalog.tables import Id, UtcDateTime, metadata

members = Table(
    "member",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("organisation", String(63), ForeignKey("organisation.id"), index=True),
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Text),  # None: nobody signs in with a password yet
    Column("must_change_password", Boolean, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("last_sign_in", UtcDateTime),
)

sessions = Table(
    "session",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("member", String(32), ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False, index=True),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("user_agent", String(200), nullable=False),
)

links = Table(
    "one_time_link",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("purpose", String(16), nullable=False),
    Column("email", String(320), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("organisation", String(63), ForeignKey("organisation.id"), index=True),
    Column("member", String(32), ForeignKey("member.id", ondelete="CASCADE"), index=True),
    Column("created_by", String(64)),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("used", UtcDateTime),  # or withdrawn
)

keys = Table(
    "api_key",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("hint", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("organisation", String(63), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("scope", String(16), nullable=False),
    Column("created_by", String(64)),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime),
    Column("last_used", UtcDateTime),
    Column("revoked", UtcDateTime),
)

attempts = Table(
    "sign_in_attempt",
    metadata,
    Column("subject", String(64), primary_key=True),  # a hash: no address or e-mail is kept here
    Column("failures", Integer, nullable=False),
    Column("last", UtcDateTime, nullable=False, index=True),
    Column("blocked_until", UtcDateTime),
)

audit = Table(
    "audit_event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), index=True),
    Column("actor_name", String(320)),
    Column("action", String(64), nullable=False, index=True),
    Column("object_type", String(32), nullable=False),
    Column("object_id", String(64), nullable=False, index=True),
    Column("organisation", String(63)),
    Column("detail", JSON, nullable=False),
    Column("request_id", String(64)),
    sqlite_autoincrement=True,
)
