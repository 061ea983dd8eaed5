"""Who administers whom: by role, and with every id of another firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corpus.documents import Role
from tests.service.conftest import FIRMS, PASSWORD, Browser, Server

ADMIN = "admin@alpha.example"


@pytest.fixture
def as_(server: Server) -> Callable[[str], Browser]:
    """The browser of "admin", or of "coordinator" or "member" of alpha."""
    return lambda who: server.signed_in(f"{who}@alpha.example")


def member_id(server: Server, email: str) -> str:
    found = server.service.library.catalog.members.by_email(email)
    assert found is not None
    return found.id


class TestWhoSeesWhom:
    def test_an_administrator_sees_everybody_page_by_page(self, as_: Callable[[str], Browser]) -> None:
        admin = as_("admin")
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = admin.get("/members", params={"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
            seen += [member["email"] for member in page["items"]]
            assert len(page["items"]) <= 3
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 7
        beta = admin.get("/members", params={"organisation": "beta"}).json()["items"]
        assert {member["organisation"] for member in beta} == {"beta"}

    def test_a_coordinator_sees_their_own_firm(self, server: Server, as_: Callable[[str], Browser]) -> None:
        coordinator = as_("coordinator")
        seen = coordinator.get("/members").json()["items"]
        assert {member["organisation"] for member in seen} == {"alpha"}
        assert coordinator.get("/members", params={"organisation": "beta"}).json()["items"] == []
        foreign = member_id(server, "member@beta.example")
        assert coordinator.get(f"/members/{foreign}").status_code == 404
        assert coordinator.get("/members/nobody").json() | {"request_id": "", "detail": ""} == coordinator.get(
            f"/members/{foreign}"
        ).json() | {"request_id": "", "detail": ""}

    def test_members_see_no_administration(self, server: Server, as_: Callable[[str], Browser]) -> None:
        browser = as_("member")
        own = member_id(server, "member@alpha.example")
        for path in ("/members", f"/members/{own}", "/members/nobody", "/invitations", "/keys", "/audit"):
            assert browser.get(path).status_code == 403, path
        assert browser.post("/keys", json={"name": "a key"}).status_code == 403
        assert browser.post("/organisations", json={"id": "delta", "name": "Delta"}).status_code == 403

    def test_everybody_knows_the_firms(self, as_: Callable[[str], Browser]) -> None:
        assert [one["id"] for one in as_("member").get("/organisations").json()] == list(FIRMS)
        assert as_("member").get("/organisations/beta").json()["name"] == "Beta"
        assert as_("member").get("/organisations/delta").status_code == 404


class TestChanges:
    @pytest.mark.parametrize(
        ("who", "whom", "change", "status"),
        [
            ("admin", "member@beta.example", {"role": "coordinator"}, 200),
            ("admin", "member@beta.example", {"organisation": "gamma"}, 200),
            ("admin", "member@beta.example", {"organisation": "delta"}, 404),
            ("admin", "member@beta.example", {"role": "administrator"}, 200),
            ("admin", "member@beta.example", {"role": "chatbot"}, 422),
            ("admin", ADMIN, {"role": "member"}, 403),
            ("admin", ADMIN, {"active": False}, 403),
            ("admin", ADMIN, {"organisation": "beta"}, 403),
            ("admin", ADMIN, {"name": "Ana"}, 200),
            ("coordinator", "member@alpha.example", {"active": False}, 200),
            ("coordinator", "member@alpha.example", {"role": "coordinator"}, 200),
            ("coordinator", "member@alpha.example", {"role": "administrator"}, 403),
            ("coordinator", "member@alpha.example", {"organisation": "beta"}, 403),
            ("coordinator", ADMIN, {"active": False}, 403),
            ("coordinator", ADMIN, {"name": "Nobody"}, 403),
            ("coordinator", "coordinator@alpha.example", {"role": "member"}, 403),
            ("coordinator", "member@beta.example", {"active": False}, 404),
            ("member", "member@alpha.example", {"role": "coordinator"}, 403),
        ],
    )
    def test_by_role(
        self,
        server: Server,
        as_: Callable[[str], Browser],
        who: str,
        whom: str,
        change: dict[str, Any],
        status: int,
    ) -> None:
        identity = member_id(server, whom)
        before = server.service.library.catalog.members.get(identity)
        answer = as_(who).patch(f"/members/{identity}", json=change)
        assert answer.status_code == status, answer.text
        after = server.service.library.catalog.members.get(identity)
        assert ((before.role, before.organisation, before.active, before.name) != (
            after.role, after.organisation, after.active, after.name,
        )) == (status == 200)  # fmt: skip

    def test_a_new_organisation_counts_at_once(self, server: Server, as_: Callable[[str], Browser]) -> None:
        browser = as_("member")
        identity = member_id(server, "member@alpha.example")
        as_("admin").patch(f"/members/{identity}", json={"organisation": "beta"})
        assert browser.get("/session").json()["organisation"]["id"] == "beta"

    def test_an_administrator_stays(self, server: Server, as_: Callable[[str], Browser]) -> None:
        """Two administrators put each other out: one of them is refused."""
        admin = as_("admin")
        other = server.add("second@beta.example", Role.ADMINISTRATOR, "beta")
        second = server.signed_in("second@beta.example")
        assert admin.patch(f"/members/{other}", json={"role": "member"}).status_code == 200
        first = member_id(server, ADMIN)
        assert second.patch(f"/members/{first}", json={"active": False}).status_code == 403

    def test_the_operator_cannot_remove_the_last_one_either(self, server: Server) -> None:
        from corpus.errors import Conflict
        from search_api.access.caller import Caller
        from search_api.access.members import MemberChange

        with pytest.raises(Conflict, match="No active administrator"):
            server.service.access.members.change(
                Caller.operator(), member_id(server, ADMIN), MemberChange(active=False)
            )

    def test_signing_somebody_out(self, server: Server, as_: Callable[[str], Browser]) -> None:
        browser = as_("member")
        identity = member_id(server, "member@alpha.example")
        assert server.signed_in("coordinator@beta.example").delete(f"/members/{identity}/sessions").status_code == 404
        assert as_("coordinator").delete(f"/members/{identity}/sessions").json() == {"ended": 1}
        assert browser.get("/session").status_code == 401


class TestInvitations:
    def test_from_the_link_to_the_member(self, server: Server, as_: Callable[[str], Browser]) -> None:
        made = as_("coordinator").post("/invitations", json={"email": "New@Alpha.example", "role": "member"})
        assert made.status_code == 201, made.text
        invitation = made.json()
        assert invitation["organisation"] == "alpha"
        assert invitation["url"].startswith(f"{server.service.settings.address}/invitation#token=")
        token = invitation["url"].split("token=")[1]

        nobody = server.browser()
        seen = nobody.post("/invitations/look", json={"token": token}).json()
        assert (seen["email"], seen["role"]) == ("new@alpha.example", "member")
        poor = nobody.post("/invitations/accept", json={"token": token, "name": "New", "password": "short"})
        assert poor.status_code == 422
        accepted = nobody.post("/invitations/accept", json={"token": token, "name": "New One", "password": PASSWORD})
        assert accepted.status_code == 201, accepted.text
        assert accepted.json()["member"]["name"] == "New One"
        assert nobody.get("/session").json()["organisation"]["id"] == "alpha"

        again = server.browser().post(
            "/invitations/accept", json={"token": token, "name": "Thief", "password": PASSWORD}
        )
        assert (again.status_code, again.json()["code"]) == (404, "unknown_link")
        server.signed_in("new@alpha.example")

    def test_many_at_once_make_one_member(self, server: Server, as_: Callable[[str], Browser]) -> None:
        from concurrent.futures import ThreadPoolExecutor

        url = as_("coordinator").post("/invitations", json={"email": "new@alpha.example"}).json()["url"]
        body = {"token": url.split("token=")[1], "name": "New", "password": PASSWORD}
        with ThreadPoolExecutor(8) as pool:
            statuses = list(
                pool.map(lambda _: server.browser().post("/invitations/accept", json=body).status_code, range(8))
            )
        assert sorted(statuses) == [201] + [404] * 7

    def test_it_expires(self, server: Server, as_: Callable[[str], Browser]) -> None:
        url = as_("coordinator").post("/invitations", json={"email": "new@alpha.example"}).json()["url"]
        server.clock.move(hours=169)
        body = {"token": url.split("token=")[1]}
        assert server.browser().post("/invitations/look", json=body).status_code == 404

    def test_it_can_be_withdrawn_by_its_own_firm(self, server: Server, as_: Callable[[str], Browser]) -> None:
        made = as_("coordinator").post("/invitations", json={"email": "new@alpha.example"}).json()
        foreign = server.signed_in("coordinator@beta.example")
        assert foreign.get("/invitations").json()["items"] == []
        assert foreign.delete(f"/invitations/{made['id']}").status_code == 404
        coordinator = as_("coordinator")
        assert [one["id"] for one in coordinator.get("/invitations").json()["items"]] == [made["id"]]
        assert coordinator.delete(f"/invitations/{made['id']}").status_code == 204
        assert coordinator.get("/invitations").json()["items"] == []
        body = {"token": made["url"].split("token=")[1]}
        assert server.browser().post("/invitations/look", json=body).status_code == 404

    def test_a_newer_one_takes_the_place_of_an_older(self, server: Server, as_: Callable[[str], Browser]) -> None:
        urls = [
            as_("coordinator").post("/invitations", json={"email": "new@alpha.example"}).json()["url"] for _ in range(2)
        ]
        statuses = [
            server.browser().post("/invitations/look", json={"token": url.split("token=")[1]}).status_code
            for url in urls
        ]
        assert statuses == [404, 200]

    @pytest.mark.parametrize(
        ("who", "body", "status"),
        [
            ("coordinator", {"email": "new@x.example", "organisation": "beta"}, 403),
            ("coordinator", {"email": "new@x.example", "role": "administrator"}, 403),
            ("coordinator", {"email": "member@beta.example"}, 409),
            ("coordinator", {"email": "no address"}, 422),
            ("coordinator", {"email": "a@b@c"}, 422),
            ("coordinator", {"email": "new@x.example", "role": "chatbot"}, 422),
            ("admin", {"email": "new@x.example"}, 422),
            ("admin", {"email": "new@x.example", "organisation": "delta"}, 404),
            ("admin", {"email": "new@x.example", "organisation": "beta"}, 201),
            ("admin", {"email": "new@x.example", "role": "administrator"}, 201),
            ("member", {"email": "new@x.example"}, 403),
        ],
    )
    def test_by_role(self, as_: Callable[[str], Browser], who: str, body: dict[str, Any], status: int) -> None:
        answer = as_(who).post("/invitations", json=body)
        assert answer.status_code == status, answer.text

    def test_a_password_link_is_no_invitation(self, server: Server, as_: Callable[[str], Browser]) -> None:
        identity = member_id(server, "member@beta.example")
        url = as_("admin").post(f"/members/{identity}/password-link").json()["url"]
        body = {"token": url.split("token=")[1]}
        assert server.browser().post("/invitations/look", json=body).status_code == 404


class TestPasswordLinks:
    def test_it_sets_a_password_once_and_ends_every_session(
        self, server: Server, as_: Callable[[str], Browser]
    ) -> None:
        identity = member_id(server, "member@beta.example")
        before = server.signed_in("member@beta.example")
        made = as_("admin").post(f"/members/{identity}/password-link")
        assert made.status_code == 201
        body = {"token": made.json()["url"].split("token=")[1], "password": "four yellow toucans"}
        assert server.browser().post("/password-links/accept", json=body).status_code == 204
        assert before.get("/session").status_code == 401
        server.signed_in("member@beta.example", "four yellow toucans")
        assert server.browser().post("/password-links/accept", json=body).status_code == 404

    def test_it_expires(self, server: Server, as_: Callable[[str], Browser]) -> None:
        identity = member_id(server, "member@beta.example")
        url = as_("admin").post(f"/members/{identity}/password-link").json()["url"]
        server.clock.move(hours=25)
        body = {"token": url.split("token=")[1], "password": "four yellow toucans"}
        assert server.browser().post("/password-links/accept", json=body).status_code == 404
        server.signed_in("member@beta.example")

    def test_only_administrators_make_one(self, server: Server, as_: Callable[[str], Browser]) -> None:
        for who, whom in (("coordinator", "member@alpha.example"), ("member", ADMIN)):
            assert as_(who).post(f"/members/{member_id(server, whom)}/password-link").status_code == 403
        assert as_("admin").post("/members/nobody/password-link").status_code == 404


class TestOrganisations:
    def test_an_administrator_adds_one(self, as_: Callable[[str], Browser]) -> None:
        body = {"id": "delta", "name": "Delta Ltda.", "country": "BRA", "sectors": ["fruit"]}
        assert as_("admin").post("/organisations", json=body).json() == body
        assert as_("admin").post("/organisations", json=body).status_code == 409
        assert as_("admin").post("/organisations", json=body | {"id": "Not A Slug"}).status_code == 422

    def test_a_coordinator_corrects_their_own(self, as_: Callable[[str], Browser]) -> None:
        coordinator = as_("coordinator")
        assert coordinator.put("/organisations/alpha", json={"name": "Alpha S.A."}).json()["name"] == "Alpha S.A."
        assert coordinator.put("/organisations/beta", json={"name": "Theirs"}).status_code == 403
        assert coordinator.put("/organisations/delta", json={"name": "Nobody's"}).status_code == 403
        assert as_("admin").put("/organisations/delta", json={"name": "Nobody's"}).status_code == 404


class TestAudit:
    def test_it_tells_who_did_what_and_no_secret(self, server: Server, as_: Callable[[str], Browser]) -> None:
        coordinator = as_("coordinator")
        key = coordinator.post("/keys", json={"name": "the bot"}).json()
        coordinator.delete(f"/keys/{key['id']}")
        server.browser().post("/session", json={"email": ADMIN, "password": "canary password"})
        admin = as_("admin")
        entries = admin.get("/audit").json()["items"]
        told = [(entry["action"], entry["actor_name"]) for entry in entries][:3]
        assert told == [
            ("sign_in.failed", None),
            ("key.revoked", "coordinator@alpha.example"),
            ("key.made", "coordinator@alpha.example"),
        ]
        assert entries[2]["object_id"] == key["id"]
        assert entries[2]["request_id"]
        everything = admin.get("/audit").text
        assert key["secret"] not in everything
        assert "canary" not in everything
        only = admin.get("/audit", params={"action": "key.made"}).json()["items"]
        assert [entry["object_id"] for entry in only] == [key["id"]]

    def test_page_by_page(self, as_: Callable[[str], Browser]) -> None:
        admin = as_("admin")
        seen: list[int] = []
        cursor: str | None = None
        while True:
            page = admin.get("/audit", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            seen += [entry["id"] for entry in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == 7, "each of the members was added"

    def test_a_wrong_cursor_is_told(self, as_: Callable[[str], Browser]) -> None:
        assert as_("admin").get("/audit", params={"cursor": "x"}).status_code == 422
        assert as_("admin").get("/members", params={"cursor": "no such cursor!"}).status_code == 422
