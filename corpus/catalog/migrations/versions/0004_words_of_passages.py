"""The words of a passage, told once; of those that are there, when the index is built again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passage", sa.Column("words", sa.LargeBinary(), nullable=True))
