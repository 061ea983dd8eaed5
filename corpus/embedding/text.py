"""Any Python string made fit for a tokenizer."""

from __future__ import annotations

import re

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """``text`` with lone surrogates replaced by U+FFFD, one for one, so that offsets stay true."""
    return _LONE_SURROGATE.sub("\ufffd", text)
