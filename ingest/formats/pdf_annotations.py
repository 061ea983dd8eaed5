"""What a PDF shows on a page beside its text: the filled fields of forms, and text boxes added by hand."""

from __future__ import annotations

from collections.abc import Iterator

from pypdf import PageObject
from pypdf.generic import DictionaryObject

from ingest.formats.blocks import clean_line

_MOST_ANNOTATIONS = 2_000
_MOST_ANCESTORS = 20
_HIDDEN = 0b10  # bit 2 of an annotation's flags (ISO 32000-2, 12.5.3)


def annotated_texts(page: PageObject) -> Iterator[str]:
    """``name: value`` for each filled text or choice field, and the words of each text box."""
    annotations = page.get("/Annots")
    resolved = annotations.get_object() if annotations is not None else []
    for reference in list(resolved)[:_MOST_ANNOTATIONS] if isinstance(resolved, list) else ():
        annotation = reference.get_object()
        if not isinstance(annotation, DictionaryObject) or _is_hidden(annotation):
            continue
        if annotation.get("/Subtype") == "/FreeText":
            yield clean_line(str(annotation.get("/Contents", "")))
        elif annotation.get("/Subtype") == "/Widget" and _inherited(annotation, "/FT") in ("/Tx", "/Ch"):
            value = _inherited(annotation, "/V")
            text = clean_line(str(value)) if isinstance(value, str) else ""
            name = clean_line(str(_inherited(annotation, "/TU") or annotation.get("/T") or ""))
            yield (f"{name}: {text}" if name else text) if text else ""


def _is_hidden(annotation: DictionaryObject) -> bool:
    flags = annotation.get("/F", 0)
    return isinstance(flags, int) and bool(flags & _HIDDEN)


def _inherited(field: DictionaryObject, key: str) -> object:
    """A field's entry, its own or that of the field that it is part of."""
    for _ in range(_MOST_ANCESTORS):
        if key in field:
            return field[key]
        parent = field.get("/Parent")
        above = parent.get_object() if parent is not None else None
        if not isinstance(above, DictionaryObject):
            return None
        field = above
    return None
