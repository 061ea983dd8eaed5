"""The components of the ingestion pipeline, for Haystack. The only place, with ``ingest.pipeline``, that imports it.

They are thin: each calls one function of ``ingest`` and passes on what that returns. From the splitter on, passages
travel as Haystack ``Document`` objects, so that any splitter, cleaner or embedder of Haystack's may stand in.
"""

from __future__ import annotations

import logging
import os

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # read by Haystack as it is imported

from haystack import Document, Pipeline

from ingest.components.converting import FileConverter
from ingest.components.embedding import PassageEmbedder
from ingest.components.guessing import FactGuesser
from ingest.components.passage_documents import to_document, to_passage
from ingest.components.splitting import PassageSplitter
from ingest.components.structuring import Structurer
from ingest.components.telling import LanguageMarker

# For every document that fails Haystack describes the pipeline's state to a debugger, and warns of what it cannot write
# down. What failed reaches us as an exception all the same.
logging.getLogger("haystack.utils.base_serialization").setLevel(logging.ERROR)

__all__ = [
    "Document",
    "FactGuesser",
    "FileConverter",
    "LanguageMarker",
    "PassageEmbedder",
    "PassageSplitter",
    "Pipeline",
    "Structurer",
    "to_document",
    "to_passage",
]
