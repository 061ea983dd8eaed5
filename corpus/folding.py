"""Text without what people leave out when they type: case and accents."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+")  # a Chinese character is a word


def fold(text: str) -> str:
    """``"Límites"`` and ``"limites"`` are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def folded_words(text: str) -> list[str]:
    return WORD.findall(fold(text))
