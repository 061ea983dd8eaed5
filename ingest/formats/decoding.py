"""From bytes to text where nobody says, or nobody can be trusted on, how it was encoded."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from ingest.formats.mojibake import mended

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 64 * 1024
_NOT_WESTERN = (
    "shift_jis euc_jp iso2022_jp gb18030 big5 euc_kr cp1251 koi8_r koi8_u cp866 iso8859_5 "
    "cp1250 iso8859_2 cp1253 cp1254 cp1255 cp1256 cp1257".split()
)
# Browsers read these names as the encoding on the right; so do the pages that carry them.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Text of ``data``: by its byte order mark, as UTF-8 if it is that, as ``declared``, as guessed; never an error."""
    encoding = encoding_of(data, declared=declared)
    for mark, _ in _BOMS:
        if data.startswith(mark):
            data = data[len(mark) :]
            break
    return mended(data.decode(encoding, errors="replace"))


def encoding_of(data: bytes, *, declared: str | None = None) -> str:
    """The name of the encoding that ``decode`` uses."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if wide := _wide_encoding(data[:_SAMPLE]):
        return wide
    meant = _known_encoding(declared)
    if meant == "iso2022_jp":  # seven bits: valid UTF-8, yet not what it says
        return meant
    if _is_utf8(data):
        return "utf-8"
    if meant and meant != "utf-8" and _fits(data, meant):
        return meant
    return _guessed(data)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: letters of Latin, Greek and Cyrillic leave a regular pattern of small bytes."""
    if len(sample) < 8 or b"\0" not in sample:
        return None
    quads = len(sample) // 4 * 4
    columns = [sample[offset:quads:4] for offset in range(4)]
    zeros = [column.count(0) / len(column) for column in columns]
    if zeros[1] > 0.9 and zeros[2] > 0.9 and zeros[3] > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if zeros[0] > 0.9 and zeros[1] > 0.9 and zeros[2] > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return None


def _known_encoding(name: str | None) -> str | None:
    if not name:
        return None
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
        "".encode(found)  # base64, rot13 and their like are codecs, but not of text
    except (LookupError, ValueError, TypeError):
        return None
    return _MEANT.get(found, found)


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, a handful of broken bytes (a cut tail, one pasted character) in a long text allowed."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        broken = text.count("�")
        beyond_ascii = len(re.findall(r"[^\x00-\x7f�]", text))
        return broken * 20 < beyond_ascii
    return True


def _fits(data: bytes, encoding: str) -> bool:
    text = data[: 4 * _SAMPLE].decode(encoding, errors="replace")
    return text.count("�") * 100 <= len(text)


def _guessed(data: bytes) -> str:
    """Western text has single accented letters among ASCII ones; whatever has runs of high bytes is something else."""
    start = next((at for at, byte in enumerate(data) if byte > 0x7F), 0)
    sample = data[max(0, start - 1024) :][:_SAMPLE]
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if not runs:
        return "cp1252"
    letters = len(re.findall(rb"[A-Za-z]", sample))
    high = sum(map(len, runs))
    if max(map(len, runs)) <= 3 and high <= letters:
        return "cp1252"
    best = from_bytes(sample[: len(sample) // 2 * 2], cp_isolation=_NOT_WESTERN, threshold=0.5).best()
    return best.encoding if best is not None else "cp1252"
