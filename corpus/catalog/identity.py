"""Names for documents, members, keys: short, sorted by time of birth, never given twice."""

from __future__ import annotations

import secrets
import time

from corpus.documents import DocumentId

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter is taken for a digit
LENGTH = 16  # 48 bits of milliseconds, 32 random ones


def new_document_id() -> DocumentId:
    return new_id()


def new_id() -> str:
    number = (int(time.time() * 1000) & (1 << 48) - 1) << 32 | secrets.randbits(32)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
