"""``lonja member``"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output

if TYPE_CHECKING:
    from search_api.access.members import MadeLink

member = typer.Typer(name="member", help="The people who sign in.", no_args_is_help=True)


class PersonRole(StrEnum):
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    MEMBER = "member"


EmailArgument = Annotated[str, typer.Argument(help="The e-mail address.")]
NameOption = Annotated[str | None, typer.Option("--name", help="As the person writes it.")]
RoleOption = Annotated[PersonRole, typer.Option("--role")]
OrganisationOption = Annotated[str | None, typer.Option("--organisation", help="The firm's slug.")]


def register(app: typer.Typer) -> None:
    app.add_typer(member)


@member.command("list")
def list_(organisation: OrganisationOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Everybody, or those of one firm."""
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import EVERY, access, show_table

    output = Output(as_json=as_json)
    with access(data) as opened:
        found = opened.members.page(Caller.operator(), organisation=organisation, after=None, limit=EVERY)
    if as_json:
        output.json(found)
        return
    rows = [
        (one.email, one.name, one.role.value, one.organisation, "" if one.active else "no longer", one.last_sign_in)
        for one in found
    ]
    show_table(output, ("e-mail", "name", "role", "organisation", "active", "last sign-in"), rows)


@member.command()
def add(
    email: EmailArgument,
    name: NameOption = None,
    role: RoleOption = PersonRole.MEMBER,
    organisation: OrganisationOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add somebody at once, with a password for the first sign-in that is printed here, once."""
    from corpus.documents import Role
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    with access(data) as opened:
        made = opened.members.add(
            Caller.operator(), email=email, name=name or email, role=Role(role.value), organisation=organisation
        )
    if as_json:
        output.json(made)
    else:
        output.console.print(f"Added {made.member.email}. Password for the first sign-in: {made.password}")


@member.command()
def invite(
    email: EmailArgument,
    name: NameOption = None,
    role: RoleOption = PersonRole.MEMBER,
    organisation: OrganisationOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a link by which somebody joins; it works once."""
    from corpus.documents import Role
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    with access(data) as opened:
        made = opened.members.invite(
            Caller.operator(), email=email, name=name or "", role=Role(role.value), organisation=organisation
        )
    _show(output, made)


@member.command()
def change(
    email: EmailArgument,
    name: NameOption = None,
    role: Annotated[PersonRole | None, typer.Option("--role")] = None,
    organisation: OrganisationOption = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whoever is inactive is signed out at once.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change somebody's name, role or firm, or put them out; what is not named stays."""
    from corpus.documents import Role
    from search_api.access.caller import Caller
    from search_api.access.members import MemberChange
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    operator = Caller.operator()
    wanted = MemberChange(name, None if role is None else Role(role.value), organisation, active)
    with access(data) as opened:
        changed = opened.members.change(operator, opened.members.find(operator, email).id, wanted)
    if as_json:
        output.json(changed)
    else:
        output.console.print(f"Changed {changed.email}.")


@member.command("password-link")
def password_link(email: EmailArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Print a link by which somebody sets a new password; it works once."""
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    operator = Caller.operator()
    with access(data) as opened:
        made = opened.members.make_password_link(operator, opened.members.find(operator, email).id)
    _show(output, made)


@member.command("sign-out")
def sign_out(email: EmailArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Sign somebody out everywhere."""
    from search_api.access.caller import Caller
    from search_api.cli.opening_access import access

    output = Output(as_json=as_json)
    operator = Caller.operator()
    with access(data) as opened:
        ended = opened.members.end_sessions(operator, opened.members.find(operator, email).id)
    if as_json:
        output.json({"ended": ended})
    else:
        output.console.print(f"Ended {ended} sessions.")


def _show(output: Output, made: MadeLink) -> None:
    if output.as_json:
        output.json({"url": made.url, "expires": made.link.expires})
    else:
        output.console.print(f"{made.url}\nIt works once, until {made.link.expires:%Y-%m-%d %H:%M} UTC.")
