"""Being written."""

from ingest.converted import ConvertedDocument
from ingest.formats.source import Source


def convert(source: Source) -> ConvertedDocument:
    raise NotImplementedError
