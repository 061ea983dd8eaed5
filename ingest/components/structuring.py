"""A converted document becomes sections."""

from typing import Any

from haystack import component

from corpus.language import LanguageTeller
from ingest.converted import ConvertedDocument
from ingest.structure import Section, structure

_SAMPLE = 3000  # characters


@component
class Structurer:
    """Finds headings and articles, drops running headers, mends torn lines (:mod:`ingest.structure`)."""

    @component.output_types(sections=list[Section], language=str)
    def run(self, converted: ConvertedDocument) -> dict[str, Any]:
        """``language`` is that of the text's beginning: enough to know where sentences and words end."""
        sample = ""
        for block in converted.blocks:
            sample += f"{block.text}\n"
            if len(sample) > _SAMPLE:
                break
        told = LanguageTeller().tell_all([sample], converted.language)[0]
        return {"sections": structure(converted, language=told), "language": told}
