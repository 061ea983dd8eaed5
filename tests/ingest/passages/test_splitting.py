from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.splitting import cuts
from tests.ingest.passages.counting import FourLetterPieces

COUNTER = FourLetterPieces()


def pieces(text: str, aim: int, limit: int, language: str = "es") -> list[str]:
    return [text[start:end] for start, end in cuts(text, COUNTER.token_offsets(text), aim, limit, language)]


def test_a_long_text_is_cut_at_sentences_of_much_the_same_length() -> None:
    sentence = "El comprador paga a treinta días de la factura. "
    found = pieces(sentence * 30, 60, 90)
    assert "".join(found) == sentence * 30
    assert all(piece.strip().endswith("factura.") for piece in found)
    lengths = [COUNTER.count(piece) for piece in found]
    assert max(lengths) <= 90
    assert min(lengths) > max(lengths) / 2


def test_abbreviations_do_not_end_sentences() -> None:
    text = "Según el Art. 5 y el Sr. Pérez, la empresa paga. " * 12
    assert all(piece.startswith("Según") for piece in pieces(text, 40, 60))


def test_a_long_sentence_is_cut_at_clauses_then_at_words() -> None:
    clauses = "se exporta café, cacao y fruta fresca; " * 40
    assert all(piece.endswith(("; ", ", ")) for piece in pieces(clauses, 50, 70)[:-1])
    words = "café " * 400
    assert all(piece.endswith("café ") for piece in pieces(words, 50, 70))


def test_chinese_is_cut_at_its_full_stops() -> None:
    text = "双方应当在本协定生效之日起取消全部关税。" * 30
    found = pieces(text, 30, 45, "zh")
    assert all(piece.endswith("。") for piece in found)


@pytest.mark.parametrize("number", ["1.234.567,89", "12 500", "2026-03-14", "10:30", "4/15"])
def test_numbers_stay_whole(number: str) -> None:
    found = pieces(f"{number}; " * 200, 20, 30)
    assert len(found) > 5
    assert all(piece.strip("; ").startswith(number) and piece.strip("; ").endswith(number) for piece in found)


@pytest.mark.parametrize("number", ["1.234.567,89", "2026-03-14", "10:30"])
def test_numbers_with_only_spaces_between_stay_whole(number: str) -> None:
    found = pieces(f"{number} " * 200, 20, 30)
    assert len(found) > 5
    assert all(set(piece.split()) == {number} for piece in found)


@pytest.mark.parametrize("letter", ["e\u0301", "👨‍👩‍👧‍👦", "🇨🇴", "👍🏽", "ก\u0e33", "각"])
def test_letters_stay_whole(letter: str) -> None:
    text = letter * 300
    ranges = cuts(text, [(at, at + 1) for at in range(len(text))], 20, 30, "es")
    assert len(ranges) > 5
    if letter != "ก\u0e33":
        assert all((end - start) % len(letter) == 0 for start, end in ranges)


@given(st.text(max_size=400), st.integers(2, 20), st.integers(0, 20))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, aim: int, more: int) -> None:
    tokens = COUNTER.token_offsets(text)
    limit = aim + more
    ranges = cuts(text, tokens, aim, limit, "es")
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(start < end for start, end in ranges) or text == ""
    for start, end in ranges:
        inside = sum(start <= at < end for at, _ in tokens)
        assert inside <= limit or unicodedata.combining(text[start + 1 : start + 2] or "a")
