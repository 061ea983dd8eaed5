"""The words that open a part of a text, by language: data for :mod:`ingest.structure.markers`.

Adding a language is adding an entry. Accents are optional in capitals on many typewriters and in many PDFs, so an
accented letter is written as a class.
"""

from __future__ import annotations

from enum import IntEnum


class Rank(IntEnum):
    """How far down a heading stands: a smaller rank holds a greater one."""

    ANNEX = 5
    PART = 10
    BOOK = 15
    TITLE = 20
    CHAPTER = 30
    SECTION = 40
    SUBSECTION = 45
    CAPITALS = 50  # a line in capitals: below what is numbered by name, above articles
    NUMBERED = 60  # 1, 1.1, 1.1.1: one more for each level
    ARTICLE = 80


UNITS: dict[str, dict[Rank, str]] = {
    "es": {
        Rank.PART: r"parte",
        Rank.BOOK: r"libro",
        Rank.TITLE: r"t[ií]tulo",
        Rank.CHAPTER: r"cap[ií]tulo|cap\.",
        Rank.SECTION: r"secci[oó]n",
        Rank.SUBSECTION: r"subsecci[oó]n",
        Rank.ARTICLE: (
            r"art[ií]culo|art\.|cl[aá]usula"
            r"|disposici[oó]n(?:\s+(?:adicional|transitoria|final|derogatoria|complementaria))"
        ),
        Rank.ANNEX: r"anexo|ap[eé]ndice",
    },
    "pt": {
        Rank.PART: r"parte",
        Rank.BOOK: r"livro",
        Rank.TITLE: r"t[ií]tulo",
        Rank.CHAPTER: r"cap[ií]tulo|cap\.",
        Rank.SECTION: r"se[cç][aã]o|sec[cç][aã]o",
        Rank.SUBSECTION: r"subse[cç][aã]o|subsec[cç][aã]o",
        Rank.ARTICLE: r"artigo|art\.|cl[aá]usula",
        Rank.ANNEX: r"anexo|ap[eê]ndice",
    },
    "en": {
        Rank.PART: r"part",
        Rank.BOOK: r"book",
        Rank.TITLE: r"title",
        Rank.CHAPTER: r"chapter",
        Rank.SECTION: r"section",
        Rank.SUBSECTION: r"sub-?section",
        Rank.ARTICLE: r"article|art\.|clause",
        Rank.ANNEX: r"annex|appendix|schedule|protocol",
    },
    "fr": {
        Rank.PART: r"partie",
        Rank.BOOK: r"livre",
        Rank.TITLE: r"titre",
        Rank.CHAPTER: r"chapitre",
        Rank.SECTION: r"section",
        Rank.SUBSECTION: r"sous-section",
        Rank.ARTICLE: r"article|art\.|clause",
        Rank.ANNEX: r"annexe|appendice",
    },
    "ru": {
        Rank.PART: r"часть",
        Rank.BOOK: r"книга",
        Rank.TITLE: r"раздел",
        Rank.CHAPTER: r"глава",
        Rank.SECTION: r"подраздел|параграф",
        Rank.ARTICLE: r"статья|ст\.",
        Rank.ANNEX: r"приложение",
    },
}

CHINESE_UNITS: dict[str, Rank] = {
    "编": Rank.PART,
    "編": Rank.PART,
    "篇": Rank.PART,
    "部分": Rank.PART,
    "章": Rank.CHAPTER,
    "节": Rank.SECTION,
    "節": Rank.SECTION,
    "条": Rank.ARTICLE,
    "條": Rank.ARTICLE,
}

CHINESE_ANNEX = r"附件|附录|附表"

# Feminine and masculine; what stands for a number after (or, in es, pt, fr and ru, before) the name of a unit.
ORDINALS: dict[str, str] = {
    "es": (
        r"primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[eé]ptim[oa]|octav[oa]|noven[oa]"
        r"|d[eé]cim[oa](?:\s?(?:primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[eé]ptim[oa]"
        r"|octav[oa]|noven[oa]))?|und[eé]cim[oa]|duod[eé]cim[oa]|vig[eé]sim[oa](?:\s?\w+[oa])?|trig[eé]sim[oa]"
        r"|[uú]nic[oa]|preliminar|final"
    ),
    "pt": (
        r"primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|sext[oa]|s[eé]tim[oa]|oitav[oa]|non[oa]"
        r"|d[eé]cim[oa](?:[\s-]?(?:primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|sext[oa]|s[eé]tim[oa]"
        r"|oitav[oa]|non[oa]))?|vig[eé]sim[oa]|[uú]nic[oa]|preliminar|complementar|geral|especial"
    ),
    "en": r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve",
    "fr": (
        r"premi[eè]re?|deuxi[eè]me|second[e]?|troisi[eè]me|quatri[eè]me|cinqui[eè]me|sixi[eè]me|septi[eè]me"
        r"|huiti[eè]me|neuvi[eè]me|dixi[eè]me|unique|pr[eé]liminaire"
    ),
    "ru": r"перв(?:ая|ый)|втор(?:ая|ой)|трет(?:ья|ий)|четв[её]рт(?:ая|ый)|пят(?:ая|ый)|шест(?:ая|ой)|общая|особенная",
}

SPANISH_CONTRACT_ORDINALS = (
    r"PRIMERA|SEGUNDA|TERCERA|CUARTA|QUINTA|SEXTA|S[EÉ]PTIMA|OCTAVA|NOVENA"
    r"|D[EÉ]CIMA(?:\s?(?:PRIMERA|SEGUNDA|TERCERA|CUARTA|QUINTA|SEXTA|S[EÉ]PTIMA|OCTAVA|NOVENA))?"
    r"|UND[EÉ]CIMA|DUOD[EÉ]CIMA|VIG[EÉ]SIMA(?:\s?(?:PRIMERA|SEGUNDA|TERCERA|CUARTA|QUINTA))?"
)
"""Clauses of a contract in Spanish are often an ordinal alone: "PRIMERA.- Objeto"."""

PAGE_NUMBER = (
    r"(?:p[aá]gina|p[aá]g\.?|page|p\.|стр\.?|страница|seite|hoja|folha|folio)\s*\d+(?:\s*(?:de|of|sur|из|/)\s*\d+)?"
    r"|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?"
    r"|[-–—]\s*\d+\s*[-–—]"
)
"""A line that says nothing but which page this is."""

PORTUGUESE_CLITICS = frozenset(
    {"se", "me", "te", "nos", "vos", "lhe", "lhes", "lo", "la", "los", "las", "o", "a", "os", "as"}
)
"""Joined to their verb by a hyphen that stays when the line breaks there."""

HYPHENATED_PREFIXES = frozenset({"non", "self", "ex", "semi", "quasi", "pós", "pré", "pró", "recém", "além", "не"})
"""Their hyphen belongs to the word."""

LINKING_WORDS = frozenset(
    "el la los las lo de del al a en y e o u con por según ante bajo sobre para que su sus este esta dicho "
    "o os as um uma da do das dos no na nos nas ao aos à às pelo pela com em ou deste desta neste nesta "
    "the of in to and or by with under from at for this that these those said "
    "le les du des et au aux dans par avec sous l' d' "
    "и в во на по с со из к ко от до для при об о".split()
)
"""A line that ends with one of these goes on: what follows is a reference, not a heading."""
