"""What members tell each other (feedback, saved searches, requests), how the service is used, OpenID Connect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.catalog.tables import Id, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_query",
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("firm", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("found_nothing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "asker", "day", name=op.f("pk_asked_query")),
    )
    op.create_index(op.f("ix_asked_query_day"), "asked_query", ["day"], unique=False)
    op.create_table(
        "pseudonym_key",
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_pseudonym_key")),
    )
    op.create_table(
        "search_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("is_member", sa.Boolean(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("found_nothing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "asker", name=op.f("pk_search_day")),
    )
    op.create_table(
        "sign_in_start",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("expires", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_in_start")),
    )
    op.create_index(op.f("ix_sign_in_start_expires"), "sign_in_start", ["expires"], unique=False)
    op.create_table(
        "reuse_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_reuse_day_organisation")),
        sa.PrimaryKeyConstraint("day", "organisation", name=op.f("pk_reuse_day")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("passage", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_feedback_document"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_feedback_member"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint(
            "member", "question", "document", "passage", name=op.f("uq_feedback_member_question_document_passage")
        ),
    )
    op.create_index(op.f("ix_feedback_document"), "feedback", ["document"], unique=False)
    op.create_index(op.f("ix_feedback_made"), "feedback", ["made"], unique=False)
    op.create_table(
        "knowledge_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member"], ["member.id"], name=op.f("fk_knowledge_request_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_knowledge_request_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_request")),
    )
    op.create_index(op.f("ix_knowledge_request_member"), "knowledge_request", ["member"], unique=False)
    op.create_index(op.f("ix_knowledge_request_organisation"), "knowledge_request", ["organisation"], unique=False)
    op.create_index(op.f("ix_knowledge_request_state"), "knowledge_request", ["state"], unique=False)
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_saved_search_member"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_member"), "saved_search", ["member"], unique=False)
    op.create_table(
        "knowledge_request_answer",
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_knowledge_request_answer_document"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_knowledge_request_answer_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["knowledge_request.id"], name=op.f("fk_knowledge_request_answer_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request", "document", name=op.f("pk_knowledge_request_answer")),
    )
    op.create_index(
        op.f("ix_knowledge_request_answer_document"), "knowledge_request_answer", ["document"], unique=False
    )
