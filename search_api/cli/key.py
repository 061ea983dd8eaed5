"""``lonja key``"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output

key = typer.Typer(name="key", help="Keys for chatbots and programs.", no_args_is_help=True)


class Scope(StrEnum):
    SEARCH = "search"
    CONTRIBUTE = "contribute"


def register(app: typer.Typer) -> None:
    app.add_typer(key)


@key.command("list")
def list_(
    organisation: Annotated[str | None, typer.Option("--organisation", help="The firm's slug.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keys, revoked ones as well; never the keys themselves."""
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import EVERY, access, show_table

    output = Output(as_json=as_json)
    with access(data) as opened:
        found = opened.keys.page(Caller.operator(), organisation=organisation, after=None, limit=EVERY)
    if as_json:
        output.json(found)
        return
    rows = [
        (one.id, one.name, one.organisation, one.scope.value, one.hint + "...", one.expires, one.last_used, one.revoked)
        for one in found
    ]
    columns = ("key", "name", "organisation", "scope", "begins", "expires", "last used", "revoked")
    show_table(output, columns, rows)


@key.command()
def make(
    name: Annotated[str, typer.Argument(help="What it is for: 'Open WebUI of the sales team'.")],
    organisation: Annotated[str, typer.Option("--organisation", help="The firm's slug: the key sees what it sees.")],
    scope: Annotated[Scope, typer.Option("--scope", help="Search only, or share documents as well.")] = Scope.SEARCH,
    expires: Annotated[datetime | None, typer.Option("--expires", formats=["%Y-%m-%d"], help="A day, UTC.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it, once."""
    from corpus.membership import KeyScope
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    until = None if expires is None else expires.replace(tzinfo=UTC)
    with access(data) as opened:
        made = opened.keys.make(
            Caller.operator(), name=name, organisation=organisation, scope=KeyScope(scope.value), expires=until
        )
    if as_json:
        output.json(made)
    else:
        output.console.print(f"{made.secret}\nKey {made.key.id}, shown this once.")


@key.command()
def revoke(
    identity: Annotated[str, typer.Argument(metavar="KEY", help="From `lonja key list`.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke a key: no request that starts afterwards is let in with it."""
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    with access(data) as opened:
        opened.keys.revoke(Caller.operator(), identity)
    if as_json:
        output.json({"revoked": identity})
    else:
        output.console.print(f"Revoked {identity}.")
