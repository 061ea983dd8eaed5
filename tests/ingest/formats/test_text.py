"""Plain text in every encoding that firms send, and Markdown."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.converted import BlockKind
from ingest.formats.decoding import decode, encoding_of
from tests.ingest.formats.reading import headings, kinds, read, refuse, table, texts

SPANISH = "El señor pidió más café: «¿cuánto costará?» según el año pasado."
RUSSIAN = "Соглашение о свободной торговле между сторонами вступает в силу. " * 3
JAPANESE = "本協定は、両締約国の間の貿易を自由化することを目的とする。原産地規則を定める。" * 3
CHINESE = "本协定的目的是促进缔约双方之间的贸易和投资，并为企业创造更好的条件。" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "utf-8"),
        (SPANISH, "utf-8-sig"),
        (SPANISH, "utf-16"),
        (SPANISH, "utf-16-le"),
        (SPANISH, "utf-16-be"),
        (SPANISH, "utf-32"),
        (SPANISH, "utf-32-be"),
        (SPANISH, "cp1252"),
        (SPANISH, "latin-1"),
        ("Año", "cp1252"),
        ("São Paulo é a maior", "cp1252"),
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5"),
        (CHINESE, "utf-16"),
    ],
)
def test_every_encoding_is_told(text: str, encoding: str) -> None:
    if encoding == "big5":
        text = "本協定的目的是促進締約雙方之間的貿易和投資，並為企業創造更好的條件。" * 3
    assert decode(text.encode(encoding)) == text


def test_what_is_declared_counts_only_if_it_fits() -> None:
    assert decode("ñandú".encode("cp1252"), declared="cp1252") == "ñandú"
    assert decode("ñandú".encode(), declared="cp1252") == "ñandú"
    assert decode("ñandú".encode("cp1252"), declared="utf-8") == "ñandú"
    assert decode(b"plain", declared="base64") == "plain"
    assert encoding_of("日本".encode("iso2022_jp"), declared="iso-2022-jp") == "iso2022_jp"


def test_one_broken_byte_does_not_turn_a_long_text_into_another_encoding() -> None:
    data = (SPANISH * 20).encode()
    assert decode(data[:-1] + b"\xff") == (SPANISH * 20)[:-1] + "�"


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_text_encoded_twice_is_turned_back(wrong: str) -> None:
    twice = "Año – la “señal” del país, según él".replace("”", "“") if wrong == "cp1252" else "Año – según él"
    assert decode(twice.encode().decode(wrong).encode()) == twice


@pytest.mark.parametrize(
    "text", ["NÃO É AÇÃO, SÃO PAULO", "Ã© alone proves nothing", "25 °C – 30 °C…", "«año»", "ÄÖÜ äöü ßéà"]
)
def test_honest_text_is_left_alone(text: str) -> None:
    assert decode(text.encode()) == text


def test_long_lines_are_paragraphs() -> None:
    line = "A paragraph that no program wrapped, of many words that go on and on. " * 3
    assert len(read(f"{line}\n{line}\nend", "a.txt").blocks) == 3


def test_paragraphs_pages_and_lists() -> None:
    document = read(
        "TITLE\n\nA paragraph\nof two lines.\n\n- one\n- two\n  goes on\n-----\nend\n\f\nSecond page\n\f", "a.txt"
    )
    assert kinds(document) == [
        ("paragraph", "TITLE"),
        ("paragraph", "A paragraph\nof two lines."),
        ("list_item", "one"),
        ("list_item", "two goes on"),
        ("paragraph", "end"),
        ("paragraph", "Second page"),
    ]
    assert [block.page for block in document.blocks] == [1, 1, 1, 1, 1, 2]
    assert document.pages == 2


def test_a_text_without_form_feeds_has_no_pages() -> None:
    document = read("x")
    assert (document.pages, document.blocks[0].page) == (None, None)


def test_what_comes_out_is_clean() -> None:
    document = read("e\u0301 \x07a\u200bb\u00a0c  \t d\ufb01n\x0b\x0ce", "a.txt")
    assert texts(document) == ["é ab c dfin", "e"]


@pytest.mark.parametrize("text", [" \n\t ", "\ufeff", "\u200b\n"])
def test_white_space_alone_is_empty(text: str) -> None:
    assert refuse(text, "a.txt").code == "empty"


MARKDOWN = """\
---
title: "Ley Nº 14035"
publication_date: "1971-10-20"
year: 1971
tags: [carne, frigorífico]
valid: true
nothing:
---
# Ley Nº 14035

Intro with *emphasis*, a [link](http://example.org) and `code`.
Same paragraph.

## Artículo 1

1. First
2. Second
   - inner

| Producto | Arancel |
|---|---|
| Café | 0 % |

```python
x = 1

y = 2
```

<div><p>HTML inside</p></div>

Line one\\
line two ~~gone~~
"""


def test_markdown_keeps_its_structure() -> None:
    document = read(MARKDOWN, "ley.md")
    assert kinds(document) == [
        ("heading", "Ley Nº 14035"),
        ("paragraph", "Intro with emphasis, a link and code. Same paragraph."),
        ("heading", "Artículo 1"),
        ("list_item", "1. First"),
        ("list_item", "2. Second"),
        ("list_item", "inner"),
        ("table_header", "Producto | Arancel"),
        ("table_row", "Café | 0 %"),
        ("code", "x = 1\n\ny = 2"),
        ("paragraph", "HTML inside"),
        ("paragraph", "Line one\nline two ~~gone~~"),
    ]
    assert headings(document) == [(1, "Ley Nº 14035"), (2, "Artículo 1")]
    assert [block.level for block in document.blocks if block.kind is BlockKind.LIST_ITEM] == [1, 1, 2]
    assert table(document) == (["Producto | Arancel"], ["Café | 0 %"])


def test_front_matter_is_metadata() -> None:
    document = read(MARKDOWN, "ley.md")
    assert document.title == "Ley Nº 14035"
    assert document.created == date(1971, 10, 20)
    assert dict(document.metadata) == {
        "title": "Ley Nº 14035",
        "publication_date": "1971-10-20",
        "year": "1971",
        "tags": "carne, frigorífico",
        "valid": "true",
    }


@pytest.mark.parametrize(
    "front",
    [
        "a: &x [1]\nb: *x\n",
        "a: [unclosed\n",
        "a: !!python/object/apply:os.system ['true']\n",
        "a: " + "[" * 5000 + "\n",
    ],
    ids=["aliases", "broken", "objects", "deep"],
)
def test_hostile_front_matter_is_left_out_with_a_warning(front: str) -> None:
    document = read(f"---\n{front}---\n# Title\n\nText", "a.md")
    assert document.metadata == ()
    assert texts(document) == ["Title", "Text"]
    assert document.warnings == ("The front matter is not valid YAML; it was left out.",)


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert texts(read("---\nJust a rule above\n\n---\n\nText", "a.md"))[-1] == "Text"


def test_nesting_without_end_in_markdown_ends() -> None:
    assert "deep" in texts(read(">" * 3000 + " deep\n\n" + "- " * 500 + "deep", "a.md"))[-1]
