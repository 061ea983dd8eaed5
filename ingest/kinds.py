"""Which kind of document a text is, by the words that such documents open with."""

from __future__ import annotations

import re

from corpus.documents import Kind

_SIGNS: dict[Kind, tuple[str, ...]] = {
    Kind.TRADE_AGREEMENT: (
        r"tratado (?:general )?de (?:libre comercio|integraci[oó]n)|zona de libre comercio|protocolo adicional",
        r"acuerdo (?:marco |comercial|de (?:libre comercio|alcance parcial|complementaci[oó]n econ[oó]mica))",
        r"acuerdo de (?:asociaci[oó]n|promoci[oó]n comercial|integraci[oó]n|preferencias)",
        r"acordo (?:comercial|de (?:livre[- ]com[eé]rcio|complementa[cç][aã]o econ[oó]mica))",
        r"acordo de (?:associa[cç][aã]o|alcance parcial)",
        r"(?:free trade|trade|economic partnership|partial scope|economic complementation|association|trade promotion)"
        r" agreement|agreement on free trade|framework agreement|(?:strategic )?economic partnership|customs union",
        r"accord (?:commercial|de libre-[ée]change|d['’]association)|union (?:douani[eè]re|[ée]conomique)",
        r"соглашени\w+ о (?:свободной торговле|зоне свободной торговли)|自由贸易协定",
        r"las partes contratantes|as partes contratantes|the contracting parties|les parties contractantes",
    ),
    Kind.MARKET_REPORT: (
        r"(?:informe|estudio|perfil|reporte|an[aá]lisis|ficha|panorama|bolet[ií]n)"
        r" (?:del?|sobre el|sectorial de) mercado",
        r"informe (?:comercial|sectorial)|inteligencia (?:comercial|de mercados)|mercado d\w+ [\w ]{3,30} en ",
        r"tendencias (?:de|del) (?:mercado|consumo)|demanda de",
        r"(?:relat[oó]rio|estudo|perfil|an[aá]lise|boletim|panorama) d[eo] mercado|intelig[eê]ncia comercial",
        r"mercado d\w+ [\w ]{3,30} n[ao] ",
        r"market (?:report|study|brief|profile|analysis|overview|insight|outlook)|market for",
        r"[ée]tude de march[ée]|обзор рынка|исследование рынка|市场报告|市场分析",
    ),
    Kind.KNOW_HOW: (
        r"gu[ií]a|manual|paso a paso|instructivo|requisitos para|lecciones|buenas pr[aá]cticas|preguntas frecuentes",
        r"c[oó]mo (?:exportar|importar|registrar|preparar|negociar|vender|llenar|evitar|embalar|empacar)",
        r"lista de (?:verificaci[oó]n|chequeo|control)|procedimiento (?:para|de)|lo que aprendimos",
        r"passo a passo|lista de verifica[cç][aã]o|li[cç][oõ]es|boas pr[aá]ticas|perguntas frequentes|o que aprendemos",
        r"how (?:to|we)|guide|handbook|checklist|step by step|lessons|(?:good|best) practice|what we learn|playbook",
        r"frequently asked|tips for|руководство|инструкция|指南|手册",
    ),
}
_EXPRESSIONS = {
    kind: re.compile("|".join(rf"(?<!\w)(?:{sign})" for sign in signs), re.IGNORECASE) for kind, signs in _SIGNS.items()
}
_PARTIES = re.compile(
    r"\b(?:[Ll]as Partes|[Aa]s Partes|[Tt]he (?:Contracting )?Parties|[Ll]es Parties|Стороны|Стороной)\b|缔约方"
)
_MANY_PARTIES = 4  # in the opening
_WEIGHT_OF_TITLE = 4
_MOST_FROM_TEXT = 3
_ENOUGH = 2
_AGREEMENT_HAS = 8  # passages under headings; a report about an agreement has fewer


def kind_of(title: str, opening: str, *, headed_passages: int) -> Kind:
    """The kind whose signs stand in ``title`` or repeatedly in ``opening``, the first pages; else ``other``."""
    scores: dict[Kind, int] = {}
    for kind, expression in _EXPRESSIONS.items():
        in_text = min(_MOST_FROM_TEXT, len(expression.findall(opening)))
        scores[kind] = _WEIGHT_OF_TITLE * bool(expression.search(title)) + in_text
    scores[Kind.TRADE_AGREEMENT] += 2 * (len(_PARTIES.findall(opening)) >= _MANY_PARTIES)
    if headed_passages < _AGREEMENT_HAS:
        scores[Kind.TRADE_AGREEMENT] -= 2
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] >= _ENOUGH else Kind.OTHER
