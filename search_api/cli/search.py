"""``lonja search``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corpus.documents import Kind
from search_api.cli.exits import Exit
from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output

if TYPE_CHECKING:
    from rich.text import Text

    from corpus.search.query import Operator
    from corpus.search.results import DocumentHit, PassageHit, SearchResults

MODES = ("hybrid", "semantic", "keyword")


def register(app: typer.Typer) -> None:
    app.command("search")(search)


def search(
    query: Annotated[list[str], typer.Argument(help="The question, in any language.")],
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many documents.")] = 5,
    offset: Annotated[int, typer.Option(min=0, help="How many documents to leave out first.")] = 0,
    kind: Annotated[list[str] | None, typer.Option(help=f"{', '.join(kind.value for kind in Kind)}.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Of the passages: es, pt, en ...")] = None,
    country: Annotated[list[str] | None, typer.Option(help="What it is about: COL, CHN ...")] = None,
    sector: Annotated[list[str] | None, typer.Option(help="coffee, leather ...")] = None,
    hs_code: Annotated[list[str] | None, typer.Option("--hs", help="An HS code or the start of one: 0901.21.")] = None,
    organisation: Annotated[list[str] | None, typer.Option(help="Who shared it: its slug.")] = None,
    published_from: Annotated[str | None, typer.Option("--from", help="Published on this day or later.")] = None,
    published_to: Annotated[str | None, typer.Option("--to", help="Published on this day or earlier.")] = None,
    seen_as: Annotated[
        str | None, typer.Option("--as", help="See only what this organisation may see; else everything.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages that answer a question, by meaning and by word.

    Exit code 3 when nothing relevant was found.
    """
    from corpus.documents import Principal
    from corpus.search.filters import read_filters
    from corpus.search.results import SearchRequest
    from search_api.cli.choices import choose_mode
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    filters = read_filters(
        kinds=kind,
        languages=language,
        countries=country,
        sectors=sector,
        hs_codes=hs_code,
        organisations=organisation,
        published_from=published_from,
        published_to=published_to,
    )
    chosen = choose_mode(mode)
    with library(data, output) as opened:
        principal = Principal.operator()
        if seen_as is not None:
            principal = Principal(opened.catalog.organisations.get(seen_as).id)
        results = opened.search(SearchRequest(" ".join(query), principal, filters, chosen, limit=limit, offset=offset))
        is_empty = not opened.catalog.documents.count()
    if as_json:
        output.json(results)
    elif is_empty:
        output.console.print("Nothing here yet. Take documents in with: lonja ingest FOLDER")
    else:
        _print(output, results)
    if results.nothing_found:
        raise typer.Exit(Exit.NOT_FOUND)


def _print(output: Output, results: SearchResults) -> None:
    from rich.text import Text

    console = output.console
    if results.operators:
        console.print(Text("Read as: " + "; ".join(map(in_words, results.operators)), style="dim"))
    if results.nothing_found:
        console.print("Nothing relevant was found. Try other words, another language, or fewer filters.")
        return
    for number, hit in enumerate(results.hits, start=1):
        console.print(headline(number, hit))
        for passage in hit.passages:
            console.print(place(passage, hit.document.facts.title))
            console.print(extract(passage))
        console.print()
    shown = len(results.hits)
    if results.total > shown:
        console.print(f"{shown} of {results.total} relevant documents.", style="dim")


def in_words(operator: Operator) -> str:
    """How a stretch of the question was read."""
    if operator.kind == "phrase":
        return f'"{operator.value}" {"as it stands" if operator.applied else "word by word, as it stands nowhere"}'
    return f"{'without' if operator.kind == 'left_out' else operator.kind.replace('_', ' ')} {operator.value}"


def headline(number: int, hit: DocumentHit) -> Text:
    from rich.text import Text

    facts = hit.document.facts
    text = Text(f"{number}. ", style="bold")
    text.append(facts.title, style="bold")
    details = [hit.organisation.name, facts.kind.value.replace("_", " ")]
    if facts.published:
        details.append(facts.published.isoformat())
    if hit.in_another_language and hit.passages:
        details.append(f"in another language: {hit.passages[0].stored.passage.language}")
    text.append(f"\n   {' · '.join(details)} · {hit.document.id}", style="dim")
    return text


def place(hit: PassageHit, title: str) -> Text:
    """Where a passage stands, in words: page, sheet, headings; and why it was found. The title is not said again."""
    from rich.text import Text

    passage = hit.stored.passage
    parts = []
    if passage.first_page is not None:
        last = passage.last_page
        pages = f"{passage.first_page}" if last in (None, passage.first_page) else f"{passage.first_page}-{last}"
        parts.append(f"p. {pages}")
    if passage.place:
        parts.append(passage.place)
    headings = [heading for heading in passage.heading_path if heading.casefold() != title.casefold()]
    if headings:
        parts.append(" > ".join(headings))
    why = " and ".join(name for name, holds in (("words", hit.why.by_words), ("meaning", hit.why.by_meaning)) if holds)
    if why:
        parts.append(f"by {why}")
    return Text(f"   {' · '.join(parts)}", style="cyan")


def extract(hit: PassageHit, width: int = 320) -> Text:
    """The part of the passage around its first highlight, on one indented line, highlights in bold."""
    from rich.text import Text

    text = hit.stored.passage.text
    first = hit.highlights[0].start if hit.highlights else 0
    start = max(0, first - width // 4)
    end = min(len(text), start + width)
    line = Text("   " + ("... " if start else ""))
    at = start
    for highlight in hit.highlights:
        if highlight.start < at or highlight.end > end:
            continue
        line.append(text[at : highlight.start])
        line.append(text[highlight.start : highlight.end], style="bold yellow")
        at = highlight.end
    line.append(text[at:end] + (" ..." if end < len(text) else ""))
    line.plain = line.plain.replace("\n", " ")
    return line
