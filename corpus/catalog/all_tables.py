"""Every table, for who needs them all: importing a module of tables makes them join the metadata."""

from __future__ import annotations

import corpus.catalog.exchange_tables
import corpus.catalog.membership_tables
import corpus.catalog.use_tables  # noqa: F401
from corpus.catalog.tables import metadata

__all__ = ["metadata"]
