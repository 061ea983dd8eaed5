"""Alembic runs this with the connection that corpus.catalog.migrate holds."""

from alembic import context

import corpus.catalog.membership_tables  # noqa: F401 - they join the metadata
from corpus.catalog.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
