"""Which elements of a web page are furniture: scripts, menus, link bars, what is hidden."""

from __future__ import annotations

import re

from lxml import etree

NEVER_TEXT = frozenset(
    "script style template noscript head svg canvas object embed applet iframe audio video map "
    "button select option textarea input datalist meter progress noframes frameset".split()
)
_MENU_WORDS = re.compile(
    r"\b(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|cookies?|consent|share|sharing|social|pagination|pager|"
    r"skip-?links?|toolbar)\b",
    re.I,
)
_MENU_ROLES = frozenset({"navigation", "menu", "menubar", "search", "banner-navigation", "toolbar"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MOSTLY_LINKS = 0.6
_KEPT_SHARE = 0.4


def furniture_of(root: etree._Element) -> frozenset[etree._Element]:
    """The elements to leave out with all that they hold.

    Menus go only while most of the page's text stays: a page that is one list of links is kept as it is.
    """
    hidden = {element for element in _elements(root) if element.tag in NEVER_TEXT or _is_hidden(element)}
    menus = {element for element in _elements(root) if element not in hidden and _is_menu(element)}
    whole, _ = _text_length(root, skip=hidden)
    without, _ = _text_length(root, skip=hidden | menus)
    if without < whole * _KEPT_SHARE:
        return frozenset(hidden)
    return frozenset(hidden | menus)


def _elements(root: etree._Element) -> list[etree._Element]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _is_menu(element: etree._Element) -> bool:
    if element.tag in ("body", "html", "main", "article"):
        return False
    if element.tag == "nav" or (element.get("role") or "").lower() in _MENU_ROLES:
        return _is_mostly_links(element)
    if element.tag in ("footer", "aside") or _MENU_WORDS.search(
        f"{element.get('class') or ''} {element.get('id') or ''}"
    ):
        return _is_mostly_links(element)
    return False


def _is_mostly_links(element: etree._Element) -> bool:
    length, linked = _text_length(element)
    return linked > 0 and linked >= length * _MOSTLY_LINKS


def _text_length(
    root: etree._Element, skip: frozenset[etree._Element] | set[etree._Element] = frozenset()
) -> tuple[int, int]:
    """Characters of text below ``root`` without white space, and how many of them are inside links."""
    length = linked = 0
    links = skipping = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            skipping += element in skip
            links += element.tag == "a"
            text = element.text
        else:
            links -= element.tag == "a"
            skipping -= element in skip
            text = element.tail if element is not root else None
        if text and not skipping:
            size = len("".join(text.split()))
            length += size
            linked += size if links else 0
    return length, linked
