"""The people of the demonstration cluster. Their password is known to everybody: they are for its data folder alone."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import OrganisationId, Role
from corpus.errors import Conflict
from search_api.access.access import Access
from search_api.access.caller import Caller

DOMAIN = "lonja.example"  # a name that RFC 2606 keeps from belonging to anybody
PASSWORD = "three condors over Pasto"  # noqa: S105 - it is printed


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    email: str
    role: Role
    organisation: OrganisationId | None


def demonstration_accounts(access: Access) -> list[DemonstrationAccount]:
    """An administrator, and a coordinator and a member of each firm; made where they are missing.

    Raises Conflict where other people have accounts in this data folder: it is no demonstration any more.
    """
    present = {
        member.email for member in access.members.page(Caller.operator(), organisation=None, after=None, limit=1000)
    }
    if any(not email.endswith(f"@{DOMAIN}") for email in present):
        raise Conflict(
            "This data folder has accounts of its own: the demonstration's, with a known password, are not added.",
            code="no_demonstration",
            hint="Name another folder with --data, or serve this one: lonja serve.",
        )
    wanted = [DemonstrationAccount(f"administrator@{DOMAIN}", Role.ADMINISTRATOR, None)]
    for firm in access.organisations.all():
        wanted.append(DemonstrationAccount(f"{firm.id}@{DOMAIN}", Role.COORDINATOR, firm.id))
        wanted.append(DemonstrationAccount(f"{firm.id}.member@{DOMAIN}", Role.MEMBER, firm.id))
    for account in wanted:
        if account.email not in present:
            access.members.add(
                Caller.operator(),
                email=account.email,
                name=account.email.split("@")[0].replace(".", " ").replace("-", " ").title(),
                role=account.role,
                organisation=account.organisation,
                password=PASSWORD,
            )
    return wanted
