"""What is kept of a passage's words."""

from __future__ import annotations

import pytest

from corpus.index.bm25 import encode_query, term_ids
from corpus.index.passage_words import LONGEST, VERSION, PassageWords

TEXT = "Los certificados de origen (HS 0901.21) se presentan en la aduana. Artículo 4.13: el certificado rige."


def _marked(text: str, language: str, question: str, asked_in: str | None = None) -> list[str]:
    words = PassageWords.from_bytes(PassageWords.of(text, language).to_bytes())
    assert words is not None
    wanted = encode_query(question, asked_in or language).indices.tolist()
    return [text[start:end] for start, end in words.stretches(wanted)]


def test_what_is_kept_is_what_was_told() -> None:
    told = PassageWords.of(TEXT, "es")
    kept = PassageWords.from_bytes(told.to_bytes())
    assert kept is not None
    for one, other in zip(told, kept, strict=True):
        assert one.tolist() == other.tolist()
    assert kept.terms.tolist() == list(term_ids(TEXT, "es"))


def test_forms_and_codes_are_marked_where_they_stand() -> None:
    assert _marked(TEXT, "es", "certificado") == ["certificados", "certificado"]
    assert _marked(TEXT, "es", "090121") == ["0901.21"]
    assert _marked(TEXT, "es", "certidões na aduana", "pt") == ["aduana"]
    assert _marked(TEXT, "es", "leche") == []


def test_chinese_is_marked_by_pairs_that_touch() -> None:
    assert _marked("海关总署要求注册, 并向海关申报。", "zh", "海关申报") == ["海关", "海关申报"]


@pytest.mark.parametrize("text", ["", " \n", "—", "the of"])
def test_of_nothing_nothing_is_kept(text: str) -> None:
    words = PassageWords.from_bytes(PassageWords.of(text, "en").to_bytes())
    assert words is not None
    assert words.terms.size == 0
    assert words.stretches([1]) == words.stretches([]) == []


def test_of_another_release_nothing_is_read() -> None:
    kept = PassageWords.of(TEXT, "es").to_bytes()
    assert PassageWords.from_bytes((VERSION + 1).to_bytes(4, "little") + kept[4:]) is None
    assert PassageWords.from_bytes(None) is None


def test_places_beyond_two_bytes_are_not_kept_wrongly() -> None:
    words = PassageWords.of("aduana " * (LONGEST // 7 + 1), "es")
    assert words.terms.size == LONGEST // 7 + 1
    assert words.starts.size == 0
