"""Documents in more than one language: contracts in two columns of languages, mails that quote, forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.language import LanguageTeller
from ingest.structure import Section

Tell = Callable[[str], str | None]
"""The language of a paragraph where it is certain, else None."""

_LONG_ENOUGH = 80  # characters
_HEAD = 300  # characters of a paragraph that are looked at
_SAMPLED = 24  # paragraphs


def paragraph_languages(sections: Sequence[Section], teller: LanguageTeller) -> Tell | None:
    """What tells a paragraph's language, or None where a sample of the document is all in one: most documents are, and
    looking at each paragraph would cost more than it gives.
    """

    def tell(text: str) -> str | None:
        if len(text) < _LONG_ENOUGH:
            return None
        told = teller.tell(text[:_HEAD])
        return told.language if told.sure else None

    long_ones = [
        paragraph.text
        for section in sections
        for paragraph in section.paragraphs
        if len(paragraph.text) >= _LONG_ENOUGH
    ]
    step = max(1, len(long_ones) // _SAMPLED)
    languages = {language for text in long_ones[::step] if (language := tell(text)) is not None}
    return tell if len(languages) > 1 else None
