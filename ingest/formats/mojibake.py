"""Text that was UTF-8, was taken for Western and saved so, "CafÃ©" for "Café": turned back where that is sure."""

from __future__ import annotations

import re

_WESTERN_SPECIALS = "".join(bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0))
_RUN = re.compile(f"[\u0080-\u00ff{_WESTERN_SPECIALS}]{{2,}}")
_TELLING = re.compile("[\u00c2-\u00f4][\u0080-\u00bf" + _WESTERN_SPECIALS + "]")
_LEAST_RUNS = 2
_SURE = 0.8  # of all runs of such letters


def mended(text: str) -> str:
    """The text turned back, or as it is: in honest Western text neighbours beyond ASCII are no valid UTF-8."""
    if not _TELLING.search(text):
        return text
    runs = _RUN.findall(text)
    sound = sum(1 for run in runs if _turned_back(run) is not None)
    if sound < _LEAST_RUNS or sound < _SURE * len(runs):
        return text
    return _RUN.sub(lambda match: _turned_back(match.group()) or match.group(), text)


def _turned_back(run: str) -> str | None:
    data = bytearray()
    for char in run:
        if ord(char) < 0x100:
            data.append(ord(char))
        else:
            data += char.encode("cp1252")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
