"""What opening a shard undoes of what a killed process left half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpus.index import layout
from corpus.index.conditions import PUBLISHED, version_is


def mend(call: Callable[..., Any]) -> None:
    """A version with published passages and no published head was on its way in or out: none of it is published.

    Of two published versions of a document, the process died between the switch and the removal: the later one stays.
    """
    heads: list[tuple[str, int, int, int]] = call("heads", PUBLISHED)
    whole = {version_id for _, version_id, _, _ in heads}
    for version_id in set(call("values", layout.VERSION, PUBLISHED)) - whole:
        call("set_fields", call("ids", version_is(version_id)), {layout.PUBLISHED: 0, layout.HEAD: 0})
    latest: dict[str, tuple[int, int]] = {}
    for document_id, version_id, _, sequence in heads:
        latest[document_id] = max(latest.get(document_id, (0, 0)), (sequence, version_id))
    for document_id, version_id, _, _ in heads:
        if latest[document_id][1] != version_id:
            call("delete", call("ids", version_is(version_id)))
