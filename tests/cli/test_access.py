"""``lonja organisation|member|key``, also while a service owns the data folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corpus.library import Library
from corpus.settings import LibrarySettings
from search_api.access.access import Access
from search_api.cli.app import app
from search_api.settings import ServiceSettings


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LONJA_DATA", str(tmp_path))

    def running(*arguments: str) -> Any:
        result = CliRunner().invoke(app, [*arguments, "--json"])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return running


def test_from_a_firm_to_a_key_that_opens(run: Any, tmp_path: Path) -> None:
    run("organisation", "add", "alpha", "--name", "Alpha S.A.", "--country", "COL", "--sector", "coffee")
    run("organisation", "change", "alpha", "--country", "PER")
    assert run("organisation", "list") == [
        {"id": "alpha", "name": "Alpha S.A.", "country": "PER", "sectors": ["coffee"]}
    ]
    added = run("member", "add", "Ana@Alpha.example", "--role", "coordinator", "--organisation", "alpha")
    assert added["member"]["email"] == "ana@alpha.example"
    made = run("key", "make", "the bot", "--organisation", "alpha", "--expires", "2999-01-01")
    with Library(LibrarySettings(data=tmp_path)) as library:
        access = Access(library.catalog, ServiceSettings())
        known = access.signing_in.who_has_key(made["secret"])
        assert known is not None
        assert known.principal.organisation == "alpha"
        assert not known.principal.is_operator
        signed_in = access.signing_in.sign_in(
            "ana@alpha.example", added["password"], address="", user_agent="", request_id="", replacing=None
        )
        assert signed_in.member.must_change_password

        # The service owns the folder meanwhile.
        assert run("key", "list")[0]["revoked"] is None
        run("key", "revoke", made["key"]["id"])
        assert access.signing_in.who_has_key(made["secret"]) is None
        run("member", "change", "ana@alpha.example", "--inactive")
        assert access.signing_in.who_has_session(signed_in.token) is None
        access.close()


def test_links(run: Any) -> None:
    run("organisation", "add", "alpha")
    invited = run("member", "invite", "new@alpha.example", "--organisation", "alpha")
    assert "/invitation#token=" in invited["url"]
    run("member", "add", "ana@alpha.example", "--organisation", "alpha")
    assert "/password#token=" in run("member", "password-link", "ana@alpha.example")["url"]
    assert run("member", "sign-out", "ana@alpha.example") == {"ended": 0}
    assert [one["role"] for one in run("member", "list", "--organisation", "alpha")] == ["member"]


def test_what_is_wrong_is_told(run: Any) -> None:
    from corpus.errors import BadInput, Conflict, NotFound

    with pytest.raises(NotFound):
        run("member", "add", "ana@alpha.example", "--organisation", "alpha")
    with pytest.raises(BadInput):
        run("member", "add", "ana@alpha.example")
    run("organisation", "add", "alpha")
    with pytest.raises(Conflict):
        run("organisation", "add", "alpha")
    with pytest.raises(NotFound):
        run("key", "revoke", "nothing")
    with pytest.raises(NotFound):
        run("member", "change", "nobody@alpha.example", "--inactive")
    with pytest.raises(BadInput):
        run("key", "make", "late", "--organisation", "alpha", "--expires", "2020-01-01")
