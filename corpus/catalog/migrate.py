"""Bringing a database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from corpus.catalog.engine import told, writing
from corpus.errors import DataFolderTooNew

LOCK = 0x6C6F6E6A61
"""Held on PostgreSQL while the tables are brought up to date: several processes may start at once."""


def upgrade(engine: Engine) -> None:
    """Does nothing when there is nothing to do. Raises DataFolderTooNew for a database from a newer Lonja."""
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    with told(), engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == scripts.get_current_head():
        return
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise DataFolderTooNew(
            f"The catalog was written by a newer Lonja (its tables are at {found!r}).", hint="Upgrade Lonja."
        )
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite's writing transactions wait for each other anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_known(revision: str) -> bool:
    """Tables of this version or an older one."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
