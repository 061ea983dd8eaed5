"""What somebody typed, read: free text, quoted phrases, words to leave out, and filters.

    exportar café "certificado de origen" -soluble empresa:tejidos-runa-maki pais:CHN hs:0901.21 desde:2025-01-01

An operator is a known name before a colon; in Spanish, Portuguese and English. Whatever is not one stays text: a URL,
"Artículo 4:", a name that nobody defined. Nothing is dropped silently: what was read as an operator is in
:attr:`ParsedQuery.operators` with its place, so that the asker can see how the question was understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from corpus.errors import BadInput
from corpus.index.cognates import fold
from corpus.index.protocol import Filters
from corpus.index.terms import UNPARTED
from corpus.search.filters import read_filters

LONGEST_QUERY = 4_000
"""Characters. A question is embedded whole, and nobody types more."""

_NAMES: Mapping[str, str] = {
    name: field
    for field, names in {
        "organisations": "company empresa firma organisation organization organizacion organizacao org",
        "languages": "language idioma lengua lingua lang",
        "countries": "country pais",
        "sectors": "sector setor",
        "kinds": "kind type tipo clase",
        "hs_codes": "hs",
        "published_from": "from since desde",
        "published_to": "to until hasta ate",
    }.items()
    for name in names.split()
}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "kinds": {
        **dict.fromkeys(("report", "informe", "relatorio", "mercado", "market"), "market_report"),
        **dict.fromkeys(("agreement", "treaty", "acuerdo", "tratado", "acordo"), "trade_agreement"),
        **dict.fromkeys(("knowhow", "know-how", "guia", "guide", "saber"), "know_how"),
        **dict.fromkeys(("otro", "outro"), "other"),
    },
    "languages": {
        **dict.fromkeys(("spanish", "espanol", "espanhol", "castellano"), "es"),
        **dict.fromkeys(("portuguese", "portugues"), "pt"),
        **dict.fromkeys(("english", "ingles"), "en"),
        **dict.fromkeys(("french", "frances"), "fr"),
        **dict.fromkeys(("russian", "ruso", "russo"), "ru"),
        **dict.fromkeys(("chinese", "chino", "chines"), "zh"),
    },
}
_QUOTED = r'["“”«»]([^"“”«»]*)["“”«»]'
_TOKEN = re.compile(
    rf"(?:(?<=\s)|^)(?P<name>[^\W\d_]+):(?:{_QUOTED}|(?P<value>[^\s\"“”«»]+))"
    rf"|(?:(?<=\s)|^)[-−](?:{_QUOTED}|(?P<left_out>[^\W\d_][^\s\"“”«»]*))"
    rf"|{_QUOTED}"
)


@dataclass(frozen=True, slots=True)
class Operator:
    """A stretch of the typed text, ``typed[start:end]``, that was read as more than words."""

    kind: str  # "phrase", "left_out", or the field of Filters
    value: str
    start: int
    end: int
    applied: bool = True  # False of a phrase that no passage has: its words were searched for all the same


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    text: str  # what is searched by words and meaning: the free words and those in quotes
    phrases: tuple[str, ...] = ()  # that should stand in a passage, neither case nor accents told apart
    left_out: tuple[str, ...] = ()  # words or phrases that must not
    filters: Filters = Filters()
    operators: tuple[Operator, ...] = ()

    @property
    def reads_passages(self) -> bool:
        """Whether :meth:`admitted` has something to look for."""
        return bool(self.phrases or self.left_out)

    def admitted(self, passages: Mapping[int, str]) -> tuple[set[int], ParsedQuery]:
        """The passages with all the phrases and nothing of what is left out; and the question as it was taken then.

        A phrase that stands in none of them is not asked for, nor any where no passage has those that stand somewhere:
        what is quoted from one language is not found in another, and is worth its words. The operators tell.
        """
        plain = {id_: _plain(text) for id_, text in passages.items()}
        kept = {id_ for id_, text in plain.items() if not any(_stands(word, text) for word in self.left_out)}
        having = {phrase: {id_ for id_ in kept if _stands(phrase, plain[id_])} for phrase in self.phrases}
        applied = {phrase for phrase, ids in having.items() if ids}
        together = kept.intersection(*(having[phrase] for phrase in applied))
        if not together:
            applied, together = set(), kept
        operators = tuple(
            replace(each, applied=each.value in applied) if each.kind == "phrase" else each for each in self.operators
        )
        return together, replace(self, operators=operators)


def parse_query(typed: str) -> ParsedQuery:
    """
    Raises:
        BadInput: nothing to search for was typed, more than ``LONGEST_QUERY`` characters, or a filter's value is none.
    """
    typed = typed.replace("\x00", " ")
    if len(typed.strip()) > LONGEST_QUERY:
        raise BadInput(
            f"The question has {len(typed.strip())} characters; {LONGEST_QUERY} are allowed.",
            code="query_too_long",
            hint="Ask for one thing at a time.",
        )
    operators = tuple(_operators(typed))
    text = _without(typed, operators)
    if not any(character.isalnum() for character in text):
        raise BadInput(
            "The question is empty." if not operators else "The question has filters, and nothing to look for.",
            code="empty_query",
            hint="Write a few words.",
        )
    return ParsedQuery(
        text=text,
        phrases=tuple(each.value for each in operators if each.kind == "phrase"),
        left_out=tuple(each.value for each in operators if each.kind == "left_out"),
        filters=_filters(operators),
        operators=operators,
    )


def both(asked: Filters, typed: Filters) -> Filters | None:
    """What passes the filters beside the question and those in it; None where nothing can."""
    merged: dict[str, Any] = {}
    for field in fields(Filters):
        one, other = getattr(asked, field.name), getattr(typed, field.name)
        if field.name == "published_from":
            merged[field.name] = max(filter(None, (one, other)), default=None)
        elif field.name == "published_to":
            merged[field.name] = min(filter(None, (one, other)), default=None)
        elif one and other:
            merged[field.name] = tuple(value for value in one if value in other)
            if not merged[field.name]:
                return None
        else:
            merged[field.name] = one or other
    return replace(asked, **merged)


def _operators(typed: str) -> list[Operator]:
    found = []
    for match in _TOKEN.finditer(typed):
        name = match["name"]
        value = next((group for group in match.groups()[1:] if group is not None), "").strip()
        if name is not None:
            field = _NAMES.get(fold(name))
            if field is None or not value:
                continue
            found.append(Operator(field, _VALUES.get(field, {}).get(fold(value), value), *match.span()))
        elif match.group().startswith(("-", "−")):
            if value:
                found.append(Operator("left_out", value, *match.span()))
        elif value:
            found.append(Operator("phrase", value, *match.span()))
    return found


def _without(typed: str, operators: Sequence[Operator]) -> str:
    pieces = []
    at = 0
    for operator in operators:
        pieces.append(typed[at : operator.start])
        if operator.kind == "phrase":
            pieces.append(operator.value)
        at = operator.end
    return " ".join(" ".join([*pieces, typed[at:]]).split())


def _filters(operators: Sequence[Operator]) -> Filters:
    values: dict[str, list[str]] = {}
    for operator in operators:
        if operator.kind not in ("phrase", "left_out"):
            values.setdefault(operator.kind, []).append(operator.value)
    days = {name: values.pop(name)[-1] for name in ("published_from", "published_to") if name in values}
    return read_filters(**values, **days)  # type: ignore[arg-type]  # each field takes what its operators gave


def _stands(sought: str, plain: str) -> bool:
    """Whole words, so that -sal leaves "salida" in; but in scripts that do not part words, wherever it is."""
    sought = _plain(sought)
    return sought in plain if UNPARTED.search(sought) else f" {sought} " in f" {plain} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
