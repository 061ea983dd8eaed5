"""Whoever was recognised a moment ago is not asked for again, and never for longer than they hold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from search_api.access.caller import Caller
from tests.service.conftest import Browser, Server

REVOKE = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from corpus.catalog import Catalog
from search_api.access.caller import Caller
with Catalog(Path(sys.argv[1])) as catalog:
    if sys.argv[2] == "key":
        event = Caller.operator().did("key.revoked", "key", sys.argv[3], "alpha")
        catalog.keys.revoke(sys.argv[3], event, at=datetime.now(UTC))
    else:
        assert catalog.sessions.end_all(sys.argv[3]) == 1
"""


@pytest.fixture
def key(server: Server) -> tuple[str, Browser]:
    admin = server.signed_in("admin@alpha.example")
    made = admin.post("/keys", json={"name": "the bot"}).json()
    return made["id"], server.browser(Authorization=f"Bearer {made['secret']}")


@pytest.fixture
def lookups(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the catalog was asked who calls."""
    asked: list[str] = []
    catalog = server.service.library.catalog

    def counted(what: str, find: Callable[..., object]) -> Callable[..., object]:
        def finding(*args: object, **named: object) -> object:
            asked.append(what)
            return find(*args, **named)

        return finding

    monkeypatch.setattr(catalog.keys, "find", counted("key", catalog.keys.find))
    monkeypatch.setattr(catalog.sessions, "find", counted("session", catalog.sessions.find))
    return asked


def test_who_was_recognised_is_not_asked_for_again(
    server: Server, key: tuple[str, Browser], lookups: list[str], database_url: str | None
) -> None:
    if database_url is not None:
        pytest.skip("of a database that several processes write nothing is told without asking it")
    member = server.signed_in("member@beta.example")
    for caller, what in ((key[1], "key"), (member, "session")):
        lookups.clear()
        answers = [caller.get("/session").json() for _ in range(20)]
        assert all(answer == answers[0] for answer in answers)
        assert 1 <= lookups.count(what) < 10  # what others write meanwhile, last uses say, makes it ask again


def test_what_is_no_key_is_asked_for_every_time(server: Server, lookups: list[str]) -> None:
    stranger = server.browser(Authorization="Bearer lonja_nobody")
    assert [stranger.get("/session").status_code for _ in range(3)] == [401] * 3
    assert lookups == ["key"] * 3


@pytest.mark.parametrize("what", ["key", "session"])
def test_what_another_process_revokes_is_forgotten(
    server: Server, key: tuple[str, Browser], tmp_path: Path, database_url: str | None, what: str
) -> None:
    if database_url is not None:
        pytest.skip("the other process opens the SQLite file")
    identity, bot = key
    member = server.signed_in("member@beta.example")
    caller: httpx.Client = bot if what == "key" else member
    who = identity if what == "key" else member.get("/session").json()["member"]["id"]
    assert [caller.get("/session").status_code for _ in range(3)] == [200] * 3
    subprocess.run([sys.executable, "-c", REVOKE, str(tmp_path / "catalog.db"), what, who], check=True)
    assert caller.get("/session").status_code == 401


def test_a_member_who_is_put_out_is_forgotten(server: Server) -> None:
    admin, member = server.signed_in("admin@alpha.example"), server.signed_in("member@beta.example")
    who = member.get("/session").json()["member"]["id"]
    assert [member.get("/session").status_code for _ in range(3)] == [200] * 3
    assert admin.patch(f"/members/{who}", json={"active": False}).status_code == 200
    assert member.get("/session").status_code == 401


def test_nobody_is_recalled_beyond_their_time(server: Server, key: tuple[str, Browser]) -> None:
    member = server.signed_in("member@beta.example")
    made = server.service.access.keys.make(
        Caller.operator(), name="short", organisation="alpha", expires=server.clock() + timedelta(minutes=1)
    )
    short = server.browser(Authorization=f"Bearer {made.secret}")
    callers = {"key": key[1], "short": short, "session": member}
    assert {name: [each.get("/session").status_code for _ in range(2)] for name, each in callers.items()} == {
        name: [200, 200] for name in callers
    }
    server.clock.move(minutes=2)
    assert {name: each.get("/session").status_code for name, each in callers.items()} == {
        "key": 200, "short": 401, "session": 200
    }  # fmt: skip
    server.clock.move(hours=server.service.settings.session_idle_hours)
    assert member.get("/session").status_code == 401
