"""What of a passage the model sees: the one place that decides it."""

from __future__ import annotations

from corpus.documents import Passage

PREFIX_CHARACTERS = 200
"""Room for title and headings. A token has at least one character, so this is a bound in tokens as well."""


def embedding_text(title: str | None, passage: Passage, *, prefix_characters: int = PREFIX_CHARACTERS) -> str:
    """Title and heading path, then the text: an article that says "the Parties shall" is found by its chapter's words.

    Where title and headings are longer than ``prefix_characters``, those nearest to the text are kept.
    """
    lines: list[str] = []
    for line in (title or "", *passage.heading_path):
        line = " ".join(line.split())
        if line and line.casefold() not in (seen.casefold() for seen in lines):
            lines.append(line)
    kept: list[str] = []
    room = prefix_characters
    for line in reversed(lines):
        if len(line) + 1 > room:
            if not kept and room > 1:
                kept.append(line[: room - 1])
            break
        kept.append(line)
        room -= len(line) + 1
    return "\n".join([*reversed(kept), passage.text])
