"""The catalog: the truth about organisations, documents, versions and passages. SQLAlchemy stays in here."""

from corpus.catalog.catalog import Catalog

__all__ = ["Catalog"]
