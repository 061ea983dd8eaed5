"""Which elements of a web page are furniture: scripts, menus, link bars, what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    hidden: set[etree._Element] = set()
    menus: set[etree._Element] = set()
    count = _Count()
    page = _Candidate(root, 0, 0)
    opened = [page]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if not isinstance(element.tag, str):
                continue
            if element.tag in NEVER_TEXT or _is_hidden(element):
                hidden.add(element)
                walk.skip_subtree()
                continue
            if element is not root and _may_be_menu(element):
                opened.append(_Candidate(element, count.length, count.linked))
            count.enter(element)
        else:
            if isinstance(element.tag, str) and element not in hidden:
                count.leave(element)
                if opened[-1].element is element and element is not root:
                    candidate = opened.pop()
                    length, linked = count.length - candidate.length, count.linked - candidate.linked
                    is_menu = linked > 0 and linked >= length * _MOSTLY_LINKS
                    menus |= {element} if is_menu else set()
                    opened[-1].dropped += length if is_menu else candidate.dropped
            if element is not root:
                count.take(element.tail)
    if count.length - page.dropped < count.length * _KEPT_SHARE:
        return frozenset(hidden)
    return frozenset(hidden | menus)


@dataclass(slots=True)
class _Candidate:
    """An element that may be a menu, and the counts where it begins."""

    element: etree._Element
    length: int
    linked: int
    dropped: int = 0  # characters of the menus in it


class _Count:
    """Characters of text without white space passed on a walk, and how many of them were inside links."""

    def __init__(self) -> None:
        self.length = self.linked = self._links = 0

    def enter(self, element: etree._Element) -> None:
        self._links += element.tag == "a"
        self.take(element.text)

    def leave(self, element: etree._Element) -> None:
        self._links -= element.tag == "a"

    def take(self, text: str | None) -> None:
        size = len("".join(text.split())) if text else 0
        self.length += size
        self.linked += size if self._links else 0


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _may_be_menu(element: etree._Element) -> bool:
    if element.tag in ("body", "html", "main", "article"):
        return False
    if element.tag in ("nav", "footer", "aside") or (element.get("role") or "").lower() in _MENU_ROLES:
        return True
    return bool(_MENU_WORDS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))
