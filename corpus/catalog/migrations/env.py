"""Alembic runs this with the connection that corpus.catalog.migrate holds."""

from alembic import context

from corpus.catalog.all_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
