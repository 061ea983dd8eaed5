"""``lonja organisation``"""

from __future__ import annotations

from typing import Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output

organisation = typer.Typer(name="organisation", help="The member firms.", no_args_is_help=True)

NameOption = Annotated[str | None, typer.Option("--name", help="As it is written.")]
CountryOption = Annotated[str | None, typer.Option("--country", help="ISO 3166-1 alpha-3: COL, PER ...")]
SectorOption = Annotated[list[str] | None, typer.Option("--sector", help="coffee, leather ...; may be repeated.")]
SlugArgument = Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens: cafe-alto.")]


def register(app: typer.Typer) -> None:
    app.add_typer(organisation)


@organisation.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Every firm, by name."""
    from search_api.cli.opening_access import access, show_table

    output = Output(as_json=as_json)
    with access(data) as opened:
        found = opened.organisations.all()
    if as_json:
        output.json(found)
    else:
        rows = [(one.id, one.name, one.country, ", ".join(one.sectors)) for one in found]
        show_table(output, ("organisation", "name", "country", "sectors"), rows)


@organisation.command()
def add(
    slug: SlugArgument,
    name: NameOption = None,
    country: CountryOption = None,
    sector: SectorOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a firm."""
    from corpus.documents import Organisation
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    added = Organisation(slug, name or slug, country, tuple(sector or ()))
    with access(data) as opened:
        opened.organisations.add(Caller.operator(), added)
    if as_json:
        output.json(added)
    else:
        output.console.print(f"Added {added.id}.")


@organisation.command()
def change(
    slug: SlugArgument,
    name: NameOption = None,
    country: CountryOption = None,
    sector: SectorOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct what is known of a firm; what is not named stays."""
    from corpus.documents import Organisation
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    with access(data) as opened:
        present = opened.organisations.get(slug)
        changed = Organisation(
            slug,
            name or present.name,
            country or present.country,
            tuple(sector) if sector is not None else present.sectors,
        )
        opened.organisations.change(Caller.operator(), changed)
    if as_json:
        output.json(changed)
    else:
        output.console.print(f"Changed {slug}.")
